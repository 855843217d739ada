"""What all plots share: a title with its legend in words, an empty state, the theme, the menu."""

from __future__ import annotations

import html
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.tabular import FigureTable
from mmgui.plots.canvas import Canvas
from mmgui.plots.plot_menu import PlotMenu
from mmgui.plots.style import drawn_at, pen

NOTES_NEED = 280
"""Pixels of height, at scale 1, from which the notes stand under the picture."""


class Plot(QWidget):
    """A picture of a figure: filled by ``set_data`` alone, redrawn when the theme changes."""

    title = "Plot"
    empty = "Nothing to show yet."
    table_wanted = Signal()
    """Show the numbers of the picture as a table."""

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._themes, self._selection = themes, selection
        self._theme = themes.theme
        self._filled = False
        self._titled, self._terse = True, False
        self._ringed = False
        self._was_cramped = self._was_low = False
        self.deeds = PlotMenu(self)
        self.caption_source: Callable[[], str] | None = None
        self.setObjectName(type(self).__name__[0].lower() + type(self).__name__[1:])
        self.setAccessibleName(self.title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._caption = _label("plotCaption", Qt.TextFormat.RichText)
        self._notes = _label("plotNotes", Qt.TextFormat.PlainText)
        self._quiet = _label("plotEmpty", Qt.TextFormat.PlainText)
        self._quiet.setText(self.empty)
        self._quiet.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        vacant = QWidget()
        self._vacant = QVBoxLayout(vacant)
        self._vacant.setContentsMargins(0, 0, 0, 0)
        self._vacant.addStretch(1)
        self._vacant.addWidget(self._quiet)
        self._vacant.addStretch(1)
        self._stack.addWidget(vacant)
        self._layout = QVBoxLayout(self)
        self._head = QHBoxLayout()
        self._head.addWidget(self._caption, 1)
        self._more = _more_button(self)
        self._more.clicked.connect(self._on_more)
        self._layout.addLayout(self._head)
        self._layout.addWidget(self._stack, 1)
        self._layout.addWidget(self._notes)
        for label in (self._caption, self._notes):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        themes.theme_changed.connect(self._on_theme)
        self.dress(self._theme)

    # -- for subclasses

    def set_body(self, body: QWidget) -> None:
        """The widget that holds the picture."""
        old = self._stack.widget(1)
        if old is body:
            return
        if old is not None:
            self._stack.removeWidget(old)
            old.deleteLater()
        self._stack.addWidget(body)

    def set_corner(self, control: QWidget) -> None:
        """A control beside the title."""
        self._head.addWidget(control, 0, Qt.AlignmentFlag.AlignTop)
        # Beside a control the way to the menu has its own room; else it lies over the picture's corner.
        self._head.addWidget(self._more, 0, Qt.AlignmentFlag.AlignTop)

    def set_heading_at_top(self, top: bool) -> None:
        """The title at the top of its row, for a corner of several lines; else amid it."""
        side = Qt.AlignmentFlag.AlignTop if top else Qt.AlignmentFlag.AlignVCenter
        self._caption.setAlignment(Qt.AlignmentFlag.AlignLeft | side)

    def set_offer(self, control: QWidget) -> None:
        """A control under the words that stand where there is no picture yet."""
        self._vacant.insertWidget(2, control, 0, Qt.AlignmentFlag.AlignHCenter)

    def draw(self, theme: Theme) -> None:
        """Draw the figure held; called with every new figure and look."""

    def legend(self, theme: Theme) -> str:  # noqa: ARG002
        """The legend in words (HTML), beside the title."""
        return ""

    def heading(self) -> str:
        """The title, in the person's words."""
        return self.title

    def notes(self) -> tuple[str, ...]:
        """Sentences under the picture."""
        return ()

    def table(self) -> FigureTable:
        """What the picture shows."""
        return FigureTable((), ())

    def settle(self) -> None:
        """Finish the layout, so that a picture can be taken at once."""

    # -- common behaviour

    def show_figure(self, filled: bool) -> None:
        """Show the figure just taken, or the empty state."""
        self._filled = filled
        self.dress(self._theme)

    def set_titled(self, titled: bool) -> None:
        """Leave the title out where the page has written it already; the legend stays."""
        self._titled = titled
        self.dress(self._theme)

    @property
    def theme(self) -> Theme:
        """The look drawn now; another than the window's while a picture is exported."""
        return self._theme

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self.dress(theme)

    def dress(self, theme: Theme, ratio: float | None = None) -> None:
        """Draw everything in the given look, for the screen or a device of another pixel ratio."""
        self._theme = theme
        edge = theme.px(4)
        self._layout.setContentsMargins(edge, edge, edge, edge)
        self._layout.setSpacing(theme.px(4))
        text = f"font-size: {theme.px(12)}px; color: {theme.muted}; background: transparent;"
        sheet = f"QLabel {{ {text} }}"
        for label in (self._caption, self._notes, self._quiet):
            # A new figure in the same look must not lay the whole window out again.
            if label.styleSheet() != sheet:
                label.setStyleSheet(sheet)
        has_body = self._filled and self._stack.count() > 1
        self._stack.setCurrentIndex(1 if has_body else 0)
        if has_body:
            body = self._stack.widget(1)
            if isinstance(body, Canvas):
                body.stand_on(QColor(theme.surface))
            with drawn_at(self.devicePixelRatioF() if ratio is None else ratio):
                self.draw(theme)
        self.refresh_words()

    def refresh_words(self) -> None:
        """Write title, legend and notes anew."""
        theme = self._theme
        name = (
            f'<span style="color:{theme.text}; font-size:{theme.px(13)}px; font-weight:600">'
            f"{html.escape(self.heading())}</span> &nbsp;"
            if self._titled
            else ""
        )
        legend = self.legend(theme) if self._filled else ""
        self._was_cramped = self.cramped()
        shown = "" if self._was_cramped else legend
        self._caption.setText(name + shown)
        self._caption.setToolTip("" if shown == legend else legend)
        self._caption.setVisible(bool(name or shown))
        notes = self.notes() if self._filled else ()
        self._notes.setText(" ".join(notes))
        # Where there is little room the picture needs it, and the notes are a tooltip.
        low = self.height() < self._theme.px(NOTES_NEED)
        self._notes.setVisible(bool(notes) and not low)
        if low and notes:
            said = (self._caption.toolTip(), *map(html.escape, notes))
            self._caption.setToolTip(f"<span>{'<br>'.join(t for t in said if t)}</span>")
        self._was_low = low
        self.setAccessibleName(self.heading())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # A ring for those who came by keyboard.
        self._ringed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ringed = False
        self.update()

    def cramped(self) -> bool:
        """Whether the room is so small that the legend would crowd out the picture."""
        return self._terse or self.width() < self._theme.px(300) or self.height() < self._theme.px(120)

    def set_terse(self, terse: bool) -> None:
        """Give the legend's room to the picture, whatever there is; its words are in the tooltip."""
        if terse != self._terse:
            self._terse = terse
            self.refresh_words()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        low = self.height() < self._theme.px(NOTES_NEED)
        if self.cramped() != self._was_cramped or low != self._was_low:
            self.refresh_words()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._ringed:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(pen(self._theme.accent, 1.5, alpha=0.6))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -2, -2), 6, 6)

    # -- the menu

    def menu(self) -> QMenu:
        """Copy and save the picture and its numbers, zoom."""
        menu = QMenu(self)
        menu.setObjectName("plotMenu")
        self.deeds.fill(menu, filled=self._filled)
        return menu

    def caption(self) -> str:
        """What the picture is of, for those who see it elsewhere."""
        return self.caption_source() if self.caption_source is not None else ""

    def show_failure(self, sentence: str) -> None:
        """Say under the picture what could not be done."""
        self._notes.setText(sentence)
        self._notes.setVisible(True)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._pop_up(event.globalPos())

    @Slot()
    def _on_more(self) -> None:
        self._pop_up(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def _pop_up(self, at: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        deed = {"+": self.deeds.zoom_in, "-": self.deeds.zoom_out, "0": self.deeds.whole}.get(event.text())
        if deed is None:
            super().keyPressEvent(event)
        else:
            deed()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._more.setVisible(self._filled)
        if self._head.indexOf(self._more) < 0:
            self._more.adjustSize()
            self._more.move(self.width() - self._more.width() - 2, 2)
            self._more.raise_()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._more.hide()


def _more_button(plot: QWidget) -> QToolButton:
    """Where the pointer is, the way to the menu is seen; its room is kept, so that nothing moves."""
    button = QToolButton(plot)
    button.setObjectName("plotMenuButton")
    button.setAccessibleName("Copy, save and zoom this picture")
    button.setToolTip("Copy, save, numbers, zoom")
    button.setText("⋯")
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    policy = button.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    button.setSizePolicy(policy)
    button.hide()
    return button


def _label(name: str, form: Qt.TextFormat) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(form)
    return label
