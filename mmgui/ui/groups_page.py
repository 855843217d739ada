"""Groups: each group's data with its own line, everyone's line, and the model's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from mmgui.app.analysis_parts import Part
from mmgui.app.scene import Scene
from mmgui.app.theme import Theme
from mmgui.figures.ghosts import groups_ghost
from mmgui.figures.group_intervals import IntervalsFigure, moved_intervals
from mmgui.figures.groups import GroupsFigure, moved_groups
from mmgui.plots.groups_intervals import GroupsIntervals
from mmgui.plots.groups_overlay import GroupsOverlay
from mmgui.plots.groups_plot import GroupsPlot
from mmgui.ui.groups_controls import INTERVALS, OVERLAY, TILES, GroupsControls
from mmgui.ui.term_chooser import TermChooser
from mmgui.ui.viewed_page import ViewedPage

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved


LOW = 400
"""Height of the page, at scale 1, below which the choices are made small."""


class GroupsPage(ViewedPage):
    """Three views of the groups of one grouping factor; only the one in sight is fed."""

    key = "groups"
    vacant = "This model has no random effects, so no group has a line of its own."
    title = "Groups"
    parts = (Part.GROUPS, Part.GROUP_INTERVALS)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        themes, selection = scene.themes, scene.selection
        self._figures: tuple[GroupsFigure, ...] = ()
        self._fits: tuple[IntervalsFigure, ...] = ()
        self._moved: Moved | None = None
        self.chooser = TermChooser(themes)
        self.chooser.chosen.connect(self._feed)
        self.controls = GroupsControls(themes, scene.ghosts, self.chooser)
        self.controls.view_chosen.connect(self._on_view)
        self.controls.order_chosen.connect(self._on_order)
        self.controls.lines_chosen.connect(self._on_lines)
        self.choose_views_by(self.controls.views)
        self.plot = GroupsPlot(themes, selection)
        self.overlay = GroupsOverlay(themes, selection)
        self.intervals = GroupsIntervals(themes, selection)
        self._views = QStackedWidget()
        for view in (self.plot, self.overlay, self.intervals):
            view.explained = True
            self._views.addWidget(view)
        self._box = QVBoxLayout(self)
        self._box.addWidget(self.controls)
        self._box.addWidget(self._views, 1)
        self.controls.hide()
        scene.ghosts.ghost_changed.connect(self._on_ghost)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    # -- what comes

    def show_part(self, part: Part, figure: object) -> None:
        if not isinstance(figure, tuple):
            return
        if part is Part.GROUPS and figure is not self._figures:
            self._figures = figure
            self.chooser.set_terms(tuple(f.grouping for f in figure), tuple(f.term for f in figure))
            self.controls.show()
            self._feed()
        if part is Part.GROUP_INTERVALS and figure is not self._fits:
            self._fits = figure
            if self.controls.view == INTERVALS:
                self._feed()

    def show_moved(self, moved: Moved | None) -> None:
        if moved is None and self._moved is None:
            return
        self._moved = moved
        self._follow()

    def figure(self) -> GroupsFigure | None:
        """The groups of the term chosen."""
        return self._figures[min(self.chooser.index, len(self._figures) - 1)] if self._figures else None

    def fits(self) -> IntervalsFigure | None:
        """The separate fits of the groups shown; None while they are not there."""
        figure = self.figure()
        if figure is None:
            return None
        # Another model's fits may still be here while its own are on their way.
        same = (f for f in self._fits if f.grouping == figure.grouping and f.levels == figure.levels)
        return next(same, None)

    def _feed(self) -> None:
        """Show the term chosen in the view chosen."""
        figure = self.figure()
        if figure is None:
            return
        self.controls.set_term(figure.term, strip=figure.kind == "strip")
        self.controls.offer_orders(figure.orders)
        order, lines = self.controls.chosen_order(), self.controls.lines
        match self.controls.view:
            case "intervals":
                self.intervals.set_data(self.fits(), order, lines)
            case "overlay":
                self.overlay.set_data(figure, order, lines)
            case _:
                self.plot.set_data(figure, order, lines)
        self._follow()

    def _follow(self) -> None:
        """Let the view in sight follow the hand."""
        moved, figure = self._moved, self.figure()
        if figure is None or (moved is not None and not self._is_of(moved)):
            return
        if self.controls.view == INTERVALS:
            fits = self.fits()
            if fits is not None:
                self.intervals.show_moved(None if moved is None else moved_intervals(fits, moved))
            return
        view = self.overlay if self.controls.view == OVERLAY else self.plot
        view.show_moved(None if moved is None else moved_groups(figure, moved))
        if moved is None:
            view.show_ghost(groups_ghost(figure, self.scene.ghosts.ghost))

    @Slot(object)
    def _on_ghost(self, _ghost: object) -> None:
        figure = self.figure()
        if figure is not None and self.controls.view != INTERVALS:
            view = self.overlay if self.controls.view == OVERLAY else self.plot
            view.show_ghost(groups_ghost(figure, self.scene.ghosts.ghost))

    def _is_of(self, moved: Moved) -> bool:
        """Whether what was moved is the model of the figure."""
        figure = self.figure()
        return (
            figure is not None
            and figure.term < len(moved.fit.terms)
            and moved.fit.terms[figure.term].levels == figure.levels
            and len(moved.fit.fitted) == len(figure.y)
        )

    # -- what is chosen

    @Slot(str)
    def _on_view(self, view: str) -> None:
        self._views.setCurrentIndex((TILES, OVERLAY, INTERVALS).index(view))
        self._feed()

    @Slot(str)
    def _on_order(self, _key: str) -> None:
        order = self.controls.chosen_order()
        match self.controls.view:
            case "intervals":
                self.intervals.set_order(order)
            case "overlay":
                self.overlay.set_order(order)
            case _:
                self.plot.set_order(order)

    @Slot(object)
    def _on_lines(self, lines: frozenset[str]) -> None:
        match self.controls.view:
            case "intervals":
                self.intervals.set_lines(lines)
            case "overlay":
                self.overlay.set_lines(lines)
            case _:
                self.plot.set_lines(lines)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._adapt()

    def _adapt(self) -> None:
        """In a low page the choices take one line, and pictures go without their title."""
        theme = self.themes.theme
        low = self.height() < theme.px(LOW)
        edge = theme.air(4 if low else 14)
        self._box.setContentsMargins(theme.air(18), edge, theme.air(18), edge)
        self._box.setSpacing(theme.air(2 if low else 8))
        self.controls.set_low(low)
        for view in (self.plot, self.overlay, self.intervals):
            view.set_titled(not low)

    @Slot(object)
    def _on_theme(self, _theme: Theme) -> None:
        self._adapt()
