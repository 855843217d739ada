"""The cross-product blocks of a model, laid out for elimination: a chain of nested factors, and the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mmgui.engine.basis import Basis, FixedBasis, fixed_basis
from mmgui.engine.design import Design, FloatArray
from mmgui.engine.gram import PairSums, ProductMap, group_sums, outer_sums, pair_sums, product_map
from mmgui.engine.ordering import Ordering, find_ordering
from mmgui.engine.size import ensure_memory
from mmgui.engine.structure import Factor, amalgamate, elimination_order, parents, reordered

# Couplings of the chain with the crossed factors are dense up to this size, or above this fill.
SMALL = 300_000
FILL = 0.25
# Largest number of stored products in a product map.
PRODUCTS = 8_000_000


@dataclass(frozen=True, eq=False)
class Ancestor:
    """How a chain factor's groups lie in those of a coarser one.

    Attributes
    ----------
    parent
        (L,) the coarser group of each group.
    order, starts
        The groups sorted by parent, and where each parent's begin.
    cross
        (L, s, s') cross products of each group with its parent.
    """

    parent: NDArray[np.intp]
    order: NDArray[np.intp]
    starts: NDArray[np.intp]
    cross: FloatArray

    def sums(self, values: FloatArray) -> FloatArray:
        """Sums of (L, …) over the groups of each parent."""
        return np.add.reduceat(values[self.order], self.starts, axis=0)


@dataclass(frozen=True, eq=False)
class SparseCoupling:
    """A chain factor's cross products with the crossed factors, where few groups meet.

    Attributes
    ----------
    level, column
        (nnz,) sorted by level.
    indptr
        (L + 1,) where each level's entries begin.
    values
        (nnz, s).
    to_ancestors
        For each coarser chain factor, (nnz,) where the entry (parent, column) stands in its coupling.
    products
        The product map of the first factor of the chain, where it is affordable.
    """

    level: NDArray[np.intp]
    column: NDArray[np.intp]
    indptr: NDArray[np.intp]
    values: FloatArray
    to_ancestors: tuple[NDArray[np.intp], ...]
    products: ProductMap | None

    def matrix(self, values: FloatArray, width: int) -> sparse.csr_array:
        """(L·s, width) sparse matrix with these values, (nnz, s), on the pattern."""
        s = values.shape[1]
        counts = np.diff(self.indptr)
        row_counts = np.repeat(counts, s)
        indptr = np.concatenate([[0], np.cumsum(row_counts)])
        rank = np.arange(self.level.size) - self.indptr[self.level]
        index = np.empty(values.size, dtype=np.intp)
        data = np.empty(values.size)
        for a in range(s):
            at = indptr[self.level * s + a] + rank
            index[at], data[at] = self.column, values[:, a]
        return sparse.csr_array((data, index, indptr), (row_counts.size, width))


@dataclass(frozen=True, eq=False)
class ChainBlock:
    """One factor of the chain.

    Attributes
    ----------
    factor
        Which grouping factor.
    levels, size
        L and s.
    diagonal
        (L, s, s).
    ancestors
        The coarser factors of the chain, finest first.
    coupling
        (L, s, W) with the trailing columns (all of them, or only [X y] where ``sparse`` has the rest).
    sparse
        The coupling with the crossed factors, or None where it is part of ``coupling``.
    """

    factor: int
    levels: int
    size: int
    diagonal: FloatArray
    ancestors: tuple[Ancestor, ...]
    coupling: FloatArray
    sparse: SparseCoupling | None


@dataclass(frozen=True, eq=False)
class DenseFactor:
    """A factor outside the chain: rows start … start + levels·size of the trailing block."""

    factor: int
    start: int
    levels: int
    size: int

    @property
    def rows(self) -> slice:
        """Its rows in the trailing block."""
        return slice(self.start, self.start + self.levels * self.size)

    def diagonal(self, trailing: FloatArray) -> FloatArray:
        """(L, s, s) copy of its diagonal blocks, of which the lower triangles are read."""
        square = trailing[self.rows, self.rows].reshape(self.levels, self.size, self.levels, self.size)
        at = np.arange(self.levels)
        blocks = square[at, :, at, :]
        lower = np.tril(blocks)
        return lower + np.tril(blocks, -1).swapaxes(1, 2)


@dataclass(frozen=True, eq=False)
class Blocks:
    """Everything an evaluation reads.

    Attributes
    ----------
    chain, dense
        The factors, in elimination order.
    trailing
        (N, N) cross products of the crossed factors' columns, Q and the residual response, column-major.
    q, p, n
        Random effects in the trailing block, fixed effects, rows.
    log_weights
        Σ log w.
    factors, basis, fixed
        Where the blocks come from.
    ordering
        How the trailing block is eliminated where it stays sparse; the levels of the first crossed factor
        are in this order. None where it is dense.
    """

    chain: tuple[ChainBlock, ...]
    dense: tuple[DenseFactor, ...]
    trailing: FloatArray
    q: int
    p: int
    n: int
    log_weights: float
    factors: tuple[Factor, ...]
    basis: Basis
    fixed: FixedBasis
    ordering: Ordering | None = None

    def freedom(self, *, reml: bool) -> int:
        """What pwrss is divided by for the residual variance: n - p under REML, n under ML."""
        return self.n - (self.p if reml else 0)


def build_blocks(design: Design) -> Blocks:
    """Compute the cross products of a design.

    Raises
    ------
    FitError
        Where nothing is left to fit, or the blocks do not fit into memory.
    """
    root_weights = None if design.weights is None else np.sqrt(design.weights)
    factors = amalgamate(design)
    chain, rest = elimination_order(factors)
    ensure_memory(design, factors, chain, rest)
    fixed = fixed_basis(design, root_weights)
    factors, ordering = _order_levels(factors, chain, rest, fixed.columns.shape[1])
    basis = Basis(design, factors, root_weights)
    dense, start = [], 0
    for i in rest:
        dense.append(DenseFactor(i, start, factors[i].levels, factors[i].size))
        start += factors[i].effects
    builder = _Builder(factors, basis, fixed, tuple(dense), start)
    log_weights = 0.0 if design.weights is None else float(np.log(design.weights).sum())
    return Blocks(
        builder.chain(chain), tuple(dense), builder.trailing(), start, design.x.shape[1], design.nobs,
        log_weights, factors, basis, fixed, ordering,
    )  # fmt: skip


def _order_levels(
    factors: tuple[Factor, ...], chain: tuple[int, ...], rest: tuple[int, ...], border: int
) -> tuple[tuple[Factor, ...], Ordering | None]:
    """The factors, the levels of the first crossed one in an order that keeps zeros where there is one.

    Levels of crossed factors are coupled where a group of the coarsest factor of the chain has both.
    """
    if not chain or not rest:
        return factors, None
    crossed = [factors[i] for i in rest]
    starts = np.cumsum([0] + [f.levels for f in crossed])
    groups = np.tile(factors[chain[-1]].codes, len(crossed)).astype(np.intp)
    nodes = np.concatenate([f.codes + start for f, start in zip(crossed, starts, strict=False)])
    sizes = np.repeat([f.size for f in crossed], [f.levels for f in crossed])
    ordering = find_ordering(groups, nodes.astype(np.intp), sizes, crossed[0].levels, border)
    if ordering is None:
        return factors, None
    changed = list(factors)
    changed[rest[0]] = reordered(crossed[0], ordering.levels)
    return tuple(changed), ordering


class _Builder:
    """Cross products block by block."""

    def __init__(
        self,
        factors: tuple[Factor, ...],
        basis: Basis,
        fixed: FixedBasis,
        dense: tuple[DenseFactor, ...],
        q: int,
    ) -> None:
        self.factors, self.basis, self.fixed, self.dense, self.q = factors, basis, fixed, dense, q

    def chain(self, chain: tuple[int, ...]) -> tuple[ChainBlock, ...]:
        """The chain's blocks, finest first."""
        couplings = [self._couplings(i) for i in chain]
        cells = sum(self.factors[i].levels for i in chain) * sum(d.levels for d in self.dense)
        filled = sum(pairs.rows.size for of_factor in couplings for pairs in of_factor)
        numbers = sum(self.factors[i].effects for i in chain) * self.q
        spread = numbers > SMALL and filled < FILL * cells
        patterns: list[SparseCoupling] = []
        blocks = []
        for position in reversed(range(len(chain))):
            i, coarser = chain[position], chain[position + 1 :]
            ancestors = tuple(self._ancestor(i, j) for j in coarser)
            sparse_part = None
            if spread:
                maps = tuple(a.parent for a in ancestors)
                sparse_part = self._sparse(i, couplings[position], maps, patterns, first=position == 0)
                patterns.insert(0, sparse_part)
            factor, z = self.factors[i], self.basis.columns[i]
            coupling = outer_sums(z, self.fixed.columns, factor.codes, factor.levels)
            if not spread and self.q:
                coupling = np.concatenate([self._filled(i, couplings[position]), coupling], axis=2)
            diagonal = outer_sums(z, z, factor.codes, factor.levels)
            blocks.append(
                ChainBlock(i, factor.levels, factor.size, diagonal, ancestors, coupling, sparse_part)
            )
        return tuple(reversed(blocks))

    def _couplings(self, i: int) -> list[PairSums]:
        f, z = self.factors[i], self.basis.columns[i]
        return [pair_sums(f, self.factors[d.factor], z, self.basis.columns[d.factor]) for d in self.dense]

    def _ancestor(self, i: int, j: int) -> Ancestor:
        f, g = self.factors[i], self.factors[j]
        parent = parents(f, g)
        assert parent is not None
        order = np.argsort(parent, kind="stable")
        starts = np.searchsorted(parent[order], np.arange(g.levels))
        cross = outer_sums(self.basis.columns[i], self.basis.columns[j], f.codes, f.levels)
        return Ancestor(parent, order, starts, cross)

    def _filled(self, i: int, couplings: list[PairSums]) -> FloatArray:
        f = self.factors[i]
        out = np.zeros((f.levels, f.size, self.q))
        for d, pairs in zip(self.dense, couplings, strict=True):
            part = np.zeros((f.levels, d.levels, f.size, d.size))
            part[pairs.rows, pairs.columns] = pairs.values
            out[:, :, d.rows] = part.transpose(0, 2, 1, 3).reshape(f.levels, f.size, -1)
        return out

    def _sparse(
        self,
        i: int,
        couplings: list[PairSums],
        maps: tuple[NDArray[np.intp], ...],
        coarser: list[SparseCoupling],
        *,
        first: bool,
    ) -> SparseCoupling:
        f = self.factors[i]
        level = np.concatenate(
            [np.repeat(c.rows, d.size) for d, c in zip(self.dense, couplings, strict=True)]
        )
        column = np.concatenate(
            [
                (d.start + c.columns[:, None] * d.size + np.arange(d.size)).ravel()
                for d, c in zip(self.dense, couplings, strict=True)
            ]
        )
        values = np.concatenate([c.values.transpose(0, 2, 1).reshape(-1, f.size) for c in couplings])
        order = np.argsort(level * self.q + column)
        level, column, values = level[order], column[order], values[order]
        counts = np.bincount(level, minlength=f.levels)
        indptr = np.concatenate([[0], np.cumsum(counts)])
        places = tuple(
            np.searchsorted(other.level * self.q + other.column, parent[level] * self.q + column)
            for parent, other in zip(maps, coarser, strict=True)
        )
        affordable = float((counts.astype(float) ** 2).sum()) * f.size**2 / 2 <= PRODUCTS
        products = None
        if first and affordable:
            width = self.q + self.fixed.columns.shape[1]
            products = product_map(level, column, values, f.levels, width)
        return SparseCoupling(level, column, indptr, values, places, products)

    def trailing(self) -> FloatArray:
        """[Z_R Q e]ᵀ [Z_R Q e]."""
        width = self.q + self.fixed.columns.shape[1]
        out = np.zeros((width, width), order="F")
        for d in self.dense:
            f, z = self.factors[d.factor], self.basis.columns[d.factor]
            s = f.size
            with_fixed = outer_sums(z, self.fixed.columns, f.codes, f.levels)
            out[d.rows, self.q :] = with_fixed.reshape(f.effects, -1)
            out[self.q :, d.rows] = out[d.rows, self.q :].T
            own = outer_sums(z, z, f.codes, f.levels)
            first = np.arange(d.start, d.rows.stop, s)
            for i, j in np.ndindex(s, s):
                out[first + i, first + j] = own[:, i, j]
            for e in self.dense:
                if e.start <= d.start:
                    continue
                g, other = self.factors[e.factor], self.basis.columns[e.factor]
                pairs = pair_sums(f, g, z, other)
                part = np.zeros((f.levels, g.levels, s, e.size))
                part[pairs.rows, pairs.columns] = pairs.values
                block = part.transpose(0, 2, 1, 3).reshape(f.effects, g.effects)
                out[d.rows, e.rows], out[e.rows, d.rows] = block, block.T
        at = np.arange(self.q, width)
        out[at, at] = 1.0
        out[-1, -1] = self.fixed.rss
        return out


__all__ = ["Blocks", "ChainBlock", "DenseFactor", "SparseCoupling", "build_blocks", "group_sums"]
