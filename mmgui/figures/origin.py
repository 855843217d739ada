"""The zero of a slope variable taken in hand: the lines of the groups and what their intercepts are there."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.engine.result import Fit
from mmgui.figures.moved import Moved
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_name, response_name
from mmgui.inference.variance.origin import (
    OriginSlope,
    another_model,
    correlation_along,
    covariance_at,
    is_free,
    narrowest,
    origin_slopes,
    pair_covariance,
    pair_modes,
    variance_along,
)
from mmgui.numbers import decimal, number, scientific
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import INTERCEPT_NAME

FloatArray = NDArray[np.float64]
Span = tuple[float, float]

BENT_POINTS, CURVE_POINTS = 61, 241
BESIDE = 0.2
"""How far the axis reaches beyond the data and 0, as a share of their span."""
LITTLE, MUCH = 0.1, 0.5
"""|ρ| below which steep lines are neither high nor low, and from which they are one of these."""
FAR_ZERO, FAR = 3.0, 1.0
"""Up to how many spans of the data away 0, and the place where the lines lie closest, are on the axis."""


@dataclass(frozen=True, slots=True)
class OriginMark:
    """A value to put the zero at: ``the mean``, ``where lines lie closest``."""

    key: str
    words: str
    value: float


@dataclass(frozen=True, eq=False, slots=True)
class OriginFigure:
    """The lines of one slope's groups, as functions of x.

    Attributes
    ----------
    slope
        Which slope of which term.
    term, grouping, levels
        The term whose colour it has, its grouping factor and its L groups.
    column, level_name, y_name
        The variable whose zero is moved; what the lines start from, ``Intercept`` or the effect it
        belongs to; the response.
    x, y, codes
        (n,) the rows' values, response and groups; y is empty where the lines are differences only.
    covariance
        (2, 2) of intercept and slope at zero.
    modes
        (L, 2) conditional modes of intercept and slope at zero.
    grid, basis, constant, beta
        Where the middle line is known, (m,), and what it is made of: ``basis @ beta + constant``.
    straight
        Whether it is a straight line, known everywhere.
    span, data
        What the axis of x shows, and the smallest and largest x.
    mean
        The mean of x.
    free
        Whether ρ is a parameter of the model.
    otherwise
        Why the model fits otherwise with the zero elsewhere although ρ is free, as ``another_model``.
    spec, whole
        The model, and whether it reads every row of the table.
    """

    slope: OriginSlope
    term: int
    grouping: str
    levels: tuple[str, ...]
    column: str
    level_name: str
    y_name: str
    x: FloatArray
    y: FloatArray
    codes: NDArray[np.int32]
    covariance: FloatArray
    modes: FloatArray
    grid: FloatArray
    basis: FloatArray
    constant: float
    beta: FloatArray
    straight: bool
    span: Span
    data: Span
    mean: float
    free: bool
    spec: ModelSpec
    whole: bool
    otherwise: str = ""

    @property
    def name(self) -> str:
        """``Days in Subject``; with the effect it belongs to where that is no intercept."""
        of = "" if self.level_name == "Intercept" else f" of {self.level_name}"
        return f"{self.column}{of} in {self.grouping}"

    @property
    def middle(self) -> FloatArray:
        """(m,) the line of all groups on ``grid``."""
        return np.asarray(self.basis @ self.beta + self.constant)

    def middle_at(self, x: float) -> float:
        """The same at one place; beyond what is known of a bent line, its end."""
        line = self.middle
        if self.straight:
            slope = (line[-1] - line[0]) / (self.grid[-1] - self.grid[0])
            return float(line[0] + slope * (x - self.grid[0]))
        return float(np.interp(x, self.grid, line))

    @property
    def start(self) -> float:
        """Where the zero is at first: where the model has it, or amid the data where that is far away."""
        return 0.0 if self.span[0] <= 0.0 <= self.span[1] else self.mean

    @property
    def marks(self) -> tuple[OriginMark, ...]:
        """Places to put the zero at; the last is where the lines lie closest, if they do anywhere."""
        low, high = self.data
        marks = [
            OriginMark("zero", "0", 0.0),
            OriginMark("min", f"min {self.tidy(low)}", low),
            OriginMark("mean", f"mean {self.tidy(self.mean)}", self.mean),
            OriginMark("max", f"max {self.tidy(high)}", high),
        ]
        closest = narrowest(self.covariance)
        if math.isfinite(closest):
            marks.append(OriginMark("narrowest", f"ρ = 0 at {self.tidy(closest)}", closest))
        return tuple(marks)

    def tidy(self, value: float) -> str:
        """A value of x with the digits that its range calls for: ``4.5``, ``1998``, ``8.24 × 10⁻⁶``."""
        rounded = self.rounded(value)
        text = f"{rounded:.10g}"
        if "e" in text:
            mantissa = text.partition("e")[0].lstrip("-").replace(".", "")
            return scientific(rounded, len(mantissa))
        return ("0" if text == "-0" else text).replace("-", "−")

    def rounded(self, value: float) -> float:
        """The number that ``tidy`` writes."""
        wide = self.data[1] - self.data[0]
        return round(value, 2 - math.floor(math.log10(wide))) + 0.0

    def origins(self) -> FloatArray:
        """(m,) origins that curves are drawn over."""
        return np.linspace(*self.span, CURVE_POINTS)

    def table(self) -> FigureTable:
        """One line an origin: what intercepts and slopes are there."""
        where = np.unique(np.concatenate([[m.value for m in self.marks], np.linspace(*self.data, 11)]))
        sd = np.sqrt(np.maximum(variance_along(self.covariance, where), 0.0))
        rho = correlation_along(self.covariance, where)
        steep = math.sqrt(self.covariance[1, 1])
        rows = tuple((float(c), float(s), steep, float(r)) for c, s, r in zip(where, sd, rho, strict=True))
        names = (f"Zero of {self.column}", f"SD of {self.level_name}", f"SD of {self.column}", "Correlation")
        return FigureTable(names, rows)


@dataclass(frozen=True, eq=False, slots=True)
class OriginContent:
    """What the page shows of a model: each slope that can be moved, or why there is none."""

    figures: tuple[OriginFigure, ...]
    reason: str
    seconds: float = 0.0


@dataclass(frozen=True, eq=False, slots=True)
class OriginPoint:
    """One place of the zero.

    ``covariance`` (2, 2) and ``modes`` (L, 2) are those of intercept and slope there, ``heights`` (L,)
    where the lines cross it, ``middle`` where the line of all does.
    """

    origin: float
    covariance: FloatArray
    modes: FloatArray
    heights: FloatArray
    middle: float

    @property
    def sd(self) -> float:
        """SD of the lines there."""
        return math.sqrt(max(float(self.covariance[0, 0]), 0.0))

    @property
    def slope_sd(self) -> float:
        """SD of the slopes, the same everywhere."""
        return math.sqrt(float(self.covariance[1, 1]))

    @property
    def correlation(self) -> float:
        """ρ there; NaN where one of the two does not vary."""
        # The zero stands here already.
        return float(correlation_along(self.covariance, np.zeros(1))[0])


def origin_content(fit: Fit) -> OriginContent:
    """Every slope whose zero can be moved, or a sentence that says what would be needed."""
    slopes = origin_slopes(fit.design)
    if slopes:
        return OriginContent(tuple(_figure(fit, s) for s in slopes), "", fit.seconds)
    grouping = fit.terms[0].grouping if fit.terms else "a grouping factor"
    return OriginContent(
        (),
        f"There is no zero to move: no numeric variable has a random slope. Give one a slope, as in "
        f"(x | {grouping}), and see how intercepts and slopes go together wherever its zero stands.",
    )


def origin_point(figure: OriginFigure, origin: float) -> OriginPoint:
    """What intercepts and slopes are with the zero of x at ``origin``."""
    middle = figure.middle_at(origin)
    high = figure.modes[:, 0] + origin * figure.modes[:, 1]
    modes = np.column_stack([high, figure.modes[:, 1]])
    return OriginPoint(origin, covariance_at(figure.covariance, origin), modes, middle + high, middle)


def moved_origin(figure: OriginFigure, moved: Moved) -> OriginFigure:
    """The figure at other covariance parameters: Σ, modes and the middle line follow."""
    return replace(
        figure,
        covariance=pair_covariance(moved.fit, figure.slope),
        modes=pair_modes(moved.fit, figure.slope),
        beta=moved.fit.beta,
    )


def stretched(figure: OriginFigure, limits: Span) -> OriginFigure:
    """The figure over a longer axis; a straight middle line is known there too."""
    if not figure.straight:
        return replace(figure, span=limits)
    first, last = figure.basis[0], figure.basis[-1]
    share = (np.array(limits) - figure.grid[0]) / (figure.grid[-1] - figure.grid[0])
    return replace(figure, span=limits, grid=np.array(limits), basis=first + share[:, None] * (last - first))


def origin_sentence(figure: OriginFigure, origin: float) -> str:
    """What it means, in the person's names."""
    point = origin_point(figure, origin)
    at = f"At {figure.column} = {figure.tidy(origin)} the lines of {figure.grouping}"
    if figure.covariance[1, 1] <= 0.0:
        return (
            f"{at} spread by SD {number(point.sd)}, as everywhere: their slopes do not vary, so that "
            "they are parallel and the zero does not matter."
        )
    rho = point.correlation
    if math.isnan(rho):
        return f"{at} all meet in one point. {_why(figure)}"
    least = abs(origin - narrowest(figure.covariance)) < 0.02 * (figure.data[1] - figure.data[0])
    spread = f"spread by SD {number(point.sd)}{', the least there is' if least else ''}"
    if abs(rho) < LITTLE:
        how = "are neither high nor low"
    else:
        how = f"{'are' if abs(rho) >= MUCH else 'tend to be'} {'high' if rho > 0 else 'low'}"
    return f"{at} {spread}, and steep lines {how} (ρ = {decimal(rho, 2)}). {_why(figure)}"


