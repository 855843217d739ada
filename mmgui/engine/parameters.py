"""The free parameters of a search: lower trapezoids of the blocks' relative factors, at a given rank.

At full rank a block has its lower triangle. A block held at rank r < b, on the boundary of the
parameter space, has the r columns of a lower trapezoid after its effects are ordered by a pivoted
Cholesky factorization, so that its first r rows are independent and the coordinates have no redundancy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.basis import Basis, lower_factor
from mmgui.engine.design import FloatArray


@dataclass(frozen=True)
class Held:
    """A block's rank and the order of its effects."""

    order: tuple[int, ...]
    rank: int

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
class Free:
    """The coordinates x of a search: flat λ' = jacobian @ x.

    Attributes
    ----------
    basis
        The blocks.
    held
        For each block its rank and order.
    """

    basis: Basis
    held: tuple[Held, ...]

    @classmethod
    def full(cls, basis: Basis) -> Free:
        """All blocks at full rank."""
        return cls(basis, tuple(natural(len(b.effects)) for b in basis.blocks))

    @cached_property
    def jacobian(self) -> FloatArray:
        """(size, m) zeros and ones."""
        places = self.places
        out = np.zeros((self.basis.size, places.size))
        out[places, np.arange(places.size)] = 1.0
        return out

    @cached_property
    def places(self) -> NDArray[np.intp]:
        """(m,) where each coordinate stands in the flat vector."""
        parts = [
            b.flat[h.entries[:, 0], h.entries[:, 1]]
            for b, h in zip(self.basis.blocks, self.held, strict=True)
        ]
        return np.concatenate(parts) if parts else np.empty(0, dtype=np.intp)

    def flat(self, x: FloatArray) -> FloatArray:
        """The flat λ' of coordinates x."""
        out = np.zeros(self.basis.size)
        out[self.places] = x
        return out

    def coordinates(self, flat: FloatArray) -> FloatArray:
        """The x of a point whose blocks have (at most) the held ranks, up to rotations of λ'."""
        parts = []
        for block, held in zip(self.basis.blocks, self.held, strict=True):
            order = list(held.order)
            lower = lower_factor(flat[block.flat][order])
            out = np.empty_like(lower)
            out[order] = lower
            entries = held.entries
            parts.append(out[entries[:, 0], entries[:, 1]])
        return np.concatenate(parts) if parts else np.empty(0)

    def with_block(self, number: int, held: Held) -> Free:
        """The same with one block held otherwise."""
        return Free(self.basis, (*self.held[:number], held, *self.held[number + 1 :]))
