"""How much the response varies, the fixed effects taken off, where a predictor has a given value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.recipe import Recipe, slope_columns
from mmgui.engine.result import Fit
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import response_name
from mmgui.inference.variance.icc_curve import effect_columns, icc_curve
from mmgui.inference.variance.shares import variance_shares
from mmgui.numbers import decimal, number
from mmgui.words import listed_all

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved

FloatArray = NDArray[np.float64]

POINTS = 81
MOST_MARKS = 12
BEYOND = 0.35
"""How far beyond the data, in widths of their range, a minimum is still drawn."""
_SAME = 1e-9


@dataclass(frozen=True, eq=False, slots=True)
class VarianceCurve:
    """Along one predictor.

    Attributes
    ----------
    variable
        The predictor; empty for a variance that is the same everywhere.
    groupings
        The grouping factors whose effects read it.
    at
        (k,) its values, ascending; 0 … k - 1 for a factor.
    labels
        Its levels, for a factor; else empty.
    marks
        Positions in ``at`` that stand in the table: round numbers, or all levels.
    data
        Its smallest and its largest value in the data; NaN for a factor.
    columns
        For each term (k, s) what its effects are multiplied by.
    terms
        (t, k) variance of each random-effects term.
    residual
        The residual variance.
    lowest
        Where the total is smallest, in the data or not; NaN for a factor or where it does not change.
    others
        What else the random effects read, held at its mean or first level.
    """

    variable: str
    groupings: tuple[str, ...]
    at: FloatArray
    labels: tuple[str, ...]
    marks: tuple[int, ...]
    data: tuple[float, float]
    columns: tuple[FloatArray, ...]
    terms: FloatArray
    residual: float
    lowest: float
    others: tuple[str, ...] = ()

    @property
    def total(self) -> FloatArray:
        """(k,) variance of the response."""
        return np.asarray(self.terms.sum(axis=0) + self.residual)

    def place(self, value: float) -> str:
        """A value of the predictor with as many decimals as its range needs, whole numbers without."""
        width = self.data[1] - self.data[0]
        places = max(0, 2 - int(np.floor(np.log10(width)))) if width > 0.0 else 3
        text = decimal(value, places)
        return text.rstrip("0").rstrip(".") if "." in text else text

    @property
    def lowest_in_data(self) -> bool:
        """Whether the total is smallest at a value between those in the data."""
        slack = _SAME * (self.data[1] - self.data[0])
        return bool(self.data[0] - slack <= self.lowest <= self.data[1] + slack)


@dataclass(frozen=True, eq=False, slots=True)
class VarianceCurveFigure:
    """One model.

    Attributes
    ----------
    response
        What varies.
    groupings, titles
        For each random-effects term its grouping factor, and its name: with its effects where several
        terms have the same factor.
    covariances
        The terms' Σ.
    curves
        One for each predictor that random effects read; one without a predictor where there is none.
    reason
        Why there is nothing to show; else empty.
    """

    response: str
    groupings: tuple[str, ...]
    titles: tuple[str, ...]
    covariances: tuple[FloatArray, ...]
    curves: tuple[VarianceCurve, ...]
    reason: str = ""

    def icc(self, curve: VarianceCurve, grouping: str) -> FloatArray:
        """(k,) share of the variance that lies between the groups of a factor."""
        own = np.array([g == grouping for g in self.groupings], dtype=np.bool_)
        total = curve.total
        between = curve.terms[own].sum(axis=0)
        return np.asarray(np.divide(between, total, out=np.zeros_like(total), where=total > 0.0))

    def correlation(self, curve: VarianceCurve, grouping: str, i: int, j: int) -> float:
        """Of two responses of one group, at the i-th and at the j-th value: an entry of V as correlation."""
        shared = sum(
            float(z[i] @ sigma @ z[j])
            for z, sigma, g in zip(curve.columns, self.covariances, self.groupings, strict=True)
            if g == grouping
        )
        if i == j:
            return 1.0
        size = float(np.sqrt(curve.total[i] * curve.total[j]))
        return shared / size if size > 0.0 else float("nan")

    def sentences(self, curve: VarianceCurve) -> tuple[str, ...]:
        """Where the variance is smallest, how much it changes, and how alike two of a group are."""
        if not curve.variable:
            return (
                "No effect varies between groups but the intercept, so the variance is the same everywhere.",
            )
        total, name = curve.total, curve.variable
        out = []
        if curve.labels:
            low, high = int(np.argmin(total)), int(np.argmax(total))
            if total[high] > total[low] * (1.0 + 1e-6):
                out.append(
                    f"{self.response} varies most at {name} {curve.labels[high]} "
                    f"(SD {number(float(total[high]) ** 0.5)}), least at {curve.labels[low]} "
                    f"(SD {number(float(total[low]) ** 0.5)})."
                )
            else:
                out.append(f"{self.response} varies equally at every {name}.")
        elif np.isfinite(curve.lowest):
            where = "" if curve.lowest_in_data else ", outside the data"
            out.append(f"The variance is smallest at {name} {curve.place(curve.lowest)}{where}.")
        else:
            out.append(f"The variance does not change with {name}.")
        first, last = curve.marks[0], curve.marks[-1]
        if first != last:
            ends = f"{name} {self.mark_text(curve, first)} and {self.mark_text(curve, last)}"
            for grouping in curve.groupings[:2]:
                rho = decimal(self.correlation(curve, grouping, first, last), 2)
                out.append(f"Two responses of one {grouping} at {ends} correlate by {rho}.")
        if curve.others:
            out.append(f"Held: {listed_all(curve.others)}.")
        return tuple(out)

    @staticmethod
    def mark_text(curve: VarianceCurve, k: int) -> str:
        """The k-th value in words."""
        return curve.labels[k] if curve.labels else curve.place(float(curve.at[k]))

    def table(self, chosen: int = 0) -> FigureTable:
        """One line a value of a predictor: variance of each term and the residual, total, SD, ICCs."""
        if not 0 <= chosen < len(self.curves):
            return FigureTable((), ())
        curve = self.curves[chosen]
        factors = tuple(dict.fromkeys(self.groupings))
        iccs = [self.icc(curve, g) for g in factors]
        total = curve.total
        rows = tuple(
            (
                curve.labels[k] if curve.labels else float(curve.at[k]),
                *(float(v) for v in curve.terms[:, k]),
                curve.residual,
                float(total[k]),
                float(np.sqrt(total[k])),
                *(float(icc[k]) for icc in iccs),
            )
            for k in curve.marks
        )
        head = (curve.variable or "Where", *self.titles, "Residual", "Total variance", "Total SD")
        return FigureTable((*head, *(f"ICC of {g}" for g in factors)), rows)


def variance_curve_figure(fit: Fit) -> VarianceCurveFigure:
    """The variance along every predictor that random effects read."""
    groupings = tuple(t.grouping for t in fit.terms)
    titles = tuple(
        t.grouping if groupings.count(t.grouping) == 1 else f"{t.grouping}: {', '.join(t.effects)}"
        for t in fit.terms
    )
    figure = VarianceCurveFigure(
        response_name(fit.design.spec), groupings, titles, tuple(t.covariance for t in fit.terms), ()
    )
    recipe = fit.design.recipe
    if recipe is None:
        return replace(
            figure,
            reason="The model was fitted to ready-made matrices, so its variance at other values is unknown.",
        )
    read = [slope_columns(term) for term in fit.design.spec.random]
    variables = dict.fromkeys(name for names in read for name in names)
    curves = tuple(_curve(fit, recipe, read, name) for name in variables)
    return replace(figure, curves=curves or (_same_everywhere(fit),))


def moved_variance_curve(figure: VarianceCurveFigure, moved: Moved) -> VarianceCurveFigure:
    """The figure of the best fit with what follows the hand replaced."""
    covariances = tuple(t.covariance for t in moved.fit.terms)
    # σ² averaged over the rows goes with σ².
    ratio = (moved.fit.sigma / moved.best.sigma) ** 2
    curves = tuple(_filled(c, covariances, c.residual * ratio) for c in figure.curves)
    return replace(figure, covariances=covariances, curves=curves)


def lowest_of(at: FloatArray, total: FloatArray) -> float:
    """Where a curve is smallest: the vertex of a parabola, in the data or not; else among its points.

    Effects that are linear in a predictor make the variance a parabola in it, which three points give.
    """
    spread = float(np.ptp(total))
    if spread <= _SAME * float(total.max(initial=0.0)):
        return float("nan")
    left, middle, right = at[0], at[len(at) // 2], at[-1]
    a, b, c = np.polyfit((at - middle) / (right - left), total, 2)
    fitted = np.polyval((a, b, c), (at - middle) / (right - left))
    if np.abs(fitted - total).max() > 1e-6 * spread:
        return float(at[np.argmin(total)])
    if a <= _SAME * float(total.max()):
        return float(at[np.argmin(total)])
    return float(middle - (right - left) * b / (2.0 * a))


def _curve(fit: Fit, recipe: Recipe, read: list[list[str]], name: str) -> VarianceCurve:
    term = next(k for k, names in enumerate(read) if name in names)
    found = icc_curve(fit, term, name, at=None if name not in recipe.numbers else recipe.numbers[name][1:])
    labels, at, marks, data = found.labels, found.at, tuple(range(len(found.at))), (np.nan, np.nan)
    if not labels:
        low, high = float(found.at[0]), float(found.at[-1])
        data = (low, high)
        at, marks = _grid(low, high, found.lowest_at)
    columns = effect_columns(fit, term, name, labels or at)
    groupings = dict.fromkeys(
        t.grouping for t, names in zip(fit.design.random, read, strict=True) if name in names
    )
    others = [c for c in dict.fromkeys(c for names in read for c in names) if c != name]
    held = tuple(
        f"{c} at {number(recipe.numbers[c][0])}" if c in recipe.numbers else f"{c} at {recipe.factors[c][0]}"
        for c in others
    )
    empty = VarianceCurve(
        name, tuple(groupings), at, labels, marks, data, columns, np.empty((0, 0)), 0.0, np.nan, held
    )
    return _filled(empty, tuple(t.covariance for t in fit.terms), float(found.residual))


def _grid(low: float, high: float, lowest: float) -> tuple[FloatArray, tuple[int, ...]]:
    """Values over the data and as far as a minimum nearby; and the round ones among them."""
    width = high - low
    if not width > 0.0:
        return np.array([low]), (0,)
    first, last = low, high
    if np.isfinite(lowest):
        first = min(low, max(lowest - 0.05 * width, low - BEYOND * width))
        last = max(high, min(lowest + 0.05 * width, high + BEYOND * width))
        # A minimum too far away draws nothing beyond the data.
        first = low if lowest < low - BEYOND * width else first
        last = high if lowest > high + BEYOND * width else last
    step = _round_step(width)
    marks = np.arange(np.ceil(low / step - _SAME), np.floor(high / step + _SAME) + 1.0) * step
    # Rounding must not leave two points where there is one.
    at = np.unique(np.round(np.concatenate([np.linspace(first, last, POINTS), marks]) / step, 9)) * step + 0.0
    return at, tuple(int(k) for k in np.searchsorted(at, marks - 1e-7 * step))


def _round_step(width: float) -> float:
    power = 10.0 ** np.floor(np.log10(width / MOST_MARKS))
    return float(next(m * power for m in (1.0, 2.0, 5.0, 10.0, 20.0) if width / (m * power) <= MOST_MARKS))


def _filled(curve: VarianceCurve, covariances: tuple[FloatArray, ...], residual: float) -> VarianceCurve:
    terms = np.array(
        [np.einsum("ks,ks->k", z @ s, z) for z, s in zip(curve.columns, covariances, strict=True)]
    ).reshape(len(covariances), len(curve.at))
    lowest = np.nan
    if not curve.labels and len(curve.at) > 2:
        lowest = lowest_of(curve.at, terms.sum(axis=0) + residual)
    return replace(curve, terms=terms, residual=residual, lowest=lowest)


def _same_everywhere(fit: Fit) -> VarianceCurve:
    """Of a model without slopes: each term has one variance."""
    columns = tuple(r.columns[:1] for r in fit.design.random)
    residual = float(variance_shares(fit).residual_variance)
    flat = VarianceCurve(
        "", (), np.zeros(1), ("everywhere",), (0,), (np.nan, np.nan), columns, np.empty((0, 0)), 0.0, np.nan
    )
    return _filled(flat, tuple(t.covariance for t in fit.terms), residual)
