"""Gathers a running fit's evaluations into what is drawn of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mmgui.app.store import FitChanged, FitKey, FitStatus
from mmgui.engine.events import Evaluated, Started
from mmgui.numbers import count, decimal

if TYPE_CHECKING:
    from mmgui.engine.design import Design
    from mmgui.figures.live import LiveFigure
    from mmgui.figures.trace import TraceFigure


class LiveTrace:
    """Fed with every ``FitChanged``; starts afresh with every fit."""

    def __init__(self) -> None:
        self.key: FitKey | None = None
        self._running = False
        self._design: Design | None = None
        self._begin()

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
                case Evaluated(objective=objective, theta=theta, sigma=sigma, start=start):
                    self._objective.append(objective)
                    self._theta.append(theta)
                    self._sigma.append(sigma)
                    self._starts.append(start)

    def _begin(self, event: Started | None = None) -> None:
        self._objective: list[float] = []
        self._theta: list[np.ndarray] = []
        self._sigma: list[float] = []
        self._starts: list[int] = []
        self._design = None if event is None else event.design

    @property
    def empty(self) -> bool:
        """Whether no evaluation has come yet."""
        return not self._objective

    @property
    def evaluations(self) -> int:
        """How many evaluations have come."""
        return len(self._objective)

    @property
    def state(self) -> str:
        """What the fit is about before there is something to draw."""
        return "building the matrices" if self._design is None else "first evaluation"

    def words(self) -> str:
        """``12 evaluations · 1743.63``."""
        if self.empty:
            return self.state
        words = f"{count(len(self._objective), 'evaluation')} · {decimal(min(self._objective), 2)}"
        return words + (f" · start {self._starts[-1] + 1}" if self._starts[-1] else "")

    def live(self, *, stopping: bool = False) -> LiveFigure | None:
        """The fit so far; None before the first evaluation."""
        if self._design is None or self.empty:
            return None
        # The first window does not wait for what draws fits.
        from mmgui.figures.live import live_figure

        return live_figure(
            self._design,
            self._objective,
            self._theta,
            self._sigma,
            self._starts,
            running=self._running,
            stopping=stopping,
        )

    def figure(self) -> TraceFigure | None:
        """The trace so far; None before the first evaluation."""
        live = self.live()
        return None if live is None else live.trace
