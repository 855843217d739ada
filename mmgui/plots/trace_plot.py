"""The optimiser's path: the criterion above, SDs or parameters below, evaluation by evaluation."""

from __future__ import annotations

import html
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Signal, Slot
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.tabular import FigureTable
from mmgui.figures.trace import TraceFigure, starts_number
from mmgui.numbers import count, decimal, number
from mmgui.plots.area import span
from mmgui.plots.plot import Plot
from mmgui.plots.trace_area import TraceArea

FloatArray = NDArray[np.float64]

LABELLED = 18
Below = Literal["sds", "theta"]


class TracePlot(Plot):
    """Criterion on top, parameters below; live or after the fit."""

    title = "Path of the fit"
    empty = "While a model is fitted, the optimiser's path is drawn here."
    evaluation_clicked = Signal(int)
    """Its number, from 1."""

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: TraceFigure | None = None
        self._distance, self._beyond = False, 0
        self._below_shows: Below = "sds"
        super().__init__(themes, selection, parent)
        self._above, self._below = TraceArea(), TraceArea()
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(10)
        rows.addWidget(self._above, 5)
        rows.addWidget(self._below, 6)
        self.set_body(body)
        self._drawn_for: tuple[object, ...] = ()
        for area in (self._above, self._below):
            area.clicked.connect(self._on_clicked)
            area.hovered.connect(self._on_hovered)

    def set_data(self, figure: TraceFigure | None) -> None:
        """Show the path so far; cheap enough to be called for every frame of a running fit."""
        self._figure = figure
        same = figure is not None and self._filled and self._drawn_for == self._identity(figure)
        if same:
            self._update_lines(self._theme)
            self.refresh_words()
        else:
            self.show_figure(figure is not None)

    def show_distance(self, distance: bool) -> None:
        """Draw the criterion as its distance to the best value, on a logarithmic scale."""
        self._distance = distance
        self.show_figure(self._figure is not None)

    def show_below(self, shows: Below) -> None:
        """Standard deviations in the response's units, or θ, which the optimiser moves."""
        self._below_shows = shows
        self.show_figure(self._figure is not None)

    def set_current(self, place: float | None) -> None:
        """Mark where a film stands, in evaluations from 1; None takes the mark away."""
        self._above.set_current(place)
        self._below.set_current(place)

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def settle(self) -> None:
        self._above.settle()
        self._below.settle()

    # -- drawing

    def _identity(self, figure: TraceFigure) -> tuple[object, ...]:
        names = self._names(figure)
        return (names, figure.terms, self._theme, self._distance, self._below_shows)

    def _shows_sds(self, figure: TraceFigure) -> bool:
        return self._below_shows == "sds" and figure.sds is not None

    def _names(self, figure: TraceFigure) -> tuple[str, ...]:
        if self._below_shows == "sds" and figure.sds is not None:
            return figure.sds.names
        return figure.parameters

    def _lines_below(self, figure: TraceFigure, theme: Theme) -> tuple[FloatArray, tuple[str, ...]]:
        """(k, n) values and colours."""
        if self._below_shows == "sds" and figure.sds is not None:
            hues = (theme.residual if t < 0 else theme.term_color(t) for t in figure.sds.terms)
            return figure.sds.values, tuple(hues)
        return figure.theta, tuple(theme.term_color(t) for t in figure.terms)

    def draw(self, theme: Theme) -> None:
        figure = self._figure
        if figure is None:
            return
        self._drawn_for = self._identity(figure)
        for area in (self._above, self._below):
            area.apply_theme(theme)
        self._above.set_hues((theme.text,))
        self._below.set_hues(self._lines_below(figure, theme)[1])
        self._below.setVisible(bool(figure.parameters))
        self._above.bottom.set_style(whole=True, text=not figure.parameters)
        self._above.bottom.set_title("" if figure.parameters else "Evaluation")
        self._below.bottom.set_style(whole=True)
        self._below.bottom.set_title("Evaluation")
        self._above.left.set_title("log₁₀ above the best" if self._distance else "above the best")
        self._below.left.set_title("SD" if self._shows_sds(figure) else "θ, relative to σ")
        self._update_lines(theme)

    def _update_lines(self, theme: Theme) -> None:
        figure = self._figure
        if figure is None:
            return
        criterion, lower = self._criterion(figure), figure.lower
        values, hues = self._lines_below(figure, theme)
        self._above.set_path(criterion[:, None], lower, figure.starts)
        self._below.set_path(values, lower, figure.starts)
        evaluations = len(criterion)
        self._above.ends, self._below.ends = [], []
        if evaluations:
            # What the fit came to, which the last trial need not be.
            last = _last_of_the_best(figure)
            at, best = float(last + 1), decimal(figure.best, 2)
            self._above.ends = [(at, float(criterion[last]), best, theme.text)]
            names = self._names(figure)
            if len(names) <= LABELLED:
                self._below.ends = [
                    (at, float(v), n, h) for n, h, v in zip(names, hues, values[last], strict=True)
                ]
        self._fit_ranges(figure, criterion, values)

    def _fit_ranges(self, figure: TraceFigure, criterion: FloatArray, values: FloatArray) -> None:
        room = max(a.reserve() for a in (self._above, self._below))
        least = max(a.left.thickness() for a in (self._above, self._below))
        # On a logarithmic scale nothing is far off.
        above = criterion if self._distance else _within_reach(figure, criterion[:, None])
        below = _within_reach(figure, values, 0.0)
        beyond = np.zeros(len(criterion), dtype=bool)
        for area, shown, drawn in ((self._above, above, criterion[:, None]), (self._below, below, values)):
            area.set_margins(right=room)
            low, high = span(shown, 0.08)
            area.set_home((1.0, max(float(len(criterion)), 2.0)), (low, high))
            if figure.parameters or area is self._above:
                beyond |= ((drawn < low) | (drawn > high)).any(axis=1)
            least = max(least, area.left.thickness())
        self._beyond = int(beyond.sum())
        for area in (self._above, self._below):
            area.left.set_style(least=least)
            area.viewport().update()

    def _criterion(self, figure: TraceFigure) -> FloatArray:
        if not len(figure.objective):
            return figure.objective
        difference = figure.objective - figure.best
        if not self._distance:
            return difference
        floor = 1e-10 * max(abs(figure.best), 1.0)
        return np.asarray(np.log10(np.maximum(difference, floor)))

    # -- the mouse

    @Slot(int, bool)
    def _on_clicked(self, evaluation: int, _extend: bool) -> None:
        self.evaluation_clicked.emit(evaluation + 1)

    @Slot(int)
    def _on_hovered(self, evaluation: int) -> None:
        figure = self._figure
        if figure is None or not 0 <= evaluation < len(figure.objective):
            self._above.show_tip("")
            return
        self._above.show_tip(evaluation_words(figure, evaluation))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._above.show_tip("")

    # -- words

    def legend(self, theme: Theme) -> str:
        figure = self._figure
        if figure is None:
            return ""
        # While the fit runs, what shows it says how far it is.
        evaluations = count(len(figure.objective), "evaluation")
        words = "" if figure.running else f"{figure.criterion}, {evaluations}"
        if not figure.running and len(figure.objective) and not figure.lower.all():
            words += " &nbsp;● lower than before &nbsp;○ a trial"
        starts = starts_number(figure)
        if starts > 1 and not figure.running:
            words += f" &nbsp;┆ begun again ({count(starts, 'start')})"
        many = len(self._names(figure))
        if many <= LABELLED and self._below.names_fit(many):
            return words
        # The lines have no names: their colours tell at least the grouping factor.
        groups = dict(zip(figure.terms, (name.split(": ")[0] for name in figure.parameters), strict=True))
        keys = (
            f'<span style="color:{theme.term_color(term)}">━</span> {html.escape(name)}'
            for term, name in sorted(groups.items())
        )
        return f"{words} &nbsp;{' &nbsp;'.join(keys)}"

    def notes(self) -> tuple[str, ...]:
        if self._figure is None or self._figure.running or not self._beyond:
            return ()
        lie = "lies" if self._beyond == 1 else "lie"
        return (f"{count(self._beyond, 'evaluation')} far from the best fit {lie} beyond the picture.",)

    def menu(self) -> QMenu:
        menu = super().menu()
        action = menu.addAction("Log distance to the best")
        action.setObjectName("logDistanceAction")
        action.setCheckable(True)
        action.setChecked(self._distance)
        action.toggled.connect(self._on_distance)
        return menu

    @Slot(bool)
    def _on_distance(self, distance: bool) -> None:
        self.show_distance(distance)


