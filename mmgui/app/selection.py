"""What is picked: groups, rows, a term. Plots read and write it, never each other."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True, slots=True)
class Selection:
    """What is picked.

    Attributes
    ----------
    groups
        Picked groups as (grouping factor, level) pairs.
    term
        The emphasised term, None for none.
    rows
        Rows of the table, ascending, where fewer are meant than those of the groups: a cell of two crossed
        factors. Empty for all rows of the picked groups.
    """

    groups: frozenset[tuple[str, str]] = frozenset()
    term: int | None = None
    rows: tuple[int, ...] = ()


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
