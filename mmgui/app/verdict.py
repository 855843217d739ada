"""A fit's verdict in one word, the same wherever it is shown."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmgui.engine.result import Fit

AT_ONCE = 2_000
"""Rows up to which the certificate of identifiability takes a few milliseconds; of larger tables it is known
once the Summary has been worked out in the background."""


class Verdict(Enum):
    """What Summary says first; singular and not converged are two things, and both are said."""

    CONVERGED = auto()
    SINGULAR = auto()
    NOT_CONVERGED = auto()
    SINGULAR_NOT_CONVERGED = auto()
    NOT_IDENTIFIABLE = auto()
    PERFECT = auto()


def verdict_of(fit: Fit) -> Verdict:
    """The verdict; quick enough for the window's own thread."""
    # Nothing is fitted before the engine is there; the first window does not wait for it.
    from mmgui.inference.variance.singularity import is_perfect

    if is_perfect(fit):
        return Verdict.PERFECT
    if _trades_off(fit):
        return Verdict.NOT_IDENTIFIABLE
    if fit.convergence.converged:
        return Verdict.SINGULAR if fit.singular else Verdict.CONVERGED
    return Verdict.SINGULAR_NOT_CONVERGED if fit.singular else Verdict.NOT_CONVERGED


def _trades_off(fit: Fit) -> bool:
    from mmgui.advice.after.fit_facts import known_trade_offs, trade_offs_of

    known, found = known_trade_offs(fit)
    if not known and fit.nobs <= AT_ONCE:
        found = trade_offs_of(fit)
    return found is not None
