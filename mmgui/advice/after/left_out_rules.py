"""Rules for what a fit could not tell apart or left out: G4, X1, D1 as seen after the fit."""

from __future__ import annotations

from collections.abc import Iterator

from mmgui.advice.after.fit_facts import FitFacts, FitRule
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.numbers import count
from mmgui.spec.edit import remove_random
from mmgui.spec.formula import print_random

NOT_IDENTIFIABLE = "Not identifiable"


def trade_offs(facts: FitFacts) -> Iterator[Finding]:
    """G4: variances that cannot be told apart (Searle, Casella & McCulloch 1992, chapter 11)."""
    found = facts.trade_offs
    if found is None:
        return
    spec = facts.fit.design.spec
    for sentence, about in zip(found.sentences, found.about, strict=True):
        fixes: tuple[Fix, ...] = ()
        if len(about) > 1:
            # Each of them can go; which one only the person knows. The smallest is the natural choice.
            smallest = sorted(about, key=lambda k: facts.fit.design.random[k].theta_count)
            fixes = tuple(
                Fix(f"Remove {print_random(spec.random[k])}", remove_random(spec, k)) for k in smallest
            )
        yield Finding(
            "G4",
            Severity.ERROR,
            f"{sentence} The split shown is one of many that fit equally well; take one of them out.",
            tuple(dict.fromkeys(spec.random[k].grouping.label for k in about)),
            fixes,
            about,
            NOT_IDENTIFIABLE,
        )


def effects_left_out(facts: FitFacts) -> Iterator[Finding]:
    """X1: columns that repeat others, or are zero in every row (lme4 chkRank.drop.cols)."""
    design = facts.fit.design
    if design.dropped_columns:
        names, one = ", ".join(design.dropped_columns), len(design.dropped_columns) == 1
        text = (
            f"{names} {'repeats' if one else 'repeat'} what other fixed effects already say, so "
            f"{'its coefficient was' if one else 'their coefficients were'} left out."
        )
        yield Finding(
            "X1", Severity.INFO, text, tuple(design.dropped_columns), title="Fixed effects left out"
        )
    for k, random in enumerate(design.random):
        if random.dropped_effects:
            names, one = ", ".join(random.dropped_effects), len(random.dropped_effects) == 1
            text = (
                f"{names} {'is' if one else 'are'} zero in every row used, so nothing could be told of "
                f"{'its' if one else 'their'} variance between the groups of {random.grouping}, and "
                f"{'it was' if one else 'they were'} left out."
            )
            yield Finding("X1", Severity.INFO, text, (random.grouping,), (), (k,), "Random effects left out")


def rows_left_out(facts: FitFacts) -> Iterator[Finding]:
    """D1: rows in which something the model reads is missing."""
    dropped = facts.fit.design.dropped_rows
    if dropped:
        rows, one = count(dropped, "row"), dropped == 1
        text = (
            f"{rows} of the table {'was' if one else 'were'} not used, because a value that the model reads "
            f"is missing {'there' if one else 'in each'}."
        )
        yield Finding("D1", Severity.INFO, text, title=f"{rows} left out")


RULES: dict[str, FitRule] = {"G4": trade_offs, "X1": effects_left_out, "D1": rows_left_out}
