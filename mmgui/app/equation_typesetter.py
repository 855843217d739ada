"""Draws the pieces of equations in the background, so that the window never waits for ink."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication

from mmgui.app.mailbox import Mailbox
from mmgui.app.runner import InlineRunner, Runner, ThreadRunner
from mmgui.figures.equation_drawing import drawing, is_drawn

logger = logging.getLogger(__name__)


class Typesetter(QObject):
    """Says when everything that was asked for can be drawn at once.

    The first equation costs the import of ziamath and some 5 ms a piece (0.3 s in all, measured); later ones
    find most of their pieces drawn. One thread works at a time. Where nobody looks (offscreen) it is done
    at once, so that a picture never shows less than the window.
    """

    drawn = Signal()

    def __init__(self, parent: QObject | None = None, runner: Runner | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._waiting: list[str] = []
        self._working = False
        self._mailbox = Mailbox(self)
        self._mailbox.delivered.connect(self._on_delivered)

    def ready(self, pieces: Iterable[str]) -> bool:
        """Whether all of these are drawn; if not, they will be, and ``drawn`` tells when."""
        missing = [p for p in dict.fromkeys(pieces) if p and not is_drawn(p)]
        if not missing:
            return True
        self._waiting = list(dict.fromkeys([*self._waiting, *missing]))
        self._start()
        return all(map(is_drawn, missing))

    def _start(self) -> None:
        if self._working or not self._waiting:
            return
        self._working = True
        wanted, self._waiting = self._waiting, []
        post = self._mailbox.post

        def work() -> None:
            try:
                for piece in wanted:
                    drawing(piece)
            except Exception:
                logger.exception("An equation cannot be drawn.")
            post(None)

        if self._choose().start("equation", work).at_once:
            self._working = False
        else:
            self._mailbox.open()

    def _choose(self) -> Runner:
        if self._runner is None:
            seen = QGuiApplication.platformName() not in ("offscreen", "minimal")
            self._runner = ThreadRunner() if seen else InlineRunner()
        return self._runner

    @Slot(object)
    def _on_delivered(self, _news: object) -> None:
        if not self._working:
            return
        self._mailbox.close()
        self._working = False
        self._start()
        if not self._working:
            self.drawn.emit()
