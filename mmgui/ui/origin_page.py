"""Origin: the zero of a slope variable is moved; ρ, the ellipse, the lines and the criterion follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QVariantAnimation, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QStyle, QVBoxLayout, QWidget

from mmgui.app.analysis import Advance
from mmgui.app.analysis_parts import Part
from mmgui.app.scene import Scene
from mmgui.app.theme import Theme
from mmgui.figures.origin import OriginContent, OriginFigure, moved_origin, origin_sentence, stretched
from mmgui.figures.origin_criterion import QUICK, OriginCriterion, estimated_seconds
from mmgui.figures.origin_fix import origin_fix
from mmgui.ui.origin_controls import OriginControls
from mmgui.ui.origin_pictures import OriginPictures
from mmgui.ui.pill import pill
from mmgui.ui.results_page import ResultsPage, quiet

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved

SECONDS = 0.2
"""How long the zero takes to a mark."""
LOW = 480
"""Below which height, at scale 1, the other pictures take turns beside the lines."""
NARROW = 560
"""Below which width, at scale 1, fewer marks are offered."""


class _Upright(QVBoxLayout):
    """The page is as high as its pane, or as its pictures need at least, whatever its captions would like."""

    def hasHeightForWidth(self) -> bool:
        return False


class OriginPage(ResultsPage):
    """The controls, what they mean in a sentence, and four pictures."""

    key = "origin"
    title = "Origin"
    parts = (Part.ORIGIN,)
    on_demand = (Part.ORIGIN_CRITERION,)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        themes = scene.themes
        self._content: OriginContent | None = None
        self._criteria: tuple[OriginCriterion, ...] = ()
        self._best: OriginFigure | None = None
        self._figure: OriginFigure | None = None
        self._moved: Moved | None = None
        self._origin = 0.0
        self.controls = OriginControls(themes)
        self.controls.origin_chosen.connect(self.move_to)
        self.controls.mark_chosen.connect(self.glide_to)
        self.controls.slope_chosen.connect(self._on_slope)
        self.controls.use_wanted.connect(self._on_use)
        self.controls.turns.chosen.connect(self._on_turn)
        self.words = quiet(name="originWords")
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.empty = _no_zero()
        self.pictures = OriginPictures(scene)
        self.pictures.origin_wanted.connect(self.move_to)
        meaning = "Refit the model with its zero elsewhere"
        self.refit_button = pill("originRefitButton", "Refit at other origins", meaning, checkable=False)
        self.refit_button.clicked.connect(self._on_refit)
        self.refit_button.hide()
        self.pictures.criterion.set_offer(self.refit_button)
        self._glide = QVariantAnimation(self)
        self._glide.valueChanged.connect(self._place)
        self._arrange()
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def _arrange(self) -> None:
        inner = QWidget()
        inner.setProperty("role", "page")
        scroll = _scrolled(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        self._box = _Upright(inner)
        self._box.addWidget(self.controls)
        self._box.addWidget(self.words)
        self._box.addWidget(self.pictures, 1)
        self._box.addWidget(self.empty)
        self.empty.hide()

    @property
    def origin(self) -> float:
        """Where the zero is."""
        return self._origin

    # -- what is known

    def show_part(self, part: Part, figure: object) -> None:
        if part is Part.ORIGIN and isinstance(figure, OriginContent) and figure is not self._content:
            self._content, self._criteria = figure, ()
            self.pictures.set_criterion(None, 0.0)
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
            self.pictures.criterion.say(f"Refitted at {advance.done} of {advance.total} origins …")
        self.refit_button.setVisible(self._waits() and advance is None)

    def show_moved(self, moved: Moved | None) -> None:
        before, self._moved = self._moved, moved
        content = self._content
        if content is None or not content.figures:
            return
        self._follow()
        if moved is None and before is not None and self._best is not None:
            self.pictures.ellipse.back_home(self._best)
        self._place(self._origin)

    def _follow(self) -> None:
        """The lines at the parameters that the hand has put."""
        best = self._best
        if best is not None:
            self._figure = best if self._moved is None else moved_origin(best, self._moved)
            self.pictures.follow(self._figure)

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
        self.pictures.criterion.say(
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
        for widget in (self.controls, self.words, self.pictures):
            widget.setVisible(shown)
        self.empty.setVisible(not shown)
        if content is None:
            return
        if not shown:
            self.empty.setText(content.reason)
            self._figure = self._best = None
            return
        self._glide.stop()
        self._best = best = content.figures[self._index()]
        self.controls.set_figure(best)
        self.pictures.set_data(best)
        self._follow()
        self._place(best.start)
        self._show_criterion()
        self._adapt()

    def _show_criterion(self) -> None:
        if self._criteria and self._index() < len(self._criteria):
            self.pictures.set_criterion(self._criteria[self._index()], self._origin)
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
    def _place(self, origin: float) -> None:
        figure = self._figure
        if figure is None:
            return
        self._origin = origin
        self._widen(origin)
        figure = self._figure or figure
        self.controls.show_origin(origin, usable=origin_fix(figure, origin) is not None)
        self.pictures.show_origin(figure, origin)
        self.words.setText(origin_sentence(figure, origin))

    def _widen(self, origin: float) -> None:
        """Make room in one step where the zero leaves the axis."""
        low, high = self.controls.limits
        if low <= origin <= high:
            return
        room = 0.5 * (high - low)
        limits = (min(low, origin - room), max(high, origin + room))
        self.controls.widen(limits)
        self.pictures.widen(limits)
        if self._best is not None:
            self._best = stretched(self._best, limits)
            self._follow()

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
        narrow = self.width() < theme.px(NARROW)
        self.controls.adapt(low=low, narrow=narrow)
        # The pictures first where not all of the page is in sight.
        place = 2 if low else 1
        if self._box.indexOf(self.words) != place:
            self._box.removeWidget(self.words)
            self._box.insertWidget(place, self.words)
        # As many lines as the longest sentence takes, so that the pictures keep their places.
        self.words.setFixedHeight((3 if narrow else 2) * self.words.fontMetrics().lineSpacing())
        self.pictures.adapt(theme, low=low, turn=turn)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setContentsMargins(theme.air(18), theme.air(12), theme.air(18), theme.air(12))
        self._box.setSpacing(theme.air(6))
        self.empty.setContentsMargins(theme.px(40), 0, theme.px(40), 0)
        self._adapt()


def _no_zero() -> QLabel:
    """What stands where there is nothing to move."""
    label = quiet(name="originEmpty")
    label.setProperty("role", "lead")
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label


def _scrolled(inner: QWidget) -> QScrollArea:
    """Up and down alone, without a frame."""
    scroll = QScrollArea()
    scroll.setObjectName("originScroll")
    scroll.setAccessibleName("The zero and what follows from it")
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidgetResizable(True)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(inner)
    return scroll
