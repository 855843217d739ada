"""Rules about how a term's effects vary together, and what the fixed effects owe them (T2 to T6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from mmgui.advice.before.simpler_terms import (
    UNCORRELATED,
    by_reference,
    centred,
    nested_instead,
    symmetric_instead,
    uncorrelated,
    with_sum_contrasts,
    without_slopes,
)
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.advice.predictor_facts import (
    FloatArray,
    Origin,
    fixed_matrix,
    labels,
    origin,
    slope_columns,
    usable_terms,
)
from mmgui.advice.rule import Rule
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.errors import ModelError
from mmgui.spec.edit import add_fixed, remove_fixed, remove_slope, set_covariance, set_random_intercept
from mmgui.spec.edit_fixed import own_column, replace_factor
from mmgui.spec.edit_random import join_blocks
from mmgui.spec.expression import Call, Expression, show
from mmgui.spec.formula import print_random
from mmgui.spec.model import ModelSpec
from mmgui.spec.products import product_of
from mmgui.spec.terms import Covariance, RandomTerm, Term
from mmgui.words import listed


def factor_after_double_bar(facts: DesignFacts) -> Iterator[Finding]:
    """T2: ``||`` with a factor on its left.

    lme4 and this program expand ``(f || g)`` to ``(1 | g) + (0 + f | g)``: the columns of f stay correlated,
    and the intercept that is their sum is there once more. On Machines these are 7 (co)variances instead of
    the 6 of ``(Machine | Worker)`` (lme4 1.1; afex and MixedModels.jl expand it otherwise).
    """
    for index in usable_terms(facts):
        term = facts.spec.random[index]
        if term.covariance is not Covariance.DIAGONAL:
            continue
        factors = _factors(facts, term)
        if not factors:
            continue
        free = replace(term, covariance=Covariance.UNSTRUCTURED)
        try:
            now, then = facts.parameter_count(term), facts.parameter_count(free)
        except ModelError:
            continue
        names = [show(f) for f in factors]
        label = term.grouping.label
        again = _spanned(term.effects, factors)
        more = f", and {again} is there again as their sum" if again else ""
        apart = ", so that they cannot all be told apart" if again else ""
        count = f"{now} variances and covariances, where {print_random(free)} has {then}"
        yield Finding(
            "T2",
            Severity.WARNING,
            f"After || the columns of {listed(names)} stay correlated{more}: {count}{apart}.",
            (*names, label),
            tuple(_instead_of_double_bar(facts, index)),
            (index,),
        )


def _factors(facts: DesignFacts, term: RandomTerm) -> tuple[Expression, ...]:
    """The factors on the left of a term."""
    used = dict.fromkeys(f for t in term.slopes for f in t.factors)
    return tuple(f for f in used if labels(facts, f) is not None)


def _spanned(effects: Sequence[Term], factors: Sequence[Expression]) -> str:
    """The effect of which a factor's columns are a second version, in words."""
    known = {frozenset(t.factors): t for t in effects}
    for term in effects:
        for factor in term.factors:
            rest = known.get(frozenset(term.factors) - {factor})
            if factor in factors and rest is not None:
                return rest.label if rest.order else "the intercept"
    return ""


def _instead_of_double_bar(facts: DesignFacts, index: int) -> Iterator[Fix]:
    for fix in (nested_instead(facts, index), symmetric_instead(facts, index)):
        if fix is not None:
            yield fix
    yield uncorrelated(facts, index)
    free = set_covariance(facts.spec, index, Covariance.UNSTRUCTURED)
    yield Fix(f"Let them correlate: {print_random(free.random[index])}", free)


