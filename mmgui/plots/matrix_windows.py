"""Which part of each axis of the matrices is in sight: pictures that share an axis move together."""

from __future__ import annotations

from collections.abc import Mapping

from mmgui.figures.matrix_links import Axis

FEWEST = 2.0
"""Entries that stay in sight, however far one goes in."""


class MatrixWindows:
    """A window (from, to), in entries, on each axis."""

    def __init__(self) -> None:
        self._sizes: dict[Axis, int] = {}
        self._windows: dict[Axis, tuple[float, float]] = {}

    def set_sizes(self, sizes: Mapping[Axis, int]) -> None:
        """How many entries each axis has; what is in sight stays where an axis stays as it is."""
        for axis, size in sizes.items():
            if self._sizes.get(axis) != size:
                self._windows[axis] = (0.0, float(size))
        self._sizes = dict(sizes)

    def __getitem__(self, axis: Axis) -> tuple[float, float]:
        return self._windows.get(axis, (0.0, 0.0))

    def span(self, axis: Axis) -> float:
        """How many entries are in sight."""
        low, high = self[axis]
        return high - low

    def size(self, axis: Axis) -> int:
        """How many entries there are."""
        return self._sizes.get(axis, 0)

    @property
    def whole(self) -> bool:
        """Whether everything is in sight."""
        return all(self._windows[a] == (0.0, float(n)) for a, n in self._sizes.items())

    def reset(self) -> None:
        """All in sight."""
        self._windows = {a: (0.0, float(n)) for a, n in self._sizes.items()}

    def zoom(self, axis: Axis, at: float, factor: float) -> None:
        """Go in (factor below 1) or out around an entry, which stays where it is."""
        low, high = self[axis]
        size = float(self.size(axis))
        span = min(max((high - low) * factor, min(FEWEST, size)), size)
        share = (at - low) / (high - low) if high > low else 0.0
        self._put(axis, at - share * span, span)

    def pan(self, axis: Axis, by: float) -> None:
        """Move by so many entries."""
        low, high = self[axis]
        self._put(axis, low + by, high - low)

    def show(self, axis: Axis, low: float, high: float) -> None:
        """Bring a part of an axis into sight."""
        self._put(axis, low, min(max(high - low, FEWEST), float(self.size(axis))))

    def _put(self, axis: Axis, low: float, span: float) -> None:
        low = min(max(low, 0.0), self.size(axis) - span)
        self._windows[axis] = (low, low + span)
