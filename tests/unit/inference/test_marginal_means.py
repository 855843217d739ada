"""Estimated marginal means and slopes against emmeans 1.8.4-1 (R 4.2.2) on unbalanced tables."""

from __future__ import annotations

import numpy as np
import pytest
from thinned import thinned_fit, thinned_table

from mmgui.data.frame import from_frame
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.errors import ModelError
from mmgui.inference.fixed_effects import reference_grid
from mmgui.inference.fixed_effects.marginal_means import marginal_means, slopes
from mmgui.spec.formula import parse

CAKE = "angle ~ recipe * factor(temp) + (1 | recipe:replicate)"


@pytest.fixture
def oats() -> Fit:
    return thinned_fit("Oats", "yield ~ nitro * Variety + (1 | Block/Variety)")


@pytest.fixture
def lacking() -> Fit:
    """Without any row of Victory with 0.6 of nitrogen."""
    return thinned_fit("Oats", "yield ~ factor(nitro) * Variety + (1 | Block/Variety)", missing_cell=True)


def test_means_of_a_factor_hold_quantities_at_their_mean(oats: Fit) -> None:
    # emmeans(m, "Variety", lmer.df = "satterthwaite")
    means = marginal_means(oats, "Variety")
    found = means.estimates
    assert means.what == "mean of yield"
    assert means.cells == (("Golden Rain",), ("Marvellous",), ("Victory",))
    assert found.estimate == pytest.approx([102.86073747, 108.23259327, 98.04849645], rel=1e-6)
    assert found.se == pytest.approx([7.516424361, 7.534753444, 7.537522424], rel=1e-6)
    assert found.df == pytest.approx([9.086241379, 9.140577293, 9.187514695], rel=1e-5)
    assert found.lower == pytest.approx([85.88197343, 91.22767269, 81.05033767], rel=1e-6)
    assert found.upper == pytest.approx([119.8395015, 125.2375139, 115.0466552], rel=1e-6)
    assert found.p == pytest.approx([2.268121975e-07, 1.396045417e-07, 3.164543309e-07], rel=1e-4)
    assert list(means.held) == ["nitro"]


def test_means_by_kenward_roger(oats: Fit) -> None:
    # emmeans(m, "Variety", lmer.df = "kenward-roger"), and pairs() of it
    means = marginal_means(oats, "Variety", method="kenward-roger")
    assert means.estimates.se == pytest.approx([7.522077822, 7.551543346, 7.543215741], rel=1e-6)
    assert means.estimates.df == pytest.approx([8.945770543, 8.997505884, 9.046351076], rel=1e-6)
    pairs = means.pairwise()
    assert pairs.df == pytest.approx([9.802252940, 9.893448511, 9.974339823], rel=1e-6)
    assert pairs.p == pytest.approx([0.7273787927, 0.7725934061, 0.3495322087], rel=1e-5)
    assert pairs.lower == pytest.approx([-24.488215504, -14.243571104, -8.946219678], rel=1e-5)


@pytest.mark.parametrize(
    ("adjust", "p", "lower"),
    [
        ("tukey", [0.7263365269, 0.7722112997, 0.3495444301], [-24.61077245, -14.39327859, -9.06790167]),
        ("holm", [0.9148323169, 0.9148323169, 0.5267006245], [-25.56387186, -15.33842505, -10.00973857]),
        ("bonferroni", [1.0, 1.0, 0.5267006245], [-25.56387186, -15.33842505, -10.00973857]),
    ],
)
def test_differences_are_adjusted_for_their_number(oats: Fit, adjust: str, p, lower) -> None:
    # summary(pairs(emmeans(m, "Variety"), adjust = ...), infer = TRUE)
    pairs = marginal_means(oats, "Variety").pairwise(adjust)
    assert pairs.labels == (
        "Golden Rain - Marvellous",
        "Golden Rain - Victory",
        "Marvellous - Victory",
    )
    assert pairs.estimate == pytest.approx([-5.371855803, 4.812241020, 10.184096824], rel=1e-6)
    assert pairs.df == pytest.approx([9.269441715, 9.355628636, 9.433691279], rel=1e-5)
    assert pairs.p == pytest.approx(p, rel=1e-5)
    assert pairs.lower == pytest.approx(lower, rel=1e-5)


def test_means_at_given_values_are_compared_within_each(oats: Fit) -> None:
    # emmeans(m, ~ Variety | nitro, at = list(nitro = c(0, .6))), and pairs() of it
    means = marginal_means(oats, "Variety", by="nitro", at={"nitro": [0.0, 0.6]})
    assert means.cells[:4] == (
        ("Golden Rain", 0.0),
        ("Marvellous", 0.0),
        ("Victory", 0.0),
        ("Golden Rain", 0.6),
    )
    expected = [79.71713936, 86.14124230, 70.67717341, 125.72549704, 130.05778339, 125.09004451]
    assert means.estimates.estimate == pytest.approx(expected, rel=1e-6)
    pairs = means.pairwise()
    assert pairs.groups == ((0.0,), (0.0,), (0.0,), (0.6,), (0.6,), (0.6,))
    expected = [0.8012291627, 0.6091688545, 0.2727537453, 0.8879838049, 0.9977370810, 0.8633194972]
    assert pairs.p == pytest.approx(expected, rel=1e-5)


