"""All groups in one panel, the picked ones drawn strong."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.groups import GroupsFigure
from mmgui.figures.groups_order import GroupOrder
from mmgui.plots.group_lines_panel import LinesPanel
from mmgui.plots.group_strip_panel import StripPanel
from mmgui.plots.groups_view import COMPLETE, PARTIAL, GroupsView


class GroupsOverlay(GroupsView):
    """Lines over a predictor, or a row of dots for each group where there is none."""

    title = "Groups overlaid"
    default_lines = frozenset({COMPLETE, PARTIAL})

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._panel: LinesPanel | StripPanel | None = None
        self._drawn: object = None
        super().__init__(themes, selection, parent)

    def set_data(
        self,
        figure: GroupsFigure | None,
        order: GroupOrder | None = None,
        lines: frozenset[str] | None = None,
    ) -> None:
        """Show a figure, or the empty state."""
        if figure is not None:
            wanted = StripPanel if figure.kind == "strip" else LinesPanel
            if not isinstance(self._panel, wanted):
                self._panel = wanted()
                self.set_panels([self._panel], [(0, 0)])
        super().set_data(figure, order, lines)

    def draw(self, theme: Theme) -> None:
        figure, panel = self._figure, self._panel
        if figure is None or panel is None:
            return
        panel.apply_theme(theme)
        # Another look leaves the part of the picture that is shown.
        shown = (figure, self._order)
        afresh = self._drawn is None or self._drawn != shown
        self._drawn = shown
        if isinstance(panel, StripPanel):
            rows = figure.order if self._order is None else self._order.rows
            panel.show_figure(figure, self._lines, rows, afresh=afresh)
        else:
            panel.show_figure(figure, self._lines, afresh=afresh)
        panel.ghost = self.ghost
        if self._moved is not None:
            panel.show_moved(self._moved)

    def follow(self) -> None:
        if self._panel is not None:
            self._panel.ghost = self.ghost
            self._panel.show_moved(self._moved)
