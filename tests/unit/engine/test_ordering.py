"""Crossed factors that meet sparsely: the order of elimination changes nothing but the time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from dense_likelihood import dense_fit, term

from mmgui.engine import fronts, ordering
from mmgui.engine.criterion import Criterion
from mmgui.engine.design import Design
from mmgui.spec.model import ModelSpec

THETA = np.array([0.9, 0.7, -0.2, 0.5, 0.3])


@pytest.fixture
def eager(monkeypatch):
    """Orders are looked for, and taken, on small tables too."""
    for name, value in {"FEWEST": 20, "FRONT": 1e-9, "MOVE": 1e-12}.items():
        monkeypatch.setattr(ordering, name, value)


def lecturers(nested=False, seed=3, n=600):
    """Students rate lecturers, mostly of their own department; three effects of lecturer and department."""
    rng = np.random.default_rng(seed)
    student = rng.integers(0, 160, n)
    home = rng.permutation(160) % 8
    lecturer = np.where(rng.uniform(size=n) < 0.95, home[student] * 12, rng.integers(0, 8, n) * 12)
    lecturer = rng.permutation(96)[lecturer + rng.integers(0, 12, n)]
    kind = rng.integers(0, 3, n)
    x = np.column_stack([np.ones(n), rng.normal(size=n)])
    terms = [term("s", student, np.ones((n, 1)))]
    if nested:
        terms.append(term("class", student // 4, np.ones((n, 1))))
    terms += [term("d", lecturer, x), term("kind", kind, np.ones((n, 1)))]
    y = rng.normal(size=96)[lecturer] + rng.normal(size=160)[student] + rng.normal(size=n)
    return Design(
        ModelSpec(reml=True), y, x, ("(Intercept)", "x"), np.arange(2), tuple(terms), None, None,
        np.arange(n), 0,
    )  # fmt: skip


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("divisible", [True, False])
def test_the_sparse_factorization_gives_the_textbooks_numbers(nested, divisible):
    design = lecturers(nested)
    criterion = Criterion(design)
    assert len(criterion.blocks.ordering.fronts) > 2
    theta = np.concatenate([[0.4], THETA]) if nested else THETA
    if not divisible:
        theta = np.where(np.arange(theta.size) == theta.size - 2, 0.0, theta)
    solution, expected = criterion.solution(theta), dense_fit(design, theta, reml=True)
    assert solution.objective == pytest.approx(expected.objective, abs=1e-8)
    assert solution.sigma == pytest.approx(expected.sigma, rel=1e-10)
    np.testing.assert_allclose(solution.vcov, expected.vcov, rtol=1e-8)
    for modes, wanted in zip(solution.modes, expected.modes, strict=True):
        np.testing.assert_allclose(modes, wanted, atol=1e-10)
    for covariance, wanted in zip(solution.conditional_covariances, expected.conditional, strict=True):
        np.testing.assert_allclose(covariance, wanted, atol=1e-10)


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("reml", [True, False])
def test_the_gradient_is_that_of_the_dense_factorization(reml):
    criterion = Criterion(lecturers(), reml=reml)
    value, gradient = criterion.value_and_gradient(THETA)
    criterion.blocks = replace(criterion.blocks, ordering=None)
    dense_value, dense_gradient = criterion.value_and_gradient(THETA)
    assert value == pytest.approx(dense_value, abs=1e-9)
    np.testing.assert_allclose(gradient, dense_gradient, atol=1e-8)


@pytest.mark.usefixtures("eager")
def test_the_order_keeps_zeros():
    criterion = Criterion(lecturers())
    state = criterion.eliminate(criterion.flat(THETA))
    own = criterion.blocks.ordering
    lower = np.tril(state.l)
    assert np.count_nonzero(lower) < 0.7 * np.count_nonzero(np.tril(np.ones_like(lower)))
    np.testing.assert_allclose(lower @ lower.T, _matrix(criterion, state), atol=1e-10)
    assert all((f.rows >= f.stop).all() for f in own.fronts)
    assert sorted(own.levels.tolist()) == list(range(criterion.blocks.dense[0].levels))


def _matrix(criterion, state):
    from mmgui.engine.trailing import full, with_precisions

    return full(with_precisions(criterion.blocks, state.lams, state.trailing)[0])


def test_the_inverse_on_the_pattern():
    """Arrow matrix: two separate blocks of 2, a core of 2."""
    a = np.eye(6) * 4.0
    a[:2, :2] += 1.0
    a[2:4, 2:4] += 1.0
    a[4:, :] += 0.5
    a[:4, 4:] += 0.5
    a = np.tril(a) + np.tril(a, -1).T
    rows = np.array([4, 5])
    own = ordering.Ordering(np.arange(6), (ordering.Front(0, 2, rows), ordering.Front(2, 4, rows)))
    l = fronts.factor(np.asfortranarray(a), own, lambda: None)
    np.testing.assert_allclose(np.tril(l), np.linalg.cholesky(a), atol=1e-14)
    core = np.linalg.inv(a)[4:, 4:]
    s = fronts.weighted_inverse(l, own, core, lambda: None)
    expected = np.linalg.inv(a)
    expected[:2, 2:4] = expected[2:4, :2] = 0.0
    np.testing.assert_allclose(s, expected, atol=1e-14)


def test_small_or_full_couplings_are_left_dense():
    rng = np.random.default_rng(0)
    few = ordering.find_ordering(rng.integers(0, 9, 50), rng.integers(0, 9, 50), np.ones(9, int), 9, 2)
    full = ordering.find_ordering(
        rng.integers(0, 20, 40_000), rng.integers(0, 500, 40_000), np.ones(500, int), 500, 2
    )
    assert few is None
    assert full is None
