"""Which effects of a term light up with what the pointer rests on elsewhere, and the other way round."""

from __future__ import annotations

from collections.abc import Iterable

from mmgui.app.emphasis import NOTHING, Emphasis
from mmgui.figures.covariance import CovarianceFigure


def lit_effects(figure: CovarianceFigure, emphasis: Emphasis) -> frozenset[int]:
    """Positions of the effects that the emphasis speaks of; all where it speaks of the term."""
    everything = range(len(figure.effects))
    if figure.term in emphasis.random:
        return frozenset(everything)
    labels = {label for k, label in emphasis.effects if k == figure.term} | emphasis.fixed
    return frozenset(k for k in everything if k < len(figure.labels) and figure.labels[k] in labels)


def emphasis_of(figure: CovarianceFigure, effects: Iterable[int]) -> Emphasis:
    """What lights up elsewhere with some of a term's effects; nothing for none."""
    labels = frozenset((figure.term, figure.labels[k]) for k in effects if k < len(figure.labels))
    return Emphasis(effects=labels) if labels else NOTHING
