"""An elimination order for the crossed factors' block that keeps zeros: minimum degree, then fronts.

Two lecturers are coupled in the trailing block only where some student rated both. Eliminating the least
connected levels first fills in least; the well connected rest is a dense core. Levels that are eliminated
one after the other and couple with (nearly) the same others form a front, which dense kernels handle.
Sets of levels are rows of bits.

Minimum degree with mass elimination: George & Liu (1989), doi:10.1137/1031001; merging fronts at the
price of some zeros: Ashcraft & Grimes (1989), doi:10.1145/76909.76910.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

IndexArray = NDArray[np.intp]
Bits = NDArray[np.uint64]

# Blocks of fewer columns are factored densely.
FEWEST = 384
# Couplings, and words of bits written, beyond which looking for an order costs more than it saves.
COUPLINGS, UPDATES = 40_000_000, 300_000_000
# Nodes whose couplings are turned into bits at once.
ROWS = 512
# Where the least connected level left is coupled with this part of the others, these are the core.
DENSE = 0.8
# Fill-in of the couplings above which there is nothing to save.
FILLED, SAMPLE = 0.6, 64
# Seconds: a front as such, a number moved between fronts, an operation of the dense kernels.
FRONT, MOVE, OPERATION = 1e-4, 3e-9, 2.2e-11
# An order is worth while where it needs less than this part of the dense block's time.
WORTH = 0.75


@dataclass(frozen=True, eq=False)
class Front:
    """Columns that are eliminated together, start … stop - 1, and the later ``rows`` they couple with."""

    start: int
    stop: int
    rows: IndexArray


@dataclass(frozen=True, eq=False)
class Ordering:
    """How the trailing block is eliminated.

    Attributes
    ----------
    levels
        The levels of the first crossed factor in the order of elimination.
    fronts
        In order of elimination; what follows the last one is the dense core.
    """

    levels: IndexArray
    fronts: tuple[Front, ...]

    @property
    def core(self) -> int:
        """Where the dense core begins."""
        return self.fronts[-1].stop if self.fronts else 0


@dataclass(eq=False, slots=True)
class _Group:
    """Levels eliminated together, the later ones they couple with, the columns of both, and its parent."""

    members: IndexArray
    later: Bits
    width: int = 0
    height: int = 0
    into: int = -1


def find_ordering(
    groups: IndexArray, nodes: IndexArray, sizes: IndexArray, free: int, border: int
) -> Ordering | None:
    """An order that keeps zeros, or None where the dense block is as fast.

    Parameters
    ----------
    groups, nodes
        (n,) for each row and crossed factor: a group eliminated before, and the level (node) it meets.
    sizes
        (m,) columns of each node, in the order of the trailing block.
    free
        The nodes 0 … free - 1 are those of the first crossed factor: only they may change places.
    border
        Columns that couple with everything: fixed effects and response.
    """
    if int(sizes.sum()) < FEWEST:
        return None
    adjacency = _adjacency(groups, nodes, sizes.size)
    if adjacency is None:
        return None
    found, left = _minimum_degree(adjacency, free)
    if not found:
        return None
    for group in found:
        group.width = int(sizes[group.members].sum())
        group.height = int(sizes[_members(group.later)].sum()) + border
    core = _Group(left, np.empty(0, dtype=np.uint64), int(sizes[left].sum()) + border)
    kept = _merge(found, core, sizes.size)
    dense = _seconds(int(sizes.sum()) + border, 0)
    if sum(_seconds(g.width, g.height) for g in kept) + _seconds(core.width, 0) > WORTH * dense:
        return None
    return _laid_out(kept, core, sizes, free, border)


def _adjacency(groups: IndexArray, nodes: IndexArray, count: int) -> Bits | None:
    """For each node the others that share a group with it; None where that is nearly all of them."""
    meets = sparse.csr_array(
        (np.ones(groups.size, dtype=np.float32), (groups, nodes)), (int(groups.max()) + 1, count)
    )
    meets.sum_duplicates()
    meets.data[:] = 1.0
    if float((np.diff(meets.indptr).astype(float) ** 2).sum()) > COUPLINGS:
        return None
    met = meets.T.tocsr()
    # A few nodes tell whether nearly all meet, in which case the rest need not be looked at.
    some = np.unique(np.linspace(0, count - 1, SAMPLE).astype(np.intp))
    if (met[some] @ meets).nnz > FILLED * some.size * count:
        return None
    pattern = (met @ meets).tocsr()
    if pattern.nnz > FILLED * count**2:
        return None
    out = np.zeros((count, (count + 63) // 64), dtype=np.uint64)
    for first in range(0, count, ROWS):
        part = pattern[first : first + ROWS]
        rows = np.zeros((part.shape[0], 64 * out.shape[1]), dtype=bool)
        rows[np.repeat(np.arange(part.shape[0]), np.diff(part.indptr)), part.indices] = True
        rows[np.arange(part.shape[0]), first + np.arange(part.shape[0])] = False
        out[first : first + ROWS] = np.packbits(rows, axis=1, bitorder="little").view(np.uint64)
    return out


def _members(bits: Bits) -> IndexArray:
    """The nodes in a set."""
    return np.flatnonzero(np.unpackbits(bits.view(np.uint8), bitorder="little"))


@cache
def _counts() -> NDArray[np.uint8]:
    """Bits set in each 16-bit number."""
    numbers = np.arange(1 << 16, dtype=np.uint16).view(np.uint8).reshape(-1, 2)
    out: NDArray[np.uint8] = np.unpackbits(numbers, axis=1).sum(axis=1, dtype=np.uint8)
    return out


def _sizes(sets: Bits) -> NDArray[np.int64]:
    """How many nodes are in each set."""
    out: NDArray[np.int64] = np.take(_counts(), sets.view(np.uint16)).sum(axis=1, dtype=np.int64)
    return out


def _as_bits(nodes: IndexArray, words: int) -> Bits:
    row = np.zeros(64 * words, dtype=bool)
    row[nodes] = True
    return np.packbits(row, bitorder="little").view(np.uint64)


def _minimum_degree(adjacency: Bits, free: int) -> tuple[list[_Group], IndexArray]:
    """Groups of nodes in order of elimination, and the core: the rest of the nodes, ascending."""
    count, words = adjacency.shape
    degrees = _sizes(adjacency)
    gone = np.iinfo(np.int64).max
    candidates = degrees[:free].copy()
    groups: list[_Group] = []
    left, work = count, 0
    while left and work < UPDATES:
        v = int(candidates.argmin())
        if candidates[v] == gone or degrees[v] >= DENSE * (left - 1):
            break
        clique = adjacency[v].copy()
        around = _members(clique)
        work += around.size * words
        union = adjacency[around] | clique
        # Neighbours that couple with nothing else go with v.
        same = (_sizes(union) == around.size + 1) & (around < free)
        members = np.concatenate([[v], around[same]])
        others = around[~same]
        later = clique & ~_as_bits(members, words)
        adjacency[others] = union[~same] & ~_as_bits(members, words)
        adjacency[others, others // 64] &= ~(np.uint64(1) << (others % 64).astype(np.uint64))
        degrees[others] = _sizes(adjacency[others])
        movable = others[others < free]
        candidates[movable] = degrees[movable]
        candidates[members] = gone
        left -= members.size
        groups.append(_Group(members, later))
    eliminated = np.zeros(count, dtype=bool)
    for group in groups:
        eliminated[group.members] = True
    return groups, np.flatnonzero(~eliminated)


def _merge(groups: list[_Group], core: _Group, count: int) -> list[_Group]:
    """Join each group with the one it is next needed by where that saves time; those that remain."""
    where = np.full(count, len(groups))
    for k, group in enumerate(groups):
        where[group.members] = k
    for group in groups:
        later = _members(group.later)
        parent = int(where[later].min()) if later.size else len(groups)
        while parent < len(groups) and groups[parent].into >= 0:
            parent = groups[parent].into
        other = core if parent == len(groups) else groups[parent]
        apart = _seconds(group.width, group.height) + _seconds(other.width, other.height)
        if _seconds(group.width + other.width, other.height) <= apart:
            other.members = np.concatenate([group.members, other.members])
            other.width += group.width
            group.into = parent
    return [g for g in groups if g.into < 0]


def _seconds(width: int, height: int) -> float:
    """About what a front costs: its factor, its update of later ones, and both in reverse."""
    w, h = float(width), float(height)
    return FRONT + MOVE * (h * h + w * (w + h)) + OPERATION * 3.0 * (w**3 / 3.0 + w * w * h + w * h * h)


def _laid_out(kept: list[_Group], core: _Group, sizes: IndexArray, free: int, border: int) -> Ordering:
    levels = np.concatenate([*[g.members for g in kept], core.members[core.members < free]])
    order = np.concatenate([levels, np.arange(free, sizes.size)])
    begins = np.empty(sizes.size, dtype=np.intp)
    begins[order] = np.cumsum(sizes[order]) - sizes[order]
    total = int(sizes.sum())
    fronts, start = [], 0
    for g in kept:
        later = _members(g.later)
        columns = np.repeat(begins[later], sizes[later])
        ends = np.cumsum(sizes[later])
        columns += np.arange(columns.size) - np.repeat(ends - sizes[later], sizes[later])
        rows = np.concatenate([np.sort(columns), np.arange(total, total + border)])
        fronts.append(Front(start, start + g.width, rows))
        start += g.width
    return Ordering(levels, tuple(fronts))
