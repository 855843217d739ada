"""Residuals: what the model leaves over, whether it looks like chance, and on which groups the fit rests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from mmgui.app.analysis import Advance
from mmgui.app.analysis_parts import Part
from mmgui.app.scene import Scene
from mmgui.app.theme import Theme
from mmgui.figures.influence import DeletionOutline, InfluenceFigure
from mmgui.figures.influence_rows import RowInfluenceFigure
from mmgui.figures.residuals import ResidualsFigure, ResidualView, ViewFigure
from mmgui.figures.residuals_distribution import DistributionFigure
from mmgui.figures.residuals_groups import GroupResidualsFigure
from mmgui.figures.residuals_modes import ModesFigure
from mmgui.figures.residuals_trend import TrendFigure
from mmgui.plots.influence_plot import InfluencePlot
from mmgui.plots.influence_rows_plot import RowInfluencePlot
from mmgui.plots.quantile_plot import DistributionPlot
from mmgui.plots.residual_groups_plot import GroupResidualsPlot
from mmgui.plots.residual_modes_plot import ModesPlot
from mmgui.plots.residuals_plot import ResidualsPlot
from mmgui.ui.influence_offer import InfluenceOffer
from mmgui.ui.page_head import PageHead
from mmgui.ui.residuals_choices import ResidualsChoices, ResidualViews
from mmgui.ui.viewed_page import ViewedPage

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved

LOW = 340
"""Below which height, at scale 1, the choices take one line."""


class ResidualsPage(ViewedPage):
    """A row of views, the lists that the view in sight needs, and its one or two pictures."""

    key = "residuals"
    title = "Residuals"
    parts = (Part.RESIDUALS,)
    on_demand = (Part.INFLUENCE,)
    view_choice: ResidualViews

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        themes, selection = scene.themes, scene.selection
        self._figure: ResidualsFigure | None = None
        self._influence: InfluenceFigure | None = None
        self._advance: Advance | None = None
        self._view = ""
        self._was_moved = False
        self.view_choice, self.choices = ResidualViews(), ResidualsChoices()
        self.plot = ResidualsPlot(themes, selection)
        self.distribution = DistributionPlot(themes, selection)
        self.groups = GroupResidualsPlot(themes, selection)
        self.modes = ModesPlot(themes, selection)
        self.influence = InfluencePlot(themes, selection)
        self.row_influence = RowInfluencePlot(themes, selection)
        self._offer = InfluenceOffer(themes)
        self._stack = QStackedWidget()
        for plot in (
            self.plot, self.distribution, self.groups, self.modes, self.influence, self.row_influence,
        ):  # fmt: skip
            self._stack.addWidget(plot)
        self._box = QVBoxLayout(self)
        self._head = PageHead(self.view_choice, self.choices)
        for widget in (self._head, self._offer):
            self._box.addWidget(widget)
        self._box.addWidget(self._stack, 1)
        self.view_choice.hide()
        self.view_choice.chosen.connect(self._on_view)
        self.choices.changed.connect(self._on_choice)
        self.choices.ordered.connect(self.groups.order_by_spread)
        self.choices.estimates_chosen.connect(self._on_estimates)
        self._offer.button.clicked.connect(self._on_begin)
        self._offer.stop_button.clicked.connect(self._on_stop)
        self.choose_views_by(self.view_choice)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    # -- what is chosen

    def choice(self, part: Part) -> tuple[str, ...]:
        if part is Part.INFLUENCE:
            outline = self._outline()
            return (self.choices.grouping if outline is None else outline.grouping,)
        chosen = (self._view, self.choices.kind, self.choices.against, self.choices.grouping)
        return chosen if any(chosen) else ()

    def _outline(self) -> DeletionOutline | None:
        """What leaving out groups of the factor chosen would take."""
        if self._figure is None:
            return None
        offered = self._figure.offer.deletion
        return next((o for o in offered if o.grouping == self.choices.grouping), next(iter(offered), None))

    def _at_groups(self) -> bool:
        """Whether what groups mean for the estimates is in sight."""
        figure = self._figure
        return (
            figure is not None
            and figure.view is ResidualView.INFLUENCE
            and not self.choices.single_rows
            and bool(figure.offer.groupings)
        )

    @Slot(int)
    def _on_view(self, _index: int) -> None:
        self._view = str(self.view_choice.view)
        self.choice_changed.emit()

    @Slot()
    def _on_choice(self) -> None:
        self.choice_changed.emit()
        # A choice that asks for nothing new is carried out here.
        self._arrange()

    @Slot()
    def _on_estimates(self) -> None:
        self.influence.show_kinds(*self.choices.kinds_of_estimates)

    # -- what is known

    def show_part(self, part: Part, figure: object) -> None:
        if part is Part.RESIDUALS and isinstance(figure, ResidualsFigure) and figure is not self._figure:
            if self._figure is None or figure.fit is not self._figure.fit:
                self._show_influence(None)
            self._figure = figure
            self._was_moved = False
            self.view_choice.show_views(figure.offer.views, figure.view)
            self._show_picture(figure.picture)
            self._arrange()
        elif part is Part.INFLUENCE and isinstance(figure, InfluenceFigure) and figure is not self._influence:
            self._advance = None
            self._show_influence(figure)
            self._arrange()

    def _show_picture(self, picture: ViewFigure) -> None:
        match picture:
            case TrendFigure():
                self.plot.set_data(picture)
            case DistributionFigure():
                self.distribution.set_data(picture)
            case GroupResidualsFigure():
                self.groups.set_data(picture, self._term(picture.grouping))
            case ModesFigure():
                self.modes.set_data(picture)
            case RowInfluenceFigure():
                self.row_influence.set_data(picture)

    def _show_influence(self, figure: InfluenceFigure | None) -> None:
        self._influence = figure
        if figure is not None:
            self.choices.show_estimates(figure)
            self.influence.show_kinds(*self.choices.kinds_of_estimates)
            self.scene.ghosts.take(figure)
        self.influence.set_data(figure)

    def _term(self, grouping: str) -> int:
        if self._figure is None or grouping not in self._figure.offer.groupings:
            return 0
        return self._figure.offer.terms[self._figure.offer.groupings.index(grouping)]

    def show_advance(self, part: Part, advance: Advance | None) -> None:  # noqa: ARG002 - there is one
        self._advance = advance
        partial = None if advance is None else advance.partial
        if isinstance(partial, InfluenceFigure) and self._wants(partial):
            self._show_influence(partial)
        self._tell()

    def _wants(self, partial: InfluenceFigure) -> bool:
        """Whether what is done so far is news of the fit in sight."""
        figure = self._figure
        mine = figure is not None and partial.fit is figure.fit and self._at_groups()
        return mine and partial is not self._influence

    def complete(self) -> None:
        outline = self._outline()
        if self._at_groups() and outline is not None and self._missing(outline):
            self.part_wanted.emit(Part.INFLUENCE, False)

    def _missing(self, outline: DeletionOutline) -> bool:
        known = self._influence is not None and self._influence.grouping == outline.grouping
        return not known and self._advance is None

    @Slot()
    def _on_begin(self) -> None:
        self.part_wanted.emit(Part.INFLUENCE, True)

    @Slot()
    def _on_stop(self) -> None:
        self.stop_wanted.emit(Part.INFLUENCE)

    # -- showing it

    def _arrange(self) -> None:
        """The picture and the lists of the view in sight."""
        figure = self._figure
        if figure is None:
            return
        outline = self._outline()
        known = self._influence
        if known is not None and outline is not None and known.grouping != outline.grouping:
            self._show_influence(None)
        self.choices.show_figure(figure)
        self.choices.show_estimates(self._influence)
        plots: dict[ResidualView, QWidget] = {
            ResidualView.TREND: self.plot,
            ResidualView.DISTRIBUTION: self.distribution,
            ResidualView.GROUPS: self.groups,
            ResidualView.MODES: self.modes,
            ResidualView.INFLUENCE: self.influence if self._at_groups() else self.row_influence,
        }
        self._stack.setCurrentWidget(plots[figure.view])
        self._adapt()
        self._tell()
        if self._at_groups() and outline is not None and outline.quick and self._missing(outline):
            self.part_wanted.emit(Part.INFLUENCE, False)

    def _tell(self) -> None:
        self._offer.show_state(self._outline() if self._at_groups() else None, self._influence, self._advance)

    def show_moved(self, moved: Moved | None) -> None:
        figure = self._figure
        if figure is None or (moved is None and not self._was_moved):
            return
        if moved is not None and moved.best is not figure.fit:
            return
        self._was_moved = moved is not None
        match figure.picture if moved is None else figure.picture.moved(moved):
            case TrendFigure() as picture:
                self.plot.follow(picture)
            case DistributionFigure() as picture:
                self.distribution.follow(picture)
            case GroupResidualsFigure() as picture:
                self.groups.follow(picture)
            case ModesFigure() as picture:
                self.modes.follow(picture)
            case RowInfluenceFigure() as picture:
                if not self._at_groups():
                    self.row_influence.follow(picture)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setSpacing(theme.air(8))
        self._head.dress(theme)
        self._adapt()
        self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._adapt()

    def _adapt(self) -> None:
        """In a low page the choices take one line."""
        theme = self.themes.theme
        low = self.height() < theme.px(LOW)
        self._head.set_low(low)
        self.choices.adapt(theme, self.width())
        edge = theme.air(8 if low else 14)
        self._box.setContentsMargins(theme.air(18), edge, theme.air(18), edge)
