"""Symmetric matrices that are block-diagonal after a permutation, equal blocks kept together.

Groups that no row connects share no entry: those of a factor nested in another fall apart into one block
for each outer group, those of crossed factors stay in one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

FloatArray = NDArray[np.float64]

Blocks = tuple[FloatArray, ...]
"""The blocks of a matrix by size, each (C, m, m)."""


@dataclass(frozen=True, eq=False)
class Entries:
    """Entries of a sparse matrix that lie in the blocks of one size."""

    block: NDArray[np.intp]
    row: NDArray[np.intp]
    column: NDArray[np.intp]
    data: FloatArray


class Partition:
    """A partition of 0 … q - 1 into blocks.

    Attributes
    ----------
    size
        q.
    members
        For each block size m, (C, m) the members of its C blocks, ascending.
    """

    def __init__(self, labels: NDArray[np.intp]) -> None:
        self.size = len(labels)
        order = np.argsort(labels, kind="stable")
        sizes = np.bincount(labels) if self.size else np.empty(0, dtype=np.intp)
        starts = np.concatenate([[0], np.cumsum(sizes)])
        self.members = []
        self._batch = np.empty(self.size, dtype=np.intp)
        self._block = np.empty(self.size, dtype=np.intp)
        self._place = np.empty(self.size, dtype=np.intp)
        for number, m in enumerate(np.unique(sizes[sizes > 0])):
            own = np.flatnonzero(sizes == m)
            members = order[starts[own][:, None] + np.arange(m)]
            self.members.append(members)
            self._batch[members] = number
            self._block[members] = np.arange(len(own))[:, None]
            self._place[members] = np.arange(m)

    @property
    def largest(self) -> int:
        """The size of the largest block."""
        return max((m.shape[1] for m in self.members), default=0)

    @property
    def entries(self) -> int:
        """How many numbers the blocks hold."""
        return sum(m.size * m.shape[1] for m in self.members)

    def dense(self, matrix: sparse.csr_array) -> Blocks:
        """The blocks of a matrix that has no entries outside them."""
        out = []
        for members, part in zip(self.members, self.split(matrix), strict=True):
            count, m = members.shape
            at = (part.block * m + part.row) * m + part.column
            sums = np.bincount(at, part.data, count * m * m)
            out.append(np.asarray(sums, dtype=np.float64).reshape(count, m, m))
        return tuple(out)

    def split(self, matrix: sparse.csr_array) -> tuple[Entries, ...]:
        """The entries of such a matrix by block size."""
        coo = matrix.tocoo()
        row, column = np.asarray(coo.row, dtype=np.intp), np.asarray(coo.col, dtype=np.intp)
        out = []
        for number in range(len(self.members)):
            own = np.flatnonzero(self._batch[row] == number)
            r, c = row[own], column[own]
            out.append(Entries(self._block[r], self._place[r], self._place[c], np.asarray(coo.data)[own]))
        return tuple(out)

    def times(self, blocks: Blocks, right: FloatArray) -> FloatArray:
        """A block-diagonal matrix times a dense (q, c) one."""
        out = np.zeros((self.size, right.shape[1]))
        for members, block in zip(self.members, blocks, strict=True):
            out[members] = block @ right[members]
        return out

    def sparse(self, blocks: Blocks) -> sparse.csr_array:
        """A block-diagonal matrix as a sparse one."""
        parts = []
        for members, block in zip(self.members, blocks, strict=True):
            m = members.shape[1]
            parts.append((block.ravel(), np.repeat(members, m, axis=1).ravel(), np.tile(members, m).ravel()))
        data, rows, columns = (np.concatenate([p[i] for p in parts]) for i in range(3))
        return sparse.csr_array((data, (rows, columns)), shape=(self.size, self.size))


def product(a: Blocks, b: Blocks) -> Blocks:
    """a b."""
    return tuple(x @ y for x, y in zip(a, b, strict=True))


def transposed(a: Blocks) -> Blocks:
    """aᵀ."""
    return tuple(x.swapaxes(1, 2) for x in a)


def trace_of_product(a: Blocks, b: Blocks) -> float:
    """tr(a b)."""
    return sum(float(np.einsum("cij,cji->", x, y)) for x, y in zip(a, b, strict=True))


def trace_with(a: Blocks, entries: tuple[Entries, ...]) -> float:
    """tr(a b) for a sparse b."""
    return sum(float(x[e.block, e.column, e.row] @ e.data) for x, e in zip(a, entries, strict=True))


def left_product(entries: tuple[Entries, ...], a: Blocks) -> Blocks:
    """b a for a sparse b."""
    out = []
    for x, e in zip(a, entries, strict=True):
        count, m, _ = x.shape
        own = sparse.csr_array(
            (e.data, (e.block * m + e.row, e.block * m + e.column)), (count * m, count * m)
        )
        out.append((own @ x.reshape(count * m, m)).reshape(x.shape))
    return tuple(out)


def woodbury(lam: Blocks, c: Blocks) -> Blocks:
    """Λ (I + Λᵀ C Λ)⁻¹ Λᵀ, Λ singular or not."""
    out = []
    for l, inner in zip(lam, c, strict=True):
        turned = l.swapaxes(1, 2)
        omega = turned @ inner @ l
        at = np.arange(l.shape[1])
        omega[:, at, at] += 1.0
        half = np.linalg.solve(np.linalg.cholesky(omega), turned)
        out.append(half.swapaxes(1, 2) @ half)
    return tuple(out)
