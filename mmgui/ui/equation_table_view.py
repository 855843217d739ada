"""The table of formula, equation and words: one row for each piece, lit up together with the equation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from mmgui.app.emphasis import Emphasis, EmphasisModel
from mmgui.app.equation_typesetter import Typesetter
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.equation_parts import NOTHING, About
from mmgui.figures.equation_table import EquationRow
from mmgui.ui.equation_view import EquationView
from mmgui.ui.results_page import empty_box

HEADS = ("Formula", "Equation", "In words")


class EquationTable(QWidget):
    """A grid of rows; the pointer on a row's formula lights up its pieces everywhere.

    Parameters
    ----------
    name
        The object's name.
    themes, emphasis, typesetter
        As for an ``EquationView``.
    """

    def __init__(
        self,
        name: str,
        themes: ThemeModel,
        emphasis: EmphasisModel,
        typesetter: Typesetter,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName("Formula, equation and words")
        self._themes = themes
        self._emphasis = emphasis
        self._typesetter = typesetter
        self._rows: tuple[EquationRow, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        themes.theme_changed.connect(self._on_theme)

    @property
    def rows(self) -> tuple[EquationRow, ...]:
        """What is shown."""
        return self._rows

    def set_data(self, rows: Sequence[EquationRow]) -> None:
        """Show these rows."""
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        self._fill()

    def _fill(self) -> None:
        empty_box(self._grid)
        theme = self._themes.theme
        self._grid.setHorizontalSpacing(theme.px(18))
        self._grid.setVerticalSpacing(theme.px(5))
        for column, stretch in enumerate((4, 6, 6)):
            self._grid.setColumnStretch(column, stretch)
            self._grid.addWidget(_words(HEADS[column], "muted"), 0, column)
        for number, row in enumerate(self._rows):
            self._add(number, row, theme)

    def _add(self, number: int, row: EquationRow, theme: Theme) -> None:
        at = 2 * number + 2
        rule = QFrame()
        rule.setProperty("role", "rule")
        rule.setFixedHeight(1)
        self._grid.addWidget(rule, at - 1, 0, 1, len(HEADS))
        formula = _Formula(row, theme)
        formula.setObjectName(f"formulaPiece{number}")
        formula.hovered.connect(self._on_hovered)
        self._grid.addWidget(formula, at, 0, Qt.AlignmentFlag.AlignVCenter)
        equation = EquationView(self._themes, self._emphasis, self._typesetter, self)
        equation.setObjectName(f"equationPiece{number}")
        equation.set_size(15)
        # Level with the words beside it, whose letters stand lower in their line.
        equation.setContentsMargins(0, theme.px(4), 0, 0)
        equation.set_data(row.equation)
        self._grid.addWidget(equation, at, 1, Qt.AlignmentFlag.AlignVCenter)
        words = _words(row.words[:1].upper() + row.words[1:])
        words.setObjectName(f"equationWords{number}")
        self._grid.addWidget(words, at, 2, Qt.AlignmentFlag.AlignVCenter)

    def _on_hovered(self, about: About) -> None:
        self._emphasis.emphasise(Emphasis(about.fixed, about.random, about.effects, about.columns))

    def _on_theme(self, _theme: Theme) -> None:
        if self._rows:
            self._fill()


class _Formula(QLabel):
    """A piece of the formula in its term's colour."""

    hovered = Signal(object)

    def __init__(self, row: EquationRow, theme: Theme) -> None:
        super().__init__()
        self._about = row.about
        self.setProperty("role", "formula")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setMinimumWidth(1)
        color = theme.text if row.term is None else theme.term_color(row.term)
        weight = 400 if row.term is None else 600
        text = f"<span style='color:{color}; font-weight:{weight}'>{_together(row.formula)}</span>"
        if not row.formula:
            text = f"<span style='color:{theme.muted}'>always there</span>"
        if row.same:
            text += f"<br><span style='color:{theme.muted}'>= {_together(row.same)}</span>"
        self.setText(text)
        self.setAccessibleName(row.formula or "The residual, in every model")

    def enterEvent(self, event: QEnterEvent) -> None:
        self.hovered.emit(self._about)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(NOTHING)
        super().leaveEvent(event)


def _together(formula: str) -> str:
    """The formula as HTML that breaks between its terms alone."""
    return re.sub(r"\([^()]*\)", lambda m: m.group().replace(" ", "\u00a0"), escape(formula))


def _words(text: str, role: str = "") -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setMinimumWidth(1)
    if role:
        label.setProperty("role", role)
    return label
