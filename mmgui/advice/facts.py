"""What the rules look at: the rows a model would use, its groups, and what varies within them."""

from __future__ import annotations

from functools import cached_property

from mmgui.advice.column_facts import Groups, Varies, column_facts
from mmgui.data.table import Table
from mmgui.engine.build import build_design
from mmgui.engine.build.contrasts import full_dummies
from mmgui.engine.build.evaluate import Evaluator
from mmgui.engine.build.rows import complete_rows
from mmgui.engine.build.variable import Labels
from mmgui.engine.design import Design
from mmgui.errors import ModelError
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, RandomTerm, Term

__all__ = ["DesignFacts", "Groups", "Varies"]


class DesignFacts:
    """Facts about a model on a table, each worked out when it is first asked for.

    Facts about columns are kept with the table across models: they depend on the columns and on the rows
    left out alone, so that typing a formula does not work them out again.

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
        self._columns = column_facts(table)
        gaps = [n for n in spec.columns() if self._columns.has_gaps(table[n])]
        self.rows = complete_rows(table, gaps)
        self._gaps = tuple(table[n] for n in sorted(gaps))

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
        return self._columns.groups(tuple(self.table[c] for c in columns), self._gaps)

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
        return self._columns.varies(
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
