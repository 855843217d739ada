"""A model with its covariance parameters moved by hand: what pages need to follow the hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.engine.singularity import root_mean_squares
from mmgui.figures.covariance_names import coordinate_names, coordinate_title
from mmgui.figures.tabular import FigureTable
from mmgui.figures.trace import criterion_name
from mmgui.inference.landscape.best_sigma import BestSigma
from mmgui.inference.landscape.surface import Others as OtherParameters
from mmgui.inference.landscape.surface import Surface, can_share
from mmgui.inference.likelihood.covariance_point import (
    Coordinate,
    CovariancePoint,
    CovarianceSpace,
    wide_enough,
)

FloatArray = NDArray[np.float64]

ROOM = 3.0
"""How far a slider reaches, in estimates …"""
LEAST = 0.05
"""From how many estimates the slider of σ begins: at zero the criterion has no value."""
AS_RESIDUAL = 1.5
"""… and at least: to where the effect does so many times as much to the response as the residual."""
SURFACES = 4
"""Parameters in the hand whose search for the best others is kept ready; each keeps cross products."""


@dataclass(frozen=True, slots=True)
class MovedParameter:
    """One covariance parameter at the point shown.

    Attributes
    ----------
    name, title
        For lists and for axes, as ``LandscapeParameter``.
    term
        Position of the random-effects term (its colour), -1 for σ.
    kind
        ``"sd"``, ``"correlation"`` or ``"sigma"``.
    value, estimate
        At the point, and at the fit.
    bounds
        The values it can take while the others are as they are at the point.
    reach
        What a slider shows, for every point of this fit.
    """

    name: str
    title: str
    term: int
    kind: str
    value: float
    estimate: float
    bounds: tuple[float, float]
    reach: tuple[float, float]

    @property
    def movable(self) -> bool:
        """Whether it can take another value while the others stay."""
        return wide_enough(self.bounds)


@dataclass(frozen=True, eq=False, slots=True)
class Moved:
    """The model at one point.

    Attributes
    ----------
    best
        The fit from which it was moved.
    fit
        The same model with these parameters: its modes, fixed effects, Σ, fitted values.
    point
        The parameters, as the movable fit has them.
    parameters
        The same by name, in the order of sliders: every SD, every correlation, σ.
    criterion
        ``"REML criterion"`` or ``"−2 log-likelihood"``.
    difference
        The criterion here less that of the fit.
    sigma_follows
        Whether σ is the best one for the other parameters.
    """

    best: Fit
    fit: Fit
    point: CovariancePoint
    parameters: tuple[MovedParameter, ...]
    criterion: str
    difference: float
    sigma_follows: bool

    def value(self, name: str) -> float:
        """A parameter's value by its name."""
        return next(p.value for p in self.parameters if p.name == name)

    def table(self) -> FigureTable:
        """Every parameter, here and at the fit, and the criterion."""
        rows: list[tuple[str | float | int | None, ...]] = [
            (p.name, p.value, p.estimate) for p in self.parameters
        ]
        rows.append((self.criterion, self.fit.objective, self.best.objective))
        return FigureTable(("Parameter", "Here", "Best fit"), tuple(rows))


class MovableFit:
    """A fit whose covariance parameters can be moved by name.

    Building it builds the model's cross products; ``seconds`` is what one evaluation takes.
    """

    def __init__(self, fit: Fit) -> None:
        self.fit = fit
        self.space = CovarianceSpace(fit)
        coordinates = self.space.coordinates
        names = coordinate_names(fit, coordinates)
        self.coordinates: Mapping[str, Coordinate] = dict(zip(names, coordinates, strict=True))
        self._titles = tuple(coordinate_title(fit, c) for c in coordinates)
        self._reach = tuple(self._reach_of(c) for c in coordinates)
        self._surfaces: dict[tuple[Coordinate, ...], Surface] = {}
        self._best_sigma: BestSigma | None = None

    @property
    def best(self) -> CovariancePoint:
        """The point of the fit."""
        return self.space.best

    @property
    def seconds(self) -> float:
        """What one evaluation of the criterion takes."""
        return self.space.model.seconds

    def with_values(
        self, point: CovariancePoint, values: Mapping[str, float], *, sigma_follows: bool,
        others_follow: bool = False,
    ) -> CovariancePoint:  # fmt: skip
        """The point with parameters, by name, at other values or the nearest they can take.

        With ``others_follow`` all that are not named take their best values, searched for from the point.
        """
        chosen = tuple(self.coordinates[name] for name in values)
        if others_follow and self._can_follow(chosen):
            return self._surface(chosen).at(tuple(values.values()), point)[1]
        for name, value in values.items():
            point = self.space.moved(point, self.coordinates[name], value)
        return self._with_best_sigma(point) if sigma_follows else point

    def _can_follow(self, chosen: tuple[Coordinate, ...]) -> bool:
        if len(chosen) == 2:
            return can_share(*chosen, self.fit.design, profiled=True)
        return len(chosen) == 1

    def _surface(self, chosen: tuple[Coordinate, ...]) -> Surface:
        if chosen not in self._surfaces:
            while len(self._surfaces) >= SURFACES:
                del self._surfaces[next(iter(self._surfaces))]
            self._surfaces[chosen] = Surface(self.space, chosen, OtherParameters(profiled=True))
        return self._surfaces[chosen]

    def _with_best_sigma(self, point: CovariancePoint) -> CovariancePoint:
        if self._best_sigma is None:
            self._best_sigma = BestSigma(self.space)
        return self._best_sigma.at(point)[0]

    def moved(self, point: CovariancePoint, *, sigma_follows: bool, conditional: bool = True) -> Moved:
        """The model at a point; without ``conditional`` the modes come without their SDs, but faster."""
        there = self.space.fit_at(point, conditional=conditional)
        parameters = tuple(
            MovedParameter(
                name,
                title,
                c.term,
                "sigma" if c.residual else "correlation" if c.correlation else "sd",
                point.value(c),
                self.best.value(c),
                self.space.bounds(point, c),
                reach,
            )
            for (name, c), title, reach in zip(
                self.coordinates.items(), self._titles, self._reach, strict=True
            )
        )
        difference = there.objective - self.fit.objective
        return Moved(
            self.fit, there, point, parameters, criterion_name(self.fit.reml), difference, sigma_follows
        )

    def _reach_of(self, c: Coordinate) -> tuple[float, float]:
        """Up to several times the estimate, and to where the effect is as large as the residual."""
        if c.correlation:
            return (
                self.space.bounds(self.best, c) if self.space.design.random[c.term].pattern else (-1.0, 1.0)
            )
        estimate = self.best.value(c)
        if c.residual:
            return (LEAST * estimate, ROOM * estimate)
        size = root_mean_squares(self.space.design.random[c.term].columns[:, list(c.effects)])[0, 0]
        return (0.0, max(ROOM * estimate, AS_RESIDUAL * self.fit.sigma / float(size)))
