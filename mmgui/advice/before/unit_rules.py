"""Rules about effects that vary within units but may not differ between them (E6, E7, E8, E9).

One matter, one sentence: where a random intercept alone is not enough for several factors (E8), nothing is
said of them singly; where the test of an interaction needs a slope (E7), its main effect is not mentioned
again (E6).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from mmgui.advice.before.units import (
    Unit,
    as_slopes,
    crossing,
    let_differ,
    read,
    sampled_units,
    separable,
    settled,
    varying,
)
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.advice.predictor_facts import cells, labels, usable_terms
from mmgui.advice.rule import Rule
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.errors import ModelError
from mmgui.spec.coding import coded_column
from mmgui.spec.edit import remove_random
from mmgui.spec.expression import Expression, show
from mmgui.spec.formula import print_random
from mmgui.words import listed

_Effect = tuple[Expression, ...]


def effect_alike_in_all(facts: DesignFacts) -> Iterator[Finding]:
    """E6: a fixed effect varies within units, with replicates, and the model has it alike in all of them.

    Standard errors and degrees of freedom then rest on that (Schielzeth & Forstmeier 2009; Barr et al. 2013;
    Heisig & Schaeffer 2019; Oberauer 2022). A model that divides the units by a factor, as a split plot does,
    has thought of it. Units in which the same effects vary are named in one sentence.
    """
    found: dict[tuple[_Effect, ...], list[Unit]] = {}
    for unit in sampled_units(facts):
        if _intercept_alone(facts, unit) is not None or _split(facts, unit):
            continue
        spoken = {factor for wanted in _wanted(facts, unit) for factor in wanted}
        alike = tuple(e for e in _alike(facts, unit) if e[0] not in spoken)
        if alike:
            found.setdefault(alike, []).append(unit)
    for alike, same in found.items():
        names = [show(e[0]) for e in alike]
        one = len(names) == 1
        yield Finding(
            "E6",
            Severity.INFO,
            f"{listed(names)} {'varies' if one else 'vary'} within groups of {_labels(same)}, and the model "
            f"takes {'its effect' if one else 'their effects'} to be alike in all of them: standard errors "
            "and degrees of freedom rest on that.",
            (*names, *(u.label for u in same)),
            tuple(_fixes_one_by_one(facts, same, alike)),
            _terms(same),
        )


def _labels(units: Sequence[Unit], before: str = "") -> str:
    return listed([f"{before}{u.label}" for u in units])


def _terms(units: Sequence[Unit]) -> tuple[int, ...]:
    return tuple(k for u in units for k in u.terms)


def _alike(facts: DesignFacts, unit: Unit) -> Iterator[_Effect]:
    """Main effects that vary within units with replicates and may not differ between these."""
    seen: set[frozenset[str]] = set()
    for term in facts.spec.fixed:
        columns = frozenset(term.columns())
        if term.order != 1 or columns in seen or not varying(facts, unit, term.factors):
            continue
        seen.add(columns)
        if separable(facts, unit, term.factors) and not settled(facts, unit, tuple(columns)):
            yield term.factors


def _fixes_one_by_one(facts: DesignFacts, units: Sequence[Unit], effects: Sequence[_Effect]) -> Iterator[Fix]:
    chosen = [effects] if len(effects) > 1 else []
    if len(units) == 1 or not chosen:
        chosen += [(effect,) for effect in effects]
    for unit in units:
        for some in chosen:
            fix = let_differ(facts, unit, some)
            if fix is not None:
                yield fix


def _split(facts: DesignFacts, unit: Unit) -> bool:
    """Whether other terms divide the units by a fixed effect that varies within them."""
    fixed = {c for t in facts.spec.fixed for c in t.columns()}
    divided = {c for k in unit.finer for c in facts.spec.random[k].grouping.columns} - set(unit.columns)
    return bool(divided & fixed)


def interaction_without_slope(facts: DesignFacts) -> Iterator[Finding]:
    """E7: the test of an interaction needs the slope of its part within units, which is not there.

    What is needed is the highest-order combination of the interaction's factors that vary within the unit, if
    its cells are replicated (Barr 2013, doi:10.3389/fpsyg.2013.00328); ``(1 | A:B:Subj)`` does as well.
    """
    found: dict[tuple[tuple[_Effect, ...], tuple[str, ...]], list[Unit]] = {}
    for unit in sampled_units(facts):
        if _intercept_alone(facts, unit) is not None:
            continue
        wanted = _wanted(facts, unit)
        if wanted:
            tests = tuple(label for labels_of in wanted.values() for label in labels_of)
            found.setdefault((tuple(wanted), tests), []).append(unit)
    for (effects, tests), same in found.items():
        yield Finding(
            "E7",
            Severity.WARNING,
            _optimistic(effects, tests, same),
            (*tests, *(u.label for u in same)),
            tuple(fix for unit in same for fix in _with_slopes(facts, unit, effects)),
            _terms(same),
        )


def _optimistic(effects: Sequence[_Effect], tests: Sequence[str], units: Sequence[Unit]) -> str:
    parts = [":".join(show(f) for f in effect) for effect in effects]
    one, alone = len(tests) == 1, len(parts) == 1
    if list(tests) == parts:
        what = "this interaction" if one else "these interactions"
    else:
        what = f"the effect{'' if alone else 's'} of {listed(parts)}"
    return (
        f"The test{'' if one else 's'} of {listed(tests)} {'takes' if one else 'take'} {what}, which "
        f"{'varies' if alone else 'vary'} within groups of {_labels(units)}, to be alike in all of them: "
        f"where {'it is' if alone else 'they are'} not, the {'test is' if one else 'tests are'} too "
        "optimistic."
    )


def _with_slopes(facts: DesignFacts, unit: Unit, effects: Sequence[_Effect]) -> Iterator[Fix]:
    first = let_differ(facts, unit, effects)
    if first is not None:
        yield first
    try:
        slopes = as_slopes(facts, unit, effects)
    except ModelError:
        return
    if slopes is not None and (first is None or slopes.spec != first.spec):
        yield slopes


def _wanted(facts: DesignFacts, unit: Unit) -> dict[_Effect, list[str]]:
    """The parts within units of fixed interactions that may not differ yet, each with its interactions."""
    found: dict[frozenset[Expression], tuple[_Effect, list[str]]] = {}
    for term in facts.spec.fixed:
        if term.order < 2:
            continue
        within = varying(facts, unit, term.factors)
        if not within or settled(facts, unit, read(within)) or not separable(facts, unit, within):
            continue
        found.setdefault(frozenset(within), (within, []))[1].append(term.label)
    return dict(found.values())


def intercept_is_not_enough(facts: DesignFacts) -> Iterator[Finding]:
    """E8: several factors vary within the unit, each unit meets all their levels, its level alone differs.

    The templates of seed 000 (Chen, AFNI): the unit crossed with every proper subset of the factors; here
    with those whose interaction is a fixed effect, and with the full set where its cells are replicated.
    """
    found: dict[tuple[Expression, ...], list[Unit]] = {}
    for unit in sampled_units(facts):
        factors = _intercept_alone(facts, unit)
        if factors is not None:
            found.setdefault(factors, []).append(unit)
    for factors, same in found.items():
        names = [show(f) for f in factors]
        terms = _terms(same)
        levels = " + ".join(print_random(facts.spec.random[k]) for k in terms)
        fixes = (let_differ(facts, unit, _template(facts, unit, factors)) for unit in same)
        yield Finding(
            "E8",
            Severity.WARNING,
            f"{listed(names)} {'both' if len(names) == 2 else 'all'} vary within {_labels(same, 'each ')}, "
            f"and {levels} {'lets' if len(terms) == 1 else 'let'} only the level differ: every "
            f"{_labels(same)} would respond to them alike.",
            (*names, *(u.label for u in same)),
            tuple(fix for fix in fixes if fix is not None),
            terms,
        )


def _intercept_alone(facts: DesignFacts, unit: Unit) -> tuple[Expression, ...] | None:
    """The factors for which an intercept of the unit is all there is, if they are two or more."""
    random = facts.spec.random
    if any(random[k].slopes for k in unit.terms):
        return None
    found: dict[str, Expression] = {}
    for term in facts.spec.fixed:
        factor = term.factors[0] if term.order == 1 else None
        column = None if factor is None else coded_column(factor)
        if factor is None or column is None or crossing(facts, unit, (factor,)) is None:
            continue
        met = cells(facts, (column,), unit.columns)
        if met.possible < 2 or met.complete < THRESHOLDS.replicated_share:
            continue
        if settled(facts, unit, (column,)):
            return None
        if met.replicated >= THRESHOLDS.replicated_share:
            found.setdefault(column, factor)
    return tuple(found.values()) if len(found) > 1 else None


def _template(facts: DesignFacts, unit: Unit, factors: Sequence[Expression]) -> list[_Effect]:
    """The subsets of the factors with which the unit is crossed."""
    tested = {frozenset(t.factors) for t in facts.spec.fixed}
    return [
        chosen
        for count in range(1, len(factors) + 1)
        for chosen in combinations(factors, count)
        if frozenset(chosen) in tested and separable(facts, unit, chosen)
    ]


def term_is_the_residual(facts: DesignFacts) -> Iterator[Finding]:
    """E9: a unit crossed with factors so that hardly a cell has a second row: that term is the residual.

    It speaks of the full set of the factors within a unit; a grouping factor without fixed effects in it is
    another matter (G2, N4).
    """
    fixed = {c for t in facts.spec.fixed for f in t.factors if labels(facts, f) is not None
             for c in read((f,))}  # fmt: skip
    for index in usable_terms(facts):
        term = facts.spec.random[index]
        inside = [c for c in term.grouping.columns if c in fixed]
        if not inside or len(inside) == len(term.grouping.columns):
            continue
        sizes = facts.groups(term.grouping.columns).sizes
        shared = float(sizes[sizes > 1].sum() / sizes.sum())
        if shared > THRESHOLDS.residual_share:
            continue
        rows = "one row" if shared == 0.0 else "hardly ever more than one row"
        yield Finding(
            "E9",
            # With a group for every row there is no fit.
            Severity.ERROR if len(sizes) >= facts.rows.count else Severity.WARNING,
            f"Each combination of {listed(term.grouping.columns)} has {rows}, so what "
            f"{print_random(term)} would tell is the residual itself.",
            (term.grouping.label, *inside),
            (Fix(f"Remove {print_random(term)}", remove_random(facts.spec, index)),),
            (index,),
        )


RULES: dict[str, Rule] = {
    "E6": effect_alike_in_all,
    "E7": interaction_without_slope,
    "E8": intercept_is_not_enough,
    "E9": term_is_the_residual,
}
