"""The free parameters of a search: lower trapezoids of the blocks' relative factors, at a given rank.

At full rank a block has its lower triangle. A block held at rank r < b, on the boundary of the
parameter space, has the r columns of a lower trapezoid after its effects are ordered by a pivoted
Cholesky factorization, so that its first r rows are independent and the coordinates have no redundancy.
A patterned block has the coordinates of :mod:`mmgui.engine.patterns`, some of them held on the boundary.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.basis import Basis, Block
from mmgui.engine.design import FloatArray
from mmgui.engine.patterns import Coordinates
from mmgui.engine.triangular import lower_factor


@dataclass(frozen=True)
class Held:
    """A block's rank and the order of its effects."""

    order: tuple[int, ...]
    rank: int

    @property
    def full(self) -> bool:
        """Whether nothing is held."""
        return self.rank == len(self.order)

    @property
    def entries(self) -> NDArray[np.intp]:
        """(k, 2) rows and columns of the free entries in the block's λ', columns major."""
        b = len(self.order)
        pairs = [(self.order[i], j) for j in range(self.rank) for i in range(j, b)]
        return np.array(pairs, dtype=np.intp).reshape(-1, 2)


def natural(size: int) -> Held:
    """Full rank, effects in their own order."""
    return Held(tuple(range(size)), size)


def pivoted(lam: FloatArray, rank: int) -> Held:
    """The order of effects of a pivoted Cholesky factorization of λ λᵀ."""
    rest, order = (lam @ lam.T).copy(), []
    left = list(range(lam.shape[0]))
    for _ in range(rank):
        pivot = max(left, key=lambda i: float(rest[i, i]))
        order.append(pivot)
        left.remove(pivot)
        rest -= np.outer(rest[:, pivot], rest[pivot]) / rest[pivot, pivot]
    return Held((*order, *left), rank)


@dataclass(frozen=True, eq=False)
class HeldPattern:
    """Which of a patterned block's coordinates are held, and where.

    Attributes
    ----------
    free
        (k,) whether each coordinate is free.
    values
        (k,) the values of those that are not.
    """

    free: NDArray[np.bool_]
    values: FloatArray

    @property
    def full(self) -> bool:
        """Whether nothing is held."""
        return bool(self.free.all())

    def whole(self, x: FloatArray) -> FloatArray:
        """(k,) all coordinates, of the free ones."""
        out = self.values.copy()
        out[self.free] = x
        return out

    def holding(self, coordinate: int, value: float) -> HeldPattern:
        """The same with one more coordinate held."""
        free, values = self.free.copy(), self.values.copy()
        free[coordinate], values[coordinate] = False, value
        return HeldPattern(free, values)


def free_pattern(count: int) -> HeldPattern:
    """All coordinates free."""
    return HeldPattern(np.ones(count, dtype=np.bool_), np.zeros(count))


@dataclass(frozen=True, eq=False)
class Free:
    """The coordinates x of a search; without patterned blocks they are entries of the flat λ'.

    Attributes
    ----------
    basis
        The blocks.
    held
        For each block its rank and order, or for a patterned one the coordinates held.
    """

    basis: Basis
    held: tuple[Held | HeldPattern, ...]

    @classmethod
    def full(cls, basis: Basis) -> Free:
        """All blocks at full rank."""
        return cls(
            basis,
            tuple(
                natural(len(b.effects)) if b.pattern is None else free_pattern(b.pattern.pattern.count)
                for b in basis.blocks
            ),
        )

    @cached_property
    def slices(self) -> tuple[slice, ...]:
        """For each block, where its coordinates stand in x."""
        out, start = [], 0
        for held in self.held:
            count = len(held.entries) if isinstance(held, Held) else int(held.free.sum())
            out.append(slice(start, start + count))
            start += count
        return tuple(out)

    @cached_property
    def _linear(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Where the coordinates that are entries of λ' stand in x, and in the flat vector."""
        own, flat = [np.empty(0, dtype=np.intp)], [np.empty(0, dtype=np.intp)]
        for b, h, at in zip(self.basis.blocks, self.held, self.slices, strict=True):
            if isinstance(h, Held):
                own.append(np.arange(at.start, at.stop))
                flat.append(b.flat[h.entries[:, 0], h.entries[:, 1]])
        return np.concatenate(own), np.concatenate(flat)

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        """(m,) where each coordinate stands in the flat vector, without patterned blocks."""
        return self._linear[1]

    @cached_property
    def _patterned(self) -> tuple[tuple[Block, Coordinates, HeldPattern, slice], ...]:
        return tuple(
            (b, b.pattern, h, at)
            for b, h, at in zip(self.basis.blocks, self.held, self.slices, strict=True)
            if b.pattern is not None and isinstance(h, HeldPattern)
        )

    def flat(self, x: FloatArray) -> FloatArray:
        """The flat vector of coordinates x."""
        out = np.zeros(self.basis.size)
        if not self.basis.patterned:
            out[self._places] = x
            return out
        own, places = self._linear
        out[places] = x[own]
        for block, pattern, held, at in self._patterned:
            whole = held.whole(x[at])
            out[block.flat] = block.inverse @ pattern.factor(whole)
            out[block.tail] = pattern.theta(whole)
        return out

    def gradient(self, x: FloatArray, by_entry: FloatArray) -> FloatArray:
        """(m,) derivatives in x at x, from those with respect to the entries of λ'."""
        if not self.basis.patterned:
            return by_entry[self._places]
        out = np.empty_like(x)
        own, places = self._linear
        out[own] = by_entry[places]
        for block, pattern, held, at in self._patterned:
            slopes = pattern.factor_slopes(held.whole(x[at]))[held.free]
            out[at] = np.einsum("ij,kij->k", block.inverse.T @ by_entry[block.flat], slopes)
        return out

    def coordinates(self, flat: FloatArray) -> FloatArray:
        """The x of a point whose blocks have (at most) the held ranks, up to rotations of λ'."""
        parts = []
        for block, held in zip(self.basis.blocks, self.held, strict=True):
            if isinstance(held, HeldPattern):
                assert block.pattern is not None
                parts.append(block.pattern.x(flat[block.tail])[held.free])
                continue
            order = list(held.order)
            lower = lower_factor(flat[block.flat][order])
            out = np.empty_like(lower)
            out[order] = lower
            entries = held.entries
            parts.append(out[entries[:, 0], entries[:, 1]])
        return np.concatenate(parts) if parts else np.empty(0)

    def with_block(self, number: int, held: Held | HeldPattern) -> Free:
        """The same with one block held otherwise."""
        return Free(self.basis, (*self.held[:number], held, *self.held[number + 1 :]))
