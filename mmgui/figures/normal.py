"""Widths of intervals and regions of the normal distribution, for figures and for what draws them."""

from __future__ import annotations

from functools import cache

from mmgui.inference.normal import joint_radius, normal_quantile

__all__ = ["cut", "joint_radius"]


@cache
def cut(level: float) -> float:
    """Standard deviations to either side of the mean between which a normal variable lies at ``level``."""
    return normal_quantile(level)
