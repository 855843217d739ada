"""One search's evaluations: every one is logged, told, and preceded by the question whether to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mmgui.engine.criterion import Criterion
from mmgui.engine.design import FloatArray
from mmgui.engine.elimination import Elimination
from mmgui.engine.events import Evaluated, OnEvent, ShouldStop
from mmgui.engine.factor import no_poll
from mmgui.engine.parameters import Free
from mmgui.engine.result import FitLog
from mmgui.errors import FitError


@dataclass(eq=False, slots=True)
class Point:
    """A point of a search: coordinates, criterion, gradient.

    ``information`` holds, for each grouping factor, the (L, s, s) diagonal blocks of Zᵀ V⁻¹ Z with V the
    covariance of everything eliminated before it; empty where the criterion is infinite.
    """

    x: FloatArray
    value: float
    gradient: FloatArray
    information: list[FloatArray]

    def norm(self, scale: float) -> float:
        """Largest absolute entry of the gradient of criterion / scale."""
        return float(np.abs(self.gradient).max()) / scale if self.gradient.size else 0.0


class StopRequested(Exception):  # noqa: N818 - no error: the person asked for it
    """The person asked the fit to stop."""


class OutOfEvaluations(Exception):  # noqa: N818 - no error: a limit was set
    """The limit of evaluations is reached."""


class Search:
    """Evaluates a criterion and remembers.

    Attributes
    ----------
    best
        (criterion, flat relative factors) at the best point so far, None before the first evaluation.
    best_norm
        Scaled gradient norm there.
    best_state
        The factorization there.
    """

    def __init__(
        self,
        criterion: Criterion,
        on_event: OnEvent | None = None,
        should_stop: ShouldStop | None = None,
        limit: int = 5000,
    ) -> None:
        self.criterion = criterion
        self.best: tuple[float, FloatArray] | None = None
        self.best_norm = float("nan")
        self.best_state: Elimination | None = None
        self.limit = limit
        self._on_event, self._should_stop = on_event, should_stop
        self._objectives: list[float] = []
        self._flats: list[FloatArray] = []
        self._norms: list[float] = []
        self._poll: Callable[[], None] = no_poll if should_stop is None else self._ask

    @property
    def count(self) -> int:
        """Evaluations so far."""
        return len(self._objectives)

    @property
    def scale(self) -> float:
        """What the criterion and its gradient are divided by: the number of rows."""
        return float(self.criterion.blocks.n)

    def _ask(self) -> None:
        if self._should_stop is not None and self._should_stop():
            raise StopRequested

    def __call__(self, free: Free, x: FloatArray) -> Point:
        """The point x in the coordinates of ``free``; infinite where the criterion cannot be computed."""
        self._poll()
        if self.count >= self.limit:
            raise OutOfEvaluations
        flat = free.flat(x)
        try:
            value, flat_gradient, state = self.criterion.evaluate(flat, self._poll)
        except FitError:
            if self.best is None:
                raise
            return Point(x, np.inf, np.zeros_like(x), [])
        gradient = free.gradient(x, flat_gradient)
        norm = float(np.abs(gradient).max()) / self.scale if gradient.size else 0.0
        if not (np.isfinite(value) and np.isfinite(norm)):
            return Point(x, np.inf, np.zeros_like(x), [])
        self._record(value, flat, norm, state)
        return Point(x, value, gradient, state.information())

    def _record(self, value: float, flat: FloatArray, norm: float, state: Elimination) -> None:
        self._objectives.append(value)
        self._flats.append(flat)
        self._norms.append(norm)
        if self.best is None or value < self.best[0]:
            self.best, self.best_norm, self.best_state = (value, flat), norm, state
        if self._on_event is not None:
            theta = self.criterion.basis.theta(flat)
            self._on_event(Evaluated(self.count, value, theta, norm))

    def log(self) -> FitLog:
        """Every evaluation, theta in the person's units."""
        size = self.criterion.basis.size
        flats = np.array(self._flats).reshape(len(self._flats), size)
        return FitLog(np.array(self._objectives), self.criterion.basis.theta(flats), np.array(self._norms))
