"""Rules for models whose numbers may not be compared, or not by this test: C1, C2, C4."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from mmgui.advice.between.compare_facts import CompareFacts, CompareRule
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.numbers import number
from mmgui.spec.formula import print_model
from mmgui.spec.model import ModelSpec


def different_fixed_effects(facts: CompareFacts) -> Iterator[Finding]:
    """C1: REML fits with different fixed effects (RUN reml_ml_demo: days as weeks moves the gap)."""
    refused = {(r.small, r.big): r for r in facts.comparison.refused}
    tests = {frozenset((t.small, t.big)): t for t in facts.comparison.tests}
    for a, b in combinations(range(len(facts.fits)), 2):
        one, other = facts.fits[a], facts.fits[b]
        reason = refused.get((a, b)) or refused.get((b, a))
        if reason is not None and reason.code != "C1":
            # They cannot be compared at all, or are one model; that speaks.
            if reason.code == "C4" and one.reml and other.reml and not facts.same_fixed(a, b):
                yield _finding(facts, a, b, _NO_TEST, Severity.WARNING)
            continue
        if not (one.reml or other.reml) or (one.reml and other.reml and facts.same_fixed(a, b)):
            continue
        test = tests.get(frozenset((a, b)))
        if test is None:
            yield _finding(facts, a, b, "" if reason is None else reason.reason, Severity.ERROR)
        elif one.reml and other.reml:
            small, big = facts.fits[test.small], facts.fits[test.big]
            yield _finding(
                facts,
                a,
                b,
                f"Fitted by REML with different fixed effects: their criteria differ by "
                f"{number(small.objective - big.objective)}, which means nothing, nor do their AIC and BIC. "
                f"For the test both were refitted by ML, where the difference is {number(test.difference)}.",
                Severity.WARNING,
            )
        else:
            yield _finding(
                facts,
                a,
                b,
                "One is fitted by REML, the other by ML, so their criteria, AIC and BIC cannot be compared. "
                "For the test both were fitted by ML.",
                Severity.WARNING,
            )


_NO_TEST = "Fitted by REML with different fixed effects: fit both by ML before their AIC or BIC are compared."


def different_rows(facts: CompareFacts) -> Iterator[Finding]:
    """C2: fits to different rows, responses or weights (lme4 anova)."""
    yield from _refused(facts, "C2", "Not the same data")


def not_nested(facts: CompareFacts) -> Iterator[Finding]:
    """C4: neither model is a special case of the other, by the spaces they span (RUN Pastes nonnested)."""
    yield from _refused(facts, "C4", "Not nested")


def _refused(facts: CompareFacts, code: str, title: str) -> Iterator[Finding]:
    for r in facts.comparison.refused:
        if r.code == code:
            yield Finding(code, Severity.ERROR, r.reason, title=title, models=(r.small, r.big))


def _finding(facts: CompareFacts, a: int, b: int, text: str, severity: Severity) -> Finding:
    specs = [facts.fits[k].design.spec for k in (a, b)]
    fixes = tuple(by_ml(s) for s in specs if s.reml)
    return Finding("C1", severity, text, ("REML",), fixes, title="Different fixed effects", models=(a, b))


def by_ml(spec: ModelSpec) -> Fix:
    """The same model by maximum likelihood."""
    return Fix(f"Fit {print_model(spec)} by ML", replace(spec, reml=False))


RULES: dict[str, CompareRule] = {
    "C1": different_fixed_effects,
    "C2": different_rows,
    "C4": not_nested,
}
