"""Rules about single grouping factors: too few groups, too many, too many effects (G1, G2, G3)."""

from __future__ import annotations

from collections.abc import Iterator

from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.errors import ModelError
from mmgui.spec.edit import remove_random, remove_slope
from mmgui.spec.formula import print_random


def one_group(facts: DesignFacts, index: int) -> Iterator[Finding]:
    """G1: a grouping factor with fewer than two groups in the rows used (lme4 ``checkNlevels``)."""
    term = facts.spec.random[index]
    label = term.grouping.label
    if facts.groups(term.grouping.columns).count < 2:
        yield Finding(
            "G1",
            Severity.ERROR,
            f"“{label}” has only one group in the rows used, so there is nothing to vary between.",
            (label,),
            (Fix(f"Remove {print_random(term)}", remove_random(facts.spec, index)),),
        )


def group_per_row(facts: DesignFacts, index: int) -> Iterator[Finding]:
    """G2: a group for every row (lme4 ``checkNlevels``)."""
    term = facts.spec.random[index]
    label = term.grouping.label
    rows = facts.rows.count
    if facts.groups(term.grouping.columns).count >= rows > 1:
        yield Finding(
            "G2",
            Severity.ERROR,
            f"Every one of the {rows:,} rows is its own group of “{label}”: variation between groups and "
            "what is left over cannot be told apart.",
            (label,),
            (Fix(f"Remove {print_random(term)}", remove_random(facts.spec, index)),),
        )


def more_effects_than_rows(facts: DesignFacts, index: int) -> Iterator[Finding]:
    """G3: as many group effects as rows, or more, in one term (lme4 ``checkZdims``)."""
    term = facts.spec.random[index]
    groups = facts.groups(term.grouping.columns).count
    rows = facts.rows.count
    try:
        blocks = facts.effect_blocks(term)
    except ModelError:
        return
    effects = max(blocks, default=0) * groups
    if effects < rows or not term.slopes:
        return
    without = [remove_slope(facts.spec, index, slope) for slope in term.slopes]
    fixes = [
        Fix(f"Drop the slope of {slope.label}", spec)
        for slope, spec in zip(term.slopes, without, strict=True)
        if spec.random[index].has_effects
    ]
    if not fixes:
        fixes = [Fix(f"Remove {print_random(term)}", remove_random(facts.spec, index))]
    yield Finding(
        "G3",
        Severity.ERROR,
        f"{print_random(term)} asks for {effects:,} group effects ({max(blocks)} for each of {groups:,} "
        f"groups) from {rows:,} rows.",
        (term.grouping.label,),
        tuple(fixes),
    )
