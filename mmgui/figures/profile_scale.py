"""Profiles of standard deviations as such, as their logarithms, or as variances: ζ is the same in each."""

from __future__ import annotations

import math
from dataclasses import replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from mmgui.figures.profile import ParameterProfile, ProfileFigure

FloatArray = NDArray[np.float64]
SDS = ("sd", "sigma")


class Scale(StrEnum):
    """On what scale standard deviations are drawn; the value is what a list says."""

    SD = "SD"
    LOG = "log SD"
    VARIANCE = "variance"


def on_scale(figure: ProfileFigure, scale: Scale) -> ProfileFigure:
    """The figure with its standard deviations, σ included, on another scale."""
    return replace(figure, profiles=tuple(profile_on(p, scale) for p in figure.profiles))


def profile_on(profile: ParameterProfile, scale: Scale) -> ParameterProfile:
    """One parameter's profile on a scale; what is no standard deviation stays as it is.

    The standard error goes by the derivative at the estimate. The points of the profile, ``traces``, stay
    standard deviations.
    """
    if profile.kind not in SDS or scale is Scale.SD:
        return profile
    slope = _slope(profile.estimate, scale)
    low, high = (float(v) for v in changed(np.array(profile.bounds), scale))
    return replace(
        profile,
        name=_renamed(profile.name, scale),
        brief=_renamed(profile.brief, scale),
        estimate=float(changed(np.array([profile.estimate]), scale)[0]),
        values=changed(profile.values, scale),
        limits=changed(profile.limits, scale),
        bounds=(low, high),
        se=profile.se * slope,
    )


def changed(sd: FloatArray, scale: Scale) -> FloatArray:
    """Standard deviations on a scale; the logarithm of 0 is -∞."""
    with np.errstate(divide="ignore"):
        match scale:
            case Scale.LOG:
                return np.asarray(np.log(sd))
            case Scale.VARIANCE:
                return np.asarray(sd**2)
            case _:
                return sd


def _slope(sd: float, scale: Scale) -> float:
    if scale is Scale.LOG:
        return 1.0 / sd if sd > 0.0 else math.nan
    return 2.0 * sd


def _renamed(name: str, scale: Scale) -> str:
    if scale is Scale.LOG:
        return "log SD (log σ)" if name == "SD (σ)" else f"log {name}"
    return "variance (σ²)" if name == "SD (σ)" else name.replace("SD of", "variance of", 1)
