"""A question about a model or a design and its table, answered in the background where the table is large."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mmgui.app.mailbox import Mailbox
from mmgui.app.runner import Runner, ThreadRunner
from mmgui.data.table import Table

logger = logging.getLogger(__name__)

LARGE = 20_000
"""Rows from which on the answer may take longer than a key press should."""

_PAUSE_MS = 150


@dataclass(frozen=True, eq=False, slots=True)
class _Answer:
    spec: Any
    table: Table
    value: object


_NONE = object()
"""What there is of an answer that could not be given; why is in the log."""


class LateAnswer(QObject):
    """Emits the answer to the latest question alone; one question is worked on at a time."""

    answered = Signal(object)
    busy_changed = Signal(bool)
    """Whether a question waits for its answer."""

    def __init__(
        self,
        question: Callable[[Any, Table], object],
        parent: QObject | None = None,
        runner: Runner | None = None,
    ) -> None:
        super().__init__(parent)
        self._question = question
        self._runner: Runner = runner if runner is not None else ThreadRunner()
        self._wanted: tuple[Any, Table] | None = None
        self._working = False
        self._mailbox = Mailbox(self)
        self._mailbox.delivered.connect(self._on_delivered)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._start)

    def ask(self, spec: Any, table: Table) -> None:
        """Ask about a model, or anything else that can be compared; what was asked before is not wanted."""
        if table.nrows <= LARGE:
            self._want(None)
            self._pause.stop()
            self.answered.emit(self._question(spec, table))
            return
        self._want((spec, table))
        # Typing asks at every key: wait for a pause in it.
        self._pause.start()

    @property
    def busy(self) -> bool:
        """Whether a question waits for its answer."""
        return self._wanted is not None

    def _want(self, wanted: tuple[Any, Table] | None) -> None:
        before, self._wanted = self.busy, wanted
        if self.busy != before:
            self.busy_changed.emit(self.busy)

    @Slot()
    def _start(self) -> None:
        if self._working or self._wanted is None:
            return
        self._working = True
        self._pause.stop()
        self._mailbox.open()
        question, post, (spec, table) = self._question, self._mailbox.post, self._wanted

        def work() -> None:
            try:
                post(_Answer(spec, table, question(spec, table)))
            except Exception:
                logger.exception("A question about the model could not be answered.")
                post(_Answer(spec, table, _NONE))

        self._runner.start("advice", work)

    @Slot(object)
    def _on_delivered(self, items: tuple[_Answer, ...]) -> None:
        self._mailbox.close()
        self._working = False
        answer, wanted = items[-1], self._wanted
        if wanted is None:
            return
        if answer.spec == wanted[0] and answer.table is wanted[1]:
            self._want(None)
            if answer.value is not _NONE:
                self.answered.emit(answer.value)
        else:
            self._start()
