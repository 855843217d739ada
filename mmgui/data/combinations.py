"""Codes renumbered to those that occur: what makes groups of the combinations of columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
CodeArray = NDArray[np.int32]


@dataclass(frozen=True, eq=False, slots=True)
class Cells:
    """The combinations of two columns of codes that occur, ordered by the left code, then the right.

    Attributes
    ----------
    left, right
        (m,) the two codes of each combination.
    sizes
        (m,) in how many entries it occurs.
    """

    left: IntArray
    right: IntArray
    sizes: IntArray

    @property
    def count(self) -> int:
        """Number of combinations."""
        return len(self.sizes)


def compact(codes: IntArray, total: int) -> tuple[IntArray, CodeArray]:
    """The codes that occur, and where each entry stands among them.

    Parameters
    ----------
    codes
        (n,) 0 … total - 1, negative where missing.
    total
        How many codes there could be.

    Returns
    -------
    present
        (k,) the codes that occur, ascending.
    positions
        (n,) int32 positions in ``present``, -1 where missing.
    """
    known = codes >= 0
    positions = np.full(len(codes), -1, dtype=np.int32)
    if _worth_sorting(len(codes), total):
        present, inverse = np.unique(codes[known], return_inverse=True)
        positions[known] = inverse
        return present.astype(np.int64, copy=False), positions
    seen = np.bincount(codes[known], minlength=max(total, 1)) > 0
    positions[known] = (np.cumsum(seen) - 1)[codes[known]]
    return np.flatnonzero(seen).astype(np.int64, copy=False), positions


def combined(left: CodeArray, right: CodeArray, width: int) -> tuple[IntArray, CodeArray]:
    """The combinations of two columns of codes that occur, as ``left * width + right``.

    Parameters
    ----------
    left, right
        (n,) codes, negative where missing; a combination is missing where one of the two is.
    width
        How many codes the right column could have.

    Returns
    -------
    As :func:`compact`.
    """
    pairs = left.astype(np.int64) * width + right
    both = np.where((left < 0) | (right < 0), np.int64(-1), pairs)
    return compact(both, (int(left.max(initial=-1)) + 1) * width)


def cells_of(left: NDArray[np.integer], right: NDArray[np.integer], high: int, width: int) -> Cells:
    """The combinations of two columns of codes that occur, and how often.

    Parameters
    ----------
    left, right
        (n,) codes, 0 … high - 1 and 0 … width - 1, none missing.
    high, width
        How many codes the left and the right column could have.

    Returns
    -------
    Cells
    """
    total = high * width
    pairs = left.astype(np.int64) * width + right
    if not _worth_sorting(len(pairs), total):
        counts = np.bincount(pairs, minlength=max(total, 1))
        present = np.flatnonzero(counts)
        sizes = counts[present]
    else:
        # Half the bytes sort in half the time.
        ordered = np.sort(pairs.astype(np.int32) if total < 2**31 else pairs)
        first = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
        present = ordered[first].astype(np.int64)
        sizes = np.diff(np.append(first, len(ordered)))
    return Cells(present // width, present % width, sizes.astype(np.int64, copy=False))


def median_of(counts: IntArray) -> float:
    """The median of counts of rows or groups: small whole numbers, so that counting them beats sorting."""
    if not len(counts) or int(counts.max()) > 4 * len(counts) + 1024:
        return float(np.median(counts))
    below = np.cumsum(np.bincount(counts))
    half = (len(counts) - 1) / 2
    low, high = (int(np.searchsorted(below, place, side="right")) for place in (int(half), int(half + 0.5)))
    return (low + high) / 2


def _worth_sorting(entries: int, total: int) -> bool:
    """Whether there are so many more codes than entries that counting takes longer than sorting."""
    return total > 8 * entries + 1024
