"""Origin: the zero of a slope variable is moved; ρ, the ellipse, the lines and the criterion follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QVariantAnimation, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QStyle, QVBoxLayout, QWidget

from mmgui.app.analysis import Advance
from mmgui.app.analysis_parts import Part
from mmgui.app.scene import Scene
from mmgui.app.theme import Theme
from mmgui.figures.origin import OriginContent, OriginFigure, moved_origin, origin_sentence
from mmgui.figures.origin_criterion import QUICK, OriginCriterion, estimated_seconds
from mmgui.figures.origin_fix import origin_fix
from mmgui.plots.origin_curves import OriginCorrelationPlot, OriginCriterionPlot
from mmgui.plots.origin_ellipse import OriginEllipsePlot
from mmgui.plots.origin_plot import OriginPlot
from mmgui.ui.origin_controls import OriginControls
from mmgui.ui.results_page import ResultsPage, quiet

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved

SECONDS = 0.2
"""How long the zero takes to a mark."""
LOW = 430
"""Below which height, at scale 1, the other pictures take turns beside the lines."""
NARROW = 560
"""Below which width, at scale 1, fewer marks are offered."""


class OriginPage(ResultsPage):
    """Four pictures of one zero: lines and ellipse above, ρ and criterion below."""

    key = "origin"
    title = "Origin"
    parts = (Part.ORIGIN,)
    on_demand = (Part.ORIGIN_CRITERION,)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        themes, selection = scene.themes, scene.selection
        self._content: OriginContent | None = None
        self._criteria: tuple[OriginCriterion, ...] = ()
        self._figure: OriginFigure | None = None
        self._moved: Moved | None = None
        self._origin = 0.0
        self._asked = False
        self.controls = OriginControls(themes)
        self.controls.origin_chosen.connect(self.move_to)
        self.controls.mark_chosen.connect(self.glide_to)
        self.controls.slope_chosen.connect(self._on_slope)
        self.controls.use_wanted.connect(self._on_use)
        self.controls.turns.turned.connect(self._on_turn)
        self.words = quiet(name="originWords")
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.empty = quiet(name="originEmpty")
        self.fan = OriginPlot(themes, selection)
        self.ellipse = OriginEllipsePlot(themes, selection)
        self.correlation = OriginCorrelationPlot(themes, selection)
        self.criterion = OriginCriterionPlot(themes, selection)
        for plot in (self.fan, self.correlation, self.criterion):
            plot.origin_wanted.connect(self.move_to)
        self.refit_button = QPushButton("Refit at other origins")
        self.refit_button.setObjectName("originRefitButton")
        self.refit_button.setAccessibleName("Refit the model with its zero elsewhere")
        self.refit_button.setProperty("role", "pill")
        self.refit_button.clicked.connect(self._on_refit)
        self.refit_button.hide()
        self.criterion.set_corner(self.refit_button)
        self._glide = QVariantAnimation(self)
        self._glide.valueChanged.connect(self._on_glide)
        self._arrange()
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def _arrange(self) -> None:
        self._pictures = QWidget()
        self._grid = QGridLayout(self._pictures)
        self._grid.setContentsMargins(0, 0, 0, 0)
        for k, plot in enumerate((self.fan, self.ellipse, self.correlation, self.criterion)):
            self._grid.addWidget(plot, *divmod(k, 2))
        self._grid.setColumnStretch(0, 3)
        self._grid.setColumnStretch(1, 2)
        self._grid.setRowStretch(0, 8)
        self._grid.setRowStretch(1, 5)
        self._box = QVBoxLayout(self)
        self._box.addWidget(self.controls)
        self._box.addWidget(self.words)
        self._box.addWidget(self._pictures, 1)
        self._box.addWidget(self.empty)
        self.empty.hide()

    @property
    def origin(self) -> float:
        """Where the zero is."""
        return self._origin

    # -- what is known

    def show_part(self, part: Part, figure: object) -> None:
        if part is Part.ORIGIN and isinstance(figure, OriginContent) and figure is not self._content:
            self._content, self._criteria, self._asked = figure, (), False
            self.criterion.set_data(None)
            self.controls.set_slopes(tuple(f.name for f in figure.figures))
            self._show_slope(self.controls.index)
            self._ask()
        elif part is Part.ORIGIN_CRITERION and isinstance(figure, tuple) and figure is not self._criteria:
            self._criteria = figure
            self._show_criterion()

    def show_advance(self, part: Part, advance: Advance | None) -> None:
        if part is not Part.ORIGIN_CRITERION:
            return
        if advance is not None and advance.total:
            self.criterion.say(f"Refitted at {advance.done} of {advance.total} origins …")
        self.refit_button.setVisible(self._waits() and advance is None)

    def show_moved(self, moved: Moved | None) -> None:
        self._moved = moved
        content = self._content
        if content is None or not content.figures:
            return
        best = content.figures[self._index()]
        self._figure = best if moved is None else moved_origin(best, moved)
        self.fan.follow(self._figure)
        self.correlation.follow(self._figure)
        self._place(self._origin)

    def complete(self) -> None:
        if self._content is not None and self._content.figures and not self._criteria:
            self.part_wanted.emit(Part.ORIGIN_CRITERION, False)

    def _waits(self) -> bool:
        """Whether refits would take so long that the person is asked first."""
        content = self._content
        return (
            content is not None
            and not self._criteria
            and estimated_seconds(len(content.figures), content.seconds) > QUICK
        )

    def _ask(self) -> None:
        """Refit at once where that is a matter of seconds."""
        content = self._content
        if content is None or not content.figures:
            return
        if not self._waits():
            self.part_wanted.emit(Part.ORIGIN_CRITERION, False)
            return
        seconds = estimated_seconds(len(content.figures), content.seconds)
        words = f"{seconds:.0f} seconds" if seconds < 90 else f"{seconds / 60:.0f} minutes"
        self.criterion.say(
            f"How well the model fits with its zero elsewhere takes about {words} to work out."
        )
        self.refit_button.show()

    # -- one slope

    def _index(self) -> int:
        count = 0 if self._content is None else len(self._content.figures)
        return min(self.controls.index, count - 1)

    def _show_slope(self, _index: int) -> None:
        content = self._content
        shown = content is not None and bool(content.figures)
        for widget in (self.controls, self.words, self._pictures):
            widget.setVisible(shown)
        self.empty.setVisible(not shown)
        if content is None:
            return
        if not shown:
            self.empty.setText(content.reason)
            self._figure = None
            return
        self._glide.stop()
        best = content.figures[self._index()]
        self._figure = best if self._moved is None else moved_origin(best, self._moved)
        self.controls.set_figure(best)
        self.fan.set_data(best)
        self.ellipse.set_data(best)
        self.correlation.set_data(best)
        self._place(0.0)
        self._show_criterion()
        self._adapt()

    def _show_criterion(self) -> None:
        if self._criteria and self._index() < len(self._criteria):
            self.criterion.set_data(self._criteria[self._index()])
            self.criterion.show_origin(self._origin)
            self.refit_button.hide()

    # -- the zero moves

    @Slot(float)
    def move_to(self, origin: float) -> None:
        """Put the zero there at once; every picture follows."""
        self._glide.stop()
        self._place(origin)

    @Slot(float)
    def glide_to(self, origin: float) -> None:
        """Take the zero there in a moment, or at once where the system wants no motion."""
        self._glide.stop()
        if not self.isVisible() or not self.style().styleHint(QStyle.StyleHint.SH_Widget_Animate):
            self._place(origin)
            return
        self._glide.setDuration(round(1000 * SECONDS))
        self._glide.setStartValue(self._origin)
        self._glide.setEndValue(float(origin))
        self._glide.start()

    @Slot(object)
    def _on_glide(self, value: float) -> None:
        self._place(float(value))

    def _place(self, origin: float) -> None:
        figure = self._figure
        if figure is None:
            return
        self._origin = origin
        self._widen(origin)
        self.controls.show_origin(origin, usable=origin_fix(figure, origin) is not None)
        self.fan.show_origin(origin)
        self.ellipse.follow(figure, origin)
        self.correlation.show_origin(origin)
        self.criterion.show_origin(origin)
        self.words.setText(origin_sentence(figure, origin))

    def _widen(self, origin: float) -> None:
        """Make room in one step where the zero leaves the axis."""
        low, high = self.controls.limits
        if low <= origin <= high:
            return
        room = 0.5 * (high - low)
        limits = (min(low, origin - room), max(high, origin + room))
        self.controls.widen(limits)
        for plot in (self.fan, self.correlation, self.criterion):
            plot.widen(limits)

    @Slot(int)
    def _on_slope(self, index: int) -> None:
        self._show_slope(index)

    @Slot(int)
    def _on_turn(self, _index: int) -> None:
        self._adapt()

    @Slot()
    def _on_use(self) -> None:
        fix = None if self._figure is None else origin_fix(self._figure, self._origin)
        if fix is not None:
            self.both_wanted.emit(fix)

    @Slot()
    def _on_refit(self) -> None:
        self.part_wanted.emit(Part.ORIGIN_CRITERION, True)

    def hideEvent(self, event: object) -> None:
        self._glide.stop()
        super().hideEvent(event)  # type: ignore[arg-type]

    # -- look

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._adapt()

    def _adapt(self) -> None:
        """In a low pane one picture at a time stands beside the lines."""
        theme = self.themes.theme
        low, turn = self.height() < theme.px(LOW), self.controls.turns.index
        self.controls.adapt(low=low, narrow=self.width() < theme.px(NARROW))
        for k, plot in enumerate((self.ellipse, self.correlation, self.criterion)):
            plot.setVisible(not low or k == turn)
            place = (0, 1) if low or k == 0 else (1, k - 1)
            if self._grid.getItemPosition(self._grid.indexOf(plot))[:2] != place:
                self._grid.addWidget(plot, *place)
        self._grid.setRowStretch(1, 0 if low else 5)
        # Two lines always, so that the pictures keep their places whatever the sentence is.
        self.words.setFixedHeight(2 * self.words.fontMetrics().lineSpacing())

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setContentsMargins(theme.px(18), theme.px(12), theme.px(18), theme.px(12))
        self._box.setSpacing(theme.px(6))
        self._grid.setHorizontalSpacing(theme.px(20))
        self._grid.setVerticalSpacing(theme.px(8))
        self._adapt()
