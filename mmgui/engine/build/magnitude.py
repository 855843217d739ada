"""Refuses numbers whose squares and cross-products no double can hold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmgui.errors import ModelError, Where

# The sum of squares of 10^8 numbers of this size, and of the least, is still a number.
LARGEST = 1e140
SMALLEST = 1e-140


def check_magnitude(values: NDArray[np.float64], shown: str, where: Where) -> None:
    """Raise for finite numbers that are too large to compute with, or all too small.

    Raises
    ------
    ModelError
        ``too_large_numbers`` or ``too_small_numbers``.
    """
    most = float(np.abs(values).max(initial=0.0))
    if most > LARGEST:
        raise ModelError(
            "too_large_numbers",
            f"{shown} holds numbers as large as {most:.2g}, too large to compute with; divide it by a power "
            "of ten.",
            where,
        )
    if 0.0 < most < SMALLEST:
        raise ModelError(
            "too_small_numbers",
            f"{shown} holds no number larger than {most:.2g}, too small to compute with; multiply it by a "
            "power of ten.",
            where,
        )
