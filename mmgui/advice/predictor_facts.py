"""What rules on effects look at: how predictors lie in the groups, where their zero is, what X holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mmgui.advice.facts import DesignFacts
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.engine.build.matrix import ModelMatrix, model_matrix
from mmgui.engine.build.rank import independent_columns
from mmgui.engine.build.variable import Labels, Quantity
from mmgui.errors import ModelError
from mmgui.spec.expression import Expression, columns_of
from mmgui.spec.terms import Term

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Columns = tuple[str, ...]


def numbers(facts: DesignFacts, expression: Expression) -> FloatArray | None:
    """(n,) the values of an expression that is one column of numbers; None for any other."""
    try:
        value = facts.evaluator.variable(expression)
    except ModelError:
        return None
    return value.values if isinstance(value, Quantity) and value.width == 1 else None


def labels(facts: DesignFacts, expression: Expression) -> Labels | None:
    """An expression that is a factor, without the levels that do not occur; None for any other."""
    try:
        value = facts.evaluator.variable(expression)
    except ModelError:
        return None
    return value if isinstance(value, Labels) else None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the zero of a quantity lies.

    Attributes
    ----------
    low, high, mean, sd
        Of the rows used (``sd`` with n).
    two_valued
        Whether zero is one of only two values, as in a condition coded 0 and 1.
    """

    low: float
    high: float
    mean: float
    sd: float
    two_valued: bool = False

    @property
    def outside(self) -> bool:
        """Whether no row is on one side of zero, nor at it."""
        return not self.low <= 0.0 <= self.high

    @property
    def far(self) -> bool:
        """Whether zero is no natural origin: outside the range, or many SDs from the mean."""
        if self.two_valued:
            return False
        return self.outside or abs(self.mean) > THRESHOLDS.far_zero * self.sd

    @property
    def words(self) -> str:
        """Where zero is, as the end of a sentence."""
        if self.outside:
            return f"which is outside its range ({self.low:.4g} to {self.high:.4g})"
        return f"which is {abs(self.mean) / self.sd:.2g} standard deviations from its mean"


def origin(facts: DesignFacts, expression: Expression) -> Origin | None:
    """Where the zero of an expression lies; None for a factor, several columns or a constant."""
    values = numbers(facts, expression)
    if values is None or values.size == 0 or values.min() == values.max():
        return None
    low, high = float(values.min()), float(values.max())
    ends = bool(np.all((values == low) | (values == high)))
    with np.errstate(over="ignore", invalid="ignore"):
        mean, sd = float(values.mean()), float(values.std())
    return Origin(low, high, mean, sd, ends and 0.0 in (low, high))


@dataclass(frozen=True, eq=False, slots=True)
class Cells:
    """The cells that groups make with the combinations of some columns.

    Attributes
    ----------
    distinct
        (groups,) how many combinations occur in each group.
    sizes
        (groups,) its rows.
    possible
        How many combinations occur altogether.
    """

    distinct: IntArray
    sizes: IntArray
    possible: int

    @property
    def replicated(self) -> float:
        """Share of the groups that have a combination more than once."""
        return float(np.mean(self.sizes > self.distinct))

    @property
    def complete(self) -> float:
        """Share of the groups that meet every combination."""
        return float(np.mean(self.distinct == self.possible))

    def lines(self) -> float:
        """Share of the groups with two values of a quantity and a row more than a line takes."""
        return float(np.mean((self.distinct >= 2) & (self.sizes >= 3)))


def cells(facts: DesignFacts, columns: Columns, within: Columns) -> Cells:
    """The cells of groups with the combinations of columns, in the rows used."""
    groups = facts.groups(within)
    both = facts.groups((*within, *(c for c in columns if c not in within)))
    group_of = np.zeros(both.count, dtype=np.int64)
    known = both.codes >= 0
    group_of[both.codes[known]] = groups.codes[known]
    distinct = np.bincount(group_of, minlength=groups.count).astype(np.int64)
    return Cells(distinct, groups.sizes.astype(np.int64), facts.groups(columns).count)


def refines(facts: DesignFacts, fine: Columns, coarse: Columns) -> bool:
    """Whether every group of ``fine`` lies in one group of ``coarse``."""
    return facts.varies(coarse, fine).within == 0


@dataclass(frozen=True, slots=True)
class Mixture:
    """How a quantity's variation divides into that between groups and that within them.

    Attributes
    ----------
    between
        Share between groups, less what chance alone gives: 1 - (1 - s) (n - 1) / (n - G) for the share s of
        the sum of squares (the adjusted R² of a one-way layout).
    within
        Share of the sum of squares within groups.
    p
        Probability of so large a share between groups had the values been dealt out at random (F test).
    """

    between: float
    within: float
    p: float

    @property
    def mixed(self) -> bool:
        """Whether both shares are large enough to be two questions."""
        enough = THRESHOLDS.mixed_share
        return self.between > enough and self.within > enough and self.p < THRESHOLDS.dealt_out


