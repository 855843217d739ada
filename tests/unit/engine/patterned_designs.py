"""Random designs with patterned terms, written out from a few choices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from dense_likelihood import term

from mmgui.engine.design import Design
from mmgui.engine.patterns import Pattern
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance

PATTERNED = [c for c in Covariance if c.patterned]


def patterned_design(
    structure, seed, *, size=3, n=60, groups=10, reml=True, beside=None, quantities=False, truth="pattern"
):
    """A term with a pattern on a factor's columns (or on an intercept and quantities of unlike scales).

    ``beside``: None, "crossed" (a term with a slope, its groups crossed with the first) or "patterned" (the
    same with an autoregression). ``truth``: "none", "pattern" (opposite signs of ρ by seed) or "free".
    """
    rng = np.random.default_rng(seed)
    g = np.arange(n) % groups
    columns = np.eye(size)[rng.integers(0, size, n)]
    columns[:size] = np.eye(size)
    if quantities:
        scales = 10.0 ** rng.uniform(-2, 2, size - 1)
        columns = np.column_stack([np.ones(n), scales * (rng.normal(size=(n, size - 1)) + 1.0)])
    terms = [replace(term("g", g, columns), structure=structure)]
    if beside is not None:
        h = rng.integers(0, 6, n)
        own = np.column_stack([np.ones(n), rng.normal(size=n)])
        other = Covariance.AR1 if beside == "patterned" else Covariance.UNSTRUCTURED
        terms.append(replace(term("h", h, own), structure=other))
    x = np.column_stack([np.ones(n), rng.normal(size=n)])
    effects = _effects(structure, size, groups, truth, rng)
    signal = (columns / np.sqrt((columns**2).mean(axis=0)) * effects[g]).sum(axis=1)
    return Design(
        spec=ModelSpec(reml=reml),
        y=x @ [10.0, 1.0] + signal + rng.normal(size=n),
        x=x,
        fixed_names=("x0", "x1"),
        assign=np.arange(2),
        random=tuple(terms),
        weights=rng.uniform(0.5, 2.0, n) if beside == "crossed" else None,
        offset=None,
        rows=np.arange(n),
        dropped_rows=0,
    )


def _effects(structure, size, groups, truth, rng):
    if truth == "none":
        return np.zeros((groups, size))
    if truth == "free":
        return rng.normal(size=(groups, size)) @ rng.normal(size=(size, size))
    pattern = Pattern(structure, size)
    theta = rng.uniform(0.0, 2.0, pattern.count)
    if pattern.correlated:
        theta[-1] = 0.9 * pattern.limits[int(rng.integers(2))]
    return rng.multivariate_normal(np.zeros(size), pattern.covariance(theta), size=groups)


def some_theta(design, seed=1, edge="inside"):
    """theta inside the domain, or with its first term at an edge: "upper", "lower", "zero"."""
    rng = np.random.default_rng(seed)
    parts = []
    for k, random in enumerate(design.random):
        pattern = random.pattern
        if pattern is None:
            parts.append(rng.normal(size=random.theta_count))
            continue
        theta = rng.uniform(0.3, 2.0, pattern.count)
        if pattern.correlated:
            low, high = pattern.limits
            theta[-1] = rng.uniform(0.8 * low, 0.8 * high)
            if k == 0 and edge in ("upper", "lower"):
                theta[-1] = high if edge == "upper" else low
        if k == 0 and edge == "zero":
            theta[0] = 0.0
        parts.append(theta)
    return np.concatenate(parts)
