"""The criterion as a landscape over one or two covariance parameters of a fit, and the optimiser's way.

The axes show standard deviations in the response's units, correlations, σ. What they do not show is either
held: every other standard deviation and correlation as at a given point, σ at its best there or held, too;
or profiled: at every point of the landscape all others take their best values. The fixed effects always do.

The values of a standard deviation are evenly spaced, those of a correlation are spaced by equal angles
between its limits, since in the angle the criterion is smooth up to the limit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.landscape.best_sigma import BestSigma
from mmgui.inference.landscape.others import BestOthers, can_hold
from mmgui.inference.landscape.reach import range_of
from mmgui.inference.landscape.valleys import Cell, End, follow_lower_valleys
from mmgui.inference.likelihood.covariance_point import Coordinate, CovariancePoint, CovarianceSpace

FloatArray = NDArray[np.float64]
Progress = Callable[[int, int], None]

SECONDS, SECONDS_PROFILED = 3.0, 6.0
"""How long a landscape may take, its others held or profiled."""
MOST, MOST_PROFILED, LEAST = 41, 31, 9
"""Values on each of two axes: as many as contours interpolated between them need, and the least there are."""
LINE_POINTS, LINE_POINTS_PROFILED = 161, 81
"""Values on the only axis."""


@dataclass(frozen=True, slots=True)
class Others:
    """What the parameters that are not on the axes do.

    Attributes
    ----------
    profiled
        Whether they take their best values at every point of the landscape.
    sigma_follows
        Whether, held, σ takes its best value nevertheless.
    """

    profiled: bool = False
    sigma_follows: bool = True


@dataclass(frozen=True, eq=False, slots=True)
class Axis:
    """One axis of a landscape.

    Attributes
    ----------
    coordinate
        What it shows.
    values
        (k,) ascending, in the response's units or as correlations.
    bounds
        The smallest and largest value that the parameter can take, the others as they are held; where they
        are not held, at all.
    estimate
        Its value at the fit.
    """

    coordinate: Coordinate
    values: FloatArray
    bounds: tuple[float, float]
    estimate: float


@dataclass(frozen=True, eq=False, slots=True)
class Landscape:
    """The criterion over one or two axes.

    Attributes
    ----------
    axes
        One or two.
    others
        What is not on the axes.
    base
        The point at which it is held.
    criterion
        (k,) or (k, l) the criterion, lme4's constants included; first index along the first axis. NaN where
        it cannot be evaluated, or was not before the work was stopped.
    trail
        (e, 1) or (e, 2) the optimiser's evaluations, at the σ that is best there. A correlation that is
        undefined counts as zero.
    trail_criterion
        (e,) the criterion there.
    seconds
        What one point of the landscape took.
    """

    axes: tuple[Axis, ...]
    others: Others
    base: CovariancePoint
    criterion: FloatArray
    trail: FloatArray
    trail_criterion: FloatArray
    seconds: float


def can_share(one: Coordinate, other: Coordinate, design: Design, *, profiled: bool = False) -> bool:
    """Whether two coordinates can be the axes of one landscape.

    Two correlations of one block cannot while the others are held: what one may be depends on the other.
    Profiled, they can where they have an effect in common.
    """
    if one == other:
        return False
    if profiled:
        return can_hold(one, other, design)
    if not (one.correlation and other.correlation) or one.term != other.term:
        return True
    return not any({*one.effects, *other.effects} <= set(b) for b in design.random[one.term].blocks)


def landscape(
    fit: Fit, across: Coordinate, up: Coordinate | None = None, *, others: Others | None = None,
    base: CovariancePoint | None = None, window: tuple[tuple[float, float], ...] = (),
    points: int | None = None, seconds: float | None = None,
    on_progress: Progress | None = None, should_stop: Callable[[], bool] | None = None,
) -> Landscape:  # fmt: skip
    """The criterion on a grid over one or two parameters.

    Parameters
    ----------
    fit
        The fitted model.
    across, up
        What the axes show.
    others
        What the other parameters do; by default held, with σ at its best.
    base
        The point at which they are held; by default the fit.
    window
        From where to where each axis goes, within what its parameter can be; by default around the fit.
    points
        Values on each axis. By default 41 for two axes and 161 for one (31 and 81 where the others are
        profiled), fewer where a point is so slow that the grid would take longer than ``seconds``.
    seconds
        See ``points``; by default 3, where the others are profiled 6.
    on_progress, should_stop
        Told how many points are done of how many; asked at each whether to end with what is done.

    Raises
    ------
    FitError
        ``landscape_axes`` where the two parameters cannot be moved apart; as ``Criterion``.
    """
    chosen = (across,) if up is None else (across, up)
    others = Others() if others is None else others
    if up is not None and not can_share(across, up, fit.design, profiled=others.profiled):
        raise FitError(
            "landscape_axes",
            "What one of these two correlations may be depends on the other. Choose another.",
        )
    space = CovarianceSpace(fit)
    home = Surface(space, chosen, others)
    surface = home if base is None or others.profiled else Surface(space, chosen, others, base)
    cost = surface.cost()
    limit = (SECONDS_PROFILED if others.profiled else SECONDS) if seconds is None else seconds
    count = _points(cost, len(chosen), limit, profiled=others.profiled) if points is None else points
    axes = _axes(surface, home, window, count)
    values = _fill(surface, axes, on_progress, should_stop)
    trail = trail_of(surface.space, chosen)
    return Landscape(axes, others, surface.base, values, trail, fit.log.objective, cost)


def trail_of(space: CovarianceSpace, chosen: tuple[Coordinate, ...], fit: Fit | None = None) -> FloatArray:
    """(e, d) the evaluations of a fit of this model, by default the space's own, on these axes."""
    log = (space.fit if fit is None else fit).log
    points = [space.evaluation(log, k) for k in range(len(log.objective))]
    return np.array([[p.value(c) for c in chosen] for p in points]).reshape(len(points), len(chosen))


