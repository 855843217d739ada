"""What has no variance in a singular term, in words."""

from __future__ import annotations

from mmgui.advice.after.directions import combination, direction_sentences
from mmgui.engine.result import Fit
from mmgui.inference.variance.singularity import flatness

__all__ = ["combination", "flat_direction"]


def flat_direction(fit: Fit, term_index: int) -> str:
    """Sentences that say what has no variance in a term; empty where it is not singular."""
    term = fit.terms[term_index]
    return direction_sentences(term, flatness(fit, term_index)) if term.singular else ""
