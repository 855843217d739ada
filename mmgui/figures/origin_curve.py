"""SD and correlation of a slope's lines over where its zero is, for pictures."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmgui.figures.origin import OriginFigure
from mmgui.inference.variance.origin import correlation_along, variance_along

FloatArray = NDArray[np.float64]


def correlation_over(figure: OriginFigure, origins: FloatArray) -> FloatArray:
    """(m,) ρ at each origin; NaN where one of the two does not vary."""
    return correlation_along(figure.covariance, origins)


def spread_over(figure: OriginFigure, x: FloatArray) -> FloatArray:
    """(m,) SD of the lines at each x."""
    return np.asarray(np.sqrt(np.maximum(variance_along(figure.covariance, x), 0.0)))
