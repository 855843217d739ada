"""Separate fits of the groups with their intervals: do they overlap, or do the groups differ?"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.engine.result import Fit
from mmgui.figures.moved import Moved
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_title
from mmgui.inference.normal import normal_quantile
from mmgui.inference.variance.separate import SeparateIntervals, separate_intervals
from mmgui.numbers import count, number
from mmgui.spec.terms import INTERCEPT_NAME

FloatArray = NDArray[np.float64]
_LEVEL = 0.95


@dataclass(frozen=True, eq=False, slots=True)
class CoefficientIntervals:
    """One coefficient of every group.

    Attributes
    ----------
    name, title
        As R writes it, and as an axis title.
    estimate, lower, upper
        (L,) of the separate fits; NaN in a group that cannot be fitted alone.
    complete
        The coefficient of one regression for all; NaN where that has none.
    model, model_lower, model_upper
        (L,) the model's: fixed effect plus conditional mode, and ± 1.96 conditional SD; the limits are NaN
        where the model does not let it vary.
    varies
        Whether the model lets it vary over the groups.
    sentence
        What the overlap suggests.
    brief
        The same in a few words.
    """

    name: str
    title: str
    estimate: FloatArray
    lower: FloatArray
    upper: FloatArray
    complete: float
    model: FloatArray
    model_lower: FloatArray
    model_upper: FloatArray
    varies: bool
    sentence: str
    brief: str = ""

    @property
    def excluding(self) -> NDArray[np.bool_]:
        """(L,) whether the group's interval excludes the common value."""
        with np.errstate(invalid="ignore"):
            return np.asarray((self.lower > self.complete) | (self.upper < self.complete))


@dataclass(frozen=True, eq=False, slots=True)
class IntervalsFigure:
    """Separate fits of the groups of one grouping factor; ``unfitted`` says which groups have none, and why.

    ``sigma`` and ``df`` are those of the residuals of all separate fits together. ``weights`` (q, p) and
    ``places`` (the term and effect behind each coefficient, or None) lead from a model to its estimates.
    """

    term: int
    grouping: str
    levels: tuple[str, ...]
    sizes: NDArray[np.intp]
    coefficients: tuple[CoefficientIntervals, ...]
    sigma: float
    df: int
    unfitted: tuple[tuple[int, str], ...]
    notes: tuple[str, ...]
    weights: FloatArray
    places: tuple[tuple[int, int] | None, ...]

    def table(self) -> FigureTable:
        """One line a group: each coefficient's interval, the common value and the model's."""
        head = ["Group", "Rows"]
        columns: list[list[float]] = []
        for c in self.coefficients:
            head += [f"{c.title}: {w}" for w in ("lower", "estimate", "upper", "complete pooling", "model")]
            common = np.full(len(self.levels), c.complete)
            columns += [v.tolist() for v in (c.lower, c.estimate, c.upper, common, c.model)]
        rows: tuple[tuple[str | float | int | None, ...], ...] = tuple(
            (level, int(size), *(column[k] for column in columns))
            for k, (level, size) in enumerate(zip(self.levels, self.sizes, strict=True))
        )
        return FigureTable(tuple(head), rows)


def intervals_figure(fit: Fit, term: int) -> IntervalsFigure:
    """Separate fits by least squares with a common residual SD, beside one fit for all and the model."""
    design = fit.design
    found = separate_intervals(design, term, level=_LEVEL)
    random = design.random[term]
    places = tuple(_place(design, random.grouping, name) for name in found.effects)
    slopes = {t.label for t in (*design.spec.fixed, *(s for r in design.spec.random for s in r.slopes))}
    values = _models(fit, found.weights, places)
    coefficients = []
    for j, name in enumerate(found.effects):
        title, estimate, half = effect_title(name, slopes), found.estimates[:, j], found.half[:, j]
        complete = float(found.pooled[j])
        model, low, high = values[j]
        told = CoefficientIntervals(
            name, title, estimate, estimate - half, estimate + half, complete, model, low, high,
            places[j] is not None, "",
        )  # fmt: skip
        alone = len(design.random) == 1
        coefficients.append(replace(told, sentence=_sentence(told, found, alone=alone), brief=_brief(told)))
    unfitted = tuple((g, reason) for g, reason in enumerate(found.reasons) if reason)
    return IntervalsFigure(
        term=term,
        grouping=random.grouping,
        levels=random.levels,
        sizes=np.bincount(random.codes, minlength=len(random.levels)),
        coefficients=tuple(coefficients),
        sigma=found.sigma,
        df=found.df,
        unfitted=unfitted,
        notes=_notes(found, unfitted, len(random.levels), len(design.random)),
        weights=found.weights,
        places=places,
    )


