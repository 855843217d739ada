"""All the advice on a model that is being built. Nothing is fitted."""

from __future__ import annotations

from collections.abc import Mapping

from mmgui.advice.before import (
    crossing_rules,
    effect_rules,
    few_groups,
    fixed_and_random,
    fixed_rules,
    group_rules,
    identifiability_rule,
    kind_rules,
    left_out,
    model_rules,
    nesting_rules,
    predictor_rules,
    response_rules,
    row_rules,
    term_rules,
    unit_rules,
)
from mmgui.advice.catalogue import CATALOGUE
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Severity
from mmgui.advice.precedence import settle
from mmgui.advice.ready import ready
from mmgui.advice.rule import Rule
from mmgui.data.table import Table
from mmgui.errors import ModelError
from mmgui.spec.model import ModelSpec

_MODULES = (
    crossing_rules, effect_rules, few_groups, fixed_and_random, fixed_rules, group_rules,
    identifiability_rule, kind_rules, left_out, nesting_rules, predictor_rules, response_rules, row_rules,
    term_rules, unit_rules,
)  # fmt: skip

RULES: Mapping[str, Rule] = {rule: check for module in _MODULES for rule, check in module.RULES.items()}
"""Every rule before the fit by its id."""

# The certificate is made last, and only where nothing has been said yet of what would show in it.
_CERTIFIED = ("G4", "G5")
_SAID_BETTER = frozenset({"T1", "T2", "N5", "G10", "E1", "E9", "N4"})
_ORDER = {Severity.ERROR: 0, Severity.QUESTION: 1, Severity.WARNING: 2, Severity.INFO: 3}
_PLACE = {entry.id: place for place, entry in enumerate(CATALOGUE)}


def advise(spec: ModelSpec, table: Table) -> tuple[Finding, ...]:
    """What there is to say about a model on a table before it is fitted.

    Parameters
    ----------
    spec
        The model, whole or still being built.
    table
        The table with its column settings applied and its derived columns made.

    Returns
    -------
    tuple of Finding
        Errors first, then questions, warnings, information; within a severity in the order of the
        catalogue. Where one finding implies another, only the root is there. A model without a complaint
        also gets one finding with id ``"ready"``, which says what it rests on.
    """
    found = [*model_rules.incomplete(spec), *model_rules.unknown_columns(spec, table)]
    if any(f.id == "unknown_column" for f in found):
        return _in_order(found)
    try:
        facts = DesignFacts(spec, table)
    except ModelError as error:
        about = (error.where.name,) if error.where.name else ()
        return (*found, Finding(error.code, Severity.ERROR, error.message, about))
    for state in model_rules.STATE_RULES:
        said = {f.id for f in found}
        found += [f for f in state(facts) if f.id not in said]
    unusable = any(f.severity is Severity.ERROR for f in found)
    for rule, check in RULES.items():
        if rule not in _CERTIFIED:
            found += check(facts)
    found = list(settle(found))
    if unusable:
        # What cannot be worked out is mended first; remarks on it can wait.
        return _in_order([f for f in found if f.severity in (Severity.ERROR, Severity.QUESTION)])
    if not any(f.severity is Severity.ERROR or f.id in _SAID_BETTER for f in found):
        found = list(settle([*found, *(f for rule in _CERTIFIED for f in RULES[rule](facts))]))
    if spec.response is not None and all(f.severity is Severity.INFO for f in found):
        found += ready(facts)
    return _in_order(found)


def _in_order(found: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda f: (_ORDER[f.severity], _PLACE.get(f.id, -1))))
