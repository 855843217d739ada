"""The matrices of the model as linked pictures: X, Z, Λ, ZΛ, V, and how V is built."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mmgui.app.analysis_parts import Part
from mmgui.app.scene import Scene
from mmgui.app.selection import Selection
from mmgui.app.theme import Theme
from mmgui.figures.marginal_rows import MOST_ROWS, PICKED, ROWS, RowOffer
from mmgui.figures.marginal_words import RESIDUAL, Words, plain
from mmgui.figures.matrices import MatricesFigure, moved_matrices
from mmgui.plots.matrix_layout import SUM
from mmgui.plots.matrix_plot import MatrixPlot
from mmgui.ui.matrices_controls import MatricesControls

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved

HINT = "Point at an entry of V to see why two rows vary together, at a column of Z to see what it builds."
PICKED_TEXT = "Picked groups"
LOW = 260
"""Height, at scale 1, below which the pictures take the room of the words."""


class MatricesView(QWidget):
    """Pictures of the matrices on chosen rows, with what the pointer is on in words below."""

    choice_changed = Signal()
    parts: tuple[Part, ...] = (Part.MATRICES,)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.scene = scene
        self.setObjectName("matricesView")
        self.setAccessibleName("Matrices")
        self._figure: MatricesFigure | None = None
        self._choice: tuple[str, ...] = ()
        self._offers: tuple[RowOffer, ...] = ()
        self._words: Words = ()
        self._from_picked = False
        self.controls = MatricesControls()
        self.plot = MatrixPlot(scene.themes, scene.selection, scene.emphasis)
        self.plot.set_shown(SUM)
        self.words = QLabel()
        self.words.setObjectName("matrixWords")
        self.words.setAccessibleName("What the pointer is on")
        self.words.setWordWrap(True)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(self.controls)
        self._box.addWidget(self.plot, 1)
        self._box.addWidget(self.words)
        self.controls.picture_chosen.connect(self.plot.set_shown)
        self.controls.correlation_chosen.connect(self.plot.set_correlation)
        self.controls.rows_chosen.connect(self._on_rows)
        self.plot.pointed.connect(self._on_pointed)
        scene.selection.selection_changed.connect(self._on_selection)
        scene.themes.theme_changed.connect(self._on_theme)
        self._on_theme(scene.themes.theme)

    def choice(self, part: Part) -> tuple[str, ...]:
        """Which rows are chosen."""
        return self._choice if part is Part.MATRICES else ()

    def show_part(self, part: Part, figure: object) -> None:
        """Show the matrices of a fit."""
        if part is not Part.MATRICES or not isinstance(figure, MatricesFigure):
            return
        if figure is not self._figure:
            self._figure = figure
            self.plot.set_data(figure)
        self._offer()

    def show_moved(self, moved: Moved | None) -> None:
        """Follow the hand that moves the covariance parameters; None: show the best fit again."""
        if self._figure is None:
            return
        if moved is None:
            if self.plot.figure is not self._figure:
                self.plot.follow(self._figure)
        elif len(moved.fit.terms) == len(self._figure.rows.terms):
            self.plot.follow(moved_matrices(self._figure, moved))

    # -- rows

    def _offer(self) -> None:
        """What can be chosen: what the model allows, and the picked groups where there are some."""
        figure = self._figure
        if figure is None:
            return
        offers = list(figure.rows.choice.offers)
        picked = self._picked()
        if self._from_picked or picked:
            offers.append(RowOffer(self._choice if self._from_picked else picked, PICKED_TEXT))
        self._offers = tuple(offers)
        taken = figure.rows.choice.taken
        chosen = next((k for k, o in enumerate(offers) if o.choice == taken), 0)
        self.controls.offer(self._offers, len(offers) - 1 if self._from_picked else chosen)

    def _picked(self) -> tuple[str, ...]:
        selection = self.scene.selection.selection
        if selection.rows:
            return (ROWS, *(str(row) for row in selection.rows[:MOST_ROWS]))
        if selection.groups:
            return (PICKED, *(name for pair in sorted(selection.groups) for name in pair))
        return ()

    @Slot(int)
    def _on_rows(self, index: int) -> None:
        self._from_picked = self._offers[index].text == PICKED_TEXT
        self._choose(self._picked() if self._from_picked else self._offers[index].choice)

    def _choose(self, choice: tuple[str, ...]) -> None:
        if choice != self._choice:
            self._choice = choice
            self.choice_changed.emit()

    @Slot(object)
    def _on_selection(self, _selection: Selection) -> None:
        picked = self._picked()
        # A pick in these pictures must not take the other rows from under the pointer.
        if self._from_picked and picked and not self.plot.picking:
            self._choose(picked)
        self._offer()

    # -- words

    @Slot(object)
    def _on_pointed(self, words: Words) -> None:
        self._words = words
        theme = self.scene.themes.theme
        if not words:
            self.words.setText(f'<span style="color:{theme.muted}">{HINT}</span>')
            return
        pieces = []
        for word in words:
            text = html.escape(word.text)
            if word.term is None:
                pieces.append(text)
            else:
                hue = theme.muted if word.term == RESIDUAL else theme.term_color(word.term)
                pieces.append(f'<span style="color:{hue}; font-weight:600">{text}</span>')
        self.words.setText("".join(pieces))

    @property
    def said(self) -> str:
        """What is said of the entry under the pointer."""
        return plain(self._words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._adapt()

    def _adapt(self) -> None:
        """In a low pane the pictures need the room: what is said is a tooltip there."""
        low = self.height() < self.scene.themes.theme.px(LOW)
        self.words.setVisible(not low)
        self.plot.set_low(low)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setSpacing(theme.air(8))
        self.controls.dress(theme)
        # Two lines are kept free, so that the pictures stay where they are.
        self.words.setMinimumHeight(theme.px(13 * 1.35 * 2))
        self._on_pointed(self._words)
        self._adapt()
