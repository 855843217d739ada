"""Codes renumbered to those that occur: what makes groups of the combinations of columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
CodeArray = NDArray[np.int32]


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
    if total > 8 * len(codes) + 1024:
        present, inverse = np.unique(codes[known], return_inverse=True)
        positions[known] = inverse
        return present.astype(np.int64, copy=False), positions
    # Counting takes less than sorting where there are not many more codes than entries.
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