class Surface:
    """The criterion as a function of the parameters on the axes.

    Parameters
    ----------
    space
        The model.
    chosen
        The parameters on the axes.
    others
        What the others do.
    base
        Where they are held or searched for from; the fit where none is given.
    """

    def __init__(
        self, space: CovarianceSpace, chosen: tuple[Coordinate, ...], others: Others,
        base: CovariancePoint | None = None,
    ) -> None:  # fmt: skip
        self.space, self.chosen, self.others = space, chosen, others
        self.base = space.best if base is None else base
        self._best = BestOthers(space.design, chosen) if others.profiled else None
        follows = others.sigma_follows and not any(c.residual for c in chosen)
        self._sigma = BestSigma(space) if follows and not others.profiled else None

    def cost(self) -> float:
        """Seconds a point takes; the first one, which sets up, does not count."""
        estimates = tuple(self.estimate(c) for c in self.chosen)
        _, near = self.at(estimates)
        nearby = tuple(
            0.9 * v if v and not c.correlation else v for c, v in zip(self.chosen, estimates, strict=True)
        )
        began = perf_counter()
        self.at(nearby, near)
        return perf_counter() - began

    def at(
        self, values: tuple[float, ...], near: CovariancePoint | None = None
    ) -> tuple[float, CovariancePoint]:
        """The criterion with these parameters at these values, and the point; searched for from ``near``.

        Raises
        ------
        FitError
            Where the equations cannot be solved to working precision.
        """
        start = self.base
        if near is not None:
            start = near if self._best is not None else replace(start, sigma=near.sigma)
        if self._sigma is None and self._best is None:
            start = replace(start, sigma=self.base.sigma)
        point = self.placed(start, values)
        if self._best is not None:
            point, value = self._best.at(point)
        elif self._sigma is not None:
            point, value = self._sigma.at(point)
        else:
            value = self.space.criterion(point)
        return value, point

    def placed(self, point: CovariancePoint, values: tuple[float, ...]) -> CovariancePoint:
        """The point with the parameters on the axes at these values; correlations as given, if profiled."""
        for c, value in zip(self.chosen, values, strict=True):
            if c.correlation and self._best is not None and self.space.design.random[c.term].pattern is None:
                r = point.correlations[c.term].copy()
                r[c.effects] = r[c.effects[::-1]] = min(max(value, -1.0), 1.0)
                moved = (*point.correlations[: c.term], r, *point.correlations[c.term + 1 :])
                point = replace(point, correlations=moved)
            else:
                point = self.space.moved(point, c, value)
        return point

    def estimate(self, c: Coordinate) -> float:
        """The parameter's value at the fit."""
        return self.space.best.value(c)

    def bounds(self, c: Coordinate) -> tuple[float, float]:
        """The values it can take while the others do what they do."""
        free = self.others.profiled and c.correlation and self.space.design.random[c.term].pattern is None
        return (-1.0, 1.0) if free else self.space.bounds(self.base, c)


def _axes(
    surface: Surface, home: Surface, window: tuple[tuple[float, float], ...], count: int
) -> tuple[Axis, ...]:
    if not window:
        return tuple(_axis(surface, home, c, count) for c in surface.chosen)
    return tuple(_part(surface, c, w, count) for c, w in zip(surface.chosen, window, strict=True))


