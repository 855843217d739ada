"""G10: groups that the fixed effects already tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from mmgui.advice.before import remedies
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.advice.predictor_facts import is_built_at_once
from mmgui.advice.rule import Rule
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.engine.design import Design, FloatArray, RandomDesign
from mmgui.spec import edit
from mmgui.spec.formula import print_random
from mmgui.spec.terms import INTERCEPT_NAME, RandomTerm, Term

# Share of a combination of the columns of Z, in squares, that X may leave of it by rounding.
_ROUNDING = 1e-16
_COMBINATIONS = 2


def fixed_and_random(facts: DesignFacts) -> Iterator[Finding]:
    """G10: the columns of Z of an effect lie in the span of X, so the groups have fixed values already.

    Also where the fixed factor has another name or divides the groups further: a school among the fixed
    effects tells its region too. With REML the variance is not identified (``fixed_and_random`` among the
    reference designs); with ML it is estimated as 0, so there it is a warning.

    Whether the columns lie there is found from random combinations of them, which all do or do not.
    """
    if facts.rows.count > THRESHOLDS.certified_rows or not is_built_at_once(facts):
        return
    design = facts.design
    if design is None:
        return
    basis: FloatArray | None = None
    for index, random in enumerate(design.random):
        if len(random.levels) > design.x.shape[1]:
            continue
        basis = _orthonormal(design) if basis is None else basis
        spanned = [k for k in range(len(random.effects)) if _in_span(random, k, basis)]
        if spanned:
            yield _finding(facts, index, random, spanned)


def _orthonormal(design: Design) -> FloatArray:
    x = design.x
    return np.asarray(np.linalg.qr(x / np.sqrt(np.mean(x**2, axis=0)))[0])


def _in_span(random: RandomDesign, effect: int, basis: FloatArray) -> bool:
    weights = np.random.default_rng(1).standard_normal((len(random.levels), _COMBINATIONS))
    probes = weights[random.codes] * random.columns[:, [effect]]
    left = probes - basis @ (basis.T @ probes)
    # Once more, for what the first pass leaves by rounding.
    left -= basis @ (basis.T @ left)
    return bool(np.sum(left**2) <= _ROUNDING * len(probes) * np.sum(probes**2))


def _finding(facts: DesignFacts, index: int, random: RandomDesign, spanned: list[int]) -> Finding:
    spec, term = facts.spec, facts.spec.random[index]
    whole = len(spanned) == len(random.effects)
    label = term.grouping.label
    source = _fixed_source(facts, term)
    by = f"{source.label}, a fixed effect, already gives" if source else "The fixed effects already give"
    effects = ["level" if random.effects[k] == INTERCEPT_NAME else random.effects[k] for k in spanned]
    what = "" if whole and effects == ["level"] else f" in {' and '.join(effects)}"
    result = (
        f"so the variance of {print_random(term)} cannot be estimated"
        if spec.reml
        else f"so ML estimates the variance of {print_random(term)} as zero"
    )
    return Finding(
        "G10",
        Severity.ERROR if spec.reml else Severity.WARNING,
        f"{by} every {label} a value of its own{what}: nothing is left to vary at random, {result}.",
        tuple(dict.fromkeys((label, *((source.label,) if source else ())))),
        tuple(_fixes(facts, index, source, whole, random, spanned)),
        (index,),
    )


def _fixed_source(facts: DesignFacts, term: RandomTerm) -> Term | None:
    """The fixed effect that tells the groups apart, the fewest groups first."""
    found = []
    for fixed in facts.spec.fixed:
        columns = tuple(dict.fromkeys(fixed.columns()))
        if columns and facts.inside(columns, term.grouping.columns):
            found.append((facts.groups(columns).count, fixed.order, fixed))
    return min(found, key=lambda f: f[:2])[2] if found else None


def _fixes(
    facts: DesignFacts,
    index: int,
    source: Term | None,
    whole: bool,
    random: RandomDesign,
    spanned: list[int],
) -> Iterator[Fix]:
    spec, term = facts.spec, facts.spec.random[index]
    if whole or not term.slopes:
        yield remedies.removed(spec, index)
    elif INTERCEPT_NAME in [random.effects[k] for k in spanned]:
        without = edit.set_random_intercept(spec, index, False)
        yield Fix(f"Make it {print_random(without.random[index])}", without)
    else:
        yield remedies.intercept_only(spec, index)
    if source is None or facts.groups(term.grouping.columns).count < THRESHOLDS.very_few_groups:
        # Of so few groups G7 says that they be fixed effects.
        return
    own = set(source.factors)
    more = any(own < set(t.factors) for t in spec.fixed)
    kept = tuple(t for t in spec.fixed if not own <= set(t.factors))
    fixed = edit.remove_fixed(replace(spec, fixed=(*kept, source)), source)
    if not fixed.fixed:
        fixed = edit.set_intercept(fixed, True)
    interactions = " and its interactions" if more else ""
    yield Fix(f"Remove {source.label}{interactions} from the fixed effects", fixed)


RULES: dict[str, Rule] = {"G10": fixed_and_random}
