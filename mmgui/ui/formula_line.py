"""The formula line and the sentence under it: what is typed edits the model, what is edited shows here."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mmgui.app.formula_text import formula_of, random_stretches, read_formula
from mmgui.app.model_builder import ModelBuilder
from mmgui.app.store import Store
from mmgui.app.theme import ThemeModel
from mmgui.data.table import Table
from mmgui.errors import FormulaError
from mmgui.spec.model import ModelSpec
from mmgui.ui.drag import set_state
from mmgui.ui.formula_edit import FormulaEdit


class FormulaLine(QWidget):
    """Text that can be read becomes the draft; text that cannot leaves it as it is and says why."""

    fit_requested = Signal()

    def __init__(
        self, builder: ModelBuilder, store: Store, themes: ThemeModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._builder = builder
        self._store = store
        self._themes = themes
        self._burst = 0
        self._mark: tuple[int, int] | None = None
        self._typing = False
        self.edit = FormulaEdit(self)
        self.edit.setPlaceholderText("y ~ x + (1 | group)")
        self.error = QLabel(self)
        self.error.setObjectName("formulaError")
        self.error.setAccessibleName("Error in the formula")
        self.error.setWordWrap(True)
        self.error.setTextFormat(Qt.TextFormat.PlainText)
        self.error.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.edit)
        column.addWidget(self.error)
        self.edit.edited.connect(self._on_edited)
        self.edit.finished.connect(self._on_finished)
        self.edit.reverted.connect(self._revert)
        self.edit.fit_requested.connect(self._on_fit)

    def show_model(self, draft: ModelSpec, table: Table | None) -> None:
        """Follow the model, unless the model follows what is being typed."""
        if self._typing:
            return
        self._burst += 1
        text = self.edit.text()
        if not self._says(text, draft, table):
            self.edit.show_formula(formula_of(draft))
        self._show_error(None)
        self._color()

    def _says(self, text: str, draft: ModelSpec, table: Table | None) -> bool:
        """Whether the text, perhaps in the person's own spacing, asks for just this model."""
        if not self.edit.hasFocus():
            return text == formula_of(draft)
        try:
            return read_formula(text, draft, table) == draft
        except FormulaError:
            return False

    def _on_edited(self, text: str) -> None:
        table, draft = self._store.table(), self._builder.draft
        if not text.strip():
            self._show_error(None)
            self.edit.in_step = not formula_of(draft)
            self._color()
            return
        try:
            spec = read_formula(text, draft, table)
        except FormulaError as error:
            self._show_error(error)
        else:
            self._typing = True
            self._builder.set_formula(spec, f"formula {self._burst}")
            self._typing = False
            self._show_error(None)
        self._color()

    def _on_finished(self) -> None:
        """Leave the line: what cannot be read stays for correction, the rest is written as the model is."""
        self._burst += 1
        if self.edit.in_step or not self.edit.text().strip():
            self.edit.show_formula(formula_of(self._builder.draft))
            self.edit.in_step = True
            self._color()

    def _revert(self) -> None:
        self.edit.show_formula(formula_of(self._builder.draft))
        self._burst += 1
        self._show_error(None)
        self._color()

    def _on_fit(self) -> None:
        if self.edit.in_step:
            self.fit_requested.emit()

    def _show_error(self, error: FormulaError | None) -> None:
        self.edit.in_step = error is None
        self.error.setText("" if error is None else error.message)
        self.error.setVisible(error is not None)
        set_state(self.edit, "wrong", error is not None)
        self._mark = None if error is None else (max(error.where.position, 0), error.where.length)

    def _color(self) -> None:
        theme = self._themes.theme
        stretches = [
            (start, end, theme.term_color(index)) for start, end, index in random_stretches(self.edit.text())
        ]
        mark = None if self.edit.in_step else self._mark
        self.edit.highlighter.set_marks(stretches, mark, theme.warn)
