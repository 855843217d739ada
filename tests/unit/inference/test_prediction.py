"""Predictions: point values are lme4's, standard errors those of Henderson's equations solved densely."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.linalg import block_diag

from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample
from mmgui.data.table import Table
from mmgui.engine.design import FloatArray
from mmgui.engine.fit import FitJob, fit, fit_design
from mmgui.engine.result import Fit
from mmgui.errors import FitError, MmguiError, ModelError
from mmgui.inference.rows.joint_covariance import JointCovariance
from mmgui.inference.rows.prediction import predict
from mmgui.spec.formula import parse
from tests.unit.inference.conftest import table_of

Fitted = Callable[..., Fit]

SLEEP = ("sleepstudy", "Reaction ~ Days + (Days | Subject)")


def new(columns: Mapping[str, Any]) -> Table:
    return from_frame(columns, "new rows")


def dense_quadratic(m: Fit, x: FloatArray, columns: list[FloatArray], codes: list[Any]) -> FloatArray:
    """vᵀ Ω⁻¹ v from the whole matrix Ω, in spherical random effects."""
    design = m.design
    parts, wanted = [], []
    for random, term, z, group in zip(design.random, m.terms, columns, codes, strict=True):
        n, s = random.columns.shape
        levels = len(random.levels)
        whole = np.zeros((n, levels, s))
        whole[np.arange(n), random.codes] = random.columns
        asked = np.zeros((len(x), levels, s))
        known = np.flatnonzero(group >= 0)
        asked[known, group[known]] = z[known]
        factor = block_diag(*[term.relative_factor] * levels)
        parts.append(whole.reshape(n, -1) @ factor)
        wanted.append(asked.reshape(len(x), -1) @ factor)
    a = np.hstack([*parts, design.x])
    weights = np.ones(design.nobs) if design.weights is None else design.weights
    omega = a.T @ (a * weights[:, None])
    q = a.shape[1] - design.x.shape[1]
    omega[np.arange(q), np.arange(q)] += 1.0
    v = np.hstack([*wanted, x])
    return np.asarray(np.einsum("mi,im->m", v, np.linalg.solve(omega, v.T)))


def weighted_sleepstudy() -> Fit:
    table = table_of("sleepstudy")
    days, reaction = table["Days"].values, table["Reaction"].values
    assert days is not None
    assert reaction is not None
    subject = table["Subject"]
    rows = {"Reaction": reaction, "Days": days, "w": 1.0 + days % 3}
    rows["Subject"] = [subject.levels[k] for k in subject.codes]
    spec = replace(parse("Reaction ~ Days + (Days | Subject)"), weights="w")
    return fit(FitJob(spec, new(rows)))


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        SLEEP,
        ("sleepstudy", "Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)"),
        ("Pastes", "strength ~ 1 + (1 | batch/cask)"),
        ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
        ("Machines", "score ~ Machine + (0 + Machine | Worker)"),
        ("Machines", "score ~ Machine + (1 | Worker) + (1 | Worker:Machine)"),
        ("Oats", "yield ~ nitro * Variety + (1 | Block/Variety)"),
        ("Dyestuff2", "Yield ~ 1 + (1 | Batch)"),
    ],
)
def test_the_joint_covariance_is_that_of_henderson_s_equations(
    name: str, formula: str, fitted: Fitted
) -> None:
    """Rows with any group of each factor, also such as do not occur together, and with none."""
    m = fitted(name, formula)
    design, generator = m.design, np.random.default_rng(4)
    x = design.x[generator.integers(0, design.nobs, 50)]
    columns = [r.columns[generator.integers(0, design.nobs, 50)] for r in design.random]
    by_factor = {r.grouping: generator.integers(-1, len(r.levels), 50) for r in design.random}
    codes = [by_factor[r.grouping] for r in design.random]

    quadratic = JointCovariance(m).quadratic(x, columns, codes)

    np.testing.assert_allclose(quadratic, dense_quadratic(m, x, columns, codes), rtol=1e-9)


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("sim_subjects_items", "rt ~ cond + (cond | subj) + (1 | item)"),
        ("sleepstudy", "Reaction ~ Days + ar1(0 + factor(Days) | Subject)"),
        ("Machines", "score ~ Machine + cs(0 + Machine | Worker)"),
    ],
)
def test_the_joint_covariance_holds_for_singular_and_patterned_terms(name: str, formula: str) -> None:
    m = fit(FitJob(parse(formula), load_sample(name)))
    columns = [r.columns[::9] for r in m.design.random]
    codes = [r.codes[::9] for r in m.design.random]

    quadratic = JointCovariance(m).quadratic(m.design.x[::9], columns, codes)

    np.testing.assert_allclose(quadratic, dense_quadratic(m, m.design.x[::9], columns, codes), rtol=1e-9)


def test_the_joint_covariance_of_a_sparsely_crossed_design_is_henderson_s(fitted: Fitted) -> None:
    """Enough students and lecturers that the engine keeps where they meet as a sparse matrix."""
    generator = np.random.default_rng(8)
    n = 4000
    s, d = generator.integers(0, 800, n), generator.integers(0, 400, n)
    y = generator.normal(size=800)[s] + generator.normal(size=400)[d] + generator.normal(size=n)
    table = new({"y": y, "s": [f"s{k}" for k in s], "d": [f"d{k}" for k in d], "x": generator.normal(size=n)})
    m = fit(FitJob(parse("y ~ x + (1 | s) + (1 | d)"), table))
    design, rows = m.design, generator.integers(0, n, 40)
    columns = [r.columns[rows] for r in design.random]
    codes = [generator.integers(-1, len(r.levels), 40) for r in design.random]
    assert any(block.sparse is not None for block in JointCovariance(m)._blocks.chain)

    quadratic = JointCovariance(m).quadratic(design.x[rows], columns, codes)

    np.testing.assert_allclose(quadratic, dense_quadratic(m, design.x[rows], columns, codes), rtol=1e-9)


def test_known_groups_new_groups_and_the_population_of_sleepstudy(fitted: Fitted) -> None:
    """lme4 1.1-31: predict(m, new, allow.new.levels = TRUE), predict(m, new, re.form = NA).

    Standard errors from lme4's X, Z and Lambda, the whole of Henderson's matrix inverted in R; for the new
    subject the square root of x'(vcov + Σ)x.
    """
    m = fitted(*SLEEP)
    table = new({"Days": [0.0, 5.0, 12.0, 5.0], "Subject": [308, 335, 372, 999]})

    known = predict(m, table)
    population = predict(m, table, groups="population")

    np.testing.assert_allclose(
        known.fit, [253.663655798, 249.647040349, 404.735393390, 303.741534646], rtol=1e-6
    )
    np.testing.assert_allclose(
        known.se, [12.25481082562, 8.01605431277, 20.06122586201, 40.9479912239], rtol=1e-5
    )
    assert known.new.tolist() == known.new_groups["Subject"].tolist() == [False, False, False, True]
    np.testing.assert_allclose(
        population.fit, [251.405104848, 303.741534646, 377.012536364, 303.741534646], rtol=1e-6
    )
    np.testing.assert_allclose(population.se[[1, 3]], 9.58127739201, rtol=1e-5)
    assert population.new_groups == {}
    np.testing.assert_allclose(known.upper - known.fit, 1.9599639845 * known.se, rtol=1e-9)
    np.testing.assert_allclose(known.fit - known.lower, 1.9599639845 * known.se, rtol=1e-9)


def test_it_is_not_the_sum_of_two_variances(fitted: Fitted) -> None:
    """The errors of β̂ and b̂ of a group with ten rows go against each other."""
    m = fitted(*SLEEP)
    term, x = m.terms[0], np.array([1.0, 0.0])
    apart = np.sqrt(x @ m.vcov_beta @ x + x @ term.conditional_covariance[0] @ x)

    assert apart == pytest.approx(13.865, abs=5e-3)
    assert predict(m, new({"Days": [0.0], "Subject": [308]})).se[0] == pytest.approx(12.2548, abs=5e-4)


def test_some_factors_known_and_some_new(fitted: Fitted) -> None:
    """lme4 1.1-31's predict; the batch and cask both new have vcov plus both variances."""
    m = fitted("Pastes", "strength ~ 1 + (1 | batch/cask)")
    table = new({"batch": ["A", "A", "Z"], "cask": ["a", "z", "a"]})

    out = predict(m, table)

    np.testing.assert_allclose(out.fit, [62.6286646387, 60.8539783534, 60.0533333333], rtol=1e-6)
    assert out.se[2] == pytest.approx(3.24794244579, rel=1e-5)
    assert out.new_groups["batch"].tolist() == [False, False, True]
    assert out.new_groups["batch:cask"].tolist() == [False, True, True]
    zeros, ones = np.array([0]), np.ones((1, 1))
    of_batch = dense_quadratic(m, ones, [ones, ones], [zeros, np.array([-1])])[0]
    cask = next(t for t in m.terms if t.grouping == "batch:cask").covariance[0, 0]
    assert out.se[1] == pytest.approx(np.sqrt(m.sigma**2 * of_batch + cask), rel=1e-9)


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        SLEEP,
        ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
        ("Pastes", "strength ~ 1 + (1 | batch/cask)"),
    ],
)
def test_the_rows_fitted_are_predicted_alike_with_and_without_their_table(
    name: str, formula: str, fitted: Fitted
) -> None:
    m = fitted(name, formula)

    own, again = predict(m), predict(m, table_of(name))

    np.testing.assert_allclose(own.fit, m.fitted, rtol=1e-12)
    np.testing.assert_allclose(again.fit, m.fitted, rtol=1e-12)
    np.testing.assert_allclose(again.se, own.se, rtol=1e-9)


