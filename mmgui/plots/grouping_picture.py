"""The grouping structure of a model: a grid for crossed factors, a tree for nested ones, to pick from."""

from __future__ import annotations

import html
import re

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from mmgui.app.selection import Selection, SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.grouping import GroupingFigure, StructureView
from mmgui.figures.picked_rows import Mask
from mmgui.figures.tabular import FigureTable
from mmgui.plots.grouping_canvas import StructureCanvas
from mmgui.plots.grouping_chooser import ViewChooser
from mmgui.plots.grouping_marks import LEAST, Parts
from mmgui.plots.grouping_picking import picked_by
from mmgui.plots.grouping_words import reading_caption, view_notes
from mmgui.plots.plot import Plot

_ARROWS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
_TAGS = re.compile(r"<[^>]*>")


class GroupingPicture(Plot):
    """One view at a time, chosen by tabs; of labels that recur both readings, side by side given the room.

    A click on a cell or branch picks its rows everywhere, another one lets go, Ctrl adds. Arrow keys move
    a cursor, Enter picks what it stands on.
    """

    title = "Grouping structure"
    empty = ""

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: GroupingFigure | None = None
        self._choices: list[tuple[StructureView, ...]] = []
        self._chosen = self._reading = 0
        self._built = False
        super().__init__(themes, selection, parent)
        self.chooser = ViewChooser()
        self._canvases = [StructureCanvas(), StructureCanvas()]
        self._captions = [QLabel(), QLabel()]
        self._halves: list[QWidget] = []
        self._lay_out()
        self._built = True
        self.chooser.view_chosen.connect(self._on_view)
        self.chooser.reading_chosen.connect(self._on_reading)
        for canvas in self._canvases:
            canvas.clicked.connect(self._on_clicked)
        if selection is not None:
            selection.selection_changed.connect(self._on_selection)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_titled(False)

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.chooser)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        column.addLayout(self._sides, 1)
        for k, (canvas, caption) in enumerate(zip(self._canvases, self._captions, strict=True)):
            caption.setObjectName(f"readingCaption{k}")
            caption.setWordWrap(True)
            caption.setTextFormat(Qt.TextFormat.RichText)
            half = QWidget()
            inside = QVBoxLayout(half)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.addWidget(caption)
            inside.addWidget(canvas, 1)
            self._sides.addWidget(half, 1)
            self._halves.append(half)
        self.set_body(body)

    # -- what is shown

    def set_data(self, figure: GroupingFigure | None) -> None:
        """Show a figure, or nothing; stays with the view shown if the figure has it too."""
        before = self.shown_view()
        self._figure = figure
        self._choices = [] if figure is None else _choices(figure.views)
        kept = before.title if before is not None else ""
        self._chosen = next((k for k, c in enumerate(self._choices) if kept in [v.title for v in c]), 0)
        self.chooser.set_titles([c[0].title for c in self._choices], self._chosen)
        self.show_figure(figure is not None)

    def views(self) -> tuple[StructureView, ...]:
        """The view shown, or both readings of it."""
        if not self._choices:
            return ()
        choice = self._choices[self._chosen]
        if len(choice) == 1 or self._side_by_side():
            return choice
        return (choice[min(self._reading, len(choice) - 1)],)

    def shown_view(self) -> StructureView | None:
        """The (first) view shown."""
        views = self.views()
        return views[0] if views else None

    def table(self) -> FigureTable:
        view = self.shown_view()
        return FigureTable((), ()) if view is None else view.table()

    def heading(self) -> str:
        view = self.shown_view()
        return self.title if view is None else f"{self.title}: {view.title}"

    def notes(self) -> tuple[str, ...]:
        figure = self._figure
        if figure is None:
            return ()
        left_out = (f"Not drawn: {', '.join(figure.left_out)}.",) if figure.left_out else ()
        return (*view_notes(self.views()), *left_out)

    def canvases(self) -> list[StructureCanvas]:
        """Those in use."""
        return self._canvases[: len(self.views())]

    def _side_by_side(self) -> bool:
        theme = self.theme
        return self.width() >= theme.px(560) and self.height() >= theme.px(220)

    def wanted_height(self, width: int) -> int:
        """Pixels that show the figure well at a width, without its edges."""
        view, theme = self.shown_view(), self.theme
        if view is None:
            return 0
        bar = self.chooser.tabs.sizeHint().height() + theme.px(4) if self._has_bar() else 0
        if view.layout == "nested":
            return bar + theme.px(48) * len(view.factors) + theme.px(20)
        if view.layout == "single":
            across, down = len(view.factors[0].levels), int(view.factors[0].sizes.max())
            if down * LEAST > 110:
                # Bars, which need no more height to be read.
                return theme.px(64)
        else:
            down, across = sorted(len(f.levels) for f in view.factors)
        step = min(width / max(across, 1), theme.px(20))
        return bar + int(min(max(down * min(step, theme.px(20)) + theme.px(24), theme.px(42)), theme.px(124)))

    def _has_bar(self) -> bool:
        return len(self._choices) > 1 or self._has_readings()

    def _has_readings(self) -> bool:
        return bool(self._choices) and len(self._choices[self._chosen]) > 1

    # -- drawing

    def draw(self, theme: Theme) -> None:
        if not self._built:
            return
        views = self.views()
        self.chooser.dress(theme, self.width(), readings=self._has_readings() and len(views) == 1)
        self._sides.setSpacing(theme.px(24))
        picked = self._picked_rows()
        for k, (half, caption) in enumerate(zip(self._halves, self._captions, strict=True)):
            view = views[k] if k < len(views) else None
            half.setVisible(view is not None)
            self._canvases[k].show_view(theme, view, picked)
            words = reading_caption(theme, views[k]) if len(views) > 1 else ""
            caption.setText(words)
            caption.setVisible(bool(words))
            caption.setStyleSheet(
                f"font-size: {theme.px(12.5)}px; color: {theme.muted}; background: transparent"
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        other_width = self._has_bar() and event.size().width() != event.oldSize().width()
        other_count = len(self.views()) != sum(not h.isHidden() for h in self._halves)
        if self._filled and (other_width or other_count):
            self.dress(self.theme)

    def choose_view(self, title: str) -> None:
        """Show another view by its title."""
        for k, choice in enumerate(self._choices):
            for reading, view in enumerate(choice):
                if view.title == title:
                    self.chooser.readings.setCurrentIndex(reading)
                    self.chooser.set_chosen(k)
                    self._on_view(k)
                    return

    @Slot(int)
    def _on_view(self, index: int) -> None:
        self._chosen = index
        self.dress(self.theme)

    @Slot(int)
    def _on_reading(self, index: int) -> None:
        self._reading = index
        self.dress(self.theme)

    # -- selection

    def _picked_rows(self) -> Mask | None:
        if self._selection is None or self._figure is None:
            return None
        selection = self._selection.selection
        return self._figure.members.picked(selection.groups, selection.rows)

    @Slot(object)
    def _on_selection(self, _selection: Selection) -> None:
        if self._filled:
            picked = self._picked_rows()
            for canvas, view in zip(self.canvases(), self.views(), strict=True):
                canvas.show_view(self.theme, view, picked)

    @Slot(object, bool)
    def _on_clicked(self, parts: Parts, extend: bool) -> None:
        canvas = self.sender()
        if isinstance(canvas, StructureCanvas):
            self.pick(canvas, parts, extend=extend)

    def pick(self, canvas: StructureCanvas, parts: Parts, *, extend: bool = False) -> None:
        """Pick what a mark of a canvas stands for, or let go of it."""
        model, figure, view = self._selection, self._figure, canvas.view
        if model is not None and figure is not None and view is not None:
            model.set_selection(picked_by(model.selection, figure, view, parts, extend=extend))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        canvases = self.canvases() if self._filled else []
        active = next((c for c in canvases if c.cursor_mark is not None), canvases[0] if canvases else None)
        held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        key = Qt.Key(event.key())
        if active is None:
            super().keyPressEvent(event)
        elif key in _ARROWS:
            words = active.move_cursor(*_ARROWS[key])
            self.setAccessibleDescription(html.unescape(_TAGS.sub("", words)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            active.click_cursor(extend=held)
        elif key == Qt.Key.Key_Escape:
            active.forget_cursor()
            if self._selection is not None:
                self._selection.clear()
        else:
            super().keyPressEvent(event)


def _choices(views: tuple[StructureView, ...]) -> list[tuple[StructureView, ...]]:
    """Views by tab: two readings of the same factors share one."""
    out: list[tuple[StructureView, ...]] = []
    for view in views:
        if view.reading == "nested" and out and out[-1][-1].reading == "crossed":
            out[-1] = (*out[-1], view)
        else:
            out.append((view,))
    return out
