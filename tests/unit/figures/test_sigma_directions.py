"""Directions of Σ: numbers of lme4's rePCA, and the words for what a direction is made of."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.figures.covariance import covariance_figures
from mmgui.figures.sigma_directions import CORRELATION, OWN, RESPONSE
from mmgui.figures.sigma_words import effect_phrase, empty_words, loading_words

HIDDEN = ("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)")
MACHINES = ("Machines", "score ~ Machine + (Machine | Worker)")


def _directions(fitted, sample, formula):
    (figure,) = covariance_figures(fitted(sample, formula))
    return figure.directions


def test_that_own_units_are_those_of_lme4s_repca(fitted):
    # teaching.json hidden_singular.full.rePCA: sdev relative to sigma, and shares.
    figure = _directions(fitted, *HIDDEN)
    own = figure.scales[OWN].directions
    np.testing.assert_allclose(
        [d.sd for d in own],
        np.array([1.407014541174, 1.094166446224, 0.2480725170417, 0.0]) * 0.8748617592613,
        rtol=2e-4,
        atol=1e-6,
    )
    shares = [0.6113116093267, 0.3696853639847, 0.01900302668866, 0.0]
    np.testing.assert_allclose([d.share for d in own], shares, atol=1e-4)
    empty = [0.3665124674947, -0.049894339521, -0.5676327708934, 0.7355081260344]
    np.testing.assert_allclose(own[3].loadings, empty, atol=1e-3)


def test_that_correlations_have_lme4s_shares(fitted):
    # teaching.json hidden_singular.full.rePCA_corr: cumulative 0.5214, 0.9800, 1, 1.
    scale = _directions(fitted, *HIDDEN).scales[CORRELATION]
    cumulative = np.cumsum([d.share for d in scale.directions])
    np.testing.assert_allclose(cumulative, [0.5214422007558, 0.9799569692384, 1.0, 1.0], atol=1e-4)
    # Machines.full.rePCA_corr: sdev 1.2217, 1.1298, 0.4804.
    machines = _directions(fitted, *MACHINES).scales[CORRELATION]
    sd = [d.sd for d in machines.directions]
    np.testing.assert_allclose(sd, [1.221747683831, 1.129849774996, 0.480387430096], rtol=1e-4)


def test_that_the_empty_direction_is_said_with_its_parts(fitted):
    figure = _directions(fitted, *HIDDEN)
    assert figure.rank == 3
    assert figure.verdict == "4 effects vary in 3 directions: singular. 1 direction has no variance."
    for scale in figure.scales:
        assert [d.empty for d in scale.directions] == [False, False, False, True]
    words = figure.scales[CORRELATION].directions[3].words
    assert words == "0.52 × Intercept − 0.07 × x1 − 0.45 × x2 + 0.72 × x3 has no variance"


def test_that_the_scale_of_the_response_weighs_a_slope_by_its_column(fitted):
    figure = _directions(fitted, "sleepstudy", "Reaction ~ Days + (Days | Subject)")
    # Days has the root mean square sqrt(285 / 10).
    np.testing.assert_allclose(figure.column_scale, [1.0, np.sqrt(28.5)])
    assert [d.words for d in figure.scales[RESPONSE].directions] == [
        "The slope of Days alone",
        "The intercept alone",
    ]
    # By lme4's rePCA, in ms and ms a day, it is the other way round.
    assert [d.words for d in figure.scales[OWN].directions] == [
        "The intercept alone",
        "The slope of Days alone",
    ]


def test_that_an_effect_without_variance_is_said_to_have_none(fitted):
    figure = _directions(fitted, "Dyestuff2", "Yield ~ 1 + (1 | Batch)")
    assert (
        figure.verdict == "The intercept does not vary between the groups of Batch: the fit is singular here."
    )
    assert figure.scales[RESPONSE].directions[0].words == "The intercept has no variance"
    assert figure.scales[CORRELATION].directions == ()


def test_that_a_single_effect_is_stated_with_sd_and_variance(fitted):
    figure = _directions(fitted, "Dyestuff", "Yield ~ 1 + (1 | Batch)")
    # lme4: 42.0006, 1764.05.
    assert figure.verdict == (
        "The intercept varies between the groups of Batch with an SD of 42.0, a variance of 1764."
    )


def test_that_the_table_has_a_line_for_each_direction_of_each_scale(fitted):
    table = _directions(fitted, *MACHINES).table()
    assert len(table.rows) == 9
    assert table.columns[5:8] == ("(Intercept)", "MachineB", "MachineC")
    # teaching.json Machines.full.rePCA: 62.8 % of own units, mostly MachineB (0.904).
    assert table.rows[6][3] == pytest.approx(0.6280482315621, abs=1e-4)
    assert table.rows[6][6] == pytest.approx(0.9042687398366, abs=1e-4)


@pytest.mark.parametrize(
    ("loadings", "words"),
    [
        ((1.0, 0.0, 0.05), "the intercept alone"),
        ((0.3, 0.95, 0.0), "mostly MachineB, with a little of the intercept"),
        ((-0.3, 0.95, 0.0), "mostly MachineB, against a little of the intercept"),
        ((0.0, 0.7, -0.7), "MachineB against MachineC"),
        ((0.0, -0.7, 0.7), "MachineB against MachineC"),
        ((0.6, 0.6, 0.5), "the intercept, MachineB and MachineC together"),
    ],
)
def test_that_loadings_are_said_in_words(loadings, words):
    assert loading_words(np.array(loadings), ("the intercept", "MachineB", "MachineC")) == words


def test_that_several_slopes_are_named_in_one():
    phrases = tuple(effect_phrase(t) for t in ("Intercept", "Slope of a", "Slope of b"))
    assert (
        loading_words(np.array([0.5, -0.6, -0.6]), phrases) == "the slopes of a and b against the intercept"
    )
    assert empty_words(np.array([0.0, 1.0, 0.0]), ("(Intercept)", "a", "b"), phrases) == (
        "the slope of a has no variance"
    )
