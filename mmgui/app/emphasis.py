"""What the pointer rests on: pieces of the model that light up together wherever they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Pieces of the model being built.

    Attributes
    ----------
    fixed
        Labels of fixed effects as the formula writes them, ``"1"`` for the intercept.
    random
        Positions of random-effects terms.
    effects
        (position of a random-effects term, label of an effect) pairs, ``"1"`` for the intercept.
    columns
        Columns of the table.
    """

    fixed: frozenset[str] = frozenset()
    random: frozenset[int] = frozenset()
    effects: frozenset[tuple[int, str]] = frozenset()
    columns: frozenset[str] = frozenset()


NOTHING = Emphasis()


class EmphasisModel(QObject):
    """The one emphasis of a window: chips, cards, equation and advice read and write it."""

    emphasis_changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._emphasis = NOTHING

    @property
    def emphasis(self) -> Emphasis:
        return self._emphasis

    def emphasise(self, emphasis: Emphasis) -> None:
        if emphasis != self._emphasis:
            self._emphasis = emphasis
            self.emphasis_changed.emit(emphasis)

    def clear(self) -> None:
        self.emphasise(NOTHING)
