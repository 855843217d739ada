"""Profile likelihood: the interval of every parameter, and how the likelihood comes to it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mmgui.app.analysis import Advance
from mmgui.app.analysis_parts import Part
from mmgui.app.figure_table_model import Marks
from mmgui.app.scene import Scene
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.profile import FIXED, ProfileFigure, ProfileOutline
from mmgui.numbers import count, number
from mmgui.plots.profile_plot import ProfilePlot, decimals, tip
from mmgui.ui.figure_table_view import FigureTableView
from mmgui.ui.results_page import ResultsPage, heading, quiet

WIDE = 1000
"""From which width, at scale 1, the table stands beside the picture."""
ASIDE = 480


class ProfilePage(ResultsPage):
    """Small pictures with the table beside or below; before that the offer to work them out."""

    key = "profile"
    title = "Profile"
    parts = (Part.PROFILE_OUTLINE,)
    on_demand = (Part.PROFILE,)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        themes, selection = scene.themes, scene.selection
        self._outline: ProfileOutline | None = None
        self._figure: ProfileFigure | None = None
        self._advance: Advance | None = None
        self.plot = ProfilePlot(themes, selection)
        self.plot.set_titled(False)
        self.table = FigureTableView("profileTable", "95 % profile intervals", themes)
        self.table.set_stretched(1)
        self.signed_button = QPushButton("ζ with its sign")
        self.signed_button.setObjectName("profileSignedButton")
        self.signed_button.setAccessibleName("Draw ζ with its sign")
        self.signed_button.setProperty("role", "pill")
        self.signed_button.setCheckable(True)
        self.signed_button.toggled.connect(self.plot.show_signed)
        self.plot.signed_changed.connect(self.signed_button.setChecked)
        self._offer = _Offer(themes)
        self._offer.button.clicked.connect(self._on_button)
        self._offer.stop_button.clicked.connect(self._on_stop)
        self._arrange()
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addWidget(heading("Profile likelihood"))
        top.addStretch(1)
        top.addWidget(self.signed_button)
        self._picture = picture = QVBoxLayout()
        picture.addLayout(top)
        picture.addWidget(self.plot, 1)
        self._aside = QWidget()
        table = QVBoxLayout(self._aside)
        table.setContentsMargins(0, 0, 0, 0)
        table.addWidget(heading("95 % intervals", "by profile likelihood"))
        table.addWidget(self.table)
        table.addStretch(1)
        inner = QWidget()
        inner.setProperty("role", "page")
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
        self._row.addLayout(picture, 1)
        self._row.addWidget(self._aside)
        self._content = QScrollArea()
        self._content.setObjectName("profileScroll")
        self._content.setAccessibleName("Profiles and intervals")
        self._content.setFrameShape(QFrame.Shape.NoFrame)
        self._content.setWidgetResizable(True)
        self._content.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._content.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._content.setWidget(inner)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(self._offer, 1)
        self._box.addWidget(self._content, 1)

    # -- what is known

    def show_part(self, part: Part, figure: object) -> None:  # noqa: ARG002 - the figure tells
        if isinstance(figure, ProfileOutline) and figure is not self._outline:
            self._outline, self._figure, self._advance = figure, None, None
            self._refresh()
            if figure.quick:
                self.part_wanted.emit(Part.PROFILE, False)
        elif isinstance(figure, ProfileFigure) and figure is not self._figure:
            self._figure, self._advance = figure, None
            self._refresh()

    def show_advance(self, part: Part, advance: Advance | None) -> None:  # noqa: ARG002 - there is one
        self._advance = advance
        self._offer.show_state(self._outline, self._figure, advance)
        self._divide()

    def complete(self) -> None:
        if self._figure is None and self._advance is None and self._outline is not None:
            self.part_wanted.emit(Part.PROFILE, False)

    @Slot()
    def _on_button(self) -> None:
        self.part_wanted.emit(Part.PROFILE, True)

    @Slot()
    def _on_stop(self) -> None:
        self.stop_wanted.emit(Part.PROFILE)

    # -- showing it

    def _refresh(self) -> None:
        figure, theme = self._figure, self.themes.theme
        self.plot.set_data(figure)
        if figure is not None:
            hues = [theme.text if p.term == FIXED else theme.term_color(p.term) for p in figure.profiles]
            marks = Marks(
                dots=tuple(hues),
                tooltips=tuple(tip(p) for p in figure.profiles),
                decimals=tuple(decimals(p) for p in figure.profiles),
            )
            self.table.set_table(figure.interval_table(), marks)
        self._offer.show_state(self._outline, figure, self._advance)
        self._divide()

    def _divide(self) -> None:
        """The offer in the middle of an empty page, or as a line above the pictures, or not at all."""
        filled = self._figure is not None and bool(self._figure.profiles)
        self._content.setVisible(filled)
        self._offer.setSizePolicy(
            QSizePolicy.Policy.Preferred,
            QSizePolicy.Policy.Maximum if filled else QSizePolicy.Policy.Preferred,
        )
        self._box.setStretch(0, 0 if filled else 1)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._row.setContentsMargins(theme.px(18), theme.px(14), theme.px(18), theme.px(14))
        self._row.setSpacing(theme.px(28))
        self._picture.setSpacing(theme.px(4))
        self._adapt()
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._adapt()

    def _adapt(self) -> None:
        theme = self.themes.theme
        wide = self.width() >= theme.px(WIDE)
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._aside.setMinimumWidth(theme.px(ASIDE) if wide else 0)
        self._aside.setMaximumWidth(theme.px(ASIDE) if wide else 16_777_215)


class _Offer(QWidget):
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
        complete = figure is not None and len(figure.profiles) == figure.wanted
        self.setVisible(outline is not None and (working or not complete))
        self._words.setText(_progress(advance) if advance is not None else _promise(outline))
        self._bar.setVisible(working)
        self._bar.setFixedWidth(theme.px(260))
        if advance is not None:
            self._bar.setRange(0, advance.total)
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
    return (
        f"Profile likelihood gives every parameter an interval that need not be symmetric. It fits the model "
        f"anew 15 times or more for each of {count(len(outline.names), 'parameter')}; one fit took "
        f"{number(outline.seconds, 2)} s."
    )


def _progress(advance: Advance) -> str:
    if advance.stopping:
        return "Stopping; the parameters that are done are kept …"
    if not advance.total:
        return "Profiling …"
    return f"Profiling: {advance.done} of {count(advance.total, 'parameter')} done"
