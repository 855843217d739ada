"""The nearest models without variance somewhere."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.inference.likelihood.covariance_point import CovarianceSpace
from mmgui.inference.variance.collapse import without_effects, without_smallest_direction
from mmgui.spec.formula import parse


def fitted(sample: str, formula: str):
    return fit(FitJob(parse(formula), load_sample(sample)))


def test_that_without_an_effect_the_others_are_those_of_the_smaller_model() -> None:
    sleep = fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    # teaching.json, sleepstudy/REML: theta of slope_only 0.2501927545911, of ri 1.197881532829
    assert without_effects(sleep, 0, (0,)) == pytest.approx([0.0, 0.0, 0.2501927545911], abs=1e-6)
    assert without_effects(sleep, 0, (1,)) == pytest.approx([1.197881532829, 0.0, 0.0], abs=1e-6)


def test_that_a_term_without_variance_leaves_the_smaller_models_fit() -> None:
    pastes = fitted("Pastes", "strength ~ 1 + (1 | batch/cask)")
    # teaching.json, Pastes/REML: batch_only 0.6711036215245, sample_only 3.835996093141
    for term, left in ((0, [0.0, 3.835996093141]), (1, [0.6711036215245, 0.0])):
        assert without_smallest_direction(pastes, term, 0) == pytest.approx(left, abs=1e-5)


def test_that_without_its_smallest_direction_intercepts_and_slopes_go_together() -> None:
    sleep = fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    theta = without_smallest_direction(sleep, 0, 0)
    space = CovarianceSpace(sleep)
    point = space.point(theta)
    assert point.correlations[0][0, 1] == pytest.approx(1.0)
    # No neighbour whose correlation is one does better.
    best = space.criterion(point)
    for step in (0.97, 1.03):
        for k in (0, 1):
            other = theta.copy()
            other[k] *= step
            assert space.model.criterion(other) > best


def test_that_a_model_with_nothing_left_to_lose_stays() -> None:
    dyestuff = fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)")
    assert without_smallest_direction(dyestuff, 0, 0).tolist() == [0.0]


def test_that_one_effect_of_three_leaves_a_lower_triangle() -> None:
    machines = fitted("Machines", "score ~ Machine + (Machine | Worker)")
    theta = without_effects(machines, 0, (0,))
    factor = machines.design.random[0].relative_factor(theta)
    assert np.allclose(factor, np.tril(factor))
    assert np.allclose(factor[0], 0.0)
    assert np.all((factor @ factor.T)[1:, 1:].diagonal() > 1.0)


def test_that_a_patterned_term_goes_as_a_whole() -> None:
    machines = fitted("Machines", "score ~ Machine + cs(0 + Machine | Worker)")
    theta = without_effects(machines, 0, (0, 1, 2))
    assert theta.tolist() == [0.0] * machines.design.random[0].theta_count
