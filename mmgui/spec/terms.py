"""Terms of a model: a fixed or random effect (an interaction of expressions) and a random-effects term."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from mmgui.spec.expression import Expression, Name, columns_of, quote, show


@dataclass(frozen=True, slots=True)
class Term:
    """An effect: one expression, or an interaction of several (``a:b``). No factors means the intercept."""

    factors: tuple[Expression, ...]

    @property
    def order(self) -> int:
        """Number of expressions that interact; 1 for a main effect, 0 for the intercept."""
        return len(self.factors)

    @property
    def label(self) -> str:
        """The term as a formula writes it."""
        return ":".join(show(f) for f in self.factors) if self.factors else "1"

    def columns(self) -> Iterator[str]:
        """Every column the term reads."""
        for factor in self.factors:
            yield from columns_of(factor)

    def same_effect(self, other: Term) -> bool:
        """Whether the two are one effect written in another order (``a:b`` and ``b:a``)."""
        return frozenset(self.factors) == frozenset(other.factors)


INTERCEPT = Term(())

INTERCEPT_NAME = "(Intercept)"
"""The intercept among the names of coefficients and effects, as in R."""


def variable(name: str) -> Term:
    """The main effect of one column."""
    return Term((Name(name),))


def interaction(*names: str) -> Term:
    """The interaction of several columns."""
    return Term(tuple(Name(n) for n in names))


@dataclass(frozen=True, slots=True)
class GroupingFactor:
    """What defines the groups: one column, or the combinations of several (``worker:machine``)."""

    columns: tuple[str, ...]

    @property
    def label(self) -> str:
        """The grouping factor for people and results: ``batch:cask``."""
        return ":".join(self.columns)

    @property
    def formula(self) -> str:
        """The grouping factor as a formula writes it, awkward names in backticks."""
        return ":".join(quote(c) for c in self.columns)


class Covariance(StrEnum):
    """How the effects of one random-effects term may vary together."""

    UNSTRUCTURED = "unstructured"
    """All variances and covariances free: ``(x | g)``."""

    DIAGONAL = "diagonal"
    """Effects of different terms uncorrelated as in ``(x || g)``; a factor's columns stay correlated."""

    INDEPENDENT = "independent"
    """Every column uncorrelated with every other, each with its own variance: ``diag(x | g)``."""

    IDENTITY = "identity"
    """Every column uncorrelated, all with one variance: ``homdiag(f | g)``."""

    COMPOUND_SYMMETRY = "compound symmetry"
    """One correlation for all pairs of columns, each column with its own variance: ``cs(f | g)``."""

    HOMOGENEOUS_COMPOUND_SYMMETRY = "homogeneous compound symmetry"
    """One correlation for all pairs of columns and one variance: ``homcs(f | g)``."""

    AR1 = "autoregressive"
    """Columns k steps apart correlate by ρᵏ, all with one variance: ``ar1(0 + time | g)``."""

    HETEROGENEOUS_AR1 = "heterogeneous autoregressive"
    """Columns k steps apart correlate by ρᵏ, each with its own variance: ``hetar1(0 + time | g)``."""

    @property
    def patterned(self) -> bool:
        """Whether the columns share a variance or a correlation, so that Σ is no free block."""
        return self not in (Covariance.UNSTRUCTURED, Covariance.DIAGONAL, Covariance.INDEPENDENT)

    def parameter_count(self, columns: int) -> int:
        """Variances and covariances of that many columns that are one block, or of a patterned term."""
        correlation = 1 if columns > 1 else 0
        match self:
            case Covariance.IDENTITY:
                return 1
            case Covariance.AR1 | Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY:
                return 1 + correlation
            case Covariance.COMPOUND_SYMMETRY | Covariance.HETEROGENEOUS_AR1:
                return columns + correlation
            case _:
                return columns * (columns + 1) // 2


@dataclass(frozen=True, slots=True)
class RandomTerm:
    """One card: a grouping factor, the effects that vary over its groups, and how they vary together.

    Attributes
    ----------
    grouping
        The grouping factor.
    intercept
        Whether the level differs between groups.
    slopes
        The effects, other than the intercept, that differ between groups.
    covariance
        How they vary together.
    joined
        True where the formula wrote this term together with the one before it as ``a/b``.
        It only matters for printing and is no part of equality.
    """

    grouping: GroupingFactor
    intercept: bool = True
    slopes: tuple[Term, ...] = ()
    covariance: Covariance = Covariance.UNSTRUCTURED
    joined: bool = field(default=False, compare=False)

    @property
    def effects(self) -> tuple[Term, ...]:
        """Every effect of the term, the intercept first."""
        return ((INTERCEPT,) if self.intercept else ()) + self.slopes

    @property
    def has_effects(self) -> bool:
        """False for a card on which nothing is ticked."""
        return self.intercept or bool(self.slopes)

    def settled(self) -> RandomTerm:
        """The term with its covariance unstructured where it has too few effects for a correlation.

        ``(1 || g)``, ``(0 + x || g)`` and ``cs(1 | g)`` are ``(1 | g)`` and ``(0 + x | g)``: one model,
        one description. A factor has several columns, so ``cs(0 + f | g)`` stays as it is.
        """
        one = len(self.effects) < 2 if self.covariance is Covariance.DIAGONAL else not self.slopes
        return replace(self, covariance=Covariance.UNSTRUCTURED) if one else self

    def divides(self, before: RandomTerm) -> bool:
        """Whether this term's groups are the other's, divided further by more columns."""
        outer = before.grouping.columns
        return len(self.grouping.columns) > len(outer) and self.grouping.columns[: len(outer)] == outer

    def continues(self, before: RandomTerm) -> bool:
        """Whether ``a/b`` could write the two: the same effects, the groups divided further."""
        return self.divides(before) and (
            (self.intercept, self.slopes, self.covariance)
            == (before.intercept, before.slopes, before.covariance)
        )

    def joined_to(self, before: RandomTerm) -> RandomTerm:
        """The term marked as written together with the one before it, if it continues that."""
        return replace(self, joined=self.continues(before))
