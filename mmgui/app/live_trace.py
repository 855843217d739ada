"""Gathers a running fit's evaluations into the figure that the trace page draws."""

from __future__ import annotations

import numpy as np

from mmgui.app.store import FitChanged, FitKey, FitStatus
from mmgui.engine.events import Evaluated, Started
from mmgui.figures.trace import TraceFigure, parameter_names, parameter_terms, trace_figure
from mmgui.numbers import count, decimal


class LiveTrace:
    """Fed with every ``FitChanged``; starts afresh with every fit."""

    def __init__(self) -> None:
        self.key: FitKey | None = None
        self._running = False
        self._names: tuple[str, ...] = ()
        self._terms: tuple[int, ...] | None = None
        self._objective: list[float] = []
        self._theta: list[np.ndarray] = []

    def take(self, change: FitChanged) -> None:
        """Take over the events; those of another fit replace what was there."""
        self._running = change.record.status is FitStatus.RUNNING
        if change.key != self.key or (self._running and not change.events):
            self.key = change.key
            self._begin()
        for event in change.events:
            match event:
                case Started():
                    self._begin(event)
                case Evaluated(objective=objective, theta=theta):
                    self._objective.append(objective)
                    self._theta.append(theta)

    def _begin(self, event: Started | None = None) -> None:
        self._objective, self._theta = [], []
        design = None if event is None else event.design
        if design is not None:
            # The words of the page that shows the same path after the fit.
            self._names, self._terms = parameter_names(design), parameter_terms(design)
        else:
            self._names, self._terms = () if event is None else event.parameters, None

    @property
    def empty(self) -> bool:
        """Whether no evaluation has come yet."""
        return not self._objective

    @property
    def evaluations(self) -> int:
        """How many evaluations have come."""
        return len(self._objective)

    def words(self) -> str:
        """``12 evaluations · 1743.63``."""
        if self.empty:
            return "building the matrices" if not self._names else "first evaluation"
        return f"{count(len(self._objective), 'evaluation')} · {decimal(min(self._objective), 2)}"

    def figure(self) -> TraceFigure | None:
        """The trace so far; None before the first evaluation."""
        if self.key is None or self.empty:
            return None
        spec, names = self.key.spec, self._names
        return trace_figure(
            spec, names, self._objective, self._theta, terms=self._terms, running=self._running
        )
