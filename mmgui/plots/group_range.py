"""A range that stays while a hand moves the model, and widens in steps where lines would leave it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Span = tuple[float, float]
STEPS_PER_SPAN = 4.0


class SteadyRange:
    """Holds the home range of a fit."""

    def __init__(self) -> None:
        self.home: Span = (0.0, 1.0)
        self.shown: Span = self.home

    def reset(self, home: Span | None = None) -> None:
        """Show the home range, another one if given."""
        self.home = self.home if home is None else home
        self.shown = self.home

    def include(self, values: NDArray[np.float64]) -> bool:
        """Widen by whole steps until the values are inside; whether that changed what is shown."""
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        step = (self.home[1] - self.home[0]) / STEPS_PER_SPAN
        if not (math.isfinite(low) and math.isfinite(high)) or step <= 0.0:
            return False
        down = max(math.ceil((self.shown[0] - low) / step - 1e-9), 0)
        up = max(math.ceil((high - self.shown[1]) / step - 1e-9), 0)
        self.shown = (self.shown[0] - down * step, self.shown[1] + up * step)
        return bool(down or up)