def no_correlation_at_this_zero(facts: DesignFacts) -> Iterator[Finding]:
    """T3: level and slope are taken to be unrelated at a zero that means nothing, or at a reference level.

    That two effects are uncorrelated holds for one origin of the predictor alone; ``(1 | g) + (0 + x | g)``
    says the same as ``(x || g)``. The zero means something where it lies within the range and no more than
    two SDs from the mean, or is one of two codes (lme4, vignette on covariance structures).
    """
    for index in usable_terms(facts):
        found = _unrelated(facts, index)
        if not found:
            continue
        spec = facts.spec
        term = spec.random[index]
        partners = tuple(sorted({index, *found}))
        far = [(q, where) for q, where in _origins(facts, term.slopes) if where.far]
        coded = term.intercept and term.covariance is not Covariance.DIAGONAL
        reference = by_reference(facts, term.slopes) if coded else {}
        if not far and not reference:
            continue
        if len(partners) > 1:
            correlated = join_blocks(spec, index)
            written = next(t for t in correlated.random if t.grouping.columns == _columns(facts, partners[0]))
        else:
            correlated = set_covariance(spec, index, Covariance.UNSTRUCTURED)
            written = correlated.random[index]
        keep = Fix(f"Let them correlate: {print_random(written)}", correlated)
        yield _tied_to_zero(facts, partners, far, reference, keep)


def _columns(facts: DesignFacts, index: int) -> tuple[str, ...]:
    return facts.spec.random[index].grouping.columns


def _unrelated(facts: DesignFacts, index: int) -> tuple[int, ...]:
    """The terms with an intercept to which this one's slopes are unrelated, itself perhaps."""
    random = facts.spec.random
    term = random[index]
    if not term.slopes:
        return ()
    if term.intercept:
        return (index,) if term.covariance in UNCORRELATED else ()
    same = set(term.grouping.columns)
    return tuple(
        k
        for k in usable_terms(facts)
        if k != index and random[k].intercept and set(random[k].grouping.columns) == same
    )


def _origins(facts: DesignFacts, slopes: Sequence[Term]) -> Iterator[tuple[Expression, Origin]]:
    for factor in dict.fromkeys(f for t in slopes for f in t.factors):
        where = origin(facts, factor)
        if where is not None:
            yield factor, where


def _tied_to_zero(
    facts: DesignFacts,
    terms: tuple[int, ...],
    far: Sequence[tuple[Expression, Origin]],
    reference: Mapping[str, str],
    keep: Fix,
) -> Finding:
    label = facts.spec.random[terms[0]].grouping.label
    spec, derived = centred(facts, with_sum_contrasts(facts.spec, reference), [q for q, _ in far])
    says = []
    does = []
    if far:
        zeros = listed([f"{show(q)} = 0, {where.words}" for q, where in far])
        says.append(f"where {zeros}")
        does.append(f"centre {listed([show(q) for q, _ in far])}")
    if reference:
        levels = listed([f"{f} is {level}" for f, level in reference.items()])
        says.append(f"where {levels}, by the choice of the reference level")
        does.append(f"take sum contrasts of {listed(tuple(reference))}")
    label_of_fix = " and ".join(does)
    names = tuple(dict.fromkeys((*(show(q) for q, _ in far), *reference)))
    return Finding(
        "T3",
        Severity.WARNING,
        f"Without a correlation, level and slopes of {label} are taken to be unrelated {' and '.join(says)}. "
        f"With another {'zero' if far else 'reference'} it is another model.",
        (*names, label),
        (Fix(label_of_fix[0].upper() + label_of_fix[1:], spec, derived), keep),
        terms,
    )


