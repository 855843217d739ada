"""Cross products of the model's columns, computed once; afterwards nothing touches the n rows again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from mmgui.engine.design import FloatArray
from mmgui.engine.structure import Factor

# Products of this many numbers are summed group by group after one sort; more are summed column by column.
AT_ONCE = 2_000_000


def group_sums(values: FloatArray, codes: NDArray[np.integer], groups: int) -> FloatArray:
    """(groups, k) sums of the rows of ``values`` (n, k) over groups, every group occurring."""
    if values.size <= AT_ONCE:
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
    if n * s * t <= AT_ONCE:
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
    if f.levels * g.levels <= 100_000:
        unique = np.flatnonzero(np.bincount(keys, minlength=f.levels * g.levels))
        position = np.zeros(f.levels * g.levels, dtype=np.int64)
        position[unique] = np.arange(unique.size)
        inverse = position[keys]
    else:
        unique, inverse = np.unique(keys, return_inverse=True)
    values = outer_sums(zf, zg, inverse, unique.size)
    return PairSums(unique // g.levels, unique % g.levels, values)


def product_map(
    level: NDArray[np.intp], column: NDArray[np.intp], values: FloatArray, levels: int, width: int
) -> sparse.csc_array:
    """The sparse map M with vec(Σ_l K_l[a,b] B_l[a]ᵀ B_l[b], lower triangle) = M · K.

    Parameters
    ----------
    level, column
        (nnz,) sorted by level: which group, which dense column.
    values
        (nnz, s) entries of B.
    levels, width
        Number of groups L; number of dense columns.

    Returns
    -------
    sparse.csc_array
        (width², L·s²); column (l, a, b) holds the products of group l, row r·width + c with c <= r.
    """
    s = values.shape[1]
    counts = np.bincount(level, minlength=levels)
    starts = np.cumsum(counts) - counts
    rank = np.arange(level.size) - starts[level]
    # Entry e of a group pairs with the entries up to itself: rank + 1 of them.
    repeat = rank + 1
    first = np.repeat(np.arange(level.size), repeat)
    second = np.arange(first.size) - np.repeat(np.cumsum(repeat) - repeat, repeat) + starts[level[first]]
    index = np.maximum(column[first], column[second]) * width + np.minimum(column[first], column[second])
    group = level[first]
    if s == 1:
        data = values[first, 0] * values[second, 0]
        indptr = np.concatenate([[0], np.cumsum(np.bincount(group, minlength=levels))])
        return sparse.csc_array((data, index.astype(np.int32), indptr.astype(np.int32)), (width**2, levels))
    a, b = (g.ravel() for g in np.meshgrid(np.arange(s), np.arange(s), indexing="ij"))
    data = values[first][:, a] * values[second][:, b]
    columns = group[:, None] * s * s + np.arange(s * s)
    rows = np.broadcast_to(index[:, None], columns.shape)
    return sparse.csc_array((data.ravel(), (rows.ravel(), columns.ravel())), (width**2, levels * s * s))
