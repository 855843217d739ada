"""One random-effects term as a card: what varies between the groups, and how it varies together."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from mmgui.app.carried import carried_term, carried_variable
from mmgui.app.model_builder import ModelBuilder, term_of
from mmgui.app.model_outline import CardOutline
from mmgui.app.theme import ThemeModel
from mmgui.data.table import Table
from mmgui.figures.covariance_words import covariance_explained, covariance_name
from mmgui.spec.terms import Covariance, Term
from mmgui.ui.choice_combo import ChoiceCombo
from mmgui.ui.drag import DropTarget
from mmgui.ui.menu_text import menu_text
from mmgui.ui.slopes_list import SlopesList

_MOST_NESTABLE = 30


class RandomTermCard(QFrame):
    """Shows an outline and sends every wish to the builder; never keeps state of its own."""

    def __init__(self, builder: ModelBuilder, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "termCard")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._builder = builder
        self._themes = themes
        self._outline: CardOutline | None = None
        self._table: Table | None = None
        self._make_controls()
        self._lay_out()
        DropTarget(self, self._accepts, self._take)

    def _make_controls(self) -> None:
        self._grouping = QLabel()
        self._grouping.setObjectName("groupingLabel")
        self._grouping.setTextFormat(Qt.TextFormat.PlainText)
        self._grouping.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._size = QLabel()
        self._size.setObjectName("groupSizes")
        self._size.setProperty("role", "muted")
        self._remove = _button("remove", "removeTermButton")
        self._remove.clicked.connect(lambda _=False: self._builder.remove_random(self._index))
        self._nest = _button("+ nested…", "nestButton")
        self._nest.clicked.connect(self._open_nest_menu)
        self._intercept = _RowCheck("Intercept")
        self._intercept.setObjectName("interceptCheck")
        self._intercept.toggled.connect(self._on_intercept)
        self._slopes = SlopesList(self._themes)
        self._slopes.slope_toggled.connect(self._on_slope)
        self._more = _button("", "moreSlopesButton")
        self._more.clicked.connect(self._on_more)
        self._correlation = ChoiceCombo("correlationCombo", "Correlation")
        self._correlation.setProperty("role", "quiet")
        self._correlation.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        with self._correlation.filling():
            for row, covariance in enumerate(Covariance):
                self._correlation.addItem(covariance_name(covariance), covariance)
                self._correlation.setItemData(
                    row, covariance_explained(covariance), Qt.ItemDataRole.ToolTipRole
                )
        self._correlation.chosen.connect(self._on_covariance)
        self._count = QLabel()
        self._count.setObjectName("parameterCount")
        # Gives way in a narrow pane, where it moves to a line of its own.
        self._count.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def _lay_out(self) -> None:
        head = _row(self._grouping, 1)
        head.addWidget(self._nest)
        head.addWidget(self._remove)
        foot = self._foot = _row(self._correlation, 0)
        foot.addWidget(self._count, 1)
        self._more_row = _row(self._more, 0)
        self._more_row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(15, 8, 10, 8)
        column.setSpacing(3)
        column.addLayout(head)
        column.addWidget(self._size)
        column.addSpacing(2)
        column.addWidget(self._intercept)
        column.addWidget(self._slopes)
        column.addLayout(self._more_row)
        column.addLayout(foot)

    @property
    def _index(self) -> int:
        assert self._outline is not None
        return self._outline.index

    def show_outline(self, outline: CardOutline, table: Table | None) -> None:
        """Show a card's outline, in place."""
        self._table = table
        theme = self._themes.theme
        color = theme.term_color(outline.index)
        self._outline = outline
        self.setObjectName(f"randomTermCard{outline.index}")
        self.setAccessibleName(f"Random effects of {outline.label}")
        self._grouping.setToolTip(outline.label)
        self._grouping.setStyleSheet(f"color: {color}; font-weight: 600;")
        self._grouping.setAccessibleName(f"Grouping factor {outline.label}")
        self._size.setText(outline.size)
        self._size.setVisible(bool(outline.size))
        self._remove.setAccessibleName(f"Remove the random effects of {outline.label}")
        self._nest.setAccessibleName(f"Add groups inside {outline.label}")
        self._nest.setToolTip(f"Add groups that lie inside {outline.label}")
        self._nest.setVisible(bool(outline.can_nest))
        self._intercept.setChecked(outline.intercept)
        self._intercept.setAccessibleName(f"Intercept differs by {outline.label}")
        self._intercept.setToolTip(f"Random intercept: each group of {outline.label} has a level of its own.")
        self._slopes.setAccessibleName(f"Slopes that differ by {outline.label}")
        self._slopes.show_rows(outline.slopes, color)
        self._show_more()
        self._correlation.setAccessibleName(f"Correlation of the effects of {outline.label}")
        with self._correlation.filling():
            self._correlation.setCurrentIndex(self._correlation.findData(outline.covariance))
        self._correlation.setVisible(outline.structured)
        self._correlation.setToolTip(covariance_explained(outline.covariance))
        self._count.setText(outline.parameters)
        self._count.setToolTip(
            "Variances and covariances to estimate: n effects that may correlate freely have n(n+1)/2."
        )
        # Text for the far end of a room leaves no place for two things in a line.
        self._place_more(outline.structured or theme.scale >= 1.4)
        self._turn_foot()
        self._elide()
        self.update()

    def _show_more(self) -> None:
        folded = self._slopes.folded()
        self._more.setVisible(folded > 0)
        self._more.setText("fewer slopes" if self._slopes.shows_all else f"+ slope… ({folded})")
        self._more.setAccessibleName("Show slopes of variables that are not in the model")

    def _place_more(self, own_row: bool) -> None:
        """Where the effects cannot correlate the last line has room for the button."""
        here, there = (self._more_row, self._foot) if own_row else (self._foot, self._more_row)
        if here.indexOf(self._more) < 0:
            there.removeWidget(self._more)
            here.insertWidget(0, self._more)

    def _turn_foot(self) -> None:
        """Beside each other where they fit, else one below the other."""
        parts = [
            self._correlation,
            self._count,
            *([self._more] if self._foot.indexOf(self._more) >= 0 else []),
        ]
        shown = [w.sizeHint().width() for w in parts if not w.isHidden()]
        margins = self.contentsMargins().left() + self.contentsMargins().right() + 25
        excess = sum(shown) + self._foot.spacing() * len(shown) + margins - self.width()
        # The drop-down list can do with a little less than it asks for.
        fits = excess <= (0 if self._correlation.isHidden() else self.fontMetrics().height())
        self._correlation.setMaximumWidth(
            self._correlation.sizeHint().width() - (max(excess, 0) if fits else 0)
        )
        across = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        self._foot.setDirection(across)
        for widget in (self._correlation, self._more):
            self._foot.setAlignment(widget, Qt.AlignmentFlag.AlignLeft)
        side = Qt.AlignmentFlag.AlignRight if fits else Qt.AlignmentFlag.AlignLeft
        self._count.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)

    def _elide(self) -> None:
        if self._outline is not None:
            font = self._grouping.font()
            label = " ".join(self._outline.label.split())
            width = max(self._grouping.width(), 60)
            self._grouping.setText(QFontMetrics(font).elidedText(label, Qt.TextElideMode.ElideMiddle, width))

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

    def _on_covariance(self, row: int) -> None:
        self._builder.set_covariance(self._index, Covariance(self._correlation.itemData(row)))

    def _open_nest_menu(self) -> None:
        if self._outline is None:
            return
        menu = QMenu(self)
        menu.setObjectName("nestMenu")
        for name in self._outline.can_nest[:_MOST_NESTABLE]:
            action = menu.addAction(f"{menu_text(self._outline.label)}/{menu_text(name)}")
            action.setData(name)
            action.triggered.connect(lambda _=False, n=name: self._builder.nest(self._index, n))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._nest.mapToGlobal(self._nest.rect().bottomLeft()))

    # -- drops

    def _accepts(self, mime: QMimeData) -> bool:
        term = self._carried(mime)
        return term is not None and self._outline is not None

    def _take(self, mime: QMimeData) -> None:
        term = self._carried(mime)
        if term is not None:
            self._builder.add_slope(self._index, term)

    def _carried(self, mime: QMimeData) -> Term | None:
        term = carried_term(mime)
        if term is not None:
            return term
        name = carried_variable(mime)
        known = name is not None and self._table is not None and name in self._table
        return term_of(name) if known and name is not None else None

    # -- looks

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn_foot()
        self._elide()

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
            painter.setClipping(False)
        painter.setPen(QPen(QColor(theme.accent if dropping else theme.line), 1))
        painter.drawPath(shape)


class _RowCheck(QCheckBox):
    """Takes a click anywhere in its row, as the slopes do."""

    def hitButton(self, at: QPoint) -> bool:
        return self.rect().contains(at)


def _button(text: str, name: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setProperty("role", "quiet")
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button


def _row(first: QWidget, stretch: int) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    row.addWidget(first, stretch)
    return row
