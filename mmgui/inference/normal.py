"""The quantile that intervals of the normal distribution are made of."""

from __future__ import annotations


def normal_quantile(level: float) -> float:
    """Standard deviations to either side of the mean between which a normal variable lies at ``level``."""
    from scipy.special import ndtri

    return float(ndtri(0.5 + level / 2.0))
