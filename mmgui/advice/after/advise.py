"""All the advice on a model that was fitted."""

from __future__ import annotations

from mmgui.advice.after import (
    deletion_rule,
    df_rule,
    left_out_rules,
    mode_rules,
    origin_rule,
    search_rules,
    singularity_rules,
)
from mmgui.advice.after.fit_facts import FitFacts, FitRule
from mmgui.advice.finding import Finding
from mmgui.advice.precedence import settle
from mmgui.engine.result import Fit
from mmgui.inference.degrees_of_freedom.satterthwaite import FixedEffectTests
from mmgui.inference.likelihood.other_starts import OtherStarts
from mmgui.inference.refits.deletion import Deletions

_MODULES = (
    search_rules,
    left_out_rules,
    singularity_rules,
    origin_rule,
    df_rule,
    deletion_rule,
    mode_rules,
)

RULES: dict[str, FitRule] = {rule: check for module in _MODULES for rule, check in module.RULES.items()}

ORDER = ("F6", "F7", "F8", "F5", "G4", "F1", "F2", "F3", "F4", "F10", "X1", "D1", "F9", "F11", "F12")
"""Convergence, then singularity, then what the tests rest on, then what is merely worth knowing."""


def advise_fit(
    fit: Fit,
    *,
    tests: FixedEffectTests | None = None,
    deletions: Deletions | tuple[Deletions, ...] | None = None,
    starts: OtherStarts | None = None,
) -> tuple[Finding, ...]:
    """What there is to say about a fitted model; nothing about one that is in order.

    Convergence and singularity are two things, and no sentence is about both.

    Parameters
    ----------
    fit
        The fit.
    tests
        Tests of its fixed effects, for what is to be said of their degrees of freedom.
    deletions
        The fit without each group of a grouping factor, of one or several.
    starts
        The fit from other starts.

    Returns
    -------
    tuple of Finding
        Each with a title, in the order in which they are read. ``fixes`` are simpler models, none of them
        fitted; what they cost is known to :func:`mmgui.inference.comparison.simpler.simpler_models`.
    """
    left_out = (deletions,) if isinstance(deletions, Deletions) else deletions or ()
    facts = FitFacts(fit, tests, left_out, starts)
    found: list[Finding] = []
    for rule in ORDER:
        found += RULES[rule](facts)
    return settle(_in_the_order_of_terms(found))


def _in_the_order_of_terms(findings: list[Finding]) -> list[Finding]:
    """Singular terms in the order of the formula, whichever way they are singular."""
    singular = sorted((f for f in findings if f.id in ("F1", "F2", "F3")), key=lambda f: f.terms)
    turn = iter(singular)
    return [next(turn) if f.id in ("F1", "F2", "F3") else f for f in findings]