def slope_without_fixed_effect(facts: DesignFacts) -> Iterator[Finding]:
    """T4: an effect that varies between groups, of which the fixed effects have no average.

    The average is there where the slope's columns lie in the span of X, whatever the fixed effects are
    called: ``poly(x, 2)`` has that of x. One of a variable that is constant within the groups is left to E1.
    """
    spec = facts.spec
    fixed = {frozenset(t.factors) for t in spec.fixed}
    missing: dict[frozenset[Expression], Term] = {}
    where: dict[int, str] = {}
    for index in usable_terms(facts):
        term = spec.random[index]
        for slope in term.slopes:
            key = frozenset(slope.factors)
            if key in fixed or not _varies(facts, slope, term.grouping.columns):
                continue
            if not _in_span(facts, slope):
                missing.setdefault(key, slope)
                where[index] = term.grouping.label
    if not missing:
        return
    names = [t.label for t in missing.values()]
    wanted = [t for slope in missing.values() for t in product_of(slope).terms]
    groups = listed(tuple(dict.fromkeys(where.values())))
    one = len(names) == 1
    yield Finding(
        "T4",
        Severity.WARNING,
        f"The effect{'' if one else 's'} of {listed(names)} may differ between groups of {groups}, but "
        f"{'it is no fixed effect' if one else 'they are no fixed effects'}, so the average "
        f"slope{' is' if one else 's are'} forced to be 0.",
        (*names, *dict.fromkeys(where.values())),
        (_with_average(facts, names, wanted),),
        tuple(where),
    )


def _with_average(facts: DesignFacts, names: Sequence[str], wanted: Sequence[Term]) -> Fix:
    """The model with these fixed effects, and without those that they say already: x beside poly(x, 2)."""
    spec = facts.spec
    added = add_fixed(spec, *wanted)
    curved = {f for t in wanted for f in t.factors if isinstance(f, Call)}
    said = []
    for old in spec.fixed:
        column = own_column(old.factors[0]) if old.order == 1 else None
        if column is None or old in wanted:
            continue
        for new in (f for f in curved if own_column(f) == column):
            columns = [slope_columns(facts, Term((f,)), True) for f in (new, old.factors[0])]
            if columns[0] is not None and columns[1] is not None and _lies_in(columns[1], columns[0]):
                said.append((old, new))
    for old, new in dict(said).items():
        added = replace_factor(remove_fixed(added, old), old.factors[0], new, in_slopes=False)
    label = f"Add {listed(names)} to the fixed effects"
    if said:
        label += f" in place of {listed([t.label for t in dict(said)])}"
    return Fix(label, added)


def _lies_in(columns: FloatArray, others: FloatArray) -> bool:
    """Whether columns are combinations of others and a constant."""
    both = np.hstack([np.ones((others.shape[0], 1)), others])
    size = float(np.abs(columns).max(initial=0.0))
    left = columns - both @ np.linalg.lstsq(both, columns, rcond=None)[0]
    return bool(np.abs(left).max(initial=0.0) <= 1e-7 * size)


def _varies(facts: DesignFacts, slope: Term, groups: tuple[str, ...]) -> bool:
    columns = tuple(dict.fromkeys(slope.columns()))
    return bool(columns) and facts.varies(columns, groups).within > 0


def _in_span(facts: DesignFacts, slope: Term) -> bool:
    """Whether the slope's average is among the fixed effects; yes where that cannot be seen at once."""
    x, columns = fixed_matrix(facts), slope_columns(facts, slope, facts.spec.intercept)
    return x is None or columns is None or x.spans(columns)


def slope_alone(facts: DesignFacts) -> Iterator[Finding]:
    """T5: ``(0 + x | g)`` where nothing lets the level of g differ: all groups share one value at x = 0."""
    random = facts.spec.random
    level = {frozenset(random[k].grouping.columns) for k in usable_terms(facts) if random[k].intercept}
    for index in usable_terms(facts):
        term = random[index]
        if frozenset(term.grouping.columns) in level or _has_level(facts, term.slopes):
            continue
        names = [t.label for t in term.slopes]
        quantities = (f for t in term.slopes for f in t.factors if labels(facts, f) is None)
        zero = " and ".join(f"{show(f)} = 0" for f in dict.fromkeys(quantities))
        spec = set_random_intercept(facts.spec, index, True)
        yield Finding(
            "T5",
            Severity.INFO,
            f"In {print_random(term)} all groups of {term.grouping.label} share one value where {zero}.",
            (*names, term.grouping.label),
            (Fix(f"Let the level differ too: {print_random(spec.random[index])}", spec),),
            (index,),
        )


