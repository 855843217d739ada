"""A small drawing surface that writes SVG: axes, lines, points, text, cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

TEXT, MUTED, GRID, LINE = "#1B2430", "#667085", "#EEF0F4", "#E1E5EB"
RESIDUAL, OWN, COMPLETE = "#A7AFBD", "#D55E00", "#8A94A6"
TERMS = ("#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#D55E00")


def term_color(index: int) -> str:
    """Colour of the index-th random-effects term; the residual's for a negative index."""
    return RESIDUAL if index < 0 else TERMS[index % len(TERMS)]


def nice_ticks(low: float, high: float, count: int = 6) -> list[float]:
    """Round positions between ``low`` and ``high``, about ``count`` of them."""
    span = high - low
    if not (math.isfinite(span) and span > 0):
        return [low]
    raw = span / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= raw)
    first = math.ceil(low / step)
    return [k * step for k in range(first, math.floor(high / step + 1e-9) + 1)]


@dataclass
class Canvas:
    """An SVG picture under construction, in pixels from the top left."""

    width: float
    height: float
    title: str
    parts: list[str] = field(default_factory=list)

    def line(self, x1: float, y1: float, x2: float, y2: float, color: str, width: float = 1.0) -> None:
        self.parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{color}" stroke-width="{width}"/>'
        )

    def path(
        self, points: Sequence[tuple[float, float]], color: str, width: float = 1.2, dash: str = ""
    ) -> None:
        where = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<polyline points="{where}" fill="none" stroke="{color}" stroke-width="{width}"{dashes}/>'
        )

    def dot(
        self, x: float, y: float, radius: float, color: str, *, filled: bool = True, tip: str = ""
    ) -> None:
        fill = color if filled else "#FFFFFF"
        label = f"<title>{escape(tip)}</title>" if tip else ""
        self.parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" '
            f'stroke="{color}" stroke-width="1.5">{label}</circle>'
        )

    def box(self, x: float, y: float, width: float, height: float, color: str, radius: float = 3.0) -> None:
        self.parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" '
            f'rx="{radius}" fill="{color}"/>'
        )

    def text(
        self, x: float, y: float, words: str, *, color: str = TEXT, size: float = 12, anchor: str = "start",
        bold: bool = False, turn: float = 0.0,
    ) -> None:  # fmt: skip
        weight = ' font-weight="600"' if bold else ""
        turned = f' transform="rotate({turn} {x:.1f} {y:.1f})"' if turn else ""
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" fill="{color}" font-size="{size}" '
            f'text-anchor="{anchor}"{weight}{turned}>{escape(words)}</text>'
        )

    def svg(self) -> str:
        """The picture as an SVG element with its title as accessible name."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {self.height:g}" '
            f'width="{self.width:g}" height="{self.height:g}" role="img" '
            f'aria-label="{escape(self.title, quote=True)}" '
            f'font-family="Inter, system-ui, sans-serif">{"".join(self.parts)}</svg>'
        )


@dataclass(frozen=True)
class Axes:
    """Maps data to the plotting area of a canvas."""

    x_range: tuple[float, float]
    y_range: tuple[float, float]
    left: float
    top: float
    right: float
    bottom: float

    def x(self, value: float) -> float:
        low, high = self.x_range
        return self.left + (value - low) / (high - low) * (self.right - self.left)

    def y(self, value: float) -> float:
        low, high = self.y_range
        return self.bottom - (value - low) / (high - low) * (self.bottom - self.top)

    def draw(self, canvas: Canvas, x_label: str, y_label: str) -> None:
        """Grid, tick labels and axis names."""
        for tick in nice_ticks(*self.x_range):
            canvas.line(self.x(tick), self.top, self.x(tick), self.bottom, GRID)
            canvas.text(self.x(tick), self.bottom + 16, f"{tick:g}", color=MUTED, size=11, anchor="middle")
        for tick in nice_ticks(*self.y_range):
            canvas.line(self.left, self.y(tick), self.right, self.y(tick), GRID)
            canvas.text(self.left - 6, self.y(tick) + 4, f"{tick:g}", color=MUTED, size=11, anchor="end")
        middle = (self.left + self.right) / 2
        canvas.text(middle, self.bottom + 34, x_label, color=MUTED, anchor="middle")
        height = (self.top + self.bottom) / 2
        canvas.text(self.left - 42, height, y_label, color=MUTED, anchor="middle", turn=-90)


def padded(low: float, high: float, share: float = 0.06) -> tuple[float, float]:
    """A range with room at both ends, never empty."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return (0.0, 1.0)
    room = (high - low) * share or max(abs(low), 1.0) * share
    return (low - room, high + room)
