"""Profile likelihood: the interval of every parameter, and how the likelihood comes to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.analysis import Advance
from mmgui.app.analysis_parts import Part
from mmgui.app.figure_table_model import Marks
from mmgui.app.scene import Scene
from mmgui.app.theme import Theme
from mmgui.figures.profile import FIXED, ProfileFigure, ProfileOutline
from mmgui.plots.profile_plot import ProfilePlot, ProfileView
from mmgui.plots.profile_words import decimals, main_level, percent, tip
from mmgui.ui.figure_table_view import FigureTableView
from mmgui.ui.profile_choices import ProfileChoices
from mmgui.ui.profile_offer import ProfileOffer
from mmgui.ui.results_page import heading
from mmgui.ui.viewed_page import ViewedPage

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved

WIDE = 1300
"""From which width, at scale 1, the table stands beside the picture."""
ASIDE = 480
LOW = 400
"""Height, at scale 1, below which the choices take one line."""


class ProfilePage(ViewedPage):
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
        self.table = FigureTableView("profileTable", "Profile intervals", themes)
        self.table.set_stretched(1)
        self._caption = heading("Intervals")
        self.choices = ProfileChoices(themes)
        self.choices.view_chosen.connect(self._on_view)
        self.choose_views_by(self.choices.views)
        self.choices.look_chosen.connect(self._on_look)
        self.choices.paired_chosen.connect(self.plot.show_pairs_of)
        self.plot.view_changed.connect(self._on_view_changed)
        self._offer = ProfileOffer(themes)
        self._offer.button.clicked.connect(self._on_button)
        self._offer.stop_button.clicked.connect(self._on_stop)
        self._arrange()
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def _arrange(self) -> None:
        self._picture = picture = QVBoxLayout()
        picture.addWidget(self.choices)
        picture.addWidget(self.plot, 1)
        self._aside = QWidget()
        table = QVBoxLayout(self._aside)
        table.setContentsMargins(0, 0, 0, 0)
        table.addWidget(self._caption)
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
        partial = None if advance is None else getattr(advance, "partial", None)
        # Curves are drawn as they come.
        if isinstance(partial, ProfileFigure) and partial is not self._figure:
            self._figure = partial
            self._refresh()
        self._offer.show_state(self._outline, self._figure, advance)
        self._divide()

    def show_moved(self, moved: Moved | None) -> None:
        self.plot.show_moved(moved)

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

    @Slot(object)
    def _on_view(self, view: ProfileView) -> None:
        self.plot.show_view(view)

    @Slot(object)
    def _on_view_changed(self, view: ProfileView) -> None:
        self.choices.set_view(view)
        self._adapt()

    @Slot()
    def _on_look(self) -> None:
        self.plot.show_look(self.choices.look)
        self._fill_table()
        self._adapt()

    def _refresh(self) -> None:
        self.plot.set_data(self._figure)
        self.choices.set_parameters(
            () if self._figure is None else tuple(p.title for p in self._figure.profiles), self.plot.paired
        )
        self._fill_table()
        self._offer.show_state(self._outline, self._figure, self._advance)
        self._divide()

    def _fill_table(self) -> None:
        figure, theme, look = self.plot.shown, self.themes.theme, self.choices.look
        if figure is None:
            return
        level = main_level(look.levels)
        hues = [theme.text if p.term == FIXED else theme.term_color(p.term) for p in figure.profiles]
        marks = Marks(
            dots=tuple(hues),
            tooltips=tuple(tip(p, wald=look.wald) for p in figure.profiles),
            decimals=tuple(decimals(p, level) for p in figure.profiles),
        )
        words = "by profile likelihood, and Wald’s" if look.wald else "by profile likelihood"
        self._caption.setText(
            f"{percent(level)} intervals&nbsp; <span style='font-weight:400'>{words}</span>"
        )
        self.table.set_table(figure.interval_table(level, wald=look.wald), marks)

    def _divide(self) -> None:
        """The offer in the middle of an empty page, or as a line above the pictures, or not at all."""
        filled = self._figure is not None and bool(self._figure.profiles)
        self._content.setVisible(filled)
        self._offer.setSizePolicy(
            QSizePolicy.Policy.Preferred,
            QSizePolicy.Policy.Maximum if filled else QSizePolicy.Policy.Preferred,
        )
        self._box.setStretch(0, 0 if filled else 1)
        self._adapt()

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._row.setContentsMargins(theme.air(18), theme.air(14), theme.air(18), theme.air(14))
        self._row.setSpacing(theme.air(28))
        self._picture.setSpacing(theme.air(4))
        self._adapt()
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._adapt()

    def _adapt(self) -> None:
        theme = self.themes.theme
        self.choices.set_low(self.height() < theme.px(LOW))
        # Pairs, and limits of two kinds, take the whole width.
        broad = self.plot.view is ProfileView.PAIRS or self.choices.look.wald
        wide = self.width() >= theme.px(WIDE) and not broad
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._aside.setMinimumWidth(theme.px(ASIDE) if wide else 0)
        self._aside.setMaximumWidth(theme.px(ASIDE) if wide else 16_777_215)
        self.plot.setMinimumHeight(0 if wide else self._first_screen(theme))

    def _first_screen(self, theme: Theme) -> int:
        """The pictures fill what is in sight; of the table below there is the heading."""
        offer = 0 if self._offer.isHidden() else self._offer.sizeHint().height()
        around = (
            self.choices.heightForWidth(self.width() - 2 * theme.air(18)) + self._caption.sizeHint().height()
        )
        # For a saved picture the page is higher than its place so that the table is in it; the pictures stay
        # as high as they are.
        parent = self.parentWidget()
        seen = self.height() if parent is None else min(self.height(), parent.height())
        return max(seen - offer - around - 2 * theme.air(14) - theme.px(32), 0)
