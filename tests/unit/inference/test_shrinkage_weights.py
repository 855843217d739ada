"""What is kept of own estimates, against lme4's numbers and against the modes themselves."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.data.assemble import labelled_column, make_table, number_column
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.inference.likelihood.covariance_point import Coordinate, CovarianceSpace
from mmgui.inference.variance.separate import counterpart, separate_fits
from mmgui.inference.variance.shrinkage import group_information, kept_alone, own_estimates, shrinkage_weights
from mmgui.spec.formula import parse


def _fit(formula: str, sample: str) -> Fit:
    return fit(FitJob(parse(formula), load_sample(sample)))


def _weights(model: Fit, term: int = 0) -> np.ndarray:
    return shrinkage_weights(model, term, group_information(model.design.random[term], model.design.weights))


def test_that_one_effect_keeps_what_lme4_keeps() -> None:
    # teaching.json: sleepstudy/shrinkage_ri_null, Dyestuff/shrinkage, Dyestuff2/shrinkage.
    alone = _weights(_fit("Reaction ~ 1 + (1 | Subject)", "sleepstudy"))
    np.testing.assert_allclose(alone, 0.867125700522, atol=1e-6)
    batch = _weights(_fit("Yield ~ 1 + (1 | Batch)", "Dyestuff"))
    np.testing.assert_allclose(batch, 0.7825267274168, atol=1e-6)
    none = _weights(_fit("Yield ~ 1 + (1 | Batch)", "Dyestuff2"))
    np.testing.assert_array_equal(none, np.zeros((6, 1, 1)))


def test_that_two_effects_keep_the_matrix_of_the_reference() -> None:
    # teaching.json: sleepstudy/shrinkage_matrix_ris.
    kept = _weights(_fit("Reaction ~ Days + (Days | Subject)", "sleepstudy"))
    for one in kept:
        np.testing.assert_allclose(
            one, [[0.7512950912828, 0.6795552376763], [0.03757244138722, 0.838241611696]], atol=2e-5
        )
    assert np.trace(kept[0]) == pytest.approx(1.589536702979, abs=2e-5)


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("Reaction ~ Days + (Days | Subject)", "sleepstudy"),
        ("Reaction ~ Days + (1 | Subject)", "sleepstudy"),
        ("score ~ Machine + (Machine | Worker)", "Machines"),
        ("y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)", "sim_hidden_singular"),
        ("Yield ~ 1 + (1 | Batch)", "Dyestuff2"),
    ],
)
def test_that_modes_are_the_kept_part_of_own_distances(formula: str, sample: str) -> None:
    model = _fit(formula, sample)
    fixed = counterpart(model.design, 0)
    own = own_estimates(model.design, 0, model.beta, fixed.inside).estimates
    distance = own - fixed.weights @ model.beta
    kept = np.einsum("gij,gj->gi", _weights(model), distance)
    np.testing.assert_allclose(kept, model.terms[0].modes, atol=1e-8 * np.abs(distance).max())


def test_that_the_reliability_of_a_term_alone_is_its_weight() -> None:
    model = _fit("Reaction ~ Days + (Days | Subject)", "sleepstudy")
    term = model.terms[0]
    reliability = (term.covariance - term.conditional_covariance) @ np.linalg.inv(term.covariance)
    np.testing.assert_allclose(_weights(model), reliability, atol=1e-9)


def test_that_a_group_keeps_less_where_its_mean_rests_on_casks_that_differ() -> None:
    model = _fit("strength ~ 1 + (1 | batch/cask)", "Pastes")
    batch = model.terms[0]
    # Balanced: variance of a batch's mean is τ² + τ²_cask/3 + σ²/6.
    tau, cask, sigma = float(batch.covariance[0, 0]), float(model.terms[1].covariance[0, 0]), model.sigma**2
    np.testing.assert_allclose(_weights(model, 0), tau / (tau + cask / 3 + sigma / 6), atol=1e-6)
    alone = kept_alone(batch.relative_factor, group_information(model.design.random[0]))
    np.testing.assert_allclose(alone, 6 * tau / (6 * tau + sigma), atol=1e-9)


def test_that_without_conditional_covariances_the_reliability_is_not_known() -> None:
    model = _fit("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin")
    space = CovarianceSpace(model)
    point = space.moved(space.best, Coordinate(0, (0,)), 1.0)
    assert np.isnan(_weights(space.fit_at(point, conditional=False))).all()
    assert np.isfinite(_weights(space.fit_at(point))).all()
    none = space.fit_at(space.moved(space.best, Coordinate(0, (0,)), 0.0))
    np.testing.assert_array_equal(_weights(none), np.zeros((24, 1, 1)))


def test_that_own_estimates_are_those_of_separate_regressions_and_say_what_is_missing() -> None:
    rng = np.random.default_rng(4)
    group = np.repeat(["a", "b", "c", "d", "e"], [6, 5, 4, 1, 3])
    # Years far from zero; group e has one year alone.
    year = 2000.0 + rng.integers(0, 9, len(group)).astype(float)
    year[group == "e"] = 2004.0
    z = rng.normal(size=len(group))
    y = 0.3 * year + z + rng.normal(size=len(group))
    levels, codes = np.unique(group, return_inverse=True)
    columns = [number_column("y", y), number_column("year", year), number_column("z", z)]
    table = make_table("years", [*columns, labelled_column("g", codes.astype(np.int32), tuple(levels), None)])
    model = fit(FitJob(parse("y ~ year + z + (year | g)"), table))
    fixed = counterpart(model.design, 0)
    fast = own_estimates(model.design, 0, model.beta, fixed.inside)
    slow = separate_fits(model.design, 0, beta=model.beta)
    np.testing.assert_allclose(fast.estimates, slow.estimates, rtol=1e-6)
    assert fast.reasons == tuple(r for r in slow.reasons if r)
    assert len(fast.reasons) == 2
    assert fast.removed == slow.removed == ("z",)
    moved = own_estimates(model.design, 0, model.beta + np.array([0.0, 0.0, 1.0]), fixed.inside)
    np.testing.assert_allclose(fast.estimates - fast.taken[:, :, 2], moved.estimates, rtol=1e-9)
