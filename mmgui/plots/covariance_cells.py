"""What the cells of Σ say: their numbers, in little room too, what ties them, and their tooltips."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Iterator
from typing import Literal

import numpy as np

from mmgui.figures.covariance import CovarianceFigure
from mmgui.figures.wording import effect_name
from mmgui.numbers import decimal, number

Mode = Literal["covariance", "correlation", "factor"]

FIXED = "fixed at 0"
MOST_DIGITS = 7
"""Digits of the longest number that a matrix is written in one format for."""
_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def cell_places(figure: CovarianceFigure, mode: Mode) -> int | None:
    """Decimal places that all numbers of one matrix are written with; None: each with three digits.

    The largest has three digits at least, the smallest that is not zero two, as long as the largest is no
    longer than seven.
    """
    if mode == "correlation":
        return 2
    values = figure.factor if mode == "factor" else figure.covariance
    sizes = np.empty(0) if values is None else np.abs(values)
    known = sizes[(sizes > 1e-9 * sizes.max(initial=0.0)) & np.isfinite(sizes)]
    if not len(known):
        return None
    top, least = (math.floor(math.log10(float(v))) for v in (known.max(), known.min()))
    if top > MOST_DIGITS - 2 or top < -3:
        return None
    return max(2 - top, min(1 - least, MOST_DIGITS - 1 - max(top, 0)), 0)


def cell_text(figure: CovarianceFigure, mode: Mode, i: int, j: int, places: int | None = None) -> str:
    """The number of cell (i, j); that it is fixed, where the model holds it at zero."""
    if mode == "factor" and j > i:
        return ""
    if not figure.free[i, j]:
        return FIXED
    if mode == "correlation":
        return decimal(float(figure.correlation[i, j]), 2)
    if mode == "factor":
        return "–" if figure.factor is None else _written(float(figure.factor[i, j]), places)
    return _written(float(figure.covariance[i, j]), places)


def _written(value: float, places: int | None) -> str:
    return number(value, 3) if places is None else "0" if value == 0.0 else decimal(value, places)


def cell_forms(
    figure: CovarianceFigure, mode: Mode, cells: Iterable[tuple[int, int]], places: int | None
) -> Iterator[dict[tuple[int, int], str]]:
    """What the cells of one matrix say, all in one form, the best first, then shorter ones."""
    full = {(i, j): cell_text(figure, mode, i, j, places) for i, j in cells}
    yield full
    yield {at: "0" if t == FIXED else _bare(t) for at, t in full.items()}
    for fewer in range((places or 0) - 1, 0, -1):
        shorter = {(i, j): cell_text(figure, mode, i, j, fewer) for i, j in full}
        if fewer == 1 and any(_is_zero(t) and not _is_zero(full[at]) for at, t in shorter.items()):
            return
        yield {at: "0" if t == FIXED else _bare(t) for at, t in shorter.items()}


def _is_zero(text: str) -> bool:
    return text != FIXED and not text.strip("−0.–")


def _bare(text: str) -> str:
    """Without the zero before the point."""
    return text.replace("0.", ".", 1) if text.lstrip("−").startswith("0.") else text


def cell_tag(figure: CovarianceFigure, mode: Mode, i: int, j: int) -> str:
    """What ties cell (i, j) to others: ``ρ``, ``ρ²``, ``τ²``; empty where nothing does."""
    pattern = figure.pattern
    if pattern is None or mode == "factor" or not pattern.structure.patterned or pattern.size < 2:
        return ""
    if i == j:
        return "τ²" if pattern.equal_variances and mode == "covariance" else ""
    power = pattern.power(i, j)
    if not power:
        return ""
    return "ρ" if power == 1 else f"ρ{str(power).translate(_POWERS)}"


def cell_tip(figure: CovarianceFigure, mode: Mode, i: int, j: int) -> str:
    """Names and numbers of cell (i, j), as HTML."""
    one, other = (html.escape(effect_name(figure.effects[k])) for k in (i, j))
    both = one if i == j else f"{one} and {other}"
    lines = [f"<b>{both}</b>"]
    if mode == "factor":
        return "<br>".join(lines + _factor_lines(figure, i, j))
    if not figure.free[i, j]:
        return f"<b>{both}</b><br>the model holds their covariance at 0"
    covariance, correlation = float(figure.covariance[i, j]), float(figure.correlation[i, j])
    if i == j:
        lines.append(f"variance {number(covariance, 4)}, SD {number(max(covariance, 0.0) ** 0.5, 4)}")
    else:
        undefined = "undefined: an effect has no variance"
        known = decimal(correlation, 3) if correlation == correlation else undefined
        lines += [f"covariance {number(covariance, 4)}", f"correlation {known}"]
    if figure.pattern is not None and figure.pattern.structure.patterned:
        lines.append(html.escape(figure.pattern.meaning(i, j)))
    return "<br>".join(lines)


def _factor_lines(figure: CovarianceFigure, i: int, j: int) -> list[str]:
    if figure.factor is None or figure.factor_is_zero(i, j):
        return ["the model holds this entry at 0"]
    name = figure.factor_name(i, j)
    value = number(float(figure.factor[i, j]), 4)
    if name:
        return [f"θ of {html.escape(name)}: {value}", "Σ = σ² λ λᵀ"]
    pairs = [f"{html.escape(n)} {number(v, 4)}" for n, v in figure.parameters]
    return [f"{value}, which follows from θ: {', '.join(pairs)}"]
