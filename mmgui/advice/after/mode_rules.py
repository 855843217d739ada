"""Conditional modes that do not look like a sample of one normal population: F12."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mmgui.advice.after.fit_facts import FitFacts, FitRule
from mmgui.advice.finding import Finding, Severity
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.numbers import count, number
from mmgui.words import effect_name, listed

FloatArray = NDArray[np.float64]

# Of a normal distribution the median absolute deviation is the SD over this, and tells as much about it as
# the SD of this share of the groups.
_SD_PER_MAD, _EFFICIENCY = 1.4826, 0.37


def one_population(facts: FitFacts) -> Iterator[Finding]:
    """F12: a group whose mode stands far apart, or modes in two humps (S3 diagnostics).

    For twenty groups and more. Distances are in SDs by the median absolute deviation (a rough SD, so that
    they are judged by Student's t), and must be such as none of so many normal modes would have. Two humps
    need SAS's bimodality coefficient and a cut that leaves each hump narrow.
    """
    for k, term in enumerate(facts.fit.terms):
        groups = len(term.levels)
        if groups < THRESHOLDS.some_groups:
            continue
        told: set[tuple[int, ...]] = set()
        for j, effect in enumerate(term.effects):
            modes = term.modes[:, j]
            apart = _apart(modes)
            named = tuple((term.grouping, term.levels[g]) for g in apart)
            if tuple(apart) in told:
                # The same groups in another effect, as where the two move in lockstep.
                continue
            if apart.size:
                told.add(tuple(apart))
                text = _outlier_words(term.grouping, term.levels, effect_name(effect), apart, modes)
                title = f"{'One group stands' if apart.size == 1 else 'Groups stand'} apart"
            elif _two_humps(modes):
                text = (
                    f"The {count(groups, 'group')} of {term.grouping} fall into two humps by their "
                    f"{effect_name(effect)}: they may not be one population. Is a column that tells the "
                    "two apart left out of the model?"
                )
                title = "Two humps"
            else:
                continue
            yield Finding("F12", Severity.INFO, text, (term.grouping, effect), (), (k,), title, groups=named)


def _outlier_words(
    grouping: str, levels: tuple[str, ...], effect: str, apart: NDArray[np.intp], modes: FloatArray
) -> str:
    names = listed([f"{grouping} {levels[g]}" for g in apart])
    distance = number(float(np.max(_distances(modes))), 2)
    stands = "stands" if apart.size == 1 else "stand"
    return (
        f"{names} {stands} apart in {effect}, up to {distance} SDs of the other groups from their middle. "
        "Random effects are taken to be a sample of one normal population: look at the data of "
        f"{'this group' if apart.size == 1 else 'these groups'}."
    )


def _distances(modes: FloatArray) -> FloatArray:
    """(L,) distances from the median in robust SDs; zeros where half of them are alike."""
    away = np.abs(modes - np.median(modes))
    spread = _SD_PER_MAD * float(np.median(away))
    return away / spread if spread > 0.0 else np.zeros_like(away)


def _apart(modes: FloatArray) -> NDArray[np.intp]:
    from scipy.special import stdtrit

    groups = len(modes)
    chance = float(stdtrit(_EFFICIENCY * groups, 1.0 - THRESHOLDS.outlying_chance / (2.0 * groups)))
    return np.flatnonzero(_distances(modes) > max(THRESHOLDS.outlying_mode, chance))


def _two_humps(modes: FloatArray) -> bool:
    return _humps(modes) > THRESHOLDS.two_humps and _cut(modes) > THRESHOLDS.hump_share


def _cut(modes: FloatArray) -> float:
    """The largest share of the variance that lies between two parts, neither below a fifth of the groups."""
    ordered = np.sort(modes - modes.mean())
    n = len(ordered)
    low = np.arange(1, n)
    sums = np.cumsum(ordered)[:-1]
    between = sums**2 / low + sums**2 / (n - low)
    allowed = np.minimum(low, n - low) >= n / 5
    return float(np.max(between[allowed], initial=0.0) / max(float(ordered @ ordered), np.finfo(float).tiny))


def _humps(modes: FloatArray) -> float:
    """SAS's bimodality coefficient (γ² + 1)/(κ + 3(n - 1)²/((n - 2)(n - 3))), 5/9 for a uniform one."""
    n = len(modes)
    centred = modes - modes.mean()
    variance = float(centred @ centred) / n
    if variance <= 0.0:
        return 0.0
    skew = float(np.mean(centred**3)) / variance**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
    excess = float(np.mean(centred**4)) / variance**2 - 3.0
    excess = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * excess + 6.0)
    return float((skew**2 + 1.0) / (excess + 3.0 * (n - 1) ** 2 / ((n - 2) * (n - 3))))


RULES: dict[str, FitRule] = {"F12": one_population}
