"""The random effects: a card for each term, and the ways to add a grouping factor."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.carried import carried_variable
from mmgui.app.counted import counted
from mmgui.app.emphasis import Emphasis, EmphasisModel
from mmgui.app.model_builder import ModelBuilder
from mmgui.app.model_outline import CardOutline, groupings_offered
from mmgui.app.theme import ThemeModel
from mmgui.data.table import Table
from mmgui.ui.drag import DropTarget
from mmgui.ui.flow_layout import FlowLayout
from mmgui.ui.grouping_popup import COMBINED, CROSSED, NESTED, GroupingPopup
from mmgui.ui.random_term_card import RandomTermCard
from mmgui.ui.term_popup import Choice


class RandomTermsView(QWidget):
    """Cards in the order of the formula."""

    suggest_requested = Signal()

    def __init__(
        self,
        builder: ModelBuilder,
        themes: ThemeModel,
        emphasis: EmphasisModel | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("randomTermsView")
        self.setAccessibleName("Random effects")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._builder = builder
        self._themes = themes
        self._emphasis = emphasis if emphasis is not None else EmphasisModel(self)
        self._emphasis.emphasis_changed.connect(self._on_emphasis)
        self._table: Table | None = None
        self._cards: list[RandomTermCard] = []
        self.add_button = QPushButton("+ grouping factor")
        self.add_button.setObjectName("addGroupingButton")
        self.add_button.setAccessibleName("Add a grouping factor")
        self.add_button.setProperty("role", "ghost")
        self.add_button.setToolTip(
            "A grouping factor is what the rows come in, such as subjects, schools or batches"
        )
        self.add_button.clicked.connect(self._open_popup)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.suggest_button = QPushButton("Suggest a structure…")
        self.suggest_button.setObjectName("suggestButton")
        self.suggest_button.setAccessibleName("Suggest a structure of random effects")
        self.suggest_button.setProperty("role", "ghost")
        self.suggest_button.setToolTip(
            "Say what was measured on whom, and see the models that fit the design"
        )
        self.suggest_button.clicked.connect(lambda _=False: self.suggest_requested.emit())
        buttons = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        buttons.setSizePolicy(policy)
        flow = FlowLayout(buttons)
        flow.addWidget(self.add_button)
        flow.addWidget(self.suggest_button)
        self._column.addWidget(buttons)
        self.drop_target = DropTarget(self, self._accepts, self._take)

    def show_cards(self, cards: tuple[CardOutline, ...], table: Table | None) -> None:
        """Show the model's terms; cards that stay keep their place and the focus."""
        self._table = table
        self.add_button.setEnabled(table is not None)
        self.suggest_button.setEnabled(table is not None)
        while len(self._cards) > len(cards):
            card = self._cards.pop()
            if card.isAncestorOf(self.focusWidget() or self):
                self.add_button.setFocus()
            self._column.removeWidget(card)
            card.hide()
            # Found by name no more, although it lives until the event loop comes round.
            card.setParent(None)
            card.deleteLater()
        while len(self._cards) < len(cards):
            card = RandomTermCard(self._builder, self._themes, self)
            card.emphasised.connect(self._emphasis.emphasise)
            card.columns_wanted.connect(self._choose_columns)
            self._column.insertWidget(len(self._cards), card)
            self._cards.append(card)
        for card, outline in zip(self._cards, cards, strict=True):
            card.show_outline(outline, table)
            card.show_emphasis(self._emphasis.emphasis)
            card.show()

    def cards(self) -> tuple[RandomTermCard, ...]:
        """The cards, in the order of the formula."""
        return tuple(self._cards)

    def _on_emphasis(self, emphasis: Emphasis) -> None:
        for card in self._cards:
            card.show_emphasis(emphasis)

    def _choices(self, first: tuple[str, ...] = ()) -> list[Choice]:
        """Columns that can make groups, those of a card before the others."""
        table = self._table
        if table is None:
            return []
        names = [n for n in first if n in table]
        names += groupings_offered(table, self._builder.draft, first)
        return [Choice(name, counted(len(table[name].levels), "group"), name) for name in names]

    def _open_popup(self) -> None:
        if self._table is not None:
            popup = GroupingPopup(self._choices(), self)
            popup.grouping_chosen.connect(self._on_chosen)
            popup.open_below(self.add_button)

    def _choose_columns(self, index: int) -> None:
        """Choose what defines the groups of a card that there is."""
        if self._table is None or not 0 <= index < len(self._cards):
            return
        columns = self._builder.draft.random[index].grouping.columns
        popup = GroupingPopup(self._choices(columns), self, columns)
        popup.grouping_chosen.connect(lambda _how, chosen: self._builder.regroup(index, chosen))
        popup.open_below(self._cards[index].menu_button)

    def _on_chosen(self, how: str, columns: tuple[str, ...]) -> None:
        if how == NESTED:
            self._builder.add_nested(columns)
        elif how == CROSSED:
            self._builder.add_crossed(columns)
        elif how == COMBINED or len(columns) == 1:
            self._builder.add_grouping(columns)

    def _accepts(self, mime: QMimeData) -> bool:
        name = carried_variable(mime)
        known = name is not None and self._table is not None and name in self._table
        return known and name is not None and not self._builder.groups_by((name,))

    def _take(self, mime: QMimeData) -> None:
        name = carried_variable(mime)
        if name is not None:
            self._builder.add_grouping((name,))
