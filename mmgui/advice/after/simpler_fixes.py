"""Simpler models as remedies: what they are, and what they cost."""

from __future__ import annotations

import math
from collections.abc import Iterable

from mmgui.advice.finding import Fix
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.inference.comparison.simpler import Candidate, SimplerModel
from mmgui.numbers import count, number


def candidate_fix(candidate: Candidate) -> Fix:
    """A simpler model that nobody has fitted."""
    if not candidate.becomes:
        return Fix(f"Remove {candidate.instead_of}", candidate.spec)
    return Fix(f"Make it {candidate.becomes}", candidate.spec)


def simpler_fix(model: SimplerModel) -> Fix:
    """``(1 | Subject): fits the same with 2 parameters fewer``."""
    candidate = model.candidate
    name = candidate.becomes or f"Without {candidate.instead_of}"
    return Fix(f"{name}: {price(model)}", candidate.spec)


def price(model: SimplerModel) -> str:
    """What a simpler model costs, in a few words."""
    if math.isnan(model.cost):
        return "what it costs only a fit tells"
    if fits_the_same(model):
        return f"fits the same with {count(model.saved, 'parameter')} fewer"
    saves = f"saves {count(model.saved, 'parameter')}"
    if model.cost < 0:
        return f"fits better by {number(-model.cost, 2)}, so the search had not arrived; {saves}"
    return f"costs {number(model.cost, 2 if model.cost < 1 else 3)} on the criterion, {saves}"


def fits_the_same(model: SimplerModel) -> bool:
    """Whether it fits as well as the larger model."""
    return abs(model.cost) <= THRESHOLDS.costless


def summary(models: Iterable[SimplerModel]) -> str:
    """What they say together: whether anything simpler fits the same."""
    known = [m for m in models if not math.isnan(m.cost)]
    if not known:
        return "Simpler models; what they cost only a fit tells."
    same = sum(fits_the_same(m) for m in known)
    if same == len(known):
        return "A simpler model fits the same." if same == 1 else "Simpler models fit the same."
    if same:
        return "Simpler models fit the same; they come first."
    return "No simpler model fits quite the same; the cheapest come first."
