"""What a person chooses on the groups page: the view, the order, and which lines are drawn."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QComboBox, QPushButton, QSizePolicy, QWidget

from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.groups_order import GroupOrder
from mmgui.ui.choice_combo import ChoiceCombo
from mmgui.ui.flow_layout import FlowLayout
from mmgui.ui.menu_text import menu_text

TILES, OVERLAY, INTERVALS = "tiles", "overlay", "intervals"
VIEWS = (
    (TILES, "Small multiples", "A panel for each group"),
    (OVERLAY, "Overlay", "All groups in one panel"),
    (INTERVALS, "Intervals", "Each group fitted alone: do the intervals overlap?"),
)
CHIPS = (
    ("own", "noPoolingChip", "No pooling", "Each group by itself: a separate least-squares fit"),
    ("complete", "completePoolingChip", "Complete pooling", "One fit for all, the groups ignored"),
    (
        "partial",
        "partialPoolingChip",
        "Partial pooling",
        "The mixed model's: each group's own, pulled towards the average",
    ),
)
DEFAULTS = {
    TILES: frozenset({"own", "complete", "partial"}),
    OVERLAY: frozenset({"complete", "partial"}),
    INTERVALS: frozenset({"own", "complete"}),
}


class GroupsControls(QWidget):
    """Remembers the lines of each view by themselves."""

    view_chosen = Signal(str)
    order_chosen = Signal(str)
    lines_chosen = Signal(object)

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("groupsControls")
        self._themes, self._term = themes, 0
        self.view = TILES
        self._strip = False
        self._lines = dict(DEFAULTS)
        self._first, self._second = _Line(), _Line()
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.addWidget(self._first)
        self._box.addWidget(self._second)
        self._views = QButtonGroup(self)
        self._views.setExclusive(True)
        for k, (key, title, said) in enumerate(VIEWS):
            button = _pill(f"groupsView{key.capitalize()}", title, said)
            button.setChecked(key == self.view)
            self._views.addButton(button, k)
            self._first.flow.addWidget(button)
        self._views.idClicked.connect(self._on_view)
        # In a low page the three take the room of one.
        self.list = ChoiceCombo("groupsViewCombo", "View of the groups")
        self.list.addItems([title for _, title, _ in VIEWS])
        self.list.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.list.setProperty("role", "quiet")
        self.list.chosen.connect(self._on_view)
        self._first.flow.addWidget(self.list)
        self._compact = False
        self.list.hide()
        self.order = ChoiceCombo("groupsOrder", "Order of the groups")
        self.order.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.order.setProperty("role", "quiet")
        self.order.chosen.connect(self._on_order)
        self._orders: tuple[GroupOrder, ...] = ()
        self._first.flow.addWidget(self.order)
        self.chips: dict[str, QPushButton] = {}
        for key, name, title, said in CHIPS:
            chip = _pill(name, title, said)
            chip.setChecked(key in self._lines[self.view])
            chip.clicked.connect(self._on_chip)
            self.chips[key] = chip
            self._second.flow.addWidget(chip)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

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
            self.order.addItems([f"By {_lower(menu_text(o.title))}" for o in orders])
            for k, order in enumerate(orders):
                self.order.setItemData(k, order.meaning, Qt.ItemDataRole.ToolTipRole)
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
        self.chips["own"].setVisible(self.view != INTERVALS)

    def set_compact(self, compact: bool) -> None:
        """One line: the views as a list, the chips by their marks alone."""
        if compact == self._compact:
            return
        self._compact = compact
        for button in self._views.buttons():
            button.setVisible(not compact)
        self.list.setVisible(compact)
        self._adapt()

    @Slot(int)
    def _on_view(self, index: int) -> None:
        self.view = VIEWS[index][0]
        self._views.button(index).setChecked(True)
        with self.list.filling():
            self.list.setCurrentIndex(index)
        self._tick()
        self._adapt()
        self.view_chosen.emit(self.view)

    @Slot(int)
    def _on_order(self, _index: int) -> None:
        self._explain()
        self.order_chosen.emit(self.order_key)

    def _explain(self) -> None:
        order = self.chosen_order()
        self.order.setToolTip("" if order is None else order.meaning)

    @Slot()
    def _on_chip(self) -> None:
        on = frozenset(key for key, chip in self.chips.items() if chip.isChecked())
        self._lines[self.view] = on | ({"own"} if self.view == INTERVALS else frozenset())
        self.lines_chosen.emit(self.lines)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        for line in (self._first, self._second):
            line.flow.setSpacing(theme.px(6))
        self._box.setSpacing(theme.px(6))
        size = QSize(theme.px(26), theme.px(12))
        for key, chip in self.chips.items():
            chip.setIcon(_mark(key, theme, self._term, size, self.devicePixelRatioF()))
        self._adapt()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._adapt()

    def _write_chips(self, *, words: bool) -> None:
        """The chips by name, or by their marks alone; their tooltips say the same."""
        theme = self._themes.theme
        size = QSize(theme.px(26 if words else 22), theme.px(12))
        style = "" if words else f"padding-left: {theme.px(5)}px; padding-right: 0px;"
        for key, _, title, _ in CHIPS:
            chip = self.chips[key]
            # The blank keeps the height of a line.
            text = title if words else " "
            if (chip.text(), chip.styleSheet(), chip.iconSize()) != (text, style, size):
                chip.setText(text)
                chip.setStyleSheet(style)
                chip.setIconSize(size)

    def _adapt(self) -> None:
        """One line where both parts have room, else two."""
        theme = self._themes.theme
        self._write_chips(words=True)
        if self._compact and self._first.wanted() + self._second.wanted() + theme.px(4) > self.width():
            self._write_chips(words=False)
        first, second = self._first.wanted(), self._second.wanted()
        wide = first + second + theme.px(4 if self._compact else 20) <= self.width()
        way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if way != self._box.direction():
            self._box.setDirection(way)
        # Both as wide as they want to be, the rest to the right of them.
        self._box.setStretch(0, first + theme.px(2) if wide else 0)
        self._box.setStretch(1, max(self.width() - first - theme.px(2), 1) if wide else 0)


class _Line(QWidget):
    """Controls in a line, wrapping where the room ends."""

    def __init__(self) -> None:
        super().__init__()
        self.flow = FlowLayout(self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def wanted(self) -> int:
        """The width that all of it has side by side."""
        items = [self.flow.itemAt(k) for k in range(self.flow.count())]
        parts = [w for w in (i.widget() for i in items if i is not None) if w is not None]
        return sum(w.sizeHint().width() + self.flow.spacing() for w in parts if not w.isHidden())


def _lower(title: str) -> str:
    known = ("Level", "Size", "Slope", "Shrinkage", "Distance", "Name")
    return title[:1].lower() + title[1:] if title.startswith(known) else title


def _pill(name: str, title: str, said: str) -> QPushButton:
    button = QPushButton(title)
    button.setObjectName(name)
    button.setAccessibleName(f"{title}: {said}")
    button.setToolTip(said)
    button.setProperty("role", "pill")
    button.setCheckable(True)
    return button


def _mark(key: str, theme: Theme, term: int, size: QSize, ratio: float) -> QIcon:
    """How the line is drawn in the picture."""
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle = size.height() / 2
    hue = {"own": theme.no_pooling, "complete": theme.complete_pooling, "partial": theme.term_color(term)}[
        key
    ]
    wide = {"own": 1.2, "complete": 1.6, "partial": 2.0}[key] * theme.line_width
    stroke = QPen(QColor(hue), wide)
    if key == "complete":
        stroke.setDashPattern([2.5, 1.5])
    painter.setPen(stroke)
    long = size.width() * 0.77
    painter.drawLine(QPointF(1, middle), QPointF(long - 1, middle))
    if key != "complete":
        painter.setPen(QPen(QColor(hue), 1.2 * theme.line_width))
        painter.setBrush(QColor(theme.surface if key == "own" else hue))
        painter.drawEllipse(QPointF(long / 2, middle), size.height() * 0.26, size.height() * 0.26)
    painter.end()
    return QIcon(picture)
