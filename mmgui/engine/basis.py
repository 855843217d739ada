"""The coordinates in which the engine works, and the way back to the person's units.

Fixed effects: with sqrt(w) X = Q R the engine sees the orthonormal Q, and y less its least-squares fit.
Random effects: within each block of effects that are free to correlate, the columns are replaced by
columns Z T that are orthonormal on average over the rows (T upper triangular), so that slopes in other
units, or far from their origin, pose the same numerical problem. With b = T b', the relative factor is
λ = T λ' up to a rotation of its columns, which leaves the likelihood unchanged.

The λ' of a patterned block is a nonlinear function of its few parameters, which are kept beside it: a flat
vector holds all entries of λ', then the parameters of the patterned blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design, FloatArray
from mmgui.engine.patterns import Coordinates, coordinates_of
from mmgui.engine.structure import Factor
from mmgui.engine.triangular import lower_factor
from mmgui.errors import FitError

IndexArray = NDArray[np.intp]

# Below this eigenvalue of their correlations a block's columns are orthogonalised without squaring them …
DEPENDENT = 1e-7
# … and below this (relative) singular value they count as repeating each other, and are only scaled.
REPEATED = 1e-9


def whitening(columns: FloatArray, blocks: Sequence[tuple[int, ...]]) -> FloatArray:
    """(s, s) block-wise upper-triangular T with mean of (zT)'(zT) the identity within blocks."""
    moments = columns.T @ columns / columns.shape[0]
    scale = np.sqrt(np.diag(moments))
    scale[scale == 0.0] = 1.0
    t = np.diag(1.0 / scale)
    for block in blocks:
        if len(block) == 1:
            continue
        b = np.array(block)
        correlation = moments[np.ix_(b, b)] / np.outer(scale[b], scale[b])
        if np.linalg.eigvalsh(correlation)[0] > DEPENDENT:
            root = np.linalg.cholesky(correlation)
            t[np.ix_(b, b)] = np.linalg.inv(root).T / scale[b][:, None]
            continue
        # Squares lose half the digits: slopes 10,000 of their spreads from the origin need all of them.
        upper = np.linalg.qr(columns[:, b] / scale[b], mode="r") / np.sqrt(columns.shape[0])
        values = np.linalg.svd(upper, compute_uv=False)
        if values[-1] > REPEATED * values[0]:
            t[np.ix_(b, b)] = np.linalg.inv(upper) / scale[b][:, None]
    return t


@dataclass(frozen=True, eq=False)
class Block:
    """Effects of one term that are free to correlate, or all effects of a patterned term.

    Attributes
    ----------
    term
        Which of the design's random-effects terms.
    effects
        Positions within the term.
    factor
        Which grouping factor.
    rows
        Positions among the factor's effects.
    flat
        (b, b) positions of the block's entries in the flat vector of all relative factors.
    theta
        Positions of its parameters in theta (lower triangle, column-major).
    transform
        (b, b) T.
    pattern
        The search coordinates of a patterned block, else None.
    tail
        Where a flat vector has the patterned block's parameters.
    """

    term: int
    effects: tuple[int, ...]
    factor: int
    rows: IndexArray
    flat: IndexArray
    theta: slice
    transform: FloatArray
    pattern: Coordinates | None = None
    tail: slice = field(default_factory=lambda: slice(0, 0))

    @cached_property
    def inverse(self) -> FloatArray:
        """T⁻¹."""
        return np.linalg.inv(self.transform).astype(np.float64, copy=False)

    @property
    def lower(self) -> tuple[IndexArray, IndexArray]:
        """Rows and columns of the lower triangle, column-major."""
        columns, rows = np.triu_indices(len(self.effects))
        return rows, columns

    def place(self, flat: FloatArray, pattern: Coordinates, theta: FloatArray) -> None:
        """Write the parameters of a patterned block, and the λ' they make, into a flat vector."""
        flat[self.flat] = self.inverse @ pattern.pattern.factor(theta)
        flat[self.tail] = theta

    def sigma_bar(self, factor_sigma_bar: FloatArray) -> FloatArray:
        """(b, b) derivative with respect to the block's Σ in the person's units, from its factor's in λ'."""
        own = factor_sigma_bar[np.ix_(self.rows, self.rows)]
        out: FloatArray = self.inverse.T @ own @ self.inverse
        return out

    def pattern_gradient(self, factor_sigma_bar: FloatArray, flat: FloatArray) -> FloatArray:
        """Derivatives with respect to the parameters of a patterned block."""
        assert self.pattern is not None
        slopes = self.pattern.pattern.covariance_slopes(flat[self.tail])
        out: FloatArray = np.einsum("ij,kij->k", self.sigma_bar(factor_sigma_bar), slopes)
        return out


