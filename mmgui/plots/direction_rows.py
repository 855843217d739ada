"""One direction of variance: its loadings as cells, what it is made of in words, its tooltip."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from mmgui.app.theme import Theme
from mmgui.figures.sigma_directions import Direction, DirectionScale, DirectionsFigure
from mmgui.figures.wording import effect_name
from mmgui.numbers import decimal, number
from mmgui.plots.style import color, mix, readable_on, text_font


def paint_loadings(
    painter: QPainter,
    theme: Theme,
    room: QRectF,
    loadings: tuple[Sequence[int], NDArray[np.float64]],
    hue: str,
    lit: frozenset[int],
) -> None:
    """A cell for each (effect, loading), in the term's colour or orange where negative."""
    effects, values = loadings
    width = room.width() / max(len(effects), 1)
    height = min(room.height() - 3, QFontMetricsF(text_font(theme)).height() * 1.5)
    ground = mix(theme.surface, theme.grid, 0.8)
    painter.setFont(text_font(theme))
    for k, (effect, value) in enumerate(zip(effects, values, strict=True)):
        cell = QRectF(room.left() + k * width, room.center().y() - height / 2, width - 2, height)
        shade = hue if value >= 0 else theme.no_pooling
        fill: QColor = mix(ground.name(), shade, 0.85 * abs(float(value)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(cell, 3, 3)
        if effect in lit:
            painter.setPen(QPen(color(theme.text), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(cell, 3, 3)
        painter.setPen(readable_on(fill, theme))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, decimal(float(value), 2))


def paint_words(painter: QPainter, theme: Theme, room: QRectF, direction: Direction, *, bold: bool) -> None:
    """What the direction is made of, on as many lines as there is room for."""
    font = text_font(theme, bold=bold)
    metrics = QFontMetricsF(font)
    lines = max(1, int(room.height() / metrics.height() + 0.05))
    width = room.width() * (0.92 * lines if lines > 1 else 1.0)
    text = metrics.elidedText(direction_words(direction), Qt.TextElideMode.ElideRight, width)
    painter.setFont(font)
    painter.setPen(color(theme.warn if direction.empty else theme.text))
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(room, int(flags) | int(Qt.TextFlag.TextWordWrap), text)


def direction_words(direction: Direction) -> str:
    """Its words, with a mark where it has no variance."""
    return f"◐ {direction.words}" if direction.empty else direction.words


def direction_tip(figure: DirectionsFigure, scale: DirectionScale, k: int) -> str:
    """Words and numbers of one direction, as HTML."""
    d = scale.directions[k]
    lines = [f"<b>Direction {k + 1}: {html.escape(d.words)}</b>"]
    lines.append(
        f"{decimal(100 * d.share, 2)} % of the variance, SD {number(d.sd)}, "
        f"{decimal(100 * d.relative, 1)} % of the widest"
    )
    for effect, loading in zip(scale.effects, d.loadings, strict=True):
        name = html.escape(effect_name(figure.effects[effect]))
        lines.append(f"{name}: {decimal(float(loading), 3)}")
    return "<br>".join(lines)
