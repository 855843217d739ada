"""What the rules look at: the rows a model would use, its groups, and what varies within them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from mmgui.data.combinations import combined, compact
from mmgui.data.table import Column, Table
from mmgui.engine.build import build_design
from mmgui.engine.build.contrasts import full_dummies
from mmgui.engine.build.evaluate import Evaluator
from mmgui.engine.build.rows import complete_rows
from mmgui.engine.build.variable import Labels
from mmgui.engine.design import Design
from mmgui.errors import ModelError
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, RandomTerm, Term

CodeArray = NDArray[np.int32]


@dataclass(frozen=True, eq=False, slots=True)
class Groups:
    """The groups of a grouping factor in the rows used.

    Attributes
    ----------
    codes
        (n,) int32, the group of each row, 0 … count - 1; every group occurs.
    sizes
        (count,) rows of each group.
    """

    codes: CodeArray
    sizes: NDArray[np.int64]

    @property
    def count(self) -> int:
        """Number of groups."""
        return len(self.sizes)


@dataclass(frozen=True, slots=True)
class Varies:
    """In how many groups something takes more than one value."""

    within: int
    groups: int


class DesignFacts:
    """Facts about a model on a table, each worked out when it is first asked for.

    Facts about columns are kept across models: they depend on the columns and on the rows left out
    alone, so that typing a formula does not work them out again.

    Parameters
    ----------
    spec
        The model, whole or still being built; every column it names is in the table.
    table
        The table with its column settings applied.

    Raises
    ------
    ModelError
        ``no_rows`` or ``no_complete_rows`` if the model has no row to use.
    """

    def __init__(self, spec: ModelSpec, table: Table) -> None:
        self.spec = spec
        self.table = table
        self.rows = complete_rows(table, [n for n in spec.columns() if _has_gaps(table[n])])
        self._gaps = tuple(table[n] for n in sorted(set(spec.columns())) if _has_gaps(table[n]))

    @cached_property
    def evaluator(self) -> Evaluator:
        """Evaluates the model's expressions on the rows used."""
        return Evaluator(self.table, self.rows, self.spec.codings)

    @cached_property
    def design(self) -> Design | None:
        """The model's matrices; None while it cannot be built, which rules about that say."""
        if self.spec.response is None:
            return None
        try:
            return build_design(self.spec, self.table)
        except ModelError:
            return None

    def groups(self, columns: tuple[str, ...]) -> Groups:
        """The groups that the combinations of these columns make, in the rows used."""
        return _groups(tuple(self.table[c] for c in columns), self._gaps)

    def inside(self, inner: tuple[str, ...], outer: tuple[str, ...]) -> bool:
        """Whether every group of ``inner`` lies in one group of ``outer``, in the rows used."""
        return self.groups((*inner, *outer)).count == self.groups(inner).count

    def same_partition(self, a: tuple[str, ...], b: tuple[str, ...]) -> bool:
        """Whether two grouping factors make the same groups, in the rows used."""
        return self.groups(a).count == self.groups(b).count and self.inside(a, b)

    def varies(self, columns: tuple[str, ...], within: tuple[str, ...]) -> Varies:
        """In how many groups of ``within`` the columns, taken together, take more than one value.

        Rows where one of ``columns`` is missing are left aside.
        """
        return _varies(
            tuple(self.table[c] for c in dict.fromkeys(columns)),
            tuple(self.table[c] for c in within),
            self._gaps,
        )

    def effect_blocks(self, term: RandomTerm) -> tuple[int, ...]:
        """Number of effect columns in each block of effects that are free to correlate.

        Raises
        ------
        ModelError
            If an effect cannot be evaluated on the table.
        """
        if term.covariance is not Covariance.DIAGONAL:
            count = int(term.intercept) + sum(self._widths(term.slopes, term.intercept))
            if term.covariance is Covariance.INDEPENDENT:
                return (1,) * count
            return (count,) if count else ()
        blocks = [1] if term.intercept else []
        blocks += [sum(self._widths((slope,), False)) for slope in term.slopes]
        return tuple(blocks)

    def parameter_count(self, term: RandomTerm) -> int:
        """Number of variances and covariances of a term.

        Raises
        ------
        ModelError
            If an effect cannot be evaluated on the table.
        """
        return sum(term.covariance.parameter_count(b) for b in self.effect_blocks(term))

    def _widths(self, terms: tuple[Term, ...], intercept: bool) -> list[int]:
        full = full_dummies(terms, intercept, self.evaluator.is_factor)
        widths = []
        for term, dummies in zip(terms, full, strict=True):
            width = 1
            for factor in term.factors:
                value = self.evaluator.variable(factor)
                if isinstance(value, Labels):
                    width *= len(value.levels) - (factor not in dummies)
                else:
                    width *= value.width
            widths.append(width)
        return widths


@lru_cache(maxsize=4096)
def _has_gaps(column: Column) -> bool:
    return bool(column.missing.any())


@lru_cache(maxsize=256)
def _mask(gaps: tuple[Column, ...]) -> NDArray[np.bool_]:
    missing = gaps[0].missing
    for column in gaps[1:]:
        missing = missing | column.missing
    return ~missing


def _codes(column: Column, gaps: tuple[Column, ...]) -> CodeArray:
    return column.codes[_mask(gaps)] if gaps else column.codes


@lru_cache(maxsize=64)
def _groups(columns: tuple[Column, ...], gaps: tuple[Column, ...]) -> Groups:
    codes = _joint(columns, gaps)
    return Groups(codes, np.bincount(codes[codes >= 0]))


def _joint(columns: tuple[Column, ...], gaps: tuple[Column, ...]) -> CodeArray:
    """Codes of the combinations that occur, -1 where one of the columns is missing."""
    first = columns[0]
    out = compact(_codes(first, gaps).astype(np.int64), len(first.levels))[1]
    for column in columns[1:]:
        out = combined(out, _codes(column, gaps), len(column.levels))[1]
    return out


@lru_cache(maxsize=16384)
def _varies(columns: tuple[Column, ...], within: tuple[Column, ...], gaps: tuple[Column, ...]) -> Varies:
    groups = _groups(within, gaps)
    codes = _joint(columns, gaps) if len(columns) > 1 else _codes(columns[0], gaps)
    known = (codes >= 0) & (groups.codes >= 0)
    group, code = groups.codes[known], codes[known]
    first = np.full(groups.count, -1, dtype=np.int32)
    first[group[::-1]] = code[::-1]
    differs = np.bincount(group[code != first[group]], minlength=groups.count) > 0
    return Varies(int(differs.sum()), groups.count)
