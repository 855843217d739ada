"""A group's lines in numbers, for tooltips."""

from __future__ import annotations

import html

import numpy as np
from numpy.typing import NDArray

from mmgui.figures.groups import GroupsFigure
from mmgui.numbers import count, number

FloatArray = NDArray[np.float64]
LEVELS_SHOWN = 8


def group_tip(figure: GroupsFigure, group: int, best: GroupsFigure | None = None) -> str:
    """Name, rows and the three lines (HTML); with ``best`` the model was moved, and says from where."""
    rows = figure.rows_of(group)
    lines = [f"<b>{html.escape(figure.levels[group])}</b> · {count(rows.stop - rows.start, 'row')}"]
    shown = [
        ("own", figure.own),
        ("model's" if best is None else "model's, moved", figure.partial),
        *([] if best is None else [("model's, best fit", best.partial)]),
        ("everyone's", figure.complete),
    ]
    if figure.kind == "factor":
        lines += _levels(figure, group, shown)
    else:
        lines += [f"{who}: {_line(figure, values, group)}" for who, values in shown]
    return "<br>".join(lines)


def _line(figure: GroupsFigure, values: FloatArray, group: int) -> str:
    rows = figure.rows_of(group)
    v, x = values[rows], figure.x[rows]
    if not np.isfinite(v).all():
        return "none, too few rows"
    if figure.kind == "strip" or x[0] == x[-1]:
        return number(float(v[0]), 4)
    if not figure.straight:
        return f"{number(float(v.mean()), 4)} on average"
    slope = float((v[-1] - v[0]) / (x[-1] - x[0]))
    intercept = float(v[0]) - slope * float(x[0])
    sign = "−" if slope < 0 else "+"
    return f"{number(intercept, 4)} {sign} {number(abs(slope), 4)} · {html.escape(figure.x_name)}"


def _levels(figure: GroupsFigure, group: int, shown: list[tuple[str, FloatArray]]) -> list[str]:
    """A line for each level of the factor: own → model's."""
    rows = figure.rows_of(group)
    x = figure.x[rows]
    lines = []
    for level in np.unique(x).astype(int).tolist()[:LEVELS_SHOWN]:
        at = rows.start + int(np.flatnonzero(x == level)[0])
        told = ", ".join(f"{who} {number(float(values[at]), 4)}" for who, values in shown)
        lines.append(f"{html.escape(figure.x_levels[level])}: {told}")
    return lines
