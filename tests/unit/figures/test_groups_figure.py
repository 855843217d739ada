"""Groups against what varies in them, in order, and moved. Numbers: teaching.json (lme4 1.1-31, R 4.2.2)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mmgui.data.read import read_table
from mmgui.engine.fit import FitJob, fit
from mmgui.figures.groups import GroupsFigure, groups_figure, moved_groups
from mmgui.figures.moved import MovableFit
from mmgui.spec.formula import parse

SAMPLES = Path(__file__).resolve().parents[3] / "sample_data"
SLOPES = "Reaction ~ Days + (Days | Subject)"
# teaching.json, sleepstudy.pooling
OWN_INTERCEPT = (
    244.192669090909, 205.054945454546, 203.484225454545, 289.685092727273, 285.738965454545,
    264.251614545455, 275.019105454545, 240.162914545455, 263.034692727273, 290.104127272727,
    215.111772727273, 225.834603636364, 261.147010909091, 276.372069090909, 254.968149090909,
    210.449090909091, 253.636038181818, 267.0448,
)  # fmt: skip
OWN_SLOPE = (
    21.764702424242, 2.261785454545, 6.114898787879, 3.008072727273, 5.266018787879, 9.566767878788,
    9.142045454545, 12.253141212121, -2.881033939394, 19.025973939394, 13.493932727273, 19.504016969697,
    6.433497575758, 13.566549090909, 11.348109090909, 18.056150909091, 9.188444848485, 11.298073333333,
)  # fmt: skip
PARTIAL_INTERCEPT = (
    253.663655798386, 211.00636676968, 212.444695890927, 275.095724415215, 273.665417437513,
    260.4446727455, 268.24561346298, 244.172489749136, 251.071436433924, 286.29559167757,
    226.194876243092, 238.335070695563, 255.982969027642, 272.268783021873, 254.680570470192,
    225.792105541755, 252.212150935586, 263.719696956196,
)  # fmt: skip
PARTIAL_SLOPE = (
    19.666261725162, 1.847605344353, 5.018429489798, 5.652935638628, 7.397374347932, 10.195108964798,
    10.243649876446, 11.541867608504, -0.2848792170343, 19.095551117563, 11.640718130297,
    17.081503767932, 7.452023877948, 14.003287082473, 11.339500831766, 15.289770912612, 9.47912973742,
    11.751308036129,
)  # fmt: skip


def _coefficients(figure: GroupsFigure, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    first, last = figure.starts[:-1], figure.starts[1:] - 1
    # One row has no slope.
    run = np.where(last > first, figure.x[last] - figure.x[first], np.nan)
    slope = (values[last] - values[first]) / run
    return values[first] - slope * figure.x[first], slope


def _order(figure: GroupsFigure, key: str) -> list[str]:
    order = next(o for o in figure.orders if o.key == key)
    return [figure.levels[g] for g in order.order]


def test_that_all_subjects_have_the_lines_of_lmlist_lm_and_lmer(fitted):
    figure = groups_figure(fitted("sleepstudy", SLOPES), 0)
    intercept, slope = _coefficients(figure, figure.own)
    np.testing.assert_allclose(intercept, OWN_INTERCEPT, rtol=1e-10)
    np.testing.assert_allclose(slope, OWN_SLOPE, rtol=1e-9)
    intercept, slope = _coefficients(figure, figure.complete)
    np.testing.assert_allclose(intercept, np.full(18, 251.405104848485), rtol=1e-10)
    np.testing.assert_allclose(slope, np.full(18, 10.467285959596), rtol=1e-10)
    intercept, slope = _coefficients(figure, figure.partial)
    np.testing.assert_allclose(intercept, PARTIAL_INTERCEPT, rtol=1e-4)
    np.testing.assert_allclose(slope, PARTIAL_SLOPE, atol=2e-3)


def test_that_subjects_with_few_rows_are_pulled_to_the_average(tmp_path):
    # teaching.json, sleepstudy.sparse_subjects: 374 has two rows, 286 on day 0 and 288 on day 1, 373 one.
    path = tmp_path / "sparse.csv"
    path.write_text((SAMPLES / "sleepstudy.csv").read_text() + "245,0,373\n286,0,374\n288,1,374\n")
    figure = groups_figure(fit(FitJob(parse(SLOPES), read_table(str(path)))), 0)
    g = figure.levels.index("374")
    intercept, slope = (v[g] for v in _coefficients(figure, figure.own))
    assert (intercept, slope) == (pytest.approx(286.0), pytest.approx(2.0))
    intercept, slope = (v[g] for v in _coefficients(figure, figure.partial))
    assert (intercept, slope) == (pytest.approx(271.144971571635, rel=1e-4), pytest.approx(11.0782, rel=1e-3))
    # One row gives no line of its own, and the model's all the same.
    alone = figure.rows_of(figure.levels.index("373"))
    assert np.isnan(figure.own[alone]).all()
    assert figure.partial[alone] == pytest.approx([248.975268317772], rel=1e-4)


def test_that_a_factor_within_groups_is_the_axis(fitted):
    figure = groups_figure(fitted("Machines", "score ~ Machine + (Machine | Worker)"), 0)
    assert (figure.kind, figure.x_name, figure.x_levels) == ("factor", "Machine", ("A", "B", "C"))
    six = figure.rows_of(figure.levels.index("6"))
    # R: with(Machines, tapply(score, list(Worker, Machine), mean)), worker 6
    assert figure.own[six][::3] == pytest.approx([46.8, 43.633333, 61.3], rel=1e-6)
    # R: with(Machines, tapply(score, Machine, mean))
    assert figure.complete[six][::3] == pytest.approx([52.355556, 60.322222, 66.272222], rel=1e-6)
    assert figure.table().columns[:3] == ("Group", "Machine", "score")
    assert figure.table().rows[0][:2] == ("1", "A")


def test_that_a_level_is_read_whatever_the_coding(fitted):
    columns = groups_figure(fitted("Machines", "score ~ 0 + Machine + (0 + Machine | Worker)"), 0)
    contrasts = groups_figure(fitted("Machines", "score ~ Machine + (Machine | Worker)"), 0)
    assert columns.kind == "factor"
    assert columns.x.tolist() == contrasts.x.tolist()


def test_that_a_batch_is_shown_without_its_casks(fitted):
    model = fitted("Pastes", "strength ~ 1 + (1 | batch/cask)")
    figure = groups_figure(model, 0)
    assert figure.kind == "strip"
    expected = model.beta[0] + model.terms[0].modes[:, 0]
    assert figure.partial[figure.starts[:-1]] == pytest.approx(expected)
    # R: with(Pastes, tapply(strength, batch, mean))
    assert figure.own[figure.starts[:2]] == pytest.approx([62.3, 59.283333], abs=0.1)
    assert figure.notes == ("The model's lines leave out batch:cask, which varies within batch.",)
    casks = groups_figure(model, 1)
    assert casks.partial[casks.starts[:-1]] == pytest.approx(
        expected[np.repeat(np.arange(10), 3)] + model.terms[1].modes[:, 0]
    )


def test_that_dots_of_a_heap_stand_beside_each_other(fitted):
    figure = groups_figure(fitted("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"), 1)
    assert np.all(np.abs(figure.spread) <= 0.5)
    places = {(g, s, y) for g, s, y in zip(figure.owner, figure.spread, figure.y, strict=True)}
    assert len(places) == 144


def test_that_orders_compare_what_they_say(fitted):
    figure = groups_figure(fitted("sleepstudy", SLOPES), 0)
    assert [o.title for o in figure.orders] == [
        "Level", "Size", "Slope of Days", "Shrinkage", "Distance", "Name",
    ]  # fmt: skip
    by_slope = [figure.levels[g] for g in np.argsort(PARTIAL_SLOPE)]
    assert _order(figure, "effect:0:Days") == by_slope
    assert _order(figure, "name") == list(figure.levels)
    assert _order(figure, "size") == list(figure.levels)
    # Root mean square distance of the two lines over the days 0 to 9, from teaching.json's coefficients.
    days = np.arange(10.0)
    gaps = [
        np.sqrt(np.mean((a - b + (c - d) * days) ** 2))
        for a, b, c, d in zip(OWN_INTERCEPT, PARTIAL_INTERCEPT, OWN_SLOPE, PARTIAL_SLOPE, strict=True)
    ]
    shrinkage = next(o for o in figure.orders if o.key == "shrinkage")
    np.testing.assert_allclose(shrinkage.values, gaps, atol=2e-3)
    assert _order(figure, "shrinkage")[0] == figure.levels[int(np.argmax(gaps))]


def test_that_distance_is_measured_under_sigma(fitted):
    model = fitted("sleepstudy", SLOPES)
    figure = groups_figure(model, 0)
    modes, inverse = model.terms[0].modes, np.linalg.inv(model.terms[0].covariance)
    expected = np.sqrt(np.einsum("gi,ij,gj->g", modes, inverse, modes))
    distance = next(o for o in figure.orders if o.key == "distance")
    np.testing.assert_allclose(distance.values, expected, rtol=1e-8)


@pytest.mark.parametrize(
    ("sample", "formula"),
    [
        ("Dyestuff2", "Yield ~ 1 + (1 | Batch)"),
        ("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)"),
    ],
)
def test_that_distance_is_finite_in_singular_fits(fitted, sample, formula):
    figure = groups_figure(fitted(sample, formula), 0)
    distance = next(o for o in figure.orders if o.key == "distance").values
    assert np.isfinite(distance).all()
    assert distance.max() < 10.0
    if sample == "Dyestuff2":
        assert distance.tolist() == [0.0] * 6


@pytest.mark.parametrize(
    ("sample", "formula", "name"),
    [
        ("sleepstudy", SLOPES, "Subject: SD of Days"),
        ("Machines", "score ~ Machine + (Machine | Worker)", "Worker: SD of Intercept"),
        ("Pastes", "strength ~ 1 + (1 | batch/cask)", "batch: SD of Intercept"),
        ("sleepstudy", "Reaction ~ Days + I(Days^2) + (Days | Subject)", "Subject: SD of Days"),
        ("Orthodont", "distance ~ age * Sex + (age | Subject)", "Subject: SD of age"),
    ],
)
def test_that_a_moved_figure_is_the_figure_of_the_moved_model(fitted, sample, formula, name):
    model = fitted(sample, formula)
    figure, movable = groups_figure(model, 0), MovableFit(model)
    there = movable.moved(
        movable.with_values(movable.best, {name: 0.7}, sigma_follows=True), sigma_follows=True
    )
    moved, anew = moved_groups(figure, there), groups_figure(there.fit, 0)
    np.testing.assert_allclose(moved.partial, anew.partial, rtol=1e-9)
    assert np.max(np.abs(moved.partial - figure.partial)) > 1e-3
    # What is no part of the model's estimates stays the very same.
    assert moved.own is figure.own
    assert moved.orders is figure.orders


def test_that_without_a_slope_variance_all_lines_are_parallel(fitted):
    model = fitted("sleepstudy", SLOPES)
    movable = MovableFit(model)
    point = movable.with_values(movable.best, {"Subject: SD of Days": 0.0}, sigma_follows=True)
    moved = moved_groups(groups_figure(model, 0), movable.moved(point, sigma_follows=True))
    _, slope = _coefficients(moved, moved.partial)
    # The slope of all is then that of complete pooling, the design being balanced.
    np.testing.assert_allclose(slope, np.full(18, 10.467285959596), rtol=1e-8)


def test_that_a_function_of_a_number_is_the_axis_where_the_number_is_not_in_the_model(fitted):
    figure = groups_figure(fitted("sleepstudy", "Reaction ~ log(Days + 1) + (1 | Subject)"), 0)
    assert (figure.kind, figure.x_name) == ("number", "log(Days + 1)")
    assert figure.x[:2] == pytest.approx([0.0, np.log(2.0)])
    curve = groups_figure(fitted("sleepstudy", "Reaction ~ poly(Days, 2) + (1 | Subject)"), 0)
    assert (curve.kind, curve.straight) == ("number", False)


def test_that_weights_count_in_a_groups_own_line(fitted):
    model = fitted("sleepstudy", SLOPES)
    heavy = np.where(model.design.random[0].columns[:, 1] < 2, 1e8, 1.0)
    weighted = replace(model, design=replace(model.design, weights=heavy))
    figure = groups_figure(weighted, 0)
    np.testing.assert_allclose(figure.own[:2], figure.y[:2], rtol=1e-4)