def mixture(facts: DesignFacts, values: FloatArray, within: Columns) -> Mixture | None:
    """How a quantity divides over groups; None where every row is a group, all are one, or it is constant."""
    from scipy.special import fdtrc

    groups = facts.groups(within)
    n, count = values.size, groups.count
    scale = float(np.abs(values).max(initial=0.0))
    if not 1 < count < n or not scale > 0.0 or not np.isfinite(scale):
        return None
    centred = values / scale
    centred = centred - centred.mean()
    total = float(centred @ centred)
    if not total > 0.0:
        return None
    means = group_means(facts, centred, within)
    share = min(1.0, float(groups.sizes @ means**2) / total)
    if share >= 1.0:
        return Mixture(1.0, 0.0, 0.0)
    ratio = (share / (count - 1)) / ((1.0 - share) / (n - count))
    adjusted = 1.0 - (1.0 - share) * (n - 1) / (n - count)
    return Mixture(adjusted, 1.0 - share, float(fdtrc(count - 1, n - count, ratio)))


def group_means(facts: DesignFacts, values: FloatArray, within: Columns) -> FloatArray:
    """(groups,) the mean of each group."""
    groups = facts.groups(within)
    sums: FloatArray = np.bincount(groups.codes, values, minlength=groups.count) / groups.sizes
    return sums


@dataclass(frozen=True, eq=False, slots=True)
class FixedMatrix:
    """The matrix of the fixed effects, whole, and which of its columns are independent of those before."""

    full: ModelMatrix
    kept: NDArray[np.intp]

    @property
    def values(self) -> FloatArray:
        """(n, rank) the independent columns."""
        x = self.full.values
        return x if len(self.kept) == x.shape[1] else np.asfortranarray(x[:, self.kept])

    def spans(self, columns: FloatArray) -> bool:
        """Whether each of (n, k) columns is a combination of the matrix's (to 1e-7 of its size)."""
        if not len(self.kept):
            return not columns.any()
        x = self.values
        both = np.hstack([x, columns])
        return bool(np.all(independent_columns(both) < x.shape[1]))


@lru_cache(maxsize=2)
def make_fixed_matrix(facts: DesignFacts) -> FixedMatrix | None:
    """The matrix of the fixed effects; None where it is too large to look at while a person edits.

    Raises
    ------
    ModelError
        As ``model_matrix`` does.
    """
    spec, rows = facts.spec, facts.rows.count
    if rows * _widest(facts, spec.fixed) ** 2 > THRESHOLDS.checked_work:
        return None
    full = model_matrix(
        spec.fixed,
        intercept=spec.intercept,
        evaluator=facts.evaluator,
        nrows=rows,
        what="The fixed effects",
    )
    return FixedMatrix(full, independent_columns(full.values))


def fixed_matrix(facts: DesignFacts) -> FixedMatrix | None:
    """As :func:`make_fixed_matrix`; None also where there can be no such matrix."""
    try:
        return make_fixed_matrix(facts)
    except ModelError:
        return None


def slope_columns(facts: DesignFacts, term: Term, intercept: bool) -> FloatArray | None:
    """(n, k) the columns of one effect, coded as beside an intercept or not; None if not at once."""
    rows = facts.rows.count
    try:
        if rows * _widest(facts, (term,)) ** 2 > THRESHOLDS.checked_work:
            return None
        made = model_matrix(
            (term,), intercept=intercept, evaluator=facts.evaluator, nrows=rows, what="The random effects"
        )
    except ModelError:
        return None
    return made.values[:, int(intercept) :]


def is_built_at_once(facts: DesignFacts) -> bool:
    """Whether the model's matrices can be made while a person edits: not for thousands of fixed effects."""
    try:
        return facts.rows.count * _widest(facts, facts.spec.fixed) ** 2 <= THRESHOLDS.built_work
    except ModelError:
        return False


def _widest(facts: DesignFacts, terms: tuple[Term, ...]) -> float:
    """At most how many columns terms have."""
    total = 1.0
    for term in terms:
        width = 1.0
        for factor in term.factors:
            value = facts.evaluator.variable(factor)
            width *= len(value.levels) if isinstance(value, Labels) else value.width
        total += width
    return total


def usable_terms(facts: DesignFacts) -> tuple[int, ...]:
    """Positions of the random terms that have groups and effects."""
    random = facts.spec.random
    return tuple(k for k, term in enumerate(random) if term.grouping.columns and term.has_effects)


def columns_read(terms: tuple[Term, ...]) -> Columns:
    """The columns that terms read, each once."""
    return tuple(dict.fromkeys(c for t in terms for f in t.factors for c in columns_of(f)))
