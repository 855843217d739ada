"""What replays the fit: a quiet button, and below the pages a strip to play, step and scrub."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QMoveEvent, QPainter, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mmgui.app.film import SPEEDS, FilmModel
from mmgui.app.plain_tip import plain_tip
from mmgui.app.theme import Theme, ThemeModel
from mmgui.numbers import decimal
from mmgui.ui.elided_label import ElidedLabel
from mmgui.ui.film_scrub import FilmScrub
from mmgui.ui.icons import icon, play
from mmgui.ui.menu_text import menu_text
from mmgui.ui.moved_bar import MovedBar
from mmgui.ui.replay_button import ReplayButton

if TYPE_CHECKING:
    from mmgui.figures.film import Film

MAKING = "Making the film …"
LOW = 560
"""Pixels of the window's height, at scale 1, below which the strip is one line."""


class FilmBar(QWidget):
    """A transport strip of two lines while a film is open; while none is, ``replay`` is all there is to see.

    The button stands elsewhere, at the end of the tabs, so that the pages have the room.
    """

    def __init__(
        self, film: FilmModel, themes: ThemeModel, moved: MovedBar, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("filmBar")
        self.setAccessibleName("Replay of the fit")
        self._film, self._themes, self._moved = film, themes, moved
        self._low = False
        self._said = ElidedLabel()
        self.replay = ReplayButton(film, themes)
        self.scrub = FilmScrub(themes)
        self.caption = ElidedLabel()
        self.menu = QMenu(self)
        self._closed, self._open = self._closed_line(), self._open_lines()
        self._box = QVBoxLayout(self)
        self._box.setSpacing(0)
        self._box.addWidget(self._closed)
        self._box.addWidget(self._open)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._connect()
        self._on_theme(themes.theme)
        self._show_state()

    # -- building

    def _closed_line(self) -> QWidget:
        line = QWidget()
        row = self._line = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        self._said.setObjectName("filmSaid")
        self._said.setProperty("role", "muted")
        self._said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._said.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._said, 1)
        return line

    def _open_lines(self) -> QWidget:
        lines = QWidget()
        box = QVBoxLayout(lines)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        self._transport = QHBoxLayout()
        self._transport.setSpacing(6)
        self.back = self._button("filmBack", "Step back", partial(self._film.step, -1))
        self.play = self._button("filmPlay", "Play", self._film.toggle)
        self.forward = self._button("filmForward", "Step forward", partial(self._film.step, 1))
        self.speed = self._button("filmSpeed", "Speed", self._next_speed)
        self.close_film = self._button("filmClose", "Close the film", self._film.close)
        self.close_film.setText("×")
        self.close_film.setProperty("role", "close")
        for widget in (self.back, self.play, self.forward, self.scrub, self.speed, self.close_film):
            self._transport.addWidget(widget, 1 if widget is self.scrub else 0)
        box.addLayout(self._transport)
        words = self._words = QHBoxLayout()
        words.setSpacing(8)
        self.choose = QToolButton()
        self.choose.setObjectName("filmMenu")
        self.choose.setAccessibleName("Choose the film")
        self.choose.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.choose.setProperty("role", "link")
        self.menu.setObjectName("filmsMenu")
        self.choose.setMenu(self.menu)
        self.caption.setObjectName("filmCaption")
        self.caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        words.addWidget(self.choose)
        words.addWidget(self.caption, 1)
        box.addLayout(words)
        return lines

    def _button(self, name: str, words: str, act: object) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setToolTip(words)
        button.setAutoRaise(True)
        # Little room around it: the strip takes as little height from the page as it can.
        button.setProperty("role", "link")
        button.clicked.connect(lambda _checked=False: act())  # type: ignore[operator]
        return button

    def _connect(self) -> None:
        film = self._film
        self.scrub.scrubbed.connect(film.scrub)
        self.scrub.stepped.connect(film.step)
        self.scrub.toggled.connect(film.toggle)
        self.menu.aboutToShow.connect(self._fill_menu)
        film.opened_changed.connect(self._on_opened)
        film.playing_changed.connect(self._on_playing)
        film.position_changed.connect(self._on_position)
        film.busy_changed.connect(self._show_state)
        film.failed.connect(self._on_failed)
        self._moved.shown.connect(self._show_state)
        self._themes.theme_changed.connect(self._on_theme)

    # -- room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._adapt()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._adapt()

    def _adapt(self) -> None:
        """In a low window all stands in one line; keys step, and a film keeps its speed."""
        low = self.window().height() < self._themes.theme.px(LOW)
        if low == self._low:
            return
        self._low = low
        for button in (self.back, self.forward, self.speed):
            button.setVisible(not low)
        if low:
            at = self._transport.indexOf(self.scrub) + 1
            self._transport.insertWidget(at, self.choose)
            self._transport.insertWidget(at + 1, self.caption, 2)
        else:
            self._words.addWidget(self.choose)
            self._words.addWidget(self.caption, 1)
        self._place_moved()
        if self._film.film is not None:
            self._name_film(self._film.film)

    @Slot()
    def _place_moved(self) -> None:
        """What was moved by hand is no frame of a film: its words take the place of the caption."""
        line = self._line if self._film.film is None else self._transport if self._low else self._words
        if line.indexOf(self._moved) < 0:
            line.insertWidget(0 if line is self._line else line.indexOf(self.caption), self._moved, 2)
        self.caption.setVisible(self._moved.isHidden())

    # -- what is said

    @Slot()
    def _show_state(self) -> None:
        film = self._film.film
        self._place_moved()
        self._open.setVisible(film is not None)
        if self._film.busy:
            (self._said if film is None else self.caption).setText(MAKING)
        elif film is not None:
            self._on_position(self._film.position)
        elif self._said.text() == MAKING:
            self._said.setText("")
        # A line of its own for as long as there is something to say.
        self._said.setVisible(bool(self._said.text()))
        speaks = film is None and (bool(self._said.text()) or not self._moved.isHidden())
        self._closed.setVisible(speaks)
        self.setVisible(film is not None or speaks)

    @Slot(bool)
    def _on_opened(self, opened: bool) -> None:
        film = self._film.film
        self.scrub.show_film(film)
        self._said.setText("")
        if film is not None:
            self._name_film(film)
        self._show_state()
        if opened:
            self.scrub.setFocus(Qt.FocusReason.OtherFocusReason)
            if not self._film.playing:
                self._film.play()

    def _name_film(self, film: Film) -> None:
        metrics = self.choose.fontMetrics()
        room = min(self._themes.theme.px(190), max(round(0.3 * self.width()), self._themes.theme.px(80)))
        title = metrics.elidedText(film.title, Qt.TextElideMode.ElideRight, room)
        self.choose.setText("▾" if self._low else f"{menu_text(title)} ▾")
        self.choose.setToolTip(plain_tip(f"{film.title}. {film.summary}"))

    @Slot(float)
    def _on_position(self, position: float) -> None:
        film = self._film.film
        if film is None:
            return
        self.scrub.show_position(position)
        self.caption.setText(film.frame(position).caption)
        self.back.setEnabled(position > 0.0)
        self.forward.setEnabled(position < film.last)

    @Slot(bool)
    def _on_playing(self, playing: bool) -> None:
        self._draw_play(playing)

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        (self._said if self._film.film is None else self.caption).setText(sentence)
        self._show_state()

    # -- what is done

    @Slot()
    def _next_speed(self) -> None:
        self._film.speed = SPEEDS[(SPEEDS.index(self._film.speed) + 1) % len(SPEEDS)]
        self._show_speed()

    def _show_speed(self) -> None:
        words = f"{decimal(self._film.speed, 1).removesuffix('.0')}×"
        self.speed.setText(words)
        self.speed.setAccessibleName(f"Speed: {words}")

    @Slot()
    def _fill_menu(self) -> None:
        self.menu.clear()
        now = self._film.film
        for choice in self._film.choices():
            action = self.menu.addAction(menu_text(choice.title))
            action.setObjectName(f"film:{choice.key}")
            action.setCheckable(True)
            action.setChecked(now is not None and now.key == choice.key)
            action.triggered.connect(partial(self._film.open, choice.key))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._film.film is not None:
            self._film.close()
            return
        super().keyPressEvent(event)

    # -- look

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setContentsMargins(theme.air(14), 0, theme.air(14), theme.air(4))
        side = theme.px(14)
        for button, draw in ((self.back, _step_back), (self.forward, _step_forward)):
            button.setIcon(icon(draw, theme.text, theme.residual, side))
        for button in (self.back, self.play, self.forward):
            button.setIconSize(QSize(side, side))
        self._draw_play(self._film.playing)
        self._show_speed()
        self._adapt()
        if self._film.film is not None:
            self._name_film(self._film.film)
        self.scrub.updateGeometry()

    def _draw_play(self, playing: bool) -> None:
        theme = self._themes.theme
        self.play.setIcon(icon(_pause if playing else play, theme.accent, theme.residual, theme.px(14)))
        words = "Pause" if playing else "Play"
        self.play.setAccessibleName(words)
        self.play.setToolTip(f"{words} (space)")


def _pause(painter: QPainter) -> None:
    for left in (3.8, 9.2):
        painter.drawRoundedRect(QRectF(left, 3, 3, 10), 0.8, 0.8)


def _step_forward(painter: QPainter) -> None:
    painter.drawPolygon(QPolygonF([QPointF(3, 3.5), QPointF(10, 8), QPointF(3, 12.5)]))
    painter.drawRoundedRect(QRectF(11, 3.5, 2.2, 9), 0.8, 0.8)


def _step_back(painter: QPainter) -> None:
    painter.translate(16, 0)
    painter.scale(-1, 1)
    _step_forward(painter)
