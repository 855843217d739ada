"""Type and reference level of the variable that is picked, for the keyboard and at a glance."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from mmgui.app.plain_tip import plain_tip
from mmgui.app.variable_summary import KIND_WORDS
from mmgui.data.table import Column, Kind
from mmgui.ui.choice_combo import ChoiceCombo

_MOST_LEVELS = 200


class VariableSettings(QFrame):
    """Two choices and, where a choice is impossible, the reason."""

    kind_chosen = Signal(str, object)
    reference_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("variableSettings")
        self._column: Column | None = None
        self._title = _label("", "muted")
        self._kind = ChoiceCombo("variableTypeCombo", "Type of the variable")
        for kind in Kind:
            self._kind.addItem(KIND_WORDS[kind], kind)
        self._reference_label = _label("Reference", "muted")
        self._reference = ChoiceCombo("referenceCombo", "Reference level of the variable")
        self._error = QLabel(self)
        self._error.setObjectName("typeError")
        self._error.setAccessibleName("Why the type cannot be changed")
        self._error.setWordWrap(True)
        self._error.setTextFormat(Qt.TextFormat.PlainText)
        self._error.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 6, 12, 6)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._title, 0, 0)
        grid.addWidget(self._kind, 0, 1)
        grid.addWidget(self._reference_label, 1, 0)
        grid.addWidget(self._reference, 1, 1)
        grid.addWidget(self._error, 2, 0, 1, 2)
        self._kind.chosen.connect(self._on_kind)
        self._reference.chosen.connect(self._on_reference)
        self.show_column(None)

    def show_column(self, column: Column | None) -> None:
        """Show a variable's settings; nothing where none is picked."""
        with self._kind.filling(), self._reference.filling():
            self._show(column)

    def _show(self, column: Column | None) -> None:
        if column is self._column and column is not None:
            # A refused choice leaves the column as it is.
            self._kind.setCurrentIndex(self._kind.findData(column.kind))
            return
        if column is None or self._column is None or column.name != self._column.name:
            self.show_error("")
        self._column = column
        self.setVisible(column is not None)
        if column is None:
            return
        self._title.setText("Type")
        self._kind.setToolTip(plain_tip(f"Type of {column.name}"))
        self._kind.setCurrentIndex(self._kind.findData(column.kind))
        category = column.kind is Kind.CATEGORY and len(column.levels) > 1
        self._reference.clear()
        if category:
            self._reference.addItems(list(column.levels[:_MOST_LEVELS]))
            self._reference.setCurrentIndex(0)
            self._reference.setToolTip(
                f"Levels of {column.name} are compared with this one, in every model; "
                "the menu of a chip chooses for the model being built"
            )
        self._reference.setVisible(category)
        self._reference_label.setVisible(category)

    def show_error(self, text: str) -> None:
        """Say why a choice is impossible."""
        self._error.setText(text)
        self._error.setVisible(bool(text))

    def _on_kind(self, index: int) -> None:
        if self._column is not None:
            self.kind_chosen.emit(self._column.name, Kind(self._kind.itemData(index)))

    def _on_reference(self, index: int) -> None:
        if self._column is not None and index > 0:
            self.reference_chosen.emit(self._column.name, self._reference.itemText(index))


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    return label
