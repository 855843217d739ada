"""Which covariance structures suit a random term, and why the others do not."""

from __future__ import annotations

import re
from itertools import pairwise

from mmgui.advice.facts import DesignFacts
from mmgui.engine.build.variable import Labels
from mmgui.errors import ModelError
from mmgui.spec.expression import Expression
from mmgui.spec.terms import Covariance, RandomTerm, Term
from mmgui.words import listed_all

_EQUAL_VARIANCES = (Covariance.IDENTITY, Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY, Covariance.AR1)
_AUTOREGRESSIVE = (Covariance.AR1, Covariance.HETEROGENEOUS_AR1)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def unsuited(term: RandomTerm, facts: DesignFacts | None) -> dict[Covariance, str]:
    """Structures that make no sense for a term, each with the reason; what it has now is never one."""
    reasons: dict[Covariance, str] = {}
    if len(term.effects) < 2:
        reasons[Covariance.DIAGONAL] = (
            "Only one effect of the formula varies here, so there is nothing to uncouple it from."
        )
    if facts is not None and term.has_effects:
        try:
            units = _different_units(term, facts)
            order = _no_order(term, facts)
        except ModelError:
            # The advice says what cannot be evaluated.
            units = order = ""
        reasons |= {c: units for c in _EQUAL_VARIANCES if units}
        reasons |= {c: order for c in _AUTOREGRESSIVE if order}
    reasons.pop(term.covariance, None)
    return reasons


def _different_units(term: RandomTerm, facts: DesignFacts) -> str:
    """Why the effects cannot have one variance, empty if they can."""
    named: dict[frozenset[Expression], str] = {frozenset(): "the intercept"} if term.intercept else {}
    for slope in term.slopes:
        quantities = frozenset(f for f in slope.factors if not facts.evaluator.is_factor(f))
        named.setdefault(quantities, f"the slope of {slope.label}" if quantities else slope.label)
    if len(named) < 2:
        return ""
    names = listed_all(list(named.values())[:3])
    return f"{names[0].upper()}{names[1:]} are in different units, so they cannot share one variance."


def _no_order(term: RandomTerm, facts: DesignFacts) -> str:
    """Why neighbours among the effects mean nothing, empty if they do."""
    what = "An autoregression needs the occasions of one factor, in their order"
    factor = _only_factor(term, facts)
    if factor is None:
        alone = len(term.slopes) == 1 and facts.evaluator.is_factor(term.slopes[0].factors[0])
        remedy = ": take out the intercept, so that each has an effect of its own." if alone else "."
        return f"{what}, as the only effects{remedy}"
    value = facts.evaluator.variable(factor.factors[0])
    levels = value.levels if isinstance(value, Labels) else ()
    numbers = [_NUMBER.search(level) for level in levels]
    values = [float(number.group()) for number in numbers if number is not None]
    if len(values) == len(levels) and all(a < b for a, b in pairwise(values)):
        return ""
    shown = ", ".join([*levels[:3], *(["…"] if len(levels) > 3 else [])])
    return (
        f"{what}, and the levels of {factor.label} ({shown}) are not numbered in that order. "
        "Where they are in order all the same, write ar1( ) around the term in the formula."
    )


def _only_factor(term: RandomTerm, facts: DesignFacts) -> Term | None:
    """The factor whose levels are all that varies, None if there is something else."""
    if term.intercept or len(term.slopes) != 1 or term.slopes[0].order != 1:
        return None
    slope = term.slopes[0]
    return slope if facts.evaluator.is_factor(slope.factors[0]) else None
