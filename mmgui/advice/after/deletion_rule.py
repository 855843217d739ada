"""One group that carries a result: F11, from refits without each group."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mmgui.advice.after.fit_facts import FitFacts, FitRule
from mmgui.advice.finding import Finding, Severity
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.inference.refits.deletion import Deletions
from mmgui.numbers import number
from mmgui.words import effect_name, listed


def one_group_carries(facts: FitFacts) -> Iterator[Finding]:
    """F11: Cook's distance of a group above 4/G, or a variance or a sign that goes with it.

    A sign counts where the estimate is at least as large as its standard error; Cook's distance for the one
    group that has the largest, where it moves a fixed effect by a standard error (lme4 influence.merMod,
    HLMdiag).
    """
    for deletions in facts.deletions:
        groups = len(deletions.labels)
        if not groups or not np.isfinite(deletions.whole.beta).all():
            continue
        found = [*_vanishing(facts, deletions), *_turning(deletions)] or _moving(deletions)
        terms = tuple(k for k, t in enumerate(facts.fit.terms) if t.grouping == deletions.grouping)
        for group in dict.fromkeys(g for g, _ in found):
            name = f"{deletions.grouping} {deletions.labels[group]}"
            words = listed([w for g, w in found if g == group])
            yield Finding(
                "F11",
                Severity.INFO,
                f"Without {name}, {words}.",
                (deletions.grouping,),
                (),
                terms,
                f"One {deletions.grouping} weighs heavily",
                groups=((deletions.grouping, deletions.labels[group]),),
            )


def _vanishing(facts: FitFacts, deletions: Deletions) -> list[tuple[int, str]]:
    """The first group without which a variance is zero that is not with it."""
    out = []
    for term, before, after in zip(facts.fit.terms, deletions.whole.sd, deletions.without.sd, strict=True):
        for j in np.flatnonzero(before > 0.0):
            gone = np.flatnonzero(after[:, j] <= THRESHOLDS.singular * before[j])
            if len(gone) == 1:
                effect = effect_name(term.effects[j])
                words = f"the variance of {effect} between the groups of {term.grouping} is estimated as 0"
                out.append((int(gone[0]), words))
    return out


def _turning(deletions: Deletions) -> list[tuple[int, str]]:
    """The one group without which a fixed effect worth speaking of has the other sign."""
    out = []
    whole, without = deletions.whole.beta, deletions.without.beta
    se = np.sqrt(np.diag(deletions.whole.vcov))
    for j in np.flatnonzero(np.abs(whole) >= se):
        turned = np.flatnonzero(without[:, j] * whole[j] < 0.0)
        if len(turned) == 1:
            name = effect_name(deletions.fixed_names[j])
            to = number(float(without[turned[0], j]))
            out.append((int(turned[0]), f"{name} changes its sign, from {number(float(whole[j]))} to {to}"))
    return out


def _moving(deletions: Deletions) -> list[tuple[int, str]]:
    """The group with the largest Cook's distance, and the fixed effect that moves most without it."""
    cooks, groups = np.nan_to_num(deletions.cooks, nan=0.0), len(deletions.labels)
    if not deletions.whole.beta.size:
        return []
    top = int(np.argmax(cooks))
    dfbetas = np.abs(np.nan_to_num(deletions.dfbetas[top], nan=0.0))
    j = int(np.argmax(dfbetas))
    if cooks[top] <= THRESHOLDS.cooks / groups or dfbetas[j] < THRESHOLDS.moved_errors:
        return []
    before, after = float(deletions.whole.beta[j]), float(deletions.without.beta[top, j])
    words = (
        f"{effect_name(deletions.fixed_names[j])} moves from {number(before)} to {number(after)}, "
        f"{number(float(dfbetas[j]), 2)} standard errors (Cook's distance "
        f"{number(float(cooks[top]), 2)}, more than {number(THRESHOLDS.cooks, 1)}/{groups})"
    )
    return [(top, words)]


RULES: dict[str, FitRule] = {"F11": one_group_carries}
