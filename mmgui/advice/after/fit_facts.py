"""What the rules after a fit look at: the fit, and what is worked out of it, each when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from mmgui.advice.finding import Finding
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.engine.result import Fit
from mmgui.inference.comparison.simpler import Candidate, simpler_candidates
from mmgui.inference.identifiability.certificate import Identifiability, unidentified
from mmgui.inference.variance.singularity import Flatness, flatness, is_perfect

if TYPE_CHECKING:
    from mmgui.inference.degrees_of_freedom.satterthwaite import FixedEffectTests
    from mmgui.inference.likelihood.other_starts import OtherStarts
    from mmgui.inference.refits.deletion import Deletions

_certificates: WeakKeyDictionary[Fit, Identifiability | None] = WeakKeyDictionary()


class FitFacts:
    """Facts about a fit.

    Parameters
    ----------
    fit
        The fit.
    tests
        Tests of its fixed effects with degrees of freedom; None where there are none.
    deletions
        The fit without each group of a grouping factor, for one or several of them.
    starts
        The fit from other starts.
    """

    def __init__(
        self,
        fit: Fit,
        tests: FixedEffectTests | None = None,
        deletions: tuple[Deletions, ...] = (),
        starts: OtherStarts | None = None,
    ) -> None:
        self.fit = fit
        self.tests = tests
        self.deletions = deletions
        self.starts = starts

    @cached_property
    def perfect(self) -> bool:
        """Whether no residual variance is left."""
        return is_perfect(self.fit)

    @cached_property
    def trade_offs(self) -> Identifiability | None:
        """Variances that cannot be told apart; None where they can."""
        return trade_offs_of(self.fit)

    @cached_property
    def explained(self) -> bool:
        """Whether something else is why the search did not arrive, so that it speaks instead."""
        state = self.fit.convergence
        flat = self.trade_offs is not None and state.reason == "gradient"
        return not state.converged and (self.perfect or flat)

    @cached_property
    def flatness(self) -> tuple[Flatness, ...]:
        """For each term what of it has no variance."""
        return tuple(flatness(self.fit, k) for k in range(len(self.fit.terms)))

    @cached_property
    def simpler(self) -> tuple[Candidate, ...]:
        """Simpler models for a singular fit, none of them fitted."""
        return simpler_candidates(self.fit) if self.fit.singular else ()


FitRule = Callable[[FitFacts], Iterator[Finding]]


def trade_offs_of(fit: Fit) -> Identifiability | None:
    """The certificate of a fit whose (co)variances cannot be told apart, made once a fit.

    Of a large model that converged it is not made: its curvature at the optimum says that they can.
    """
    if fit not in _certificates:
        large = fit.convergence.converged and fit.nobs > THRESHOLDS.certified_rows
        _certificates[fit] = None if large else unidentified(fit)
    return _certificates[fit]


def known_trade_offs(fit: Fit) -> tuple[bool, Identifiability | None]:
    """Whether the certificate has been made, and what it says; makes nothing."""
    return fit in _certificates, _certificates.get(fit)
