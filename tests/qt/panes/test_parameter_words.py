"""What stands beside a slider: no more of a parameter's name than tells it from the others."""

from __future__ import annotations

from mmgui.figures.moved import MovedParameter
from mmgui.ui.parameter_slider import correlation_text
from mmgui.ui.parameter_sliders import slider_words


def _words(*parameters: tuple[str, int, str]) -> tuple[str, ...]:
    made = tuple(MovedParameter(n, n, t, k, 0.5, 0.5, (0.0, 1.0), (0.0, 1.0)) for n, t, k in parameters)
    return slider_words((*made, MovedParameter("Residual: SD (σ)", "", -1, "sigma", 1, 1, (0, 9), (0, 9))))


def test_that_the_only_term_needs_no_name():
    assert _words(
        ("Subject: SD of Intercept", 0, "sd"),
        ("Subject: SD of Days", 0, "sd"),
        ("Subject: correlation of Intercept and Days", 0, "correlation"),
    ) == ("SD of Intercept", "SD of Days", "Correlation, ρ", "Residual SD, σ")


def test_that_a_term_with_one_effect_goes_by_its_grouping_factor():
    assert _words(("batch: SD of Intercept", 0, "sd"), ("batch:cask: SD of Intercept", 1, "sd")) == (
        "SD of batch",
        "SD of batch:cask",
        "Residual SD, σ",
    )
    # Two terms of one factor do not.
    assert _words(("Subject: SD of Intercept", 0, "sd"), ("Subject: SD of Days", 1, "sd"))[:2] == (
        "SD of Intercept",
        "SD of Days",
    )


def test_that_of_several_correlations_each_names_its_effects():
    words = _words(
        ("g: SD of x1", 0, "sd"),
        ("g: correlation of Intercept and x1", 0, "correlation"),
        ("g: correlation of x1 and x2", 0, "correlation"),
        ("h: SD of Intercept", 1, "sd"),
    )
    assert words[:4] == ("g: SD of x1", "g: ρ Intercept, x1", "g: ρ x1, x2", "SD of h")


def test_that_correlations_have_as_many_places_as_say_something():
    # sleepstudy: 0.0655512 (lme4)
    assert correlation_text(0.0655512) == "0.07"
    assert correlation_text(-0.7188) == "−0.72"
    assert correlation_text(0.9867) == "0.987"
    assert correlation_text(-0.99999999) == "−1"
    assert correlation_text(-1.0) == "−1"
    assert correlation_text(0.0) == "0.00"
