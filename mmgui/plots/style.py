"""Fonts, pens and mixed colours of the plots, all taken from the theme."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPen

from mmgui.app.theme import Theme

MOST_TEXTS = 2000


class _Fonts:
    """Fonts made of the application's; they are asked for dozens of times a frame."""

    base: QFont | None = None
    made: dict[tuple[int, bool], QFont] = {}  # noqa: RUF012 – one for the program
    widths: dict[tuple[int, bool], dict[str, float]] = {}  # noqa: RUF012
    heights: dict[tuple[int, bool], float] = {}  # noqa: RUF012


def text_font(theme: Theme, size: float = 12.0, *, bold: bool = False) -> QFont:
    """The application's font at the theme's scale, figures of equal width, never below 12 px."""
    base = QGuiApplication.font()
    if base != _Fonts.base:
        _Fonts.base, _Fonts.made, _Fonts.widths, _Fonts.heights = base, {}, {}, {}
    key = (max(theme.px(size), 12), bold)
    if key not in _Fonts.made:
        font = QFont(base)
        font.setPixelSize(key[0])
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        font.setFeature(QFont.Tag("tnum"), 1)
        _Fonts.made[key] = font
    return QFont(_Fonts.made[key])


def text_width(font: QFont, text: str) -> float:
    """How wide a text is; known for the texts that are asked for with every picture."""
    widths = _Fonts.widths.setdefault((font.pixelSize(), font.bold()), {})
    if text not in widths:
        if len(widths) > MOST_TEXTS:
            widths.clear()
        widths[text] = QFontMetricsF(font).horizontalAdvance(text)
    return widths[text]


def line_height(font: QFont) -> float:
    """How high a line of text is."""
    key = (font.pixelSize(), font.bold())
    if key not in _Fonts.heights:
        _Fonts.heights[key] = QFontMetricsF(font).height()
    return _Fonts.heights[key]


def color(value: str, alpha: float = 1.0) -> QColor:
    """A theme colour, more or less opaque."""
    out = QColor(value)
    out.setAlphaF(alpha)
    return out


def mix(start: str, end: str, share: float) -> QColor:
    """The colour ``share`` of the way from ``start`` to ``end``."""
    return QColor(_mixed(start, end, share))


@lru_cache(maxsize=512)
def _mixed(start: str, end: str, share: float) -> QColor:
    a, b, t = QColor(start), QColor(end), min(max(share, 0.0), 1.0)
    return QColor(
        round(a.red() + (b.red() - a.red()) * t),
        round(a.green() + (b.green() - a.green()) * t),
        round(a.blue() + (b.blue() - a.blue()) * t),
    )


def readable_on(background: QColor, theme: Theme) -> QColor:
    """Dark or light text, whichever stands out more on ``background``."""
    return QColor(_more_readable(background.rgb(), theme.text, theme.surface))


@lru_cache(maxsize=2048)
def _more_readable(background: int, *inks: str) -> str:
    light = _luminance(QColor.fromRgb(background))
    return max(inks, key=lambda ink: _contrast(_luminance(QColor(ink)), light))


def _luminance(c: QColor) -> float:
    def linear(v: float) -> float:
        return v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF())


def _contrast(a: float, b: float) -> float:
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)


class _Sharpness:
    """Pixels of the device for each pixel of the layout, while items are made."""

    ratio = 1.0


@contextmanager
def drawn_at(ratio: float) -> Iterator[None]:
    """Make items for a device with so many pixels for each of the layout's."""
    before, _Sharpness.ratio = _Sharpness.ratio, ratio
    try:
        yield
    finally:
        _Sharpness.ratio = before


def item_pen(value: str, width: float = 1.0, *, alpha: float = 1.0, dashed: bool = False) -> QPen:
    """A pen for items in data coordinates.

    Cosmetic, so that the view's scale leaves its width alone. Qt measures a cosmetic pen in the
    device's pixels, so lines would be thin on sharp screens; hence ``drawn_at``.
    """
    out = pen(value, width * _Sharpness.ratio, alpha=alpha, dashed=dashed)
    out.setCosmetic(True)
    return out


def pen(value: str, width: float = 1.0, *, alpha: float = 1.0, dashed: bool = False) -> QPen:
    """A pen for painting in pixels, round where lines meet and end."""
    return QPen(_pen(value, width, alpha, dashed))


@lru_cache(maxsize=512)
def _pen(value: str, width: float, alpha: float, dashed: bool) -> QPen:
    out = QPen(color(value, alpha), width)
    out.setCapStyle(Qt.PenCapStyle.FlatCap if dashed else Qt.PenCapStyle.RoundCap)
    out.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dashed:
        out.setDashPattern([3.5, 3.0])
    return out
