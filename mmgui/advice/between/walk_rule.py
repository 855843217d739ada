"""How many models were tried before these: C9."""

from __future__ import annotations

from collections.abc import Iterator

from mmgui.advice.between.compare_facts import CompareFacts, CompareRule
from mmgui.advice.finding import Finding, Severity
from mmgui.advice.thresholds import THRESHOLDS


def many_tried(facts: CompareFacts) -> Iterator[Finding]:
    """C9: more than three models tried (Matuschek and others 2017; glmmFAQ)."""
    yield from long_walk(facts.tried)


def long_walk(tried: int) -> Iterator[Finding]:
    """What is to be said of a walk over so many models of one response."""
    if tried <= THRESHOLDS.many_steps:
        return
    yield Finding(
        "C9",
        Severity.INFO,
        f"{tried} models of this response were fitted to these data. p-values and AIC of the one chosen take "
        "no account of the choice: report the walk. For choosing random effects Matuschek and others (2017) "
        "test at α = 0.2; whether effects that the design calls for should be tested at all is disputed.",
        title="Several models tried",
    )


RULES: dict[str, CompareRule] = {"C9": many_tried}
