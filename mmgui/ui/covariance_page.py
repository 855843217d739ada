"""Covariance: Σ of a term and its directions; the matrices of the model; the variance as a curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from mmgui.app.analysis_parts import Part
from mmgui.app.scene import Scene
from mmgui.app.theme import Theme
from mmgui.figures.covariance import CovarianceFigure, moved_covariance
from mmgui.figures.variance_curve import VarianceCurveFigure, moved_variance_curve
from mmgui.page_views import PAGE_VIEWS
from mmgui.ui.covariance_curve import VarianceCurveView
from mmgui.ui.covariance_sigma import SigmaView
from mmgui.ui.matrices_controls import PICTURES
from mmgui.ui.matrices_view import MatricesView
from mmgui.ui.page_head import PageHead
from mmgui.ui.results_page import ResultsPage
from mmgui.ui.term_chooser import TermChooser, term_names
from mmgui.ui.view_choice import ViewChoice

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved

SIGMA, MATRICES, CURVE = range(3)
LOW = 400
"""Height, at scale 1, below which the choices take one line."""


class CovariancePage(ResultsPage):
    """Three views, of which only the one in sight is worked out and follows the hand."""

    key = "covariance"
    vacant = "This model has no random effects, so nothing varies between groups."
    title = "Covariance"
    parts: tuple[Part, ...] = (Part.COVARIANCE,)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._figures: tuple[CovarianceFigure, ...] = ()
        self._curve: VarianceCurveFigure | None = None
        self._moved: Moved | None = None
        self.view_choice = ViewChoice(
            "covarianceViews",
            "View of the covariance",
            (
                ("sigmaViewButton", "Σ", "Show Σ of a term: how much its effects vary, and together"),
                ("matricesViewButton", "Matrices", "Show X, Z, Λ and V, and how V is built"),
                ("varianceViewButton", "Variance against x", "Show the variance along a predictor"),
            ),
        )
        self.view_choice.chosen.connect(self._on_view)
        self.chooser = TermChooser(scene.themes)
        self.chooser.chosen.connect(self._on_chosen)
        self.sigma = SigmaView(scene)
        self.matrices = MatricesView(scene)
        self.matrices.choice_changed.connect(self.choice_changed)
        self.matrices.controls.pictures.chosen.connect(self._on_picture)
        self.curve = VarianceCurveView(scene)
        self._stack = QStackedWidget()
        for view in (self.sigma, self.matrices, self.curve):
            self._stack.addWidget(view)
        self._head = PageHead(self.view_choice, self.chooser, self.sigma.turns, self.curve.choices)
        self._box = QVBoxLayout(self)
        self._box.addWidget(self._head)
        self._box.addWidget(self._stack, 1)
        self.chooser.hide()
        self.curve.choices.hide()
        scene.themes.theme_changed.connect(self._on_theme)
        self._on_theme(scene.themes.theme)

    # -- views, of which the matrices are several

    def views(self) -> tuple[tuple[str, str], ...]:
        sigma, matrices, curve = (self.view_choice.words(k) for k in (SIGMA, MATRICES, CURVE))
        pictures = [f"{matrices}: {title}" for _, _, title, _ in PICTURES]
        return tuple(zip(PAGE_VIEWS[self.key], (sigma, *pictures, curve), strict=True))

    def view(self) -> str:
        keys = PAGE_VIEWS[self.key]
        match self.view_choice.index:
            case 0:
                return keys[0]
            case 1:
                return keys[1 + self.matrices.controls.pictures.index]
            case _:
                return keys[-1]

    def show_view(self, key: str) -> None:
        keys = PAGE_VIEWS[self.key]
        if key not in keys:
            return
        at = keys.index(key)
        view = SIGMA if at == 0 else CURVE if at == len(keys) - 1 else MATRICES
        if view == MATRICES:
            self.matrices.controls.pictures.choose(at - 1)
        self.view_choice.choose(view)

    @Slot()
    def _on_picture(self) -> None:
        self.view_changed.emit(self.view())

    # -- what is shown

    def choice(self, part: Part) -> tuple[str, ...]:
        return self.matrices.choice(part) if part in self.matrices.parts else ()

    def show_part(self, part: Part, figure: object) -> None:
        if part is Part.COVARIANCE and isinstance(figure, tuple):
            if figure is not self._figures:
                self._figures = figure
                self.chooser.set_terms(
                    term_names(tuple(f.grouping for f in figure), tuple(f.effects for f in figure))
                )
                self._show_term()
            self._show_chooser()
        elif part is Part.VARIANCE_CURVE and isinstance(figure, VarianceCurveFigure):
            if figure is not self._curve:
                self._curve = figure
                self.curve.show_figure(figure)
        elif part in self.matrices.parts:
            self.matrices.show_part(part, figure)

    def show_moved(self, moved: Moved | None) -> None:
        self._moved = moved
        view = self.view_choice.index
        if view == SIGMA:
            figure = self._figure()
            if figure is not None:
                self.sigma.follow(None if moved is None else moved_covariance(figure, moved))
        elif view == MATRICES:
            self.matrices.show_moved(moved)
        elif self._curve is not None:
            self.curve.follow(None if moved is None else moved_variance_curve(self._curve, moved))

    def _figure(self) -> CovarianceFigure | None:
        """The term chosen."""
        index = min(self.chooser.index, len(self._figures) - 1)
        return self._figures[index] if index >= 0 else None

    def _show_term(self) -> None:
        figure = self._figure()
        if figure is not None:
            self.sigma.show_figure(figure)

    # -- choices

    @Slot(int)
    def _on_chosen(self, _index: int) -> None:
        self._show_term()
        self.show_moved(self._moved)

    @Slot(int)
    def _on_view(self, view: int) -> None:
        self._stack.setCurrentIndex(view)
        of_view = {SIGMA: (Part.COVARIANCE,), MATRICES: self.matrices.parts, CURVE: (Part.VARIANCE_CURVE,)}
        self.parts = of_view[view]
        self._show_chooser()
        self.show_moved(self._moved)
        # What the view shows is asked for once it is in sight.
        self.choice_changed.emit()
        self.view_changed.emit(self.view())

    def _show_chooser(self) -> None:
        self.chooser.setVisible(self.view_choice.index == SIGMA and len(self._figures) > 1)
        self.sigma.set_offering(self.view_choice.index == SIGMA)
        self.curve.choices.setVisible(self.view_choice.index == CURVE)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._head.dress(theme)
        self._adapt()
        self._box.setContentsMargins(theme.air(18), theme.air(14), theme.air(18), theme.air(16))
        self._box.setSpacing(theme.air(12))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._adapt()

    def _adapt(self) -> None:
        self._head.set_low(self.height() < self.themes.theme.px(LOW))
