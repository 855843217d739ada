"""The criterion over one or two covariance parameters, with the optimiser's way to the fit."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.figures.contours import outlines
from mmgui.figures.covariance_names import coordinate_names, coordinate_title
from mmgui.figures.tabular import FigureTable
from mmgui.figures.trace import criterion_name
from mmgui.inference.covariance_point import Coordinate
from mmgui.inference.landscape import MOST, Landscape, can_share, coordinates_of, landscape
from mmgui.numbers import number

FloatArray = NDArray[np.float64]

LEVELS = tuple(0.5 * 2.0**k for k in range(14))
FINE = 161
"""Values on each axis of the grid on which contours are drawn, interpolated by cubic splines."""
LOWER = 0.01


@dataclass(frozen=True, slots=True)
class LandscapeParameter:
    """A parameter that an axis can show.

    Attributes
    ----------
    name
        For lists: ``Subject: SD of Intercept``, ``Subject: correlation of Intercept and Days``.
    title
        For axes.
    term
        Position of its term (its colour).
    correlation
        Whether it is a correlation, else a standard deviation.
    partners
        Names of the parameters that can be on the other axis.
    """

    name: str
    title: str
    term: int
    correlation: bool
    partners: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class LandscapeAxis:
    """What one axis shows: the parameter, (k,) values, the range it can lie in, and where the fit is."""

    parameter: LandscapeParameter
    values: FloatArray
    bounds: tuple[float, float]
    estimate: float


@dataclass(frozen=True, eq=False, slots=True)
class Contour:
    """Closed outlines, each (k, 2), of where the criterion is less than ``level`` above the best."""

    level: float
    outlines: tuple[FloatArray, ...]


@dataclass(frozen=True, eq=False, slots=True)
class LandscapeFigure:
    """One or two axes and the criterion over them.

    Attributes
    ----------
    criterion
        ``"REML criterion"`` or ``"−2 log-likelihood"``.
    parameters
        Everything the axes could show.
    axes
        One or two.
    difference
        (k,) or (k, l) the criterion less the best value: the fit's, or the lowest here if that is lower.
    contours
        From the lowest level to the highest; empty for one axis.
    trail
        (e, 1) or (e, 2) the optimiser's evaluations; NaN where a correlation is undefined.
    trail_difference
        (e,) the criterion there less the best value.
    fit_difference
        The fit's criterion less the best value: 0 at an optimum.
    sigma
        σ of the fit, the unit of the standard deviations.
    reference
        What differences are taken from, in words.
    held
        Titles of the parameters held at the fit.
    notes
        What is shown, in words.
    """

    criterion: str
    parameters: tuple[LandscapeParameter, ...]
    axes: tuple[LandscapeAxis, ...]
    difference: FloatArray
    contours: tuple[Contour, ...]
    trail: FloatArray
    trail_difference: FloatArray
    fit_difference: float
    sigma: float
    reference: str
    held: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def improving(self) -> NDArray[np.bool_]:
        """(e,) which evaluations were lower than all before them: the way down, without trials."""
        before = np.fmin.accumulate(np.append(np.inf, self.trail_difference))[:-1]
        return np.asarray(self.trail_difference < before)

    def table(self) -> FigureTable:
        """The fit, every evaluation, then the grid."""
        columns = ("Point", *(a.parameter.name for a in self.axes), f"{self.criterion}: difference")
        rows: list[tuple[str | float | int | None, ...]] = [
            ("Fit", *(a.estimate for a in self.axes), self.fit_difference)
        ]
        for k, place in enumerate(self.trail):
            rows.append((f"Evaluation {k + 1}", *map(float, place), float(self.trail_difference[k])))
        for at, value in np.ndenumerate(self.difference):
            places = (float(a.values[i]) for a, i in zip(self.axes, at, strict=True))
            rows.append(("Grid", *places, float(value)))
        return FigureTable(columns, tuple(rows))


def landscape_figure(fit: Fit, chosen: tuple[str, ...] = (), *, points: int | None = None) -> LandscapeFigure:
    """The landscape of a fit.

    ``chosen`` names the parameters across and up; what the fit does not have, or cannot show together,
    gives way to the first that it can. ``points`` sets the values on each axis; by default as many as can
    be worked out in about three seconds.
    """
    coordinates = coordinates_of(fit)
    if not coordinates:
        raise FitError(
            "no_landscape",
            "This model has no random effects, so there is no variance to draw a landscape of.",
        )
    parameters = _parameters(fit, coordinates)
    places = _choose(parameters, chosen)
    found = landscape(fit, *(coordinates[k] for k in places), points=points)
    best = min(fit.objective, float(found.criterion.min()))
    shown = tuple(parameters[k] for k in places)
    axes = tuple(
        LandscapeAxis(p, a.values, a.bounds, a.estimate) for p, a in zip(shown, found.axes, strict=True)
    )
    difference = found.criterion - best
    fit_difference = fit.objective - best
    held = tuple(p.title for k, p in enumerate(parameters) if k not in places)
    return LandscapeFigure(
        criterion_name(fit.reml),
        parameters,
        axes,
        difference,
        _contours(axes, difference),
        found.trail,
        found.trail_criterion - best,
        fit_difference,
        fit.sigma,
        "the lowest point" if fit_difference > LOWER else "the fit",
        held,
        _notes(fit, found, axes, held, fit_difference),
    )


def _parameters(fit: Fit, coordinates: tuple[Coordinate, ...]) -> tuple[LandscapeParameter, ...]:
    names = coordinate_names(fit, coordinates)
    return tuple(
        LandscapeParameter(
            name,
            coordinate_title(fit, c),
            c.term,
            c.correlation,
            tuple(n for n, o in zip(names, coordinates, strict=True) if can_share(c, o, fit.design)),
        )
        for name, c in zip(names, coordinates, strict=True)
    )


def _choose(parameters: tuple[LandscapeParameter, ...], chosen: tuple[str, ...]) -> tuple[int, ...]:
    names = [p.name for p in parameters]
    across = names.index(chosen[0]) if chosen and chosen[0] in names else 0
    partners = parameters[across].partners
    if not partners:
        return (across,)
    up = chosen[1] if len(chosen) > 1 and chosen[1] in partners else partners[0]
    return (across, names.index(up))


def _contours(axes: tuple[LandscapeAxis, ...], difference: FloatArray) -> tuple[Contour, ...]:
    if len(axes) == 1:
        return ()
    x, y, z = _finer(axes[0].values, axes[1].values, difference)
    return tuple(Contour(v, outlines(x, y, z, v)) for v in LEVELS if z.min() < v < z.max())


def _finer(x: FloatArray, y: FloatArray, z: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    from scipy.interpolate import RectBivariateSpline

    fine_x, fine_y = (np.linspace(v[0], v[-1], max(FINE, len(v))) for v in (x, y))
    return fine_x, fine_y, np.asarray(RectBivariateSpline(x, y, z)(fine_x, fine_y))


def _notes(
    fit: Fit, found: Landscape, axes: tuple[LandscapeAxis, ...], held: tuple[str, ...], fit_difference: float
) -> tuple[str, ...]:
    notes = [f"At every point σ and the fixed effects take their best values{_held_words(held)}."]
    if not all(a.parameter.correlation for a in axes):
        notes.append(f"SD is the relative SD times σ̂ = {number(fit.sigma)}.")
    if held and len(fit.log.objective) > 1:
        notes.append(
            "The optimiser's way is projected onto this plane: along it the other parameters differed."
        )
    if any(t.singular and (t.sd == 0.0).any() and len(t.effects) > 1 for t in fit.terms):
        notes.append("An effect without variance is drawn as uncorrelated with the others.")
    for axis in axes:
        low, high = axis.bounds
        if axis.parameter.correlation and high - low < 2.0 - 1e-6:
            between = f"{number(low)} and {number(high)}"
            notes.append(f"With the others held, this correlation can only lie between {between}.")
    if fit_difference > LOWER:
        fall = number(fit_difference)
        notes.append(f"The fit is not at the lowest point here: the criterion can still fall by {fall}.")
    count = len(axes[0].values)
    if len(axes) == 2 and count < MOST:
        milliseconds = number(1000.0 * found.seconds, 2)
        notes.append(
            f"Coarse: interpolated from {count} × {count} values, because one takes {milliseconds} ms "
            f"({number(count * count * found.seconds, 2)} s in all)."
        )
    return tuple(notes)


def _held_words(held: tuple[str, ...]) -> str:
    if not held:
        return ""
    if len(held) == 1:
        title = held[0]
        title = title if title.startswith("SD") else f"c{title[1:]}"
        return f"; held at its estimate: {title}"
    return f"; the other {len(held)} covariance parameters are held at their estimates"


def at_bounds(bounds: tuple[float, float], values: FloatArray) -> tuple[bool, bool]:
    """Whether an axis begins and ends at the end of its parameter's range."""
    tolerance = 1e-6 * float(values[-1] - values[0])
    return (
        bool(values[0] - bounds[0] <= tolerance),
        bool(math.isfinite(bounds[1]) and bounds[1] - values[-1] <= tolerance),
    )
