"""One search's evaluations: every one is logged, told, and preceded by the question whether to stop."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mmgui.engine.basis import varies_too_little
from mmgui.engine.criterion import Criterion
from mmgui.engine.design import FloatArray
from mmgui.engine.elimination import Elimination
from mmgui.engine.events import Evaluated, OnEvent, ShouldStop
from mmgui.engine.factor import no_poll
from mmgui.engine.parameters import Free
from mmgui.engine.result import FitLog
from mmgui.errors import FitError

ROUNDING = 1e-11
CANCELLATION = 1e-15
# Below this part of the variation a residual sum of squares is nothing but rounding.
NOTHING_LEFT = 1e-13
# A criterion falling by more than this as variances grow by a factor of e is falling still: where the random
# effects reproduce the response it falls for ever, by 2 or more.
FALLING = 1.0
# A residual sum of squares below this part of the response's own variation is none.
LITTLE = 1e-9


@dataclass(eq=False, slots=True)
class Point:
    """A point of a search: coordinates, criterion, gradient.

    ``information`` holds, for each grouping factor, the (L, s, s) diagonal blocks of Zᵀ V⁻¹ Z with V the
    covariance of everything eliminated before it; empty where the criterion is infinite.
    ``noise`` is about how far rounding may have moved the value.
    """

    x: FloatArray
    value: float
    gradient: FloatArray
    information: list[FloatArray]
    noise: float = 0.0
    _steepest: float = float("nan")

    @property
    def units(self) -> FloatArray:
        """(m,) what counts as a step of one: coordinates above ten are measured relative to themselves."""
        return np.maximum(1.0, 0.1 * np.abs(self.x))

    def norm(self, scale: float) -> float:
        """Largest absolute entry of the gradient of criterion / scale, in these units."""
        if math.isnan(self._steepest):
            self._steepest = float(np.abs(self.gradient * self.units).max()) if self.gradient.size else 0.0
        return self._steepest / scale

    @property
    def falling(self) -> bool:
        """Whether the criterion falls as relative standard deviations grow, by more than rounding may do."""
        fall = -float(np.minimum(self.gradient * self.x, 0.0).sum())
        return fall > FALLING + 10.0 * self.noise


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
        self._sigmas: list[float] = []
        self._starts: list[int] = []
        self._start = 0
        self._freedom = criterion.blocks.freedom(reml=criterion.reml)
        self._poll: Callable[[], None] = no_poll if should_stop is None else self._ask

    @property
    def count(self) -> int:
        """Evaluations so far."""
        return len(self._objectives)

    @property
    def scale(self) -> float:
        """What the criterion and its gradient are divided by: the number of rows."""
        return float(self.criterion.blocks.n)

    def begin_again(self) -> None:
        """The evaluations that follow descend from another place, if there were any before."""
        if self._starts and self._starts[-1] == self._start:
            self._start += 1

    def _ask(self) -> None:
        if self._should_stop is not None and self._should_stop():
            raise StopRequested

    def __call__(self, free: Free, x: FloatArray) -> Point:
        """The point x in the coordinates of ``free``; infinite where the criterion cannot be computed.

        Raises
        ------
        FitError
            ``perfect_fit`` where the criterion falls for ever as σ goes to 0.
        """
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
        lost = self.criterion.blocks.fixed.rss / state.pwrss
        noise = max(ROUNDING * max(1.0, abs(value)), CANCELLATION * self.scale * lost)
        point = Point(x, value, gradient, state.information(), noise)
        norm = point.norm(self.scale)
        exhausted = lost > 1.0 / NOTHING_LEFT and self.best is not None
        if exhausted and self.best is not None and value < self.best[0] and point.falling:
            raise self.nothing_left(state)
        if exhausted or not (np.isfinite(value) and np.isfinite(norm)):
            return Point(x, np.inf, np.zeros_like(x), [])
        self._record(value, flat, norm, state)
        return point

    def _record(self, value: float, flat: FloatArray, norm: float, state: Elimination) -> None:
        self._objectives.append(value)
        self._flats.append(flat)
        self._norms.append(norm)
        sigma = math.sqrt(state.pwrss / self._freedom)
        self._sigmas.append(sigma)
        self._starts.append(self._start)
        if self.best is None or value < self.best[0]:
            self.best, self.best_norm, self.best_state = (value, flat), norm, state
        if self._on_event is not None:
            theta = self.criterion.basis.theta(flat)
            self._on_event(Evaluated(self.count, value, theta, norm, sigma, self._start))

    def nothing_left(self, state: Elimination | None) -> FitError:
        """Why a factorization leaves no residual variation: the model explains it, or its size hides it."""
        design = self.criterion.design
        y = design.y if design.offset is None else design.y - design.offset
        w = np.ones_like(y) if design.weights is None else design.weights
        spread = float(w @ (y - np.average(y, weights=w)) ** 2)
        if state is not None and state.pwrss > LITTLE * spread:
            return varies_too_little(design.y)
        return FitError(
            "perfect_fit",
            "The random effects can reproduce the response exactly, so that no residual variance is left and "
            "the likelihood has no maximum; check whether the response follows from the other columns, or "
            "take out random effects.",
        )

    def log(self) -> FitLog:
        """Every evaluation, theta in the person's units."""
        size = self.criterion.basis.size
        flats = np.array(self._flats).reshape(len(self._flats), size)
        return FitLog(
            np.array(self._objectives),
            self.criterion.basis.theta(flats),
            np.array(self._norms),
            np.array(self._sigmas),
            np.array(self._starts, dtype=np.int64),
        )
