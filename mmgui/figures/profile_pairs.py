"""Pairs of parameters: where one goes when the other is held, and the joint regions interpolated from that.

Bates & Watts (1988, appendix A.6): along the profile of parameter i, ζ_j as a function of ζ_i is a trace.
At level L the contour passes through (L, g_ij(L)), (g_ji(L), L), (-L, g_ij(-L)), (g_ji(-L), -L); between
these, with ζ_i = L cos(a + d/2) and ζ_j = L cos(a - d/2), d(a) is a periodic cubic spline. As in lme4's
splom of a profile.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.figures.profile import ParameterProfile, ProfileFigure
from mmgui.figures.profile_scale import Scale, profile_on
from mmgui.figures.tabular import FigureTable
from mmgui.inference.normal import joint_radius

__all__ = [
    "ProfilePair", "pairs_table", "profile_pair", "value_at", "wald_ellipse", "zeta_at",
]  # fmt: skip

FloatArray = NDArray[np.float64]

POINTS = 120
_LEAST = 3


@dataclass(frozen=True, eq=False, slots=True)
class ProfilePair:
    """Two parameters, the first across.

    Attributes
    ----------
    across, up
        Positions among the profiles of the figure.
    levels
        Joint levels of the contours, as shares.
    zeta
        For each level (``POINTS`` + 1, 2) the contour in ζ.
    values
        The same in the parameters' scale, which ends where a parameter's range does.
    trace_across, trace_up
        (m, 2) in ζ: where the second goes as the first is held, and the first as the second is.
    trace_values
        The two traces in the parameters' scale.
    slopes
        How steep the two traces are at the estimate; the second as ζ of the first per ζ of the second.
    """

    across: int
    up: int
    levels: tuple[float, ...]
    zeta: tuple[FloatArray, ...]
    values: tuple[FloatArray, ...]
    trace_across: FloatArray
    trace_up: FloatArray
    trace_values: tuple[FloatArray, FloatArray]
    slopes: tuple[float, float]


def profile_pair(
    figure: ProfileFigure, across: int, up: int, levels: tuple[float, ...], scale: Scale = Scale.SD
) -> ProfilePair | None:
    """One pair of a figure of standard deviations; None where one of the two has no curve.

    ``scale`` is that of ``values``.
    """
    i, j = figure.profiles[across], figure.profiles[up]
    g_ij, g_ji = _trace(i, j, _column(figure, up)), _trace(j, i, _column(figure, across))
    if g_ij is None or g_ji is None:
        return None
    drawn_i, drawn_j = profile_on(i, scale), profile_on(j, scale)
    zeta = tuple(_contour(g_ij, g_ji, joint_radius(level)) for level in levels)
    trace_up = g_ji[:, ::-1]
    return ProfilePair(
        across,
        up,
        levels,
        zeta,
        tuple(_in_values(drawn_i, drawn_j, z) for z in zeta),
        g_ij,
        trace_up,
        (_in_values(drawn_i, drawn_j, g_ij), _in_values(drawn_i, drawn_j, trace_up)),
        (_slope(g_ij), _slope(g_ji)),
    )


def wald_ellipse(pair: ProfilePair, level: float) -> FloatArray:
    """(``POINTS`` + 1, 2) in ζ: the contour of straight traces, as steep as they are at the estimate."""
    rho = float(np.clip(np.mean(pair.slopes), -0.999, 0.999))
    t, lag = np.linspace(0.0, 2.0 * np.pi, POINTS + 1), math.acos(rho)
    return joint_radius(level) * np.column_stack([np.cos(t), np.cos(t - lag)])


def pairs_table(
    figure: ProfileFigure, levels: tuple[float, ...], shown: tuple[int, ...], scale: Scale = Scale.SD
) -> FigureTable:
    """Every contour of the pairs of the parameters shown, point by point, in ζ and in values."""
    rows: list[tuple[str | float, ...]] = []
    titles = [profile_on(p, scale).title for p in figure.profiles]
    for k, up in enumerate(shown):
        for across in shown[:k]:
            pair = profile_pair(figure, across, up, levels, scale)
            if pair is None:
                continue
            for level, zeta, values in zip(levels, pair.zeta, pair.values, strict=True):
                lines = np.column_stack([values, zeta]).tolist()
                rows += [(titles[across], titles[up], level, *line) for line in lines]
    names = ("Across", "Up", "Level", "Value across", "Value up", "ζ across", "ζ up")
    return FigureTable(names, tuple(rows))


def zeta_at(profile: ParameterProfile, values: FloatArray) -> FloatArray:
    """ζ of values of a parameter; beyond the curve on in a straight line."""
    return _extended(profile.values, profile.zeta, values)


def value_at(profile: ParameterProfile, zeta: FloatArray) -> FloatArray:
    """Values of ζ; where the curve stops at the end of the range, that end."""
    low, high = profile.bounds
    return np.clip(_extended(profile.zeta, profile.values, zeta), low, high)


def _column(figure: ProfileFigure, position: int) -> int:
    """Where the traces have a parameter: among all that can be profiled, of which some may be missing."""
    return figure.profiles[position].position


def _trace(held: ParameterProfile, other: ParameterProfile, column: int) -> FloatArray | None:
    """(m, 2) ζ of the parameter held and of the other along its profile."""
    if len(held.values) < _LEAST or len(other.values) < _LEAST or not 0 <= column < held.traces.shape[1]:
        return None
    values = held.traces[:, column]
    known = np.isfinite(values)
    if np.count_nonzero(known) < _LEAST:
        return None
    return np.column_stack([held.trace_zeta[known], zeta_at(other, values[known])])


def _contour(g_ij: FloatArray, g_ji: FloatArray, radius: float) -> FloatArray:
    from scipy.interpolate import CubicSpline

    ahead, behind = _at(g_ij, np.array([radius, -radius])) / radius
    aside, below = _at(g_ji, np.array([radius, -radius])) / radius
    lag = np.arccos(np.clip([ahead, aside, -behind, -below], -0.999, 0.999))
    middle = np.array([-lag[0] / 2, lag[1] / 2, np.pi - lag[2] / 2, np.pi + lag[3] / 2])
    closed = (np.append(middle, middle[0] + 2.0 * np.pi), np.append(lag, lag[0]))
    a = np.linspace(middle[0], middle[0] + 2.0 * np.pi, POINTS + 1)
    d = CubicSpline(*closed, bc_type="periodic")(a)
    return radius * np.column_stack([np.cos(a + d / 2), np.cos(a - d / 2)])


def _at(trace: FloatArray, zeta: FloatArray) -> FloatArray:
    """The trace at values of ζ held: smooth through its points, straight beyond them."""
    from scipy.interpolate import CubicSpline

    x, y = trace.T
    inside = np.clip(zeta, x[0], x[-1])
    out: FloatArray = CubicSpline(x, y)(inside) + _slope_at_end(x, y, zeta) * (zeta - inside)
    return out


def _slope_at_end(x: FloatArray, y: FloatArray, at: FloatArray) -> FloatArray:
    (x0, x1), (y0, y1) = (np.array([v[[0, -2]], v[[1, -1]]]) for v in (x, y))
    # A curve that stands still at its end goes on level.
    slopes = np.divide(y1 - y0, x1 - x0, out=np.zeros(2), where=x1 > x0)
    out: FloatArray = np.where(at < x[0], slopes[0], slopes[1])
    return out


def _slope(trace: FloatArray) -> float:
    near = _at(trace, np.array([-0.1, 0.1]))
    return float(near[1] - near[0]) / 0.2


def _extended(x: FloatArray, y: FloatArray, at: FloatArray) -> FloatArray:
    inside = np.clip(at, x[0], x[-1])
    with np.errstate(invalid="ignore"):
        return np.asarray(
            np.interp(inside, x, y) + np.where(at == inside, 0.0, _slope_at_end(x, y, at)) * (at - inside)
        )


def _in_values(across: ParameterProfile, up: ParameterProfile, zeta: FloatArray) -> FloatArray:
    return np.column_stack([value_at(across, zeta[:, 0]), value_at(up, zeta[:, 1])])
