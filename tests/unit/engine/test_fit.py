"""What a fit tells while it runs, how it stops, and what it returns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from dense_likelihood import random_design

from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample
from mmgui.engine.build import build_design
from mmgui.engine.events import Evaluated, Failed, Finished, Started, Stopped
from mmgui.engine.fit import FitJob, fit, fit_design
from mmgui.errors import FitError, MmguiError
from mmgui.spec.formula import parse

SLEEP = "Reaction ~ Days + (Days | Subject)"


@pytest.fixture(scope="module")
def sleepstudy():
    return load_sample("sleepstudy")


def test_events_tell_every_evaluation_and_end_with_the_fit(sleepstudy):
    events = []
    result = fit(FitJob(parse(SLEEP), sleepstudy), events.append)
    assert isinstance(events[0], Started)
    assert events[0].parameters == ("Subject.(Intercept)", "Subject.Days.(Intercept)", "Subject.Days")
    assert events[0].nobs == 180
    evaluated = events[1:-1]
    assert [e.k for e in evaluated] == list(range(1, len(evaluated) + 1))
    assert all(isinstance(e, Evaluated) for e in evaluated)
    np.testing.assert_array_equal([e.objective for e in evaluated], result.log.objective)
    np.testing.assert_allclose([e.theta for e in evaluated], result.log.theta)
    assert isinstance(events[-1], Finished)
    assert events[-1].fit is result


def test_sleepstudy_needs_few_evaluations(sleepstudy):
    assert len(fit(FitJob(parse(SLEEP), sleepstudy)).log.objective) <= 15


def test_sleepstudy_in_the_persons_units(sleepstudy):
    # lme4 1.1-31, REML, bobyqa to 1e-9.
    result = fit(FitJob(parse(SLEEP), sleepstudy))
    np.testing.assert_allclose(result.theta, [0.96673, 0.015169, 0.23091], rtol=1e-4)
    np.testing.assert_allclose(result.terms[0].sd, [24.74045, 5.922133], rtol=1e-6)
    assert result.terms[0].correlation[0, 1] == pytest.approx(0.065551, abs=1e-5)
    assert result.sigma == pytest.approx(25.591796, rel=1e-6)
    np.testing.assert_allclose(result.se, [6.824556, 1.545789], rtol=1e-6)
    np.testing.assert_allclose(result.terms[0].modes[0], [2.2586, 9.1990], rtol=1e-3)
    np.testing.assert_allclose(result.terms[0].conditional_sd[0], [12.07, 2.305], rtol=1e-3)
    assert (result.aic, result.bic) == pytest.approx((1755.62827, 1774.78601), abs=1e-5)
    assert result.convergence.reason == "gradient"
    assert "Days | Subject" in result.formula


def test_fitted_values_leave_the_residuals_of_the_penalised_least_squares(sleepstudy):
    result = fit(FitJob(parse(SLEEP), sleepstudy))
    residual = result.design.y - result.fitted
    u = np.linalg.solve(result.terms[0].relative_factor, result.terms[0].modes.T)
    # σ² (n - p) is the penalised sum of squares |y - ŷ|² + |u|².
    assert residual @ residual + (u**2).sum() == pytest.approx(result.sigma**2 * 178, rel=1e-10)


def test_stop_keeps_the_best_point(sleepstudy):
    events = []

    def stop():
        return sum(isinstance(e, Evaluated) for e in events) >= 3

    result = fit(FitJob(parse(SLEEP), sleepstudy), events.append, stop)
    assert isinstance(events[-1], Stopped)
    assert events[-1].best is result
    assert len(result.log.objective) == 3
    assert result.objective == pytest.approx(result.log.objective.min(), abs=1e-9)
    assert result.convergence.reason == "stopped"
    assert not result.convergence.converged


def test_stop_before_the_first_evaluation_has_nothing_to_show(sleepstudy):
    events = []
    with pytest.raises(FitError) as caught:
        fit(FitJob(parse(SLEEP), sleepstudy), events.append, lambda: True)
    assert caught.value.code == "stopped"
    assert isinstance(events[-1], Stopped)
    assert events[-1].best is None


def test_a_good_start_is_used(sleepstudy):
    first = fit(FitJob(parse(SLEEP), sleepstudy))
    again = fit(FitJob(parse(SLEEP), sleepstudy, first.theta))
    np.testing.assert_allclose(again.log.theta[0], first.theta, rtol=1e-9)
    assert again.objective == pytest.approx(first.objective, abs=1e-9)
    assert len(again.log.objective) <= 5


def test_an_unknown_column_fails_with_an_event(sleepstudy):
    events = []
    with pytest.raises(MmguiError):
        fit(FitJob(parse("Reaction ~ Nights + (1 | Subject)"), sleepstudy), events.append)
    assert isinstance(events[-1], Failed)
    assert "Nights" in events[-1].error.message


def test_a_response_that_hardly_varies_beside_its_size_is_told_apart_from_a_perfect_fit(sleepstudy):
    shifted = sleepstudy["Reaction"].values + 1e14
    table = from_frame({"y": shifted, "g": [f"s{k // 10}" for k in range(180)]}, "shifted")
    with pytest.raises(FitError) as caught:
        fit(FitJob(parse("y ~ 1 + (1 | g)"), table))
    assert caught.value.code == "varies_too_little"
    assert "subtract a constant" in caught.value.message


def test_a_response_that_the_fixed_effects_reproduce_is_refused():
    design = random_design("g", 1)
    events = []
    with pytest.raises(FitError) as caught:
        fit_design(replace(design, y=design.x @ np.array([1.0, 2.0]), offset=None), events.append)
    assert caught.value.code == "perfect_fit"
    assert isinstance(events[-1], Failed)


def test_no_random_terms_is_a_linear_model(sleepstudy):
    design = build_design(parse("Reaction ~ Days"), sleepstudy)
    result = fit_design(design)
    # R: lm(Reaction ~ Days), logLik(REML = TRUE) = -946.8318.
    assert result.loglik == pytest.approx(-946.8318, abs=1e-4)
    np.testing.assert_allclose(result.beta, [251.405105, 10.467286], rtol=1e-7)
    np.testing.assert_allclose(result.se, [6.610154, 1.238195], rtol=1e-6)
    assert result.convergence.reason == "no parameters"
    assert result.convergence.converged


def test_the_thread_of_a_fit_uses_one_blas_thread_and_gives_the_rest_back(sleepstudy):
    from threadpoolctl import threadpool_info

    before = [p["num_threads"] for p in threadpool_info()]
    during = []

    def look(event):
        if isinstance(event, Evaluated):
            during.extend(p["num_threads"] for p in threadpool_info() if p["user_api"] == "blas")

    fit(FitJob(parse(SLEEP), sleepstudy), look)
    assert set(during) == {1}
    assert [p["num_threads"] for p in threadpool_info()] == before


def test_a_variance_that_the_data_do_not_determine_is_no_converged_fit():
    # One row a group: only the sum of the two variances enters the likelihood.
    design = random_design("g", 3, 40)
    alone = replace(design.random[0], codes=np.arange(40, dtype=np.int32), levels=tuple(map(str, range(40))))
    result = fit_design(replace(design, random=(alone,)))
    assert not result.convergence.converged
    assert result.convergence.curvature == pytest.approx(0.0, abs=1e-9)
