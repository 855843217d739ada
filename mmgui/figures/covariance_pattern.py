"""Which entries of a term's covariance matrix are free, held at zero or tied: before any fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import accumulate, product

import numpy as np
from numpy.typing import NDArray

from mmgui.advice.facts import DesignFacts
from mmgui.engine.build.codings import contrast_names
from mmgui.engine.build.contrasts import full_dummies
from mmgui.engine.build.variable import Labels
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_name
from mmgui.spec.expression import Expression, show
from mmgui.spec.terms import INTERCEPT_NAME, Covariance, RandomTerm, Term


class Cell(IntEnum):
    """What an entry of the covariance matrix is."""

    ZERO = 0
    """Held at zero."""

    FREE = 1
    """A parameter of its own."""

    TIED = 2
    """Follows from a parameter that other entries share."""


_CELL_WORDS = {Cell.ZERO: "held at 0", Cell.FREE: "free", Cell.TIED: "shared"}


@dataclass(frozen=True, slots=True)
class CovariancePattern:
    """The lower triangle of a term's covariance matrix, n effects by n.

    Attributes
    ----------
    names
        The n effects, as R names their columns, the intercept as ``Intercept``.
    blocks
        How many effects, in order, are free to correlate with each other; they add up to n.
    structure
        How the effects vary together.
    """

    names: tuple[str, ...]
    blocks: tuple[int, ...]
    structure: Covariance

    @property
    def size(self) -> int:
        """Number of effects, n."""
        return len(self.names)

    @property
    def count(self) -> int:
        """Number of parameters: variances and covariances, or what they follow from."""
        return sum(self.structure.parameter_count(block) for block in self.blocks)

    @property
    def equal_variances(self) -> bool:
        """Whether all effects share one variance."""
        return self.size > 1 and self.structure in (
            Covariance.IDENTITY,
            Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY,
            Covariance.AR1,
        )

    @property
    def rule(self) -> str:
        """How the count follows from n: ``n(n+1)/2``, ``n``, ``1 + 6``; ``one σ, one ρ``."""
        if self.size < 2:
            return "one σ"
        if self.structure is Covariance.IDENTITY:
            return "one σ for all"
        if self.structure.patterned:
            return "one σ, one ρ" if self.equal_variances else "n + 1: each a σ, one ρ"
        if len(self.blocks) == 1:
            return "n(n+1)/2"
        if set(self.blocks) == {1}:
            return "n"
        parts = [str(b * (b + 1) // 2) for b in self.blocks]
        return " + ".join(parts) if len(parts) < 5 else " + ".join([*parts[:3], "…"])

    def cell(self, i: int, j: int) -> Cell:
        """What the entry in row i and column j is."""
        if i == j:
            return Cell.TIED if self.equal_variances else Cell.FREE
        if self.structure.patterned and self.size > 1:
            return Cell.ZERO if self.structure is Covariance.IDENTITY else Cell.TIED
        return Cell.FREE if self._block(i) == self._block(j) else Cell.ZERO

    def power(self, i: int, j: int) -> int:
        """To what power the shared correlation stands in an entry that is tied; 0 where there is none."""
        if i == j or self.cell(i, j) is not Cell.TIED:
            return 0
        autoregressive = self.structure in (Covariance.AR1, Covariance.HETEROGENEOUS_AR1)
        return abs(i - j) if autoregressive else 1

    def kinds(self) -> NDArray[np.int8]:
        """(n, n) what each entry is, as ``Cell`` numbers; symmetric."""
        n = self.size
        return np.array([[self.cell(i, j) for j in range(n)] for i in range(n)], dtype=np.int8).reshape(n, n)

    def parameters(self) -> NDArray[np.intp]:
        """(n, n) number of the parameter each entry is or is tied by, -1 where it is held at zero.

        The order is that of theta: column by column in each block; the variances before the correlation of
        a patterned term. An entry that is tied by the correlation has its number. Symmetric.
        """
        n = self.size
        out = np.full((n, n), -1, dtype=np.intp)
        if self.structure.patterned and n > 1:
            if self.structure is not Covariance.IDENTITY:
                out[:] = 1 if self.equal_variances else n
            np.fill_diagonal(out, 0 if self.equal_variances else np.arange(n))
            return out
        number = start = 0
        for block in self.blocks:
            for j in range(start, start + block):
                for i in range(j, start + block):
                    out[i, j] = out[j, i] = number
                    number += 1
            start += block
        return out

    def table(self) -> FigureTable:
        """One line an entry of the lower triangle: its two effects, what it is, its parameter's number."""
        numbers = self.parameters()
        rows = tuple(
            (
                self.names[i],
                self.names[j],
                _CELL_WORDS[self.cell(i, j)],
                int(numbers[i, j]) + 1 if numbers[i, j] >= 0 else None,
            )
            for i in range(self.size)
            for j in range(i + 1)
        )
        return FigureTable(("Effect", "Other", "Entry", "Parameter"), rows)

    def meaning(self, i: int, j: int) -> str:
        """One entry in words."""
        a, b = self.names[i], self.names[j]
        what = f"Variance of {a}" if i == j else f"Covariance of {b} and {a}"
        match self.cell(i, j):
            case Cell.FREE:
                return f"{what}: a parameter."
            case Cell.ZERO:
                return f"{what}: held at zero."
            case _ if i == j:
                return f"{what}: the one that all effects share."
        power = self.power(i, j)
        rho = (
            "the shared correlation ρ" if power == 1 else f"the shared correlation ρ to the power of {power}"
        )
        return f"{what}: follows from {rho}."

    def _block(self, i: int) -> int:
        return next(k for k, end in enumerate(accumulate(self.blocks)) if i < end)


