"""Of what the columns of each fixed term are made, and the column for every combination of levels.

F tests per term are defined on the model with one column for each level of each factor, whatever contrasts
were chosen. The columns fitted, and those of treatment contrasts, are combinations of these.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.build.codings import contrast_matrix, reference_position
from mmgui.engine.build.contrasts import full_dummies
from mmgui.engine.build.remake import Remaker, present_rows
from mmgui.engine.build.variable import Quantity
from mmgui.engine.design import Design
from mmgui.inference.fixed_effects.reference_grid import made_rows, recipe_of
from mmgui.spec.coding import Coding, Contrast, coded_column
from mmgui.spec.expression import Expression

FloatArray = NDArray[np.float64]

_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Part:
    """One expression of a term.

    Attributes
    ----------
    expression
        As the formula has it.
    levels
        Number of levels of a factor, 0 for a quantity.
    contrasts
        (levels, c) how a factor is coded; the identity where it has a column for each level; (w, w)
        identity for a quantity of w columns.
    reference
        The level that treatment contrasts would leave out, or -1 where every level has a column.
    """

    expression: Expression
    levels: int
    contrasts: FloatArray
    reference: int

    @property
    def size(self) -> int:
        """Columns with one for each level."""
        return len(self.contrasts)


@dataclass(frozen=True, eq=False)
class Layout:
    """The fixed terms of a design.

    Attributes
    ----------
    intercept
        Whether there is one.
    terms
        The parts of each term, in the order of ``design.spec.fixed``.
    """

    intercept: bool
    terms: tuple[tuple[Part, ...], ...]

    @property
    def sizes(self) -> list[int]:
        """Columns of the intercept and of each term with one for each combination of levels."""
        return [int(self.intercept), *(int(np.prod([p.size for p in parts])) for parts in self.terms)]

    def contains(self, inner: int, outer: int) -> bool:
        """Whether a term contains another: all of its factors and more, with the same quantities."""
        one, other = self.terms[inner], self.terms[outer]
        names = {p.expression for p in one}
        return names < {p.expression for p in other} and {p.expression for p in one if not p.levels} == {
            p.expression for p in other if not p.levels
        }

    def by_treatment(self) -> NDArray[np.intp]:
        """Which of the columns with one for each combination are those of treatment contrasts."""
        kept, start = [np.arange(int(self.intercept))], int(self.intercept)
        for parts in self.terms:
            stay = np.array([True])
            for part in parts:
                own = np.ones(part.size, dtype=bool)
                if part.reference >= 0:
                    own[part.reference] = False
                stay = np.outer(own, stay).ravel()
            kept.append(start + np.flatnonzero(stay))
            start += len(stay)
        return np.concatenate(kept)

    def in_columns_fitted(self) -> FloatArray:
        """(p + d, r) the columns with one for each combination, as combinations of those of the full matrix.

        That they are such combinations holds for any values of factors and quantities, so it is worked
        out on values at random: every combination of levels of each term, with quantities in general
        position.
        """
        values, rows = self._at_random()
        fitted = [np.ones((rows, 1))] if self.intercept else []
        whole = list(fitted)
        for parts in self.terms:
            coded, plain = np.ones((rows, 1)), np.ones((rows, 1))
            for part in parts:
                coded = _interaction(coded, values[part.expression] @ part.contrasts)
                plain = _interaction(plain, values[part.expression])
            fitted.append(coded)
            whole.append(plain)
        found = np.linalg.lstsq(np.hstack(fitted), np.hstack(whole), rcond=None)[0]
        found[np.abs(found) < _ROUNDING] = 0.0
        return np.asarray(found)

    def _at_random(self) -> tuple[dict[Expression, FloatArray], int]:
        """For each expression (m, size) numbers, or indicators of its levels; and m."""
        generator = np.random.default_rng(7)
        cells = []
        for parts in self.terms:
            shape = [part.levels for part in parts if part.levels]
            copies = 1 + int(np.prod([part.size for part in parts if not part.levels]))
            grid = np.tile(np.indices(shape).reshape(len(shape), int(np.prod(shape))), copies)
            cells.append(
                (dict(zip([p.expression for p in parts if p.levels], grid, strict=True)), grid.shape[1])
            )
        rows = sum(count for _, count in cells)
        out: dict[Expression, FloatArray] = {}
        for part in (part for parts in self.terms for part in parts):
            if part.expression in out:
                continue
            if not part.levels:
                out[part.expression] = generator.standard_normal((rows, part.size))
                continue
            codes = [
                own.get(part.expression, generator.integers(0, part.levels, count)) for own, count in cells
            ]
            out[part.expression] = np.eye(part.levels)[np.concatenate(codes)]
        return out, rows


def layout_of(design: Design) -> Layout:
    """The layout of a design's fixed effects."""
    spec, recipe = design.spec, recipe_of(design)
    codings = {coding.column: coding for coding in spec.codings}
    levels = recipe.learned.levels
    full = full_dummies(spec.fixed, spec.intercept, lambda e: e in levels)
    widths = _widths(design)
    terms = []
    for term, whole in zip(spec.fixed, full, strict=True):
        parts = []
        for expression in dict.fromkeys(term.factors):
            if expression not in levels:
                parts.append(Part(expression, 0, np.eye(widths[expression]), -1))
                continue
            column = coded_column(expression)
            coding = Coding("") if column is None else codings.get(column, Coding(column))
            parts.append(_factor(expression, levels[expression], coding, every=expression in whole))
        terms.append(tuple(parts))
    return Layout(spec.intercept, tuple(terms))


def _factor(expression: Expression, levels: tuple[str, ...], coding: Coding, *, every: bool) -> Part:
    count = len(levels)
    if every:
        return Part(expression, count, np.eye(count), -1)
    treatment = coding.contrast is Contrast.TREATMENT
    reference = reference_position(levels, coding) if treatment else 0
    return Part(expression, count, contrast_matrix(levels, coding), reference)


def _widths(design: Design) -> dict[Expression, int]:
    """How many columns each quantity has."""
    recipe = recipe_of(design)
    table, numbers = made_rows(recipe, {}, {}, 1), frozenset(recipe.numbers)
    rows = present_rows(table, table.names, numbers)
    evaluator = Remaker(table, rows, recipe.spec.codings, recipe.learned, numbers)
    quantities = [e for t in recipe.spec.fixed for e in t.factors if e not in recipe.learned.levels]
    variables = {e: evaluator.variable(e) for e in quantities}
    return {e: v.width for e, v in variables.items() if isinstance(v, Quantity)}


def _interaction(left: FloatArray, right: FloatArray) -> FloatArray:
    """Products of columns, the left varying fastest."""
    return np.asarray((right[:, :, None] * left[:, None, :]).reshape(len(left), -1))
