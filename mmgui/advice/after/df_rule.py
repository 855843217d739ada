"""Degrees of freedom that count rows where groups should count: F10."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.advice.after.fit_facts import FitFacts, FitRule
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.engine.design import Design, FloatArray
from mmgui.spec.edit import add_slope, set_random_intercept
from mmgui.spec.formula import print_random
from mmgui.spec.terms import Term
from mmgui.words import listed

IntArray = NDArray[np.int32]

TITLE = "Many degrees of freedom"


@dataclass(frozen=True, eq=False, slots=True)
class _Grouping:
    """A grouping factor of the model: its terms (positions), groups, and rows in the order of its groups."""

    label: str
    terms: tuple[int, ...]
    count: int
    codes: IntArray
    order: NDArray[np.intp]
    starts: NDArray[np.intp]

    def constant(self, columns: FloatArray) -> bool:
        """Whether (n, m) columns have one value in each group."""
        sorted_rows = columns[self.order]
        low = np.minimum.reduceat(sorted_rows, self.starts, axis=0)
        return bool(np.array_equal(low, np.maximum.reduceat(sorted_rows, self.starts, axis=0)))

    def replicated(self, columns: FloatArray) -> float:
        """The share of groups in which some combination of the columns' values occurs more than once."""
        values = np.unique(columns, axis=0, return_inverse=True)[1].ravel().astype(np.int64)
        pairs, times = np.unique(
            self.codes.astype(np.int64) * (values.max() + 1) + values, return_counts=True
        )
        again = pairs[times > 1] // (values.max() + 1)
        return len(np.unique(again)) / self.count


@dataclass(frozen=True, slots=True)
class _Excess:
    """A fixed term whose test counts too many degrees of freedom, and for which groups."""

    term: Term
    df: float
    replicated: bool


def degrees_of_freedom(facts: FitFacts) -> Iterator[Finding]:
    """F10: more degrees of freedom than the groups can give (RUN Machines df 46, 10, 5).

    An effect that is constant within the groups of a factor whose level does not vary in the model, with df
    more than so many times their number; or one that varies within them, has no slope there, and df by the
    number of rows.
    """
    tests, design = facts.tests, facts.fit.design
    if tests is None or not np.isfinite(tests.df).any() or not design.random:
        return
    groupings = _groupings(design)
    finest = [g for g in groupings if not any(_divides(h, g) for h in groupings if h is not g)]
    many = max(finest, key=lambda g: g.count)
    within: list[_Excess] = []
    enough = many.count >= THRESHOLDS.very_few_groups
    for number, term in enumerate(design.spec.fixed, start=1):
        mine = np.flatnonzero(design.assign == number)
        if not mine.size or not np.isfinite(tests.df[mine]).all():
            continue
        columns, df = design.x[:, mine], float(np.max(tests.df[mine]))
        constant = [g for g in groupings if g.constant(columns)]
        if constant:
            yield from _between(facts, min(constant, key=lambda g: g.count), term, df)
        elif enough and not _has_slope(design, term):
            replicated = many.replicated(columns) >= THRESHOLDS.replicated_share
            most = THRESHOLDS.excess_df if replicated else THRESHOLDS.excess_within
            if df > most * many.count:
                within.append(_Excess(term, df, replicated))
    if within:
        yield _within(facts, many, within)


def _between(facts: FitFacts, grouping: _Grouping, term: Term, df: float) -> Iterator[Finding]:
    spec = facts.fit.design.spec
    if df <= THRESHOLDS.excess_df * grouping.count or any(spec.random[k].intercept for k in grouping.terms):
        return
    k = grouping.terms[0]
    larger = set_random_intercept(spec, k, True)
    yield Finding(
        "F10",
        Severity.WARNING,
        f"{term.label} has one value in each {grouping.label}, of which there are {grouping.count:,}, but "
        f"its test counts {df:,.0f} degrees of freedom: let the level differ between the groups of "
        f"{grouping.label}.",
        (term.label, grouping.label),
        (Fix(f"Make it {print_random(larger.random[k])}", larger),),
        grouping.terms,
        TITLE,
    )


def _within(facts: FitFacts, grouping: _Grouping, found: list[_Excess]) -> Finding:
    names, label = listed([e.term.label for e in found]), grouping.label
    df = max(e.df for e in found)
    count = f"{df:,.0f} degrees of freedom, with {grouping.count:,} groups of {label}"
    if len(found) == 1:
        text = (
            f"The test of {names} counts {count}: it takes the effect to be the same in every {label}. "
            "Where it differs, let it vary; the test then goes by the number of groups."
        )
    else:
        text = (
            f"The tests of {names} count {count}: they take the effects to be the same in every {label}. "
            "Where they differ, let them vary; the tests then go by the number of groups."
        )
    severity = Severity.WARNING if any(e.replicated for e in found) else Severity.INFO
    about = (*(e.term.label for e in found), label)
    fixes = _slopes(facts, grouping, [e.term for e in found])
    return Finding("F10", severity, text, about, fixes, grouping.terms, TITLE)


def _groupings(design: Design) -> list[_Grouping]:
    terms: dict[str, list[int]] = {}
    for k, random in enumerate(design.random):
        terms.setdefault(random.grouping, []).append(k)
    found = []
    for label, positions in terms.items():
        random = design.random[positions[0]]
        order = np.argsort(random.codes, kind="stable")
        starts = np.searchsorted(random.codes[order], np.arange(len(random.levels)))
        found.append(_Grouping(label, tuple(positions), len(random.levels), random.codes, order, starts))
    return found


def _divides(fine: _Grouping, coarse: _Grouping) -> bool:
    """Whether every group of ``fine`` lies in one group of ``coarse``."""
    return fine.count > coarse.count and fine.constant(coarse.codes[:, None].astype(float))


def _has_slope(design: Design, term: Term) -> bool:
    """Whether the effect, its straight line, or a part of an interaction varies between some groups."""
    parts = set(term.columns())
    return any(set(s.columns()) & parts for r in design.spec.random for s in r.slopes)


def _slopes(facts: FitFacts, grouping: _Grouping, terms: list[Term]) -> tuple[Fix, ...]:
    """The slopes of the main effects among them, or of the interaction where it is alone."""
    spec, k = facts.fit.design.spec, grouping.terms[0]
    if spec.random[k].covariance.patterned:
        return ()
    lowest = min(t.order for t in terms)
    effects = len(facts.fit.design.random[k].effects)
    for number, term in enumerate(spec.fixed, start=1):
        if term in terms and term.order == lowest:
            effects += int(np.count_nonzero(facts.fit.design.assign == number))
    for term in (t for t in terms if t.order == lowest):
        spec = add_slope(spec, k, term)
    if effects * (effects + 1) // 2 > grouping.count or effects * grouping.count >= facts.fit.design.nobs:
        # More than so many groups can tell.
        return ()
    return (Fix(f"Make it {print_random(spec.random[k])}", spec),)


RULES: dict[str, FitRule] = {"F10": degrees_of_freedom}
