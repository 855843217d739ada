"""One random-effects term as a card: what varies between the groups, and how it varies together."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, Signal
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from mmgui.app.carried_slope import CarriedSlope
from mmgui.app.emphasis import Emphasis
from mmgui.app.model_builder import ModelBuilder
from mmgui.app.model_outline import CardOutline
from mmgui.app.plain_tip import plain_tip
from mmgui.app.theme import ThemeModel
from mmgui.data.table import Table
from mmgui.spec.terms import INTERCEPT, Covariance, Term
from mmgui.ui.card_drag import carry_effect
from mmgui.ui.card_drop_zones import CardDropZones
from mmgui.ui.card_drops import CardDrops
from mmgui.ui.card_foot import CardFoot
from mmgui.ui.card_head import CardHead, quiet_button
from mmgui.ui.card_intercept import InterceptCheck
from mmgui.ui.card_menus import card_menu, effect_menu, nest_menu
from mmgui.ui.slopes_list import SlopesList


class RandomTermCard(QFrame):
    """Shows an outline and sends every wish to the builder; never keeps state of its own."""

    emphasised = Signal(object)
    columns_wanted = Signal(int)

    def __init__(self, builder: ModelBuilder, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "termCard")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._builder = builder
        self._themes = themes
        self._outline: CardOutline | None = None
        self._table: Table | None = None
        self._marked = False
        self._make_controls()
        self._lay_out()
        self._drops = CardDrops(self, builder)
        self._drops.target.told.connect(
            lambda words, refused: self._head.show_hint(words, refused, self._themes.theme)
        )

    def _make_controls(self) -> None:
        self._head = CardHead()
        self._head.remove.clicked.connect(lambda _=False: self._builder.remove_random(self._index))
        self._head.nest.clicked.connect(self._open_nest_menu)
        self._head.menu.clicked.connect(self._open_menu)
        self._intercept = InterceptCheck()
        self._intercept.toggled.connect(self._on_intercept)
        self._intercept.drag_requested.connect(lambda: self._carry(INTERCEPT))
        self._intercept.menu_requested.connect(lambda at: self._open_effect_menu(INTERCEPT, at))
        self._intercept.hovered.connect(lambda on: self._on_effect_hovered(INTERCEPT if on else None))
        self._dots = QToolButton()
        self._dots.setObjectName("interceptMenuButton")
        self._dots.setText("⋯")
        self._dots.setProperty("role", "dots")
        self._dots.setAccessibleName("More for the intercept")
        self._dots.clicked.connect(
            lambda _=False: self._open_effect_menu(
                INTERCEPT, self._dots.mapToGlobal(self._dots.rect().bottomLeft())
            )
        )
        self._slopes = SlopesList(self._themes)
        self._slopes.slope_toggled.connect(self._on_slope)
        self._slopes.drag_requested.connect(self._carry)
        self._slopes.menu_requested.connect(self._open_effect_menu)
        self._slopes.row_hovered.connect(self._on_effect_hovered)
        self._more = quiet_button("", "moreSlopesButton")
        self._more.clicked.connect(self._on_more)
        self._zones = CardDropZones(self._builder)
        self._foot = CardFoot(self._themes)
        self._foot.structure_chosen.connect(self._on_covariance)

    def _lay_out(self) -> None:
        first, more = QHBoxLayout(), QHBoxLayout()
        _fill(first, self._intercept, 1)
        first.addWidget(self._dots)
        _fill(more, self._more, 0)
        more.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(15, 8, 10, 8)
        column.setSpacing(3)
        column.addWidget(self._head)
        column.addSpacing(2)
        column.addLayout(first)
        column.addWidget(self._slopes)
        column.addLayout(more)
        column.addWidget(self._zones)
        column.addWidget(self._foot)

    @property
    def _index(self) -> int:
        assert self._outline is not None
        return self._outline.index

    @property
    def menu_button(self) -> QPushButton:
        """What the card's own menu and lists open below."""
        return self._head.menu

    def show_outline(self, outline: CardOutline, table: Table | None) -> None:
        """Show a card's outline, in place."""
        self._table = table
        theme = self._themes.theme
        color = theme.term_color(outline.index)
        self._outline = outline
        self.setObjectName(f"randomTermCard{outline.index}")
        self.setAccessibleName(f"Random effects of {outline.label}")
        self._drops.show_card(outline.index, table)
        self._zones.hide()
        self._head.show_outline(outline, color)
        self._intercept.setChecked(outline.intercept)
        self._intercept.setAccessibleName(f"Intercept differs by {outline.label}")
        words = f"Random intercept: each group of {outline.label} has a level of its own."
        self._intercept.setToolTip(plain_tip(words))
        self._dots.setFixedSize(theme.px(18), theme.px(22))
        self._slopes.setAccessibleName(f"Slopes that differ by {outline.label}")
        self._slopes.show_rows(outline.slopes, color)
        self._show_more()
        self._foot.show_outline(outline, color)
        self.update()

    def show_emphasis(self, emphasis: Emphasis) -> None:
        """Mark the card, or one of its effects, if that is what lights up."""
        index = -1 if self._outline is None else self._outline.index
        labels = frozenset(label for k, label in emphasis.effects if k == index)
        marked = index in emphasis.random or bool(labels)
        self._slopes.emphasise(labels | emphasis.fixed)
        if marked != self._marked:
            self._marked = marked
            self.update()

    def _show_more(self) -> None:
        folded = self._slopes.folded()
        self._more.setVisible(folded > 0)
        self._more.setText("fewer slopes" if self._slopes.shows_all else f"+ slope… ({folded})")
        self._more.setAccessibleName("Show slopes of variables that are not in the model")

    # -- wishes

    def _on_intercept(self, on: bool) -> None:
        if self._outline is not None and on != self._outline.intercept:
            self._builder.set_random_intercept(self._index, on)

    def _on_slope(self, term: Term, on: bool) -> None:
        if on:
            self._builder.add_slope(self._index, term)
        else:
            self._builder.remove_slope(self._index, term)

    def _on_more(self) -> None:
        self._slopes.set_all(not self._slopes.shows_all)
        self._show_more()

    def _on_covariance(self, covariance: Covariance) -> None:
        self._builder.set_covariance(self._index, covariance)

    def _open_nest_menu(self) -> None:
        if self._outline is not None:
            button = self._head.nest
            menu = nest_menu(self._builder, self._outline, self)
            menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _open_menu(self) -> None:
        if self._outline is not None:
            button, index = self._head.menu, self._index
            menu = card_menu(self._builder, self._outline, lambda: self.columns_wanted.emit(index), self)
            menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _open_effect_menu(self, effect: Term, at: QPoint) -> None:
        if self._outline is not None:
            effect_menu(self._builder, self._table, self._index, effect, self).popup(at)

    # -- dragging and pointing

    def _carry(self, effect: Term) -> None:
        slope = CarriedSlope(self._index, effect)
        self._zones.offer(slope)
        theme = self._themes.theme
        held = slope.held(self._builder.draft)
        carry_effect(self, slope, held=held, color=theme.term_color(slope.card), theme=theme)
        # The drop may have taken the last effect, and the card with it.
        if isValid(self):
            self._zones.hide()

    def _on_effect_hovered(self, effect: Term | None) -> None:
        if self._outline is None:
            return
        if effect is None:
            self.emphasised.emit(self._own_emphasis() if self.underMouse() else Emphasis())
        else:
            self.emphasised.emit(
                Emphasis(
                    effects=frozenset({(self._index, effect.label)}), columns=frozenset(effect.columns())
                )
            )

    def _own_emphasis(self) -> Emphasis:
        columns = () if self._outline is None else self._outline.columns
        return Emphasis(random=frozenset({self._index}), columns=frozenset(columns))

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        if self._outline is not None:
            self.emphasised.emit(self._own_emphasis())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.emphasised.emit(Emphasis())

    # -- looks

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._themes.theme
        dropping = bool(self.property("dropping"))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        radius = theme.px(8)
        shape = QPainterPath()
        shape.addRoundedRect(rect, radius, radius)
        painter.fillPath(shape, QColor(theme.accent_soft if dropping else theme.surface))
        if self._outline is not None:
            painter.setClipPath(shape)
            edge = QColor(theme.term_color(self._outline.index))
            painter.fillRect(QRectF(0, 0, theme.px(4), self.height()), edge)
            if self._marked and not dropping:
                edge.setAlphaF(0.07)
                painter.fillRect(rect, edge)
            painter.setClipping(False)
        painter.setPen(QPen(QColor(theme.accent if dropping else theme.line), 1))
        painter.drawPath(shape)


def _fill(row: QHBoxLayout, first: QWidget, stretch: int) -> None:
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    row.addWidget(first, stretch)