_ANOTHER = "With the zero elsewhere it is another model, and fits otherwise."
_OTHERWISE = {
    "fixed": "ρ is free, but the fixed effects hold the line of all where {} is 0.",
    "random": "ρ is free here, but not in other effects of {}.",
}


def _why(figure: OriginFigure) -> str:
    if figure.free and not figure.otherwise:
        return "Moving the zero changes what the correlation is about, not how well the model fits."
    if figure.free:
        return f"{_OTHERWISE[figure.otherwise].format(figure.column)} {_ANOTHER}"
    if figure.slope.level is None:
        return (
            f"The model gives groups no {figure.level_name.lower()}, so that their lines meet where "
            f"{figure.column} is 0: with the zero elsewhere it is another model, and fits otherwise."
        )
    pattern = figure.spec.random[figure.term].covariance
    if pattern.patterned:
        return (
            f"The pattern of Σ ({pattern.value}) is said of where {figure.column} is 0: with the zero "
            "elsewhere it is said of another place, is another model, and fits otherwise."
        )
    return (
        f"The model says ρ = 0 where {figure.column} is 0: with the zero elsewhere it says so of another "
        "place, is another model, and fits otherwise."
    )


def _figure(fit: Fit, slope: OriginSlope) -> OriginFigure:
    design, (k, _) = fit.design, slope.slope
    term = fit.terms[k]
    plain = slope.level is None or fit.terms[slope.level[0]].effects[slope.level[1]] == INTERCEPT_NAME
    level = (
        "Intercept" if slope.level is None else effect_name(fit.terms[slope.level[0]].effects[slope.level[1]])
    )
    covariance = pair_covariance(fit, slope)
    low, high = float(slope.values.min()), float(slope.values.max())
    span = _span(low, high, narrowest(covariance))
    grid, basis, constant, straight = _middle(design, slope, (low, high), span, plain=plain)
    return OriginFigure(
        slope=slope,
        term=k,
        grouping=term.grouping,
        levels=term.levels,
        column=slope.column,
        level_name=level,
        y_name=response_name(design.spec) if plain else f"Difference in {level}",
        x=slope.values,
        y=design.y if plain else np.empty(0),
        codes=design.random[k].codes,
        covariance=covariance,
        modes=pair_modes(fit, slope),
        grid=grid,
        basis=basis,
        constant=constant,
        beta=fit.beta,
        straight=straight,
        span=span,
        data=(low, high),
        mean=float(slope.values.mean()),
        free=is_free(design, slope),
        spec=design.spec,
        whole=design.dropped_rows == 0,
        otherwise=another_model(design, slope),
    )


