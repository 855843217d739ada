"""The fit without the picked group, wherever it is known, for every picture to draw behind the fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mmgui.app.selection import Selection, SelectionModel

if TYPE_CHECKING:
    from mmgui.engine.result import Fit
    from mmgui.figures.influence import DeletionGhost, InfluenceFigure


class GhostModel(QObject):
    """One group is picked and the fit without it is known: that fit is the ghost.

    Pages draw ``ghost`` only where ``ghost.fit`` is the fit that they show.
    """

    ghost_changed = Signal(object)
    """A ``DeletionGhost``, or None."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._selection: SelectionModel | None = None
        self._known: dict[str, InfluenceFigure] = {}
        self._fit: Fit | None = None
        self._ghost: DeletionGhost | None = None

    @property
    def ghost(self) -> DeletionGhost | None:
        """The fit without the picked group."""
        return self._ghost

    def follow(self, selection: SelectionModel) -> None:
        """Listen to what is picked."""
        self._selection = selection
        selection.selection_changed.connect(self._on_selection)

    def take(self, figure: InfluenceFigure) -> None:
        """Remember refits; those of another fit are forgotten."""
        if figure.fit is not self._fit:
            self._known.clear()
            self._fit = figure.fit
        self._known[figure.grouping] = figure
        self._refresh()

    def show(self, fit: Fit | None) -> None:
        """Another fit is shown: the ghosts of the one before are gone."""
        if fit is not self._fit:
            self._known.clear()
            self._fit = fit
            self._refresh()

    @Slot(object)
    def _on_selection(self, _selection: Selection) -> None:
        self._refresh()

    def _refresh(self) -> None:
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
        """A row picked by itself stands for no group; a group picked in one factor does."""
        selection = None if self._selection is None else self._selection.selection
        if selection is None or selection.rows or len(selection.groups) != 1:
            return None
        grouping, level = next(iter(selection.groups))
        figure = self._known.get(grouping)
        return None if figure is None else figure.ghost(level)
