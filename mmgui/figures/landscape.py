"""The criterion over one or two covariance parameters, with the optimiser's way to the fit."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.figures.contours import Contour, contours_of
from mmgui.figures.covariance_names import coordinate_names, coordinate_title
from mmgui.figures.landscape_window import Window
from mmgui.figures.landscape_words import LOWER, edge_words, notes_of
from mmgui.figures.tabular import FigureTable
from mmgui.figures.trace import criterion_name, lower_than_before, starts_of
from mmgui.inference.landscape.surface import Axis, Others, can_share, landscape
from mmgui.inference.likelihood.covariance_point import Coordinate, CovariancePoint, coordinates_of

FloatArray = NDArray[np.float64]
NO_OTHER = ""
"""Stands for the second axis where a curve over one parameter is wanted."""


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
        Position of its term (its colour), -1 for σ.
    correlation
        Whether it is a correlation, else a standard deviation.
    partners
        Names of the parameters that can be on the other axis.
    effects
        Positions, within its term, of the effects it is of; none for σ.
    """

    name: str
    title: str
    term: int
    correlation: bool
    partners: tuple[str, ...]
    effects: tuple[int, ...]


@dataclass(frozen=True, eq=False, slots=True)
class LandscapeAxis:
    """What one axis shows.

    Attributes
    ----------
    parameter
        Which.
    values
        (k,) ascending.
    bounds
        The range the parameter can lie in, the others as they are held.
    estimate
        Where the fit is.
    reach
        What the axis shows at least: of a correlation all from -1 to 1.
    edges
        What the parameter's lower and upper bound mean: ``no variance``, ``correlation 1``; empty without.
    """

    parameter: LandscapeParameter
    values: FloatArray
    bounds: tuple[float, float]
    estimate: float
    reach: tuple[float, float]
    edges: tuple[str, str]


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
    profiled
        Whether all that the axes do not show takes its best value at every point; else it is held.
    sigma_follows
        Whether, held, σ takes its best value nevertheless.
    base
        By name, where what is held is held.
    difference
        (k,) or (k, l) the criterion less the best value: the fit's, or the lowest here if that is lower;
        NaN where it cannot be evaluated.
    contours
        From the lowest level to the highest; empty for one axis.
    trail
        (e, 1) or (e, 2) the optimiser's evaluations.
    trail_difference
        (e,) the criterion there less the best value.
    starts
        (e,) which of the places at which the search began each evaluation descends from, 0 the first.
    fit_difference
        The fit's criterion less the best value: 0 at an optimum.
    sigma
        σ of the fit.
    reference
        What differences are taken from, in words.
    held
        Titles of the parameters held.
    notes
        What is shown, in words.
    window
        The part of the axes asked for; empty for the whole landscape.
    """

    criterion: str
    parameters: tuple[LandscapeParameter, ...]
    axes: tuple[LandscapeAxis, ...]
    profiled: bool
    sigma_follows: bool
    base: dict[str, float]
    difference: FloatArray
    contours: tuple[Contour, ...]
    trail: FloatArray
    trail_difference: FloatArray
    starts: NDArray[np.int64]
    fit_difference: float
    sigma: float
    reference: str
    held: tuple[str, ...]
    notes: tuple[str, ...]
    window: Window = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Of the parameters on the axes."""
        return _names(self.axes)

    @property
    def chosen(self) -> tuple[str, str]:
        """What to choose for these axes again."""
        return (self.names[0], self.names[1] if len(self.axes) == 2 else NO_OTHER)

    @property
    def axis_titles(self) -> tuple[str, ...]:
        """What the axes are called; the only grouping factor of a model needs no naming."""
        of = {p.name.split(": ", 1)[0] for p in self.parameters if p.term >= 0}
        alone = f", {of.pop()}" if len(of) == 1 else ""
        return tuple(a.parameter.title.removesuffix(alone) for a in self.axes)

    @property
    def improving(self) -> NDArray[np.bool_]:
        """(e,) which evaluations were lower than all before them from their start: the ways down."""
        return lower_than_before(self.trail_difference, self.starts)

    def table(self) -> FigureTable:
        """The fit, every evaluation, then the grid."""
        columns = ("Point", *self.names, f"{self.criterion}: difference")
        rows: list[tuple[str | float | int | None, ...]] = [
            ("Fit", *(a.estimate for a in self.axes), self.fit_difference)
        ]
        for k, place in enumerate(self.trail):
            rows.append((f"Evaluation {k + 1}", *map(float, place), float(self.trail_difference[k])))
        for at, value in np.ndenumerate(self.difference):
            places = (float(a.values[i]) for a, i in zip(self.axes, at, strict=True))
            rows.append(("Grid", *places, float(value)))
        return FigureTable(columns, tuple(rows))


