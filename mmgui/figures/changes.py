"""What changed from one model to the next, in sentences."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from mmgui.engine.result import Fit
from mmgui.figures.wording import effect_name, listed
from mmgui.numbers import decimal, number

_NOTICEABLE = 0.02


def change_sentences(fits: Sequence[Fit]) -> tuple[str, ...]:
    """One sentence for each step from a model to the one with more parameters after it."""
    order = sorted(range(len(fits)), key=lambda k: fits[k].npar)
    steps = itertools.pairwise(order)
    return tuple(s for a, b in steps if (s := _sentence(fits[a], fits[b])))


def _sentence(small: Fit, big: Fit) -> str:
    if not np.array_equal(small.design.rows, big.design.rows):
        return ""
    effects = [e for e in (_sigma_change(small, big), _se_change(small, big)) if e]
    if not effects:
        criterion = abs(small.objective - big.objective)
        if small.reml == big.reml and criterion < 1e-3 * max(1.0, abs(big.objective)) * 1e-3:
            return f"{_step(small, big)} changes nothing: the fit is the same."
        return f"{_step(small, big)} leaves σ and the standard errors as they are."
    return f"{_step(small, big)} {' and '.join(effects)}."


def _sigma_change(small: Fit, big: Fit) -> str:
    if small.sigma <= 0 or abs(big.sigma - small.sigma) < _NOTICEABLE * small.sigma:
        return ""
    verb = "lowers" if big.sigma < small.sigma else "raises"
    return f"{verb} σ from {_pair(small.sigma, big.sigma)}"


def _se_change(small: Fit, big: Fit) -> str:
    """The coefficient whose standard error changes most."""
    before = dict(zip(small.design.fixed_names, small.se, strict=True))
    found = [
        (abs(float(np.log(se / before[name]))), name, float(before[name]), float(se))
        for name, se in zip(big.design.fixed_names, big.se, strict=True)
        if name in before and before[name] > 0 and se > 0
    ]
    # The intercept's error depends on where zero lies; it is told only where nothing else is.
    named = [f for f in found if f[1] != "(Intercept)"] or found
    if not named:
        return ""
    ratio, name, old, new = max(named)
    if ratio < _NOTICEABLE:
        return ""
    return f"changes the standard error of {effect_name(name)} from {_pair(old, new)}"


def _pair(old: float, new: float) -> str:
    largest = max(abs(old), abs(new))
    if largest < 0.01 or largest >= 1e6:
        return f"{number(old)} to {number(new)}"
    places = 1 if largest >= 10 else 2 if largest >= 0.1 else 4
    return f"{decimal(old, places)} to {decimal(new, places)}"


def _step(small: Fit, big: Fit) -> str:
    """What the bigger model has more, as the subject of a sentence."""
    fixed = listed([n for n in big.design.fixed_names if n not in small.design.fixed_names])
    gone = listed([n for n in small.design.fixed_names if n not in big.design.fixed_names])
    parts = [f"replacing {gone} by {fixed}" if gone else f"adding {fixed}"] if fixed else []
    parts += [random] if (random := _random_step(small, big)) else []
    text = " and ".join(parts) or "the bigger model"
    return text[0].upper() + text[1:]


def _random_step(small: Fit, big: Fit) -> str:
    old, new = _random_effects(small), _random_effects(big)
    if {g: len(e) for g, e in old.items()} == {g: len(e) for g, e in new.items()}:
        # As many effects of each grouping factor: a factor is coded otherwise, nothing is gained.
        old = new
    gained, lost = _more(new, old), listed(list(dict.fromkeys(g for g, _ in _more(old, new))))
    if gained and all(effect != "(Intercept)" for _, effect in gained):
        names = listed([effect for _, effect in gained])
        instead = f" instead of a random effect of {lost}" if lost else ""
        return f"letting the effect of {names} vary between groups of {gained[0][0]}{instead}"
    if gained:
        groups = listed(list(dict.fromkeys(grouping for grouping, _ in gained)))
        if lost:
            return f"using a random effect of {groups} instead of one of {lost}"
        return f"adding a random effect of {groups}"
    before, after = _correlations(small), _correlations(big)
    if after > before:
        free = "letting every pair of random effects have a correlation of its own"
        return free if before else "letting the random effects correlate"
    if _standard_deviations(big) > _standard_deviations(small):
        return "letting every random effect have a variance of its own"
    return ""


def _more(one: dict[str, tuple[str, ...]], other: dict[str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """The (grouping factor, effect) that one has and the other has not."""
    return [
        (grouping, effect)
        for grouping, effects in one.items()
        for effect in effects
        if effect not in other.get(grouping, ())
    ]


def _random_effects(fit: Fit) -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {}
    for term in fit.terms:
        out[term.grouping] = out.get(term.grouping, ()) + term.effects
    return out


def _correlations(fit: Fit) -> int:
    """How many correlations are parameters."""
    patterns = ((term.pattern, fitted) for term, fitted in zip(fit.design.random, fit.terms, strict=True))
    return sum(len(fitted.free_pairs) if p is None else int(p.correlated) for p, fitted in patterns)


def _standard_deviations(fit: Fit) -> int:
    return sum(len(t.effects) if t.pattern is None else t.pattern.sds for t in fit.design.random)
