"""One model of the comparison: formula, components, shrinkage, covariance, on scales shared by all."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.formula_difference import Run
from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.compare import CompareColumn
from mmgui.numbers import count, decimal
from mmgui.plots.covariance_heatmap import CovarianceHeatmap
from mmgui.plots.shrinkage_plot import ShrinkagePlot
from mmgui.plots.variance_bars import VarianceBars

KEPT_TOGETHER = 20
"""A random-effects term of so many letters is not broken between lines."""

JOINER = "<span style='font-size:1px'>\u2060</span>"
"""After a bar a line would break even before a space that holds together; small, for it has a height."""

SCATTER = 1.5
"""How much taller a plot of three or more effects is."""


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
        self._bars_room = _room(self._box, [self.bars])
        self._shrinkage_room = _room(self._box, self.shrinkage)
        for heatmap in self.heatmaps:
            self._box.addWidget(heatmap)
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

    def dress(self, theme: Theme) -> None:
        """Words and spaces in the theme."""
        self._box.setContentsMargins(theme.px(12), theme.px(12), theme.px(10), theme.px(12))
        self._box.setSpacing(theme.px(8))
        color = theme.terms[0]
        formula = "".join(
            f"<b style='color:{color}'>{text}</b>" if new else text
            for text, new in _unbroken_terms(self._runs)
        )
        self._head.setText(
            f"<span style='color:{theme.muted}; font-weight:700'>{self._letter}</span>&nbsp;&nbsp;{formula}"
        )
        self._facts.setText(_facts(self.column, theme))
        self.bars.setFixedHeight(theme.px(30 + 25 * _lines(self.column)))
        self._shrinkage_room.layout().setSpacing(theme.px(8))  # type: ignore[union-attr]
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

    def set_heights(self, head: int, facts: int, bars: int) -> None:
        """Make formula, facts and bars as tall as those of the neighbours."""
        self._head.setFixedHeight(head)
        self._facts.setFixedHeight(facts)
        self._bars_room.setFixedHeight(bars)

    def set_pictures(self, unit: int, room: int) -> None:
        """Draw shrinkage ``unit`` pixels tall; with ``room`` for all of it what follows stands level."""
        for plot, tall in zip(self.shrinkage, self._shares(), strict=True):
            plot.setFixedHeight(round(unit * tall))
        self._shrinkage_room.setFixedHeight(room)
        self._shrinkage_room.setVisible(room > 0)

    def units(self) -> float:
        """How many times a plot's height all its shrinkage takes."""
        return sum(self._shares())

    def rest(self) -> int:
        """What is tall besides shrinkage: margins, gaps and heatmaps."""
        margins = self._box.contentsMargins()
        maps = sum(h.height() + self._box.spacing() for h in self.heatmaps)
        return margins.top() + margins.bottom() + 4 * self._box.spacing() + maps

    def _shares(self) -> list[float]:
        return [SCATTER if len(s.effects) > 2 else 1.0 for s in self.column.shrinkage]


def _lines(column: CompareColumn) -> int:
    """Lines of the bars: the components, and a heading for each of several terms that has more than one."""
    rows = Counter(row.term for row in column.variance.rows)
    return len(column.variance.rows) + (sum(n > 1 for n in rows.values()) if len(column.terms) > 1 else 0)


def _room(box: QVBoxLayout, widgets: Sequence[QWidget]) -> QWidget:
    """Holds widgets at its top and may be taller than they are."""
    room = QWidget()
    inner = QVBoxLayout(room)
    inner.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        inner.addWidget(widget)
    inner.addStretch(1)
    box.addWidget(room)
    return room


def _unbroken_terms(runs: tuple[Run, ...]) -> list[tuple[str, bool]]:
    """Runs as rich text, in which a line may break between terms, not within a short one."""
    whole = "".join(r.text for r in runs)
    for term in re.findall(r"\([^()]*\)", whole):
        if len(term) <= KEPT_TOGETHER:
            whole = whole.replace(term, term.replace(" ", "\u00a0"))
    out, start = [], 0
    for run in runs:
        text = html.escape(whole[start : start + len(run.text)])
        out.append((text.replace("|", f"|{JOINER}"), run.new))
        start += len(run.text)
    return out


def _facts(column: CompareColumn, theme: Theme) -> str:
    words = [count(column.npar, "parameter"), f"AIC {decimal(column.aic, 1)}", column.estimation]
    arrived = ("good", "●", "converged") if column.converged else ("warn", "▲", "not converged")
    if not column.identified:
        # The root speaks, as on the Summary page.
        arrived = ("warn", "✕", "not identifiable")
    marks = [arrived] + ([("warn", "◐", "singular")] if column.singular else [])
    colors = {"good": theme.good, "warn": theme.warn}
    # A line may break between the facts, not within one.
    kept = [word.replace(" ", "&nbsp;") for word in words]
    for tone, mark, word in marks:
        kept.append(f"<span style='color:{colors[tone]}'>{mark}&nbsp;{word.replace(' ', '&nbsp;')}</span>")
    return " · ".join(kept)
