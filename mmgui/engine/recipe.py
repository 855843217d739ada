"""How a model's columns are made, remembered from the rows fitted so that new rows get the same columns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mmgui.spec.expression import columns_of
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import RandomTerm

# Building a design makes a recipe, so what builds columns is imported where it is called.
if TYPE_CHECKING:
    from mmgui.data.table import Table
    from mmgui.engine.build.learned import Learned
    from mmgui.engine.build.remake import Remaker
    from mmgui.engine.build.rows import Rows

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Recipe:
    """What makes a model's columns: levels, contrasts, and the constants of transformations, as fitted.

    Its methods take a table of new rows, which needs the columns that they read and no others. A row in
    which one of these has no entry gets NaN in every column made for it. They raise ``ModelError``:
    ``missing_column``, ``labels_for_numbers``, ``infinite_values``, ``unknown_level``, and what a
    transformation raises on numbers that it cannot take (``log_of_nonpositive``, …).

    Attributes
    ----------
    spec
        The model.
    learned
        Levels, constants, groups and effects.
    kept
        (p,) positions of the columns of X among those of the full model matrix.
    factors
        The levels used of each column that enters an effect as labels, in their order.
    numbers
        (mean, minimum, maximum) on the rows used of each column that enters X, the random effects or the
        offset as a quantity.
    """

    spec: ModelSpec
    learned: Learned
    kept: NDArray[np.intp]
    factors: dict[str, tuple[str, ...]] = field(default_factory=dict)
    numbers: dict[str, tuple[float, float, float]] = field(default_factory=dict)

    def fixed(self, table: Table) -> FloatArray:
        """(m, p) the columns of X that were kept."""
        return self._full(table)[:, self.kept]

    def fixed_dropped(self, table: Table) -> FloatArray:
        """(m, d) the columns that were left out of X because they depend linearly on the others.

        A row's expected value is only known where these are what they were of the others in the rows
        fitted: ``fixed(table) @ design.aliases``.
        """
        full = self._full(table)
        return np.delete(full, self.kept, axis=1)

    def random(self, k: int, table: Table) -> tuple[FloatArray, IntArray]:
        """(m, s) effect columns of the k-th term, and (m,) its groups, -1 for one not in the data.

        A row without an entry in the grouping factor has NaN in its columns, and -1.
        """
        columns, codes, _ = self.random_with_new(k, table)
        return columns, codes

    def random_with_new(self, k: int, table: Table) -> tuple[FloatArray, IntArray, IntArray]:
        """As ``random``, and (m,) a number 0, 1, … for each group not in the data, -1 elsewhere."""
        from mmgui.engine.build.grouping import codes_in
        from mmgui.engine.build.random import effect_matrices
        from mmgui.engine.build.remake import present_rows

        term = self.spec.random[k]
        present_rows(table, term.grouping.columns, frozenset())
        codes, others = codes_in(self.learned.groups[term.grouping], term.grouping, table)
        rows, evaluator = self._on(table, slope_columns(term))
        made = [m.values for m in effect_matrices(term, evaluator, rows.count)]
        columns = np.hstack(made)[:, self.learned.effects[term]]
        out = _spread(columns, rows, table.nrows)
        out[(codes < 0) & (others < 0)] = np.nan
        return out, codes, others

    def offset(self, table: Table) -> FloatArray:
        """(m,) the offset; zeros where the model has none."""
        from mmgui.engine.build.response import offset

        if not self.spec.offset:
            return np.zeros(table.nrows)
        rows, evaluator = self._on(table, [c for e in self.spec.offset for c in columns_of(e)])
        total = offset(self.spec.offset, evaluator)
        assert total is not None
        return _spread(total, rows, table.nrows)

    def weights(self, table: Table) -> FloatArray:
        """(m,) the prior weights; ones where the model has none, or the table has no such column."""
        from mmgui.engine.build.response import weights
        from mmgui.engine.build.rows import Rows

        name = self.spec.weights
        if name is None or name not in table:
            return np.ones(table.nrows)
        given = weights(name, table, Rows(np.arange(table.nrows), None, 0))
        assert given is not None
        return given

    def _full(self, table: Table) -> FloatArray:
        from mmgui.engine.build.matrix import model_matrix

        rows, evaluator = self._on(table, [c for term in self.spec.fixed for c in term.columns()])
        full = model_matrix(
            self.spec.fixed,
            intercept=self.spec.intercept,
            evaluator=evaluator,
            nrows=rows.count,
            what="The fixed effects",
        )
        return _spread(full.values, rows, table.nrows)

    def _on(self, table: Table, names: Iterable[str]) -> tuple[Rows, Remaker]:
        from mmgui.engine.build.remake import Remaker, present_rows

        numbers = frozenset(self.numbers)
        rows = present_rows(table, dict.fromkeys(names), numbers)
        return rows, Remaker(table, rows, self.spec.codings, self.learned, numbers)


def slope_columns(term: RandomTerm) -> list[str]:
    """The columns that the effects of a random term read."""
    return [name for slope in term.slopes for name in slope.columns()]


def predictor_columns(spec: ModelSpec) -> tuple[str, ...]:
    """The columns that X, the effects of the random terms and the offset read, each once."""
    names = [name for term in spec.fixed for name in term.columns()]
    names += [name for term in spec.random for name in slope_columns(term)]
    names += [name for expression in spec.offset for name in columns_of(expression)]
    return tuple(dict.fromkeys(names))


def _spread(values: FloatArray, rows: Rows, nrows: int) -> FloatArray:
    """The values of the complete rows among all, NaN in the others."""
    if rows.mask is None:
        return values
    out = np.full((nrows, *values.shape[1:]), np.nan)
    out[rows.positions] = values
    return out