def _axis(surface: Surface, home: Surface, c: Coordinate, count: int) -> Axis:
    """A standard deviation reaches as far as around the fit, so that the axis stays where the base moves."""
    bounds, estimate = surface.bounds(c), surface.estimate(c)
    if not c.correlation:
        low, high = range_of(home, c)
        here = surface.base.value(c)
        low, high = min(low, 0.9 * here), max(high, 1.1 * here)
        return Axis(c, np.linspace(low, high, count), bounds, estimate)
    return Axis(c, _angles(bounds, count), bounds, estimate)


def _part(surface: Surface, c: Coordinate, window: tuple[float, float], count: int) -> Axis:
    """An axis from where to where it is wished for."""
    bounds = surface.bounds(c)
    low, high = max(window[0], bounds[0]), min(window[1], bounds[1])
    values = _angles((low, high), count) if c.correlation else np.linspace(low, high, count)
    return Axis(c, values, bounds, surface.estimate(c))


def _angles(limits: tuple[float, float], count: int) -> FloatArray:
    """Values between two limits, spaced by equal angles."""
    middle, half = 0.5 * (limits[0] + limits[1]), 0.5 * (limits[1] - limits[0])
    values = middle + half * np.sin(np.linspace(-0.5 * np.pi, 0.5 * np.pi, count))
    values[0], values[-1] = limits
    return values


def _points(cost: float, axes: int, seconds: float, *, profiled: bool) -> int:
    """As many as the time allows, odd."""
    affordable = seconds / max(cost, 1e-9)
    line, grid = (LINE_POINTS_PROFILED, MOST_PROFILED) if profiled else (LINE_POINTS, MOST)
    count = int(min(affordable, line) if axes == 1 else min(math.sqrt(affordable), grid))
    return max(count - 1 + count % 2, LEAST)


def _fill(
    surface: Surface, axes: tuple[Axis, ...], on_progress: Progress | None,
    should_stop: Callable[[], bool] | None,
) -> FloatArray:  # fmt: skip
    """Point by point outwards from the one nearest to the base, each begun where its neighbours ended.

    Where the others are profiled, lower valleys are then looked for.
    """
    shape = tuple(len(a.values) for a in axes)
    ends: dict[Cell, End] = {}
    cells = _outwards(surface, axes)

    def search(cell: Cell, near: CovariancePoint | None) -> End | None:
        values = tuple(float(a.values[i]) for a, i in zip(axes, cell, strict=True))
        return _try(surface, values, near)

    for done, cell in enumerate(cells):
        if should_stop is not None and should_stop():
            break
        found = [search(cell, near) for near in _starts(surface, ends, cell)]
        known = [f for f in found if f is not None]
        if known:
            ends[cell] = min(known, key=lambda f: f[0])
        if on_progress is not None and (done % 32 == 31 or done + 1 == len(cells)):
            on_progress(done + 1, len(cells))
    else:
        if surface.others.profiled:
            follow_lower_valleys(surface.space.design, surface.chosen, shape, ends, search, should_stop)
    out = np.full(shape, np.nan)
    for cell, (value, _) in ends.items():
        out[cell] = value
    return out


def _try(surface: Surface, values: tuple[float, ...], near: CovariancePoint | None) -> End | None:
    try:
        value, point = surface.at(values, near)
    except (FitError, np.linalg.LinAlgError):
        return None
    return (value, point) if math.isfinite(value) else None


def _starts(surface: Surface, ends: dict[Cell, End], cell: Cell) -> Iterator[CovariancePoint | None]:
    """Ends of neighbours: one where only σ is searched for, along each axis where all others are."""
    neighbours = []
    for axis in range(len(cell)):
        for step in (-1, 1):
            beside = tuple(i + step * (a == axis) for a, i in enumerate(cell))
            if beside in ends:
                neighbours.append(ends[beside][1])
    if not neighbours:
        yield None
        return
    yield from neighbours if surface.others.profiled else neighbours[:1]


def _outwards(surface: Surface, axes: tuple[Axis, ...]) -> list[tuple[int, ...]]:
    """All cells, by how many steps they are from the one nearest to the base."""
    centre = [int(np.argmin(np.abs(a.values - surface.base.value(a.coordinate)))) for a in axes]
    cells = list(np.ndindex(*(len(a.values) for a in axes)))
    return sorted(cells, key=lambda cell: max(abs(i - c) for i, c in zip(cell, centre, strict=True)))
