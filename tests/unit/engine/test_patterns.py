"""Patterned covariances as matrices, their derivatives, and the coordinates searches have."""

import numpy as np
import pytest

from mmgui.engine.patterns import Coordinates, Pattern
from mmgui.spec.terms import Covariance

PATTERNED = [c for c in Covariance if c.patterned]
DIFFERENCE = 1e-6


def theta_of(pattern, rho=0.4):
    sd = np.linspace(0.5, 2.0, pattern.sds)
    return np.append(sd, rho) if pattern.correlated else sd


def differences(function, at):
    """Central differences of a matrix in each entry of a vector."""
    steps = DIFFERENCE * np.eye(len(at))
    return np.array([(function(at + h) - function(at - h)) / (2 * DIFFERENCE) for h in steps])


@pytest.mark.parametrize(
    ("structure", "theta", "expected"),
    [
        (Covariance.IDENTITY, [2.0], [[4, 0, 0], [0, 4, 0], [0, 0, 4]]),
        (Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY, [2.0, 0.5], [[4, 2, 2], [2, 4, 2], [2, 2, 4]]),
        (Covariance.COMPOUND_SYMMETRY, [1.0, 2.0, 3.0, 0.5], [[1, 1, 1.5], [1, 4, 3], [1.5, 3, 9]]),
        (Covariance.AR1, [2.0, -0.5], [[4, -2, 1], [-2, 4, -2], [1, -2, 4]]),
        (Covariance.HETEROGENEOUS_AR1, [1.0, 2.0, 3.0, 0.5], [[1, 1, 0.75], [1, 4, 3], [0.75, 3, 9]]),
    ],
)
def test_theta_is_standard_deviations_then_the_correlation(structure, theta, expected):
    assert Pattern(structure, 3).covariance(np.array(theta)) == pytest.approx(np.array(expected, dtype=float))


@pytest.mark.parametrize("structure", PATTERNED)
@pytest.mark.parametrize("size", [2, 5])
def test_the_covariance_and_its_factor_have_the_derivatives_that_differences_show(structure, size):
    pattern = Pattern(structure, size)
    coordinates = Coordinates(pattern, np.linspace(0.3, 3.0, pattern.sds))
    theta = theta_of(pattern, rho=-0.2)
    slopes = differences(pattern.covariance, theta)
    assert pattern.covariance_slopes(theta) == pytest.approx(slopes, abs=1e-8)
    x = coordinates.x(theta)
    assert coordinates.factor_slopes(x) == pytest.approx(differences(coordinates.factor, x), abs=1e-8)
    assert np.diag(coordinates.slopes(x)) == pytest.approx(differences(coordinates.theta, x), abs=1e-8)


@pytest.mark.parametrize("structure", PATTERNED)
@pytest.mark.parametrize("share", [-1.0, -0.5, 0.0, 0.5, 1.0])
def test_coordinates_lead_to_theta_and_back_up_to_the_limits(structure, share):
    pattern = Pattern(structure, 4)
    theta = theta_of(pattern, rho=abs(share) * pattern.limits[share > 0])
    theta[0] = 0.0 if share == 1.0 else theta[0]
    coordinates = Coordinates(pattern, np.full(pattern.sds, 2.0))
    x = coordinates.x(theta)
    assert coordinates.theta(x) == pytest.approx(theta, abs=1e-14)
    lam = coordinates.factor(x)
    assert lam @ lam.T == pytest.approx(pattern.covariance(theta), abs=1e-14)
    lam = pattern.factor(theta)
    assert lam @ lam.T == pytest.approx(pattern.covariance(theta), abs=1e-14)


@pytest.mark.parametrize(
    ("structure", "size", "limits", "ranks"),
    [
        (Covariance.COMPOUND_SYMMETRY, 4, (-1 / 3, 1.0), (3, 1)),
        (Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY, 2, (-1.0, 1.0), (1, 1)),
        (Covariance.AR1, 5, (-1.0, 1.0), (1, 1)),
        (Covariance.HETEROGENEOUS_AR1, 3, (-1.0, 1.0), (1, 1)),
    ],
)
def test_the_correlation_ends_where_the_covariance_loses_rank(structure, size, limits, ranks):
    pattern = Pattern(structure, size)
    assert pattern.limits == pytest.approx(limits)
    for limit, rank in zip(limits, ranks, strict=True):
        assert np.linalg.matrix_rank(pattern.correlation(limit), tol=1e-12) == rank
