"""Rules about what varies between groups: the same effect twice, and slopes without data (T1, E1)."""

from __future__ import annotations

from collections.abc import Iterator

from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.spec.edit import remove_random, remove_slope, set_random_intercept
from mmgui.spec.formula import print_random
from mmgui.spec.model import ModelSpec


def repeated_intercept(facts: DesignFacts, a: int, b: int) -> Iterator[Finding]:
    """T1: two terms of one grouping factor both have the intercept, so that its variance is there twice."""
    spec = facts.spec
    first, second = spec.random[a], spec.random[b]
    if set(first.grouping.columns) != set(second.grouping.columns):
        return
    same = {frozenset(t.factors) for t in first.slopes} == {frozenset(t.factors) for t in second.slopes}
    # The same term twice is no model at all, and said so elsewhere.
    if same or not (first.intercept and second.intercept):
        return
    lesser, larger = (a, b) if len(first.slopes) <= len(second.slopes) else (b, a)
    yield Finding(
        "T1",
        Severity.WARNING,
        f"The intercept of {first.grouping.label} is in {print_random(spec.random[larger])} and again in "
        f"{print_random(spec.random[lesser])}: any split of its variance between the two fits the same.",
        (first.grouping.label,),
        (_without_intercept(spec, lesser),),
    )


def _without_intercept(spec: ModelSpec, index: int) -> Fix:
    term = spec.random[index]
    if term.slopes:
        without = set_random_intercept(spec, index, False)
        return Fix(f"Make it {print_random(without.random[index])}", without)
    return Fix(f"Remove {print_random(term)}", remove_random(spec, index))


def constant_slope(facts: DesignFacts, index: int) -> Iterator[Finding]:
    """E1: a slope whose variable is constant within every group."""
    term = facts.spec.random[index]
    label = term.grouping.label
    for slope in term.slopes:
        columns = tuple(slope.columns())
        if not columns or facts.varies(columns, term.grouping.columns).within:
            continue
        without = remove_slope(facts.spec, index, slope)
        if not without.random[index].has_effects:
            without = remove_random(facts.spec, index)
        yield Finding(
            "E1",
            Severity.ERROR,
            f"Each {label} has one value of {slope.label}: how the effect of {slope.label} differs between "
            f"groups of {label} cannot be learned.",
            (slope.label, label),
            (Fix(f"Drop the slope of {slope.label}", without),),
        )
