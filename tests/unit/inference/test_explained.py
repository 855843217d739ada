"""R², ICC and the covariance within a group, against the R package performance and the reference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mmgui.engine.design import Design
from mmgui.engine.fit import fit_design
from mmgui.engine.result import Fit
from mmgui.errors import FitError, ModelError
from mmgui.inference.variance import explained as module
from mmgui.inference.variance.explained import explained, group_covariance

FitOf = Callable[..., Fit]
DesignOf = Callable[..., Design]

RIS = "Reaction ~ Days + (Days | Subject)"

# fits.json, R package performance 0.10.2 on lme4 1.1-31, REML: R² marginal and conditional, ICC adjusted
# and conditional.
PERFORMANCE = [
    ("sleepstudy", "Reaction ~ 1 + (1 | Subject)", 0.0, 0.394889583122136, 0.394889583122136,
     0.394889583122136),
    ("sleepstudy", "Reaction ~ Days + (1 | Subject)", 0.279885636748625, 0.704255452354521, 0.589308917113987,
     0.424369815605896),
    ("sleepstudy", RIS, 0.278652042562012, 0.799218896977232, 0.721658457679865, 0.520566854415219),
    ("sleepstudy", "Reaction ~ Days + (0 + Days | Subject)", 0.279406156102274, 0.741165745118977,
     0.640804237958825, 0.461759589016703),
    ("sleepstudy", "Reaction ~ Days + I(Days^2) + (Days + I(Days^2) | Subject)", 0.279714895873711,
     0.841596651138143, 0.780082431311693, 0.561881755264432),
    ("Dyestuff", "Yield ~ 1 + (1 | Batch)", 0.0, 0.418487415918282, 0.418487415918282, 0.418487415918282),
    ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", 0.0, 0.936336844988435, 0.936336844988435,
     0.936336844988435),
    ("Pastes", "strength ~ 1 + (1 | batch/cask)", 0.0, 0.937041367768717, 0.937041367768717,
     0.937041367768717),
    ("cake", "angle ~ recipe * temp + (1 | recipe:replicate)", 0.110960888943625, 0.703632725427351,
     0.666643153392319, 0.592671836483726),
    ("Machines", "score ~ Machine + (1 | Worker) + (1 | Worker:Machine)", 0.46770009465274, 0.986942234947151,
     0.975469157665301, 0.519242140294411),
    ("Machines", "score ~ Machine + (Machine | Worker)", 0.467700142033384, 0.98694223332608,
     0.975469152436372, 0.519242091292697),
    ("Oats", "yield ~ nitro * Variety + (1 | Block/Variety)", 0.381193102550501, 0.787485635391927,
     0.656574020936124, 0.406292532841425),
    ("Orthodont", "distance ~ age * Sex + (age | Subject)", 0.409460457256162, 0.806176888476859,
     0.671786396178356, 0.396716431220697),
    ("ergoStool", "effort ~ Type + (1 | Subject)", 0.437214865894477, 0.771832076581056, 0.594573648819654,
     0.334617210686579),
    ("Rail", "travel ~ 1 + (1 | Rail)", 0.0, 0.974398676877857, 0.974398676877857, 0.974398676877857),
    ("Hsb82", "mAch ~ cses * sector + meanses + (cses | school)", 0.175910481672797, 0.228444460973775,
     0.0637479037563976, 0.0525339793009786),
]  # fmt: skip


@pytest.mark.parametrize(("dataset", "formula", "marginal", "conditional", "adjusted", "whole"), PERFORMANCE)
def test_r2_and_icc_agree_with_performance(
    fitted: FitOf,
    dataset: str,
    formula: str,
    marginal: float,
    conditional: float,
    adjusted: float,
    whole: float,
) -> None:
    found = explained(fitted(dataset, formula))
    assert found.r2_marginal == pytest.approx(marginal, abs=1e-6)
    assert found.r2_conditional == pytest.approx(conditional, abs=1e-6)
    assert found.icc_adjusted == pytest.approx(adjusted, abs=1e-6)
    assert found.icc_conditional == pytest.approx(whole, abs=1e-6)


def test_ml_fits_agree_with_performance_too(fitted: FitOf) -> None:
    found = explained(fitted("sleepstudy", RIS, False))
    assert found.r2_marginal == pytest.approx(0.287611519424993, abs=1e-6)
    assert found.r2_conditional == pytest.approx(0.792763199193598, abs=1e-6)


def test_the_parts_are_those_of_the_reference(fitted: FitOf) -> None:
    found = explained(fitted("sleepstudy", "Reaction ~ Days + (1 | Subject)"))
    # teaching.json, sleepstudy.REML.ri.variance_partition.
    assert found.fixed == pytest.approx(908.953362623089, rel=1e-9)
    assert found.random == pytest.approx(1378.17851380905, rel=1e-6)
    assert found.residual == pytest.approx(960.456578560467, rel=1e-6)
    assert found.terms == (found.random,)


def test_an_uncorrelated_slope_counts(fitted: FitOf) -> None:
    """performance 0.10.2 counts the intercept alone: R² 0.415 and 0.702, ICC 0.490."""
    found = explained(fitted("sleepstudy", "Reaction ~ Days + (Days || Subject)"))
    # teaching.json, sleepstudy.REML.zcp.variance_partition: mean diag(ZΣZᵀ) = 1649.533.
    assert found.r2_marginal == pytest.approx(0.2829805819745, abs=2e-6)
    assert found.r2_conditional == pytest.approx(0.7965226303247, abs=2e-6)
    assert found.icc_adjusted == pytest.approx(0.7162177696169, abs=2e-6)


def test_the_coding_of_a_factor_that_varies_does_not_matter(fitted: FitOf) -> None:
    """performance 0.10.2 takes X for Z and gives (0 + Machine | Worker) other values: R² 0.507, 0.986."""
    cells = explained(fitted("Machines", "score ~ Machine + (0 + Machine | Worker)"))
    differences = explained(fitted("Machines", "score ~ Machine + (Machine | Worker)"))
    assert cells.r2_marginal == pytest.approx(differences.r2_marginal, rel=1e-6)
    assert cells.r2_marginal == pytest.approx(0.467700142033384, abs=1e-6)


def test_a_slope_without_a_fixed_counterpart_counts(fitted: FitOf) -> None:
    # teaching.json, extra.insight_random_slope_not_in_fixed: 4206.23, where insight 0.19 has 651.63.
    found = explained(fitted("sleepstudy", "Reaction ~ 1 + (Days | Subject)"))
    assert found.random == pytest.approx(4206.23031875315, rel=1e-4)


@pytest.mark.parametrize("reml", [True, False])
def test_a_singular_intercept_has_icc_zero_not_none(fitted: FitOf, reml: bool) -> None:
    found = explained(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)", reml))
    assert (found.icc_adjusted, found.icc_conditional) == (0.0, 0.0)
    assert (found.r2_marginal, found.r2_conditional) == (0.0, 0.0)


def test_prior_weights_average_the_residual_variance(design: DesignOf) -> None:
    """performance takes σ² = 1791.17, the variance of a row of weight 1: ICC 0.4898, R² marginal 0.2058."""
    weighted = replace(design("sleepstudy", RIS), weights=np.tile([1.0, 2.0, 4.0], 60))
    found = explained(fit_design(weighted))
    # lme4 1.1-31, bobyqa: sigma² = 1791.16996403; mean of 1, 1/2, 1/4 is 7/12.
    assert found.residual == pytest.approx(1791.16996403 * 7 / 12, rel=1e-6)
    by_sigma = found.random / (found.random + 1791.16996403)
    assert by_sigma == pytest.approx(0.489808130480, rel=1e-5)


def test_without_random_effects_the_two_r2_agree(fitted: FitOf) -> None:
    found = explained(fitted("sleepstudy", "Reaction ~ Days"))
    assert found.r2_marginal == found.r2_conditional
    assert found.icc_adjusted == 0.0
    # R: var(fitted(lm)) / (var(fitted(lm)) + sigma(lm)²).
    assert found.r2_marginal == pytest.approx(908.953362623 / (908.953362623 + 2276.69448023), rel=1e-9)


def test_the_covariance_within_a_subject_is_that_of_the_reference(fitted: FitOf) -> None:
    found = group_covariance(fitted("sleepstudy", RIS), "Subject", "308")
    assert found.rows.tolist() == list(range(10))
    # teaching.json, sleepstudy.V_block; lme4 stopped 2e-5 short of the optimum.
    expected = [1267.04016628473, 621.704566975927, 631.308975927084, 640.913384878242]
    assert found.covariance[0, :4] == pytest.approx(expected, rel=3e-5)
    assert found.covariance[9, 9] == pytest.approx(4280.72839793162, rel=3e-5)
    assert found.correlation[0, 1] == pytest.approx(0.4804904355456, abs=1e-5)
    assert found.correlation[8, 9] == pytest.approx(0.8332420595041, abs=1e-5)
    assert np.array_equal(found.covariance, found.covariance.T)


def test_the_covariance_within_a_worker_is_that_of_the_reference(fitted: FitOf) -> None:
    found = group_covariance(fitted("Machines", "score ~ Machine + (Machine | Worker)"), "Worker", "1")
    # teaching.json, Machines.V_worker_full, which leaves the residual out: one row of each machine.
    expected = [
        [16.641173724424, 28.245676291771, 11.146795138573],
        [28.245676291771, 74.396913830351, 29.184792762455],
        [11.146795138573, 29.184792762455, 19.267677974999],
    ]
    made = found.covariance[np.ix_([0, 3, 6], [1, 4, 7])]
    assert made == pytest.approx(np.array(expected), rel=1e-4)
    # The residual stands on the diagonal only.
    sigma = fitted("Machines", "score ~ Machine + (Machine | Worker)").sigma
    assert found.covariance[0, 0] - found.covariance[0, 1] == pytest.approx(sigma**2)


def test_other_factors_that_a_group_meets_are_part_of_its_covariance(fitted: FitOf) -> None:
    result = fitted("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)")
    found = group_covariance(result, "plate", "a")
    plate, sample = (float(t.covariance[0, 0]) for t in result.terms)
    assert found.covariance[0, 1] == pytest.approx(plate)
    assert found.covariance[0, 0] == pytest.approx(plate + sample + result.sigma**2)


def test_groups_that_are_unknown_or_too_large_are_refused(
    fitted: FitOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = fitted("sleepstudy", RIS)
    with pytest.raises(ModelError, match="no grouping factor School"):
        group_covariance(result, "School", "1")
    with pytest.raises(ModelError, match="Subject has no group 1 "):
        group_covariance(result, "Subject", "1")
    monkeypatch.setattr(module, "LARGEST_GROUP", 5)
    with pytest.raises(FitError, match="The group 308 has 10 rows") as refused:
        group_covariance(result, "Subject", "308")
    assert refused.value.code == "too_large"
