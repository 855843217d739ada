"""Which panes of the window are folded away, and why: by choice, for the mode, or for want of room."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal, Slot

DATA, MODEL, SHELF = "data", "model", "shelf"
PANES = (DATA, MODEL, SHELF)
LOW_WINDOW = 700
"""Height of the window, at scale 1, below which the shelf is one line unless the person wants it whole."""


class Folding(QObject):
    """What the person folded stays folded, at the desk and on the projector each on its own.

    Where nothing was chosen, a projector shows the results: the data are folded away, and the model as soon
    as there are results to be looked at.
    """

    changed = Signal()

    def __init__(self, chosen: Mapping[str, bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chosen = dict(chosen)
        self._projector = self._results = self._low = self._alone = False

    @property
    def chosen(self) -> dict[str, bool]:
        """What the person chose, by mode and pane."""
        return dict(self._chosen)

    @property
    def mode(self) -> str:
        """What goes before a pane's name where a choice is kept: nothing at the desk."""
        return "projector " if self._projector else ""

    @property
    def projector(self) -> bool:
        return self._projector

    @property
    def alone(self) -> bool:
        """Whether the results have the window for themselves."""
        return self._alone

    def folded(self, pane: str) -> bool:
        """Whether a pane is folded; what is shown while the results are alone is another matter."""
        return self._chosen.get(self.mode + pane, self._by_itself(pane))

    def _by_itself(self, pane: str) -> bool:
        by_itself = {DATA: self._projector, MODEL: self._projector and self._results, SHELF: self._low}
        return by_itself[pane]

    # -- what the person does

    def fold(self, pane: str, folded: bool) -> None:
        """Fold a pane or bring it back; whoever wants to see a pane wants the results alone no longer."""
        before = self._state()
        self._chosen[self.mode + pane] = folded
        self._alone = self._alone and folded
        self._tell(before)

    @Slot(bool)
    def set_alone(self, alone: bool) -> None:
        """Give the window to the results, or to all again."""
        before = self._state()
        self._alone = alone
        self._tell(before)

    @Slot()
    def show_all(self) -> None:
        """Let the results be alone no longer."""
        self.set_alone(False)

    # -- what is the case

    def set_projector(self, projector: bool) -> None:
        before = self._state()
        self._projector = projector
        self._tell(before)

    def set_results(self, results: bool) -> None:
        """Whether there are results to be looked at."""
        before = self._state()
        self._results = results
        self._tell(before)

    def set_height(self, height: float) -> None:
        """The window's height at scale 1."""
        before = self._state()
        self._low = height < LOW_WINDOW
        self._tell(before)

    def _state(self) -> tuple[bool, ...]:
        return (self._projector, self._alone, *(self.folded(p) for p in PANES))

    def _tell(self, before: tuple[bool, ...]) -> None:
        if self._state() != before:
            self.changed.emit()
