"""What an expression of a formula evaluates to: columns of numbers, or a factor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int32]


@dataclass(frozen=True, eq=False, slots=True)
class Quantity:
    """Numbers: (n,) for one column, (n, k) for a basis such as a polynomial; 0-d for a constant."""

    values: FloatArray

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.values.shape[1] if self.values.ndim == 2 else 1


@dataclass(frozen=True, eq=False, slots=True)
class Labels:
    """A factor: (n,) positions in ``levels``, -1 where missing; the first level is the reference."""

    codes: IntArray
    levels: tuple[str, ...]


Variable = Quantity | Labels


def drop_unused_levels(factor: Labels) -> Labels:
    """The factor with only the levels that occur, in their order."""
    seen = np.bincount(factor.codes, minlength=len(factor.levels)) > 0
    if seen.all():
        return factor
    position = (np.cumsum(seen) - 1).astype(np.int32)
    kept = tuple(level for level, there in zip(factor.levels, seen.tolist(), strict=True) if there)
    return Labels(position[factor.codes], kept)
