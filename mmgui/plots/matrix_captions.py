"""What stands under the parts of V, and the scale that they share."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QLinearGradient, QPainter

from mmgui.app.theme import Theme
from mmgui.figures.matrices import MatricesFigure
from mmgui.numbers import number
from mmgui.plots.matrix_layout import RESIDUAL, SUM, Panel
from mmgui.plots.matrix_shades import ground, shade
from mmgui.plots.style import color, mix, text_font

_ELIDE = Qt.TextElideMode.ElideMiddle
_CENTER = Qt.AlignmentFlag.AlignCenter
_SMALL = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_STOPS = 8


def formula_of(figure: MatricesFigure, key: str, *, correlation: bool = False) -> str:
    """The sign of a part: ``Z₁ (I ⊗ Σ₁) Z₁′``, ``σ² I``, ``V``."""
    if key == SUM:
        return "V as correlations" if correlation else "V"
    if key == RESIDUAL:
        return "σ² W⁻¹" if figure.rows.weights is not None else "σ² I"
    k = int(key.split()[1])
    mark = "" if len(figure.rows.terms) == 1 else str(k + 1).translate(_SMALL)
    return f"Z{mark} (I ⊗ Σ{mark}) Z{mark}′"


def words_of(figure: MatricesFigure, key: str) -> str:
    """What it is in the person's model: the term, its variance where there is one, σ²."""
    if key == SUM:
        return "how the rows vary together"
    if key == RESIDUAL:
        each = " over each row's weight" if figure.rows.weights is not None else ""
        return f"σ² = {number(figure.sigma**2, 3)}{each}"
    k = int(key.split()[1])
    sigma, name = figure.covariances[k], figure.rows.terms[k].name
    return f"{name}  τ² = {number(float(sigma[0, 0]), 3)}" if len(sigma) == 1 else name


def paint_caption(
    painter: QPainter, figure: MatricesFigure, panel: Panel, theme: Theme, *, correlation: bool
) -> None:
    """Formula and words under a part, in its colour."""
    term = None
    if panel.key == RESIDUAL:
        term = -1
    elif panel.key != SUM:
        term = figure.rows.terms[int(panel.key.split()[1])].term
    bold = text_font(theme, 14, bold=True)
    line = QFontMetricsF(bold).height()
    reach = theme.px(12)
    below = QRectF(panel.rect.left() - reach, panel.rect.bottom(), panel.rect.width() + 2 * reach, 0)
    painter.setFont(bold)
    painter.setPen(color(theme.text if term is None else theme.muted if term < 0 else theme.term_color(term)))
    text = formula_of(figure, panel.key, correlation=correlation)
    first = QRectF(below.left(), below.top() + theme.px(4), below.width(), line)
    painter.drawText(first, _CENTER, QFontMetricsF(bold).elidedText(text, _ELIDE, below.width()))
    small = text_font(theme)
    metrics = QFontMetricsF(small)
    painter.setFont(small)
    painter.setPen(color(theme.muted))
    second = QRectF(below.left(), first.bottom(), below.width(), metrics.height())
    words = words_of(figure, panel.key)
    painter.drawText(second, _CENTER, metrics.elidedText(words, _ELIDE, below.width()))


def paint_scale(
    painter: QPainter, figure: MatricesFigure, room: QRectF, theme: Theme, *, correlation: bool
) -> None:
    """The scale of V: a bar in the colour of each part, from 0 to the largest."""
    metrics = QFontMetricsF(text_font(theme))
    low, high = "0", "1" if correlation else number(figure.limits.v, 3)
    width = min(float(theme.px(150)), room.width() * 0.4)
    sides = metrics.horizontalAdvance(low) + theme.px(6), metrics.horizontalAdvance(high) + theme.px(6)
    left = room.center().x() - (sum(sides) + width) / 2 + sides[0]
    hues = [*(theme.term_color(t.term) for t in figure.rows.terms), theme.residual, theme.text]
    height = room.height() / len(hues)
    zero = ground(theme)
    for k, hue in enumerate(hues):
        gradient = QLinearGradient(left, 0, left + width, 0)
        for stop in range(_STOPS + 1):
            gradient.setColorAt(stop / _STOPS, mix(zero, hue, shade(stop / _STOPS)))
        painter.fillRect(QRectF(left, room.top() + k * height, width, max(height - 1, 1.5)), gradient)
    painter.setFont(text_font(theme))
    painter.setPen(color(theme.muted))
    text = QRectF(left - sides[0], room.center().y() - metrics.height() / 2, sides[0], metrics.height())
    painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, low)
    text = QRectF(left + width + theme.px(6), text.top(), sides[1], metrics.height())
    painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, high)