def test_an_observation_has_the_residual_variance_over_its_weight() -> None:
    m = weighted_sleepstudy()
    known = {"Days": [4.0, 4.0], "Subject": [308, 308]}

    mean = predict(m, new(known))
    plain = predict(m, new(known), kind="observation")
    heavy = predict(m, new(known | {"w": [4.0, 1.0]}), kind="observation")

    np.testing.assert_allclose(plain.se**2 - mean.se**2, m.sigma**2, rtol=1e-9)
    np.testing.assert_allclose(heavy.se**2 - mean.se**2, [m.sigma**2 / 4.0, m.sigma**2], rtol=1e-9)
    own = predict(m, kind="observation")
    assert m.design.weights is not None
    np.testing.assert_allclose(own.se**2 - predict(m).se ** 2, m.sigma**2 / m.design.weights, rtol=1e-9)
    again = predict(m, new({"Days": [1.0], "Subject": ["308"], "w": [2.0]}), kind="observation")
    assert own.se[1] == pytest.approx(again.se[0], rel=1e-9)


def test_rows_that_lack_an_entry_are_counted_and_left_open(fitted: Fitted) -> None:
    table = new({"Days": [1.0, None, 2.0], "Subject": [308, 308, None]})

    known = predict(fitted(*SLEEP), table)
    population = predict(fitted(*SLEEP), table, groups="population")

    assert np.isfinite(known.fit).tolist() == np.isfinite(known.se).tolist() == [True, False, False]
    assert known.missing == 2
    assert np.isfinite(population.fit).tolist() == [True, False, True]
    assert population.missing == 1


