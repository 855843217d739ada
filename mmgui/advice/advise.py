"""All the advice on a model that is being built. Nothing is fitted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from mmgui.advice.before import effect_rules, group_rules, identifiability_rule, model_rules, nesting_rules
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Severity
from mmgui.data.table import Table
from mmgui.errors import ModelError
from mmgui.spec.model import ModelSpec

_ORDER = {Severity.ERROR: 0, Severity.QUESTION: 1, Severity.WARNING: 2, Severity.INFO: 3}


def advise(spec: ModelSpec, table: Table) -> tuple[Finding, ...]:
    """What there is to say about a model on a table before it is fitted.

    Parameters
    ----------
    spec
        The model, whole or still being built.
    table
        The table with its column settings applied.

    Returns
    -------
    tuple of Finding
        Errors first, then questions, warnings, information; within a severity in the order of the
        formula. Where one finding implies another, only the first is there. A sound model gets one
        finding with id ``"ready"``.
    """
    found = [*model_rules.incomplete(spec), *model_rules.unknown_columns(spec, table)]
    if any(f.id == "unknown_column" for f in found):
        return tuple(sorted(found, key=lambda f: _ORDER[f.severity]))
    try:
        facts = DesignFacts(spec, table)
    except ModelError as error:
        about = (error.where.name,) if error.where.name else ()
        return (*found, Finding(error.code, Severity.ERROR, error.message, about))
    found += [
        *model_rules.response_is_no_number(facts),
        *model_rules.not_evaluable(facts),
        *model_rules.codings(facts),
        *model_rules.unusable_weights(facts),
        *_terms(facts),
        *model_rules.dropped_rows(facts),
    ]
    if not any(f.severity is Severity.ERROR or f.id in ("T1", "N5") for f in found):
        found += identifiability_rule.trade_offs(facts)
    quiet = all(f.id == "D1" for f in found)
    if quiet and spec.response is not None:
        found += model_rules.size_of_model(facts)
    return tuple(sorted(found, key=lambda f: _ORDER[f.severity]))


def _terms(facts: DesignFacts) -> Iterator[Finding]:
    hopeless: set[int] = set()
    for index in range(len(facts.spec.random)):
        found = [*group_rules.one_group(facts, index)] or [*group_rules.group_per_row(facts, index)]
        if found:
            hopeless.add(index)
        else:
            found += effect_rules.constant_slope(facts, index)
            found = found or [*group_rules.more_effects_than_rows(facts, index)]
        yield from found
    for a, b in combinations(range(len(facts.spec.random)), 2):
        if a not in hopeless and b not in hopeless:
            yield from nesting_rules.recycled_labels(facts, a, b)
            yield from nesting_rules.same_groups(facts, a, b)
            yield from effect_rules.repeated_intercept(facts, a, b)
