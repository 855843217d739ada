"""A small window in which a derived column is called otherwise."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget

from mmgui.errors import MmguiError
from mmgui.spec.derived import DerivedColumn


class DerivePopup(QFrame):
    """Takes a name with Return; what is wrong with it is said in place, Escape leaves all as it is."""

    def __init__(self, derived: DerivedColumn, rename: Callable[[str, str], None], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("derivedPopup")
        self.setAccessibleName(f"Rename {derived.name}")
        self.setProperty("role", "popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._derived = derived
        self._rename = rename
        self.edit = QLineEdit(derived.name)
        self.edit.setObjectName("derivedNameEdit")
        self.edit.setAccessibleName("Name of the derived column")
        self.edit.setPlaceholderText("name of the column")
        self.words = _line(f"{derived.definition}\n{derived.words}", "muted", "derivedWords")
        self.error = _line("", "warn", "derivedNameError")
        self.error.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(6)
        column.addWidget(self.edit)
        column.addWidget(self.error)
        column.addWidget(self.words)
        self.edit.returnPressed.connect(self._on_return)
        self.edit.textEdited.connect(self._on_edited)

    def open_at(self, at: QPoint) -> None:
        """Show the window with the name selected, so that typing replaces it."""
        self.setFixedWidth(max(280, self.edit.fontMetrics().horizontalAdvance(self._derived.name) + 60))
        self.move(at)
        self.show()
        self.edit.selectAll()
        self.edit.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_return(self) -> None:
        try:
            self._rename(self._derived.name, self.edit.text())
        except MmguiError as error:
            self._say(error.message)
        else:
            self.close()

    def _on_edited(self, _text: str) -> None:
        self._say("")

    def _say(self, text: str) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))
        self.adjustSize()


def _line(text: str, role: str, name: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label
