"""Makes films of the fit shown, in the background."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmgui.app.latest_work import LatestWork
from mmgui.app.play import PlayModel
from mmgui.app.runner import Runner, ThreadRunner
from mmgui.errors import MmguiError

if TYPE_CHECKING:
    from mmgui.figures.film import Film, FilmChoice
    from mmgui.figures.moved import MovableFit


class FilmMaker(QObject):
    """Which films there are of the fit shown, and the one wished last."""

    made = Signal(object)
    """A ``Film`` of the fit that is shown now."""
    failed = Signal(str)
    busy_changed = Signal(bool)
    fit_changed = Signal()

    def __init__(self, play: PlayModel, runner: Runner | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        worker: Runner = runner if runner is not None else ThreadRunner()
        self._play = play
        # The film that is made as soon as the fit can be moved.
        self._wanted = ""
        self._work = LatestWork("make a film", worker, self)
        self._work.done.connect(self._on_done)
        self._work.failed.connect(self._on_failed)
        self._work.busy_changed.connect(self.busy_changed)
        play.ready_changed.connect(self._on_ready)

    @property
    def busy(self) -> bool:
        """Whether a film is being made."""
        return self._work.busy

    def choices(self) -> tuple[FilmChoice, ...]:
        """The films that can be made of the fit shown."""
        fit = self._play.fit
        if fit is None or not fit.terms:
            return ()
        from mmgui.figures.films import film_choices

        return film_choices(fit)

    def make(self, key: str) -> None:
        """Make a film; the most telling one where no key is given."""
        fit = self._play.fit
        if fit is None or not fit.terms:
            return
        from mmgui.figures.films import telling_film

        self._wanted = key or telling_film(fit)
        if self._play.ready:
            self._begin()
        else:
            self._play.prepare()

    def forget(self) -> None:
        """Nobody wants the film that is being made."""
        self._wanted = ""
        self._work.forget()

    def shutdown(self) -> None:
        """Hear of nothing any more."""
        self._wanted = ""
        self._work.shutdown()

    def _begin(self) -> None:
        movable, key = self._play.movable, self._wanted
        if movable is not None and key:
            self._wanted = ""
            self._work.submit(partial(_made, movable, key))

    @Slot(bool)
    def _on_ready(self, ready: bool) -> None:
        if ready:
            self._begin()
        else:
            self.forget()
            self.fit_changed.emit()

    @Slot(object)
    def _on_done(self, done: tuple[MovableFit, Film | None]) -> None:
        movable, film = done
        if movable is not self._play.movable:
            return
        if film is None:
            self.failed.emit("There is nothing to replay: the optimiser had nothing to do.")
        else:
            self.made.emit(film)

    @Slot(object)
    def _on_failed(self, error: MmguiError) -> None:
        self.failed.emit(error.message)


def _made(movable: MovableFit, key: str) -> tuple[MovableFit, Film | None]:
    from mmgui.figures.films import make_film

    return movable, make_film(movable.space, key)
