"""Paints one variable: glyph, name, a line about its values, its spark-histogram, and its roles as badges."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from mmgui.app.theme import Theme, ThemeModel
from mmgui.app.variable_model import VariableRole
from mmgui.app.variable_roles import RESPONSE, Role
from mmgui.app.variable_summary import DERIVED, GLYPHS, VariableSummary
from mmgui.data.table import Kind

Index = QModelIndex | QPersistentModelIndex


class VariableDelegate(QStyledItemDelegate):
    """Rows with roles are one line taller, for the badges."""

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        theme = self._themes.theme
        height = theme.px(46) + (theme.px(24) if index.data(VariableRole.ROLES) else 0)
        return QSize(theme.px(160), height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        summary = index.data(VariableRole.SUMMARY)
        if summary is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._themes.theme
        rect = QRect(option.rect)
        self._background(painter, rect, option, theme)
        self._glyph(painter, rect, summary, theme)
        self._words(painter, rect, summary, theme)
        roles = index.data(VariableRole.ROLES) or ()
        self._spark(painter, rect, summary, _spark_color(summary, roles, theme), theme)
        if roles:
            self._badges(painter, rect, roles, theme)
        painter.restore()

    def _background(self, painter: QPainter, rect: QRect, option: QStyleOptionViewItem, theme: Theme) -> None:
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(theme.accent_soft))
            if state & QStyle.StateFlag.State_HasFocus:
                painter.fillRect(
                    QRect(rect.left(), rect.top(), theme.px(3), rect.height()), QColor(theme.accent)
                )
        painter.setPen(QPen(QColor(theme.grid), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _glyph(self, painter: QPainter, rect: QRect, summary: VariableSummary, theme: Theme) -> None:
        side = theme.px(22)
        box = QRectF(rect.left() + theme.px(12), rect.top() + theme.px(12), side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.grid))
        painter.drawRoundedRect(box, theme.px(5), theme.px(5))
        painter.setPen(QColor(theme.muted))
        painter.setFont(_font(theme, 12, bold=True))
        glyph = DERIVED if summary.definition else GLYPHS[summary.kind]
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, glyph)

    def _words(self, painter: QPainter, rect: QRect, summary: VariableSummary, theme: Theme) -> None:
        left = rect.left() + theme.px(44)
        name_font = _font(theme, 13, bold=True)
        room = rect.right() - theme.px(12) - self._spark_width(rect, summary, theme) - theme.px(8) - left
        line = QRect(left, rect.top() + theme.px(6), room, theme.px(19))
        painter.setFont(name_font)
        painter.setPen(QColor(theme.text))
        name = QFontMetrics(name_font).elidedText(
            summary.name.replace("\n", " "), Qt.TextElideMode.ElideMiddle, room
        )
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
        font = _font(theme, 12)
        painter.setFont(font)
        painter.setPen(QColor(theme.muted))
        room = rect.right() - theme.px(12) - left
        below = QRect(left, line.bottom() + 1, room, theme.px(17))
        detail = QFontMetrics(font).elidedText(summary.detail, Qt.TextElideMode.ElideRight, room)
        painter.drawText(below, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, detail)

    @staticmethod
    def _spark_width(rect: QRect, summary: VariableSummary, theme: Theme) -> int:
        """The name comes first; what room it leaves is the histogram's, as long as that is worth drawing."""
        name = QFontMetrics(_font(theme, 13, bold=True)).horizontalAdvance(summary.name)
        # Two pixels, since sizes are rounded and the last pixel of a rectangle counts.
        left = rect.width() - theme.px(44) - theme.px(12) - theme.px(8) - name - 2
        return max(theme.px(24), min(theme.px(56), left))

    def _spark(
        self, painter: QPainter, rect: QRect, summary: VariableSummary, color: QColor, theme: Theme
    ) -> None:
        if not summary.bars:
            return
        width, height = self._spark_width(rect, summary, theme), theme.px(16)
        right, bottom = rect.right() - theme.px(12), rect.top() + theme.px(24)
        step = width / max(len(summary.bars), 8)
        gap = min(1.0, step * 0.3)
        left = right - step * len(summary.bars)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        for i, bar in enumerate(summary.bars):
            tall = max(bar * height, 1.0)
            painter.drawRect(QRectF(left + i * step, bottom - tall, step - gap, tall))

    def _badges(self, painter: QPainter, rect: QRect, roles: tuple[Role, ...], theme: Theme) -> None:
        font = _font(theme, 12)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        x, top, end = rect.left() + theme.px(44), rect.top() + theme.px(46), rect.right() - theme.px(12)
        whole = sum(metrics.horizontalAdvance(r.text) + theme.px(21) for r in roles) - theme.px(5) <= end - x
        for k, role in enumerate(roles):
            rest = len(roles) - k
            reserve = theme.px(30) if rest > 1 else 0
            room = end - x - reserve - theme.px(16)
            if room < theme.px(36):
                painter.setPen(QColor(theme.muted))
                more = QRect(x, top, end - x, theme.px(18))
                painter.drawText(more, Qt.AlignmentFlag.AlignVCenter, f"+{rest}")
                return
            text = metrics.elidedText(role.text if whole else role.kind, Qt.TextElideMode.ElideRight, room)
            box = QRectF(x + 0.5, top + 0.5, metrics.horizontalAdvance(text) + theme.px(16), theme.px(18))
            color = _role_color(role, theme)
            painter.setPen(QPen(color, max(1.0, theme.scale)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
            x += round(box.width()) + theme.px(5)


def _font(theme: Theme, size: float, *, bold: bool = False) -> QFont:
    font = QFont("Inter")
    font.setPixelSize(theme.px(size))
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def _role_color(role: Role, theme: Theme) -> QColor:
    if role.term >= 0:
        return QColor(theme.term_color(role.term))
    return QColor(theme.text if role.kind == RESPONSE else theme.muted)


def _spark_color(summary: VariableSummary, roles: tuple[Role, ...], theme: Theme) -> QColor:
    if summary.kind is not Kind.NUMBER:
        for role in roles:
            if role.kind == "groups":
                return QColor(theme.term_color(role.term))
    return QColor(theme.residual)
