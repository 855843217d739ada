"""The report's pictures, drawn from the same figures as the window's."""

from __future__ import annotations

import math

import numpy as np

from mmgui.figures.covariance import CovarianceFigure, ellipse
from mmgui.figures.shrinkage import ShrinkageFigure
from mmgui.figures.variance import VarianceFigure
from mmgui.numbers import decimal, number
from mmgui.report.svg import (
    COMPLETE,
    LINE,
    MUTED,
    OWN,
    TEXT,
    Axes,
    Canvas,
    nice_ticks,
    padded,
    term_color,
)

ELLIPSES = (0.1, 0.3, 0.5, 0.7, 0.9)
MOST_ROWS = 60


def variance_bars(figure: VarianceFigure) -> str:
    """One bar a component, its length the SD."""
    height, left = 26, 190
    canvas = Canvas(560, height * len(figure.rows) + 8, "Standard deviations of the variance components")
    most = max((r.sd for r in figure.rows), default=0.0) or 1.0
    for k, row in enumerate(figure.rows):
        top = 6 + height * k
        name = "Residual" if row.term < 0 else f"{row.grouping} · {row.effect}"
        canvas.text(0, top + 12, _short(name, 28))
        canvas.box(left, top + 2, 280 * row.sd / most, 12, term_color(row.term), 6)
        canvas.text(left + 350, top + 12, number(row.sd, 4), anchor="end")
    return canvas.svg()


def shrinkage(figure: ShrinkageFigure) -> str:
    """Own estimate → the model's: a plane for two effects, rows for one, the first two of several."""
    return shrinkage_rows(figure) if len(figure.effects) == 1 else shrinkage_plane(figure)


def shrinkage_plane(figure: ShrinkageFigure, first: int = 0, second: int = 1) -> str:
    """Two effects: arrows from own to model estimates over the ellipses of their covariance."""
    pair = [first, second]
    own, model = figure.own[:, pair], figure.model[:, pair]
    centre = figure.centre[pair]
    outlines = [ellipse(figure.covariance[np.ix_(pair, pair)], centre, p) for p in ELLIPSES]
    everything = np.vstack([own, model, *outlines])
    low, high = np.nanmin(everything, axis=0), np.nanmax(everything, axis=0)
    axes = Axes(padded(low[0], high[0]), padded(low[1], high[1]), 62, 10, 600, 400)
    canvas = Canvas(620, 446, f"Shrinkage of {figure.grouping}")
    axes.draw(canvas, figure.effects[first], figure.effects[second])
    color = term_color(figure.term)
    for outline in outlines:
        canvas.path([(axes.x(x), axes.y(y)) for x, y in outline], color, 0.8, "3 4")
    for k, level in enumerate(figure.levels):
        x, y = axes.x(model[k, 0]), axes.y(model[k, 1])
        if np.isfinite(own[k]).all():
            canvas.line(axes.x(own[k, 0]), axes.y(own[k, 1]), x, y, color, 0.8)
            canvas.dot(
                axes.x(own[k, 0]), axes.y(own[k, 1]), 3.5, OWN, filled=False, tip=f"{level}: own estimate"
            )
        canvas.dot(x, y, 3.5, color, tip=f"{level}: model's estimate")
    x, y = axes.x(centre[0]), axes.y(centre[1])
    canvas.line(x - 7, y, x + 7, y, TEXT, 2)
    canvas.line(x, y - 7, x, y + 7, TEXT, 2)
    return canvas.svg()


def shrinkage_rows(figure: ShrinkageFigure) -> str:
    """One effect: a row per group, ordered by the model's estimate; evenly thinned where there are many."""
    order = np.argsort(figure.model[:, 0])
    if len(order) > MOST_ROWS:
        order = order[np.linspace(0, len(order) - 1, MOST_ROWS).astype(int)]
    own, model = figure.own[order, 0], figure.model[order, 0]
    row = 18 if len(order) <= 30 else 11
    height = row * len(order) + 60
    values = np.concatenate([own, model])
    axes = Axes(
        padded(np.nanmin(values), np.nanmax(values)), (-0.5, len(order) - 0.5), 110, 8, 600, height - 46
    )
    canvas = Canvas(620, height, f"Shrinkage of {figure.grouping}")
    color = term_color(figure.term)
    _value_axis(canvas, axes, f"{figure.grouping}: {figure.effects[0]}")
    if math.isfinite(figure.complete[0]):
        x = axes.x(figure.complete[0])
        canvas.line(x, axes.top, x, axes.bottom, COMPLETE, 1.2)
    for k, index in enumerate(order):
        y = axes.y(k)
        level = figure.levels[index]
        canvas.text(102, y + 4, _short(level, 14), color=MUTED, size=min(11, row - 1), anchor="end")
        if math.isfinite(own[k]):
            canvas.line(axes.x(own[k]), y, axes.x(model[k]), y, color, 1.0)
            canvas.dot(axes.x(own[k]), y, 3.2, OWN, filled=False, tip=f"{level}: own estimate")
        canvas.dot(axes.x(model[k]), y, 3.2, color, tip=f"{level}: model's estimate")
    return canvas.svg()


def _value_axis(canvas: Canvas, axes: Axes, label: str) -> None:
    for tick in nice_ticks(*axes.x_range):
        canvas.line(axes.x(tick), axes.top, axes.x(tick), axes.bottom, LINE)
        canvas.text(axes.x(tick), axes.bottom + 16, f"{tick:g}", color=MUTED, size=11, anchor="middle")
    canvas.text((axes.left + axes.right) / 2, axes.bottom + 34, label, color=MUTED, anchor="middle")


def correlation_cells(figure: CovarianceFigure) -> str:
    """The correlations as cells with their numbers; a dot where the model fixes a correlation at zero."""
    size, left, top = 64, 130, 24
    count = len(figure.effects)
    canvas = Canvas(left + size * count + 10, top + size * count + 6, f"Correlations of {figure.grouping}")
    color = term_color(figure.term)
    for i, name in enumerate(figure.effects):
        canvas.text(left - 8, top + size * i + size / 2 + 4, _short(name, 18), color=MUTED, anchor="end")
        canvas.text(
            left + size * i + size / 2, top - 8, _short(name, 9), color=MUTED, size=11, anchor="middle"
        )
        for j in range(count):
            value = float(figure.correlation[i, j])
            x, y = left + size * j, top + size * i
            fixed = not figure.free[i, j]
            shade = _blend(
                color if value >= 0 else OWN, 0.0 if fixed or not math.isfinite(value) else abs(value)
            )
            canvas.box(x + 1, y + 1, size - 2, size - 2, shade, 4)
            words = "·" if fixed else decimal(value, 2)
            light = abs(value) > 0.6 and not fixed
            canvas.text(
                x + size / 2, y + size / 2 + 5, words, color="#FFFFFF" if light else TEXT, anchor="middle"
            )
    return canvas.svg()


def _blend(color: str, share: float) -> str:
    channels = [int(color[k : k + 2], 16) for k in (1, 3, 5)]
    base = (0xF4, 0xF6, 0xF9)
    return "#" + "".join(
        f"{round(b + (c - b) * share * 0.85):02X}" for b, c in zip(base, channels, strict=True)
    )


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"
