"""The line in which a formula is typed: wraps where it is long, colours the terms, underlines an error."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShowEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

_MOST_LINES = 6


class FormulaHighlighter(QSyntaxHighlighter):
    """Colours stretches of the one line, and underlines the stretch that is wrong."""

    def __init__(self, edit: QPlainTextEdit) -> None:
        super().__init__(edit.document())
        self._colors: tuple[tuple[int, int, str], ...] = ()
        self._error: tuple[int, int] | None = None
        self._error_color = "#B25E00"

    def set_marks(
        self, colors: Sequence[tuple[int, int, str]], error: tuple[int, int] | None, error_color: str
    ) -> None:
        """Colour (start, end, colour) stretches and underline (position, length)."""
        marks = (tuple(colors), error, error_color)
        if marks != (self._colors, self._error, self._error_color):
            self._colors, self._error, self._error_color = marks
            self.rehighlight()

    @property
    def error(self) -> tuple[int, int] | None:
        """The (position, length) underlined."""
        return self._error

    @property
    def colors(self) -> tuple[tuple[int, int, str], ...]:
        """The (start, end, colour) stretches coloured."""
        return self._colors

    def highlightBlock(self, text: str) -> None:
        for start, end, color in self._colors:
            form = QTextCharFormat()
            form.setForeground(QColor(color))
            form.setFontWeight(QFont.Weight.Bold)
            self._mark(text, start, end, form)
        if self._error is not None:
            position, length = self._error
            # At the end of the text there is nothing to underline but the last character.
            position = max(0, min(position, len(text) - 1))
            form = QTextCharFormat(self.format(_qt_position(text, position)))
            form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            form.setUnderlineColor(QColor(self._error_color))
            form.setForeground(QColor(self._error_color))
            self._mark(text, position, position + max(1, length), form)

    def _mark(self, text: str, start: int, end: int, form: QTextCharFormat) -> None:
        first = _qt_position(text, start)
        self.setFormat(first, _qt_position(text, end) - first, form)


class FormulaEdit(QPlainTextEdit):
    """One logical line of text. Undo belongs to the window, not to this line."""

    edited = Signal(str)
    finished = Signal()
    reverted = Signal()
    fit_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("formulaEdit")
        self.setAccessibleName("Model formula")
        self.setProperty("role", "formula")
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        self.highlighter = FormulaHighlighter(self)
        # Set by the pane: whether what is typed is what the model says, so that undo may be the window's.
        self.in_step = True
        self._known = ""
        self._showing = False
        self.textChanged.connect(self._on_text_changed)

    def text(self) -> str:
        """The formula as typed."""
        return self.toPlainText()

    def setText(self, text: str) -> None:
        """Replace the text as if it had been typed."""
        self.setPlainText(_one_line(text))

    def show_formula(self, text: str) -> None:
        """Show the model's formula; nobody has typed, so nobody is told."""
        if text == self.text():
            return
        at_end = self.textCursor().atEnd()
        position = self.textCursor().position()
        self._showing = True
        self.setPlainText(text)
        self._showing = False
        cursor = self.textCursor()
        cursor.setPosition(len(text) if at_end else min(position, len(text)))
        self.setTextCursor(cursor)

    def select_all(self) -> None:
        """Select the whole formula."""
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.moveCursor(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)

    def _on_text_changed(self) -> None:
        # Formatting alone also counts as a change of text for Qt.
        text = self.text()
        if text != self._known:
            self._known = text
            self._fit_height()
            if not self._showing:
                self.edited.emit(text)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            wanted = event.matches(QKeySequence.StandardKey.Undo) or event.matches(
                QKeySequence.StandardKey.Redo
            )
            if wanted and self.in_step:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.finished.emit()
            self.fit_requested.emit()
        elif enter:
            self.finished.emit()
        elif event.key() == Qt.Key.Key_Escape or (
            event.matches(QKeySequence.StandardKey.Undo) and not self.in_step
        ):
            self.reverted.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.finished.emit()

    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasText():
            self.insertPlainText(_one_line(source.text()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit_height()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_height()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._wanted_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._wanted_height())

    def _fit_height(self) -> None:
        height = self._wanted_height()
        lines = self.document().size().height()
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded
            if lines > _MOST_LINES
            else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        if height != self.height():
            self.setFixedHeight(height)

    def _wanted_height(self) -> int:
        block = self.document().firstBlock()
        text = self.document().documentLayout().blockBoundingRect(block).height()
        line = self.fontMetrics().lineSpacing()
        text = max(line, min(text, _MOST_LINES * line))
        chrome = self.height() - self.viewport().height() if self.isVisible() else 2 * self.frameWidth() + 16
        margin = 2 * self.document().documentMargin()
        return ceil(text + margin) + max(chrome, 2)


def _qt_position(text: str, position: int) -> int:
    """Qt counts UTF-16 units, Python characters; they differ after a character such as an emoji."""
    return len(text[:position].encode("utf-16-le", "surrogatepass")) // 2


def _one_line(text: str) -> str:
    return " ".join(text.split("\n")).replace("\r", " ").replace("\t", " ")
