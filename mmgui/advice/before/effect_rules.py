"""Rules about what varies between groups: the same effect twice, and slopes without data (T1, E1, E2, E3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mmgui.advice.before.simpler_terms import UNCORRELATED, uncorrelated, without_slope, without_slopes
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.advice.predictor_facts import cells, columns_read, labels, slope_columns, usable_terms
from mmgui.advice.rule import Rule
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.spec.edit import remove_random, remove_slope, set_random_intercept, with_random_terms
from mmgui.spec.formula import print_random
from mmgui.spec.formula.term_order import arrange
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, RandomTerm, Term
from mmgui.words import listed


def repeated_intercepts(facts: DesignFacts) -> Iterator[Finding]:
    """T1: several terms of one grouping factor have the intercept, so that its variance is there twice.

    ``(0 + f | g)`` has it too where f is a factor: the intercept is the sum of its columns.
    """
    random = facts.spec.random
    groups: dict[frozenset[str], list[int]] = {}
    for index in usable_terms(facts):
        if _has_intercept(facts, random[index]):
            groups.setdefault(frozenset(random[index].grouping.columns), []).append(index)
    for same in groups.values():
        # The same term twice is no model at all, and said so elsewhere.
        distinct = {_effects(random[k]): k for k in reversed(same)}
        if len(distinct) > 1:
            yield _repeated(facts, sorted(distinct.values()))


def _has_intercept(facts: DesignFacts, term: RandomTerm) -> bool:
    if term.intercept:
        return True
    free = term.covariance in (Covariance.UNSTRUCTURED, Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY)
    return free and any(all(labels(facts, f) is not None for f in t.factors) for t in term.slopes)


def _effects(term: RandomTerm) -> tuple[bool, frozenset[frozenset[object]]]:
    return term.intercept, frozenset(frozenset(t.factors) for t in term.slopes)


def _repeated(facts: DesignFacts, indices: Sequence[int]) -> Finding:
    spec = facts.spec
    label = spec.random[indices[0]].grouping.label
    # A term without slopes goes first; of the others the largest keeps the intercept.
    keeper = max(indices, key=lambda k: (not spec.random[k].intercept, len(spec.random[k].slopes), -k))
    others = [k for k in indices if k != keeper]
    written = [print_random(spec.random[k]) for k in others]
    # That of (0 + f | g) cannot be taken out.
    fixes = [_with_one_intercept(spec, others)] if all(spec.random[k].intercept for k in others) else []
    if sum(bool(spec.random[k].slopes) for k in indices) > 1:
        fixes.append(_as_one_term(spec, indices))
    return Finding(
        "T1",
        Severity.WARNING,
        f"The intercept of {label} is in {print_random(spec.random[keeper])} and again in "
        f"{listed(written)}: any split of its variance between the "
        f"{'two' if len(indices) == 2 else len(indices)} fits the same.",
        (label,),
        tuple(fixes),
        tuple(indices),
    )


def _with_one_intercept(spec: ModelSpec, others: Sequence[int]) -> Fix:
    """The model without the intercept of these terms; a term that has nothing else goes."""
    removed = [k for k in others if not spec.random[k].slopes]
    says = [f"remove {print_random(spec.random[k])}" for k in removed]
    for index in others:
        if index not in removed:
            before = print_random(spec.random[index])
            spec = set_random_intercept(spec, index, False)
            says.append(f"make {before} {print_random(spec.random[index])}")
    for index in sorted(removed, reverse=True):
        spec = remove_random(spec, index)
    label = " and ".join(says)
    return Fix(label[0].upper() + label[1:], spec)


def _as_one_term(spec: ModelSpec, indices: Sequence[int]) -> Fix:
    """One term with all the effects, correlated."""
    terms = [spec.random[k] for k in indices]
    one = replace(
        terms[0],
        intercept=True,
        slopes=arrange(t for term in terms for t in term.slopes),
        covariance=Covariance.UNSTRUCTURED,
    )
    kept = tuple(
        one if k == indices[0] else t for k, t in enumerate(spec.random) if k not in set(indices[1:])
    )
    return Fix(f"Make it one term, {print_random(one)}", with_random_terms(spec, kept))


def constant_slopes(facts: DesignFacts) -> Iterator[Finding]:
    """E1: a slope whose variable is constant within every group."""
    for index in usable_terms(facts):
        yield from constant_slope(facts, index)


def constant_slope(facts: DesignFacts, index: int) -> Iterator[Finding]:
    """E1 for one term; a warning where the slope is alone or uncorrelated, since its variance can be told."""
    term = facts.spec.random[index]
    label = term.grouping.label
    free = len(term.effects) > 1 and term.covariance not in UNCORRELATED
    for slope, varying, _ in _varying(facts, index):
        if varying:
            continue
        factor = any(labels(facts, f) is not None for f in slope.factors)
        stuck = free or (factor and term.covariance not in UNCORRELATED)
        text = f"how the effect of {slope.label} differs between groups of {label} cannot be learned."
        if not stuck:
            text += f" The term lets the spread of {label} depend on {slope.label} instead."
        yield Finding(
            "E1",
            Severity.ERROR if stuck else Severity.WARNING,
            f"Each {label} has one value of {slope.label}: {text}",
            (slope.label, label),
            (_without_all_of(facts.spec, index, slope),),
            (index,),
        )


def _without_all_of(spec: ModelSpec, index: int, slope: Term) -> Fix:
    """The term without a slope and without those that interact with it."""
    factors = set(slope.factors)
    gone = [t for t in spec.random[index].slopes if factors <= set(t.factors)]
    for other in gone[1:]:
        spec = remove_slope(spec, index, other)
    fix = without_slope(spec, index, gone[0])
    return Fix(f"Drop the slope{'s' if len(gone) > 1 else ''} of {listed([t.label for t in gone])}", fix.spec)


def _varying(facts: DesignFacts, index: int) -> Iterator[tuple[Term, int, int]]:
    """Each slope of a term, in how many groups it varies, and in how many it could."""
    term = facts.spec.random[index]
    for slope in term.slopes:
        columns = tuple(dict.fromkeys(slope.columns()))
        if columns:
            found = facts.varies(columns, term.grouping.columns)
            yield slope, found.within, found.groups


def few_groups_inform(facts: DesignFacts) -> Iterator[Finding]:
    """E2: a slope whose variable varies in fewer than half of the groups.

    Source: easystats/performance, ``check_group_variation``.
    """
    for index in usable_terms(facts):
        label = facts.spec.random[index].grouping.label
        for slope, varying, groups in _varying(facts, index):
            if 0 < varying < THRESHOLDS.slope_groups * groups:
                yield Finding(
                    "E2",
                    Severity.WARNING,
                    f"Only {varying:,} of {groups:,} groups of {label} have more than one value of "
                    f"{slope.label}, so these alone tell how its effect differs between groups.",
                    (slope.label, label),
                    (without_slope(facts.spec, index, slope),),
                    (index,),
                )


def few_values(facts: DesignFacts) -> Iterator[Finding]:
    """E3: most groups have no more values of a quantity than its slopes have columns, plus one.

    With two ages a child a line goes through two points: its slope can be learned, its correlation with the
    level only roughly, curvature not at all (Chen, AFNI message board, seed 000). A condition coded with two
    numbers that is met by every group is no such quantity: the rule asks for a variable that has more values
    in the whole table than any line through a group would need.
    """
    for index in usable_terms(facts):
        term = facts.spec.random[index]
        if term.covariance is not Covariance.UNSTRUCTURED:
            continue
        for column in columns_read(term.slopes):
            # An interaction has more columns than its variable has values, and is another matter.
            own = tuple(t for t in term.slopes if set(t.columns()) == {column})
            width = _width(facts, own)
            if not width or (width == 1 and not term.intercept):
                continue
            found = cells(facts, (column,), term.grouping.columns)
            enough = found.distinct > width + 1
            # Where it varies in few groups at all, that is what is said.
            varying = (found.distinct > 1).mean() >= THRESHOLDS.slope_groups
            if found.possible > width + 1 and varying and enough.mean() < THRESHOLDS.slope_groups:
                yield _too_few_values(facts, index, own, width, bool(enough.any()))


def _width(facts: DesignFacts, own: Sequence[Term]) -> int:
    """Number of columns of slopes that are all quantities; 0 if one is a factor."""
    made = [slope_columns(facts, t, True) for t in own]
    if any(labels(facts, f) is not None for t in own for f in t.factors):
        return 0
    return sum(m.shape[1] for m in made if m is not None)


def _too_few_values(facts: DesignFacts, index: int, own: Sequence[Term], width: int, some: bool) -> Finding:
    term = facts.spec.random[index]
    label = term.grouping.label
    column = columns_read(tuple(own))[0]
    who = f"Most groups of {label} have" if some else f"Each {label} has"
    if width == 1:
        text = (
            f"{who} at most two values of {column}: how its slope differs can be learned, how that goes "
            "with the level only roughly, and a curve not at all."
        )
    else:
        text = (
            f"{who} at most {width + 1} values of {column}, which {width} slopes and a level fit "
            "exactly: how they go together is poorly known."
        )
    fixes = [*without_slopes(facts, index, own[-1:])]
    if width == 1 and len(term.effects) > 1:
        fixes.insert(0, uncorrelated(facts, index))
    return Finding("E3", Severity.WARNING, text, (column, label), tuple(fixes), (index,))


RULES: dict[str, Rule] = {
    "T1": repeated_intercepts,
    "E1": constant_slopes,
    "E2": few_groups_inform,
    "E3": few_values,
}
