"""Works the two panes as a person does: clicks, keys, menus, drops. Finds every control by its name."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QListWidget, QMenu, QWidget

from mmgui.app.carried import term_mime, variable_mime
from mmgui.app.formula_text import formula_of
from mmgui.app.selection import SelectionModel
from mmgui.app.store import Store
from mmgui.app.theme import ThemeModel
from mmgui.data.samples import load_sample
from mmgui.data.table import Table
from mmgui.spec.formula import parse_term
from mmgui.ui.data_pane import DataPane
from mmgui.ui.model_pane import ModelPane


class Panes(QWidget):
    """The data pane and the model pane side by side, as the window holds them."""

    def __init__(self) -> None:
        super().__init__()
        self.store = Store(self)
        self.selection = SelectionModel(self)
        self.themes = ThemeModel(parent=self)
        self.data = DataPane(self.store, self.selection, self.themes)
        self.model = ModelPane(self.store, self.selection, self.themes)
        row = QHBoxLayout(self)
        row.addWidget(self.data)
        row.addWidget(self.model)
        self.resize(640, 780)

    # -- state

    def open_sample(self, key: str) -> None:
        self.open_table(load_sample(key))

    def open_table(self, table: Table) -> None:
        self.store.open_table(table, "sample", table.name)
        settle()

    @property
    def formula(self) -> str:
        return formula_of(self.store.document.draft)

    def control(self, name: str, inside: QWidget | None = None) -> QWidget:
        found = (inside or self).findChildren(QWidget, name)
        if len(found) != 1:
            pytest.fail(f"{len(found)} controls are called {name}")
        return found[0]

    def card(self, index: int) -> QWidget:
        return self.control(f"randomTermCard{index}")

    # -- the mouse

    def variable_menu(self, name: str, *, by_key: bool = False) -> QMenu:
        """The menu of a variable, opened with the right button or the menu key."""
        view = self.data._table
        index = view.model().index(view.variables().row_of(name), 0)
        view.scrollTo(index)
        settle()
        at = view.visualRect(index).center()
        if by_key:
            view.setCurrentIndex(index)
            reason, receiver = QContextMenuEvent.Reason.Keyboard, view
        else:
            reason, receiver = QContextMenuEvent.Reason.Mouse, view.viewport()
        QApplication.sendEvent(receiver, QContextMenuEvent(reason, at, receiver.mapToGlobal(at)))
        return popup_of_type(QMenu)

    def choose(self, name: str, *path: str, by_key: bool = False) -> None:
        """Choose an entry of a variable's menu."""
        trigger(self.variable_menu(name, by_key=by_key), *path)

    def drop_variable(self, name: str, target: QWidget) -> bool:
        return drop(variable_mime(name), target)

    def drop_term(self, text: str, target: QWidget) -> bool:
        return drop(term_mime(parse_term(text)[-1]), target)

    def click(self, name: str, inside: QWidget | None = None) -> None:
        QTest.mouseClick(self.control(name, inside), Qt.MouseButton.LeftButton)
        settle()

    def pick(self, name: str, text: str, inside: QWidget | None = None) -> None:
        """Choose an entry of a drop-down list."""
        combo = self.control(name, inside)
        row = combo.findText(text)
        if row < 0:
            pytest.fail(f"{name} has no entry {text}")
        combo.setCurrentIndex(row)
        settle()

    def slope_row(self, index: int, label: str) -> int:
        slopes = self.control("slopesList", self.card(index))
        rows = [i for i in range(slopes.count()) if slopes.item(i).text() == label]
        if not rows:
            pytest.fail(f"card {index} offers no slope of {label}")
        return rows[0]

    def click_slope(self, index: int, label: str) -> None:
        slopes: QListWidget = self.control("slopesList", self.card(index))
        rect = slopes.visualItemRect(slopes.item(self.slope_row(index, label)))
        QTest.mouseClick(slopes.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
        settle()

    # -- the keyboard

    def retype(self, text: str) -> None:
        edit = self.model._formula.edit
        edit.setFocus()
        edit.select_all()
        QTest.keyClicks(edit, text)
        settle()

    # -- what is shown

    def shown_cards(self) -> list[tuple[str, bool, list[str], str]]:
        """Each card as (grouping factor, intercept, ticked slopes, correlation)."""
        out = []
        for card in self.model._random.cards():
            slopes = self.control("slopesList", card)
            ticked = [
                slopes.item(i).text()
                for i in range(slopes.count())
                if slopes.item(i).checkState() == Qt.CheckState.Checked
            ]
            grouping = self.control("groupingLabel", card).toolTip()
            intercept = self.control("interceptCheck", card).isChecked()
            out.append((grouping, intercept, ticked, self.control("correlationCombo", card).currentText()))
        return out

    def advice(self) -> list[str]:
        return [f.id for f in self.model._advice.findings()]


def settle() -> None:
    """Let the event loop run what is due."""
    for _ in range(3):
        QApplication.processEvents()


def popup_of_type(kind: type) -> QWidget:
    popup = QApplication.activePopupWidget()
    if not isinstance(popup, kind):
        pytest.fail(f"no {kind.__name__} is open, but {popup}")
    return popup


def entries(menu: QMenu) -> dict[str, object]:
    return {a.text(): a for a in menu.actions() if not a.isSeparator()}


def trigger(menu: QMenu, *path: str) -> None:
    here = menu
    for text in path[:-1]:
        here = entries(here)[text].menu()
    action = entries(here)[path[-1]]
    assert action.isEnabled(), f"{path} cannot be chosen: {action.toolTip()}"
    action.trigger()
    menu.close()
    settle()


def drop(mime: QMimeData, target: QWidget, action: Qt.DropAction = Qt.DropAction.CopyAction) -> bool:
    """Drag something over the middle of a widget and let go; whether it was taken."""
    at = QPoint(target.width() // 2, target.height() // 2)
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, action, mime, left, none)
    QApplication.sendEvent(target, enter)
    if not enter.isAccepted():
        return False
    fall = QDropEvent(QPointF(at), action, mime, left, none)
    QApplication.sendEvent(target, fall)
    settle()
    return fall.isAccepted()
