"""Text of a drawing as outlines: who opens it need not have the fonts it was laid out with."""

from __future__ import annotations

import html
import re

from PySide6.QtGui import QFont, QPainterPath

DRAWN = 128
"""Pixels at which outlines are taken; they are scaled from there."""
_TEXT = re.compile(r"<text\s+([^>]*?)\s*>([^<]*)</text>")
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
_MOVE, _LINE, _CURVE = (
    QPainterPath.ElementType.MoveToElement,
    QPainterPath.ElementType.LineToElement,
    QPainterPath.ElementType.CurveToElement,
)
_LETTER = {_MOVE: "M", _LINE: "L", _CURVE: "C"}


def outlined(svg: str) -> str:
    """A drawing by QSvgGenerator, each ``text`` a group of that label with its outline."""
    return _TEXT.sub(_outline, svg)


def _outline(match: re.Match[str]) -> str:
    attributes = dict(_ATTRIBUTE.findall(match[1]))
    words = html.unescape(match[2])
    scale = float(attributes["font-size"]) / DRAWN
    path = QPainterPath()
    path.addText(0.0, 0.0, _font(attributes), words)
    label = html.escape(words.strip())
    place = f"translate({attributes['x']},{attributes['y']}) scale({scale:.6g})"
    fill = f'fill="{attributes["fill"]}" fill-opacity="{attributes["fill-opacity"]}" stroke="none"'
    return (
        f'<g role="img" aria-label="{label}" transform="{place}" {fill}>'
        f'<path fill-rule="nonzero" d="{_drawn(path)}"/></g>'
    )


def _font(attributes: dict[str, str]) -> QFont:
    font = QFont(html.unescape(attributes["font-family"]))
    font.setPixelSize(DRAWN)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    weight = int(attributes["font-weight"])
    font.setWeight(min(QFont.Weight, key=lambda w: abs(w.value - weight)))
    font.setItalic(attributes.get("font-style", "normal") != "normal")
    return font


def _drawn(path: QPainterPath) -> str:
    """What SVG calls ``d``; the second and third point of a curve follow without a letter."""
    elements = (path.elementAt(k) for k in range(path.elementCount()))
    return " ".join(f"{_LETTER.get(e.type, '')}{e.x:.1f} {e.y:.1f}" for e in elements)
