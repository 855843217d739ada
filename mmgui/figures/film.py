"""A fit as a film: the points a model passes through, and what to say of each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import RandomDesign
from mmgui.engine.result import FitLog
from mmgui.figures.tabular import FigureTable
from mmgui.figures.trace import TraceFigure
from mmgui.figures.wording import effect_name
from mmgui.inference.likelihood.covariance_point import CovariancePoint

FloatArray = NDArray[np.float64]

STEP_SECONDS, FILM_SECONDS = 0.6, 9.0
"""How long a frame takes at most, and a film."""
SHORTEST_STEP = 0.05
"""Seconds that a frame is seen at least."""


@dataclass(frozen=True, eq=False, slots=True)
class FilmFrame:
    """One point of a film.

    Attributes
    ----------
    point
        All covariance parameters there.
    difference
        The criterion there less that of the best fit.
    caption
        What to say of it.
    evaluation
        Which evaluation of the optimiser it is, from 1; 0 where it is none.
    step
        Whether it brought the criterion lower than all before it since the search began (again); False for
        a trial that did not.
    joined
        Whether the film moves here from the frame before; False where the optimiser jumped.
    """

    point: CovariancePoint
    difference: float
    caption: str
    evaluation: int = 0
    step: bool = True
    joined: bool = True


@dataclass(frozen=True, eq=False, slots=True)
class FilmChoice:
    """A film that can be made of a fit: ``key`` for programs, ``title`` for lists."""

    key: str
    title: str


@dataclass(frozen=True, eq=False)
class Film:
    """Frames in order, and all that lies between them: position 2.5 is half way from frame 2 to frame 3.

    Attributes
    ----------
    key, title
        Which film it is.
    summary
        What it shows, in a sentence.
    frames
        At least one.
    random
        The model's terms.
    ends_at_best
        Whether the last frame is the best fit.
    log
        Where the frames are evaluations: all of them, the film's and those it leaves out.
    path
        The same as a picture.
    """

    key: str
    title: str
    summary: str
    frames: tuple[FilmFrame, ...]
    random: tuple[RandomDesign, ...]
    ends_at_best: bool
    log: FitLog | None = None
    path: TraceFigure | None = None

    @property
    def last(self) -> int:
        """The position of the last frame."""
        return len(self.frames) - 1

    @property
    def step_seconds(self) -> float:
        """How long the way from one frame to the next takes."""
        return min(max(FILM_SECONDS / max(self.last, 1), SHORTEST_STEP), STEP_SECONDS)

    def point(self, position: float) -> CovariancePoint:
        """The parameters at a position; exactly those of the frame where there is one."""
        position = min(max(position, 0.0), float(self.last))
        before = int(position)
        share = position - before
        if share == 0.0:
            return self.frames[before].point
        following = self.frames[before + 1]
        if not following.joined:
            return self.frames[before].point
        # Slow where there is a frame, so that the eye rests on what was evaluated.
        eased = share * share * (3.0 - 2.0 * share)
        return between(self.random, self.frames[before].point, following.point, eased)

    def frame(self, position: float) -> FilmFrame:
        """The frame at a position, or the one that is next."""
        return self.frames[min(max(math.ceil(position - 1e-9), 0), self.last)]

    def place(self, position: float) -> float | None:
        """The evaluation that a position is at, from 1, with fractions between two; None for other films."""
        position = min(max(position, 0.0), float(self.last))
        before = int(position)
        one, other = self.frames[before], self.frames[min(before + 1, self.last)]
        if not one.evaluation or not other.evaluation:
            return None
        share = position - before if other.joined else 0.0
        return one.evaluation + share * (other.evaluation - one.evaluation)

    def position_of(self, evaluation: int) -> int | None:
        """Where an evaluation, from 1, is in the film."""
        return next((k for k, f in enumerate(self.frames) if f.evaluation == evaluation), None)

    def table(self) -> FigureTable:
        """One line a frame."""
        sds = [f"{r.grouping}: SD of {effect_name(effect)}" for r in self.random for effect in r.effects]
        rows = tuple(
            (
                k + 1,
                f.evaluation or None,
                f.difference,
                *(float(v) for sd in f.point.sds for v in sd),
                f.point.sigma,
                f.caption,
            )
            for k, f in enumerate(self.frames)
        )
        criterion = "Criterion above the best fit"
        return FigureTable(("Frame", "Evaluation", criterion, *sds, "σ", "Caption"), rows)


def between(
    random: Sequence[RandomDesign], one: CovariancePoint, other: CovariancePoint, share: float
) -> CovariancePoint:
    """A ``share`` of the way from one point to another: SDs, correlations and σ each change evenly.

    A mixture of two correlation matrices is one; the correlations of a patterned term follow from its ρ.
    """
    sds = tuple(a + share * (b - a) for a, b in zip(one.sds, other.sds, strict=True))
    correlations = tuple(
        _correlations(r, a, b, share)
        for r, a, b in zip(random, one.correlations, other.correlations, strict=True)
    )
    return CovariancePoint(sds, correlations, one.sigma + share * (other.sigma - one.sigma))


def _correlations(random: RandomDesign, one: FloatArray, other: FloatArray, share: float) -> FloatArray:
    mixed = one + share * (other - one)
    pattern = random.pattern
    if pattern is None or not pattern.correlated:
        return mixed
    return pattern.correlation(float(mixed[0, 1]))


def mixed(
    random: Sequence[RandomDesign], one: CovariancePoint, other: CovariancePoint, share: float
) -> CovariancePoint:
    """A ``share`` of the way from one point to another, their covariances mixed.

    So that the SD of a direction that the other point has not shrinks like the square root of what is left.
    Patterned terms keep their pattern: their parameters change evenly.
    """
    even = between(random, one, other, share)
    sds, correlations = list(even.sds), list(even.correlations)
    for k, r in enumerate(random):
        if r.pattern is not None:
            continue
        covariance = (1.0 - share) * _covariance(one, k) + share * _covariance(other, k)
        sd = np.sqrt(np.diag(covariance))
        size = np.where(sd > 0.0, sd, 1.0)
        correlation = np.clip(covariance / np.outer(size, size), -1.0, 1.0)
        np.fill_diagonal(correlation, 1.0)
        sds[k], correlations[k] = sd, correlation
    sigma = math.sqrt((1.0 - share) * one.sigma**2 + share * other.sigma**2)
    return replace(even, sds=tuple(sds), correlations=tuple(correlations), sigma=sigma)


def _covariance(point: CovariancePoint, term: int) -> FloatArray:
    sd = point.sds[term]
    out: FloatArray = np.outer(sd, sd) * point.correlations[term]
    return out
