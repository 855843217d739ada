"""Fails a test that leaves a window, a working thread or a running timer behind."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QStandardPaths, QTimer
from PySide6.QtWidgets import QApplication, QWidget

PATIENCE_SECONDS = 5.0
OURS = ("fit", "analysis", "open", "report")


def settle() -> None:
    """Let everything happen that is due, deletions included."""
    for _ in range(3):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _windows() -> set[QWidget]:
    return {w for w in QApplication.topLevelWidgets() if w.isVisible()}


def _workers() -> list[str]:
    return [t.name for t in threading.enumerate() if t.name.split()[0] in OURS]


def _running_timers() -> list[QTimer]:
    objects = (o for o in gc.get_objects() if isinstance(o, QTimer))
    return [t for t in objects if shiboken6.isValid(t) and t.isActive()]


@pytest.fixture(autouse=True)
def nothing_left_behind(own_settings: object) -> Iterator[None]:
    QStandardPaths.setTestModeEnabled(True)
    yield
    if QApplication.instance() is None:
        return
    settle()
    until = time.monotonic() + PATIENCE_SECONDS
    while _workers() and time.monotonic() < until:
        time.sleep(0.01)
    windows = [f"{type(w).__name__} {w.objectName()}" for w in _windows()]
    for window in _windows():
        window.close()
    settle()
    timers = [f"{t.parent()} {t.interval()} ms" for t in _running_timers()]
    assert not windows, f"windows left: {windows}"
    assert not _workers(), f"threads left: {_workers()}"
    assert not timers, f"timers left: {timers}"