def _has_level(facts: DesignFacts, slopes: Sequence[Term]) -> bool:
    """Whether the columns of slopes without an intercept add up to one, or cannot be looked at."""
    made: list[FloatArray] = []
    for slope in slopes:
        if all(labels(facts, f) is not None for f in slope.factors):
            return True
        columns = slope_columns(facts, slope, False)
        if columns is None:
            return True
        made.append(columns)
    columns = np.hstack(made)
    ones = np.ones(columns.shape[0])
    left = ones - columns @ np.linalg.lstsq(columns, ones, rcond=None)[0]
    return bool(np.abs(left).max(initial=0.0) < 1e-7)


def many_covariances(facts: DesignFacts) -> Iterator[Finding]:
    """T6: how many variances and covariances a term needs; a warning where there are no more groups.

    q correlated effects have q (q + 1) / 2 of them.
    """
    for index in usable_terms(facts):
        term = facts.spec.random[index]
        if term.covariance is Covariance.DIAGONAL and _factors(facts, term):
            # Those of a factor after || are counted by T2.
            continue
        try:
            effects, needed = sum(facts.effect_blocks(term)), facts.parameter_count(term)
        except ModelError:
            continue
        groups = facts.groups(term.grouping.columns).count
        too_many = effects > 1 and max(needed, effects) >= groups > 1
        if not too_many and (effects < THRESHOLDS.many_effects or needed <= effects + 1):
            continue
        label = term.grouping.label
        yield Finding(
            "T6",
            Severity.WARNING if too_many else Severity.INFO,
            f"{effects} effects that vary by {label} need {needed} variances and covariances, from "
            f"{'only ' if too_many else ''}{groups:,} groups.",
            (label,),
            tuple(_with_fewer(facts, index, groups)),
            (index,),
        )


def _with_fewer(facts: DesignFacts, index: int, groups: int) -> list[Fix]:
    """What asks for fewer variances and covariances than there are groups."""
    term = facts.spec.random[index]
    fixes = [nested_instead(facts, index)]
    if _fewer(facts, term, replace(term, covariance=Covariance.COMPOUND_SYMMETRY), groups):
        fixes.append(symmetric_instead(facts, index))
    if _fewer(facts, term, replace(term, covariance=Covariance.INDEPENDENT), groups):
        fixes.append(uncorrelated(facts, index))
    offered = [fix for fix in fixes if fix is not None]
    if offered:
        return offered
    smaller = [s for s in term.slopes if _fewer(facts, term, _less(facts.spec, index, s), groups)]
    offered = [*without_slopes(facts, index, smaller)]
    if offered or not term.intercept:
        return offered
    spec = facts.spec
    for slope in term.slopes:
        spec = remove_slope(spec, index, slope)
    return [Fix(f"Keep the intercept alone: {print_random(spec.random[index])}", spec)]


def _less(spec: ModelSpec, index: int, slope: Term) -> RandomTerm:
    return remove_slope(spec, index, slope).random[index]


def _fewer(facts: DesignFacts, term: RandomTerm, other: RandomTerm, groups: int) -> bool:
    """Whether the other term has fewer (co)variances than this one, and than there are groups."""
    try:
        effects = sum(facts.effect_blocks(other))
        now, then = facts.parameter_count(term), facts.parameter_count(other)
    except ModelError:
        return False
    return then < now and (effects == 1 or max(effects, then) < groups)


RULES: dict[str, Rule] = {
    "T2": factor_after_double_bar,
    "T3": no_correlation_at_this_zero,
    "T4": slope_without_fixed_effect,
    "T5": slope_alone,
    "T6": many_covariances,
}
