"""What a card does with what is dropped on it."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QWidget

from mmgui.app.card_offers import Offer, offer_of
from mmgui.app.model_builder import ModelBuilder
from mmgui.data.table import Table
from mmgui.ui.card_menus import column_menu
from mmgui.ui.drag import DropTarget


class CardDrops(QObject):
    """Effects of other cards are moved or copied, terms become slopes; a category asks what it is to be."""

    def __init__(self, card: QWidget, builder: ModelBuilder) -> None:
        super().__init__(card)
        self._card = card
        self._builder = builder
        self._index = -1
        self._table: Table | None = None
        self.target = DropTarget(
            card, self._accepts, self._take, refuses=self._refuses, describes=self._describes
        )

    def show_card(self, index: int, table: Table | None) -> None:
        """Which card this is now."""
        self._index, self._table = index, table

    def _offer(self, mime: QMimeData) -> Offer | None:
        return offer_of(mime, self._index, self._builder.draft, self._table)

    def _accepts(self, mime: QMimeData) -> bool:
        offer = self._offer(mime)
        return offer is not None and offer.taken

    def _refuses(self, mime: QMimeData) -> str:
        offer = self._offer(mime)
        return "" if offer is None or offer.taken else offer.words

    def _describes(self, mime: QMimeData) -> str:
        offer = self._offer(mime)
        if offer is None:
            return ""
        if offer.moved is None:
            return offer.words
        return f"Copy {offer.name} here" if self.target.copying else f"Move {offer.name} here (Ctrl copies)"

    def _take(self, mime: QMimeData) -> None:
        offer = self._offer(mime)
        if offer is None or not offer.taken:
            return
        if offer.moved is not None:
            self._builder.move_effect(offer.moved.card, self._index, offer.effect, copy=self.target.copying)
        elif offer.column:
            column, at = offer.column, QCursor.pos()
            # The drag has its hands on the mouse until it has ended.
            QTimer.singleShot(0, self, lambda: self._ask(column, at))
        else:
            self._builder.add_slope(self._index, offer.effect)

    def _ask(self, column: str, at: object) -> None:
        draft, table = self._builder.draft, self._table
        known = table is not None and column in table and 0 <= self._index < len(draft.random)
        if known and table is not None:
            menu = column_menu(self._builder, table, self._index, column, self._card)
            menu.popup(at)  # type: ignore[arg-type]
