"""Gathers a running fit's evaluations into the figure that the trace page draws."""

from __future__ import annotations

import numpy as np

from mmgui.app.store import FitChanged, FitKey, FitStatus
from mmgui.engine.events import Evaluated, Started
from mmgui.figures.numbers import count, decimal
from mmgui.figures.trace import TraceFigure, trace_figure


class LiveTrace:
    """Fed with every ``FitChanged``; starts afresh with every fit."""

    def __init__(self) -> None:
        self.key: FitKey | None = None
        self._running = False
        self._names: tuple[str, ...] = ()
        self._objective: list[float] = []
        self._theta: list[np.ndarray] = []

    def take(self, change: FitChanged) -> None:
        """Take over the events; those of another fit replace what was there."""
        self._running = change.record.status is FitStatus.RUNNING
        if change.key != self.key or (self._running and not change.events):
            self.key = change.key
            self._names, self._objective, self._theta = (), [], []
        for event in change.events:
            match event:
                case Started(parameters=names):
                    self._names, self._objective, self._theta = names, [], []
                case Evaluated(objective=objective, theta=theta):
                    self._objective.append(objective)
                    self._theta.append(theta)

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
        groups = [term.grouping.label for term in spec.random]
        terms = [_owner(name, groups) for name in names]
        return trace_figure(spec, names, self._objective, self._theta, terms=terms, running=self._running)


def _owner(parameter: str, groups: list[str]) -> int:
    """The term a parameter belongs to: its name begins with the grouping factor and a dot."""
    fitting = [k for k, group in enumerate(groups) if parameter.startswith(f"{group}.")]
    return max(fitting, key=lambda k: len(groups[k]), default=0)
