"""Finding the optimum: BFGS from moment estimates, the boundary, Newton's method, certificates.

The criterion is even in the sign of each column of λ, so the search is unconstrained and signs are set
afterwards. A fit is done when the scaled gradient vanishes in every free direction, the curvature
there is positive, and no variance held at zero wants to leave.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from mmgui.engine.bfgs import Pairs, minimise
from mmgui.engine.boundary import idle, leave, snap
from mmgui.engine.design import FloatArray
from mmgui.engine.newton import Polished, polish
from mmgui.engine.parameters import Free
from mmgui.engine.pattern_start import begin_at, other_patterns
from mmgui.engine.restarts import (
    BETTER,
    ROWS_EACH,
    affordable,
    beside,
    cancelling_starts,
    entangled,
    other_starts,
    patient_descent,
    promising,
    single_starts,
    suspicious,
)
from mmgui.engine.result import Convergence
from mmgui.engine.search import OutOfEvaluations, Point, Search, StopRequested
from mmgui.engine.start import moment_covariances

# Scaled gradient at which BFGS hands over to Newton's method.
HANDOVER = 1e-5
# Scaled gradient at which BFGS ends where the crossed factors have so many random effects that each
# evaluation costs more than 20 ms: the criterion is then within 1e-7 of the optimum.
ARRIVED = 1e-7
COSTLY = 800
# Scaled gradient below which a fit counts as converged.
CONVERGED = 1e-6
ROUNDS = 20
# A round that lowers the criterion by more than this, and has not arrived, is followed by another.
PROGRESS = 1e-4
# Evaluations kept for the descent in hand when other starts are over.
RESERVE = 500
# Starts beside the best end for each start far from it.
BESIDE = 2
# Scaled gradient above which BFGS got nowhere.
STUCK = 1e-4
# Eigenvalues of the scaled Hessian below this are no curvature: the data do not determine the direction.
FLAT = 1e-8
# Where rounding alone may move the criterion by more than this (next to no residual variation is left),
# no optimum is certified.
UNCERTAIN = 1e-4


@dataclass(frozen=True, eq=False)
class Optimum:
    """Where a search ended.

    Attributes
    ----------
    flat
        Flat relative factors in the engine's coordinates, exact zeros for directions without variance.
    convergence
        How it ended.
    """

    flat: FloatArray
    convergence: Convergence


def optimise(search: Search, start: FloatArray | None = None, *, elsewhere: bool = True) -> Optimum | None:
    """Minimise the criterion of a search.

    Parameters
    ----------
    start
        theta to begin at; moment estimates if None.
    elsewhere
        Whether to begin again at other places where the end is suspicious.

    Returns
    -------
    Optimum or None
        None if the person stopped before the first evaluation.
    """
    free = Free.full(search.criterion.basis)
    if not search.criterion.size:
        search(free, np.empty(0))
        return Optimum(np.empty(0), Convergence(True, 0.0, float("nan"), "no parameters"))
    try:
        return _optimise(search, free, start, elsewhere=elsewhere)
    except (StopRequested, OutOfEvaluations) as reason:
        if search.best is None:
            return None
        word = "stopped" if isinstance(reason, StopRequested) else "evaluations"
        return Optimum(search.best[1], Convergence(False, search.best_norm, float("nan"), word))


@dataclass(frozen=True, eq=False, slots=True)
class _End:
    """Where one descent settled; ``troubled`` where it met a saddle or left a boundary, or never settled."""

    free: Free
    point: Point
    result: Polished
    settled: bool
    troubled: bool

    @property
    def flat(self) -> FloatArray:
        """Flat relative factors there."""
        return self.free.flat(self.point.x)


def _optimise(search: Search, free: Free, start: FloatArray | None, *, elsewhere: bool) -> Optimum:
    end = _settle(search, free, _first(search, free, start))
    singular = not all(held.full for held in end.free.held)
    blocks = search.criterion.blocks
    if elsewhere and suspicious(blocks, end.point, singular=singular, troubled=end.troubled):
        ends = [end]
        end = _from_other_starts(search, free, ends, _starts(search, free, ends))
    elif elsewhere and entangled(free.basis):
        end = _from_other_starts(search, free, [end], map(free.coordinates, cancelling_starts(free.basis)))
    flat = end.flat
    if search.best is not None and np.array_equal(flat, search.best[1]):
        flat = search.best[1]
    return Optimum(flat, _certificate(search, end))


def _settle(search: Search, free: Free, point: Point) -> _End:
    """Descend, go to the boundary or leave it, until neither gradient nor curvature nor boundary leads on."""
    refused: set[tuple[int, int]] = set()
    handover, troubled = HANDOVER, False
    result = Polished(point, np.array([np.nan]), 0.0, np.inf, escaped=False)
    lowest = np.inf
    if search.criterion.blocks.q < COSTLY:
        free, point = patient_descent(search, free, point, HANDOVER)
    for _ in range(ROUNDS):
        if handover == ARRIVED and point.value > lowest - point.noise:
            # Going round in rounding.
            break
        lowest = point.value
        point, pairs = _descend(search, free, point, handover)
        if handover == HANDOVER and point.norm(search.scale) > STUCK:
            point, handover, troubled = _another_start(search, free, point), ARRIVED, True
        snapped = snap(search, free, point, refused)
        if snapped is not None:
            free, point = snapped
            point, pairs = _descend(search, free, point, handover)
        if point.noise > UNCERTAIN:
            # What is left to gain drowns in rounding: σ is next to nothing, or goes to zero.
            if point.falling:
                raise search.nothing_left(search.best_state)
            break
        result = polish(search, free, point, pairs)
        point = result.point
        if result.escaped:
            troubled = True
            continue
        if not _arrived(search, result) and handover > ARRIVED:
            # Newton's method does not reach it from here; BFGS goes closer first.
            handover, troubled = ARRIVED, True
            continue
        if not _arrived(search, result) and point.value < lowest - PROGRESS:
            continue
        left = leave(search, free, point, refused)
        if left is None:
            return _End(free, point, result, settled=True, troubled=troubled)
        free, point = left
        troubled = True
    return _End(free, point, replace(result, point=point), settled=False, troubled=True)


def _from_other_starts(
    search: Search, free: Free, ends: list[_End], starts: Iterator[FloatArray]
) -> _End:  # fmt: skip
    """The lowest of the optima that descents from other starts come to; ``ends`` takes in those lower."""
    last = _last_start(search)
    for x in starts:
        if search.count >= last:
            break
        best = (ends[-1].point.value, ends[-1].flat)
        try:
            found = promising(search, free, x, best, HANDOVER)
            other = None if found is None else _settle(search, *found)
        except np.linalg.LinAlgError:
            # A start so far out that the equations there cannot be solved leads nowhere.
            continue
        if other is not None and other.point.value < ends[-1].point.value - BETTER:
            ends.append(other)
    return ends[-1]


def _last_start(search: Search) -> int:
    """The count of evaluations from which no other start is tried."""
    return min(search.count + affordable(search.criterion.blocks), search.limit - RESERVE)


def _starts(search: Search, free: Free, ends: list[_End]) -> Iterator[FloatArray]:
    """Coordinates to begin at: far from the last end and beside it in turn; a ladder for one variance."""
    size = free.slices[-1].stop
    if size == 1 and not free.basis.patterned:
        x = ends[-1].point.x
        yield from single_starts(search, free, float(x[0]) if x.size else 0.0)
        return
    rng = np.random.default_rng(1)
    kicks = BESIDE if len(free.basis.blocks) > 1 else 0
    scarce = search.scale < ROWS_EACH * size
    for flat in other_starts(free.basis, size, scarce=scarce):
        yield free.coordinates(flat)
        for _ in range(kicks):
            yield free.coordinates(beside(free.basis, ends[-1].flat, rng))


def _another_start(search: Search, free: Free, point: Point) -> Point:
    """Where the first descent got stuck, descend from the first other start too; the better end."""
    if not all(held.full for held in free.held):
        return point
    flat = next(other_starts(free.basis, 0))
    search.begin_again()
    other, _ = _descend(search, free, search(free, free.coordinates(flat)), HANDOVER)
    return min(point, other, key=lambda p: p.value)


def _arrived(search: Search, result: Polished) -> bool:
    return result.point.norm(search.scale) <= CONVERGED or result.decrement <= result.point.noise


def _descend(search: Search, free: Free, point: Point, handover: float) -> tuple[Point, Pairs | None]:
    """BFGS to where Newton's method takes over, or, where evaluations are costly, all the way."""
    if search.criterion.blocks.q < COSTLY:
        return minimise(search, free, point, handover), None
    pairs: Pairs = []
    return minimise(search, free, point, ARRIVED, pairs), pairs


