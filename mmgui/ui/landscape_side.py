"""Beside the landscape: the sliders, what the criterion says there, and the way back to an optimum."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.caption import difference_words
from mmgui.app.fit_service import AS_GOOD, Tried
from mmgui.app.play import PlayModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.numbers import count, decimal, number
from mmgui.ui.parameter_sliders import ParameterSliders
from mmgui.ui.picture_frame import PictureFrame
from mmgui.ui.results_page import heading, quiet

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved

SEEN = 5e-4


class LandscapeSide(QWidget):
    """Every parameter in reach of the hand."""

    def __init__(self, play: PlayModel, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self._play = play
        self.sliders = ParameterSliders(play, themes)
        self.words = quiet(name="criterionWords")
        self.start = QPushButton("Start the optimiser here")
        self.start.setObjectName("startHereButton")
        self.start.setAccessibleName("Start the optimiser here")
        self.start.setToolTip("Fit the model again, beginning at these parameters")
        self.start.setProperty("role", "pill")
        self.start.clicked.connect(play.start_here)
        self.start.setEnabled(False)
        self.outcome = quiet(name="startHereWords")
        self.outcome.hide()
        self._heading = heading("Take hold of it")
        # Words that change with every move keep their room, so that nothing is laid out anew.
        self.words.setAlignment(Qt.AlignmentFlag.AlignBottom)
        self._place = PictureFrame(self.words)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        for widget, stretch in (
            (self._heading, 0), (self.sliders, 1), (self._place, 0), (self.start, 0), (self.outcome, 0),
        ):  # fmt: skip
            self._box.addWidget(widget, stretch)
        play.tried.connect(self._on_tried)

    def show_moved(self, moved: Moved | None) -> None:
        """Follow the hand."""
        self.sliders.show_moved(moved)
        text = criterion_words(moved, self._play.best)
        if text != self.words.text():
            self.words.setText(text)
        if self.start.isEnabled() != (moved is not None):
            self.start.setEnabled(moved is not None)

    def set_low(self, low: bool) -> None:
        """In a low pane the sliders come before the words."""
        self._heading.setVisible(not low)
        self._place.setVisible(not low)

    def forget_outcome(self) -> None:
        """Another model is shown."""
        self.outcome.hide()

    @Slot(object)
    def _on_tried(self, tried: Tried) -> None:
        self.outcome.setText(outcome_words(tried))
        self.outcome.show()

    def apply_theme(self, theme: Theme) -> None:
        """Spaces at the theme's scale."""
        self._box.setSpacing(theme.air(8))
        self._place.setFixedHeight(3 * theme.px(17))


def criterion_words(moved: Moved | None, best: Moved | None) -> str:
    """``REML criterion 12.3 above the best fit: restricted likelihood 0.0021 times as high``."""
    if moved is None:
        return "" if best is None else f"{best.criterion} {decimal(best.fit.objective, 2)}: the best fit."
    words = difference_words(moved)
    if abs(moved.difference) < SEEN:
        return f"{words}."
    likelihood = "restricted likelihood" if moved.fit.reml else "likelihood"
    ratio = math.exp(min(-0.5 * moved.difference, 700.0))
    if ratio == 0.0:
        return f"{words}: {likelihood} practically zero."
    return f"{words}: {likelihood} {number(ratio, 2)} times as high."


def outcome_words(tried: Tried) -> str:
    """What came of starting elsewhere."""
    if tried.fit is None:
        return "From here there is no fit." if tried.error is None else tried.error.message
    evaluations = count(len(tried.fit.log.objective), "evaluation")
    difference = tried.fit.objective - tried.before.objective
    if tried.fit.convergence.reason == "stopped" and tried.kept:
        return f"Stopped after {evaluations}: the best fit is kept."
    if abs(difference) <= AS_GOOD:
        return f"From here the optimiser ends at the best fit again, after {evaluations}."
    if difference > 0.0:
        return f"From here the optimiser ends {number(difference)} above the best fit: the best fit is kept."
    if tried.kept:
        return f"From here it ends {number(-difference)} lower, but the model was fitted anew meanwhile."
    return f"From here the optimiser ends {number(-difference)} lower: this is the best fit now."
