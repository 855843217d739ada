"""Landscapes of the fit in hand, worked out in the background: the latest wish alone, with its progress."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmgui.app.latest_work import LatestWork
from mmgui.app.mailbox import Mailbox
from mmgui.app.runner import Runner
from mmgui.errors import MmguiError

if TYPE_CHECKING:
    from mmgui.engine.result import Fit
    from mmgui.figures.landscape import LandscapeFigure
    from mmgui.inference.likelihood.covariance_point import CovariancePoint

KEPT = 12
"""Landscapes of one fit that are kept."""


@dataclass(frozen=True, slots=True)
class SurfaceWish:
    """A landscape of the fit in hand.

    Attributes
    ----------
    chosen
        The parameters across and up, by name; empty for the first that the fit has.
    profiled
        Whether the others take their best values; else they are held.
    sigma_follows
        Whether, held, σ takes its best value nevertheless.
    held
        Where the others are held, as pairs of name and value; empty at the fit.
    window
        From where to where each axis goes; empty for the whole landscape.
    """

    chosen: tuple[str, ...] = ()
    profiled: bool = False
    sigma_follows: bool = True
    held: tuple[tuple[str, float], ...] = ()
    window: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class _Drawn:
    wish: SurfaceWish
    figure: LandscapeFigure
    fit: Fit
    whole: bool


class Surfaces(QObject):
    """Makes the landscape last wished for; a wish under way gives way to the next one."""

    done = Signal(object, object)
    """A ``SurfaceWish`` and its ``LandscapeFigure``."""
    failed = Signal(str)
    advanced = Signal(int, int)
    """How many points are done, of how many."""
    busy_changed = Signal(bool)

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fit: Fit | None = None
        self._known: dict[SurfaceWish, LandscapeFigure] = {}
        self._wish: SurfaceWish | None = None
        self._stop = threading.Event()
        self._news = Mailbox(self)
        self._news.delivered.connect(self._on_news)
        self._work = LatestWork("draw a landscape", runner, self)
        self._work.done.connect(self._on_done)
        self._work.failed.connect(self._on_failed)
        self._work.busy_changed.connect(self._on_busy)

    @property
    def busy(self) -> bool:
        """Whether a landscape is being worked out."""
        return self._work.busy

    @property
    def fit(self) -> Fit | None:
        """The fit of which landscapes are made."""
        return self._fit

    def show(self, fit: Fit | None) -> None:
        """Landscapes of another fit are wanted, or of none."""
        self._fit = fit
        self._known.clear()
        self.forget()

    def forget(self) -> None:
        """Nobody waits for what is under way."""
        self._wish = None
        self._stop.set()
        self._work.forget()

    def request(self, wish: SurfaceWish, base: CovariancePoint | None = None) -> LandscapeFigure | None:
        """The landscape if it is known; else None, and ``done`` tells when it is there."""
        fit, known = self._fit, self._known.get(wish)
        if fit is None or known is not None:
            # Nobody waits for what was wished for before.
            self.forget()
            return known
        if wish == self._wish and self._work.busy:
            return None
        self._wish = wish
        self._stop.set()
        self._stop = stop = threading.Event()
        self._work.submit(partial(_draw, fit, wish, base, self._news.post, stop))
        return self._known.get(wish)

    @Slot()
    def stop(self) -> None:
        """End what is under way with the points it has."""
        self._stop.set()

    def shutdown(self) -> None:
        """Hear of nothing any more."""
        self._stop.set()
        self._work.shutdown()
        self._news.close()

    @Slot(object)
    def _on_done(self, drawn: _Drawn) -> None:
        if drawn.fit is not self._fit or drawn.wish != self._wish:
            return
        if drawn.whole:
            self._known[drawn.wish] = drawn.figure
            while len(self._known) > KEPT:
                del self._known[next(iter(self._known))]
        self.done.emit(drawn.wish, drawn.figure)

    @Slot(object)
    def _on_failed(self, error: MmguiError) -> None:
        self.failed.emit(error.message)

    @Slot(object)
    def _on_news(self, items: tuple[tuple[int, int], ...]) -> None:
        self.advanced.emit(*items[-1])

    @Slot(bool)
    def _on_busy(self, busy: bool) -> None:
        if busy:
            self._news.open()
        else:
            self._news.close()
        self.busy_changed.emit(busy)


def _draw(
    fit: Fit, wish: SurfaceWish, base: CovariancePoint | None, post: Callable[[object], None],
    stop: threading.Event,
) -> _Drawn:  # fmt: skip
    from mmgui.figures.landscape import landscape_figure

    figure = landscape_figure(
        fit, wish.chosen, profiled=wish.profiled, sigma_follows=wish.sigma_follows, base=base,
        window=wish.window,
        on_progress=lambda done, total: post((done, total)), should_stop=stop.is_set,
    )  # fmt: skip
    return _Drawn(wish, figure, fit, whole=not stop.is_set())
