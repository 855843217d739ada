"""A fit taken in hand: its covariance parameters are moved, and the pages follow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from mmgui.app.latest_work import LatestWork
from mmgui.app.runner import Runner, ThreadRunner
from mmgui.app.surfaces import Surfaces
from mmgui.errors import MmguiError

if TYPE_CHECKING:
    from mmgui.engine.result import Fit
    from mmgui.figures.moved import MovableFit, Moved
    from mmgui.inference.likelihood.covariance_point import CovariancePoint

T = TypeVar("T")

AT_ONCE_ROWS, AT_ONCE_SECONDS = 5_000, 0.1
"""Up to how many rows, and how long a fit, the cross products are built where the hand asks for them."""
WITHIN_A_FRAME = 4e-4
"""Up to what an evaluation may cost for the model to be moved on the window's thread: all that depends on
it, the best σ included, takes some ten evaluations."""


class PlayModel(QObject):
    """Where the model shown has been moved to.

    Every page that shows a fit can show it moved: ``moved`` carries a ``Moved``, or None when the best
    fit is shown. Wishes that come within one pass of the event loop are carried out together; those for a
    large model in the background, the latest alone.
    """

    moved = Signal(object)
    ready_changed = Signal(bool)
    """Whether the fit can be moved now."""
    failed = Signal(str)
    busy_changed = Signal(bool)
    others_follow_changed = Signal(bool)
    start_wanted = Signal(object)
    """The fit shown and θ: fit the model again from there."""
    tried = Signal(object)
    """A ``Tried``: what came of it."""

    def __init__(self, runner: Runner | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        worker: Runner = runner if runner is not None else ThreadRunner()
        self._fit: Fit | None = None
        # The fit that is being made ready in the background.
        self._preparing: Fit | None = None
        self._movable: MovableFit | None = None
        self._best: Moved | None = None
        self._current: Moved | None = None
        self._point: CovariancePoint | None = None
        self._wanted: dict[str, float] = {}
        self._sigma_follows = True
        self._others_follow = False
        self._now = QTimer(self)
        self._now.setSingleShot(True)
        self._now.setInterval(0)
        self._now.timeout.connect(self._carry_out)
        self._building = LatestWork("take a fit in hand", worker, self)
        self._building.done.connect(self._on_built)
        self._building.failed.connect(self._on_not_built)
        self._moving = LatestWork("move a fit", worker, self)
        self._moving.done.connect(self._on_moved)
        self.surfaces = Surfaces(worker, self)
        for work in (self._building, self._moving):
            work.failed.connect(self._on_failed)
            work.busy_changed.connect(self._on_busy)
        self.surfaces.busy_changed.connect(self._on_busy)

    @property
    def busy(self) -> bool:
        """Whether the model is on its way to where it was moved."""
        return self._building.busy or self._moving.busy or self._now.isActive() or self.surfaces.busy

    @property
    def current(self) -> Moved | None:
        """The model as moved; None at the best fit."""
        return self._current

    @property
    def best(self) -> Moved | None:
        """The fit itself as a point among the others; None until ``prepare`` has answered."""
        return self._best

    @property
    def fit(self) -> Fit | None:
        """The fit that can be moved."""
        return self._fit

    @property
    def ready(self) -> bool:
        """Whether the fit can be moved now."""
        return self._movable is not None

    @property
    def movable(self) -> MovableFit | None:
        """What moves the fit, for those who lay a path through its parameters."""
        return self._movable

    @property
    def sigma_follows(self) -> bool:
        """Whether σ takes the value that is best for the other parameters."""
        return self._sigma_follows

    @property
    def others_follow(self) -> bool:
        """Whether all parameters that are not in the hand take their best values."""
        return self._others_follow

    def show(self, fit: Fit | None) -> None:
        """Another fit is shown: it has not been moved."""
        if fit is self._fit:
            return
        self._fit, self._movable, self._best = fit, None, None
        self._building.forget()
        self._preparing = None
        self.surfaces.show(fit)
        self._sigma_follows = True
        self.reset()
        self.ready_changed.emit(False)

    def prepare(self) -> None:
        """Make the fit ready to be moved; ``ready_changed`` tells when it is."""
        fit = self._fit
        if fit is None or not fit.terms or self._movable is not None or fit is self._preparing:
            return
        work = partial(_movable, fit)
        if fit.nobs <= AT_ONCE_ROWS and fit.seconds <= AT_ONCE_SECONDS:
            self._inline(work, self._on_built)
        else:
            self._preparing = fit
            self._building.submit(work)

    def move(self, values: Mapping[str, float]) -> None:
        """Give parameters, by name, other values, or the nearest they can take."""
        self._wanted.update(values)
        self.prepare()
        self._now.start()

    def set_sigma_follows(self, follows: bool) -> None:
        """Whether σ takes the value that is best for the other parameters, from now on."""
        if follows != self._sigma_follows:
            self._sigma_follows = follows
            if self._current is not None:
                self._now.start()

    def set_others_follow(self, follow: bool) -> None:
        """Whether all parameters that are not in the hand take their best values, from the next move on."""
        if follow != self._others_follow:
            self._others_follow = follow
            self.others_follow_changed.emit(follow)

    def start_here(self) -> None:
        """Ask for the model to be fitted again from where it has been moved to."""
        if self._current is not None:
            self.start_wanted.emit(self._current)

    def tell_tried(self, outcome: object) -> None:
        """What came of a fit from where the model had been moved to."""
        self.tried.emit(outcome)

    def go(self, point: CovariancePoint) -> None:
        """Show the model at a point as it is, σ included."""
        self._point = point
        self._wanted.clear()
        self._now.stop()
        self._evaluate({}, sigma_follows=False)

    def reset(self) -> None:
        """Back to the best fit."""
        self._now.stop()
        self._wanted.clear()
        self._moving.forget()
        self._point = None
        self._sigma_follows = True
        if self._current is not None:
            self._current = None
            self.moved.emit(None)

    def shutdown(self) -> None:
        """Hear of nothing any more."""
        self._now.stop()
        self._building.shutdown()
        self._moving.shutdown()
        self.surfaces.shutdown()

    @Slot()
    def _carry_out(self) -> None:
        if self._movable is None:
            # What was wished is carried out once the fit is ready.
            self.prepare()
            return
        known = self._movable.coordinates
        wanted = {name: value for name, value in self._wanted.items() if name in known}
        self._wanted.clear()
        # A hand on σ takes it from the others.
        if any(known[name].residual for name in wanted):
            self._sigma_follows = False
        self._evaluate(wanted, sigma_follows=self._sigma_follows)

    def _evaluate(self, wanted: dict[str, float], *, sigma_follows: bool) -> None:
        movable = self._movable
        if movable is None:
            return
        point = self._point if self._point is not None else movable.best
        follow = self._others_follow and bool(wanted)
        if movable.seconds <= WITHIN_A_FRAME:
            work = partial(_moved, movable, point, wanted, sigma_follows, follow)
            self._inline(work, self._on_moved)
            return
        # The background may be behind: the parameters it is told are all that were moved since.
        self._point = movable.with_values(point, wanted, sigma_follows=False)
        again = wanted if follow else {}
        self._moving.submit(partial(_moved, movable, self._point, again, sigma_follows, follow))

    def _inline(self, work: Callable[[], T], then: Callable[[T], None]) -> None:
        try:
            result = work()
        except MmguiError as error:
            self._on_failed(error)
            return
        then(result)

    @Slot(object)
    def _on_built(self, movable: MovableFit) -> None:
        if movable.fit is not self._fit:
            return
        self._movable, self._preparing = movable, None
        self._best = movable.moved(movable.best, sigma_follows=True)
        self.ready_changed.emit(True)
        if self._wanted:
            self._now.start()

    @Slot(object)
    def _on_not_built(self, _error: MmguiError) -> None:
        # What was wished cannot be; the next wish tries again.
        self._preparing = None
        self._wanted.clear()

    @Slot(object)
    def _on_moved(self, moved: Moved) -> None:
        if moved.best is not self._fit:
            return
        if not self._moving.busy:
            self._point = moved.point
        self._current = moved
        self.moved.emit(moved)

    @Slot(object)
    def _on_failed(self, error: MmguiError) -> None:
        self.failed.emit(error.message)

    @Slot(bool)
    def _on_busy(self, _busy: bool) -> None:
        self.busy_changed.emit(self.busy)


def _movable(fit: Fit) -> MovableFit:
    from mmgui.figures.moved import MovableFit

    return MovableFit(fit)


def _moved(
    movable: MovableFit,
    point: CovariancePoint,
    wanted: Mapping[str, float],
    sigma_follows: bool,
    follow: bool,
) -> Moved:
    there = movable.with_values(point, wanted, sigma_follows=sigma_follows, others_follow=follow)
    return movable.moved(there, sigma_follows=sigma_follows)