class Basis:
    """The random-effects blocks of a design in whitened coordinates.

    The relative factors λ' of all grouping factors are kept as one flat vector: each factor's (s, s)
    matrix row by row, factor after factor; then the parameters of the patterned blocks.

    Attributes
    ----------
    entries
        Number of entries of λ'.
    size
        Length of a flat vector.
    patterned
        The patterned blocks.
    """

    def __init__(self, design: Design, factors: tuple[Factor, ...], root_weights: FloatArray | None) -> None:
        self.factors = factors
        self.starts = np.cumsum([0] + [f.size**2 for f in factors])
        self.entries = int(self.starts[-1])
        self.theta_count = design.theta_count
        self.columns: list[FloatArray] = []
        by_term: dict[int, list[Block]] = {}
        for number, factor in enumerate(factors):
            z = np.empty((design.nobs, factor.size))
            for term, offset in zip(factor.terms, factor.offsets, strict=True):
                random = design.random[term]
                raw = random.columns if root_weights is None else random.columns * root_weights[:, None]
                t = whitening(raw, random.blocks)
                z[:, offset : offset + t.shape[0]] = raw @ t if t.shape[0] > 1 else raw * t[0, 0]
                by_term[term] = [self._block(term, b, number, offset, t) for b in random.blocks]
                if random.pattern is not None:
                    coordinates = coordinates_of(random.pattern, raw)
                    by_term[term] = [replace(b, pattern=coordinates) for b in by_term[term]]
            self.columns.append(z)
        self.blocks = self._number_theta([b for k in sorted(by_term) for b in by_term[k]], self.entries)
        self.patterned = tuple(b for b in self.blocks if b.pattern is not None)
        self.size = self.blocks[-1].tail.stop if self.blocks else 0
        self.from_theta = self._from_theta()

    def _block(self, term: int, effects: tuple[int, ...], number: int, offset: int, t: FloatArray) -> Block:
        rows = offset + np.array(effects)
        flat = self.starts[number] + rows[:, None] * self.factors[number].size + rows[None, :]
        return Block(term, effects, number, rows, flat, slice(0, 0), t[np.ix_(effects, effects)])

    @staticmethod
    def _number_theta(blocks: list[Block], entries: int) -> tuple[Block, ...]:
        numbered, start, tail = [], 0, entries
        for b in blocks:
            if b.pattern is None:
                count, own = len(b.effects) * (len(b.effects) + 1) // 2, 0
            else:
                count = own = b.pattern.pattern.count
            numbered.append(replace(b, theta=slice(start, start + count), tail=slice(tail, tail + own)))
            start, tail = start + count, tail + own
        return tuple(numbered)

    def _from_theta(self) -> FloatArray:
        """(size, m) the linear part of the map from theta to flat vectors, where λ' = T⁻¹ λ."""
        out = np.zeros((self.size, self.theta_count))
        for b in self.blocks:
            if b.pattern is not None:
                out[b.tail, b.theta] = np.eye(b.pattern.pattern.count)
                continue
            rows, columns = b.lower
            for k, (i, j) in enumerate(zip(rows, columns, strict=True)):
                out[b.flat[:, j], b.theta.start + k] = b.inverse[:, i]
        return out

    def flat(self, theta: FloatArray) -> FloatArray:
        """The flat vector of the person's theta, (m,)."""
        out: FloatArray = self.from_theta @ theta
        for b in self.patterned:
            assert b.pattern is not None
            b.place(out, b.pattern, theta[b.theta])
        return out

    def theta(self, flat: FloatArray) -> FloatArray:
        """The person's theta, (..., m), of flat vectors (..., size)."""
        out = np.empty((*flat.shape[:-1], self.theta_count))
        for b in self.blocks:
            if b.pattern is not None:
                out[..., b.theta] = flat[..., b.tail]
                continue
            rows, columns = b.lower
            out[..., b.theta] = lower_factor(b.transform @ flat[..., b.flat])[..., rows, columns]
        return out

    def matrices(self, flat: FloatArray) -> list[FloatArray]:
        """The (s, s) relative factor λ' of each grouping factor."""
        return [
            flat[a : a + f.size**2].reshape(f.size, f.size)
            for a, f in zip(self.starts, self.factors, strict=False)
        ]


