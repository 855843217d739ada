"""What stands under the parts of V, and the scale that they share."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QLinearGradient, QPainter

from mmgui.app.theme import Theme
from mmgui.figures.matrices import MatricesFigure
from mmgui.numbers import decimal, number
from mmgui.plots.matrix_layout import RESIDUAL, SUM, Panel
from mmgui.plots.matrix_shades import ground, hue_of, shade
from mmgui.plots.style import color, mix, text_font

FloatArray = NDArray[np.float64]

_ELIDE = Qt.TextElideMode.ElideMiddle
_CENTER = Qt.AlignmentFlag.AlignCenter
_SMALL = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_STOPS = 16


def formula_of(figure: MatricesFigure, key: str, *, correlation: bool = False) -> str:
    """The sign of a part: ``Z₁ (I ⊗ Σ₁) Z₁′``, ``σ² I``, ``V``."""
    if key == SUM:
        return "V as correlations" if correlation else "V"
    if key == RESIDUAL:
        return "σ² W⁻¹" if figure.rows.weights is not None else "σ² I"
    k = int(key.split()[1])
    mark = "" if len(figure.rows.terms) == 1 else str(k + 1).translate(_SMALL)
    return f"Z{mark} (I ⊗ Σ{mark}) Z{mark}′"


def brief_of(figure: MatricesFigure, key: str) -> str:
    """What a part is called where its formula has no room."""
    if key == SUM:
        return "V"
    return "σ²" if key == RESIDUAL else figure.rows.terms[int(key.split()[1])].grouping


def words_of(figure: MatricesFigure, key: str) -> tuple[str, str]:
    """What it is in the person's model, and the numbers that make it."""
    if key == SUM:
        return "Var(y)", ""
    if key == RESIDUAL:
        over = " over weight" if figure.rows.weights is not None else ""
        return "residuals", f"σ² = {number(figure.sigma**2, 3)}{over}"
    k = int(key.split()[1])
    return figure.rows.terms[k].name, _numbers(figure.covariances[k])


def _numbers(sigma: FloatArray) -> str:
    if len(sigma) == 1:
        return f"τ² = {number(float(sigma[0, 0]), 3)}"
    sd = np.sqrt(np.diag(sigma))
    text = ", ".join(number(float(v), 3) for v in sd)
    if len(sigma) > 2:
        return f"τ = {text}"
    rho = float(sigma[0, 1] / (sd[0] * sd[1])) if sd.all() else math.nan
    return f"τ = {text}; ρ = {decimal(rho, 2)}"


def paint_caption(
    painter: QPainter, figure: MatricesFigure, panel: Panel, theme: Theme, *, correlation: bool
) -> None:
    """Formula, words and numbers under a part, the formula in its colour."""
    term = None
    if panel.key == RESIDUAL:
        term = -1
    elif panel.key != SUM:
        term = figure.rows.terms[int(panel.key.split()[1])].term
    hue = theme.text if term is None else hue_of(theme, term)
    reach = theme.px(14)
    left, width = panel.rect.left() - reach, panel.rect.width() + 2 * reach
    bold = text_font(theme, 14, bold=True)
    formula = formula_of(figure, panel.key, correlation=correlation)
    if QFontMetricsF(bold).horizontalAdvance(formula) > width:
        formula = brief_of(figure, panel.key)
    lines = [(formula, bold, hue)]
    lines += [(words, text_font(theme), theme.muted) for words in words_of(figure, panel.key)]
    top = panel.rect.bottom() + theme.px(4)
    for text, font, ink in lines[: panel.lines]:
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(color(ink))
        room = QRectF(left, top, width, metrics.height())
        painter.drawText(room, _CENTER, metrics.elidedText(text, _ELIDE, width))
        top += metrics.height()


def paint_scale(
    painter: QPainter, figure: MatricesFigure, room: QRectF, theme: Theme, *, correlation: bool
) -> None:
    """The scale of V: a bar in the colour of each part, from 0, or from below it, to the largest."""
    metrics = QFontMetricsF(text_font(theme))
    high = "1" if correlation else number(figure.limits.v, 3)
    negative = any(part.min(initial=0.0) < 0 for part in figure.parts.terms)
    low = f"−{high}" if negative else "0"
    width = min(float(theme.px(150)), room.width() * 0.4)
    sides = metrics.horizontalAdvance(low) + theme.px(6), metrics.horizontalAdvance(high) + theme.px(6)
    left = room.center().x() - (sum(sides) + width) / 2 + sides[0]
    hues = [*(theme.term_color(t.term) for t in figure.rows.terms), hue_of(theme, -1), theme.text]
    height = room.height() / len(hues)
    zero = ground(theme)
    for k, hue in enumerate(hues):
        gradient = QLinearGradient(left, 0, left + width, 0)
        for stop in range(_STOPS + 1):
            share = stop / _STOPS if not negative else 2 * stop / _STOPS - 1
            toward = hue if share >= 0 else theme.no_pooling
            gradient.setColorAt(stop / _STOPS, mix(zero, toward, shade(abs(share))))
        painter.fillRect(QRectF(left, room.top() + k * height, width, max(height - 1, 1.5)), gradient)
    painter.setFont(text_font(theme))
    painter.setPen(color(theme.muted))
    text = QRectF(left - sides[0], room.center().y() - metrics.height() / 2, sides[0], metrics.height())
    painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, low)
    text = QRectF(left + width + theme.px(6), text.top(), sides[1], metrics.height())
    painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, high)
