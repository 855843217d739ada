"""The criterion of a model refitted with the zero of a variable elsewhere: with ρ free, and without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.figures.origin import OriginFigure, origin_content
from mmgui.figures.tabular import FigureTable
from mmgui.figures.trace import criterion_name
from mmgui.inference.variance.origin import correlated, criterion_at, uncorrelated

FloatArray = NDArray[np.float64]

MANY, FEW = 41, 13
SLOW = 0.2
"""Seconds of a fit from which it is refitted at few origins."""
QUICK = 10.0
"""Seconds that may be spent without asking."""


@dataclass(frozen=True, eq=False, slots=True)
class OriginModel:
    """One model refitted at each origin.

    ``key`` is ``"correlated"``, ``"uncorrelated"`` or ``"own"``, ``words`` what it is called;
    ``criterion`` (m,) is NaN where it could not be fitted; ``own`` says that it is the model shown.
    """

    key: str
    words: str
    criterion: FloatArray
    own: bool


@dataclass(frozen=True, eq=False, slots=True)
class OriginCriterion:
    """The models of one slope over the same origins.

    Attributes
    ----------
    term, column
        Whose colour it has, and the variable whose zero is moved.
    origins
        (m,) ascending.
    models
        With ρ first, where there is such a model.
    criterion_name
        ``"REML criterion"`` or ``"−2 log-likelihood"``.
    reference
        What heights are drawn above: the smallest criterion there is.
    """

    term: int
    column: str
    origins: FloatArray
    models: tuple[OriginModel, ...]
    criterion_name: str
    reference: float

    def at(self, key: str, origin: float) -> float:
        """The criterion of a model at an origin, above the smallest."""
        model = next(m for m in self.models if m.key == key)
        return float(np.interp(origin, self.origins, model.criterion - self.reference))

    def table(self) -> FigureTable:
        """One line an origin: the criterion of each model."""
        head = (f"Zero of {self.column}", *(f"{self.criterion_name}, {m.words}" for m in self.models))
        columns = np.column_stack([self.origins, *(m.criterion for m in self.models)])
        return FigureTable(head, tuple(tuple(line) for line in columns.tolist()))


def estimated_seconds(figures: int, seconds: float) -> float:
    """About how long all refits take."""
    return 2.0 * figures * (MANY if seconds < SLOW else FEW) * seconds


def origin_criteria(
    fit: Fit,
    *,
    should_stop: Callable[[], bool] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[OriginCriterion, ...]:
    """One figure for each slope of the page, in its order; after a stop those that are complete."""
    figures = origin_content(fit).figures
    points = MANY if fit.seconds < SLOW else FEW
    work = [(f, _origins(f, points), _models(fit.design, f)) for f in figures]
    total = sum(len(origins) * len(models) for _, origins, models in work)
    done = 0
    out: list[OriginCriterion] = []
    for figure, origins, models in work:
        found = []
        for key, words, design, own in models:
            criterion = np.full(len(origins), np.nan)
            for m, origin in enumerate(origins):
                if should_stop is not None and should_stop():
                    return tuple(out)
                criterion[m] = _criterion(design, figure, float(origin))
                done += 1
                if progress is not None:
                    progress(done, total)
            found.append(OriginModel(key, words, criterion, own))
        lowest = min(
            (float(np.nanmin(m.criterion)) for m in found if np.isfinite(m.criterion).any()), default=0.0
        )
        out.append(
            OriginCriterion(
                figure.term, figure.column, origins, tuple(found), criterion_name(fit.reml), lowest
            )
        )
    return tuple(out)


def _origins(figure: OriginFigure, points: int) -> FloatArray:
    """Even steps, and every mark in sight, so that the curve is exact where people look."""
    low, high = figure.span
    marks = [m.value for m in figure.marks if low <= m.value <= high]
    return np.unique(np.concatenate([np.linspace(low, high, points), marks]))


def _models(design: Design, figure: OriginFigure) -> list[tuple[str, str, Design, bool]]:
    slope, term = figure.slope, design.random[figure.slope.slope[0]]
    free, apart = correlated(design, slope), uncorrelated(design, slope)
    out: list[tuple[str, str, Design, bool]] = []
    if figure.free:
        out.append(("correlated", "with ρ", design, True))
    elif free is not None:
        out.append(("correlated", "with ρ", free, False))
    if term.pattern is not None:
        if not figure.free:
            out.append(("own", term.structure.value, design, True))
        return out
    # A slope without an intercept has no ρ to leave out.
    words = "without ρ" if slope.level is not None else f"no {figure.level_name.lower()}"
    if figure.free and apart is not None:
        out.append(("uncorrelated", words, apart, False))
    elif not figure.free:
        out.append(("uncorrelated", words, design, True))
    return out


def _criterion(design: Design, figure: OriginFigure, origin: float) -> float:
    try:
        return criterion_at(design, figure.slope, origin)
    except FitError:
        # A gap in the curve says that there is no fit there.
        return float("nan")
