"""Rules about how many groups and effects a term asks for, against its rows (G1, G2, G3, G6)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mmgui.advice.before import remedies
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.advice.rule import Rule
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.engine.build import checks
from mmgui.engine.build.random import random_design
from mmgui.errors import ModelError
from mmgui.spec.edit import remove_slope
from mmgui.spec.terms import RandomTerm, Term


def one_group(facts: DesignFacts, index: int) -> Iterator[Finding]:
    """G1: a grouping factor with fewer than two groups in the rows used (lme4 ``checkNlevels``)."""
    term = facts.spec.random[index]
    if facts.groups(term.grouping.columns).count < 2:
        yield Finding(
            "G1",
            Severity.ERROR,
            checks.one_group(term).message,
            (term.grouping.label,),
            (remedies.removed(facts.spec, index),),
            (index,),
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
            (remedies.removed(facts.spec, index),),
            (index,),
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
        fixes = [remedies.removed(facts.spec, index)]
    yield Finding(
        "G3",
        Severity.ERROR,
        checks.more_effects_than_rows(term, most, groups, rows).message,
        (term.grouping.label,),
        tuple(fixes),
        (index,),
    )


def short_groups(facts: DesignFacts, index: int) -> Iterator[Finding]:
    """G6: most groups have fewer rows than effects + 1 (Barr 2013; Bolker, simplify.qmd).

    The effects are those that vary over these groups in all terms together, each once. It speaks of slopes,
    once for a grouping factor: with a level alone, groups of one row still do their part. The share is
    ``THRESHOLDS.short_groups``. A patterned term is left alone: its columns share what the rows of all groups
    tell, so that one row for each of a group's occasions is enough.
    """
    spec = facts.spec
    term = spec.random[index]
    same = [t for t in spec.random if remedies.same_columns(t, term) and not t.covariance.patterned]
    sloped = [k for k, t in enumerate(spec.random) if t in same and t.slopes]
    if not sloped or index != sloped[0]:
        return
    effects = _effects(facts, same)
    sizes = facts.groups(term.grouping.columns).sizes
    short = int(np.count_nonzero(sizes < effects + 1))
    if effects < 2 or short <= THRESHOLDS.short_groups * len(sizes):
        return
    label = term.grouping.label
    slopes = " and ".join(dict.fromkeys(s.label for k in sloped for s in spec.random[k].slopes))
    have = f"all {short:,} groups" if short == len(sizes) else f"{short:,} of {len(sizes):,} groups"
    rows = (
        f"at most {int(sizes[sizes <= effects].max())}"
        if np.ptp(sizes)
        else f"{int(sizes[0])} row{'s' if sizes[0] > 1 else ''} each"
    )
    yield Finding(
        "G6",
        Severity.WARNING,
        f"{effects} effects for each group of {label} (with {slopes}) need at least {effects + 1} rows a "
        f"group to stand out from noise, but {have} have {rows}.",
        (label, *dict.fromkeys(c for k in sloped for s in spec.random[k].slopes for c in s.columns())),
        tuple(remedies.intercept_only(spec, k) for k in sloped[:1]),
        tuple(sloped),
    )


def _effects(facts: DesignFacts, terms: list[RandomTerm]) -> int:
    """Number of different effect columns of terms that share their groups; 0 where it cannot be told."""
    slopes: dict[frozenset[object], Term] = {}
    for term in terms:
        slopes.update({frozenset(s.factors): s for s in term.slopes})
    whole = RandomTerm(terms[0].grouping, any(t.intercept for t in terms), tuple(slopes.values()))
    try:
        return sum(facts.effect_blocks(whole))
    except ModelError:
        return 0


def _one_group(facts: DesignFacts) -> Iterator[Finding]:
    """G1, for every term."""
    for index in range(len(facts.spec.random)):
        yield from one_group(facts, index)


def _group_per_row(facts: DesignFacts) -> Iterator[Finding]:
    """G2, for every term whose groups are those of one column; of combinations N4 speaks."""
    for index, term in enumerate(facts.spec.random):
        if len(term.grouping.columns) == 1:
            yield from group_per_row(facts, index)


def _more_effects_than_rows(facts: DesignFacts) -> Iterator[Finding]:
    """G3, for every term."""
    for index in range(len(facts.spec.random)):
        yield from more_effects_than_rows(facts, index)


def _short_groups(facts: DesignFacts) -> Iterator[Finding]:
    """G6, for every grouping factor."""
    for index in range(len(facts.spec.random)):
        yield from short_groups(facts, index)


RULES: dict[str, Rule] = {
    "G1": _one_group,
    "G2": _group_per_row,
    "G3": _more_effects_than_rows,
    "G6": _short_groups,
}
