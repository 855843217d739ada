"""Works the whole window as a person does, by the names of its controls."""

from __future__ import annotations

from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QTableView,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mmgui.app.store import Store
from mmgui.spec.document import Document
from mmgui.spec.formula import print_model
from mmgui.ui.main_window import MainWindow
from tests.leaks import settle
from tests.qt.panes.driver import Panes

SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"


class Journey:
    """The pointing is the panes' driver's."""

    variable_menu = Panes.variable_menu
    choose = Panes.choose
    card = Panes.card
    click = Panes.click
    pick = Panes.pick
    slope_row = Panes.slope_row
    click_slope = Panes.click_slope

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot
        self.data, self.model = window.data_pane, window.model_pane
        settle()

    @staticmethod
    def close_window(window: MainWindow) -> None:
        if shiboken6.isValid(window):
            window.close()
        settle()

    # -- finding

    def control(self, name: str, inside: QWidget | None = None) -> QWidget:
        found = (inside or self.window).findChildren(QWidget, name)
        if len(found) != 1:
            pytest.fail(f"{len(found)} controls are called {name}")
        return found[0]

    def action(self, name: str) -> QAction:
        found = [a for a in self.window.findChildren(QAction) if a.objectName() == name]
        if len(found) != 1:
            pytest.fail(f"{len(found)} actions are called {name}")
        return found[0]

    @property
    def store(self) -> Store:
        return self.window.workspace.store

    @property
    def document(self) -> Document:
        return self.store.document

    @property
    def formula(self) -> str:
        return print_model(self.document.draft)

    # -- doing

    def open(self, path: str | Path) -> None:
        self.window.open_path(path)
        self.wait()

    def open_sample(self, name: str) -> None:
        self.open(SAMPLES / f"{name}.csv")

    def drop_file(self, path: Path) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        at = self.window.rect().center()
        left, none, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
        enter = QDragEnterEvent(at, copy, mime, left, none)
        QApplication.sendEvent(self.window, enter)
        assert enter.isAccepted()
        QApplication.sendEvent(self.window, QDropEvent(QPointF(at), copy, mime, left, none))
        self.wait()

    def type_formula(self, text: str) -> None:
        edit = self.model._formula.edit
        edit.setFocus()
        edit.select_all()
        QTest.keyClicks(edit, text)
        settle()

    def trigger(self, name: str) -> None:
        action = self.action(name)
        assert action.isEnabled(), f"{name} is disabled"
        action.trigger()
        settle()

    def fit(self) -> None:
        QTest.mouseClick(self.control("fitButton"), Qt.MouseButton.LeftButton)
        self.wait()

    def fit_formula(self, text: str) -> None:
        self.type_formula(text)
        self.fit()

    def show_page(self, name: str) -> QWidget:
        tabs = self.control("resultsTabs")
        assert isinstance(tabs, QTabWidget)
        page = self.control(name)
        tabs.setCurrentWidget(page)
        self.wait()
        return page

    def wait(self, timeout: int = 60_000) -> None:
        """Until nothing goes on in the background."""
        settle()
        self.qtbot.waitUntil(lambda: not self.window.property("busy"), timeout=timeout)
        settle()

    # -- reading

    def cells(self, name: str) -> list[list[str]]:
        """What a table reads, line by line."""
        view = self.control(name)
        assert isinstance(view, QTableView)
        model = view.model()
        return [
            [str(model.index(r, c).data()) for c in range(model.columnCount())]
            for r in range(model.rowCount())
        ]

    def column(self, name: str, title: str) -> list[str]:
        """One column of a table."""
        view = self.control(name)
        assert isinstance(view, QTableView)
        model = view.model()
        titles = [model.headerData(c, Qt.Orientation.Horizontal) for c in range(model.columnCount())]
        return [line[titles.index(title)] for line in self.cells(name)]

    def text(self, name: str) -> str:
        """What a label reads."""
        control = self.control(name)
        assert isinstance(control, QLabel | QLineEdit | QAbstractButton)
        return control.text()

    def message(self) -> str:
        """What the message bar says; empty while it is hidden."""
        return self.window.message_bar.text
