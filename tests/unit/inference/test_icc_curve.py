"""The variance between groups along a predictor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mmgui.engine.design import Design
from mmgui.engine.fit import fit_design
from mmgui.engine.result import Fit
from mmgui.errors import ModelError
from mmgui.inference.variance.icc_curve import icc_curve

FitOf = Callable[..., Fit]
DesignOf = Callable[..., Design]

RIS = "Reaction ~ Days + (Days | Subject)"


def test_the_icc_by_day_is_that_of_the_reference(fitted: FitOf) -> None:
    found = icc_curve(fitted("sleepstudy", RIS), 0, "Days", range(10))
    # teaching.json, sleepstudy.icc_by_day.
    expected = [
        0.4830945176897, 0.5043292601599, 0.5469877728558, 0.6007223087583, 0.6562035979304,
        0.7076000271315, 0.752373908299, 0.7900844004277, 0.8213134175524, 0.8470026716536,
    ]  # fmt: skip
    assert found.icc == pytest.approx(expected, abs=1e-5)
    assert found.lowest_at == pytest.approx(-0.2738505687993, abs=1e-5)
    assert not found.lowest_in_data
    # 612.09 - 9.604²/35.07.
    assert found.lowest == pytest.approx(609.4598, abs=1e-3)


def test_by_default_the_curve_spans_the_data(fitted: FitOf) -> None:
    found = icc_curve(fitted("sleepstudy", RIS), 0, "Days")
    assert (found.at[0], found.at[-1], len(found.at)) == (0.0, 9.0, 101)


def test_terms_of_one_grouping_factor_are_added(fitted: FitOf) -> None:
    apart = icc_curve(
        fitted("sleepstudy", "Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)"), 1, "Days", (0.0, 9.0)
    )
    together = icc_curve(fitted("sleepstudy", "Reaction ~ Days + (Days || Subject)"), 0, "Days", (0.0, 9.0))
    assert apart.variance == pytest.approx(together.variance, rel=1e-6)
    assert apart.terms.shape == (2, 2)
    assert apart.terms[0] == pytest.approx([apart.terms[0, 0]] * 2)
    # lme4: 627.569 + 81 · 35.8584 (teaching.json, sleepstudy.REML.zcp).
    assert apart.variance[1] == pytest.approx(627.56905 + 81 * 35.85838, rel=1e-5)
    assert apart.lowest_at == pytest.approx(0.0, abs=1e-9)
    assert apart.lowest_in_data


def test_other_grouping_factors_count_in_the_total_only(fitted: FitOf) -> None:
    result = fitted("Oats", "yield ~ nitro + (nitro | Block) + (1 | Block:Variety)")
    found = icc_curve(result, 0, "nitro", (0.0, 0.6))
    block, cell = result.terms
    z = np.array([1.0, 0.6])
    assert found.variance[1] == pytest.approx(z @ block.covariance @ z)
    total = found.variance[1] + cell.covariance[0, 0] + result.sigma**2
    assert found.icc[1] == pytest.approx(found.variance[1] / total)


def test_a_curved_effect_has_its_lowest_variance_within_the_data(fitted: FitOf) -> None:
    result = fitted("sleepstudy", "Reaction ~ Days + (poly(Days, 2) | Subject)")
    found = icc_curve(result, 0, "Days")
    columns, covariance = result.design.random[0].columns, result.terms[0].covariance
    # At the days in the data the made-up columns are those of the fit.
    at_days = icc_curve(result, 0, "Days", range(10))
    assert at_days.variance == pytest.approx(np.diag(columns[:10] @ covariance @ columns[:10].T), rel=1e-9)
    assert found.lowest <= found.variance.min()
    assert found.lowest == pytest.approx(found.variance.min(), rel=1e-3)
    assert found.lowest_in_data


def test_a_factor_gives_a_variance_per_level(fitted: FitOf) -> None:
    result = fitted("Machines", "score ~ Machine + (Machine | Worker)")
    found = icc_curve(result, 0, "Machine")
    assert found.labels == ("A", "B", "C")
    # teaching.json, Machines.V_worker_full, the diagonal.
    expected = [16.641173724424, 74.396913830351, 19.267677974999]
    assert found.variance == pytest.approx(expected, rel=1e-4)
    assert np.isnan(found.lowest_at)
    assert icc_curve(result, 0, "Machine", ("C",)).variance == pytest.approx(expected[2:], rel=1e-4)


def test_other_columns_stand_at_their_mean_or_first_level_unless_given(fitted: FitOf) -> None:
    result = fitted("Oats", "yield ~ nitro + (nitro + Variety | Block)")
    covariance = result.terms[0].covariance
    first = icc_curve(result, 0, "nitro", (0.2,)).variance[0]
    z = np.array([1.0, 0.2, 0.0, 0.0])
    assert first == pytest.approx(z @ covariance @ z)
    effects = result.terms[0].effects
    victory = np.array([1.0, 0.2, *(float(e == "VarietyVictory") for e in effects[2:])])
    given = icc_curve(result, 0, "nitro", (0.2,), {"Variety": "Victory"}).variance[0]
    assert given == pytest.approx(victory @ covariance @ victory)
    at_mean = icc_curve(result, 0, "Variety").variance[0]
    z = np.array([1.0, 0.3, 0.0, 0.0])
    assert at_mean == pytest.approx(z @ covariance @ z)


def test_what_cannot_be_drawn_is_refused(fitted: FitOf, design: DesignOf) -> None:
    result = fitted("Oats", "yield ~ nitro + (nitro | Block) + (1 | Block:Variety)")
    with pytest.raises(
        ModelError, match="No effect that varies over Block:Variety depends on nitro"
    ) as refused:
        icc_curve(result, 1, "nitro")
    assert refused.value.code == "not_in_term"
    with pytest.raises(ModelError, match="no random-effects term number 6"):
        icc_curve(result, 5, "nitro")
    with pytest.raises(ModelError, match="nitro is a number"):
        icc_curve(result, 0, "nitro", ("much",))
    with pytest.raises(ModelError, match="Give values of nitro"):
        icc_curve(result, 0, "nitro", ())
    bare = fit_design(replace(design("sleepstudy", RIS), recipe=None))
    with pytest.raises(ModelError, match="ready-made matrices"):
        icc_curve(bare, 0, "Days")
