"""Variance against x: with random slopes how much the response varies depends on where one looks."""

from __future__ import annotations

import html

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.tabular import FigureTable
from mmgui.figures.variance_curve import VarianceCurve, VarianceCurveFigure
from mmgui.numbers import decimal, number
from mmgui.plots.area import PlotArea
from mmgui.plots.plot import Plot
from mmgui.plots.variance_curve_panels import CurvePanel, IccPanel, VariancePanel

RESTS = 120
"""Milliseconds after which the hand rests and the sentences are written anew."""
LOW = 330
"""Height, at scale 1, below which the ICC gives its room to the variance."""


class VarianceCurvePlot(Plot):
    """Each term's part in its colour, the residual grey, the total on top; the ICC beneath."""

    title = "Variance against x"
    empty = "After a fit, the variance along the predictors stands here."

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: VarianceCurveFigure | None = None
        self._moved: VarianceCurveFigure | None = None
        self._chosen = 0
        super().__init__(themes, selection, parent)
        self._say_later = QTimer(self)
        self._say_later.setSingleShot(True)
        self._say_later.setInterval(RESTS)
        self._say_later.timeout.connect(self._say)
        self._variance, self._icc = VariancePanel(), IccPanel()
        body = QWidget()
        box = QVBoxLayout(body)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._variance, 5)
        box.addWidget(self._icc, 3)
        for panel in self.panels():
            panel.hovered.connect(self._on_hovered)
        self._icc.view.setXLink(self._variance.view)
        self.set_body(body)

    def panels(self) -> tuple[CurvePanel, CurvePanel]:
        """The variance, and the ICC."""
        return (self._variance, self._icc)

    def set_data(self, figure: VarianceCurveFigure | None, chosen: int = 0) -> None:
        """Show one of the figure's predictors, or the empty state."""
        self._figure, self._moved = figure, None
        self._chosen = chosen
        self.show_figure(self._curve_of(figure) is not None)

    def follow(self, figure: VarianceCurveFigure | None) -> None:
        """Show the same at other parameters, the best fit dashed; None: the best fit again."""
        self._moved = figure
        shown = figure if figure is not None else self._figure
        curve = self._curve_of(shown)
        if shown is None or curve is None:
            return
        for panel in self.panels():
            panel.follow(shown, curve)
        # A label's new text lays the window out anew: not while the hand moves.
        self._say_later.start()

    @Slot()
    def _say(self) -> None:
        self._notes.setText(" ".join(self.notes()))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._say_later.isActive():
            self._say_later.stop()
            self._say()

    def show_sd(self, on: bool) -> None:
        """Standard deviations instead of variances."""
        if on != self._variance.sd:
            self._variance.sd = on
            self.dress(self._theme)

    def emphasise(self, terms: frozenset[int]) -> None:
        """Write the names of these terms bold."""
        for panel in self.panels():
            if terms != panel.lit:
                panel.lit = terms
                panel.viewport().update()

    @property
    def shown(self) -> VarianceCurveFigure | None:
        """The figure in sight: that of the fit, or where the hand is."""
        return self._moved or self._figure

    def _curve_of(self, figure: VarianceCurveFigure | None) -> VarianceCurve | None:
        if figure is None or not 0 <= self._chosen < len(figure.curves):
            return None
        return figure.curves[self._chosen]

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self.shown is None else self.shown.table(self._chosen)

    def settle(self) -> None:
        for _ in range(2):
            for panel in self.panels():
                panel.settle()
            self._align()

    def draw(self, theme: Theme) -> None:
        figure = self._figure
        curve = self._curve_of(figure)
        if figure is None or curve is None:
            return
        low = self.height() < theme.px(LOW) or not figure.groupings or not curve.variable
        self._icc.setVisible(not low)
        for panel in self.panels():
            panel.apply_theme(theme)
            panel.show_curve(figure, curve)
        self._variance.bottom.set_title(curve.variable if low else "")
        moved = self._curve_of(self._moved)
        if self._moved is not None and moved is not None:
            for panel in self.panels():
                panel.follow(self._moved, moved)
        self._align()

    def _align(self) -> None:
        """The same room at the left of both, so that one stands above the other."""
        for panel in self.panels():
            panel.left.set_style(least=0.0)
        least = max(panel.left.thickness() for panel in self.panels())
        for panel in self.panels():
            panel.left.set_style(least=least)

    def heading(self) -> str:
        curve = self._curve_of(self._figure)
        if self._figure is None or curve is None or not curve.variable:
            return f"Variance of {self._figure.response or 'the response'}" if self._figure else self.title
        return f"Variance of {self._figure.response or 'the response'} against {curve.variable}"

    def legend(self, _theme: Theme) -> str:
        return "what the fixed effects leave, by random-effects term"

    def cramped(self) -> bool:
        return self.width() < self._theme.px(560) or self.height() < self._theme.px(200)

    def notes(self) -> tuple[str, ...]:
        shown, curve = self.shown, self._curve_of(self.shown)
        return () if shown is None or curve is None else shown.sentences(curve)

    @Slot(int)
    def _on_hovered(self, mark: int) -> None:
        panel = self.sender()
        if isinstance(panel, PlotArea):
            panel.show_tip(self.tip(mark))

    def tip(self, mark: int) -> str:
        """What the tooltip of one value says."""
        figure, curve = self.shown, self._curve_of(self.shown)
        if figure is None or curve is None or not 0 <= mark < len(curve.marks):
            return ""
        k = curve.marks[mark]
        total = float(curve.total[k])
        where = f"{curve.variable} {figure.mark_text(curve, k)}" if curve.variable else "everywhere"
        lines = [f"<b>{html.escape(where)}</b>", f"variance {number(total, 4)}, SD {number(total**0.5, 4)}"]
        for title, variance in zip(figure.titles, curve.terms[:, k], strict=True):
            lines.append(f"{html.escape(title)}: {number(float(variance), 4)}")
        lines.append(f"residual: {number(curve.residual, 4)}")
        for grouping in dict.fromkeys(figure.groupings):
            icc = float(figure.icc(curve, grouping)[k])
            lines.append(f"ICC of {html.escape(grouping)}: {decimal(icc, 3)}")
        return "<br>".join(lines)
