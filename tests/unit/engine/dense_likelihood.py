"""The likelihood as the textbook writes it, with n × n matrices, and random designs to try it on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmgui.engine.design import Design, RandomDesign
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance


def term(name, raw, columns, blocks=None):
    levels, codes = np.unique(raw, return_inverse=True)
    s = columns.shape[1]
    return RandomDesign(
        name,
        tuple(map(str, levels)),
        codes.astype(np.int32),
        tuple(f"{name}.{k}" for k in range(s)),
        columns,
        blocks or (tuple(range(s)),),
    )


def random_design(structure, seed, n=80, reml=True, weighted=False, p=2):
    """A design with terms named by letters.

    g: 10 groups; h: 5 groups crossed with g; i: their combinations (nested in both); c: triples of g.
    Upper case: with two slopes (G), one slope (H, I, C); b: g with three effects in two blocks.
    """
    rng = np.random.default_rng(seed)
    g, h = rng.integers(0, 10, n), rng.integers(0, 5, n)
    groups = {"g": g, "h": h, "i": g * 10 + h, "c": g // 3}
    terms = []
    for letter in structure:
        name = "g" if letter == "b" else letter.lower()
        slopes = {"G": 2, "b": 2}.get(letter, int(letter.isupper()))
        columns = np.column_stack(
            [np.ones(n)] + [10.0 ** rng.uniform(-2, 2) * (rng.normal(size=n) + 2.0) for _ in range(slopes)]
        )
        terms.append(term(name, groups[name], columns, ((0,), (1, 2)) if letter == "b" else None))
    x = np.column_stack([np.ones(n), 5.0 + 3.0 * rng.normal(size=(n, 3))])[:, :p]
    y = 100.0 + 2.0 * rng.normal(size=10)[g] + rng.normal(size=5)[h] + 2.0 * rng.normal(size=n)
    return Design(
        spec=ModelSpec(reml=reml),
        y=y,
        x=x,
        fixed_names=tuple(f"x{k}" for k in range(p)),
        assign=np.arange(p),
        random=tuple(terms),
        weights=rng.uniform(0.5, 2.0, n) if weighted else None,
        offset=rng.normal(size=n) if weighted else None,
        rows=np.arange(n),
        dropped_rows=0,
    )


@dataclass(frozen=True)
class Dense:
    """What the textbook's formulas give at theta."""

    objective: float
    beta: np.ndarray
    vcov: np.ndarray
    sigma: float
    modes: list
    conditional: list


def dense_fit(design, theta, reml):
    """V = I + Z Λ Λᵀ Zᵀ by rows, everything by inverting it."""
    n, p = design.x.shape
    weights = np.ones(n) if design.weights is None else design.weights
    root = np.sqrt(weights)[:, None]
    z, lam, k = [], [], 0
    for r in design.random:
        s, levels = len(r.effects), len(r.levels)
        factor = _factor(r, theta[k : k + r.theta_count])
        k += r.theta_count
        block = np.zeros((n, levels, s))
        block[np.arange(n), r.codes] = r.columns * root
        z.append(block.reshape(n, levels * s))
        lam.append(np.kron(np.eye(levels), factor))
    v = np.eye(n) + sum((a @ b @ b.T @ a.T for a, b in zip(z, lam, strict=True)), np.zeros((n, n)))
    y = (design.y - (0.0 if design.offset is None else design.offset)) * root[:, 0]
    x = design.x * root
    inverse = np.linalg.inv(v)
    information = x.T @ inverse @ x
    beta = np.linalg.solve(information, x.T @ inverse @ y) if p else np.zeros(0)
    r = y - x @ beta
    freedom = n - (p if reml else 0)
    pwrss = r @ inverse @ r
    objective = (
        np.linalg.slogdet(v)[1] - np.log(weights).sum() + freedom * (1 + np.log(2 * np.pi * pwrss / freedom))
    )
    if reml and p:
        objective += np.linalg.slogdet(information)[1]
    s2 = pwrss / freedom
    modes, conditional = [], []
    for a, b, random in zip(z, lam, design.random, strict=True):
        levels, s = len(random.levels), len(random.effects)
        prior = b @ b.T
        modes.append((prior @ a.T @ inverse @ r).reshape(levels, s))
        full = s2 * (prior - prior @ a.T @ inverse @ a @ prior)
        conditional.append(np.array([full[l * s : l * s + s, l * s : l * s + s] for l in range(levels)]))
    vcov = s2 * np.linalg.inv(information) if p else np.zeros((0, 0))
    return Dense(objective, beta, vcov, np.sqrt(s2), modes, conditional)


def _factor(random, theta):
    """A factor of the term's relative covariance; of a patterned one, entry by entry."""
    s = len(random.effects)
    factor = np.zeros((s, s))
    if not random.structure.patterned:
        for value, (i, j) in zip(theta, random.parameter_positions, strict=True):
            factor[i, j] = value
        return factor
    alike = random.structure in (
        Covariance.IDENTITY,
        Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY,
        Covariance.AR1,
    )
    sd = [theta[0] if alike else theta[i] for i in range(s)]
    for i in range(s):
        for j in range(s):
            if i == j:
                correlation = 1.0
            elif random.structure is Covariance.IDENTITY:
                correlation = 0.0
            elif random.structure in (Covariance.AR1, Covariance.HETEROGENEOUS_AR1):
                correlation = theta[-1] ** abs(i - j)
            else:
                correlation = theta[-1]
            factor[i, j] = sd[i] * sd[j] * correlation
    values, vectors = np.linalg.eigh(factor)
    return vectors * np.sqrt(np.maximum(values, 0.0))
