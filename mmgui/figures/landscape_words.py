"""What a landscape says in words: what is held, where it ends, how coarse it is."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from mmgui.inference.landscape.surface import LINE_POINTS_PROFILED, MOST, MOST_PROFILED, Landscape
from mmgui.inference.likelihood.covariance_point import Coordinate
from mmgui.numbers import number

FloatArray = NDArray[np.float64]
LOWER = 0.01
FULL = 1.0 - 1e-9


def edge_words(c: Coordinate, bounds: tuple[float, float]) -> tuple[str, str]:
    """What it means that a parameter is at its lower and at its upper bound."""
    if c.residual:
        return ("", "")
    if not c.correlation:
        return ("no variance", "")
    low, high = bounds
    lower = "correlation −1" if low <= -FULL else f"limit {number(low, 2)}"
    upper = "correlation 1" if high >= FULL else f"limit {number(high, 2)}"
    return lower, upper


def notes_of(
    found: Landscape, difference: FloatArray, held: tuple[str, ...], fit_difference: float, *, moved: bool,
    whole: bool = True,
) -> tuple[str, ...]:  # fmt: skip
    """Sentences under the picture; of a part of a landscape nothing of where it is lowest."""
    notes = [_others(found, held, moved=moved)]
    known = difference[np.isfinite(difference)]
    for axis in found.axes:
        low, high = axis.bounds
        if axis.coordinate.correlation and math.isfinite(high) and high - low < 2.0 * FULL:
            between = f"{number(low)} and {number(high)}"
            notes.append(f"A correlation can only lie between {between} here.")
    if fit_difference > LOWER:
        fall = number(fit_difference)
        notes.append(f"The fit is not at the lowest point here: the criterion can still fall by {fall}.")
    elif moved and whole and len(known) and float(known.min()) > 0.5:
        notes.append(f"The lowest point here is {number(float(known.min()))} above the best fit.")
    if len(known) < difference.size:
        notes.append("Where nothing is drawn the criterion was not worked out.")
    count = len(found.axes[0].values)
    full = MOST_PROFILED if found.others.profiled else MOST
    if (len(found.axes) == 2 and count < full) or count < min(LINE_POINTS_PROFILED, full):
        milliseconds = number(1000.0 * found.seconds, 2)
        grid = f"{count} × {count}" if len(found.axes) == 2 else f"{count}"
        notes.append(f"Coarse: drawn from {grid} points, because one takes {milliseconds} ms.")
    return tuple(notes)


def _others(found: Landscape, held: tuple[str, ...], *, moved: bool) -> str:
    """What the parameters that are not on the axes do."""
    sigma = not any(a.coordinate.residual for a in found.axes)
    if found.others.profiled:
        return "At every point all other parameters take their best values."
    best = "σ and the fixed effects" if sigma and found.others.sigma_follows else "The fixed effects"
    start = f"{best} take their best values at every point"
    if not held:
        return f"{start}."
    where = "where the handle is" if moved else "as in the fit"
    if len(held) == 1:
        title = held[0]
        title = title if title.startswith("SD") else f"{title[0].lower()}{title[1:]}"
        # A name may end with a full stop of its own.
        return f"{start}; held {where}: {title.removesuffix('.')}."
    return f"{start}; the other {len(held)} parameters are held {where}."
