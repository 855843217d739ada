"""What a person chooses on the groups page: the view, the order, and which lines are drawn."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from mmgui.app.ghosts import GhostModel
from mmgui.app.plain_tip import plain_tip
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.groups_order import GroupOrder
from mmgui.ui.choice_combo import ChoiceCombo
from mmgui.ui.ghost_chip import GhostChip
from mmgui.ui.line_chips import LineChips
from mmgui.ui.menu_text import one_line
from mmgui.ui.page_head import PageHead
from mmgui.ui.view_choice import ViewChoice

TILES, OVERLAY, INTERVALS = "tiles", "overlay", "intervals"
VIEWS = (
    (TILES, "Small multiples", "A panel for each group"),
    (OVERLAY, "Overlay", "All groups in one panel"),
    (INTERVALS, "Intervals", "Each group fitted alone: do the intervals overlap?"),
)
DEFAULTS = {
    TILES: frozenset({"own", "complete", "partial"}),
    OVERLAY: frozenset({"complete", "partial"}),
    INTERVALS: frozenset({"own", "complete"}),
}


class GroupsControls(PageHead):
    """The head of the page; remembers the lines of each view by themselves."""

    view_chosen = Signal(str)
    order_chosen = Signal(str)
    lines_chosen = Signal(object)

    def __init__(
        self, themes: ThemeModel, ghosts: GhostModel, chooser: QWidget, parent: QWidget | None = None
    ) -> None:
        self.views = ViewChoice(
            "groupsViews",
            "View of the groups",
            [(f"groupsView{key.capitalize()}", title, said) for key, title, said in VIEWS],
            list_name="groupsViewCombo",
        )
        self.order = ChoiceCombo("groupsOrder", "Order of the groups")
        self.order.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._chips = LineChips("own", "complete", "partial")
        self.ghost = GhostChip(ghosts)
        super().__init__(self.views, chooser, self.order, self._chips, self.ghost, parent=parent)
        self.setObjectName("groupsControls")
        self._themes, self._term = themes, 0
        self._strip = False
        self._lines = dict(DEFAULTS)
        self._orders: tuple[GroupOrder, ...] = ()
        self.views.chosen.connect(self._on_view)
        self.order.chosen.connect(self._on_order)
        self.chips = self._chips.buttons
        for key, chip in self.chips.items():
            chip.setChecked(key in self.lines)
            chip.clicked.connect(self._on_chip)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    @property
    def view(self) -> str:
        """Which view is chosen."""
        return VIEWS[self.views.index][0]

    @property
    def lines(self) -> frozenset[str]:
        """The lines of the view."""
        return self._lines[self.view]

    def offer_orders(self, orders: tuple[GroupOrder, ...]) -> None:
        """Offer these orders; the one chosen stays where it exists."""
        chosen = self.order_key
        self._orders = orders
        with self.order.filling():
            self.order.clear()
            self.order.addItems([f"By {_lower(one_line(o.title))}" for o in orders])
            for k, order in enumerate(orders):
                self.order.setItemData(k, plain_tip(order.meaning), Qt.ItemDataRole.ToolTipRole)
            keys = [o.key for o in orders]
            self.order.setCurrentIndex(keys.index(chosen) if chosen in keys else 0)
        self._explain()

    @property
    def order_key(self) -> str:
        """The order chosen."""
        index = self.order.currentIndex()
        return self._orders[index].key if 0 <= index < len(self._orders) else ""

    def chosen_order(self) -> GroupOrder | None:
        """The order chosen, of those offered."""
        index = self.order.currentIndex()
        return self._orders[index] if 0 <= index < len(self._orders) else None

    def set_term(self, term: int, *, strip: bool) -> None:
        """Whose colour the partial-pooling chip has; of groups without a predictor an overlay shows all."""
        self._term = term
        if strip != self._strip:
            self._strip = strip
            self._lines[OVERLAY] = DEFAULTS[TILES] if strip else DEFAULTS[OVERLAY]
            self._tick()
        self._on_theme(self._themes.theme)

    def _tick(self) -> None:
        for key, chip in self.chips.items():
            chip.setChecked(key in self.lines)
        # The separate fits are what that view is about.
        self._chips.offer("own", self.view != INTERVALS)
        self.ghost.set_drawn(self.view != INTERVALS)
        self._explain()

    @Slot(int)
    def _on_view(self, _index: int) -> None:
        self._tick()
        self.view_chosen.emit(self.view)

    @Slot(int)
    def _on_order(self, _index: int) -> None:
        self._explain()
        self.order_chosen.emit(self.order_key)

    def _explain(self) -> None:
        order = self.chosen_order()
        ordered = self._strip or self.view != OVERLAY
        self.order.setEnabled(ordered)
        words = "Lines over one another stand in no order." if not ordered else order.meaning if order else ""
        self.order.setToolTip(plain_tip(words))

    @Slot()
    def _on_chip(self) -> None:
        on = frozenset(key for key, chip in self.chips.items() if chip.isChecked())
        self._lines[self.view] = on | ({"own"} if self.view == INTERVALS else frozenset())
        self.lines_chosen.emit(self.lines)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self.dress(theme)
        self._chips.dress(theme, self._term)
        self.ghost.dress(theme, self._term)


def _lower(title: str) -> str:
    known = ("Level", "Size", "Slope", "Shrinkage", "Distance", "Name")
    return title[:1].lower() + title[1:] if title.startswith(known) else title
