"""Which part of its axes a landscape is worked out for, where more than the whole of it is in sight."""

from __future__ import annotations

from collections.abc import Sequence

Range = tuple[float, float]
Window = tuple[Range, ...]
"""A range for each axis; empty where a landscape has its own."""
AROUND = 0.25
"""How much more than what is in sight is worked out on each side, as a part of it, for the next step."""
COARSE = 4.0
"""How many times wider than what is in sight a window may be before its points are too far apart."""


def window_in_sight(
    home: Sequence[Range], shown: Sequence[Range], bounds: Sequence[Range], now: Window
) -> Window:
    """The window for a view.

    Parameters
    ----------
    home
        What the whole landscape covers, along each axis.
    shown
        What is in sight.
    bounds
        What the parameters can be at all.
    now
        The window worked out before, which stays while it covers what is in sight.
    """
    if all(_covers(h, s) for h, s in zip(home, shown, strict=True)):
        return ()
    seen = [_common(s, b) for s, b in zip(shown, bounds, strict=True)]
    if not all(low < high for low, high in seen):
        # All that is in sight lies beyond what the parameters can be.
        return now
    near = all(w[1] - w[0] <= COARSE * (s[1] - s[0]) for w, s in zip(now, seen, strict=False))
    if now and near and all(_covers(w, s) for w, s in zip(now, seen, strict=True)):
        return now
    return tuple(_common(_wider(s), b) for s, b in zip(seen, bounds, strict=True))


def _covers(wide: Range, narrow: Range) -> bool:
    slack = 1e-6 * (wide[1] - wide[0])
    return wide[0] - slack <= narrow[0] and narrow[1] <= wide[1] + slack


def _common(one: Range, other: Range) -> Range:
    return max(one[0], other[0]), min(one[1], other[1])


def _wider(range_: Range) -> Range:
    more = AROUND * (range_[1] - range_[0])
    return range_[0] - more, range_[1] + more
