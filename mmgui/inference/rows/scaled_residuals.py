"""Decorrelated residuals: L⁻¹(y - Xβ̂) with L the lower Cholesky factor of the response's covariance.

V is block-diagonal over the connected parts of the table: rows that share no group, directly or through
other rows, are independent. Within a part the rows keep the order of the table, so that the factor of
the whole V is made of the parts' factors. A part with many rows but few random effects is taken in
pieces: L⁻¹r are the errors of predicting each row from those before it, and the random effects carry all
that the rows before say about the next ones (Kalman filter).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import solve_triangular

from mmgui.engine.result import Fit
from mmgui.engine.threads import one_blas_thread
from mmgui.errors import FitError
from mmgui.inference.rows.residuals import marginal_residuals

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
Progress = Callable[[int, int], None]
ShouldStop = Callable[[], bool]

# Numbers of the stacked covariance blocks held at once.
_AT_ONCE = 2_000_000
# A part of at most so many rows is factored whole.
_WHOLE = 1500
# Rows in a piece of a larger part.
_PIECE = 512
# Multiplications beyond which (about five minutes) the answer is refused.
MOST_WORK = 3e12


def scaled_residuals(
    fit: Fit, *, on_progress: Progress | None = None, should_stop: ShouldStop | None = None
) -> FloatArray:
    """(n,) residuals of unit variance and no correlation, if the model is right: L⁻¹(y - Xβ̂), L Lᵀ = V.

    Each is what a row adds to the rows above it in the table; their order matters.

    Parameters
    ----------
    fit
        The fitted model.
    on_progress
        Called with the number of rows done and the number of rows.
    should_stop
        Asked between pieces of at most some seconds.

    Raises
    ------
    FitError
        ``stopped`` where the person asked for it; ``too_large`` where the groups tie too many rows and
        random effects together; ``perfect_fit`` where V is singular because no residual variance is left.

    References
    ----------
    Houseman, E. A., Ryan, L. M. & Coull, B. A. (2004). Cholesky residuals for assessing normal errors in a
    linear model with correlated outcomes. JASA 99, 383-394.
    """
    if not fit.sigma > 0.0:
        raise FitError(
            "perfect_fit",
            "The model reproduces the response exactly, so there are no residuals to scale; check whether "
            "the response follows from the other columns.",
        )
    left = marginal_residuals(fit)
    parts = connected_rows(fit)
    _check_work(fit, parts)
    out = np.empty(fit.nobs)
    told = _Told(fit.nobs, on_progress, should_stop)
    by_size: dict[int, list[IntArray]] = {}
    for rows in parts:
        by_size.setdefault(rows.size, []).append(rows)
    with one_blas_thread():
        for size, same in by_size.items():
            if size > _WHOLE and _effects_within(fit, same[0]) < size:
                for rows in same:
                    out[rows] = _in_pieces(fit, rows, left[rows], told)
                continue
            _whole(fit, np.array(same), left, out, told)
    return out


def _whole(fit: Fit, same: IntArray, left: FloatArray, out: FloatArray, told: _Told) -> None:
    """Parts (k, m) of equal size, by their covariances; the answer goes to ``out``."""
    step = max(1, _AT_ONCE // same.shape[1] ** 2)
    for start in range(0, len(same), step):
        stack = same[start : start + step]
        lower = np.linalg.cholesky(covariance_blocks(fit, stack))
        out[stack] = np.linalg.solve(lower, left[stack][..., None])[..., 0]
        told.done(stack.size)


class _Told:
    """Counts rows, tells of them, and asks whether to go on."""

    def __init__(self, total: int, on_progress: Progress | None, should_stop: ShouldStop | None) -> None:
        self._done, self._total = 0, total
        self._on_progress, self._should_stop = on_progress, should_stop

    def done(self, rows: int) -> None:
        self._done += rows
        if self._on_progress is not None:
            self._on_progress(self._done, self._total)
        if self._done < self._total and self._should_stop is not None and self._should_stop():
            raise FitError("stopped", "Decorrelating the residuals was stopped before it was done.")


def connected_rows(fit: Fit) -> list[IntArray]:
    """The rows of each part of the table that no group ties to the rest, in the table's order."""
    design = fit.design
    n = design.nobs
    if not design.random:
        return list(np.arange(n)[:, None])
    groups = {r.grouping: (r.codes.astype(np.intp), len(r.levels)) for r in design.random}
    starts = np.cumsum([n, *(count for _, count in groups.values())])
    to = np.concatenate([start + codes for start, (codes, _) in zip(starts, groups.values(), strict=False)])
    row = np.tile(np.arange(n), len(groups))
    size = int(starts[-1])
    graph = sparse.coo_array((np.ones(row.size, dtype=np.int8), (row, to)), shape=(size, size))
    _, label = sparse.csgraph.connected_components(graph, directed=False)
    order = np.argsort(label[:n], kind="stable")
    return np.split(order, np.flatnonzero(np.diff(label[:n][order])) + 1)