def test_a_combination_that_a_rank_deficient_model_cannot_tell_is_left_open() -> None:
    generator = np.random.default_rng(2)
    cells = [("p", "r"), ("p", "s"), ("q", "r")] * 8
    rows = {
        "a": [a for a, _ in cells],
        "b": [b for _, b in cells],
        "g": [f"g{k % 6}" for k in range(24)],
        "y": generator.normal(size=24),
    }
    m = fit(FitJob(parse("y ~ a * b + (1 | g)"), new(rows)))
    assert m.design.dropped_columns == ("aq:bs",)

    out = predict(m, new({"a": ["p", "q", "q"], "b": ["s", "r", "s"]}), groups="population")

    assert out.undetermined.tolist() == [False, False, True]
    assert np.isnan(out.fit).tolist() == np.isnan(out.se).tolist() == [False, False, True]
    assert out.missing == 0


def test_a_level_of_confidence_scales_the_interval(fitted: Fitted) -> None:
    out = predict(fitted(*SLEEP), level=0.5)
    np.testing.assert_allclose((out.upper - out.lower) / out.se, 2 * 0.6744897501960817, rtol=1e-12)


@pytest.mark.parametrize(
    ("options", "error", "code"),
    [
        ({"level": 1.0}, FitError, "bad_level"),
        ({"groups": "some"}, FitError, "unknown_choice"),
        ({"kind": "prediction"}, FitError, "unknown_choice"),
        ({"new_groups": "error"}, ModelError, "new_group"),
    ],
)
def test_what_cannot_be_predicted_is_refused(
    options: dict[str, Any], error: type[MmguiError], code: str, fitted: Fitted
) -> None:
    table = new({"Days": [1.0, 1.0], "Subject": [308, 999]})
    with pytest.raises(error) as caught:
        predict(fitted(*SLEEP), table, **options)
    assert caught.value.code == code


def test_a_new_group_is_refused_by_name_and_row(fitted: Fitted) -> None:
    with pytest.raises(ModelError) as caught:
        predict(
            fitted("Pastes", "strength ~ 1 + (1 | batch/cask)"),
            new({"batch": ["A", "B"], "cask": ["a", "x"]}),
            new_groups="error",
        )
    assert caught.value.message == (
        "batch:cask is “B:x” in row 2 of the new rows, a group that is not in the data; allow new groups, or "
        "predict for the population."
    )


def test_a_design_without_a_table_predicts_its_own_rows_alone(fitted: Fitted) -> None:
    made = fit_design(replace(fitted(*SLEEP).design, recipe=None))

    np.testing.assert_allclose(predict(made).fit, made.fitted, rtol=1e-12)
    with pytest.raises(FitError) as caught:
        predict(made, table_of("sleepstudy"))
    assert caught.value.code == "no_recipe"
