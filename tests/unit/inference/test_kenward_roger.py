"""Kenward and Roger's correction against its definition with n × n matrices, and for large designs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

import mmgui
from mmgui.data.frame import from_frame
from mmgui.data.table import Table
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.patterns import Pattern
from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.degrees_of_freedom import kenward_roger as module
from mmgui.inference.degrees_of_freedom.kenward_roger import kenward_roger
from mmgui.inference.degrees_of_freedom.kenward_roger_directions import free_pairs, unit
from mmgui.spec.formula import parse
from mmgui.spec.terms import Covariance

FloatArray = NDArray[np.float64]
Sigma = Callable[[FloatArray], FloatArray]


def repeated() -> Table:
    """20 groups seen two to three times at most of times 0 to 4, at 6 sites that cross everything."""
    rng = np.random.default_rng(3)
    rows = [
        (g, t) for g in range(20) for t in range(5) for _ in range(rng.integers(2, 4)) if rng.random() < 0.85
    ]
    group, time = np.array(rows).T
    steps = np.abs(np.subtract.outer(range(5), range(5)))
    z = rng.standard_normal((20, 5)) @ np.linalg.cholesky(0.6**steps).T * [1.0, 1.5, 2.0, 1.2, 0.8]
    site, x, e = rng.integers(0, 6, len(rows)), *rng.standard_normal((2, len(rows)))
    y = 2.0 + 0.5 * x + z[group, time] + rng.standard_normal(6)[site] + 0.7 * e
    return from_frame(
        {
            "y": y,
            "x": x,
            "w": 1.0 + rng.random(len(rows)),
            "time": [f"t{t}" for t in time],
            "g": [f"g{g:02}" for g in group],
            "outer": [f"o{g % 7}" for g in group],
            "site": [f"s{s}" for s in site],
        },
        "repeated",
    )


def fitted_to_repeated(formula: str, weights: str | None = None) -> Fit:
    return fit(FitJob(replace(parse(formula), weights=weights), repeated()))


def natural(structure: Covariance, relative: FloatArray, blocks) -> tuple[FloatArray, Sigma]:
    """The parameters that the correction is defined in, and Σ as a function of them."""
    size = len(relative)
    if not structure.patterned:
        pairs = free_pairs(blocks)

        def free(p: FloatArray) -> FloatArray:
            return np.sum([v * unit(size, i, j) for v, (i, j) in zip(p, pairs, strict=True)], axis=0)

        return np.array([relative[i, j] for i, j in pairs]), free
    pattern, v = Pattern(structure, size), np.diag(relative)
    rho = relative[0, 1] / np.sqrt(v[0] * v[1])
    if structure is Covariance.IDENTITY:
        return v[:1], lambda p: p[0] * np.eye(size)
    if structure is Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY:
        return relative[0, :2], lambda p: np.full((size, size), p[1]) + (p[0] - p[1]) * np.eye(size)
    sds = v[:1] if pattern.homogeneous else v

    def patterned(p: FloatArray) -> FloatArray:
        sd = np.sqrt(np.broadcast_to(p[:-1], (size,)))
        return sd[:, None] * pattern.correlation(p[-1]) * sd

    return np.append(sds, rho), patterned


def by_definition(fit: Fit) -> tuple[FloatArray, FloatArray]:
    """Φ_A of Kenward & Roger (1997), eq. (5), and the single df, with derivatives of V by differences."""
    design = fit.design
    starts, sigmas, zs = [], [], []
    for random, term in zip(design.random, fit.terms, strict=True):
        start, sigma = natural(random.structure, term.covariance / fit.sigma**2, random.blocks)
        starts.append(start)
        sigmas.append(sigma)
        zs.append((random.codes, random.columns))
    ends = np.cumsum([0, *(len(s) for s in starts)])
    inverse_weights = np.ones(design.nobs) if design.weights is None else 1.0 / design.weights

    def v(p: FloatArray) -> FloatArray:
        out = np.diag(p[-1] * inverse_weights)
        for (codes, columns), sigma, (a, b) in zip(zs, sigmas, pairwise(ends), strict=True):
            out += (columns @ sigma(p[a:b]) @ columns.T) * (codes[:, None] == codes)
        return out

    at, x = np.concatenate([*starts, [1.0]]), design.x
    k = len(at)
    steps = np.diag(1e-4 * np.maximum(np.abs(at), 0.05))
    size = np.diag(steps)
    first = [(v(at + h) - v(at - h)) / (2 * h.sum()) for h in steps]
    inverse = np.linalg.inv(v(at))
    phi = np.linalg.inv(x.T @ inverse @ x)
    half = inverse @ x
    p = [-half.T @ g @ half for g in first]
    expected, middle = np.empty((k, k)), np.empty((k, k, *phi.shape))
    for r in range(k):
        for s in range(k):
            q = half.T @ first[r] @ inverse @ first[s] @ half
            h, l = steps[r], steps[s]
            second = (v(at + h + l) - v(at + h - l) - v(at - h + l) + v(at - h - l)) / (4 * size[r] * size[s])
            trace = np.trace(inverse @ first[r] @ inverse @ first[s])
            expected[r, s] = trace - 2 * np.trace(phi @ q) + np.trace(phi @ p[r] @ phi @ p[s])
            middle[r, s] = q - p[r] @ phi @ p[s] - half.T @ second @ half / 4
    w = 2 * np.linalg.inv(expected)
    corrected = phi + 2 * phi @ np.einsum("rs,rsij->ij", w, middle) @ phi
    slopes = np.array([np.diag(phi @ q @ phi) for q in p])
    df = 2 * np.diag(phi) ** 2 / np.einsum("ri,rs,si->i", slopes, w, slopes)
    return fit.sigma**2 * corrected, df


@pytest.mark.parametrize(
    "formula",
    [
        "y ~ x + (x | g)",
        "y ~ x + (1 | outer/g)",
        "y ~ x + (1 | g) + (x | site)",
        "y ~ x + (1 | g) + (0 + x | g) + (1 | outer) + (1 | site)",
        "y ~ x + ar1(0 + time | g)",
        "y ~ x + hetar1(0 + time | g)",
        "y ~ x + homcs(0 + time | g)",
        "y ~ x + cs(0 + time | site) + (1 | g)",
        "y ~ x + homdiag(0 + time | g) + (1 | site)",
    ],
)
@pytest.mark.parametrize("weights", [None, "w"])
def test_the_correction_is_the_one_defined_with_the_covariance_of_all_rows(
    formula: str, weights: str | None
) -> None:
    model = fitted_to_repeated(formula, weights)
    expected, df = by_definition(model)
    found = kenward_roger(model)
    np.testing.assert_allclose(found.vcov, expected, rtol=2e-5, atol=1e-9)
    np.testing.assert_allclose(found.df, df, rtol=2e-5)


def test_inner_effects_that_some_groups_lack_are_no_obstacle() -> None:
    """x is 0 throughout some sites, which have an effect of it all the same."""
    table = repeated()
    values = {name: list(column) for name, column in zip(("y", "x"), _numbers(table), strict=True)}
    site = table["site"]
    values["x"] = [0.0 if site.codes[i] < 2 else x for i, x in enumerate(values["x"])]
    labels = {name: [table[name].levels[c] for c in table[name].codes] for name in ("g", "site")}
    model = fit(FitJob(parse("y ~ x + (1 | g) + (x | site)"), from_frame({**values, **labels}, "t")))
    expected, df = by_definition(model)
    np.testing.assert_allclose(kenward_roger(model).vcov, expected, rtol=2e-5, atol=1e-9)
    np.testing.assert_allclose(kenward_roger(model).df, df, rtol=2e-5)


def _numbers(table: Table) -> list[FloatArray]:
    return [np.asarray(table[name].values) for name in ("y", "x")]


def large(groups: int) -> Table:
    """Four rows in each of many groups, 20 of which form an outer group."""
    rng = np.random.default_rng(1)
    g = np.repeat(np.arange(groups), 4)
    e = rng.standard_normal(len(g))
    y = rng.standard_normal(groups)[g] + 0.7 * rng.standard_normal(groups)[g // 20] + e
    outer = [f"o{k // 20}" for k in g]
    return from_frame({"y": y, "g": [f"g{k}" for k in g], "outer": outer}, "large")


def test_a_mean_over_twenty_thousand_nested_groups_has_the_outer_groups_less_one() -> None:
    """Balanced and nested: exactly 1,000 - 1 by the analysis of variance, and nothing to correct."""
    model = fit(FitJob(parse("y ~ 1 + (1 | outer) + (1 | g)"), large(20_000)))
    found = kenward_roger(model)
    assert found.df[0] == pytest.approx(999.0, rel=1e-6)
    assert found.se[0] == pytest.approx(model.se[0], rel=1e-6)


def test_what_would_take_too_much_memory_is_refused_with_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    model = fitted_to_repeated("y ~ x + (1 | g) + (1 | site)")
    monkeypatch.setattr(module, "LARGEST_BLOCK", 5)
    with pytest.raises(FitError, match=r"6 random effects hang together.*at most 5") as caught:
        kenward_roger(model)
    assert caught.value.code == "too_large"
    monkeypatch.setattr(module, "LARGEST_BLOCK", 6)
    monkeypatch.setattr(module, "MOST_PRODUCTS", 50)
    with pytest.raises(FitError, match="products of crossed random effects"):
        kenward_roger(model)
    monkeypatch.setattr(module, "MOST_PARAMETERS", 1)
    with pytest.raises(FitError, match=r"2 \(co\)variances, too many"):
        kenward_roger(model)


def test_a_hypothesis_with_as_many_parts_as_groups_less_one_has_no_approximation() -> None:
    """Five treatments varying over four plots: pbkrtest's KRmodcomp divides 0 by 0 and prints -4e-12 df."""
    fit = mmgui.fit("y ~ ttt + (ttt | plot)", "sim_plots_treatments")
    tests = fit.anova("III", "kenward-roger")
    assert np.isnan([tests.f[0], tests.den_df[0], tests.p[0]]).all()
    assert tests.num_df[0] == 4


@pytest.mark.parametrize(
    "formula", ["score ~ Machine * Worker + (1 | Worker)", "score ~ Worker + (Machine | Worker)"]
)
def test_a_variance_that_the_fixed_effects_leave_nothing_of_is_refused(formula: str) -> None:
    """Standard errors of 1e+69 came of it, and lme4's θ, which lies anywhere, gives pbkrtest any F."""
    with pytest.raises(FitError, match="leave nothing of a variance") as refused:
        kenward_roger(mmgui.fit(formula, "Machines"))
    assert refused.value.code == "variance_undetermined"


def test_variances_known_by_their_sum_alone_are_no_trouble() -> None:
    # pbkrtest 0.5.2 for Reaction ~ Days + (1 | Subject): 22.81 and 161 degrees of freedom.
    found = kenward_roger(mmgui.fit("Reaction ~ Days + (1 | Subject) + (1 | Subject)", "sleepstudy"))
    assert found.df == pytest.approx([22.8102, 161.0], abs=1e-3)
