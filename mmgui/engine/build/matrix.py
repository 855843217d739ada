"""The model matrix of a list of terms, as R's ``model.matrix`` makes it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.build.codings import contrast_matrix, contrast_names
from mmgui.engine.build.contrasts import full_dummies
from mmgui.engine.build.evaluate import Evaluator
from mmgui.engine.build.magnitude import check_magnitude
from mmgui.engine.build.size import ensure_size
from mmgui.engine.build.variable import Labels, Variable
from mmgui.errors import ModelError, Where
from mmgui.spec.coding import Coding
from mmgui.spec.expression import Expression, show
from mmgui.spec.terms import INTERCEPT_NAME, Term

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class ModelMatrix:
    """A model matrix.

    Attributes
    ----------
    values
        (n, p) float64, column-major, not yet checked for rank.
    names
        The p columns as R names them, awkward column names without backticks.
    assign
        (p,) the term of each column: 0 the intercept, k the k-th term.
    """

    values: FloatArray
    names: tuple[str, ...]
    assign: NDArray[np.intp]


@dataclass(frozen=True, eq=False, slots=True)
class _Part:
    """One expression of a term and how it is coded.

    ``skip`` is 1 for a factor under contrasts; ``coding`` says which, None for treatment contrasts against
    the first level.
    """

    label: str
    variable: Variable
    skip: int
    coding: Coding | None = None

    @property
    def width(self) -> int:
        if isinstance(self.variable, Labels):
            return len(self.variable.levels) - self.skip
        return self.variable.width

    @property
    def names(self) -> list[str]:
        if isinstance(self.variable, Labels):
            levels = self.variable.levels
            ends = levels[self.skip :] if self.coding is None else contrast_names(levels, self.coding)
            return [self.label + end for end in ends]
        if self.width == 1:
            return [self.label]
        return [f"{self.label}{k}" for k in range(1, self.width + 1)]

    def write(self, out: FloatArray) -> None:
        """Put the part's columns into zeros of shape (n, width)."""
        if isinstance(self.variable, Labels):
            self._write_factor(self.variable, out)
        elif self.variable.values.ndim == 2:
            out[:] = self.variable.values
        else:
            out[:, 0] = self.variable.values

    def _write_factor(self, factor: Labels, out: FloatArray) -> None:
        if self.coding is not None:
            matrix = contrast_matrix(factor.levels, self.coding)
            for j in range(matrix.shape[1]):
                out[:, j] = matrix[factor.codes, j]
            return
        position = factor.codes - self.skip
        if self.skip:
            rows = np.flatnonzero(position >= 0)
            out[rows, position[rows]] = 1.0
        else:
            out[np.arange(len(position)), position] = 1.0

    def columns(self, nrows: int) -> FloatArray:
        out = np.zeros((nrows, self.width), order="F")
        self.write(out)
        return out


def model_matrix(
    terms: Sequence[Term], *, intercept: bool, evaluator: Evaluator, nrows: int, what: str
) -> ModelMatrix:
    """The columns of the intercept and of each term.

    In an interaction the first expression varies fastest. Factors are coded by the contrasts chosen, or
    by treatment contrasts against their first level; where the marginal term is not in the model, by one
    column per level, whatever was chosen.

    Parameters
    ----------
    terms
        Terms without the intercept, in order.
    intercept
        Whether a column of ones comes first.
    evaluator, nrows
        The table on the rows used.
    what
        Names the matrix for people should it be too large.

    Raises
    ------
    ModelError
        ``too_large``, ``one_level``, ``unknown_reference``, ``not_finite``, ``too_large_numbers``,
        ``too_small_numbers``, or what evaluating an expression raises.
    """
    full = full_dummies(terms, intercept, evaluator.is_factor)
    parts = [_parts(term, coded, evaluator) for term, coded in zip(terms, full, strict=True)]
    widths = [prod(part.width for part in of_term) for of_term in parts]
    columns = int(intercept) + sum(widths)
    ensure_size(nrows, columns, what, Where("term", what))
    values = np.zeros((nrows, columns), order="F")
    names: list[str] = []
    if intercept:
        values[:, 0] = 1.0
        names.append(INTERCEPT_NAME)
    for term, of_term, width in zip(terms, parts, widths, strict=True):
        columns_of_term = values[:, len(names) : len(names) + width]
        _write_product(of_term, columns_of_term)
        if term.order > 1 and not np.isfinite(columns_of_term).all():
            raise ModelError(
                "not_finite",
                f"{term.label} multiplies numbers that are too large together; divide these columns by a "
                "power of ten first.",
                Where("term", term.label),
            )
        check_magnitude(columns_of_term, term.label, Where("term", term.label))
        names += _product_names(of_term)
    assign = np.repeat(np.arange(len(terms) + 1), [int(intercept), *widths])
    return ModelMatrix(values, tuple(names), assign)


def _parts(term: Term, full: Collection[Expression], evaluator: Evaluator) -> list[_Part]:
    out = []
    for expression in dict.fromkeys(term.factors):
        variable = evaluator.variable(expression)
        label = show(expression, quoted=False)
        if isinstance(variable, Labels) and len(variable.levels) < 2:
            raise ModelError(
                "one_level",
                f"{label} has only one level ({variable.levels[0]!r}) in the rows used, so its effect cannot "
                "be estimated; take it out of the model.",
                Where("term", term.label),
            )
        if expression in full or not isinstance(variable, Labels):
            out.append(_Part(label, variable, 0))
        else:
            coding = evaluator.coding(expression)
            if coding is not None:
                levels = len(variable.levels)
                ensure_size(levels, levels, f"The contrasts of {label}", Where("term", term.label))
            out.append(_Part(label, variable, 1, coding))
    return out


def _write_product(parts: Sequence[_Part], out: FloatArray) -> None:
    if len(parts) == 1:
        parts[0].write(out)
        return
    nrows = out.shape[0]
    left = parts[0].columns(nrows)
    for k, part in enumerate(parts[1:], start=2):
        right = part.columns(nrows)
        width = left.shape[1]
        target = out if k == len(parts) else np.empty((nrows, width * right.shape[1]), order="F")
        for j in range(right.shape[1]):
            with np.errstate(over="ignore", invalid="ignore"):
                np.multiply(left, right[:, j : j + 1], out=target[:, j * width : (j + 1) * width])
        left = target


def _product_names(parts: Sequence[_Part]) -> list[str]:
    names = parts[0].names
    for part in parts[1:]:
        names = [f"{left}:{right}" for right in part.names for left in names]
    return names