def _first(search: Search, free: Free, start: FloatArray | None) -> Point:
    if start is not None:
        x = free.coordinates(search.criterion.flat(start))
    else:
        flat = np.zeros(free.basis.size)
        for block, covariance in zip(
            free.basis.blocks, moment_covariances(search.criterion.blocks), strict=True
        ):
            begin_at(flat, block, covariance)
        x = free.coordinates(flat)
    point = search(free, x)
    if not free.basis.patterned:
        return point
    return _best_pattern(search, free, point, signs_only=start is not None)


def _best_pattern(search: Search, free: Free, point: Point, *, signs_only: bool) -> Point:
    """Descend from other parameters of patterned terms as well, and keep the lowest end."""
    starts = list(other_patterns(free.basis, free.flat(point.x), signs_only=signs_only))
    if starts:
        point = _descend(search, free, point, HANDOVER)[0]
    last = _last_start(search)
    for flat in starts:
        if search.count >= last:
            break
        best = (point.value, free.flat(point.x))
        found = promising(search, free, free.coordinates(flat), best, HANDOVER)
        if found is not None:
            point = search(free, free.coordinates(found[0].flat(found[1].x)))
    return point


def _certificate(search: Search, end: _End) -> Convergence:
    result = end.result
    norm, curvature, curved = end.point.norm(search.scale), float("nan"), True
    if result.eigenvalues.size:
        curvature = float(result.eigenvalues[0])
        curved = curvature > max(FLAT * max(1.0, float(result.eigenvalues[-1])), result.rounding)
    if curved and idle(search, end.free, end.point):
        curvature, curved = 0.0, False
    arrived, certain = _arrived(search, result), end.point.noise <= UNCERTAIN
    reason = "rounding" if not certain else "gradient" if arrived else "evaluations"
    return Convergence(arrived and curved and certain and end.settled, norm, curvature, reason)
