"""Shrinkage: each group's own estimate (no pooling), the model's (partial), and everyone's (complete)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_title, effect_titles
from mmgui.inference.separate import (
    SeparateFits,
    complete_pooling,
    pooled_coefficients,
    pulled_to,
    separate_fits,
)
from mmgui.numbers import count
from mmgui.spec.terms import INTERCEPT_NAME

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class ShrinkageFigure:
    """One random-effects term.

    Attributes
    ----------
    term
        Position of the term in the model (its colour).
    grouping, levels, effects
        The grouping factor, its L groups, the s effects.
    sizes
        (L,) rows per group.
    own
        (L, s) coefficients of a separate regression in each group; NaN where the group's rows cannot give it.
    model
        (L, s) the model's coefficients for each group: fixed effect plus conditional mode.
    complete
        (s,) the coefficients of one regression that ignores the groups; NaN for an effect that has no
        fixed counterpart.
    centre
        (s,) the model's fixed effects, to which estimates are pulled; 0 for an effect without fixed
        counterpart.
    covariance
        (s, s) estimated covariance of the effects, from which the ellipses are drawn.
    notes
        Sentences about what could not be shown (groups too small for an own estimate, …).
    titles
        The s effects as axis titles (``Slope of Days``); empty to use the effects' names.
    """

    term: int
    grouping: str
    levels: tuple[str, ...]
    effects: tuple[str, ...]
    sizes: NDArray[np.int64]
    own: FloatArray
    model: FloatArray
    complete: FloatArray
    centre: FloatArray
    covariance: FloatArray
    notes: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    def table(self) -> FigureTable:
        """One line a group: rows, own and model estimate of each effect."""
        head = ["Group", "Rows"]
        for effect in self.effects:
            head += [f"{effect} own", f"{effect} model"]
        rows = []
        for k, level in enumerate(self.levels):
            line: list[str | float | int | None] = [level, int(self.sizes[k])]
            for j in range(len(self.effects)):
                line += [float(self.own[k, j]), float(self.model[k, j])]
            rows.append(tuple(line))
        return FigureTable(tuple(head), tuple(rows))


@dataclass(frozen=True, eq=False, slots=True)
class CaterpillarFigure:
    """Conditional modes of one term with their conditional standard deviations, (L, s) each.

    ``titles`` are the effects as axis titles; empty to use the effects' names.
    """

    term: int
    grouping: str
    levels: tuple[str, ...]
    effects: tuple[str, ...]
    modes: FloatArray
    sd: FloatArray
    titles: tuple[str, ...] = ()

    def table(self) -> FigureTable:
        """One line a group: mode and conditional SD of each effect."""
        head = ["Group"]
        for effect in self.effects:
            head += [effect, f"{effect} SD"]
        rows = []
        for k, level in enumerate(self.levels):
            line: list[str | float | int | None] = [level]
            for j in range(len(self.effects)):
                line += [float(self.modes[k, j]), float(self.sd[k, j])]
            rows.append(tuple(line))
        return FigureTable(tuple(head), tuple(rows))


def shrinkage_figures(fit: Fit) -> tuple[ShrinkageFigure, ...]:
    """One figure for each random-effects term."""
    return tuple(shrinkage_figure(fit, k) for k in range(len(fit.terms)))


def shrinkage_figure(fit: Fit, term: int, effects: tuple[str, ...] | None = None) -> ShrinkageFigure:
    """Own, model and pooled estimates of a term's effects.

    With ``effects`` the picture has these axes instead of the term's own, so that models can be laid
    side by side: an effect of the list that the term does not let vary has its fixed effect in every
    group and no variance. Effects that this model cannot show are an error of the caller; see
    ``shown_effects``.
    """
    if effects is not None and effects != fit.terms[term].effects:
        return _on_other_axes(fit, term, effects)
    fitted = fit.terms[term]
    own = separate_fits(fit.design, term, beta=fit.beta)
    centre = pulled_to(fit.design, term, fit.beta)
    return ShrinkageFigure(
        term=term,
        grouping=fitted.grouping,
        levels=fitted.levels,
        effects=fitted.effects,
        sizes=own.sizes,
        own=own.estimates,
        model=centre + fitted.modes,
        complete=complete_pooling(fit.design, term),
        centre=centre,
        covariance=fitted.covariance,
        notes=_notes(fit, own),
        titles=effect_titles(fit.design, term),
    )


def shown_effects(fit: Fit, term: int) -> tuple[str, ...]:
    """The effects that can be axes of the term's picture: its own, then the model's other fixed effects."""
    own = fit.terms[term].effects
    return own + tuple(n for n in fit.design.fixed_names if n not in own)


def _on_other_axes(fit: Fit, term: int, effects: tuple[str, ...]) -> ShrinkageFigure:
    fitted, design = fit.terms[term], fit.design
    own = separate_fits(design, term, all_effects=True, beta=fit.beta)
    pooled = pooled_coefficients(design)
    s, groups = len(effects), len(fitted.levels)
    estimates, model = np.full((groups, s), np.nan), np.zeros((groups, s))
    complete, centre, covariance = np.full(s, np.nan), np.zeros(s), np.zeros((s, s))
    for j, name in enumerate(effects):
        if name in own.effects:
            estimates[:, j] = own.estimates[:, own.effects.index(name)]
        if name in design.fixed_names:
            place = design.fixed_names.index(name)
            complete[j], centre[j] = pooled[place], fit.beta[place]
        model[:, j] = centre[j]
        if name in fitted.effects:
            model[:, j] += fitted.modes[:, fitted.effects.index(name)]
    inside = [j for j, name in enumerate(effects) if name in fitted.effects]
    places = [fitted.effects.index(effects[j]) for j in inside]
    covariance[np.ix_(inside, inside)] = fitted.covariance[np.ix_(places, places)]
    slopes = {t.label for t in (*design.spec.fixed, *design.spec.random[term].slopes)}
    return ShrinkageFigure(
        term=term,
        grouping=fitted.grouping,
        levels=fitted.levels,
        effects=effects,
        sizes=own.sizes,
        own=estimates,
        model=model,
        complete=complete,
        centre=centre,
        covariance=covariance,
        notes=_notes(fit, own),
        titles=tuple(effect_title(e, slopes) for e in effects),
    )


def _notes(fit: Fit, own: SeparateFits) -> tuple[str, ...]:
    notes: list[str] = []
    reasons = [r for r in own.reasons if r]
    if len(reasons) == 1:
        notes.append(reasons[0])
    elif reasons:
        of = count(len(own.reasons), "group")
        notes.append(f"{len(reasons)} of {of} have no estimate of their own, for example: {reasons[0]}")
    removed = [n for n in own.removed if n != INTERCEPT_NAME]
    if removed:
        named = ", ".join(removed[:3]) + (f" and {len(removed) - 3} more" if len(removed) > 3 else "")
        what = "effect" if len(removed) == 1 else "effects"
        verb = "is" if len(removed) == 1 else "are"
        notes.append(f"Own estimates are taken after the fixed {what} of {named} {verb} removed.")
    if len(fit.terms) > 1:
        notes.append("Own estimates leave the other random effects in.")
    return tuple(notes)


def caterpillar_figure(fit: Fit, term: int) -> CaterpillarFigure:
    """Conditional modes of a term with their conditional standard deviations."""
    fitted = fit.terms[term]
    titles = effect_titles(fit.design, term)
    return CaterpillarFigure(
        term, fitted.grouping, fitted.levels, fitted.effects, fitted.modes, fitted.conditional_sd, titles
    )
