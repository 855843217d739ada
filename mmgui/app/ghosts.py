"""The fit without the picked group, for every picture to draw behind the fit."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmgui.app.latest_work import LatestWork
from mmgui.app.runner import Runner, ThreadRunner
from mmgui.app.selection import Selection, SelectionModel
from mmgui.errors import MmguiError

if TYPE_CHECKING:
    from mmgui.engine.result import Fit
    from mmgui.figures.influence import DeletionGhost, InfluenceFigure

QUICK_ROWS, QUICK_SECONDS = 5_000, 2.0
"""Up to how many rows, and how long a fit, a group is left out as soon as it is picked."""
Group = tuple[str, str]
"""Grouping factor and level."""


class GhostModel(QObject):
    """One group is picked, the fit without it is known, and ghosts are shown: that fit is the ghost.

    Where the refit is but a moment it is done when the group is picked. Ghosts are shown once a person asks
    for them, or has looked at what leaving out groups does. Pages draw ``ghost`` only where ``ghost.fit``
    is the fit that they show.
    """

    ghost_changed = Signal(object)
    """A ``DeletionGhost``, or None."""
    shown_changed = Signal(bool)
    possible_changed = Signal(bool)
    picked_changed = Signal(bool)
    busy_changed = Signal(bool)

    def __init__(self, runner: Runner | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._selection: SelectionModel | None = None
        self._known: dict[str, InfluenceFigure] = {}
        self._single: dict[Group, DeletionGhost | None] = {}
        self._fit: Fit | None = None
        self._ghost: DeletionGhost | None = None
        self._shown, self._decided, self._possible, self._one = False, False, False, False
        self._pending: Group | None = None
        self._work = LatestWork("leave a group out", runner if runner is not None else ThreadRunner(), self)
        self._work.done.connect(self._on_done)
        self._work.failed.connect(self._on_failed)
        self._work.busy_changed.connect(self.busy_changed)

    @property
    def ghost(self) -> DeletionGhost | None:
        """The fit without the picked group, to be drawn."""
        return self._ghost

    @property
    def shown(self) -> bool:
        """Whether ghosts are drawn."""
        return self._shown

    @property
    def possible(self) -> bool:
        """Whether a picked group can have a ghost."""
        return self._possible

    @property
    def picked(self) -> bool:
        """Whether one group is picked, the one to be left out."""
        return self._one

    @property
    def busy(self) -> bool:
        """Whether a refit is under way."""
        return self._work.busy

    def follow(self, selection: SelectionModel) -> None:
        """Listen to what is picked."""
        self._selection = selection
        selection.selection_changed.connect(self._on_selection)

    @Slot(bool)
    def set_shown(self, shown: bool) -> None:
        """A person wants ghosts, or wants none."""
        self._decided = True
        self._show(shown)

    def take(self, figure: InfluenceFigure) -> None:
        """Remember refits; those of another fit are forgotten."""
        if figure.fit is not self._fit:
            self._forget(figure.fit)
        self._known[figure.grouping] = figure
        if not self._decided:
            self._show(True)
        self._refresh()

    def show(self, fit: Fit | None) -> None:
        """Another fit is shown: the ghosts of the one before are gone."""
        if fit is not self._fit:
            self._forget(fit)
            self._refresh()

    def shutdown(self) -> None:
        """Hear of nothing any more."""
        self._work.shutdown()

    def _forget(self, fit: Fit | None) -> None:
        self._known.clear()
        self._single.clear()
        self._work.forget()
        self._pending, self._fit = None, fit

    def _show(self, shown: bool) -> None:
        if shown != self._shown:
            self._shown = shown
            self.shown_changed.emit(shown)
            self._refresh()

    @Slot(object)
    def _on_selection(self, _selection: Selection) -> None:
        one = self._picked() is not None
        if one != self._one:
            self._one = one
            self.picked_changed.emit(one)
        self._refresh()

    def _refresh(self) -> None:
        possible = bool(self._known) or (self._fit is not None and _in_reach(self._fit))
        if possible != self._possible:
            self._possible = possible
            self.possible_changed.emit(possible)
        ghost = self._wanted()
        same = ghost is self._ghost or (
            ghost is not None
            and self._ghost is not None
            and (ghost.fit, ghost.grouping, ghost.level)
            == (self._ghost.fit, self._ghost.grouping, self._ghost.level)
        )
        if not same:
            self._ghost = ghost
            self.ghost_changed.emit(ghost)

    def _wanted(self) -> DeletionGhost | None:
        """The picked group's, where it is known; else its refit begins."""
        group = self._picked()
        if group is None or not self._shown:
            return None
        figure = self._known.get(group[0])
        ghost = None if figure is None else figure.ghost(group[1])
        if ghost is not None:
            return ghost
        if group not in self._single:
            self._begin(group)
        return self._single.get(group)

    def _picked(self) -> Group | None:
        """A row picked by itself stands for no group; a group picked in one factor does."""
        selection = None if self._selection is None else self._selection.selection
        if selection is None or selection.rows or len(selection.groups) != 1:
            return None
        return next(iter(selection.groups))

    def _begin(self, group: Group) -> None:
        fit = self._fit
        if fit is None or group == self._pending or not _in_reach(fit):
            return
        if any(t.grouping == group[0] and group[1] in t.levels for t in fit.terms):
            self._pending = group
            self._work.submit(partial(_left_out, fit, group))

    @Slot(object)
    def _on_done(self, found: tuple[Fit, Group, DeletionGhost | None]) -> None:
        fit, group, ghost = found
        if fit is self._fit:
            self._single[group] = ghost
            if self._pending == group:
                self._pending = None
            self._refresh()

    @Slot(object)
    def _on_failed(self, _error: MmguiError) -> None:
        """Without the group there is no fit, and no ghost."""
        if self._pending is not None:
            self._single[self._pending] = None
            self._pending = None


def _in_reach(fit: Fit) -> bool:
    """Whether a refit, which begins where the fit ended, is but a moment."""
    return bool(fit.terms) and fit.nobs <= QUICK_ROWS and fit.seconds <= QUICK_SECONDS


def _left_out(fit: Fit, group: Group) -> tuple[Fit, Group, DeletionGhost | None]:
    from mmgui.figures.influence import deletion_ghost

    return fit, group, deletion_ghost(fit, *group)