def _span(low: float, high: float, closest: float) -> Span:
    """The data and 0, with room; where the lines lie closest too, if that is not far."""
    wide = high - low
    ends = [low, high]
    for place, far in ((0.0, FAR_ZERO), (closest, FAR)):
        ends += [place] if low - far * wide <= place <= high + far * wide else []
    room = BESIDE * (max(ends) - min(ends))
    return min(ends) - room, max(ends) + room


def _middle(
    design: Design, slope: OriginSlope, data: Span, span: Span, *, plain: bool
) -> tuple[FloatArray, FloatArray, float, bool]:
    """What the line of all groups is made of: other columns at their mean, those of x as they run."""
    names, x = design.fixed_names, slope.values
    if not plain:
        return np.array(span), np.zeros((2, len(names))), 0.0, True
    pure = [
        k > 0 and set(design.spec.fixed[k - 1].columns()) == {slope.column} for k in design.assign.tolist()
    ]
    bent = any(p and n != slope.column for n, p in zip(names, pure, strict=True))
    grid = np.linspace(*data, BENT_POINTS) if bent else np.array(span)
    basis = np.tile(design.x.mean(axis=0), (len(grid), 1))
    order = np.argsort(x, kind="stable")
    for j, name in enumerate(names):
        parts = name.split(":")
        if name == slope.column:
            basis[:, j] = grid
        elif pure[j]:
            basis[:, j] = np.interp(grid, x[order], design.x[order, j])
        elif slope.column in parts:
            parts.remove(slope.column)
            rest = ":".join(parts)
            share = design.x[:, names.index(rest)].mean() if rest in names else _share(design.x[:, j], x)
            basis[:, j] = grid * share
    constant = 0.0 if design.offset is None else float(design.offset.mean())
    return grid, basis, constant, not bent


def _share(column: FloatArray, x: FloatArray) -> float:
    """The mean of what a product multiplies x with."""
    known = x != 0.0
    return float(np.mean(column[known] / x[known])) if known.any() else 0.0
