"""Finding the optimum: BFGS from moment estimates, the boundary, Newton's method, certificates.

The criterion is even in the sign of each column of λ, so the search is unconstrained and signs are set
afterwards. A fit is done when the scaled gradient vanishes in every free direction, the curvature
there is positive, and no variance held at zero wants to leave.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmgui.engine.bfgs import Pairs, minimise
from mmgui.engine.boundary import leave, snap
from mmgui.engine.design import FloatArray
from mmgui.engine.newton import Polished, polish
from mmgui.engine.parameters import Free
from mmgui.engine.pattern_start import begin_at, other_patterns
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
# Eigenvalues of the scaled Hessian below this are no curvature: the data do not determine the direction.
FLAT = 1e-9


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


def optimise(search: Search, start: FloatArray | None = None) -> Optimum | None:
    """Minimise the criterion of a search.

    Parameters
    ----------
    start
        theta to begin at; moment estimates if None.

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
        return _optimise(search, free, start)
    except (StopRequested, OutOfEvaluations) as reason:
        if search.best is None:
            return None
        word = "stopped" if isinstance(reason, StopRequested) else "evaluations"
        return Optimum(search.best[1], Convergence(False, search.best_norm, float("nan"), word))


def _optimise(search: Search, free: Free, start: FloatArray | None) -> Optimum:
    point = _first(search, free, start)
    refused: set[tuple[int, int]] = set()
    handover = HANDOVER
    result = Polished(point, np.array([np.nan]), escaped=False)
    for round_ in range(ROUNDS):
        point, pairs = _descend(search, free, point, handover)
        if round_ == 0 and point.norm(search.scale) > CONVERGED * 100:
            point = _another_start(search, free, point)
        snapped = snap(search, free, point, refused)
        if snapped is not None:
            free, point = snapped
            point, pairs = _descend(search, free, point, handover)
        result = polish(search, free, point, pairs)
        point = result.point
        if result.escaped:
            continue
        if point.norm(search.scale) > CONVERGED and handover > ARRIVED:
            # Newton's method does not reach it from here; BFGS goes closer first.
            handover = ARRIVED
            continue
        left = leave(search, free, point, refused)
        if left is None:
            break
        free, point = left
    flat = free.flat(point.x)
    if search.best is not None and np.array_equal(flat, search.best[1]):
        flat = search.best[1]
    return Optimum(flat, _certificate(search, point, result, round_))


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
    if not starts:
        return point
    others = (search(free, free.coordinates(flat)) for flat in starts)
    ends = [_descend(search, free, p, HANDOVER)[0] for p in (point, *others)]
    return min(ends, key=lambda p: p.value)


def _another_start(search: Search, free: Free, point: Point) -> Point:
    """Where the first descent got stuck, descend from λ = I as well and keep the better end."""
    flat = np.zeros(free.basis.size)
    for block in free.basis.blocks:
        begin_at(flat, block, np.eye(len(block.effects)))
    other, _ = _descend(search, free, search(free, free.coordinates(flat)), HANDOVER)
    return min(point, other, key=lambda p: p.value)


def _certificate(search: Search, point: Point, result: Polished, round_: int) -> Convergence:
    norm = point.norm(search.scale)
    curvature = float(result.eigenvalues[0]) if result.eigenvalues.size else float("nan")
    curved = not result.eigenvalues.size or curvature > FLAT * max(1.0, float(result.eigenvalues[-1]))
    settled = round_ < ROUNDS - 1
    reason = "gradient" if norm <= CONVERGED else "evaluations"
    return Convergence(norm <= CONVERGED and curved and settled, norm, curvature, reason)