def evaluation_words(figure: TraceFigure, k: int) -> str:
    """What a tooltip says of an evaluation (from 0)."""
    value = float(figure.objective[k])
    kind = "lower than before" if figure.lower[k] else "a trial that led no lower"
    lines = [
        f"Evaluation {k + 1}: {kind}",
        f"{figure.criterion} {decimal(value, 2)}, {number(value - figure.best)} above the best",
    ]
    if figure.sds is not None:
        values = figure.sds.values[k][:LABELLED]
        lines += [f"{n}: SD {number(float(v))}" for n, v in zip(figure.sds.names, values, strict=False)]
    return "\n".join(lines)


def _last_of_the_best(figure: TraceFigure) -> int:
    """The last evaluation (from 0) that reached the best value; while a fit runs, the last of all."""
    if figure.running:
        return len(figure.objective) - 1
    near = figure.objective - figure.best <= 1e-6 * max(1.0, abs(figure.best))
    return int(np.flatnonzero(near)[-1]) if near.any() else len(figure.objective) - 1


def _within_reach(figure: TraceFigure, values: FloatArray, least: float | None = None) -> FloatArray:
    """What an axis spans: the first descent and all that led lowest, and half as much again for the rest.

    A trial far off, or a search that began there, must not flatten all others.
    """
    before = np.fmin.accumulate(np.append(np.inf, figure.objective))[:-1]
    telling = figure.objective < before
    if len(figure.starts):
        telling |= figure.lower & (figure.starts == figure.starts[0])
    own = values[telling]
    if not own.size:
        return values.ravel()
    low, high = float(own.min()), float(own.max())
    low = low if least is None else min(low, least)
    shown: FloatArray = np.clip(values.ravel(), low - 0.2 * (high - low), high + 0.5 * (high - low))
    return shown if least is None else np.append(shown, least)
