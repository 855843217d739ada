"""The edge of the window where folded panes wait: a handle each, its name reading upwards."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QEnterEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.theme import Theme, ThemeModel


class PaneHandle(QAbstractButton):
    """Brings a folded pane back; click, Space or Enter."""

    def __init__(self, name: str, words: str, action: QAction, themes: ThemeModel) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setText(words)
        self.setAccessibleName(f"Show the {words.lower()}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(f"Show the {words.lower()} ({action.shortcut().toString()})")
        self._themes = themes
        self._under = False
        self.clicked.connect(action.trigger)
        themes.theme_changed.connect(self._on_theme)

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(self._themes.theme.px(12))
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def sizeHint(self) -> QSize:
        theme = self._themes.theme
        words = QFontMetricsF(self._font()).horizontalAdvance(self.text().upper())
        return QSize(theme.px(12) + theme.air(14), round(words) + theme.px(14) + theme.air(28))

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._under = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._under = False
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self._under or self.hasFocus()
        painter.setPen(QPen(QColor(theme.accent if lit else theme.line), 1.0))
        painter.setBrush(QColor(theme.accent_soft if self._under else theme.surface))
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.air(8), theme.air(8)
        )
        ink = QColor(theme.accent if lit else theme.muted)
        side, middle, top = theme.px(3.5), self.width() / 2, theme.air(10) + theme.px(4)
        painter.setPen(QPen(ink, theme.px(1.6), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(
            [
                QPointF(middle - side / 2, top - side),
                QPointF(middle + side / 2, top),
                QPointF(middle - side / 2, top + side),
            ]
        )
        painter.setPen(ink)
        painter.setFont(self._font())
        painter.rotate(-90)
        room = QRectF(-self.height() + theme.air(10), 0, self.height() - theme.air(20), self.width())
        painter.drawText(
            room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text().upper()
        )

    def _on_theme(self, _theme: Theme) -> None:
        self.updateGeometry()
        self.update()


class PaneRail(QWidget):
    """Takes no room while nothing is folded."""

    def __init__(self, *handles: PaneHandle) -> None:
        super().__init__()
        self.setObjectName("paneRail")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        for handle in handles:
            self._box.addWidget(handle)
        self._box.addStretch(1)
        self._handles = handles
        self.hide()

    def show_handles(self, shown: tuple[bool, ...]) -> None:
        """The handles of the panes that are folded."""
        for handle, on in zip(self._handles, shown, strict=True):
            handle.setVisible(on)
        self.setVisible(any(shown))
