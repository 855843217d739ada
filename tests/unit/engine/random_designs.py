"""Designs at random: grouping factors, effects, scales and true covariances, from one seed or hypothesis.

A plan is drawn choice by choice and written out in full, so that a failing one can be pasted into a test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from dense_likelihood import term

from mmgui.engine.design import Design, RandomDesign
from mmgui.spec.model import ModelSpec

Choose = Callable[[Sequence[Any]], Any]

LAYOUTS = ("random", "balanced", "unbalanced", "nested", "crossed", "mostly_single", "two_levels")
SLOPES = (
    "unit", "tiny", "huge", "hundreds", "far", "squared", "cubed", "binary", "three", "six", "between",
    "interaction", "repeated",
)  # fmt: skip
TRUTHS = ("none", "near", "small", "moderate", "large", "singular")


@dataclass(frozen=True)
class Grouping:
    """A grouping factor: how rows are dealt to about ``levels`` groups."""

    layout: str
    levels: int


@dataclass(frozen=True)
class Effects:
    """A random-effects term: of which grouping, with which columns, how blocked, and how large in truth."""

    grouping: int
    intercept: bool
    slopes: tuple[str, ...]
    blocks: str
    truth: str


@dataclass(frozen=True)
class Plan:
    """All that a design is made from."""

    seed: int
    n: int
    groupings: tuple[Grouping, ...]
    effects: tuple[Effects, ...]
    fixed: int
    reml: bool
    weighted: bool
    offset: bool
    noise: str = "normal"

    def design(self) -> Design:
        """The design, its response simulated."""
        return _Maker(self).design()


def draw_plan(choose: Choose) -> Plan:
    """A plan, each choice made by ``choose`` from a sequence."""
    n = choose((12, 20, 30, 48, 60, 80, 120, 200, 300))
    groupings = tuple(
        Grouping(choose(LAYOUTS), choose((2, 3, 4, 6, 10, 15, 25))) for _ in range(choose((1, 1, 2, 2, 3)))
    )
    effects = tuple(_draw_effects(choose, len(groupings)) for _ in range(choose((1, 1, 2, 2, 3, 4))))
    return Plan(
        seed=choose(range(10**6)),
        n=n,
        groupings=groupings,
        effects=effects,
        fixed=choose((0, 1, 2, 2, 3)),
        reml=choose((True, False)),
        weighted=choose((False, False, True)),
        offset=choose((False, False, True)),
        noise=choose(("normal", "normal", "normal", "outliers", "tiny", "symmetric")),
    )


def _draw_effects(choose: Choose, groupings: int) -> Effects:
    slopes = tuple(choose(SLOPES) for _ in range(choose((0, 0, 1, 1, 1, 2, 2, 3))))
    intercept = choose((True, True, True, False)) or not slopes
    return Effects(
        choose(range(groupings)), intercept, slopes, choose(("full", "full", "each", "kept")), choose(TRUTHS)
    )


def seeded_plan(seed: int) -> Plan:
    """The plan of one seed."""
    rng = np.random.default_rng(seed)
    return draw_plan(lambda options: options[int(rng.integers(len(options)))])


class _Maker:
    """One plan's design."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.rng = plan, np.random.default_rng(plan.seed)
        self.n = plan.n
        self.codes: list[np.ndarray] = []
        for grouping in plan.groupings:
            self.codes.append(np.unique(self._deal(grouping), return_inverse=True)[1])

    def _deal(self, grouping: Grouping) -> np.ndarray:
        rng, n, levels = self.rng, self.n, min(grouping.levels, self.n // 2)
        match grouping.layout:
            case "balanced":
                return np.arange(n) * levels // n
            case "unbalanced":
                return np.searchsorted(np.cumsum(0.5 ** np.arange(1, levels)), rng.random(n))
            case "nested" if self.codes:
                return self.codes[-1] * levels + rng.integers(0, max(2, levels // 3), n)
            case "crossed":
                return np.arange(n) % levels
            case "mostly_single":
                return np.where(rng.random(n) < 0.5, np.arange(n) + levels, rng.integers(0, levels, n))
            case "two_levels":
                return np.arange(n) % 2
        return rng.integers(0, levels, n)

    def design(self) -> Design:
        plan, rng, n = self.plan, self.rng, self.n
        terms = [t for t in map(self._term, plan.effects) if t is not None]
        x = np.column_stack([np.ones(n), 5.0 + 3.0 * rng.normal(size=n), 100.0 * rng.integers(0, 9, n)])
        y = self._noise()
        for random, effects in zip(terms, plan.effects, strict=False):
            y = y + self._signal(random, effects.truth)
        y = y + x[:, : plan.fixed] @ rng.normal(size=plan.fixed)
        return Design(
            spec=ModelSpec(reml=plan.reml),
            y=y,
            x=x[:, : plan.fixed],
            fixed_names=tuple(f"x{k}" for k in range(plan.fixed)),
            assign=np.arange(plan.fixed),
            random=tuple(terms),
            weights=10.0 ** rng.uniform(-2, 2, n) if plan.weighted else None,
            offset=10.0 * rng.normal(size=n) if plan.offset else None,
            rows=np.arange(n),
            dropped_rows=0,
        )

    def _noise(self) -> np.ndarray:
        out = self.rng.normal(size=self.n)
        match self.plan.noise:
            case "outliers":
                out[self.rng.random(self.n) < 0.05] *= 30.0
            case "tiny":
                out *= 0.03
            case "symmetric":
                # Each row's mirror image is there too, which makes saddle points of symmetric models.
                half = self.n // 2
                out[half : 2 * half] = -out[:half]
        return out

    def _term(self, effects: Effects) -> RandomDesign | None:
        codes = self.codes[effects.grouping]
        groups: list[np.ndarray] = [np.ones((self.n, 1))] if effects.intercept else []
        for kind in effects.slopes:
            groups.append(self._columns(kind, codes, groups))
        # No more random effects in a term than rows, as lme4 demands.
        while groups and sum(g.shape[1] for g in groups) * (codes.max() + 1) >= self.n:
            groups.pop()
        if not groups:
            return None
        widths = [g.shape[1] for g in groups]
        columns = np.column_stack(groups)
        return term(f"g{effects.grouping}", codes, columns, _blocks(effects.blocks, widths))

    def _columns(self, kind: str, codes: np.ndarray, before: list[np.ndarray]) -> np.ndarray:
        rng, n = self.rng, self.n
        z = rng.normal(size=n)
        last = before[-1] if before else z[:, None]
        match kind:
            case "tiny":
                z = 1e-4 * z
            case "huge":
                z = 1e6 * z
            case "hundreds":
                z = 100.0 * rng.integers(0, 10, n)
            case "far":
                z = 2000.0 + 3.0 * z
            case "squared":
                z = last[:, 0] ** 2 + (0.0 if np.ptp(last[:, 0]) else z)
            case "cubed":
                z = last[:, 0] ** 3 + (0.0 if np.ptp(last[:, 0]) else z)
            case "binary":
                z = (rng.random(n) < 0.5).astype(float)
            case "three" | "six":
                k = 3 if kind == "three" else 6
                return (np.arange(k)[None, 1:] == rng.integers(0, k, n)[:, None]).astype(float)
            case "between":
                z = z[codes]
            case "interaction":
                return last * z[:, None]
            case "repeated":
                return last[:, :1].copy() if before and np.ptp(last[:, 0]) else z[:, None]
        return z[:, None]

    def _signal(self, random: RandomDesign, truth: str) -> np.ndarray:
        rng, s = self.rng, len(random.effects)
        size = {"none": 0.0, "near": 0.05, "small": 0.3, "moderate": 1.0, "large": 30.0, "singular": 1.0}
        scale = np.sqrt((random.columns**2).mean(axis=0))
        loadings = rng.normal(size=(s, 1 if truth == "singular" else s)) / np.sqrt(s)
        effects = size[truth] * rng.normal(size=(len(random.levels), loadings.shape[1])) @ loadings.T
        out: np.ndarray = (effects[random.codes] * random.columns / np.where(scale > 0, scale, 1.0)).sum(
            axis=1
        )
        return out


def _blocks(kind: str, widths: list[int]) -> tuple[tuple[int, ...], ...]:
    total = sum(widths)
    if kind == "full":
        return (tuple(range(total)),)
    if kind == "each":
        return tuple((k,) for k in range(total))
    starts = np.cumsum([0, *widths])
    return tuple(tuple(range(a, a + w)) for a, w in zip(starts, widths, strict=False))
