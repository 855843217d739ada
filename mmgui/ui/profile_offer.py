"""The offer to profile a model: a sentence and a button, or how far it has come and the way to stop it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from mmgui.app.analysis import Advance
from mmgui.app.theme import ThemeModel
from mmgui.figures.profile import REFITS, ProfileFigure, ProfileOutline
from mmgui.numbers import count, number
from mmgui.ui.results_page import quiet


class ProfileOffer(QWidget):
    """A sentence and the button that begins, or how far it has come and the button that stops."""

    def __init__(self, themes: ThemeModel) -> None:
        super().__init__()
        self.setObjectName("profileOffer")
        self._themes = themes
        self._words = quiet(name="profileWords")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = _button("Compute profiles", "profileButton", "primary")
        self.stop_button = _button("Stop", "profileStopButton", "pill")
        self._bar = QProgressBar()
        self._bar.setObjectName("profileProgress")
        self._bar.setAccessibleName("Parameters profiled")
        self._bar.setTextVisible(False)
        self._box = QVBoxLayout(self)
        self._box.addStretch(1)
        self._box.addWidget(self._words)
        for widget in (self._bar, self.button, self.stop_button):
            self._box.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        self._box.addStretch(1)
        self.hide()

    def show_state(
        self, outline: ProfileOutline | None, figure: ProfileFigure | None, advance: Advance | None
    ) -> None:
        """Offer, report or vanish."""
        theme, working = self._themes.theme, advance is not None
        complete = figure is not None and len(figure.profiles) == figure.wanted and not figure.under_way
        self.setVisible(outline is not None and (working or not complete))
        self._words.setText(_progress(advance) if advance is not None else _promise(outline))
        self._bar.setVisible(working)
        self._bar.setFixedWidth(theme.px(260))
        if advance is not None:
            # Until the first is done nobody knows how far it is.
            self._bar.setRange(0, advance.total if advance.done else 0)
            self._bar.setValue(advance.done)
        self.button.setVisible(not working)
        self.stop_button.setVisible(working)
        self.stop_button.setEnabled(advance is None or not advance.stopping)
        self._box.setContentsMargins(theme.px(40), theme.px(12), theme.px(40), theme.px(8))
        self._box.setSpacing(theme.px(12))


def _button(text: str, name: str, role: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(text if role == "primary" else "Stop profiling")
    button.setProperty("role", role)
    return button


def _promise(outline: ProfileOutline | None) -> str:
    if outline is None:
        return ""
    if outline.flat:
        return (
            "The data cannot tell these variances apart, as Summary says, so their likelihood has no single "
            "peak: profiling would take long, and find no ends for some intervals. Simplify the random "
            "effects first; profiling can be tried all the same, and stopped."
        )
    return (
        f"Profile likelihood gives every parameter an interval that need not be symmetric. It fits the model "
        f"anew some {REFITS} times for each of {count(len(outline.names), 'parameter')}; one fit took "
        f"{number(outline.seconds, 2)} s, so that takes {_duration(outline.estimated_seconds)}, and can be "
        "stopped."
    )


def _duration(seconds: float) -> str:
    if seconds < 1.5:
        return "a second or so"
    if seconds < 90:
        return f"about {count(max(round(seconds / 5) * 5, 2), 'second')}"
    if seconds < 5400:
        return f"about {count(round(seconds / 60), 'minute')}"
    return f"about {count(round(seconds / 3600), 'hour')}"


def _progress(advance: Advance) -> str:
    if advance.stopping:
        return "Stopping; the parameters that are done are kept …"
    if not advance.total:
        return "Profiling …"
    return f"Profiling: {advance.done} of {count(advance.total, 'parameter')} done"
