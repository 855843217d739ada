"""From one picture to the next: a share that runs from 0 to 1, and marks that glide from place to place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEasingCurve, QEvent, QObject, QVariantAnimation, Signal, Slot
from PySide6.QtWidgets import QStyle, QWidget

FloatArray = NDArray[np.float64]

DURATION_MS = 200


class Tween(QObject):
    """Runs for a fifth of a second, slow at both ends; ends at once where the system wants no motion."""

    stepped = Signal(float)
    """The share of the way; 1.0 comes last, always."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._animation = QVariantAnimation(self)
        self._animation.setStartValue(0.0)
        self._animation.setEndValue(1.0)
        self._animation.setDuration(DURATION_MS)
        self._animation.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._animation.valueChanged.connect(self._on_value)
        owner.installEventFilter(self)

    @property
    def running(self) -> bool:
        """Whether something is on its way."""
        return self._animation.state() == QVariantAnimation.State.Running

    def start(self) -> None:
        """Set out, where the owner is seen and the system wants motion; else be there."""
        self._animation.stop()
        if wants_motion(self._owner):
            self._animation.start()
        else:
            self.stepped.emit(1.0)

    def finish(self) -> None:
        """Be there at once."""
        if self.running:
            self._animation.stop()
            self.stepped.emit(1.0)

    @Slot(object)
    def _on_value(self, value: object) -> None:
        # A value comes also while the animation is set up.
        if self.running and isinstance(value, float):
            self.stepped.emit(value)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._owner and event.type() == QEvent.Type.Hide:
            self.finish()
        return super().eventFilter(watched, event)


def wants_motion(widget: QWidget) -> bool:
    """Whether pictures may move: the widget is seen, and the system asks for motion."""
    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    return widget.isVisible() and widget.style().styleHint(hint, None, widget) > 0


@dataclass(frozen=True, eq=False, slots=True)
class Places:
    """Where marks stand, as shares of a panel's width and height, so that another panel can take over.

    Attributes
    ----------
    keys
        Names of the L things marked.
    marks
        By kind of mark (L, 2) shares from the left and from the top; NaN where there is none.
    centre, root
        (2,) middle and (2, 2) symmetric root of the matrix of an ellipse; None where there is none.
    """

    keys: tuple[str, ...]
    marks: Mapping[str, FloatArray]
    centre: FloatArray | None = None
    root: FloatArray | None = None

    def on(self, keys: tuple[str, ...]) -> Places:
        """The same for other things, by their names; NaN for those that were not there."""
        if keys == self.keys:
            return self
        known = {key: k for k, key in enumerate(self.keys)}
        at = np.array([known.get(key, -1) for key in keys], dtype=np.intp)
        marks = {}
        for kind, places in self.marks.items():
            moved = np.full((len(keys), 2), np.nan)
            moved[at >= 0] = places[at[at >= 0]]
            marks[kind] = moved
        return Places(keys, marks, self.centre, self.root)


def between(start: FloatArray, end: FloatArray, share: float) -> FloatArray:
    """``share`` of the way; where there is no start, the end."""
    return np.where(np.isfinite(start), start + share * (end - start), end)


def root_of(matrix: FloatArray) -> FloatArray:
    """The symmetric root of a positive semidefinite matrix.

    Ellipses are tweened by their roots: every matrix on the way is again an ellipse's, the two ends may be
    lines or points.
    """
    if matrix.shape == (2, 2):
        (a, b), (_, c) = matrix.tolist()
        root = math.sqrt(max(a * c - b * b, 0.0))
        size = math.sqrt(max(a + c + 2.0 * root, 0.0))
        return np.array([[a + root, b], [b, c + root]]) / size if size > 0.0 else np.zeros((2, 2))
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T)
