"""B-spline and natural cubic spline bases as R's package splines makes them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def bspline_design(knots: FloatArray, x: FloatArray, order: int) -> FloatArray:
    """B-splines of the given order at x.

    The Cox–de Boor recursion (de Boor 1978, *A Practical Guide to Splines*, ch. X), continuous from
    the right except at the last knot, where it is continuous from the left. Beyond the boundary knots the
    polynomials of the first and the last interval go on, as in R's ``predict`` of a ``bs``.

    Parameters
    ----------
    knots
        (m,) knots, ascending, the boundary knots repeated ``order`` times.
    x
        (n,) points.
    order
        Degree plus one.

    Returns
    -------
    (n, m - order) basis.
    """
    n = len(x)
    # The knot interval of each point; at the last knot the last interval that is not empty.
    first = int(np.searchsorted(knots, knots[0], side="right")) - 1
    last = int(np.searchsorted(knots, knots[-1], side="left")) - 1
    interval = np.clip(np.searchsorted(knots, x, side="right") - 1, first, last)
    local = np.zeros((order, n))
    local[0] = 1.0
    for degree in range(1, order):
        saved = np.zeros(n)
        for r in range(degree):
            right = knots[interval + r + 1] - x
            left = x - knots[interval + 1 - degree + r]
            width = right + left
            part = np.divide(local[r], width, out=np.zeros(n), where=width != 0)
            local[r] = saved + right * part
            saved = left * part
        local[degree] = saved
    out = np.zeros((n, len(knots) - order))
    rows = np.arange(n)
    for r in range(order):
        out[rows, interval - order + 1 + r] = local[r]
    return out


def bspline_derivative(knots: FloatArray, x: FloatArray, order: int, times: int) -> FloatArray:
    """(n, m - order) derivatives of the B-splines of that order at x, ``times`` over, by differencing."""
    values = _lower_order_design(knots, x, order - times, order)
    for k in range(order - times + 1, order + 1):
        span = knots[k - 1 :] - knots[: -(k - 1)]
        scaled = np.divide((k - 1) * values, span, out=np.zeros_like(values), where=span != 0)
        values = scaled[:, :-1] - scaled[:, 1:]
    return values


def _lower_order_design(knots: FloatArray, x: FloatArray, order: int, outer: int) -> FloatArray:
    """B-splines of a lower order on knots whose ends are repeated ``outer`` times."""
    extra = outer - order
    out = np.zeros((len(x), len(knots) - order))
    out[:, extra : out.shape[1] - extra] = bspline_design(knots[extra : len(knots) - extra], x, order)
    return out


def _padded_knots(x: FloatArray, interior: FloatArray, order: int) -> FloatArray:
    ends = np.repeat([x.min(), x.max()], order)
    return np.sort(np.concatenate([ends, interior]))


def quantile_knots(x: FloatArray, count: int) -> FloatArray:
    """(count,) interior knots at equally spaced quantiles of x (R's type 7)."""
    return np.asarray(np.quantile(x, np.linspace(0.0, 1.0, count + 2)[1:-1]), dtype=np.float64)


def bs_knots(x: FloatArray, interior: FloatArray, degree: int) -> FloatArray:
    """The knots of R's ``splines::bs`` on the points x, without gaps, boundary knots repeated."""
    return _padded_knots(x, interior, degree + 1)


def ns_knots(x: FloatArray, interior: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The knots of R's ``splines::ns`` on the points x, and the rotation of the cubic B-splines.

    What the rotation leaves of them has no second derivative at the two ends. It is the Householder QR
    that R uses, so the columns agree in sign and order.
    """
    knots = _padded_knots(x, interior, 4)
    ends = np.array([knots[0], knots[-1]])
    curvature = bspline_derivative(knots, ends, 4, 2)[:, 1:]
    rotation = np.linalg.qr(curvature.T, mode="complete").Q
    return knots, np.asarray(rotation[:, 2:], dtype=np.float64)


def natural_spline_design(knots: FloatArray, rotation: FloatArray, x: FloatArray) -> FloatArray:
    """(n, k) natural cubic splines at x; beyond the boundary knots straight lines go on."""
    low, high = float(knots[0]), float(knots[-1])
    basis = bspline_design(knots, np.clip(x, low, high), 4)[:, 1:]
    for end, outside in ((low, x < low), (high, x > high)):
        if outside.any():
            slope = bspline_derivative(knots, np.array([end]), 4, 1)[:, 1:]
            basis[outside] += (x[outside] - end)[:, None] * slope
    return np.asarray(basis @ rotation, dtype=np.float64)
