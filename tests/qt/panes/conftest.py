from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from tests.qt.panes.driver import Panes, settle


@pytest.fixture
def panes(qtbot: object) -> Iterator[Panes]:
    window = Panes()
    window.show()
    settle()
    yield window
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
