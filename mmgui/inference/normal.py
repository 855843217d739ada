"""What intervals and joint regions of the normal distribution are made of."""

from __future__ import annotations

import math


def normal_quantile(level: float) -> float:
    """Standard deviations to either side of the mean between which a normal variable lies at ``level``."""
    from scipy.special import ndtri

    return float(ndtri(0.5 + level / 2.0))


def joint_radius(level: float) -> float:
    """Distance from the centre within which a standard bivariate normal lies at ``level``.

    The root of the χ²(2) quantile, √(-2 log(1 - level)).
    """
    return math.sqrt(-2.0 * math.log1p(-level))