def test_slopes_of_a_quantity_in_each_group(oats: Fit) -> None:
    # emtrends(m, "Variety", var = "nitro"), and pairs() of it
    found = slopes(oats, "nitro", by="Variety")
    assert found.what == "slope of yield in nitro"
    assert found.estimates.estimate == pytest.approx([76.68059613, 73.19423515, 90.68811849], rel=1e-6)
    assert found.estimates.se == pytest.approx([16.11280871, 16.04928891, 15.87545299], rel=1e-6)
    assert found.estimates.df == pytest.approx([37.67295285, 36.85033858, 35.47946899], rel=1e-5)
    assert found.pairwise().p == pytest.approx([0.9870328776, 0.8091010989, 0.7207015104], rel=1e-5)


@pytest.mark.parametrize(
    ("weights", "estimate", "se", "df"),
    [
        ("equal", [32.775272361, 31.487650154, 31.171201813], [1.765029231, 1.764142606, 1.775645449],
         [41.642150327, 41.557387340, 42.641308736]),
        ("proportional", [32.784152471, 31.501411806, 31.194021653], [1.765057808, 1.764140182, 1.775617232],
         [41.644834305, 41.556471589, 42.637586746]),
        ("cells", [32.884079507, 31.340979177, 31.291227369], [1.764690346, 1.763431706, 1.775301626],
         [41.609265349, 41.491524082, 42.607275080]),
    ],
)  # fmt: skip
def test_cells_count_equally_or_by_how_often_they_occur(weights: str, estimate, se, df) -> None:
    # emmeans(m, "recipe", weights = ...), with temp a factor
    found = marginal_means(thinned_fit("cake", CAKE), "recipe", weights=weights, table=thinned_table("cake"))
    assert found.averaged == ("temp",)
    assert found.estimates.estimate == pytest.approx(estimate, rel=1e-6)
    assert found.estimates.se == pytest.approx(se, rel=1e-6)
    assert found.estimates.df == pytest.approx(df, rel=1e-5)


def test_what_no_row_tells_is_not_estimated_and_says_so(lacking: Fit) -> None:
    # emmeans(m, "Variety"): nonEst for Victory
    means = marginal_means(lacking, "Variety")
    found = means.estimates
    assert found.estimate[:2] == pytest.approx([102.626658309, 107.160137891], rel=1e-6)
    assert found.df[:2] == pytest.approx([8.674961599, 8.857019092], rel=1e-5)
    assert np.isnan([found.estimate[2], found.se[2], found.p[2], found.lower[2]]).all()
    assert found.reasons[:2] == ("", "")
    assert "no rows" in found.reasons[2]
    pairs = means.pairwise()
    # ptukey(0.6996915361 * sqrt(2), 3, 7.7209412145, lower.tail = FALSE)
    assert pairs.p[0] == pytest.approx(0.770596203809, rel=1e-5)
    assert np.isnan(pairs.p[1:]).all()


def test_a_joint_test_keeps_to_what_can_be_estimated(lacking: Fit) -> None:
    # joint_tests(m): Variety 1 df, F = 0.490, p = 0.5046503396; df 7.72
    test = marginal_means(lacking, "Variety").joint()[0]
    assert test is not None
    assert test.num_df == 1
    assert test.p == pytest.approx(0.5046503396, rel=1e-5)
    assert test.f == pytest.approx(0.490, abs=5e-4)


def test_a_cell_that_has_no_rows_can_be_avoided(lacking: Fit) -> None:
    found = marginal_means(lacking, "Variety", at={"nitro": ["0", "0.2", "0.4"]})
    assert np.isfinite(found.estimates.estimate).all()


def test_the_slope_of_a_curve_is_its_derivative() -> None:
    """d/dx of a + b log(x) is b/x; of p(x) by poly(x, 3) the derivative of the same polynomial, raw."""
    rng = np.random.default_rng(4)
    x, g = rng.uniform(1.0, 9.0, 200), rng.integers(0, 20, 200)
    y = 3 * np.log(x) + rng.standard_normal(20)[g] + rng.standard_normal(200)
    table = from_frame({"y": y, "x": x, "g": [f"g{k}" for k in g]}, "t")
    curve = fit(FitJob(parse("y ~ log(x) + (1 | g)"), table))
    found = slopes(curve, "x", at={"x": 2.0}).estimates
    assert found.estimate[0] == pytest.approx(curve.beta[1] / 2.0, rel=1e-9)
    assert found.se[0] == pytest.approx(curve.se[1] / 2.0, rel=1e-9)
    cubic = fit(FitJob(parse("y ~ poly(x, 3) + (1 | g)"), table))
    raw = fit(FitJob(parse("y ~ x + I(x^2) + I(x^3) + (1 | g)"), table))
    wanted = raw.beta @ [0.0, 1.0, 2 * 3.5, 3 * 3.5**2]
    assert slopes(cubic, "x", at={"x": 3.5}).estimates.estimate[0] == pytest.approx(wanted, rel=1e-5)


