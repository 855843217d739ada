"""What the cells of Σ say: their numbers, in little room too, what ties them, and their tooltips."""

from __future__ import annotations

import html
from typing import Literal

from mmgui.figures.covariance import CovarianceFigure
from mmgui.figures.wording import effect_name
from mmgui.numbers import decimal, number

Mode = Literal["covariance", "correlation", "factor"]

FIXED = "fixed at 0"
_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def cell_text(figure: CovarianceFigure, mode: Mode, i: int, j: int) -> str:
    """The number of cell (i, j); that it is fixed, where the model holds it at zero."""
    if mode == "factor" and j > i:
        return ""
    if not figure.free[i, j]:
        return FIXED
    if mode == "correlation":
        return decimal(float(figure.correlation[i, j]), 2)
    if mode == "factor":
        return "–" if figure.factor is None else number(float(figure.factor[i, j]), 3)
    return number(float(figure.covariance[i, j]), 3)


def cell_shorter(figure: CovarianceFigure, mode: Mode, i: int, j: int) -> tuple[str, ...]:
    """The same for narrower cells, the best first."""
    text = cell_text(figure, mode, i, j)
    if text == FIXED:
        return ("0",)
    bare = text.replace("0.", ".", 1)
    values = figure.factor if mode == "factor" else figure.covariance
    if mode == "correlation" or values is None or abs(float(values[i, j])) >= 1.0:
        return (bare,)
    return (bare, decimal(float(values[i, j]), 2).replace("0.", ".", 1))


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
