"""Expected numbers: lme4 1.1-31 and lmList on sleepstudy, R 4.2.2."""

from __future__ import annotations

import numpy as np

from mmgui.figures.shrinkage import caterpillar_figure, shrinkage_figure, shrinkage_figures

SLOPES = "Reaction ~ Days + (Days | Subject)"


def test_that_own_model_and_pooled_estimates_are_those_of_lmlist_lme4_and_lm(fitted):
    (figure,) = shrinkage_figures(fitted("sleepstudy", SLOPES))
    assert figure.levels[:3] == ("308", "309", "310")
    assert figure.effects == ("(Intercept)", "Days")
    assert figure.titles == ("Intercept", "Slope of Days")
    np.testing.assert_allclose(
        figure.own[:3], [[244.192669, 21.764702], [205.054945, 2.261785], [203.484225, 6.114899]], atol=1e-6
    )
    np.testing.assert_allclose(
        figure.model[:3], [[253.663656, 19.666262], [211.006367, 1.847605], [212.444696, 5.018429]], atol=1e-3
    )
    np.testing.assert_allclose(figure.complete, [251.405105, 10.467286], atol=1e-6)
    np.testing.assert_allclose(figure.centre, [251.405105, 10.467286], atol=1e-5)
    assert set(figure.sizes.tolist()) == {10}


def test_that_table_has_a_line_for_each_group_with_own_and_model_estimates(fitted):
    (figure,) = shrinkage_figures(fitted("sleepstudy", SLOPES))
    table = figure.table()
    assert table.columns == (
        "Group", "Rows", "(Intercept) own", "(Intercept) model", "(Intercept) common",
        "Days own", "Days model", "Days common",
        "Weight (Intercept), (Intercept)", "Weight (Intercept), Days",
        "Weight Days, (Intercept)", "Weight Days, Days",
    )  # fmt: skip
    assert len(table.rows) == 18
    assert table.rows[8][0] == "335"
    assert round(table.rows[8][5], 4) == -2.881
    assert round(table.rows[8][6], 3) == -0.285


def test_that_a_random_intercept_can_be_shown_on_the_axes_of_a_random_slope(fitted):
    figure = shrinkage_figure(
        fitted("sleepstudy", "Reaction ~ Days + (1 | Subject)"), 0, ("(Intercept)", "Days")
    )
    np.testing.assert_allclose(figure.own[0], [244.192669, 21.764702], atol=1e-6)
    # lme4: b of subject 308 is 40.783710; the slope is everyone's.
    np.testing.assert_allclose(figure.model[0], [251.405105 + 40.783710, 10.467286], atol=1e-4)
    np.testing.assert_allclose(figure.covariance, [[1378.1785, 0], [0, 0]], atol=0.01)


def test_that_an_intercept_alone_is_compared_with_means_from_which_the_slope_is_taken(fitted):
    (figure,) = shrinkage_figures(fitted("sleepstudy", "Reaction ~ Days + (1 | Subject)"))
    # Mean Reaction of 308 is 342.1338, mean Days 4.5.
    np.testing.assert_allclose(figure.own[0], [342.13382 - 4.5 * 10.467286], atol=1e-4)
    assert figure.notes == ("Own estimates are taken after the fixed effect of Days is removed.",)


def test_that_zero_variance_pulls_every_group_to_the_average(fitted):
    (figure,) = shrinkage_figures(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"))
    np.testing.assert_allclose(figure.model, np.full((6, 1), 5.6656), atol=1e-6)
    assert np.ptp(figure.own) > 3


def test_that_caterpillar_has_modes_and_conditional_sd_of_lme4(fitted):
    figure = caterpillar_figure(fitted("sleepstudy", SLOPES), 0)
    np.testing.assert_allclose(figure.modes[0], [2.258551, 9.198976], atol=1e-3)
    np.testing.assert_allclose(figure.sd[0, 0], 12.070857, atol=1e-3)
    assert figure.table().columns == (
        "Group", "Rows", "(Intercept)", "(Intercept) SD", "Days", "Days SD",
    )  # fmt: skip
