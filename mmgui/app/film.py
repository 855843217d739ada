"""Plays a film: each of its points is shown on all pages, one after the other, as a projector does."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal, Slot

from mmgui.app.film_maker import FilmMaker
from mmgui.app.play import PlayModel
from mmgui.app.runner import Runner

if TYPE_CHECKING:
    from mmgui.figures.film import Film, FilmChoice
    from mmgui.figures.moved import Moved
    from mmgui.inference.likelihood.covariance_point import CovariancePoint

TICK_MS = 16
SPEEDS = (0.5, 1.0, 2.0)


class FilmModel(QObject):
    """The film that is open, where it stands, and its transport.

    A frame is shown by moving the model (``PlayModel.go``); the next one waits until it has been shown. A
    hand that moves the model meanwhile pauses the film; another fit ends it.
    """

    opened_changed = Signal(bool)
    """Whether a film is open, also where it is another one now."""
    playing_changed = Signal(bool)
    position_changed = Signal(float)
    busy_changed = Signal(bool)
    """Whether a film is being made."""
    failed = Signal(str)

    def __init__(self, play: PlayModel, runner: Runner | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._play = play
        self._film: Film | None = None
        self._position = 0.0
        # How many times as fast as the film's own; without animation it jumps from frame to frame.
        self.speed, self.animated = 1.0, True
        # The points asked for that have not been shown yet.
        self._asked: list[CovariancePoint] = []
        # The evaluation to be shown once the fit can be moved, from 1; 0 where none is.
        self._evaluation = 0
        # Whether what is shown is the film's.
        self._own = self._leaving = False
        self._clock = QElapsedTimer()
        self._timer = _timer(self, TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._homeward = _timer(self, 0, once=True)
        self._homeward.timeout.connect(self._end)
        self._maker = FilmMaker(play, runner, self)
        self._maker.made.connect(self._on_made)
        self._maker.failed.connect(self.failed)
        self._maker.busy_changed.connect(self.busy_changed)
        self._maker.fit_changed.connect(self._put_away)
        play.moved.connect(self._on_moved)
        play.ready_changed.connect(self._on_ready)
        play.failed.connect(self._on_play_failed)

    # -- what there is

    @property
    def film(self) -> Film | None:
        """The film that is open."""
        return self._film

    @property
    def position(self) -> float:
        """Where it stands: whole numbers are frames."""
        return self._position

    @property
    def playing(self) -> bool:
        """Whether it plays by itself."""
        return self._timer.isActive()

    @property
    def busy(self) -> bool:
        """Whether a film is being made."""
        return self._maker.busy

    @property
    def available(self) -> bool:
        """Whether there are films of the fit shown."""
        fit = self._play.fit
        return fit is not None and bool(fit.terms)

    def choices(self) -> tuple[FilmChoice, ...]:
        """The films that can be made of the fit shown."""
        return self._maker.choices()

    @property
    def place(self) -> float | None:
        """The evaluation of the optimiser that is shown, from 1; None where the film is of something else."""
        return None if self._film is None else self._film.place(self._position)

    @property
    def showing(self) -> bool:
        """Whether the model shown is where the film put it."""
        return self._own

    # -- opening and closing

    def open(self, key: str = "") -> None:
        """Make a film of the fit shown and stand at its first frame; the most telling one by default."""
        self.pause()
        self._maker.make(key)

    def close(self) -> None:
        """Put the film away; the best fit is shown again."""
        shown = self._own
        self._put_away()
        if shown:
            self._play.reset()

    def shutdown(self) -> None:
        """Stop and hear of nothing any more."""
        self._timer.stop()
        self._homeward.stop()
        self._maker.shutdown()

    # -- transport

    @Slot()
    def play(self) -> None:
        """Play from here to the end; from the beginning where it stands at its end."""
        film = self._film
        if film is None or self.playing or not film.last:
            return
        if self._position >= film.last:
            self._show(0.0)
        self._clock.start()
        self._timer.start()
        self.playing_changed.emit(True)

    @Slot()
    def pause(self) -> None:
        """Stand still."""
        if self._timer.isActive():
            self._timer.stop()
            self.playing_changed.emit(False)

    @Slot()
    def toggle(self) -> None:
        """Play or pause."""
        (self.pause if self.playing else self.play)()

    def step(self, by: int) -> None:
        """To the next frame, or the one before."""
        film = self._film
        if film is None:
            return
        self.pause()
        here = math.floor(self._position + 1e-9) if by > 0 else math.ceil(self._position - 1e-9)
        self.scrub(float(here + by))

    def scrub(self, position: float) -> None:
        """Stand at a position."""
        if self._film is not None:
            self.pause()
            self._show(min(max(position, 0.0), float(self._film.last)))

    def go_to_evaluation(self, number: int) -> None:
        """Show an evaluation, from 1; one that the film leaves out is shown without moving the film."""
        movable, film = self._play.movable, self._film
        if movable is None:
            # Shown as soon as the fit can be moved.
            self._evaluation = number
            self._play.prepare()
            return
        at = None if film is None else film.position_of(number)
        log = movable.fit.log if film is None or film.log is None else film.log
        if at is not None:
            self.scrub(float(at))
        elif 1 <= number <= len(log.objective):
            self.pause()
            self._asked.clear()
            self._play.go(movable.space.evaluation(log, number - 1))

    @Slot(bool)
    def _on_ready(self, ready: bool) -> None:
        number, self._evaluation = self._evaluation, 0
        if ready and number:
            self.go_to_evaluation(number)

    # -- showing

    @Slot(object)
    def _on_made(self, film: Film) -> None:
        self.pause()
        self._film, self._position = film, 0.0
        self._asked.clear()
        self.opened_changed.emit(True)
        self._show(0.0)

    @Slot()
    def _put_away(self) -> None:
        self.pause()
        self._own = False
        self._asked.clear()
        self._maker.forget()
        if self._film is not None:
            self._film, self._position = None, 0.0
            self.opened_changed.emit(False)

    @Slot()
    def _tick(self) -> None:
        film = self._film
        if film is None or self._asked:
            # What was asked for has not been shown yet: the film does not run ahead.
            return
        frames = self._clock.elapsed() / 1000.0 * self.speed / film.step_seconds
        if not self.animated and frames < 1.0:
            return
        self._clock.restart()
        # No frame is passed over.
        following = math.floor(self._position + 1e-9) + 1.0
        wanted = following if not self.animated else min(self._position + frames, following)
        self._show(min(wanted, float(film.last)))
        if self._position >= film.last:
            self._end()

    @Slot()
    def _end(self) -> None:
        film = self._film
        self.pause()
        if film is not None and film.ends_at_best and self._position >= film.last and not self._asked:
            self._back_to_best()

    def _show(self, position: float) -> None:
        film = self._film
        if film is None:
            return
        self._homeward.stop()
        self._position = position
        point = film.point(position)
        self._asked.append(point)
        self._play.go(point)
        self.position_changed.emit(position)

    def _back_to_best(self) -> None:
        """The last frame is the fit itself, which has not been moved."""
        self._leaving = True
        self._play.reset()
        self._leaving = self._own = False

    @Slot(object)
    def _on_moved(self, moved: Moved | None) -> None:
        if self._film is None or self._leaving:
            return
        at = next((k for k, p in enumerate(self._asked) if moved is not None and moved.point is p), None)
        self._own = at is not None
        if at is None:
            # By hand.
            self._asked.clear()
            self.pause()
            return
        del self._asked[: at + 1]
        at_end = not self.playing and self._position >= self._film.last
        if at_end and not self._asked and self._film.ends_at_best:
            # Not from here: those who hear of this move later would take it for news of a hand.
            self._homeward.start()

    @Slot(str)
    def _on_play_failed(self, _sentence: str) -> None:
        self._asked.clear()
        self.pause()


def _timer(parent: QObject, milliseconds: int, *, once: bool = False) -> QTimer:
    timer = QTimer(parent)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(milliseconds)
    timer.setSingleShot(once)
    return timer