def covariance_pattern(term: RandomTerm, facts: DesignFacts) -> CovariancePattern:
    """The pattern of a term's covariance matrix, from the columns its effects have in the rows used.

    Raises
    ------
    ModelError
        If an effect cannot be evaluated on the table.
    """
    if term.covariance is not Covariance.DIAGONAL:
        names = _column_names(term.slopes, term.intercept, facts)
        alone = term.covariance is Covariance.INDEPENDENT
        return CovariancePattern(
            tuple(names), (1,) * len(names) if alone else (len(names),) * bool(names), term.covariance
        )
    parts = [_column_names((), True, facts)] if term.intercept else []
    parts += [_column_names((slope,), False, facts) for slope in term.slopes]
    return CovariancePattern(
        tuple(name for part in parts for name in part), tuple(map(len, parts)), term.covariance
    )


def _column_names(terms: tuple[Term, ...], intercept: bool, facts: DesignFacts) -> list[str]:
    """The columns of a left side as ``engine.build.matrix`` names them, without making them."""
    names = [effect_name(INTERCEPT_NAME)] if intercept else []
    full = full_dummies(terms, intercept, facts.evaluator.is_factor)
    for term, dummies in zip(terms, full, strict=True):
        parts = [list(_names(f, f in dummies, facts)) for f in dict.fromkeys(term.factors)]
        # In an interaction the first expression varies fastest.
        names += [":".join(reversed(combination)) for combination in product(*reversed(parts))]
    return names


def _names(factor: Expression, dummies: bool, facts: DesignFacts) -> Iterator[str]:
    value, label = facts.evaluator.variable(factor), show(factor, quoted=False)
    if not isinstance(value, Labels):
        yield from [label] if value.width == 1 else [f"{label}{k}" for k in range(1, value.width + 1)]
        return
    coding = None if dummies else facts.evaluator.coding(factor)
    if coding is not None:
        yield from (label + end for end in contrast_names(value.levels, coding))
    else:
        yield from (label + level for level in value.levels[0 if dummies else 1 :])
