"""One model of the comparison: formula, components, shrinkage, covariance, on scales shared by all."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout

from mmgui.app.formula_difference import Run
from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.compare import CompareColumn
from mmgui.figures.numbers import count, decimal
from mmgui.plots.covariance_heatmap import CovarianceHeatmap
from mmgui.plots.shrinkage_plot import ShrinkagePlot
from mmgui.plots.variance_bars import VarianceBars


class CompareColumnView(QFrame):
    """A column. ``letter`` is what the tables call the model."""

    def __init__(
        self,
        letter: str,
        column: CompareColumn,
        runs: tuple[Run, ...],
        themes: ThemeModel,
        selection: SelectionModel,
    ) -> None:
        super().__init__()
        self.setObjectName(f"compareColumn{letter}")
        self.setAccessibleName(f"Model {letter}: {column.formula}")
        self.setProperty("role", "pane")
        self.column = column
        self._runs = runs
        self._letter = letter
        self._head = QLabel()
        self._head.setProperty("role", "formula")
        self._head.setTextFormat(Qt.TextFormat.RichText)
        self._head.setWordWrap(True)
        self._head.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._head.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._facts = QLabel()
        self._facts.setProperty("role", "muted")
        self._facts.setWordWrap(True)
        self._facts.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.bars = VarianceBars(themes, selection)
        self.shrinkage = [ShrinkagePlot(themes, selection) for _ in column.shrinkage]
        self.heatmaps = [CovarianceHeatmap(themes, selection) for _ in column.covariance]
        self._box = QVBoxLayout(self)
        self._box.addWidget(self._head)
        self._box.addWidget(self._facts)
        self._box.addWidget(self.bars)
        for plot in self.shrinkage:
            # As tall as the column has room for.
            plot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
            self._box.addWidget(plot, 8)
        for heatmap in self.heatmaps:
            self._box.addWidget(heatmap)
        if not self.shrinkage:
            self._box.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        for k, plot in enumerate(self.shrinkage):
            plot.setObjectName(f"shrinkagePlot{letter}{k}")
        for k, heatmap in enumerate(self.heatmaps):
            heatmap.setObjectName(f"covarianceHeatmap{letter}{k}")

    def fill(self, maximum: float, limits: dict[str, float]) -> None:
        """Draw on the common scales; ``limits`` by grouping factor."""
        self.bars.set_data(self.column.variance, maximum)
        for plot, shrinkage in zip(self.shrinkage, self.column.shrinkage, strict=True):
            plot.set_data(shrinkage)
        for heatmap, covariance in zip(self.heatmaps, self.column.covariance, strict=True):
            heatmap.set_data(covariance, mode="covariance", limit=limits.get(covariance.grouping))

    def dress(self, theme: Theme, components: int) -> None:
        """Words and spaces in the theme; bars of one height keep the pictures level."""
        self._box.setContentsMargins(theme.px(16), theme.px(12), theme.px(16), theme.px(12))
        self._box.setSpacing(theme.px(8))
        color = theme.terms[0]
        formula = "".join(
            f"<b style='color:{color}'>{html.escape(r.text)}</b>" if r.new else html.escape(r.text)
            for r in self._runs
        )
        self._head.setText(
            f"<span style='color:{theme.muted}; font-weight:700'>{self._letter}</span>&nbsp;&nbsp;{formula}"
        )
        self._facts.setText(_facts(self.column, theme))
        self.bars.setFixedHeight(theme.px(30 + 25 * components))
        for plot in self.shrinkage:
            plot.setMinimumHeight(theme.px(250))
        for heatmap, covariance in zip(self.heatmaps, self.column.covariance, strict=True):
            heatmap.setFixedHeight(theme.px(56 + 40 * max(len(covariance.effects), 2)))

    def heights(self, width: int) -> tuple[int, int]:
        """How tall formula and facts are in a column this wide."""
        margins = self._box.contentsMargins()
        inner = max(width - margins.left() - margins.right() - 2, 80)
        # A label is never measured lower than its minimum.
        self._head.setMinimumHeight(0)
        self._facts.setMinimumHeight(0)
        return self._head.heightForWidth(inner), self._facts.heightForWidth(inner)

    def set_heights(self, head: int, facts: int) -> None:
        """Make formula and facts as tall as those of the neighbours."""
        self._head.setFixedHeight(head)
        self._facts.setFixedHeight(facts)


def _facts(column: CompareColumn, theme: Theme) -> str:
    words = [count(column.npar, "parameter"), f"AIC {decimal(column.aic, 1)}", column.estimation]
    arrived = ("good", "●", "converged") if column.converged else ("warn", "▲", "not converged")
    marks = [arrived] + ([("warn", "◐", "singular")] if column.singular else [])
    colors = {"good": theme.good, "warn": theme.warn}
    words += [f"<span style='color:{colors[tone]}'>{mark} {word}</span>" for tone, mark, word in marks]
    return " · ".join(words)
