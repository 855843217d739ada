"""A slider for every standard deviation, every correlation and σ of the model shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QVBoxLayout, QWidget

from mmgui.app.play import PlayModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.ui.calm_scroll_bar import keep_scroll_room
from mmgui.ui.parameter_slider import ParameterSlider
from mmgui.ui.results_page import empty_box

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved, MovedParameter


class ParameterSliders(QScrollArea):
    """Moves the model through the ``PlayModel``; where it is comes back through ``show_moved``."""

    released = Signal()
    """A slider was let go."""

    def __init__(self, play: PlayModel, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("parameterSliders")
        self.setAccessibleName("Covariance parameters")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_scroll_room(self)
        self._play, self._themes = play, themes
        self._names: tuple[str, ...] = ()
        self._rows: list[ParameterSlider] = []
        self.follows = QCheckBox("σ at its best")
        self.follows.setObjectName("sigmaFollowsCheck")
        self.follows.setAccessibleName("σ takes its best value")
        self.follows.setToolTip("σ takes the value that is best for the other parameters")
        self.follows.setChecked(True)
        self.follows.clicked.connect(self._on_follows)
        inner = QWidget()
        inner.setProperty("role", "page")
        self._box = QVBoxLayout(inner)
        self._rows_box = QVBoxLayout()
        self._box.addLayout(self._rows_box)
        self._box.addWidget(self.follows)
        self._box.addStretch(1)
        self.setWidget(inner)
        themes.theme_changed.connect(self._on_theme)
        play.others_follow_changed.connect(self._on_others_follow)
        self._on_theme(themes.theme)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 60)

    def show_moved(self, moved: Moved | None) -> None:
        """Show where the model is; None: at the best fit."""
        shown = moved if moved is not None else self._play.best
        if shown is None:
            return
        parameters = shown.parameters
        names = tuple(p.name for p in parameters)
        if names != self._names:
            self._names = names
            self._build(parameters)
        for row, parameter in zip(self._rows, parameters, strict=True):
            row.show_parameter(parameter)
        follows = self._play.sigma_follows if moved is None else moved.sigma_follows
        if follows != self.follows.isChecked() and not self._play.others_follow:
            self.follows.setChecked(follows)

    def rows(self) -> tuple[ParameterSlider, ...]:
        """One for each parameter, in the order of the model."""
        return tuple(self._rows)

    def _build(self, parameters: tuple[MovedParameter, ...]) -> None:
        empty_box(self._rows_box)
        self._rows = []
        for k, (parameter, words) in enumerate(zip(parameters, slider_words(parameters), strict=True)):
            row = ParameterSlider(k, parameter, words)
            row.wanted.connect(self._on_wanted)
            row.released.connect(self.released)
            row.dress(self._themes.theme)
            self._rows.append(row)
            self._rows_box.addWidget(row)

    @Slot(str, float)
    def _on_wanted(self, name: str, value: float) -> None:
        self._play.move({name: value})

    @Slot(bool)
    def _on_follows(self, follows: bool) -> None:
        self._play.set_sigma_follows(follows)

    @Slot(bool)
    def _on_others_follow(self, follow: bool) -> None:
        """Where all others take their best values, σ does, too."""
        self.follows.setEnabled(not follow)
        if follow:
            self.follows.setChecked(True)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setContentsMargins(0, 0, theme.px(2), 0)
        self._box.setSpacing(theme.px(8))
        self._rows_box.setSpacing(theme.px(6))
        for row in self._rows:
            row.dress(theme)


def slider_words(parameters: tuple[MovedParameter, ...]) -> tuple[str, ...]:
    """What fits beside a number: no more of a parameter's name than tells it from the others.

    ``SD of batch`` of a term with one effect, ``SD of Days`` and ``Correlation, ρ`` of the only term,
    ``plot: ρ x1, x2`` of one among several.
    """
    of = [p.name.split(": ", 1)[0] for p in parameters]
    terms = {p.term: g for p, g in zip(parameters, of, strict=True) if p.term >= 0}
    alone = len(set(terms.values())) == 1
    out = []
    for parameter, grouping in zip(parameters, of, strict=True):
        if parameter.kind == "sigma":
            out.append("Residual SD, σ")
            continue
        own = [p for p in parameters if p.term == parameter.term]
        words = parameter.name.split(": ", 1)[1]
        if len(own) == 1 and list(terms.values()).count(grouping) == 1:
            out.append(f"SD of {grouping}")
            continue
        if parameter.kind == "correlation":
            only = sum(p.kind == "correlation" for p in own) == 1
            words = (
                "correlation, ρ"
                if only
                else words.replace("correlation of", "ρ", 1).replace(" and ", ", ", 1)
            )
        out.append(words.replace("correlation", "Correlation", 1) if alone else f"{grouping}: {words}")
    return tuple(out)