def moved_intervals(figure: IntervalsFigure, moved: Moved) -> IntervalsFigure:
    """The figure with the estimates of the model as moved; the separate fits stay."""
    values = _models(moved.fit, figure.weights, figure.places)
    coefficients = tuple(
        replace(c, model=model, model_lower=low, model_upper=high)
        for c, (model, low, high) in zip(figure.coefficients, values, strict=True)
    )
    return replace(figure, coefficients=coefficients)


def _place(design: Design, grouping: str, name: str) -> tuple[int, int] | None:
    """The term and the effect that let a coefficient vary over the groups."""
    for k, random in enumerate(design.random):
        if random.grouping == grouping and name in random.effects:
            return k, random.effects.index(name)
    return None


def _models(
    fit: Fit, weights: FloatArray, places: tuple[tuple[int, int] | None, ...]
) -> list[tuple[FloatArray, FloatArray, FloatArray]]:
    centre = weights @ fit.beta
    groups = next(len(fit.terms[p[0]].levels) for p in places if p is not None)
    out = []
    for j, place in enumerate(places):
        if place is None:
            nothing = np.full(groups, np.nan)
            out.append((np.full(groups, centre[j]), nothing, nothing))
            continue
        term = fit.terms[place[0]]
        model = centre[j] + term.modes[:, place[1]]
        half = normal_quantile(_LEVEL) * term.conditional_sd[:, place[1]]
        out.append((model, model - half, model + half))
    return out


def _brief(c: CoefficientIntervals) -> str:
    fitted = int(np.isfinite(c.lower).sum())
    if not fitted or math.isnan(c.complete):
        return ""
    return f"{int(c.excluding.sum())} of {fitted} exclude {number(c.complete, 4)}"


def _sentence(c: CoefficientIntervals, found: SeparateIntervals, *, alone: bool) -> str:
    fitted = int(np.isfinite(c.lower).sum())
    what = "intercept" if c.name == INTERCEPT_NAME else c.title[:1].lower() + c.title[1:]
    if c.title == c.name:
        what = f"effect {c.name}"
    if not fitted:
        return "No group has an interval of its own: no rows are left to tell the residual SD."
    if math.isnan(c.complete):
        return f"The model has no common {what} to compare with."
    out, chance = int(c.excluding.sum()), (1.0 - found.level) * fitted
    said = f"{out} of {count(fitted, 'interval')} exclude the common {what} ({number(c.complete, 4)})"
    random = f"random {what}" if not what.startswith("effect ") else f"random {what[7:]}"
    expected = f"about {chance:.0f}" if chance >= 0.5 else "hardly any"
    by_chance = f"if all groups were alike, {expected} would"
    if out <= max(chance, 1.0) + 1.0:
        weak = f"{said}; {by_chance}. One common value says nearly as much."
        return weak if alone else f"{weak} The other random effects, left in, may hide differences."
    if out < 2.0 * chance:
        return f"{said}; {by_chance}. That is a little more than chance."
    verb = "has" if c.varies else "would have"
    return f"{said}; {by_chance}. A {random} {verb} something to describe."


def _notes(
    found: SeparateIntervals, unfitted: tuple[tuple[int, str], ...], groups: int, terms: int
) -> tuple[str, ...]:
    notes: list[str] = []
    if len(unfitted) == 1:
        notes.append(unfitted[0][1])
    elif unfitted:
        notes.append(
            f"{len(unfitted):,} of {count(groups, 'group')} cannot be fitted alone, for example: "
            f"{unfitted[0][1]}"
        )
    if found.df:
        notes.append(
            f"95 % intervals of separate least-squares fits that share one residual SD, "
            f"{number(found.sigma)} on {found.df:,} degrees of freedom."
        )
    if [n for n in found.removed if n != INTERCEPT_NAME]:
        notes.append("Fixed effects that do not vary within groups are taken off before.")
    if terms > 1:
        notes.append("The other random effects are left in the residuals.")
    return tuple(notes)
