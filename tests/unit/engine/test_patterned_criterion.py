"""The criterion of patterned terms and its gradient against the n × n formulas, up to the edges."""

import numpy as np
import pytest
from dense_likelihood import dense_fit
from patterned_designs import PATTERNED, patterned_design, some_theta

from mmgui.engine.criterion import Criterion

BESIDE = [None, "crossed", "patterned"]


def dense_slope(design, theta, k, sides):
    """Difference quotient of the n × n criterion, second order, central or to one side."""
    h = 1e-5

    def at(step):
        moved = theta.copy()
        moved[k] += step
        return dense_fit(design, moved, design.spec.reml).objective

    if sides == 0:
        return (at(h) - at(-h)) / (2 * h)
    return sides * (-3 * at(0.0) + 4 * at(sides * h) - at(sides * 2 * h)) / (2 * h)


@pytest.mark.parametrize("reml", [True, False])
@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize("structure", PATTERNED)
def test_value_and_gradient_are_those_of_the_dense_likelihood(structure, beside, reml):
    design = patterned_design(structure, 3, beside=beside, reml=reml, quantities=beside == "patterned")
    theta = some_theta(design)
    value, gradient = Criterion(design).value_and_gradient(theta)
    assert value == pytest.approx(dense_fit(design, theta, reml).objective, abs=1e-8)
    slopes = [dense_slope(design, theta, k, 0) for k in range(theta.size)]
    assert gradient == pytest.approx(slopes, rel=1e-5, abs=1e-5)


@pytest.mark.parametrize("edge", ["upper", "lower", "zero"])
@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize("structure", PATTERNED)
def test_the_gradient_at_an_edge_is_the_derivative_inwards(structure, beside, edge):
    design = patterned_design(structure, 4, beside=beside)
    pattern = design.random[0].pattern
    theta = some_theta(design, edge=edge)
    value, gradient = Criterion(design).value_and_gradient(theta)
    assert value == pytest.approx(dense_fit(design, theta, True).objective, abs=1e-8)
    k = 0 if edge == "zero" or not pattern.correlated else pattern.count - 1
    sides = {"upper": -1, "lower": 1, "zero": 1}[edge] if k or edge == "zero" else 0
    assert gradient[k] == pytest.approx(dense_slope(design, theta, k, sides), rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("structure", PATTERNED)
def test_estimates_at_theta_are_those_of_the_dense_formulas(structure):
    design = patterned_design(structure, 5, beside="crossed")
    theta = some_theta(design)
    expected = dense_fit(design, theta, True)
    found = Criterion(design).solution(theta)
    assert found.beta == pytest.approx(expected.beta)
    assert found.vcov == pytest.approx(expected.vcov)
    assert found.sigma == pytest.approx(expected.sigma)
    for k in range(2):
        assert found.modes[k] == pytest.approx(expected.modes[k], abs=1e-9)
        assert found.conditional_covariances[k] == pytest.approx(expected.conditional[k], abs=1e-9)


def test_theta_comes_back_from_the_engines_coordinates_as_it_went_in():
    for structure in PATTERNED:
        design = patterned_design(structure, 6, beside="crossed", quantities=True)
        criterion = Criterion(design)
        for edge in ("inside", "upper", "zero"):
            theta = some_theta(design, edge=edge)
            back = criterion.basis.theta(criterion.flat(theta))
            own = design.theta_slice(0)
            assert np.array_equal(back[own], theta[own])
