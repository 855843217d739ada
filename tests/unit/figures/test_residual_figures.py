"""Residuals of every kind, their smooth and bands, against the references and against what they must obey."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import kolmogorov, ndtri
from scipy.stats import beta

from mmgui.data.samples import load_sample
from mmgui.figures import influence_rows, residual_rows
from mmgui.figures.moved import MovableFit
from mmgui.figures.picked_rows import RowGroups
from mmgui.figures.residual_rows import ResidualKind
from mmgui.figures.residuals import ResidualView, residuals_view
from mmgui.figures.residuals_distribution import distribution_figure
from mmgui.figures.residuals_quantiles import quantiles_of
from mmgui.figures.residuals_smooth import smooth_of
from mmgui.figures.residuals_trend import trend_figure

SLOPES = "Reaction ~ Days + (Days | Subject)"


def view(fit, *choice, sample="sleepstudy"):
    return residuals_view(fit, load_sample(sample), choice)


def moved_to(fit, **values):
    movable = MovableFit(fit)
    named = {name.replace("_", " "): value for name, value in values.items()}
    wanted = {next(c for c in movable.coordinates if c.endswith(name)): v for name, v in named.items()}
    return movable.moved(movable.with_values(movable.best, wanted, sigma_follows=True), sigma_follows=True)


def test_that_the_first_picture_is_of_conditional_residuals_against_fitted_values(fitted):
    figure = view(fitted("sleepstudy", SLOPES))
    assert (figure.view, figure.kind, figure.against) == (ResidualView.TREND, ResidualKind.CONDITIONAL, "")
    # lme4: first fitted value 253.6637, so the first residual is 249.56 − 253.6637.
    assert figure.picture.rows.values[0] == pytest.approx(-4.1037, abs=1e-3)
    assert figure.table().columns == ("Row", "Fitted Reaction", "Residual", "In its SDs")
    assert figure.offer.kinds == (ResidualKind.CONDITIONAL, ResidualKind.STANDARDISED, ResidualKind.MARGINAL)
    assert figure.offer.against == ("", "Days")


def test_that_probabilities_agree_with_the_reference(fitted):
    fit = fitted("sleepstudy", SLOPES)
    # teaching.json, sleepstudy.residuals: pit_unconditional, pit_conditional, ks_unconditional (R's p value,
    # by the asymptotic distribution), sd_conditional_over_sigma, edf_hat_trace.
    marginal = view(fit, "distribution", "marginal").picture.probabilities
    assert marginal.values[:3] == pytest.approx([0.4793299524821, 0.465278432054, 0.2855352232255], abs=2e-6)
    assert kolmogorov(np.sqrt(180) * marginal.ks[0]) == pytest.approx(0.599111201517, abs=5e-5)
    own = view(fit, "distribution").picture
    assert own.probabilities.values[:3] == pytest.approx(
        [0.4363025123053, 0.2838369171838, 0.04959500231771], abs=3e-6
    )
    assert np.std(own.rows.values / fit.sigma, ddof=1) == pytest.approx(0.918396874995, abs=1e-6)
    assert own.rows.hat.sum() == pytest.approx(29.02212395064, abs=1e-4)
    assert own.probabilities.counts.sum() == 180
    # Binomial(180, 1/18): its central 95 %.
    assert (own.probabilities.low, own.probabilities.high) == (4.0, 16.0)


def test_that_the_band_of_the_normal_is_that_of_order_statistics():
    rng = np.random.default_rng(7)
    values = 3.0 + 2.0 * rng.normal(size=50)
    found = quantiles_of("x", values)
    assert found.observed == pytest.approx(np.sort(values))
    low = ndtri(beta.ppf(0.025, np.arange(1, 51), np.arange(50, 0, -1)))
    assert found.band[0] == pytest.approx(low)
    assert found.low == pytest.approx(found.line[0] + found.line[1] * low)
    # R: qqline passes through the quartiles.
    assert found.line[0] == pytest.approx(np.quantile(values, [0.25, 0.75]).mean())
    inside = [float(np.mean(~quantiles_of("x", rng.normal(size=200)).outside)) for _ in range(200)]
    assert 0.92 < np.mean(inside) < 0.99


def test_that_thousands_of_residuals_keep_their_extremes_in_the_normal_plot():
    values = np.random.default_rng(1).standard_t(3, size=30_000)
    found = quantiles_of("x", values)
    assert len(found.observed) < 2100
    assert found.observed[[0, -1]] == pytest.approx([values.min(), values.max()])
    assert values[found.entries] == pytest.approx(found.observed)


def test_that_the_smooth_finds_a_curve_and_is_not_led_astray():
    rng = np.random.default_rng(3)
    x = np.sort(rng.uniform(0, 10, 400))
    y = np.sin(x / 3) + rng.normal(0, 0.1, 400)
    line = smooth_of(x, y)
    inside = (line.x > 1) & (line.x < 9)
    assert np.abs(line.y - np.sin(line.x / 3))[inside].max() < 0.12
    y[200] = 50.0
    led = smooth_of(x, y)
    assert np.abs(led.y - line.y).max() < 0.05
    assert np.all(led.high > led.low)


def test_that_a_straight_line_is_smoothed_to_itself():
    x = np.repeat(np.arange(10.0), 5)
    line = smooth_of(x, 2.0 + 3.0 * x)
    assert line.y == pytest.approx(2.0 + 3.0 * line.x)


def test_that_few_values_have_their_means_joined_and_one_value_has_no_line():
    x, y = np.repeat([0.0, 1.0, 2.0], 4), np.tile([1.0, 2.0, 3.0, 4.0], 3)
    line = smooth_of(x, y)
    assert line.x.tolist() == [0.0, 1.0, 2.0]
    assert line.y.tolist() == [2.5, 2.5, 2.5]
    assert len(smooth_of(np.ones(9), np.arange(9.0)).x) == 0


@pytest.mark.parametrize("n", [3, 4, 7, 50, 5000])
def test_that_no_table_is_too_small_or_skewed_for_the_smooth(n):
    x = np.exp(np.random.default_rng(n).normal(0, 3, n))
    line = smooth_of(x, np.arange(float(n)))
    assert np.isfinite(line.y).all()


def test_that_labels_have_boxes_and_columns_outside_the_model_are_offered(fitted):
    fit = fitted("Machines", "score ~ 1 + (1 | Worker)")
    figure = view(fit, "trend", "", "Machine", sample="Machines")
    assert figure.offer.left_out == ("Machine",)
    picture = figure.picture
    assert picture.levels == ("A", "B", "C")
    own = picture.rows.values[:18] if picture.x[0] == picture.x[17] else picture.rows.values[picture.x == 0]
    assert picture.boxes[0] == pytest.approx(np.quantile(own, [0, 0.25, 0.5, 0.75, 1]))
    assert picture.table().rows[0][1] in ("A", "B", "C")


def test_that_a_predictor_that_another_model_had_gives_way_to_fitted_values(fitted):
    figure = view(fitted("sleepstudy", SLOPES), "trend", "pearson", "Machine", "Worker")
    assert (figure.against, figure.kind, figure.grouping) == ("", ResidualKind.CONDITIONAL, "Subject")


def test_that_groups_are_ordered_by_median_and_by_spread(fitted):
    picture = view(fitted("sleepstudy", SLOPES), "groups").picture
    medians, spread = picture.boxes[:, 2], picture.boxes[:, 3] - picture.boxes[:, 1]
    assert np.all(np.diff(medians[picture.by_median]) >= 0)
    assert np.all(np.diff(spread[picture.by_spread]) >= 0)
    own = picture.rows.values[picture.codes == 4]
    assert picture.boxes[4] == pytest.approx(np.quantile(own, [0, 0.25, 0.5, 0.75, 1]))


def test_that_effects_without_variance_are_said_in_words(fitted):
    picture = view(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"), "modes", sample="Dyestuff2").picture
    assert picture.quantiles == ()
    assert picture.silent[0].startswith("Batch: Intercept has no variance in this fit (singular)")


def test_that_a_fit_singular_in_a_combination_says_that_its_pictures_repeat_each_other(fitted):
    fit = fitted("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)")
    picture = view(fit, "modes", sample="sim_hidden_singular").picture
    varying = len(picture.quantiles)
    assert fit.terms[0].rank < varying
    assert any("pictures partly repeat each other" in s for s in picture.silent)


@pytest.mark.parametrize("name", ["trend", "distribution", "groups", "modes", "influence"])
def test_that_a_picture_follows_the_model_and_comes_back(fitted, name):
    fit = fitted("sleepstudy", SLOPES)
    picture = view(fit, name).picture
    moved = moved_to(fit, SD_of_Days=0.5)
    there = picture.moved(moved)
    if name != "modes":
        assert there.rows.sigma == moved.fit.sigma
        assert there.rows.hat.sum() < picture.rows.hat.sum() - 3
    if name in ("trend", "distribution", "groups"):
        assert there.rows.values == pytest.approx(fit.design.y - moved.fit.fitted)
    if name == "modes":
        own = np.sort(moved.fit.terms[0].modes[:, 1])
        assert there.quantiles[1].observed == pytest.approx(own)
    assert len(there.table().rows) == len(picture.table().rows)


def test_that_a_row_says_its_group_its_predictors_and_its_residual(fitted):
    rows = view(fitted("sleepstudy", SLOPES)).picture.rows
    facts = dict(rows.facts(7))
    assert facts["Row"] == "8"
    assert (facts["Subject"], facts["Days"]) == ("308", "7")
    assert facts["Residual"] == "−101"


def test_that_cooks_distances_of_rows_are_lme4s(fitted):
    picture = view(fitted("sleepstudy", SLOPES), "influence").picture
    # lme4 1.1-31: cooks.distance(); rows 1, 2, 3, 8.
    expected = [0.00496312388242, 0.04020594869488, 0.22609775592912, 1.80767988572895]
    assert picture.cooks[[0, 1, 2, 7]] == pytest.approx(expected, rel=1e-4)
    # On the line of its own distance lies each row.
    assert picture.height(float(picture.cooks[7]), picture.rows.hat[7:8])[0] == pytest.approx(
        abs(picture.rows.scaled[7])
    )


def test_that_a_model_without_groups_has_the_views_that_it_can_have(fitted):
    figure = view(fitted("Penicillin", "diameter ~ 1 + (1 | plate)"), "trend", sample="Penicillin")
    assert set(figure.offer.views) == set(ResidualView)
    assert figure.offer.groupings == ("plate",)


@pytest.mark.parametrize("kind", [ResidualKind.CONDITIONAL, ResidualKind.STANDARDISED])
def test_that_a_large_table_says_that_its_leverages_stay_while_the_model_is_moved(fitted, monkeypatch, kind):
    monkeypatch.setattr(residual_rows, "AT_ONCE_ROWS", 179)
    monkeypatch.setattr(influence_rows, "AT_ONCE_ROWS", 179)
    fit = fitted("sleepstudy", SLOPES)
    moved = moved_to(fit, SD_of_Days=0.5)
    rows = residual_rows.rows_of(fit, kind, "Reaction", (), RowGroups())
    trend, distribution = trend_figure(rows, ""), distribution_figure(rows)
    influence = influence_rows.row_influence_figure(fit, rows)
    assert not any("leverages stay" in note for note in (*trend.notes(), *distribution.notes()))
    assert any("leverages stay" in note for note in trend.moved(moved).notes())
    told = any("leverages stay" in note for note in distribution.moved(moved).notes())
    assert told == (kind is ResidualKind.STANDARDISED)
    assert "stays at the best fit" not in influence.notes()[-1]
    assert "stays at the best fit" in influence.moved(moved).notes()[-1]