def test_a_slope_near_the_end_of_a_logarithm_stays_within_it() -> None:
    x = np.concatenate([np.linspace(1e-6, 10.0, 60)])
    g = np.arange(60) % 12
    y = np.log(x) + np.sin(np.arange(60.0)) + 0.3 * g
    table = from_frame({"y": y, "x": x, "g": [f"g{k}" for k in g]}, "t")
    model = fit(FitJob(parse("y ~ log(x) + (1 | g)"), table))
    found = slopes(model, "x", at={"x": 1e-6}).estimates
    assert found.estimate[0] == pytest.approx(model.beta[1] / 1e-6, rel=1e-6)


def test_an_offset_is_part_of_a_mean_and_of_no_difference() -> None:
    """At z = 2 rather than 1 every mean is higher by 1, by the offset z."""
    rng = np.random.default_rng(6)
    z, g, a = rng.standard_normal(90), rng.integers(0, 10, 90), rng.integers(0, 3, 90)
    y = z + a + rng.standard_normal(10)[g] + rng.standard_normal(90)
    columns = {"y": y, "z": z, "a": [f"a{k}" for k in a], "g": [f"g{k}" for k in g]}
    model = fit(FitJob(parse("y ~ a + offset(z) + (1 | g)"), from_frame(columns, "t")))
    one, two = (marginal_means(model, "a", at={"z": at}) for at in (1.0, 2.0))
    np.testing.assert_allclose(two.estimates.estimate - one.estimates.estimate, 1.0)
    np.testing.assert_allclose(two.pairwise().estimate, one.pairwise().estimate)
    assert one.estimates.estimate[0] == pytest.approx(model.beta[0] + 1.0)


def test_other_families_of_contrasts(oats: Fit) -> None:
    means = marginal_means(oats, "Variety")
    golden, marvellous, victory = means.estimates.estimate
    assert means.contrasts("reference").estimate == pytest.approx([marvellous - golden, victory - golden])
    assert means.contrasts("consecutive").estimate == pytest.approx(
        [marvellous - golden, victory - marvellous]
    )
    average = (golden + marvellous + victory) / 3
    assert means.contrasts("mean").estimate == pytest.approx(means.estimates.estimate - average)
    own = means.contrasts({"old against new": [-1.0, 0.5, 0.5]})
    assert own.labels == ("old against new",)
    assert own.estimate == pytest.approx([(marvellous + victory) / 2 - golden])


def test_several_factors_vary_the_first_fastest_as_in_emmeans(lacking: Fit) -> None:
    cells = marginal_means(lacking, ["Variety", "nitro"]).cells
    assert cells[:4] == (("Golden Rain", "0"), ("Marvellous", "0"), ("Victory", "0"), ("Golden Rain", "0.2"))


def test_the_mean_of_all(oats: Fit) -> None:
    found = marginal_means(oats, ())
    assert found.estimates.labels == ("(overall)",)
    assert found.estimates.estimate[0] == pytest.approx(np.mean([102.86073747, 108.23259327, 98.04849645]))


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda m: marginal_means(m, "variety"), "unknown_column"),
        (lambda m: marginal_means(m, "Block"), "unknown_column"),
        (lambda m: marginal_means(m, "Variety", at={"Variety": "Best"}), "unknown_level"),
        (lambda m: marginal_means(m, "Variety", at={"nitro": "much"}), "not_a_number"),
        (lambda m: marginal_means(m, "Variety", at={"nitro": float("nan")}), "not_a_number"),
        (lambda m: marginal_means(m, "Variety", weights="some"), "unknown_weights"),
        (lambda m: marginal_means(m, (), weights="cells"), "needs_table"),
        (lambda m: marginal_means(m, "Variety", level=1.0), "wrong_level"),
        (lambda m: slopes(m, "Variety"), "not_a_quantity"),
        (lambda m: marginal_means(m, "Variety").pairwise("fisher"), "unknown_adjustment"),
        (lambda m: marginal_means(m, "Variety").contrasts("reference", "tukey"), "unknown_adjustment"),
        (lambda m: marginal_means(m, "Variety").contrasts("all"), "unknown_contrasts"),
        (lambda m: marginal_means(m, "Variety").contrasts({"a": [1.0]}), "wrong_length"),
    ],
)
def test_what_cannot_be_asked_is_refused(oats: Fit, call, code: str) -> None:
    with pytest.raises(ModelError) as caught:
        call(oats)
    assert caught.value.code == code


def test_a_grid_that_would_be_too_large_is_refused_before_it_is_made(
    oats: Fit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference_grid, "MOST_NUMBERS", 17)
    with pytest.raises(ModelError, match="make 3 combinations, and their columns 18 numbers") as caught:
        marginal_means(oats, "Variety")
    assert caught.value.code == "too_large"
