"""Rules for variances that are zero, alone or in combination: F1, F2, F3, and the edge of it, F4."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mmgui.advice.after.directions import direction_sentences
from mmgui.advice.after.fit_facts import FitFacts, FitRule
from mmgui.advice.after.simpler_fixes import candidate_fix
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.engine.result import FittedTerm
from mmgui.numbers import number
from mmgui.spec.terms import Covariance
from mmgui.words import effect_name, listed

TITLE = "Singular fit"

DISPUTED = (
    "A singular fit is a legitimate answer: the data support a simpler structure. Experts differ: some keep "
    "every effect the design calls for, others only what the data support."
)


def no_variance(facts: FitFacts) -> Iterator[Finding]:
    """F1: effects of a term whose variance is estimated as zero (lme4 isSingular.Rd; RUN Dyestuff2)."""
    for k in _singular_terms(facts, "F1"):
        term, flat = facts.fit.terms[k], facts.flatness[k]
        keep = "it" if len(flat.zero) == 1 else "them"
        yield _finding(
            facts,
            k,
            "F1",
            f"The groups differ in {_differing(term, flat.zero)} no more than chance alone "
            f"gives, so the best estimate is 0. {_mean_squares(facts, k)}Keep {keep}, or fit without.",
        )


def lockstep(facts: FitFacts) -> Iterator[Finding]:
    """F2: two effects of a term vary only together, at a correlation of ±1 (lme4 isSingular.Rd)."""
    for k in _singular_terms(facts, "F2"):
        yield _finding(facts, k, "F2", "Drop the correlation (||) or the slope, or keep it.")


def hidden_direction(facts: FitFacts) -> Iterator[Finding]:
    """F3: a combination of three or more effects has no variance (RePsychLing; Bates and others 2015)."""
    for k in _singular_terms(facts, "F3"):
        term = facts.fit.terms[k]
        yield _finding(
            facts,
            k,
            "F3",
            f"{_nothing_looks_wrong(term)}The data support {term.rank} of the {len(term.effects)} directions "
            f"in which the groups may differ. Try {_remedies(facts, k)}, or keep it.",
        )


def at_the_edge(facts: FitFacts) -> Iterator[Finding]:
    """F4: a correlation that rounds to 1 in a fit that is not singular (performance, RUN f_nested)."""
    if facts.fit.singular:
        return
    for k, term in enumerate(facts.fit.terms):
        for i, j in term.free_pairs:
            value = float(term.correlation[i, j])
            if abs(value) >= THRESHOLDS.edge:
                yield Finding(
                    "F4",
                    Severity.INFO,
                    f"The correlation of {effect_name(term.effects[i])} and {effect_name(term.effects[j])} "
                    f"between the groups of {term.grouping} is {number(value, 4)}: all but perfect, "
                    "though the fit is not singular.",
                    (term.grouping, term.effects[i], term.effects[j]),
                    terms=(k,),
                    title="At the edge",
                )


def _singular_terms(facts: FitFacts, wanted: str) -> Iterator[int]:
    for k, term in enumerate(facts.fit.terms):
        if not term.singular:
            continue
        flat = facts.flatness[k]
        if wanted == ("F2" if flat.lockstep else "F3" if len(flat.directions) else "F1"):
            yield k


def _finding(facts: FitFacts, k: int, rule: str, remedy: str) -> Finding:
    term = facts.fit.terms[k]
    what = direction_sentences(term, facts.flatness[k])
    return Finding(
        rule,
        Severity.WARNING,
        f"{what} {remedy}",
        (term.grouping,),
        _fixes(facts, k),
        (k,),
        TITLE,
    )


def _fixes(facts: FitFacts, k: int) -> tuple[Fix, ...]:
    return tuple(candidate_fix(c) for c in facts.simpler if c.terms == (k,))


def _remedies(facts: FitFacts, k: int) -> str:
    made = {c.spec.random[k].covariance for c in facts.simpler if c.terms == (k,) and len(c.spec.random) > k}
    if Covariance.DIAGONAL in made:
        return "uncorrelated effects (||) or fewer slopes"
    if Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY in made:
        return "one correlation for all (cs) or an intercept for each combination"
    return "fewer slopes"


def _differing(term: FittedTerm, effects: tuple[int, ...]) -> str:
    names = [effect_name(term.effects[k]) for k in effects]
    return listed(["their level" if n == "Intercept" else f"the effect of {n}" for n in names])


def _nothing_looks_wrong(term: FittedTerm) -> str:
    largest = max((abs(float(term.correlation[i, j])) for i, j in term.free_pairs), default=0.0)
    return "No single number looks wrong. " if largest < THRESHOLDS.hidden_correlation else ""


def _mean_squares(facts: FitFacts, k: int) -> str:
    """The mean squares of a one-way layout that say so: between groups, and within them.

    Only where they are the whole story: an intercept, one grouping factor, rows of equal weight.
    """
    design = facts.fit.design
    plain = design.weights is None and design.offset is None
    if not plain or len(design.random) != 1 or design.fixed_names != ("(Intercept)",):
        return ""
    random = design.random[k]
    if random.effects != ("(Intercept)",) or len(random.levels) >= design.nobs:
        return ""
    sizes = np.bincount(random.codes)
    means = np.bincount(random.codes, design.y) / sizes
    groups = len(sizes)
    between = float(sizes @ (means - design.y.mean()) ** 2) / (groups - 1)
    within = float(np.sum((design.y - means[random.codes]) ** 2)) / (design.nobs - groups)
    if between > within:
        return ""
    return (
        f"The mean square between groups is {number(between, 4)}, within them {number(within, 4)}: a "
        "variance shows where the first is the larger. "
    )


RULES: dict[str, FitRule] = {
    "F1": no_variance,
    "F2": lockstep,
    "F3": hidden_direction,
    "F4": at_the_edge,
}
