"""F9 to F12: what a result rests on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mmgui.advice import Finding, Severity, advise_fit
from mmgui.engine.result import Fit
from mmgui.inference.degrees_of_freedom.satterthwaite import fixed_effect_tests
from mmgui.inference.refits.deletion import delete_groups
from mmgui.spec.formula import print_model, print_random

FitOf = Callable[..., Fit]
SLOPES = "Reaction ~ Days + (Days | Subject)"


def _found(fit: Fit, rule: str, **known: object) -> list[Finding]:
    return [f for f in advise_fit(fit, **known) if f.id == rule]  # type: ignore[arg-type]


# -- F9


def test_that_a_correlation_that_turns_round_at_the_mean_is_told(fitted: FitOf) -> None:
    (found,) = _found(fitted("Orthodont", "distance ~ age * Sex + (age | Subject)"), "F9")
    # lme4: correlation -0.668 at age 0; age runs 8, 10, 12, 14, so its mean is 11
    assert found.severity is Severity.INFO
    assert "−0.67" in found.text
    assert "at its mean, 11.0, it is 0.21" in found.text
    assert found.fixes[0].label == "Center age"
    assert [d.definition for d in found.fixes[0].derived] == ["center(age)"]
    assert print_model(found.fixes[0].spec).startswith("distance ~ age_centered * Sex")


def test_that_a_small_correlation_is_not_worth_a_word(fitted: FitOf) -> None:
    # lme4: 0.066 at Days 0
    assert _found(fitted("sleepstudy", SLOPES), "F9") == []


def test_that_uncorrelated_effects_have_no_correlation_to_turn(fitted: FitOf) -> None:
    assert _found(fitted("Orthodont", "distance ~ age * Sex + (age || Subject)"), "F9") == []


# -- F10


def test_that_machines_with_intercepts_alone_count_rows_as_workers(fitted: FitOf) -> None:
    fit = fitted("Machines", "score ~ Machine + (1 | Worker)")
    (found,) = _found(fit, "F10", tests=fixed_effect_tests(fit))
    # lmerTest: 46 degrees of freedom
    assert "The test of Machine counts 46 degrees of freedom, with 6 groups of Worker" in found.text
    assert found.severity is Severity.WARNING
    assert print_random(found.fixes[0].spec.random[0]) == "(Machine | Worker)"


def test_that_a_curve_whose_straight_line_varies_is_passed_over(fitted: FitOf) -> None:
    fit = fitted("Orthodont", "distance ~ poly(age, 2) + (age | Subject)")
    assert _found(fit, "F10", tests=fixed_effect_tests(fit)) == []


def test_that_few_groups_are_not_asked_to_differ(fitted: FitOf) -> None:
    """Of three casks G7 says that they be fixed effects."""
    fit = fitted("Pastes", "strength ~ factor(batch) + (1 | cask)")
    assert _found(fit, "F10", tests=fixed_effect_tests(fit)) == []


@pytest.mark.parametrize(
    "random", ["(1 | Worker) + (1 | Worker:Machine)", "(Machine | Worker)", "(0 + Machine | Worker)"]
)
def test_that_machines_that_vary_by_worker_count_workers(fitted: FitOf, random: str) -> None:
    fit = fitted("Machines", f"score ~ Machine + {random}")
    # lmerTest: 10, 5 and 5 degrees of freedom
    assert _found(fit, "F10", tests=fixed_effect_tests(fit)) == []


def test_that_a_trend_without_a_slope_is_information_without_replicates(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", "Reaction ~ Days + (1 | Subject)")
    (found,) = _found(fit, "F10", tests=fixed_effect_tests(fit))
    assert found.severity is Severity.INFO
    assert "161 degrees of freedom, with 18 groups" in found.text


def test_that_several_effects_are_told_together(fitted: FitOf) -> None:
    fit = fitted("sim_within_subject_factors", "y ~ A * B + (1 | Subj)")
    (found,) = _found(fit, "F10", tests=fixed_effect_tests(fit))
    assert found.text.startswith("The tests of A, B and A:B count 455 degrees of freedom")
    assert print_random(found.fixes[0].spec.random[0]) == "(A + B | Subj)"


def test_that_an_effect_between_groups_whose_level_does_not_vary_is_told(fitted: FitOf) -> None:
    fit = fitted("Orthodont", "distance ~ age + Sex + (0 + age | Subject)")
    tests = fixed_effect_tests(fit)
    many = replace(tests, df=np.full(len(tests.df), 100.0))
    found = _found(fit, "F10", tests=many)
    assert [print_random(f.fixes[0].spec.random[0]) for f in found] == ["(age | Subject)"]
    assert "Sex has one value in each Subject, of which there are 27" in found[0].text


# -- F11


def test_that_worker_6_carries_the_difference_of_the_machines(fitted: FitOf) -> None:
    fit = fitted("Machines", "score ~ Machine + (1 | Worker) + (1 | Worker:Machine)")
    (found,) = _found(fit, "F11", deletions=delete_groups(fit, "Worker", workers=1))
    assert (found.severity, found.title, found.terms) == (Severity.INFO, "One Worker weighs heavily", (0,))
    # Pinheiro & Bates 2000, section 1.3: worker 6 on machine B stands out.
    assert found.text.startswith("Without Worker 6, MachineB moves from 7.97 to 10.2")


def test_that_a_variance_that_goes_with_one_group_is_told(fitted: FitOf) -> None:
    fit = fitted("Pastes", "strength ~ 1 + (1 | batch/cask)")
    (found,) = _found(fit, "F11", deletions=delete_groups(fit, "batch", workers=1))
    assert "Without batch E, the variance of Intercept between the groups of batch" in found.text


def test_that_no_subject_carries_the_sleep_study(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", SLOPES)
    assert _found(fit, "F11", deletions=delete_groups(fit, "Subject", workers=1)) == []


# -- F12


def _with_modes(fit: Fit, modes: np.ndarray) -> Fit:
    term = fit.terms[0]
    levels = tuple(f"g{k}" for k in range(len(modes)))
    return replace(fit, terms=(replace(term, modes=modes[:, None], levels=levels),))


@pytest.fixture
def normal() -> np.ndarray:
    return np.random.default_rng(1).normal(size=40)


def test_that_a_group_that_stands_apart_is_named(fitted: FitOf, normal: np.ndarray) -> None:
    fit = fitted("sleepstudy", "Reaction ~ Days + (1 | Subject)")
    normal[7] = 9.0
    (found,) = _found(_with_modes(fit, normal), "F12")
    assert found.title == "One group stands apart"
    assert found.text.startswith("Subject g7 stands apart in Intercept")
    assert found.groups == (("Subject", "g7"),)


def test_that_normal_modes_say_nothing(fitted: FitOf, normal: np.ndarray) -> None:
    fit = fitted("sleepstudy", "Reaction ~ Days + (1 | Subject)")
    assert _found(_with_modes(fit, normal), "F12") == []


def test_that_two_humps_are_told_and_a_long_tail_is_not(fitted: FitOf, normal: np.ndarray) -> None:
    fit = fitted("sleepstudy", "Reaction ~ Days + (1 | Subject)")
    humps = np.concatenate([0.3 * normal[:20] - 2.0, 0.3 * normal[20:] + 2.0])
    (found,) = _found(_with_modes(fit, humps), "F12")
    assert found.title == "Two humps"
    # The effects of replicates in cake are skewed, not bimodal.
    assert _found(fitted("cake", "angle ~ recipe * temp + (1 | recipe:replicate)"), "F12") == []


def test_that_normal_populations_of_many_sizes_rarely_have_outliers(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", "Reaction ~ Days + (1 | Subject)")
    rng = np.random.default_rng(7)
    said = sum(
        bool(_found(_with_modes(fit, rng.normal(size=n)), "F12")) for n in (20, 50, 200) for _ in range(60)
    )
    # 180 samples at a chance of about 0.01 each
    assert said <= 6
