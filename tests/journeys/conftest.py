from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mmgui.app.runner import Runner
from mmgui.ui import create_app
from mmgui.ui.main_window import MainWindow
from tests.journeys.journey import Journey
from tests.leaks import nothing_left_behind

__all__ = ["nothing_left_behind"]


@pytest.fixture
def new_journey(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Journey]]:
    """Opens windows as the program does, with settings of the test's own."""
    windows: list[MainWindow] = []
    create_app(["mmgui"])

    def begin(runner: Runner | None = None) -> Journey:
        window = MainWindow(runner=runner, settings_file=tmp_path / "settings.json")
        window.show()
        windows.append(window)
        return Journey(window, qtbot)

    yield begin
    for journey_window in windows:
        Journey.close_window(journey_window)


@pytest.fixture
def journey(new_journey: Callable[..., Journey]) -> Journey:
    return new_journey()
