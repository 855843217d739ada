"""Σ of one term: as heatmaps, as the ellipse it is, and by the directions in which groups differ."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Slot
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mmgui.app.emphasis import Emphasis
from mmgui.app.plain_tip import plain_tip
from mmgui.app.scene import Scene
from mmgui.app.theme import Theme
from mmgui.figures.covariance import CovarianceFigure
from mmgui.figures.sigma_directions import CORRELATION, OWN, RESPONSE
from mmgui.figures.wording import effect_name
from mmgui.plots.covariance_heatmap import CovarianceHeatmap
from mmgui.plots.ellipse_plot import EllipsePlot
from mmgui.plots.singular_values_plot import SingularValuesPlot
from mmgui.plots.style import text_font
from mmgui.ui.choice_combo import ChoiceCombo
from mmgui.ui.covariance_emphasis import emphasis_of, lit_effects
from mmgui.ui.pill import pill
from mmgui.ui.results_page import quiet
from mmgui.ui.view_choice import ViewChoice

NARROW = 520
"""Width, at scale 1, below which the heatmaps, the ellipse and the directions take turns; in a low pane
that is wider one heatmap or the directions stand beside the ellipse."""
PICTURES, PANEL = 190, 76
"""Height, at scale 1, that the ellipse needs at least, and each row of a matrix of ellipses."""
CRAMPED = 230
"""Height, at scale 1, below which the pictures need the room of the words."""
CELL_WIDTH, CELL_HEIGHT = 42, 32
"""Size, at scale 1, of a cell from which the heatmaps stand side by side."""
BOTH_SCALES = 4
"""Effects up to which both scales of the verdict are shown at once."""
REGRESSION = "Show the regression line: what a group’s one effect says about its other"
SCALES = ((RESPONSE, CORRELATION), (RESPONSE,), (CORRELATION,), (OWN,))
_SCALE_WORDS = ("Both scales", "Response", "Correlations", "lme4’s rePCA")


_ROW, _BESIDE, _PAIR, _TURNS = range(4)
_HEATMAPS, _COVARIANCE, _CORRELATION, _FACTOR, _ELLIPSE, _DIRECTIONS = range(6)
_KINDS = (_COVARIANCE, _CORRELATION, _FACTOR)


class SigmaView(QWidget):
    """The heatmaps in a row, the ellipse and the directions below; of many effects one heatmap beside the
    ellipse, the directions below; in little room they take turns, which ``turns`` chooses."""

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sigmaView")
        self.setAccessibleName("Σ")
        themes, selection = scene.themes, scene.selection
        self._themes, self._emphasis = themes, scene.emphasis
        self._figure: CovarianceFigure | None = None
        self.covariance = CovarianceHeatmap(themes, selection)
        self.correlation = CovarianceHeatmap(themes, selection)
        self.factor = CovarianceHeatmap(themes, selection)
        for plot, name in zip(self.heatmaps(), ("covariance", "correlation", "factor"), strict=True):
            plot.setObjectName(f"{name}Heatmap")
            plot.set_brief(True)
        self.ellipse = EllipsePlot(themes, selection)
        self.directions = SingularValuesPlot(themes, selection)
        self.scale = ChoiceCombo("directionScale", "Scale of the directions")
        self.scale.setProperty("role", "quiet")
        self.scale.addItems(_SCALE_WORDS)
        self.scale.setSizeAdjustPolicy(ChoiceCombo.SizeAdjustPolicy.AdjustToContents)
        self.scale.setToolTip("On which scale the directions are taken apart")
        self.scale.chosen.connect(self._on_scale)
        self.directions.set_corner(self.scale)
        self.regression = pill("regressionButton", "Regression", REGRESSION)
        self.regression.toggled.connect(self.ellipse.show_regression)
        self.ellipse.set_corner(self.regression)
        self.structure = quiet(name="structureText")
        self.verdict = QLabel()
        self.verdict.setObjectName("directionsText")
        self.verdict.setWordWrap(True)
        self.turns = _turns()
        self.turns.chosen.connect(self._on_turn)
        self._kind, self._turn = _COVARIANCE, _HEATMAPS
        self._offering = True
        self._placed: tuple[int, bool, bool] | None = None
        self._lay_out()
        for pointing in (*self.heatmaps(), self.directions):
            pointing.pointed.connect(self._on_pointed)
        scene.emphasis.emphasis_changed.connect(self._on_emphasis)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def heatmaps(self) -> tuple[CovarianceHeatmap, CovarianceHeatmap, CovarianceHeatmap]:
        """Covariances, correlations, relative factor."""
        return (self.covariance, self.correlation, self.factor)

    def _lay_out(self) -> None:
        self._maps = QWidget()
        self._heatmaps = QHBoxLayout(self._maps)
        self._heatmaps.setContentsMargins(0, 0, 0, 0)
        for plot in self.heatmaps():
            self._heatmaps.addWidget(plot, 1)
        self._grid = QGridLayout()
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addLayout(self._grid, 1)
        self._box.addWidget(self.verdict)
        self._box.addWidget(self.structure)

    # -- what is shown

    def show_figure(self, figure: CovarianceFigure) -> None:
        """Show a term at the best fit."""
        another = self._figure is None or len(self._figure.effects) != len(figure.effects)
        self._figure = figure
        self.covariance.set_data(figure, mode="covariance")
        self.correlation.set_data(figure, mode="correlation")
        self.factor.set_data(figure, mode="factor")
        self.ellipse.set_data(figure)
        self.directions.set_data(figure.directions)
        self._say(figure)
        self.structure.setText(figure.structure)
        self.structure.setVisible(bool(figure.structure))
        if another:
            with QSignalBlocker(self.scale):
                self.scale.setCurrentIndex(0 if len(figure.effects) <= BOTH_SCALES else 1)
            self.directions.set_scales(SCALES[self.scale.currentIndex()])
        self.scale.setVisible(len(figure.effects) > 1)
        self._adapt()
        self._on_emphasis(self._emphasis.emphasis)

    def follow(self, figure: CovarianceFigure | None) -> None:
        """Show the term at other parameters; None: the best fit again."""
        best = self._figure
        if best is None:
            return
        shown = figure if figure is not None else best
        for plot in self.heatmaps():
            if plot.isVisible():
                plot.follow(shown)
        self.ellipse.follow(figure)
        self.directions.follow(None if figure is None else figure.directions)
        self._say(shown)

    def _say(self, figure: CovarianceFigure) -> None:
        """Whether the term is singular, and what has no variance."""
        words = "" if figure.directions is None else figure.directions.verdict
        text = f"◐ {words} {figure.direction}" if figure.direction and len(figure.effects) > 1 else words
        if text != self.verdict.text():
            self.verdict.setText(text)

    @Slot(int)
    def _on_scale(self, index: int) -> None:
        self.directions.set_scales(SCALES[index])
        self._adapt()

    # -- pointing

    @Slot(object)
    def _on_pointed(self, effects: tuple[int, ...]) -> None:
        if self._figure is not None:
            self._emphasis.emphasise(emphasis_of(self._figure, effects))

    @Slot(object)
    def _on_emphasis(self, emphasis: Emphasis) -> None:
        if self._figure is None:
            return
        lit = lit_effects(self._figure, emphasis)
        for plot in (*self.heatmaps(), self.ellipse, self.directions):
            plot.emphasise(lit)

    # -- room

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setSpacing(theme.air(6))
        self.turns.set_spacing(theme.air(6))
        self._heatmaps.setSpacing(theme.air(20))
        self._grid.setHorizontalSpacing(theme.air(28))
        self._grid.setVerticalSpacing(theme.air(10))
        self._adapt()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._adapt()

    @Slot(int)
    def _on_turn(self, choice: int) -> None:
        if choice in _KINDS:
            self._kind, self._turn = choice, _HEATMAPS
        else:
            self._turn = choice
        self._adapt()

    def set_offering(self, offering: bool) -> None:
        """Whether Σ is in sight, so that there is something to choose."""
        self._offering = offering
        self._adapt()

    @Slot()
    def _adapt(self) -> None:
        """Arrange the pictures for the room there is."""
        theme, figure = self._themes.theme, self._figure
        size = 1 if figure is None else len(figure.effects)
        line = QFontMetricsF(text_font(theme)).height()
        names = 0.0 if figure is None else _widest(figure, theme)
        alone = size > 1 and (self.width() / 3 - names - theme.px(30)) / size < theme.px(CELL_WIDTH)
        ellipse = theme.px(max(PICTURES, PANEL * min(size - 1, 5) + 50))
        words = self.verdict.sizeHint().height() + (2 * line if size > 1 else 0.0)
        directions = self.directions.least_height() if size > 1 else 0
        maps = theme.px(CELL_HEIGHT) * size + 2.6 * line + theme.px(20)
        need = ellipse + words + (directions if alone else maps) + theme.px(30)
        narrow = self.width() < theme.px(NARROW)
        low = self.height() < need or narrow
        pair = low and not narrow and self.height() >= ellipse + self.verdict.sizeHint().height()
        alone = alone or (pair and size > 1)
        where = _PAIR if pair else _TURNS if low else _BESIDE if alone else _ROW
        self._place(where, single=size == 1, alone=alone)
        self._maps.setMinimumHeight(0 if low or alone else round(maps))
        self._offer(low=low, alone=alone, pair=pair, size=size)
        maps_seen = not low or self._turn == _HEATMAPS
        shown = (0, 2) if size == 1 else (self._kind - _COVARIANCE,) if alone else (0, 1, 2)
        for k, plot in enumerate(self.heatmaps()):
            plot.setVisible(k in shown)
        self._maps.setVisible(maps_seen)
        self.ellipse.setVisible(not low or pair or self._turn == _ELLIPSE)
        self.directions.setVisible(size > 1 and (not low or self._turn == _DIRECTIONS))
        cramped = self.height() < theme.px(CRAMPED)
        self.regression.setVisible(size > 1 and not (low and cramped))
        self.verdict.setVisible(not (low and cramped))
        self.structure.setVisible(bool(self.structure.text()) and not low)
        for widget in (self._maps, self.verdict):
            widget.setToolTip(plain_tip(self.structure.text()) if low else "")
        self._catch_up()

    def _offer(self, *, low: bool, alone: bool, pair: bool, size: int) -> None:
        """The choices that the room leaves."""
        maps = _KINDS if alone else (_HEATMAPS,)
        if not self._offering:
            self.turns.offer((), self._kind)
        elif pair and size == 1:
            self._turn = _HEATMAPS
            self.turns.offer((), _HEATMAPS)
        elif low:
            offered = (*maps, *(() if pair else (_ELLIPSE,)), *((_DIRECTIONS,) if size > 1 else ()))
            if self._turn not in (_HEATMAPS, *offered):
                self._turn = _HEATMAPS
            here = self._kind if alone and self._turn == _HEATMAPS else self._turn
            self.turns.offer(offered, here)
        else:
            self.turns.offer(maps if alone else (), self._kind)

    def _place(self, arrangement: int, *, single: bool, alone: bool) -> None:
        """Put the pictures where they belong, once."""
        if (arrangement, single, alone) == self._placed:
            return
        self._placed = (arrangement, single, alone)
        grid, whole = self._grid, (0, 0, 1, 2)
        places = {
            _ROW: (whole, (1, 0, 1, 2 if single else 1), (1, 1, 1, 1)),
            _BESIDE: ((0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 2)),
            # One of the two, or of the three, is in sight.
            _PAIR: ((0, 0, 1, 1), (0, 1, 1, 1), (0, 0, 1, 1)),
            _TURNS: (whole, whole, whole),
        }[arrangement]
        for widget, place in zip((self._maps, self.ellipse, self.directions), places, strict=True):
            grid.removeWidget(widget)
            grid.addWidget(widget, *place)
        # One cell needs no more than its least height.
        in_row = (0, 1) if single else (4, 7)
        for row, share in enumerate({_ROW: in_row, _BESIDE: (7, 4)}.get(arrangement, (1, 0))):
            grid.setRowStretch(row, share)
        for plot in self.heatmaps():
            # A pill says it already.
            plot.set_titled(single or not alone)
        self.ellipse.set_titled(arrangement != _TURNS)
        self.directions.set_titled(arrangement not in (_TURNS, _PAIR))

    def _catch_up(self) -> None:
        """What comes into sight while the model is moved shows it moved."""
        shown = self.ellipse.shown
        if shown is not None:
            for plot in self.heatmaps():
                plot.follow(shown)


def _turns() -> ViewChoice:
    """What of Σ to show where there is no room for all."""
    return ViewChoice(
        "sigmaTurns",
        "What of Σ to show",
        (
            ("heatmapButton", "Heatmaps", "Show variances, covariances and correlations as heatmaps"),
            ("covarianceKind", "Covariance", "Show Σ as variances and covariances"),
            ("correlationKind", "Correlation", "Show Σ as correlations"),
            ("factorKind", "θ", "Show the relative factor λ that θ makes up: Σ = σ² λ λᵀ"),
            ("ellipseButton", "Ellipse", "Show the distribution of the random effects"),
            ("directionsButton", "Directions", "Show which combinations of effects vary"),
        ),
    )


def _widest(figure: CovarianceFigure, theme: Theme) -> float:
    """Room that the effects' names take beside a heatmap."""
    metrics = QFontMetricsF(text_font(theme))
    return max(metrics.horizontalAdvance(effect_name(e)) for e in figure.effects)
