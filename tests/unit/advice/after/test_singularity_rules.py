"""F1 to F4: what has no variance, in numbers and directions, and the models that are simpler."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mmgui.advice import Finding, Severity, advise_fit
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.engine.result import Fit
from mmgui.engine.singularity import TOLERANCE
from mmgui.inference.comparison.lrt import WORSE
from mmgui.inference.variance.singularity import PERFECT
from mmgui.spec.formula import print_model

FitOf = Callable[..., Fit]
SLOPES = "Reaction ~ Days + (Days | Subject)"


def _only(fit: Fit, rule: str) -> Finding:
    (found,) = [f for f in advise_fit(fit) if f.id == rule]
    return found


def test_that_the_limits_are_those_of_the_engine() -> None:
    assert THRESHOLDS.singular == TOLERANCE
    assert THRESHOLDS.perfect == PERFECT
    assert THRESHOLDS.worse_fit == WORSE


def test_that_a_zero_variance_shows_the_mean_squares_and_offers_the_model_without(fitted: FitOf) -> None:
    found = _only(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"), "F1")
    assert (found.severity, found.title, found.terms) == (Severity.WARNING, "Singular fit", (0,))
    # R: anova(lm(Yield ~ Batch, Dyestuff2)): mean squares 8.3363 and 14.9459
    assert "The mean square between groups is 8.336, within them 14.95" in found.text
    assert [(f.label, print_model(f.spec)) for f in found.fixes] == [("Remove (1 | Batch)", "Yield ~ 1")]


def test_that_dyestuff_whose_batches_differ_has_nothing_to_say(fitted: FitOf) -> None:
    assert advise_fit(fitted("Dyestuff", "Yield ~ 1 + (1 | Batch)")) == ()


def test_that_mean_squares_are_told_of_a_one_way_layout_alone(fitted: FitOf) -> None:
    found = _only(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"), "F1")
    design = fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)").design
    weighted = replace(design, weights=np.full(design.nobs, 2.0))
    other = _only(replace(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"), design=weighted), "F1")
    assert "mean square" in found.text
    assert "mean square" not in other.text


def test_that_lockstep_offers_no_slope_no_correlation_no_intercept(fitted: FitOf) -> None:
    fit = fitted("Oats", "yield ~ nitro + Variety + (nitro | Block/Variety)")
    first, second = [f for f in advise_fit(fit) if f.id == "F2"]
    assert (first.terms, second.terms) == ((0,), (1,))
    # lme4 on these data: both correlations 1.00
    assert "Intercept and nitro rise and fall together in lockstep" in first.text
    assert {f.label for f in first.fixes} == {
        "Make it (1 | Block)",
        "Make it (nitro || Block)",
        "Make it (0 + nitro | Block)",
    }


def test_that_a_hidden_direction_is_named_where_no_single_number_looks_wrong(fitted: FitOf) -> None:
    fit = fitted("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)")
    found = _only(fit, "F3")
    # lme4's fourth direction (0.367, -0.050, -0.568, 0.736), each part times its SD, scaled to length 1.
    assert "0.52 × Intercept − 0.07 × x1 − 0.45 × x2 + 0.72 × x3" in found.text
    assert "No single number looks wrong" in found.text
    assert "3 of the 4 directions" in found.text
    assert "Make it (x1 + x2 + x3 || g)" in [f.label for f in found.fixes]


def test_that_a_correlation_at_its_edge_is_told_of_a_fit_that_is_not_singular(fitted: FitOf) -> None:
    fit = fitted("sleepstudy", SLOPES)
    covariance = np.array([[1.0, 0.9998], [0.9998, 1.0]])
    edge = replace(fit, terms=(replace(fit.terms[0], covariance=covariance),))
    assert [f.id for f in advise_fit(edge)] == ["F4"]
    below = np.array([[1.0, 0.999], [0.999, 1.0]])
    assert advise_fit(replace(fit, terms=(replace(fit.terms[0], covariance=below),))) == ()


@pytest.mark.parametrize(
    ("sample", "formula"),
    [
        ("sleepstudy", SLOPES),
        ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
        ("Pastes", "strength ~ 1 + (1 | batch/cask)"),
        ("Machines", "score ~ Machine + (1 | Worker) + (1 | Worker:Machine)"),
        ("Oats", "yield ~ nitro + Variety + (1 | Block/Variety)"),
    ],
)
def test_that_good_models_get_no_warning_also_with_their_tests_and_groups_left_out(
    fitted: FitOf, sample: str, formula: str
) -> None:
    from mmgui.inference.degrees_of_freedom.satterthwaite import fixed_effect_tests
    from mmgui.inference.refits.deletion import delete_groups

    fit = fitted(sample, formula)
    groupings = dict.fromkeys(t.grouping for t in fit.terms)
    deletions = tuple(delete_groups(fit, g, workers=1) for g in groupings)
    found = advise_fit(fit, tests=fixed_effect_tests(fit), deletions=deletions)
    assert [f for f in found if f.severity is not Severity.INFO] == []
    assert advise_fit(fit, tests=fixed_effect_tests(fit)) == ()
