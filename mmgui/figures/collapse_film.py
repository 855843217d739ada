"""Films of a collapse: a variance, or the smallest of several, goes to zero."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.engine.singularity import root_mean_squares
from mmgui.figures.covariance_names import coordinate_title
from mmgui.figures.film import Film, FilmFrame, mixed
from mmgui.figures.trace import criterion_name
from mmgui.figures.wording import above, effect_titles, listed
from mmgui.inference.landscape.best_sigma import BestSigma
from mmgui.inference.likelihood.covariance_point import Coordinate, CovariancePoint, CovarianceSpace
from mmgui.inference.variance.collapse import without_effects, without_smallest_direction
from mmgui.numbers import decimal, number

FloatArray = NDArray[np.float64]

FRAMES = 21
CHEAP_SECONDS = 1e-3
"""Up to what an evaluation may cost for σ to be the best one at every frame."""
GONE = 1e-3
"""A direction below this share of the largest has no variance to show."""


@dataclass(frozen=True, slots=True)
class Collapse:
    """What collapses: one effect, or the smallest direction of a block of several.

    Attributes
    ----------
    term
        Position of the random-effects term.
    effects
        The block's effects, or the one.
    block
        Position of the block; None where one effect of several, or a whole patterned term, goes.
    """

    term: int
    effects: tuple[int, ...]
    block: int | None

    @property
    def key(self) -> str:
        """For programs: ``collapse:0:0``, ``without:0:1``."""
        if self.block is not None:
            return f"collapse:{self.term}:{self.block}"
        return f"without:{self.term}:{'-'.join(map(str, self.effects))}"


def collapses(fit: Fit) -> tuple[Collapse, ...]:
    """All that can collapse, term by term: a block's smallest direction, then each of its effects."""
    out: list[Collapse] = []
    for t, random in enumerate(fit.design.random):
        if random.pattern is not None:
            out.append(Collapse(t, tuple(range(len(random.effects))), None))
            continue
        for k, block in enumerate(random.blocks):
            out.append(Collapse(t, block, k))
            if len(block) > 1:
                out += [Collapse(t, (i,), None) for i in block if fit.terms[t].sd[i] > 0.0]
    return tuple(out)


def collapse_title(fit: Fit, c: Collapse) -> str:
    """``Collapse of Subject: Intercept and Slope of Days``, ``SD of intercept, batch, goes to zero``."""
    grouping, titles = fit.terms[c.term].grouping, effect_titles(fit.design, c.term)
    if len(c.effects) == 1:
        return f"{coordinate_title(fit, Coordinate(c.term, c.effects))}, goes to zero"
    if c.block is None:
        return f"All variance of {grouping} goes to zero"
    if len(fit.design.random[c.term].blocks) == 1:
        return f"Collapse of {grouping}"
    return f"Collapse of {grouping}: {listed([titles[i] for i in c.effects])}"


def collapse_film(space: CovarianceSpace, c: Collapse) -> Film:
    """From the best fit to the best model without the variance; of a singular fit the way there instead.

    On the way the covariances are mixed, so that the SD that vanishes shrinks by equal amounts, and σ is
    the best one for them; both ends are optima.

    Raises
    ------
    FitError
        Where the model without the variance cannot be fitted.
    """
    fit = space.fit
    arrived = is_gone(space, space.best, c)
    if arrived:
        one, other = _full_start(space, c), space.best
    else:
        one, other = space.best, _end(space, c)
    frames = []
    best_sigma = BestSigma(space)
    full = _share(space, c, one)
    for k in range(FRAMES):
        share = 1.0 - (1.0 - k / (FRAMES - 1)) ** 2
        point = other if k == FRAMES - 1 else mixed(space.design.random, one, other, share)
        if 0 < k < FRAMES - 1 and space.model.seconds <= CHEAP_SECONDS:
            point = best_sigma.at(point)[0]
        difference = 0.0 if point is space.best else space.criterion(point) - fit.objective
        frames.append(FilmFrame(point, difference, _caption(space, c, point, difference, full)))
    return Film(
        c.key, collapse_title(fit, c), _summary(c, arrived=arrived), tuple(frames), space.design.random,
        ends_at_best=arrived,
    )  # fmt: skip


def spread(space: CovarianceSpace, point: CovariancePoint, c: Collapse) -> tuple[float, float]:
    """The SD of a block's smallest and largest direction over its rows, in the response's units."""
    at = list(c.effects)
    sd = point.sds[c.term][at]
    covariance = np.outer(sd, sd) * point.correlations[c.term][np.ix_(at, at)]
    size = root_mean_squares(space.design.random[c.term].columns[:, at])
    values = np.linalg.eigvalsh(covariance * (size @ size.T))
    return float(np.sqrt(max(values[0], 0.0))), float(np.sqrt(max(values[-1], 0.0)))


