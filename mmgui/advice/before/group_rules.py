"""Rules about single grouping factors: too few groups, too many, too many effects (G1, G2, G3)."""

from __future__ import annotations

from collections.abc import Iterator

from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.engine.build import checks
from mmgui.engine.build.random import random_design
from mmgui.errors import ModelError
from mmgui.spec.edit import remove_random, remove_slope
from mmgui.spec.formula import print_random


def one_group(facts: DesignFacts, index: int) -> Iterator[Finding]:
    """G1: a grouping factor with fewer than two groups in the rows used (lme4 ``checkNlevels``)."""
    term = facts.spec.random[index]
    if facts.groups(term.grouping.columns).count < 2:
        yield Finding(
            "G1",
            Severity.ERROR,
            checks.one_group(term).message,
            (term.grouping.label,),
            (Fix(f"Remove {print_random(term)}", remove_random(facts.spec, index)),),
        )


def group_per_row(facts: DesignFacts, index: int) -> Iterator[Finding]:
    """G2: a group for every row (lme4 ``checkNlevels``)."""
    term = facts.spec.random[index]
    rows = facts.rows.count
    if facts.groups(term.grouping.columns).count >= rows > 1:
        yield Finding(
            "G2",
            Severity.ERROR,
            checks.group_per_row(term).message,
            (term.grouping.label,),
            (Fix(f"Remove {print_random(term)}", remove_random(facts.spec, index)),),
        )


def _refused(facts: DesignFacts, index: int) -> bool:
    """Whether a patterned term is refused; what its columns share may stand out from the residuals."""
    try:
        random_design(facts.spec.random[index], facts.rows, facts.evaluator)
    except ModelError as error:
        return error.code == "more_effects_than_rows"
    return False


def more_effects_than_rows(facts: DesignFacts, index: int) -> Iterator[Finding]:
    """G3: as many group effects as rows, or more, in one term (lme4 ``checkZdims``)."""
    term = facts.spec.random[index]
    groups = facts.groups(term.grouping.columns).count
    rows = facts.rows.count
    try:
        blocks = facts.effect_blocks(term)
    except ModelError:
        return
    most = max(blocks, default=0)
    if most * groups < rows or not term.slopes:
        return
    if term.covariance.patterned and not _refused(facts, index):
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
        checks.more_effects_than_rows(term, most, groups, rows).message,
        (term.grouping.label,),
        tuple(fixes),
    )
