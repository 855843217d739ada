"""The model pane comes to rest at every size: nothing that hangs on its own outcome goes round and round."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from tests.qt.panes.driver import Panes, settle

FORMULAS = (
    ("sleepstudy", "Reaction ~ Days + (Days | Subject)"),
    ("Pastes", "strength ~ 1 + (1 | batch) + (1 | cask)"),
    ("Machines", "score ~ Machine + cs(0 + Machine | Worker)"),
    ("sim_within_subject_factors", "y ~ B * rating * run + (1 | Subj) + (rating | Subj) + (run | Subj)"),
)


class Resizes(QObject):
    """Counts how often anything is resized or laid out."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt calls it
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self.count += 1
        return super().eventFilter(watched, event)


@pytest.mark.parametrize(("sample", "formula"), FORMULAS)
def test_every_size_of_the_panes_comes_to_rest(panes: Panes, sample: str, formula: str) -> None:
    panes.open_sample(sample)
    panes.retype(formula)
    for width in (480, 560, 640, 760):
        for height in range(420, 1000, 37):
            panes.resize(width, height)
            for _ in range(6):
                settle()
            resizes = Resizes()
            QApplication.instance().installEventFilter(resizes)
            for _ in range(3):
                settle()
            QApplication.instance().removeEventFilter(resizes)
            assert resizes.count == 0, f"{width} x {height} is laid out again and again"