def covariance_blocks(fit: Fit, rows: IntArray) -> FloatArray:
    """(k, m, m) covariance of the response among the rows of each of k sets, ``rows`` (k, m)."""
    design = fit.design
    k, m = rows.shape
    out = np.zeros((k, m, m))
    noise = np.full(design.nobs, fit.sigma**2)
    if design.weights is not None:
        noise /= design.weights
    at = np.arange(m)
    out[:, at, at] = noise[rows]
    for random, term in zip(design.random, fit.terms, strict=True):
        z, codes = random.columns[rows], random.codes[rows]
        same = codes[:, :, None] == codes[:, None, :]
        out += np.where(same, (z @ term.covariance) @ z.swapaxes(1, 2), 0.0)
    return out


def _effects_within(fit: Fit, rows: IntArray) -> int:
    return sum(np.unique(r.codes[rows]).size * len(r.effects) for r in fit.design.random)


def _check_work(fit: Fit, parts: list[IntArray]) -> None:
    work = 0.0
    for rows in parts:
        if rows.size <= _WHOLE:
            continue
        effects = _effects_within(fit, rows)
        least = float(rows.size) * effects * (2.0 * effects + _PIECE)
        work += least if effects < rows.size else rows.size**3 / 3.0
    if work > MOST_WORK:
        largest = max(parts, key=len)
        raise FitError(
            "too_large",
            f"The groups tie {largest.size:,} rows and {_effects_within(fit, largest):,} random effects "
            "together, too many to decorrelate; use the standardised residuals.",
        )


@dataclass(frozen=True, eq=False)
class _Part:
    """Sparse [Z λ] of a part's rows in units of σ, its rows scaled by √w."""

    columns: sparse.csr_array
    root: FloatArray


def _part(fit: Fit, rows: IntArray) -> _Part:
    design = fit.design
    root = np.ones(rows.size) if design.weights is None else np.sqrt(design.weights[rows])
    pieces = []
    for random, term in zip(design.random, fit.terms, strict=True):
        codes = np.unique(random.codes[rows], return_inverse=True)[1].reshape(-1)
        s = len(random.effects)
        values = (random.columns[rows] @ term.relative_factor) * root[:, None]
        column = codes[:, None] * s + np.arange(s)
        row = np.repeat(np.arange(rows.size), s)
        shape = (rows.size, (int(codes.max()) + 1) * s)
        pieces.append(sparse.csr_array((values.ravel(), (row, column.ravel())), shape=shape))
    return _Part(sparse.csr_array(sparse.hstack(pieces, format="csr")), root)


def _in_pieces(fit: Fit, rows: IntArray, left: FloatArray, told: _Told) -> FloatArray:
    """Errors of predicting each row of a part from those before it, in units of their SD."""
    part = _part(fit, rows)
    scaled = left * part.root / fit.sigma
    effects = part.columns.shape[1]
    mean, covariance = np.zeros(effects), np.eye(effects)
    out = np.empty(rows.size)
    for start in range(0, rows.size, _PIECE):
        piece = slice(start, min(start + _PIECE, rows.size))
        z = part.columns[piece]
        # cov(u, y) of the piece given all rows before it.
        gain = np.asarray(z @ covariance)
        own = np.asarray(z @ gain.T)
        own[np.diag_indices_from(own)] += 1.0
        lower = np.linalg.cholesky(own)
        error = scaled[piece] - z @ mean
        out[piece] = solve_triangular(lower, error, lower=True, check_finite=False)
        turned = solve_triangular(lower, gain, lower=True, check_finite=False)
        mean = mean + turned.T @ out[piece]
        covariance -= turned.T @ turned
        told.done(out[piece].size)
    return out
