"""Variances and covariances that the data cannot tell apart, or barely, found before anything is fitted.

Both rules read one certificate, of the Gram matrix G[a, b] = tr(M B_a M B_b) of the directions in which the
(co)variances move the covariance of the response (:mod:`mmgui.inference.identifiability.certificate`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from mmgui.advice.before import remedies
from mmgui.advice.before.certificate import is_barely_apart, told_apart
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.advice.rule import Rule
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.data.derive import with_derived
from mmgui.errors import DataError, ModelError
from mmgui.inference.identifiability.weakest import Weakest
from mmgui.spec import edit
from mmgui.spec.derived import Derivation, derived_column
from mmgui.spec.expression import Name
from mmgui.spec.formula import print_random
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance

# Simpler models that are tried before a person is offered those that help.
_MOST_TRIED = 6
_MOST_OFFERED = 3


def trade_offs(facts: DesignFacts) -> Iterator[Finding]:
    """G4: one finding for each direction in which the parameters trade off exactly (Rao's condition).

    What is offered are the simpler models that can be told apart; where none of those tried can, the model
    without the terms concerned, one at a time.
    """
    found = told_apart(facts)
    if found is None:
        return
    spec = facts.spec
    for sentence, about, vector in zip(found.sentences, found.about, found.null_vectors, strict=True):
        tried = list(_simpler(spec, about))[:_MOST_TRIED]
        sound = [fix for fix in tried if _is_told_apart(facts, fix.spec)]
        yield Finding(
            "G4",
            Severity.ERROR,
            f"{sentence} Any {_split(vector)} of it gives the same fit.",
            tuple(print_random(spec.random[k]) for k in about),
            tuple(sound[:_MOST_OFFERED] or [remedies.removed(spec, k) for k in reversed(about)]),
            tuple(about),
        )


def _split(vector: Mapping[str, float]) -> str:
    return "split" if sum(weight != 0.0 for weight in vector.values()) > 1 else "value"


def _simpler(spec: ModelSpec, about: tuple[int, ...]) -> Iterator[Fix]:
    """The model without one of the terms where there are several; else without one of its slopes first."""
    alone = len(about) == 1
    for k in reversed(about):
        if alone:
            for slope in spec.random[k].slopes:
                yield remedies.without_slope(spec, k, slope)
        yield remedies.removed(spec, k)


def _is_told_apart(facts: DesignFacts, spec: ModelSpec) -> bool:
    if not spec.random:
        return True
    try:
        found = told_apart(DesignFacts(spec, facts.table))
    except ModelError:
        return False
    return found is not None and found.identified


def barely_apart(facts: DesignFacts) -> Iterator[Finding]:
    """G5: parameters that can be told apart in principle, but that this design hardly tells apart.

    It fires where the smallest eigenvalue of the scaled Gram matrix is below ``THRESHOLDS.barely_apart`` and
    the number of rows does not make good for that: the standard error of a variance concerned, at no variance
    but the residual's, is above ``THRESHOLDS.rough_variance`` residual variances.

    The eigenvalue is that of a basis in which effects that may correlate are orthonormal. A predictor far
    from 0 makes the variance of the intercept and its covariance with the slope nearly one as they are
    written, but (age | Subject) and (age - 11 | Subject) are one model and rest on one design, so nothing is
    said. With uncorrelated effects they are two models, and the one whose zero is far away is told, with a
    centred predictor where that cures it.
    """
    found = told_apart(facts)
    if found is None or found.weakest is None:
        return
    worst = found.weakest
    # Of the residual variance alone no term says anything, and no term can be taken out for it.
    if not is_barely_apart(worst) or not worst.about:
        return
    spec = facts.spec
    centred = list(_centred(facts, worst))
    slopes = [(k, slope) for k in reversed(worst.about) for slope in spec.random[k].slopes]
    simpler = [remedies.without_slope(spec, k, slope) for k, slope in slopes]
    simpler = simpler or [remedies.removed(spec, k) for k in reversed(worst.about)]
    yield Finding(
        "G5",
        Severity.WARNING,
        f"With these rows {worst.names} can barely be told apart{_because(facts, worst, centred)}.",
        tuple(print_random(spec.random[k]) for k in worst.about),
        tuple([*centred, *simpler][:_MOST_OFFERED]),
        worst.about,
    )


def _because(facts: DesignFacts, worst: Weakest, centred: list[Fix]) -> str:
    if centred:
        name = centred[0].derived[0].column
        return f": {name} is far from 0 in every row, so that differences in level and in slope look alike"
    if worst.moving[-1] and len(worst.about) == 1 and facts.design is not None:
        random = facts.design.random[worst.about[0]]
        sizes = np.bincount(random.codes)
        effects = len(random.effects)
        more = int(np.count_nonzero(sizes > effects))
        if more < len(sizes):
            rows = "more than one row" if effects == 1 else f"more rows than their {effects} effects"
            have = "has" if more == 1 else "have"
            return f": only {more:,} of {len(sizes):,} groups of {random.grouping} {have} {rows}"
    return ": more of one nearly makes up for less of another, so that both will be very uncertain"


def _centred(facts: DesignFacts, worst: Weakest) -> Iterator[Fix]:
    """The model with a slope's predictor less its mean, where that tells the parameters apart."""
    spec, table = facts.spec, facts.table
    terms = [spec.random[k] for k in worst.about]
    uncorrelated = len(terms) > 1 or terms[0].covariance in (Covariance.DIAGONAL, Covariance.INDEPENDENT)
    names = [f.name for t in terms for s in t.slopes for f in s.factors if isinstance(f, Name)]
    for name in dict.fromkeys(names):
        if not uncorrelated or not table[name].is_number:
            continue
        derived = derived_column(Derivation.CENTER, name, (), table.names)
        changed = edit.rename_column(spec, name, derived.name)
        try:
            found = told_apart(DesignFacts(changed, with_derived(table, (derived,))))
        except (DataError, ModelError):
            continue
        if found is None or found.weakest is None or found.weakest.eigenvalue < THRESHOLDS.barely_apart:
            continue
        yield Fix(f"Centre {name}", changed, (derived,))


RULES: dict[str, Rule] = {"G4": trade_offs, "G5": barely_apart}
