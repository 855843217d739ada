"""The window: ``create_app`` and ``open_window``."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QFontDatabase, QIcon
from PySide6.QtWidgets import QApplication

from mmgui.resources import assets

if TYPE_CHECKING:
    from mmgui.ui.main_window import MainWindow

logger = logging.getLogger(__name__)

SWITCH_INTERVAL = 0.002
"""Seconds a computing thread keeps the interpreter while the window waits; Python's own 5 ms add up."""

OBJECTS_BEFORE_A_SWEEP = 20_000
"""How many new objects Python's collector waits for; with its own 700 it runs several times a frame."""


def create_app(argv: Sequence[str]) -> QApplication:
    """The application: Fusion, our fonts, our palette. There is one in a process."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(list(argv))
    # The name alone, so that settings lie in one plain folder.
    app.setApplicationName("mmgui")
    app.setApplicationDisplayName("mmgui")
    app.setStyle("Fusion")
    for file in sorted((assets() / "fonts").glob("*.[ot]tf")):
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            logger.warning("The font %s cannot be loaded.", file)
    app.setWindowIcon(QIcon(str(assets() / "icons" / "mmgui.svg")))
    sys.setswitchinterval(SWITCH_INTERVAL)
    gc.set_threshold(OBJECTS_BEFORE_A_SWEEP, 10, 10)
    return app


def open_window(path: str | Path | None = None) -> MainWindow:
    """A window, shown, on a table or a session if one is named; does not block."""
    from mmgui.ui.main_window import MainWindow

    window = MainWindow()
    # Larger than the screen, its edges and the shelf would be out of reach.
    room = window.screen().availableSize().expandedTo(window.minimumSize())
    window.resize(window.size().boundedTo(room))
    if window.look.settings.maximized:
        window.showMaximized()
    else:
        window.show()
    if path:
        window.open_path(path)
    window.warm_up()
    return window