def is_gone(space: CovarianceSpace, point: CovariancePoint, c: Collapse) -> bool:
    """Whether what is to collapse has no variance at a point."""
    term = space.fit.terms[c.term]
    if point is space.best and c.block is not None and len(c.effects) == len(term.effects):
        return term.singular
    smallest, largest = spread(space, point, c)
    if c.block is not None and len(c.effects) > 1:
        return smallest <= GONE * largest or largest == 0.0
    return bool(np.all(point.sds[c.term][list(c.effects)] <= GONE * GONE * space.fit.sigma))


def _end(space: CovarianceSpace, c: Collapse) -> CovariancePoint:
    if c.block is not None and len(c.effects) > 1:
        return space.point(without_smallest_direction(space.fit, c.term, c.block))
    return space.point(without_effects(space.fit, c.term, c.effects))


def _full_start(space: CovarianceSpace, c: Collapse) -> CovariancePoint:
    """Where the optimiser began if all had variance there, else as large a variance as the residual's."""
    log = space.fit.log
    if len(log.objective):
        first = space.evaluation(log, 0)
        smallest, largest = spread(space, first, c)
        if smallest > 0.1 * max(largest, first.sigma):
            return first
    at = list(c.effects)
    size = root_mean_squares(space.design.random[c.term].columns[:, at])[:, 0]
    sd, correlation = space.best.sds[c.term].copy(), space.best.correlations[c.term].copy()
    sd[at] = space.best.sigma / size
    if space.design.random[c.term].pattern is None:
        correlation[np.ix_(at, at)] = np.eye(len(at))
    else:
        sd[at] = float(np.mean(sd[at]))
    sds, correlations = list(space.best.sds), list(space.best.correlations)
    sds[c.term], correlations[c.term] = sd, correlation
    point = replace(space.best, sds=tuple(sds), correlations=tuple(correlations))
    return BestSigma(space).at(point)[0] if space.model.seconds <= CHEAP_SECONDS else point


def _summary(c: Collapse, *, arrived: bool) -> str:
    if arrived:
        return "How the data pull a variance to zero: from a start that has variance everywhere to the fit."
    several = c.block is not None and len(c.effects) > 1
    what = "the effects have one direction of variance fewer" if several else "it has no variance"
    return f"From the best fit to the best model in which {what}; all other parameters end at their best."


def _share(space: CovarianceSpace, c: Collapse, point: CovariancePoint) -> float:
    """The SD of the smallest direction as a share of the largest one's."""
    smallest, largest = spread(space, point, c)
    return smallest / largest if largest > 0.0 else 0.0


def _caption(
    space: CovarianceSpace, c: Collapse, point: CovariancePoint, difference: float, full: float
) -> str:
    """What a frame shows; ``full`` is the share of the smallest direction where the film begins."""
    fit = space.fit
    words = above(criterion_name(fit.reml), difference)
    if len(c.effects) == 1:
        sd = float(point.sds[c.term][c.effects[0]])
        name = coordinate_title(fit, Coordinate(c.term, c.effects))
        return f"{name}: {number(sd)}; {words}"
    if c.block is None:
        return f"SD of {fit.terms[c.term].grouping}: {number(float(point.sds[c.term].max()))}; {words}"
    share = _share(space, c, point)
    # Far from zero the directions of a slope and its intercept are of unequal size from the beginning.
    if share > GONE * min(full, 1.0):
        grouping = fit.terms[c.term].grouping
        return f"Smallest direction of {grouping}: {_percent(share)} of the largest; {words}"
    return f"{_flat_words(fit, c, point)}; {words}"


def _percent(share: float) -> str:
    """``43 %``; below one percent its leading digits, so that it is seen to become less."""
    value = 100.0 * share
    return f"{value:.0f} %" if value >= 0.995 else f"{number(value, 1)} %"


def _flat_words(fit: Fit, c: Collapse, point: CovariancePoint) -> str:
    titles = effect_titles(fit.design, c.term)
    if len(c.effects) == 2:
        i, j = c.effects
        if min(point.sds[c.term][[i, j]]) > 0.0:
            rho = float(point.correlations[c.term][i, j])
            return f"{titles[i]} and {titles[j]} go together: correlation {decimal(rho, 2)}"
    return f"One direction of {fit.terms[c.term].grouping} has no variance left"
