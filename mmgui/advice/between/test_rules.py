"""Rules for tests whose usual p-value is wrong: C3, C7."""

from __future__ import annotations

from collections.abc import Iterator

from mmgui.advice.between.compare_facts import CompareFacts, CompareRule
from mmgui.advice.finding import Finding, Severity
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.inference.comparison.lrt import describe_reference
from mmgui.numbers import count, p_value


def on_the_boundary(facts: CompareFacts) -> Iterator[Finding]:
    """C3: the smaller model puts a variance at 0 (Self & Liang 1987; Stram & Lee 1994).

    Told where the two p-values differ as people read them.
    """
    for test in facts.comparison.tests:
        if test.reference != "mixture" or p_value(test.p_naive) == p_value(test.p):
            continue
        yield Finding(
            "C3",
            Severity.WARNING,
            "The smaller model puts a variance at 0, the edge of what is possible, where the usual "
            f"χ²({test.df}) gives too large a p: {p_value(test.p_naive)}. The one to read is "
            f"{p_value(test.p)}, by {describe_reference(test)}.",
            title="Variance at its limit",
            models=(test.small, test.big),
        )


def few_groups(facts: CompareFacts) -> Iterator[Finding]:
    """C7: a likelihood-ratio test of fixed effects with fewer than some 50 groups (Luke 2017)."""
    for test in facts.comparison.tests:
        big = facts.fits[test.big]
        if len(big.beta) <= len(facts.fits[test.small].beta) or not big.terms:
            continue
        fewest = min(big.terms, key=lambda t: len(t.levels))
        groups = len(fewest.levels)
        if groups >= THRESHOLDS.many_groups:
            continue
        yield Finding(
            "C7",
            Severity.WARNING,
            f"A likelihood-ratio test of fixed effects ({facts.added(test)}) is optimistic with "
            f"{count(groups, 'group')} of {fewest.grouping}: its p-value is too small. Trust the t or F test "
            "by Satterthwaite or Kenward–Roger, or simulated p-values.",
            (fewest.grouping,),
            title="Few groups",
            models=(test.small, test.big),
        )


RULES: dict[str, CompareRule] = {"C3": on_the_boundary, "C7": few_groups}
