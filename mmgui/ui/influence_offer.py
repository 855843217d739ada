"""Asks before many refits, tells how far they are, and stops them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.analysis import Advance
from mmgui.app.theme import ThemeModel
from mmgui.figures.influence import DeletionOutline, InfluenceFigure, duration
from mmgui.numbers import count
from mmgui.ui.results_page import quiet


class InfluenceOffer(QWidget):
    """A sentence with the button that begins, or how far it has come with the one that stops."""

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("influenceOffer")
        self._themes = themes
        self._words = quiet(name="influenceWords")
        self.button = QPushButton("Leave each out")
        self.button.setObjectName("influenceButton")
        self.button.setAccessibleName("Refit the model without each group")
        self.button.setProperty("role", "primary")
        self.stop_button = QPushButton("Stop")
        self.stop_button.setObjectName("influenceStopButton")
        self.stop_button.setAccessibleName("Stop refitting")
        self.stop_button.setProperty("role", "pill")
        self._bar = QProgressBar()
        self._bar.setObjectName("influenceProgress")
        self._bar.setAccessibleName("Groups left out")
        self._bar.setTextVisible(False)
        self._line = QHBoxLayout()
        self._line.addWidget(self._words, 1)
        for widget in (self.button, self.stop_button):
            self._line.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(self._line)
        box.addWidget(self._bar)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def show_state(
        self, outline: DeletionOutline | None, figure: InfluenceFigure | None, advance: Advance | None
    ) -> None:
        """Offer, report or vanish."""
        theme = self._themes.theme
        complete = figure is not None and figure.complete
        working = advance is not None
        # What is done before an eye could read of it needs no words.
        hurried = working and outline is not None and outline.quick
        shown = outline is not None and not hurried and (working or not complete)
        if not shown:
            self.stop_button.clearFocus()
        self.setVisible(shown)
        self._line.setSpacing(theme.px(12))
        self._bar.setFixedHeight(theme.px(4))
        self._bar.setVisible(working)
        for gone in (self.button, self.stop_button):
            if gone.hasFocus() and (gone is self.button) == working:
                # Qt would hand the focus on as if by the Tab key.
                gone.clearFocus()
        self.button.setVisible(not working)
        self.stop_button.setVisible(working)
        if advance is not None:
            self._bar.setRange(0, max(advance.total, 1))
            self._bar.setValue(advance.done)
            self.stop_button.setEnabled(not advance.stopping)
            self._words.setText(_progress(advance))
        elif outline is not None:
            self._words.setText(_promise(outline, figure))


def _promise(outline: DeletionOutline, figure: InfluenceFigure | None) -> str:
    if figure is not None and figure.levels:
        return f"Stopped after {len(figure.levels):,} of {count(outline.groups, 'group')}; again begins anew."
    return (
        f"Leaving out each of {count(outline.groups, 'group')} of {outline.grouping} fits the model "
        f"{outline.groups:,} times: {duration(outline.seconds)} or so. What is done is drawn as it comes."
    )


def _progress(advance: Advance) -> str:
    if advance.stopping:
        return "Stopping; what is done is kept …"
    if not advance.total:
        return "Leaving out groups …"
    return f"{advance.done} of {count(advance.total, 'group')} left out"
