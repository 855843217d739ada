"""Shrinkage: each group's own estimate pulled to the model's, and what pulls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from mmgui.app.analysis_parts import Part, ShrinkageContent
from mmgui.app.scene import Scene
from mmgui.app.theme import Theme
from mmgui.figures.ghosts import shrinkage_ghost
from mmgui.figures.shrinkage_moved import (
    fits_the_move,
    moved_caterpillar,
    moved_correlation,
    moved_shrinkage,
    moved_variance,
)
from mmgui.plots.caterpillar_plot import CaterpillarPlot
from mmgui.plots.plot import Plot
from mmgui.plots.shrinkage_plot import ShrinkagePlot
from mmgui.ui.choice_combo import ChoiceCombo
from mmgui.ui.ghost_chip import GhostChip
from mmgui.ui.page_head import PageHead
from mmgui.ui.pill import pill
from mmgui.ui.results_page import ResultsPage
from mmgui.ui.shrinkage_effects import EffectsButton
from mmgui.ui.shrinkage_side import ShrinkageSide
from mmgui.ui.term_chooser import TermChooser, term_names

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved

LOW, NARROW = 620, 560
"""Below which height, at scale 1, the two plots take turns; below which width the side column folds away."""
WIDE = 720
"""From which width, at scale 1, the chip of the ghost has words."""
BUTTON = 280
"""How much more with the button beside it."""
MATRIX_ROW = 210
"""Height of the page that each row of a scatter matrix needs beside the caterpillar."""


class ShrinkagePage(ResultsPage):
    """The plot large, the caterpillar below it; components, weights and correlations at the side."""

    key = "shrinkage"
    vacant = "This model has no random effects, so nothing is pulled to an average."
    title = "Shrinkage"
    parts = (Part.SHRINKAGE,)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        themes, selection = scene.themes, scene.selection
        self._content: ShrinkageContent | None = None
        self._moved = False
        # Not in a layout of the page: what changes its size inside would lay out the whole window anew,
        # which takes longer than a frame.
        self._room = QWidget(self)
        self.chooser = TermChooser(themes)
        self.chooser.chosen.connect(self._on_chosen)
        self.effects = EffectsButton()
        self.effects.chosen.connect(self._on_effects)
        self.plot = ShrinkagePlot(themes, selection)
        self.caterpillar = CaterpillarPlot(themes, selection)
        self.sort = _sort_combo()
        self.sort.chosen.connect(self._on_sort)
        self.caterpillar.set_corner(self.sort)
        self.caterpillar_button = pill(
            "caterpillarButton", "Caterpillar", "Show the caterpillar plot instead"
        )
        self.caterpillar_button.toggled.connect(self._adapt)
        self.ghost = GhostChip(scene.ghosts)
        self._head = PageHead(self.chooser, self.effects)
        scene.ghosts.ghost_changed.connect(self._on_ghost)
        self._corner = QWidget()
        corner = self._corner_row = QBoxLayout(QBoxLayout.Direction.RightToLeft, self._corner)
        corner.setContentsMargins(0, 0, 0, 0)
        corner.addWidget(self.caterpillar_button)
        corner.addWidget(self.ghost)
        self.plot.set_corner(self._corner)
        self._main = QVBoxLayout()
        self._main.addWidget(self._head)
        self._main.addWidget(self.plot, 11)
        self._main.addWidget(self.caterpillar, 6)
        self.side = ShrinkageSide(themes, selection)
        self._row = QHBoxLayout(self._room)
        self._row.addLayout(self._main, 1)
        self._row.addWidget(self.side)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    # -- what is shown

    def show_part(self, part: Part, figure: object) -> None:
        if part is not Part.SHRINKAGE or not isinstance(figure, ShrinkageContent):
            return
        if figure is self._content:
            return
        self._content, self._moved = figure, False
        shrinkage = figure.shrinkage
        names = term_names(tuple(f.grouping for f in shrinkage), tuple(f.effects for f in shrinkage))
        self.chooser.set_terms(names)
        self._show_term(self._index())

    def show_moved(self, moved: Moved | None) -> None:
        content, index = self._content, self._index()
        if content is None or index < 0:
            return
        if moved is None or not fits_the_move(content.shrinkage[index], moved):
            if self._moved:
                self._moved = False
                self._show_term(index)
            return
        self._moved = True
        shown = self._shown()
        shrinkage = moved_shrinkage(content.shrinkage[index], moved).with_effects(shown)
        if self.plot.isVisibleTo(self):
            self.plot.show_moved(shrinkage)
        if self.caterpillar.isVisibleTo(self):
            caterpillar = moved_caterpillar(content.caterpillars[index], moved)
            self.caterpillar.show_moved(caterpillar.with_effects(shown))
        if self.side.isVisibleTo(self):
            variance = moved_variance(content.variance, moved)
            self.side.show_moved(shrinkage, variance, moved_correlation(content.covariance[index], moved))

    def _index(self) -> int:
        """The term shown; -1 while there is none."""
        return -1 if self._content is None else min(self.chooser.index, len(self._content.shrinkage) - 1)

    def _shown(self) -> tuple[int, ...]:
        """Positions of the effects shown."""
        return self.effects.effects()

    @Slot(int)
    def _on_chosen(self, index: int) -> None:
        self._show_term(index)
        self.show_moved(self.scene.play.current)

    @Slot(object)
    def _on_effects(self, _effects: object) -> None:
        self._show_term(self._index())
        self.show_moved(self.scene.play.current)

    @Slot(int)
    def _on_sort(self, index: int) -> None:
        self.caterpillar.set_sort(self.sort.itemText(index))

    def _show_term(self, index: int) -> None:
        content = self._content
        if content is None or index < 0:
            return
        whole = content.shrinkage[index]
        self.effects.set_effects(whole.titles or whole.effects)
        self._head.setVisible(not (self.chooser.isHidden() and self.effects.isHidden()))
        shown = self._shown()
        figure = whole.with_effects(shown)
        self.plot.set_data(figure)
        self._adapt()
        self.caterpillar.set_data(content.caterpillars[index].with_effects(shown))
        self._offer_sorts()
        self.side.show_term(figure, content.variance, content.covariance[index])
        self._on_ghost()

    @Slot()
    def _on_ghost(self) -> None:
        """Behind the fit that without the picked group; not while the hand moves the model."""
        content, index = self._content, self._index()
        if content is None or index < 0 or self._moved:
            return
        figure = content.shrinkage[index].with_effects(self._shown())
        self.plot.show_ghost(shrinkage_ghost(figure, self.scene.ghosts.ghost))

    def _offer_sorts(self) -> None:
        sorts = self.caterpillar.sorts()
        with self.sort.filling():
            self.sort.clear()
            self.sort.addItems(list(sorts))
            self.sort.setCurrentIndex(sorts.index(self.caterpillar.sort()) if sorts else -1)

    # -- room

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._row.setContentsMargins(theme.air(18), theme.air(14), theme.air(18), theme.air(12))
        self._row.setSpacing(theme.air(20))
        self._main.setSpacing(theme.air(10))
        self._head.dress(theme)
        self.ghost.dress(theme, 0)
        self._corner_row.setSpacing(theme.px(6))
        self._adapt()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._room.resize(self.size())
        self._adapt()

    @Slot()
    def _adapt(self) -> None:
        """In a low pane one plot at a time; in a narrow one no side column."""
        theme = self.themes.theme
        low = self.height() < theme.px(max(LOW, 80 + MATRIX_ROW * self.plot.effects_shown()))
        other = self.caterpillar_button.isChecked()
        self._place_button(self.caterpillar if low and other else self.plot)
        self.ghost.set_drawn(not (low and other))
        # Where one plot is shown at a time a button stands beside it.
        narrow = self.width() < theme.px(WIDE + (BUTTON if low else 0))
        self.ghost.set_folded(narrow)
        # Below the button rather than at the cost of the title's lines.
        upright = low and narrow
        for plot in (self.plot, self.caterpillar):
            plot.set_heading_at_top(upright)
        self._corner_row.setDirection(
            QBoxLayout.Direction.TopToBottom if upright else QBoxLayout.Direction.RightToLeft
        )
        self.caterpillar_button.setVisible(low)
        self.plot.setVisible(not (low and other))
        self.caterpillar.setVisible(other or not low)
        self.side.setVisible(self.width() >= theme.px(NARROW))
        self.side.setFixedWidth(theme.px(270 if self.width() >= theme.px(850) else 205))

    def _place_button(self, plot: Plot) -> None:
        """Beside the title of the plot that is shown: a row of its own would take height from the picture."""
        corner, button = self._corner, self.caterpillar_button
        if corner.parentWidget() is not plot:
            focused = button.hasFocus()
            plot.set_corner(corner)
            if focused:
                button.setFocus()


def _sort_combo() -> ChoiceCombo:
    combo = ChoiceCombo("caterpillarSort", "Order of the caterpillar's rows")
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    combo.setProperty("role", "quiet")
    combo.setToolTip("What the rows are sorted by")
    return combo
