"""The head of a card: its groups, and the buttons that change or remove them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.model_outline import CardOutline
from mmgui.app.plain_tip import plain_tip
from mmgui.app.theme import Theme


class CardHead(QWidget):
    """Names the grouping factor in the term's colour, and below it how many groups and rows it has."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cardHead")
        self._label = ""
        self._size_text = ""
        self._hint = ""
        self._can_nest = False
        self.grouping = QLabel()
        self.grouping.setObjectName("groupingLabel")
        self.grouping.setTextFormat(Qt.TextFormat.PlainText)
        self.grouping.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.size_label = QLabel()
        self.size_label.setObjectName("groupSizes")
        self.size_label.setProperty("role", "muted")
        self.size_label.setTextFormat(Qt.TextFormat.PlainText)
        self.size_label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.nest = quiet_button("+ nested…", "nestButton")
        self.menu = quiet_button("⋯", "cardMenuButton")
        self.remove = quiet_button("remove", "removeTermButton")
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.grouping, 1)
        for button in (self.nest, self.menu, self.remove):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(row)
        column.addWidget(self.size_label)

    def show_outline(self, outline: CardOutline, color: str) -> None:
        """Show what a card's outline says."""
        self._label, self._size_text = outline.label, outline.size
        self.grouping.setToolTip(plain_tip(outline.label))
        self.grouping.setStyleSheet(f"color: {color}; font-weight: 600;")
        self.grouping.setAccessibleName(f"Grouping factor {outline.label}")
        self.remove.setAccessibleName(f"Remove the random effects of {outline.label}")
        self.nest.setAccessibleName(f"Add groups inside {outline.label}")
        self.nest.setToolTip(plain_tip(f"Add groups that lie inside {outline.label}"))
        self._can_nest = bool(outline.can_nest)
        self.menu.setAccessibleName(f"More for the groups {outline.label}")
        self.menu.setToolTip(
            "Other groups: combinations such as A:Subject, groups inside groups, blocks joined"
        )
        self._show_size()
        self._elide()

    def show_hint(self, words: str, refused: bool, theme: Theme) -> None:
        """Say what a drop here would do, or why it cannot be; empty for neither."""
        self._hint = words
        color = theme.warn if refused else theme.accent
        self.size_label.setStyleSheet(f"color: {color}; font-weight: 600;" if words else "")
        self._show_size()

    def _show_size(self) -> None:
        text = self._hint or self._size_text
        width = self.size_label.width() if self._hint else 1 << 20
        metrics = QFontMetrics(self.size_label.font())
        self.size_label.setText(metrics.elidedText(text, Qt.TextElideMode.ElideRight, width))
        self.size_label.setVisible(bool(text))

    def _elide(self) -> None:
        """The name before the button whose entries the menu has, too."""
        metrics = QFontMetrics(self.grouping.font())
        label = " ".join(self._label.split())
        spacing = 4
        others = self.menu.sizeHint().width() + self.remove.sizeHint().width() + 2 * spacing
        room = self.width() - others
        nest = self.nest.sizeHint().width() + spacing
        wanted = metrics.horizontalAdvance(label) + 2
        self.nest.setVisible(self._can_nest and min(wanted, metrics.height() * 8) + nest <= room)
        width = max(room - (0 if self.nest.isHidden() else nest), 40)
        self.grouping.setText(metrics.elidedText(label, Qt.TextElideMode.ElideMiddle, width))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()


def quiet_button(text: str, name: str) -> QPushButton:
    """A button that is words until the mouse is over it."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setProperty("role", "quiet")
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    return button
