"""A row for each group, in which groups glide from row to row."""

from __future__ import annotations

from mmgui.plots.gliding import GlidingPanel
from mmgui.plots.group_rows import GroupRows

CROWDED = 1.5
"""From how many rows on a line of pixels they are drawn as one."""


class GlidingRows(GlidingPanel, GroupRows):
    """Rows that are painted: as thin as the range shown makes them."""

    def row_height(self) -> float:
        """Pixels a row has now."""
        shown = self.view.viewRect().height()
        return float(self.inside().height() / shown) if shown > 0 else 1.0

    def mark_size(self) -> float:
        """Diameter of a mark: as large as a row allows."""
        return float(min(max(self.row_height() * 0.62, 2.6), 8.5 * self.theme.scale**0.75))

    def crowded(self) -> bool:
        """Whether several rows fall on one line of pixels."""
        return self.row_height() * CROWDED < 1.0

    def stroke(self) -> float:
        """Width of a row's line."""
        return self.theme.line_width * (1.0 if self.row_height() > 8 else 0.7)
