"""What is picked: groups, rows, a term. Plots read and write it, never each other."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True, slots=True)
class Selection:
    """Picked groups as (grouping factor, level) pairs, and the emphasised term (None for none)."""

    groups: frozenset[tuple[str, str]] = frozenset()
    term: int | None = None


class SelectionModel(QObject):
    """The one shared selection of a window."""

    selection_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._selection = Selection()

    @property
    def selection(self) -> Selection:
        return self._selection

    def set_selection(self, selection: Selection) -> None:
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit(selection)

    def pick(self, grouping: str, level: str, *, extend: bool = False) -> None:
        """Pick one group; picking the only picked group again lets go of it."""
        key = (grouping, level)
        groups = self._selection.groups
        if extend:
            new = groups ^ {key}
        else:
            new = frozenset() if groups == {key} else frozenset({key})
        self.set_selection(Selection(frozenset(new), self._selection.term))

    def clear(self) -> None:
        self.set_selection(Selection())
