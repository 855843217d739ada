"""Pictures that follow the handle beside the landscape: groups, shrinkage, Σ, variance components."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.analysis_parts import Part, ShrinkageContent
from mmgui.app.plain_tip import plain_tip
from mmgui.app.scene import Scene
from mmgui.app.theme import Theme
from mmgui.figures.covariance import CovarianceFigure, moved_covariance
from mmgui.figures.groups import GroupsFigure, moved_groups
from mmgui.figures.shrinkage import ShrinkageFigure
from mmgui.figures.shrinkage_moved import moved_shrinkage, moved_variance
from mmgui.figures.variance import VarianceFigure
from mmgui.plots.covariance_heatmap import CovarianceHeatmap
from mmgui.plots.ellipse_plot import EllipsePlot
from mmgui.plots.groups_overlay import GroupsOverlay
from mmgui.plots.plot import Plot
from mmgui.plots.shrinkage_plot import ShrinkagePlot
from mmgui.plots.variance_bars import VarianceBars
from mmgui.ui.flow_layout import FlowLayout
from mmgui.ui.picture_frame import PictureFrame

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved

Figure = GroupsFigure | ShrinkageFigure | VarianceFigure | CovarianceFigure
SHRINKAGE, GROUPS, SIGMA, VARIANCE = "shrinkage", "groups", "sigma", "variance"
CHIPS = ((SHRINKAGE, "Shrinkage"), (GROUPS, "Groups"), (SIGMA, "Σ"), (VARIANCE, "Variance"))
WANTED = (SHRINKAGE, GROUPS)
PLANE = 2
"""Effects that a small picture of shrinkage has room for."""


class Companions(QWidget):
    """As many of the pictures that the person wants as there is room for; only those are fed."""

    changed = Signal()
    plot_made = Signal(object)
    """A picture that was wanted for the first time."""

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("landscapeCompanions")
        self.setAccessibleName("Pictures that follow")
        self._scene = scene
        self._content: ShrinkageContent | None = None
        self._groups: tuple[GroupsFigure, ...] = ()
        self._moved: Moved | None = None
        self._term, self._effects = 0, tuple[int, ...]()
        self._plane: tuple[ShrinkageFigure, ShrinkageFigure] | None = None
        """The shrinkage of the term, whole and of the effects shown."""
        self._fed: dict[str, tuple[Figure, bool]] = {}
        """The figure each picture was given, and whether it shows the model moved."""
        self._room = len(WANTED)
        self._beside, self._terse = True, False
        self._plots: dict[str, Any] = {}
        self._frames: dict[str, PictureFrame] = {}
        self._titled: dict[str, bool] = {}
        self.chips: dict[str, QPushButton] = {}
        self._row = FlowLayout()
        for key, words in CHIPS:
            chip = QPushButton(words)
            chip.setObjectName(f"{key}Chip")
            chip.setAccessibleName(f"{words} follows")
            chip.setProperty("role", "pill")
            chip.setCheckable(True)
            chip.setChecked(key in WANTED)
            chip.clicked.connect(self._on_chip)
            self.chips[key] = chip
            self._row.addWidget(chip)
        self._pictures = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addLayout(self._row)
        self._box.addLayout(self._pictures, 1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    # -- what is shown

    def set_room(self, pictures: int, *, beside: bool) -> None:
        """For how many pictures there is room, one below the other or side by side."""
        self._pictures.setDirection(
            QBoxLayout.Direction.TopToBottom if beside else QBoxLayout.Direction.LeftToRight
        )
        if (pictures, beside) != (self._room, self._beside):
            self._room, self._beside = pictures, beside
            self._show_chosen()

    def set_terse(self, terse: bool) -> None:
        """Whether the pictures have the room of their legends."""
        self._terse = terse
        for plot in self._plots.values():
            plot.set_terse(terse)

    def shown(self) -> tuple[str, ...]:
        """The pictures in sight."""
        out: list[str] = []
        room = self._room
        for key, _ in CHIPS:
            if self.chips[key].isChecked() and self._has(key) and room > 0:
                out.append(key)
                room -= 1
        return tuple(out)

    def _has(self, key: str) -> bool:
        if key == GROUPS:
            return bool(self._groups)
        return self._content is not None and self._term < len(self._content.shrinkage)

    def show_part(self, part: Part, figure: object) -> None:
        """Take what the pictures show of the fit."""
        if part is Part.SHRINKAGE and isinstance(figure, ShrinkageContent) and figure is not self._content:
            self._content = figure
        elif part is Part.GROUPS and isinstance(figure, tuple) and figure is not self._groups:
            self._groups = figure
        else:
            return
        self._show_chosen()

    def show_term(self, term: int, effects: tuple[int, ...]) -> None:
        """Show the random-effects term, and of more than two effects those, that the axes are of."""
        if (term, effects) != (self._term, self._effects):
            self._term, self._effects = term, effects
            self._plane = None
            self._show_chosen()

    def show_moved(self, moved: Moved | None) -> None:
        """Follow the hand."""
        self._moved = moved
        for key in self.shown():
            self._feed(key)

    @Slot()
    def _on_chip(self) -> None:
        chip = self.sender()
        keys = [key for key, _ in CHIPS if self.chips[key].isChecked()]
        if isinstance(chip, QPushButton) and chip.isChecked() and len(keys) > self._room and len(keys) > 1:
            # The picture just asked for takes the place of another.
            other = next(k for k in reversed(keys) if self.chips[k] is not chip)
            self.chips[other].setChecked(False)
        self._show_chosen()
        self.changed.emit()

    def _show_chosen(self) -> None:
        shown = self.shown()
        for key in shown:
            if key not in self._plots:
                self._add(key)
            self._feed(key)
            # The chip above a single picture says what it is.
            titled = self._beside or len(shown) > 1
            if titled != self._titled.get(key, True):
                self._titled[key] = titled
                self._plots[key].set_titled(titled)
        for key, frame in self._frames.items():
            frame.setVisible(key in shown)
        for key, chip in self.chips.items():
            chip.setEnabled(self._has(key))
            chip.setToolTip(plain_tip(f"Show {chip.text()} beside the landscape"))

    def _add(self, key: str) -> None:
        kinds: dict[str, Callable[..., Plot]] = {
            SHRINKAGE: ShrinkagePlot,
            GROUPS: GroupsOverlay,
            SIGMA: self._sigma_plot(),
            VARIANCE: VarianceBars,
        }
        plot = kinds[key](self._scene.themes, self._scene.selection)
        plot.setObjectName(f"{key}Companion")
        plot.set_terse(self._terse)
        self._plots[key], self._frames[key] = plot, PictureFrame(plot)
        order = [k for k, _ in CHIPS if k in self._plots]
        self._pictures.insertWidget(order.index(key), self._frames[key], 1)
        self.plot_made.emit(plot)

    def _sigma_plot(self) -> Callable[..., Plot]:
        """Two effects have an ellipse; any other number a matrix."""
        effects = 0 if self._content is None else len(self._content.covariance[self._term].effects)
        return EllipsePlot if effects == 2 else CovarianceHeatmap

    # -- feeding

    def _feed(self, key: str) -> None:
        """Let a picture follow; it takes a figure only where that is another, which costs far more."""
        figure, moved = self._figure_of(key), self._moved
        if figure is None:
            return
        plot = self._plots[key]
        if isinstance(figure, CovarianceFigure) and (
            (len(figure.effects) == 2) != isinstance(plot, EllipsePlot)
        ):
            plot = self._replace(key)
        known, away = self._fed.get(key, (None, False))
        if figure is not known or (moved is None and away):
            plot.set_data(figure)
        self._fed[key] = (figure, moved is not None)
        if moved is None:
            return
        if isinstance(figure, ShrinkageFigure) and self._plane is not None:
            whole = self._plane[0]
            shown = tuple(whole.effects.index(e) for e in figure.effects)
            plot.show_moved(moved_shrinkage(whole, moved).with_effects(shown))
        else:
            _follow(plot, figure, moved)

    def _figure_of(self, key: str) -> Figure | None:
        """The best fit's figure that a picture shows."""
        if key == GROUPS:
            return self._groups_figure()
        content = self._content
        if content is None:
            return None
        term = min(self._term, len(content.shrinkage) - 1)
        if key == SHRINKAGE:
            return self._plane_of(content.shrinkage[term])
        return content.variance if key == VARIANCE else content.covariance[term]

    def _plane_of(self, whole: ShrinkageFigure) -> ShrinkageFigure:
        """Of a term with several effects the pair that the axes are of, or else the first ones."""
        if self._plane is None or self._plane[0] is not whole:
            size = len(whole.effects)
            wanted = [k for k in dict.fromkeys((*self._effects, *range(size))) if k < size][:PLANE]
            self._plane = (whole, whole.with_effects(tuple(sorted(wanted))))
        return self._plane[1]

    def _replace(self, key: str) -> Any:
        """Another kind of picture in the same place."""
        frame = self._frames.pop(key)
        self._pictures.removeWidget(frame)
        frame.hide()
        frame.deleteLater()
        del self._plots[key]
        self._titled.pop(key, None)
        self._fed.pop(key, None)
        self._add(key)
        return self._plots[key]

    def _groups_figure(self) -> GroupsFigure:
        content = self._content
        grouping = ""
        if content is not None and self._term < len(content.shrinkage):
            grouping = content.shrinkage[self._term].grouping
        return next((f for f in self._groups if f.grouping == grouping), self._groups[0])

    def apply_theme(self, theme: Theme) -> None:
        """Spaces at the theme's scale."""
        self._box.setSpacing(theme.air(6))
        self._row.setSpacing(theme.air(6))
        self._pictures.setSpacing(theme.air(12))


def _follow(plot: Any, figure: Figure, moved: Moved) -> None:
    """Show the model moved in the picture of a figure."""
    match figure:
        case GroupsFigure():
            plot.show_moved(moved_groups(figure, moved))
        case VarianceFigure():
            plot.show_moved(moved_variance(figure, moved))
        case CovarianceFigure():
            plot.follow(moved_covariance(figure, moved))