def landscape_figure(
    fit: Fit, chosen: tuple[str, ...] = (), *, points: int | None = None, profiled: bool = False,
    sigma_follows: bool = True, base: CovariancePoint | None = None, window: Window = (),
    on_progress: Callable[[int, int], None] | None = None, should_stop: Callable[[], bool] | None = None,
) -> LandscapeFigure:  # fmt: skip
    """The landscape of a fit.

    ``chosen`` names the parameters across and up, ``""`` for a curve over the first; what the fit does not
    have, or cannot show together, gives way to the first that it can. ``points`` sets the values on each
    axis; by default as many as can be worked out in about three seconds. ``profiled``, ``sigma_follows``
    and ``base`` say what the other parameters do, ``window`` which part of the axes is worked out, as
    ``mmgui.inference.landscape.surface.landscape``.
    """
    if not fit.terms:
        raise _nothing_to_draw()
    coordinates = coordinates_of(fit)
    parameters = _parameters(fit, coordinates, profiled=profiled)
    places = _choose(parameters, chosen)
    found = landscape(
        fit, *(coordinates[k] for k in places), others=Others(profiled, sigma_follows), base=base,
        window=window, points=points, on_progress=on_progress, should_stop=should_stop,
    )  # fmt: skip
    known = found.criterion[np.isfinite(found.criterion)]
    best = float(min(fit.objective, known.min(initial=np.inf))) if base is None else fit.objective
    axes = tuple(_axis(parameters[k], a) for k, a in zip(places, found.axes, strict=True))
    difference = found.criterion - best
    fit_difference = fit.objective - best
    others = [(p, c) for p, c in zip(parameters, coordinates, strict=True) if p.name not in _names(axes)]
    held = () if profiled else tuple(p.title for p, c in others if not (c.residual and sigma_follows))
    values = {p.name: found.base.value(c) for p, c in zip(parameters, coordinates, strict=True)}
    return LandscapeFigure(
        criterion_name(fit.reml),
        parameters,
        axes,
        profiled,
        sigma_follows,
        values,
        difference,
        contours_of(axes[0].values, axes[1].values, difference) if len(axes) == 2 else (),
        found.trail,
        found.trail_criterion - best,
        starts_of(fit.log),
        fit_difference,
        fit.sigma,
        "the lowest point" if fit_difference > LOWER else "the fit",
        held,
        notes_of(found, difference, held, fit_difference, moved=base is not None, whole=not window),
        window,
    )


def _nothing_to_draw() -> FitError:
    words = "This model has no random effects, so there is no variance to draw a landscape of."
    return FitError("no_landscape", words)


def _names(axes: tuple[LandscapeAxis, ...]) -> tuple[str, ...]:
    return tuple(a.parameter.name for a in axes)


def _axis(parameter: LandscapeParameter, axis: Axis) -> LandscapeAxis:
    low, high = float(axis.values[0]), float(axis.values[-1])
    reach = (
        (min(low, -1.0), max(high, 1.0)) if parameter.correlation and axis.bounds[0] > -1.0 else (low, high)
    )
    if parameter.correlation and axis.bounds[1] == 1.0:
        # A pattern's own lower limit is where its axis ends.
        reach = (low, high)
    return LandscapeAxis(
        parameter, axis.values, axis.bounds, axis.estimate, reach, edge_words(axis.coordinate, axis.bounds)
    )


def _parameters(
    fit: Fit, coordinates: tuple[Coordinate, ...], *, profiled: bool
) -> tuple[LandscapeParameter, ...]:
    names = coordinate_names(fit, coordinates)
    return tuple(
        LandscapeParameter(
            name,
            coordinate_title(fit, c),
            c.term,
            c.correlation,
            tuple(
                n
                for n, o in zip(names, coordinates, strict=True)
                if can_share(c, o, fit.design, profiled=profiled)
            ),
            () if c.residual else c.effects,
        )
        for name, c in zip(names, coordinates, strict=True)
    )


def _choose(parameters: tuple[LandscapeParameter, ...], chosen: tuple[str, ...]) -> tuple[int, ...]:
    """Positions of the axes; of a model with a single parameter beside σ the curve, unless both are named."""
    names = [p.name for p in parameters]
    across = names.index(chosen[0]) if chosen and chosen[0] in names else 0
    partners = parameters[across].partners
    if len(chosen) > 1 and chosen[1] in partners:
        return (across, names.index(chosen[1]))
    if not partners or len(parameters) == 2 or (len(chosen) > 1 and chosen[1] == NO_OTHER):
        return (across,)
    return (across, names.index(partners[0]))


def at_bounds(bounds: tuple[float, float], values: FloatArray) -> tuple[bool, bool]:
    """Whether an axis begins and ends at the end of its parameter's range."""
    tolerance = 1e-6 * float(values[-1] - values[0])
    return (
        bool(values[0] - bounds[0] <= tolerance),
        bool(math.isfinite(bounds[1]) and bounds[1] - values[-1] <= tolerance),
    )
