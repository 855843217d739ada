"""In how many directions the groups of a term differ: singular values on three scales, each in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit, FittedTerm
from mmgui.figures.sigma_words import effect_phrase, empty_words, loading_words
from mmgui.figures.tabular import FigureTable
from mmgui.inference.variance.principal_components import Components, column_scale, term_components
from mmgui.numbers import count, number

FloatArray = NDArray[np.float64]

RESPONSE, CORRELATION, OWN = 0, 1, 2
"""Positions of the scales."""

_TITLES = ("In the response", "As correlations", "In the effects’ own units")
_MEANINGS = (
    "each effect in units of the response",
    "each effect in units of its SD",
    "as lme4’s rePCA, where what is large depends on the units of the effects",
)


@dataclass(frozen=True, eq=False, slots=True)
class Direction:
    """One principal component.

    Attributes
    ----------
    share
        Of the variance on its scale; NaN where nothing varies.
    sd
        Standard deviation along it: in the response's units; of effects with variance 1 as correlations.
    relative
        Its singular value relative to the largest.
    loadings
        (s,) of length 1, over the effects of the scale.
    words
        Which effects it is made of; that it has no variance, and what it is, where it is empty.
    empty
        Whether it has no variance.
    """

    share: float
    sd: float
    relative: float
    loadings: FloatArray
    words: str
    empty: bool


@dataclass(frozen=True, eq=False, slots=True)
class DirectionScale:
    """The directions on one scale, the widest first.

    Attributes
    ----------
    title, meaning
        Its name, and what one unit of an effect is on it.
    effects
        Positions of the effects that it holds: all, or as correlations those with variance.
    directions
        One for each of them.
    """

    title: str
    meaning: str
    effects: tuple[int, ...]
    directions: tuple[Direction, ...]

    @property
    def rank(self) -> int:
        """How many of them have variance."""
        return sum(not d.empty for d in self.directions)


@dataclass(frozen=True, eq=False, slots=True)
class DirectionsFigure:
    """One term.

    Attributes
    ----------
    term, grouping, effects, phrases
        Its position (colour), grouping factor, effects, and these as they stand in a sentence.
    column_scale
        (s,) root mean squares of its columns.
    scales
        By what the effects do in the response and as correlations, which decide whether the term is
        singular, and in the effects' own units.
    rank
        How many directions have variance: the verdict.
    """

    term: int
    grouping: str
    effects: tuple[str, ...]
    phrases: tuple[str, ...]
    column_scale: FloatArray
    scales: tuple[DirectionScale, DirectionScale, DirectionScale]
    rank: int

    @property
    def verdict(self) -> str:
        """How many directions vary, and whether that makes the fit singular here, in a sentence."""
        size = len(self.effects)
        if size == 1:
            name = self.phrases[0][:1].upper() + self.phrases[0][1:]
            if self.rank == 0:
                return (
                    f"{name} does not vary between the groups of {self.grouping}: the fit is singular here."
                )
            sd = self.scales[OWN].directions[0].sd
            return (
                f"{name} varies between the groups of {self.grouping} with an SD of {number(sd)}, "
                f"a variance of {number(sd * sd)}."
            )
        if self.rank == size:
            full = all(s.rank == len(s.directions) for s in self.scales[:OWN])
            doubt = "" if full else " A direction counts as empty only where both scales say so."
            return f"{size} effects vary in {count(self.rank, 'direction')}: not singular.{doubt}"
        empty = size - self.rank
        without = f"{count(empty, 'direction')} {'has' if empty == 1 else 'have'} no variance"
        return f"{size} effects vary in {count(self.rank, 'direction')}: singular. {without}."

    def table(self) -> FigureTable:
        """One line a direction of each scale: SD, share, size against the widest, loadings, words."""
        rows: list[tuple[str | float | int | None, ...]] = []
        for scale in self.scales:
            for k, d in enumerate(scale.directions):
                loadings: list[float | None] = [None] * len(self.effects)
                for position, value in zip(scale.effects, d.loadings, strict=True):
                    loadings[position] = float(value)
                rows.append((scale.title, k + 1, d.sd, d.share, d.relative, *loadings, d.words))
        head = ("Scale", "Direction", "SD", "Share", "Relative to the widest")
        return FigureTable((*head, *self.effects, "In words"), tuple(rows))


def directions_figure(fit: Fit, term_index: int, titles: tuple[str, ...]) -> DirectionsFigure:
    """The directions of one term; ``titles`` are its effects as axis titles."""
    phrases = tuple(effect_phrase(t) for t in titles)
    return _figure(fit, term_index, phrases, column_scale(fit, term_index))


def moved_directions(figure: DirectionsFigure, fit: Fit) -> DirectionsFigure:
    """The same term in a fit with other covariance parameters."""
    return _figure(fit, figure.term, figure.phrases, figure.column_scale)


def _figure(fit: Fit, term_index: int, phrases: tuple[str, ...], scale: FloatArray) -> DirectionsFigure:
    term = fit.terms[term_index]
    found = term_components(fit, term_index, scale)
    response, correlation, own = (
        _scale(which, c, term, phrases, 1.0 if which == CORRELATION else fit.sigma)
        for which, c in enumerate(found)
    )
    scales = (response, correlation, own)
    return DirectionsFigure(term_index, term.grouping, term.effects, phrases, scale, scales, term.rank)


def _scale(
    which: int, found: Components, term: FittedTerm, phrases: tuple[str, ...], unit: float
) -> DirectionScale:
    positions = tuple(term.effects.index(e) for e in found.effects)
    own_phrases = [phrases[k] for k in positions]
    widest = float(found.sdev[0]) if len(found.sdev) else 0.0
    directions = []
    for k, sd in enumerate(found.sdev):
        loadings, empty = found.rotation[:, k], k >= found.rank
        if empty:
            words = empty_words(loadings, found.effects, own_phrases)
        else:
            words = loading_words(loadings, own_phrases)
        directions.append(
            Direction(
                share=float(found.proportion[k]),
                sd=unit * float(sd),
                relative=float(sd) / widest if widest > 0.0 else 0.0,
                loadings=loadings,
                words=words[:1].upper() + words[1:] if words.startswith("the ") else words,
                empty=empty,
            )
        )
    return DirectionScale(_TITLES[which], _MEANINGS[which], positions, tuple(directions))