@dataclass(frozen=True, eq=False)
class FixedBasis:
    """The fixed effects and the response in the engine's coordinates.

    Attributes
    ----------
    columns
        (n, p + 1) Q and, last, what least squares leaves of the response.
    root
        (p, p) R of sqrt(w) X = Q R.
    ols
        (p,) least-squares coefficients.
    rss
        Residual sum of squares of least squares.
    log_det
        2 log|det R|.
    """

    columns: FloatArray
    root: FloatArray
    ols: FloatArray
    rss: float
    log_det: float


def fixed_basis(design: Design, root_weights: FloatArray | None) -> FixedBasis:
    """Orthogonalise sqrt(w) X and take its least-squares fit from the response.

    Raises
    ------
    FitError
        Where no residual variation is left, or X is rank deficient.
    """
    y = design.y if design.offset is None else design.y - design.offset
    x = design.x
    if root_weights is not None:
        y, x = y * root_weights, x * root_weights[:, None]
    n, p = x.shape
    if n <= p:
        raise FitError(
            "too_few_rows",
            f"The model has {p} fixed coefficients but only {n} complete rows; it needs more rows.",
        )
    columns = np.empty((n, p + 1))
    q, r = np.linalg.qr(x) if p else (x, np.empty((0, 0)))
    projection = q.T @ y
    residual = y - q @ projection
    correction = q.T @ residual
    residual -= q @ correction
    columns[:, :p], columns[:, p] = q, residual
    rss = float(residual @ residual)
    if rss <= 1e-22 * float(y @ y) or rss == 0.0:
        raise _nothing_left(design.y)
    diagonal = np.abs(np.diag(r))
    if p and diagonal.min() <= 1e-12 * np.linalg.norm(x, axis=0).max():
        scaled = np.linalg.svd(x / np.linalg.norm(x, axis=0), compute_uv=False)
        if scaled[-1] <= 1e-10 * scaled[0]:
            raise FitError(
                "rank_deficient", "Some fixed-effect columns repeat others; leave out one of them."
            )
    ols = np.linalg.solve(r, projection + correction) if p else projection
    return FixedBasis(columns, r, ols, rss, float(2.0 * np.log(diagonal).sum()))


def _nothing_left(y: FloatArray) -> FitError:
    """Why no residual variation is left: the response hardly varies beside its size, or X explains it all."""
    if float(np.ptp(y)) <= 1e-9 * float(np.abs(y).max()):
        return varies_too_little(y)
    return FitError(
        "perfect_fit",
        "The fixed effects reproduce the response exactly, so there is no variation left to divide; "
        "check the response column or leave out fixed effects.",
    )


def varies_too_little(y: FloatArray) -> FitError:
    """The error for a response (n,) whose variation is lost in the rounding of its size."""
    return FitError(
        "varies_too_little",
        f"The response lies around {float(y.mean()):.6g} and varies so little beside that size that its "
        "digits are lost in the computation; subtract a constant from it first.",
    )
