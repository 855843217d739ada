"""The matrices of the model as linked pictures: X, Z, Λ, ZΛ, V, and how V is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mmgui.app.analysis_parts import Part
from mmgui.app.scene import Scene

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved


class MatricesView(QWidget):
    """Pictures of the matrices on chosen rows."""

    choice_changed = Signal()
    parts: tuple[Part, ...] = (Part.MATRICES,)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene = scene
        self.setObjectName("matricesView")
        self.setAccessibleName("Matrices")

    def choice(self, part: Part) -> tuple[str, ...]:  # noqa: ARG002
        """Which rows are chosen."""
        return ()

    def show_part(self, part: Part, figure: object) -> None:
        """Show the matrices of a fit."""

    def show_moved(self, moved: Moved | None) -> None:
        """Follow the hand that moves the covariance parameters; None: show the best fit again."""
