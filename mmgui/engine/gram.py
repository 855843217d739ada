"""Cross products of the model's columns, computed once; afterwards nothing touches the n rows again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mmgui.engine.design import FloatArray
from mmgui.engine.structure import Factor

# Products of this many numbers are summed group by group after one sort; more, and few columns of many rows,
# are summed column by column.
AT_ONCE = 2_000_000
FEW, MANY = 24, 4_000
# Pairs of groups are counted, not sorted, where there could be at most this many, or this many per row.
COUNTED, PER_ROW, MOST = 100_000, 60, 20_000_000


def group_sums(values: FloatArray, codes: NDArray[np.integer], groups: int) -> FloatArray:
    """(groups, k) sums of the rows of ``values`` (n, k) over groups, every group occurring."""
    if values.size <= AT_ONCE and (values.shape[1] > FEW or values.shape[0] < MANY):
        order = np.argsort(codes, kind="stable")
        starts = np.searchsorted(codes[order], np.arange(groups))
        return np.add.reduceat(values[order], starts, axis=0)
    out = np.empty((groups, values.shape[1]))
    for k in range(values.shape[1]):
        out[:, k] = np.bincount(codes, values[:, k], groups)
    return out


def outer_sums(a: FloatArray, b: FloatArray, codes: NDArray[np.integer], groups: int) -> FloatArray:
    """(groups, s, t) sums over each group's rows of a_i b_iᵀ, for a (n, s) and b (n, t)."""
    n, s = a.shape
    t = b.shape[1]
    if n * s * t <= AT_ONCE and (s * t > FEW or n < MANY):
        return group_sums((a[:, :, None] * b[:, None, :]).reshape(n, s * t), codes, groups).reshape(
            groups, s, t
        )
    out = np.empty((groups, s, t))
    for i in range(s):
        for j in range(t):
            out[:, i, j] = np.bincount(codes, a[:, i] * b[:, j], groups)
    return out


@dataclass(frozen=True, eq=False)
class PairSums:
    """Z_fᵀ Z_g for pairs of groups that occur together: values (pairs, s, t), by row, then column."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    values: FloatArray


def pair_sums(f: Factor, g: Factor, zf: FloatArray, zg: FloatArray) -> PairSums:
    """The blocks of Z_fᵀ Z_g that are not zero."""
    keys = f.codes.astype(np.int64) * g.levels + g.codes
    if f.levels * g.levels <= max(COUNTED, min(PER_ROW * keys.size, MOST)):
        there = np.zeros(f.levels * g.levels, dtype=bool)
        there[keys] = True
        unique = np.flatnonzero(there)
        position = np.empty(f.levels * g.levels, dtype=np.int32)
        position[unique] = np.arange(unique.size, dtype=np.int32)
        inverse = position[keys]
    else:
        unique, inverse = np.unique(keys, return_inverse=True)
    values = outer_sums(zf, zg, inverse, unique.size)
    return PairSums(unique // g.levels, unique % g.levels, values)


@dataclass(frozen=True, eq=False)
class ProductMap:
    """The sparse map M with Σ_l K_l[a,b] B_l[a]ᵀ B_l[b] = M · K on the entries that are not zero.

    Attributes
    ----------
    matrix
        (entries, L·s²); column (l, a, b) holds the products of group l.
    places
        (entries,) where they stand in the lower triangle of a column-major (width, width) matrix.
    """

    matrix: sparse.csc_array
    places: NDArray[np.intp]


def _occurring(index: NDArray[np.int32], total: int) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    """The numbers below ``total`` that occur, ascending, and where each entry stands among them."""
    if total > 8 * index.size + 10_000_000:
        places, inverse = np.unique(index, return_inverse=True)
        return places.astype(np.intp), inverse.astype(np.int32)
    there = np.zeros(total, dtype=bool)
    there[index] = True
    found = np.flatnonzero(there)
    rank = np.empty(total, dtype=np.int32)
    rank[found] = np.arange(found.size, dtype=np.int32)
    return found, np.take(rank, index)


def product_map(
    level: NDArray[np.intp], column: NDArray[np.intp], values: FloatArray, levels: int, width: int
) -> ProductMap:
    """The map from the blocks K of all groups to Σ_l K_l[a,b] B_l[a]ᵀ B_l[b].

    Parameters
    ----------
    level, column
        (nnz,) sorted by level, then column: which group, which trailing column.
    values
        (nnz, s) entries of B.
    levels, width
        Number of groups L; order of the trailing block.
    """
    s = values.shape[1]
    counts = np.bincount(level, minlength=levels)
    starts = np.cumsum(counts) - counts
    # Entry e of a group pairs with the entries up to itself.
    repeat = np.arange(level.size) - starts[level] + 1
    ends = np.cumsum(repeat)
    first = np.repeat(np.arange(level.size, dtype=np.int32), repeat)
    second = np.arange(first.size, dtype=np.int32)
    second += np.repeat((starts[level] - ends + repeat).astype(np.int32), repeat)
    narrow = column.astype(np.int32)
    index = np.take(narrow * np.int32(width), second)
    index += np.take(narrow, first)
    places, index = _occurring(index, width * width)
    per_group = np.bincount(level, repeat, levels).astype(np.int64)
    pairs = [np.take(values[:, a], first) * np.take(values[:, b], second) for a in range(s) for b in range(s)]
    if s == 1:
        indptr = np.concatenate([[0], np.cumsum(per_group)]).astype(np.int32)
        return ProductMap(sparse.csc_array((pairs[0], index, indptr), (places.size, levels)), places)
    columns = np.repeat(np.arange(levels, dtype=np.int32), per_group) * np.int32(s * s)
    data = np.concatenate(pairs)
    where = np.concatenate([columns + np.int32(ab) for ab in range(s * s)])
    shape = (places.size, levels * s * s)
    return ProductMap(sparse.csc_array((data, (np.tile(index, s * s), where)), shape), places)
