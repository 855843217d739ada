"""Shrinkage in words: how much is kept, and what Σ has collapsed to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmgui.numbers import number
from mmgui.words import listed

FloatArray = NDArray[np.float64]

_FLAT = 1e-7
_NOTHING = 1e-20
"""Effects have units of their own: only what is nothing in any unit counts as no variance."""


def effects_without_variance(covariance: FloatArray) -> tuple[int, ...]:
    """The effects that do not vary."""
    variances = np.diag(covariance)
    return tuple(int(k) for k in np.flatnonzero(variances <= _NOTHING * float(variances.max(initial=0.0))))


def collapse_words(covariance: FloatArray, titles: tuple[str, ...]) -> str:
    """What Σ (s, s) has collapsed to, in a sentence; empty where every combination of effects varies.

    Of three and more effects only those without any variance are named.
    """
    still = effects_without_variance(covariance)
    if len(still) == len(titles):
        return "No variance: every group stands at the average."
    if still:
        which = listed([titles[k] for k in still])
        verb = "does" if len(still) == 1 else "do"
        return f"{which} {verb} not vary: the ellipses are flat."
    if len(titles) != 2:
        return ""
    sd = np.sqrt(np.diag(covariance))
    rho = float(covariance[0, 1] / (sd[0] * sd[1]))
    if 1.0 - abs(rho) > _FLAT:
        return ""
    per_unit = rho * float(sd[1] / sd[0])
    way = "higher" if per_unit > 0 else "lower"
    return (
        f"The ellipses are a line: correlation {'1' if rho > 0 else '−1'}. "
        f"A group 1 higher in {titles[0]} is {number(abs(per_unit))} {way} in {titles[1]}."
    )


def kept_range(kept: FloatArray) -> tuple[float, float]:
    """The least and the largest share of their own estimate that groups (L,) keep; NaN if unknown."""
    known = kept[np.isfinite(kept)]
    return (float(known.min()), float(known.max())) if len(known) else (float("nan"), float("nan"))


def percent(share: float) -> str:
    """``87 %``; a dash where it is not known."""
    if share != share:
        return "–"
    return f"{100.0 * share:.0f} %".replace("-0", "0").replace("-", "−")


def kept_words(low: float, high: float) -> str:
    """``75 %``, or ``60–86 %`` where groups differ."""
    one, other = percent(low), percent(high)
    return one if one == other else f"{one.removesuffix(' %')}–{other}"
