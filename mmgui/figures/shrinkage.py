"""Shrinkage: each group's own estimate (no pooling), the model's (partial), and everyone's (complete)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.figures.shrinkage_words import collapse_words
from mmgui.figures.singularity import flat_direction
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_title, effect_titles
from mmgui.inference.variance.separate import (
    complete_pooling,
    counterpart,
    pooled_coefficients,
    separate_fits,
)
from mmgui.inference.variance.shrinkage import group_information, own_estimates, shrinkage_weights
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
    weights
        (L, s, s) by what a group's distance from the centre is multiplied: b = W (own − centre) where the
        model has no other random effects, the reliability where it has. None on another term's axes.
    information
        (L, s, s) Z'Z of each group, for an intercept its rows.
    sigma
        The residual standard deviation.
    alone
        Whether the model has no other random-effects term.
    weighted
        Whether the rows have prior weights.
    link
        (s, p) the centre as combinations of the fixed effects.
    taken
        (L, s, p) by how much an own estimate falls for a unit of each fixed effect; None where none is
        taken off before.
    best
        The figure of the fit where this one is of the model moved, else None.
    collapse
        What Σ has collapsed to, in a sentence; empty where it has not.
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
    weights: FloatArray | None = None
    information: FloatArray | None = None
    sigma: float = float("nan")
    alone: bool = True
    weighted: bool = False
    link: FloatArray | None = None
    taken: FloatArray | None = None
    best: ShrinkageFigure | None = None
    collapse: str = ""

    def table(self) -> FigureTable:
        """One line a group: rows, own and model estimate of each effect, the common value, the weights."""
        head = ["Group", "Rows"]
        for effect in self.effects:
            head += [f"{effect} own", f"{effect} model", f"{effect} common"]
        several = len(self.effects) > 1
        pairs = [(i, j) for i in range(len(self.effects)) for j in range(len(self.effects))]
        if self.weights is not None:
            head += [
                f"Weight {self.effects[i]}, {self.effects[j]}" if several else "Weight" for i, j in pairs
            ]
        rows = []
        for k, level in enumerate(self.levels):
            line: list[str | float | int | None] = [level, int(self.sizes[k])]
            for j in range(len(self.effects)):
                line += [float(self.own[k, j]), float(self.model[k, j]), float(self.centre[j])]
            if self.weights is not None:
                line += [float(self.weights[k, i, j]) for i, j in pairs]
            rows.append(tuple(line))
        return FigureTable(tuple(head), tuple(rows))

    def with_effects(self, chosen: tuple[int, ...]) -> ShrinkageFigure:
        """The same groups with some of the effects."""
        if chosen == tuple(range(len(self.effects))):
            return self
        at = list(chosen)

        def names(all_names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(all_names[j] for j in at) if all_names else ()

        def square(cube: FloatArray | None) -> FloatArray | None:
            return None if cube is None else cube[:, at][:, :, at]

        covariance, titles = self.covariance[np.ix_(at, at)], names(self.titles)
        # What the whole term has collapsed to says nothing of a pair, which has words of its own.
        collapse = self.collapse if len(at) > 2 else collapse_words(covariance, titles or names(self.effects))
        return replace(
            self,
            effects=names(self.effects),
            titles=titles,
            own=self.own[:, at],
            model=self.model[:, at],
            complete=self.complete[at],
            centre=self.centre[at],
            covariance=covariance,
            collapse=collapse,
            weights=square(self.weights),
            # Weights of some effects rest on the information on all of them.
            information=self.information,
            link=None if self.link is None else self.link[at],
            taken=None if self.taken is None else self.taken[:, at],
            best=None if self.best is None else self.best.with_effects(chosen),
        )


@dataclass(frozen=True, eq=False, slots=True)
class CaterpillarFigure:
    """Conditional modes of one term with their conditional standard deviations, (L, s) each.

    ``titles`` are the effects as axis titles, empty to use the effects' names; ``sizes`` (L,) the rows of
    each group, None where they are not known; ``best`` the figure of the fit where this one is of the
    model moved, whose SDs are NaN where they are not known.
    """

    term: int
    grouping: str
    levels: tuple[str, ...]
    effects: tuple[str, ...]
    modes: FloatArray
    sd: FloatArray
    titles: tuple[str, ...] = ()
    sizes: NDArray[np.int64] | None = None
    best: CaterpillarFigure | None = None

    def table(self) -> FigureTable:
        """One line a group: rows, mode and conditional SD of each effect."""
        head = ["Group"] + (["Rows"] if self.sizes is not None else [])
        for effect in self.effects:
            head += [effect, f"{effect} SD"]
        rows = []
        for k, level in enumerate(self.levels):
            line: list[str | float | int | None] = [level]
            if self.sizes is not None:
                line.append(int(self.sizes[k]))
            for j in range(len(self.effects)):
                line += [float(self.modes[k, j]), float(self.sd[k, j])]
            rows.append(tuple(line))
        return FigureTable(tuple(head), tuple(rows))

    def with_effects(self, chosen: tuple[int, ...]) -> CaterpillarFigure:
        """The same groups with some of the effects."""
        if chosen == tuple(range(len(self.effects))):
            return self
        at = list(chosen)
        return replace(
            self,
            effects=tuple(self.effects[j] for j in at),
            titles=tuple(self.titles[j] for j in at) if self.titles else (),
            modes=self.modes[:, at],
            sd=self.sd[:, at],
            best=None if self.best is None else self.best.with_effects(chosen),
        )


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
    fitted, design = fit.terms[term], fit.design
    fixed = counterpart(design, term)
    own = own_estimates(design, term, fit.beta, fixed.inside)
    centre = fixed.weights @ fit.beta
    information = group_information(design.random[term], design.weights)
    titles = effect_titles(design, term)
    return ShrinkageFigure(
        term=term,
        grouping=fitted.grouping,
        levels=fitted.levels,
        effects=fitted.effects,
        sizes=own.sizes,
        own=own.estimates,
        model=centre + fitted.modes,
        complete=complete_pooling(design, term),
        centre=centre,
        covariance=fitted.covariance,
        notes=_notes(fit, own.reasons, own.removed, len(own.sizes)),
        titles=titles,
        weights=shrinkage_weights(fit, term, information),
        information=information,
        sigma=fit.sigma,
        alone=len(fit.terms) == 1,
        weighted=design.weights is not None,
        link=fixed.weights,
        taken=own.taken,
        collapse=collapse_words(fitted.covariance, titles) or flat_direction(fit, term),
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
        notes=_notes(fit, tuple(r for r in own.reasons if r), own.removed, groups),
        titles=tuple(effect_title(e, slopes) for e in effects),
    )


def _notes(fit: Fit, reasons: tuple[str, ...], taken_off: tuple[str, ...], groups: int) -> tuple[str, ...]:
    notes: list[str] = []
    if len(reasons) == 1:
        notes.append(reasons[0])
    elif reasons:
        of = count(groups, "group")
        notes.append(f"{len(reasons):,} of {of} have no estimate of their own, for example: {reasons[0]}")
    removed = [n for n in taken_off if n != INTERCEPT_NAME]
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
    sizes = np.bincount(fit.design.random[term].codes, minlength=len(fitted.levels)).astype(np.int64)
    return CaterpillarFigure(
        term,
        fitted.grouping,
        fitted.levels,
        fitted.effects,
        fitted.modes,
        fitted.conditional_sd,
        titles,
        sizes,
    )
