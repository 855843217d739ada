"""Choosing what defines the groups: one column, or several nested, combined, or crossed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QListWidgetItem, QPushButton, QWidget

from mmgui.ui.menu_text import menu_text
from mmgui.ui.term_popup import Choice, ChoicePopup

SINGLE, NESTED, COMBINED, CROSSED = "single", "nested", "combined", "crossed"

_HINT = (
    "Tick two or more columns to nest them, to cross them, or to group by their combinations, as A:Subject."
)
_CHANGE_HINT = (
    "The groups are the combinations of the ticked columns, in the order in which they were ticked."
)
_MEANINGS = {
    NESTED: "Groups inside groups: a card for the first column, and one for each further division of it.",
    COMBINED: "One card whose groups are the combinations that occur, such as a subject in a condition.",
    CROSSED: "A card for each column: every group of one may meet every group of the other.",
}


class GroupingPopup(ChoicePopup):
    """Ticked columns in the order of ticking, and a button for each way to use them.

    With ``ticked`` the columns of a card are changed: there is one way to use them then.
    """

    grouping_chosen = Signal(str, object)

    def __init__(self, choices: Sequence[Choice], parent: QWidget, ticked: Sequence[str] = ()) -> None:
        super().__init__("grouping", "Find a column…", parent)
        self._ticked: list[str] = list(ticked)
        self._changing = bool(ticked)
        self._just_ticked: QListWidgetItem | None = None
        self._hint = QLabel(_CHANGE_HINT if self._changing else _HINT)
        self._hint.setObjectName("groupingHint")
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        self.column.addWidget(self._hint)
        self._buttons = {
            how: self._new_button(how, name)
            for how, name in (
                (SINGLE, "addSingleButton"),
                (NESTED, "addNestedButton"),
                (COMBINED, "addCombinedButton"),
                (CROSSED, "addCrossedButton"),
            )
        }
        self.offer(choices)
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            on = item.data(Qt.ItemDataRole.UserRole) in self._ticked
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
        self.list.itemChanged.connect(self._on_ticked)
        self.chosen.connect(self._on_row)
        self._show_buttons()

    def _new_button(self, how: str, name: str) -> QPushButton:
        button = QPushButton()
        button.setObjectName(name)
        button.setProperty("role", "pill")
        button.clicked.connect(lambda _=False: self._take(how))
        self.column.addWidget(button)
        return button

    def choose(self, item: QListWidgetItem) -> None:
        """With nothing ticked a click on a row's words takes that column at once."""
        # A click on the box itself arrives here too, after it has changed the tick.
        on_box, self._just_ticked = item is self._just_ticked, None
        if not on_box and not self._ticked:
            super().choose(item)

    def _on_row(self, name: str) -> None:
        self.close()
        self.grouping_chosen.emit(SINGLE, (name,))

    def _on_ticked(self, item: QListWidgetItem) -> None:
        self._just_ticked = item
        name = item.data(Qt.ItemDataRole.UserRole)
        if item.checkState() == Qt.CheckState.Checked and name not in self._ticked:
            self._ticked.append(name)
        elif item.checkState() == Qt.CheckState.Unchecked and name in self._ticked:
            self._ticked.remove(name)
        self._show_buttons()

    def _show_buttons(self) -> None:
        names = [menu_text(n) for n in self._ticked]
        several = len(names) > 1
        self._buttons[SINGLE].setVisible(len(names) == 1)
        for how in (NESTED, CROSSED):
            self._buttons[how].setVisible(several and not self._changing)
        self._buttons[COMBINED].setVisible(several)
        if names:
            verb = "Group by" if self._changing else "Add"
            self._buttons[SINGLE].setText(f"{verb} {names[0]}")
        if several:
            combined = ":".join(names)
            self._buttons[NESTED].setText(f"{'/'.join(names)}   nested")
            self._buttons[COMBINED].setText(
                f"Group by {combined}" if self._changing else f"{combined}   combinations"
            )
            self._buttons[CROSSED].setText(f"{' + '.join(names)}   crossed")
        for how, button in self._buttons.items():
            button.setAccessibleName(button.text().replace("&&", "&"))
            button.setToolTip(_MEANINGS.get(how, ""))
        self.adjustSize()

    def _take(self, how: str) -> None:
        columns = tuple(self._ticked)
        self.close()
        self.grouping_chosen.emit(how, columns)
