"""Where a model that was moved by hand stands on the profile of each of its parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmgui.figures.moved import Moved
from mmgui.figures.profile import ParameterProfile, ProfileFigure
from mmgui.figures.profile_pairs import zeta_at

_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Bead:
    """The value a parameter was moved to (a standard deviation as such), and its ζ there."""

    value: float
    zeta: float


def moved_beads(figure: ProfileFigure, moved: Moved | None) -> tuple[Bead | None, ...]:
    """One for each profile; None where the parameter is as the fit has it, or has no curve."""
    if moved is None:
        return (None,) * len(figure.profiles)
    return tuple(_bead(p, moved) for p in figure.profiles)


def _bead(profile: ParameterProfile, moved: Moved) -> Bead | None:
    here, there = _value(profile, moved, best=False), _value(profile, moved, best=True)
    if here is None or there is None or not len(profile.values):
        return None
    if abs(here - there) <= _SAME * max(abs(here), abs(there), 1.0):
        return None
    return Bead(here, float(zeta_at(profile, np.array([here]))[0]))


def _value(profile: ParameterProfile, moved: Moved, *, best: bool) -> float | None:
    parameter, fit = profile.parameter, moved.best if best else moved.fit
    if parameter is None:
        return None
    if parameter.kind == "sigma":
        return fit.sigma
    if parameter.kind == "fixed":
        return float(fit.beta[parameter.effects[0]])
    term = fit.terms[parameter.term]
    if parameter.kind == "sd":
        return float(term.sd[parameter.effects[0]])
    value = float(term.correlation[parameter.effects])
    return value if np.isfinite(value) else None
