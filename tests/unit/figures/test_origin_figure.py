"""The origin page's figures: lines, what they cross, the sentence, the refits, the model to use."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mmgui.figures.moved import MovableFit
from mmgui.figures.origin import moved_origin, origin_content, origin_point, origin_sentence
from mmgui.figures.origin_criterion import origin_criteria
from mmgui.figures.origin_curve import correlation_over, spread_over
from mmgui.figures.origin_fix import origin_fix
from mmgui.numbers import read
from mmgui.spec.derived import Derivation
from mmgui.spec.formula import print_model

RIS = "Reaction ~ Days + (Days | Subject)"


def test_that_lines_cross_the_zero_at_their_intercepts(fitted):
    (figure,) = origin_content(fitted("sleepstudy", RIS)).figures
    assert figure.name == "Days in Subject"
    at_zero, at_mean = origin_point(figure, 0.0), origin_point(figure, 4.5)
    # lme4: coef(fit)$Subject["308", ] = 253.6637, 19.66626
    k = figure.levels.index("308")
    assert at_zero.heights[k] == pytest.approx(253.6637, abs=1e-3)
    assert at_mean.heights[k] == pytest.approx(253.6637 + 4.5 * 19.66626, abs=1e-3)
    assert at_zero.middle == pytest.approx(251.4051, abs=1e-3)
    # lme4's Σ by REML: 612.1002, 9.604409, 35.071714
    assert at_mean.sd == pytest.approx(np.sqrt(612.1002 + 9.0 * 9.604409 + 4.5**2 * 35.071714), abs=1e-2)
    assert at_mean.correlation == pytest.approx(0.7532368851837, abs=5e-6)
    assert spread_over(figure, np.array([4.5])) == pytest.approx([at_mean.sd])
    assert correlation_over(figure, np.array([-10.0])) == pytest.approx([-0.9191340242008], abs=5e-6)


def test_that_the_sentence_says_it_in_the_persons_names(fitted):
    (figure,) = origin_content(fitted("sleepstudy", RIS)).figures
    assert origin_sentence(figure, 4.5) == (
        "At Days = 4.5 the lines of Subject spread by SD 37.5, and steep lines are high (ρ = 0.75). Moving "
        "the zero changes what the correlation is about, not how well the model fits."
    )
    assert "SD 24.7, the least there is, and steep lines are neither high nor low" in origin_sentence(
        figure, -0.27
    )
    assert "steep lines are low (ρ = −0.92)" in origin_sentence(figure, -10.0)
    (apart,) = origin_content(fitted("sleepstudy", "Reaction ~ Days + (Days || Subject)")).figures
    assert "is another model, and fits otherwise" in origin_sentence(apart, 4.5)


def test_that_a_pattern_says_what_is_tied_where_the_zero_is(fitted):
    # Two effects with SDs of their own and a correlation are free: nothing is tied.
    (free,) = origin_content(fitted("sleepstudy", "Reaction ~ Days + cs(Days | Subject)")).figures
    assert "not how well the model fits" in origin_sentence(free, 4.5)
    (tied,) = origin_content(fitted("sleepstudy", "Reaction ~ Days + homcs(Days | Subject)")).figures
    assert (
        "The pattern of Σ (homogeneous compound symmetry) is said of where Days is 0: with the zero elsewhere"
        in origin_sentence(tied, 4.5)
    )
    assert "The model says ρ = 0" not in origin_sentence(tied, 4.5)


def test_that_a_tiny_zero_is_written_with_a_power_of_ten_and_read_back(fitted):
    (figure,) = origin_content(fitted("sleepstudy", RIS)).figures
    assert [figure.tidy(v) for v in (4.5, -0.001, 1998.0)] == ["4.5", "0", "1998"]
    small = replace(figure, data=(0.0, 9e-6))
    assert [small.tidy(v) for v in (8.24e-6, -4.5e-6, 0.0)] == ["8.24 × 10⁻⁶", "−4.5 × 10⁻⁶", "0"]
    assert read(small.tidy(8.24e-6)) == small.rounded(8.24e-6)


def test_that_a_model_without_a_numeric_slope_is_told_what_it_would_take(fitted):
    content = origin_content(fitted("Machines", "score ~ Machine + (Machine | Worker)"))
    assert content.figures == ()
    assert "(x | Worker)" in content.reason


def test_that_the_criterion_is_level_with_correlation_and_a_curve_without(fitted):
    (figure,) = origin_criteria(fitted("sleepstudy", RIS, reml=False))
    assert [(m.key, m.own) for m in figure.models] == [("correlated", True), ("uncorrelated", False)]
    level, curve = (m.criterion for m in figure.models)
    assert np.ptp(level) < 1e-5
    # teaching.json, sleepstudy.centring.zcp_ML_diff, a difference of log-likelihoods
    rise = figure.at("uncorrelated", 4.5) - figure.at("uncorrelated", 0.0)
    assert rise == pytest.approx(2 * 5.220110746306, abs=1e-5)
    # Where ρ is 0 there is none to leave out: the curve touches the line.
    assert curve.min() - level.min() == pytest.approx(0.0, abs=1e-5)
    assert len(figure.table().rows) == len(figure.origins)


def test_that_the_model_shown_is_the_curve_where_it_has_no_correlation(fitted):
    (figure,) = origin_criteria(fitted("sleepstudy", "Reaction ~ Days + (Days || Subject)"))
    assert [(m.key, m.own) for m in figure.models] == [("correlated", False), ("uncorrelated", True)]


def test_that_refits_can_be_stopped(fitted):
    assert origin_criteria(fitted("sleepstudy", RIS), should_stop=lambda: True) == ()


def test_that_a_moved_model_has_its_own_lines_and_ellipse(fitted):
    movable = MovableFit(fitted("sleepstudy", RIS))
    (best,) = origin_content(movable.fit).figures
    point = movable.with_values(movable.best, {"Subject: SD of Days": 0.0}, sigma_follows=True)
    there = moved_origin(best, movable.moved(point, sigma_follows=True))
    assert there.covariance[1, 1] == 0.0
    assert there.modes[:, 1] == pytest.approx(0.0, abs=1e-12)
    assert "their slopes do not vary" in origin_sentence(there, 4.5)
    assert there.span == best.span


def test_that_the_origin_is_used_by_a_column_made_for_it(fitted):
    (figure,) = origin_content(fitted("sleepstudy", RIS)).figures
    mean, other = origin_fix(figure, 4.5), origin_fix(figure, 2.0)
    assert mean is not None
    assert other is not None
    assert mean.derived[0].derivation is Derivation.CENTER
    assert print_model(mean.spec) == "Reaction ~ Days_centered + (Days_centered | Subject)"
    assert other.derived[0].definition == "shift(Days, 2.0)"
    assert print_model(other.spec) == "Reaction ~ Days_from_2 + (Days_from_2 | Subject)"
    assert origin_fix(figure, 0.0) is None


def test_that_a_bent_middle_line_is_known_where_the_data_are(fitted):
    (figure,) = origin_content(fitted("sleepstudy", "Reaction ~ Days + I(Days^2) + (Days | Subject)")).figures
    assert not figure.straight
    assert (figure.grid[0], figure.grid[-1]) == (0.0, 9.0)


def test_that_a_line_of_all_through_zero_is_said_to_change_the_fit(fitted):
    (figure,) = origin_content(fitted("sleepstudy", "Reaction ~ 0 + Days + (Days | Subject)")).figures
    assert figure.free
    assert origin_sentence(figure, 4.5).endswith(
        "ρ is free, but the fixed effects hold the line of all where Days is 0. "
        "With the zero elsewhere it is another model, and fits otherwise."
    )
