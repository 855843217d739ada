"""Satterthwaite's and Kenward-Roger's degrees of freedom against lmerTest 3.1-3 and pbkrtest 0.5.2."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.degrees_of_freedom.kenward_roger import kenward_roger
from mmgui.inference.degrees_of_freedom.satterthwaite import fixed_effect_tests

FitOf = Callable[..., Fit]

FILE = Path(__file__).resolve().parents[2] / "data" / "lme4" / "degrees_of_freedom.json"
REFERENCES = json.loads(FILE.read_text(encoding="utf-8"))
CURVED = "Reaction ~ Days + I(Days^2) + (Days + I(Days^2)|Subject)"


def _unconverged(reference: dict[str, Any]) -> bool:
    """lme4's default optimiser stopped short on this one (criterion 0.006 too high): df 17.54, SE 7.815."""
    return bool(reference["formula"] == CURVED and reference["reml"])


def _label(reference: dict[str, Any]) -> str:
    return f"{reference['dataset']} {reference['formula']} {'REML' if reference['reml'] else 'ML'}"


@pytest.mark.parametrize("reference", [r for r in REFERENCES if not _unconverged(r)], ids=_label)
def test_satterthwaite_agrees_with_lmertest(fitted: FitOf, reference: dict[str, Any]) -> None:
    fit = fitted(reference["dataset"], reference["formula"], reference["reml"])
    tests = fixed_effect_tests(fit)
    names = fit.design.fixed_names
    expected = reference["satterthwaite"]
    assert list(tests.df) == pytest.approx([expected["df"][n] for n in names], rel=1e-3)
    for p, name in zip(tests.p, names, strict=True):
        wanted = expected["p"][name]
        # p moves with df: at |t| = 36 a relative change of 1e-4 in df changes p by a few 1e-3.
        assert p == pytest.approx(wanted, rel=2e-2, abs=1e-300)


@pytest.mark.parametrize(
    "reference",
    [r for r in REFERENCES if "kenward_roger" in r and not _unconverged(r)],
    ids=_label,
)
def test_kenward_roger_agrees_with_pbkrtest(fitted: FitOf, reference: dict[str, Any]) -> None:
    fit = fitted(reference["dataset"], reference["formula"])
    tests = fixed_effect_tests(fit, "kenward-roger")
    names, expected = fit.design.fixed_names, reference["kenward_roger"]
    assert list(tests.df) == pytest.approx([expected["df"][n] for n in names], rel=1e-4)
    assert list(tests.se) == pytest.approx([expected["se"][n] for n in names], rel=1e-3)


def test_where_lme4_stops_short_the_converged_values_hold(fitted: FitOf) -> None:
    # lmerTest and pbkrtest after bobyqa with rhoend = 1e-10: df 17.00002, SE below. (By design exactly 17.)
    fit = fitted("sleepstudy", CURVED)
    assert fixed_effect_tests(fit).df == pytest.approx([17.0, 17.0, 17.0], rel=1e-5)
    expected = [7.907380954563, 4.076301320395, 0.415879183952]
    assert kenward_roger(fit).se == pytest.approx(expected, rel=1e-5)


def test_days_of_sleepstudy_has_17_df_and_its_p(fitted: FitOf) -> None:
    # lmerTest: t = 6.771, df = 17, p = 3.26e-06; pbkrtest: F = 45.853 on (1, 17), p = 3.2638e-06.
    tests = fixed_effect_tests(fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)"), "kenward-roger")
    assert tests.t[1] ** 2 == pytest.approx(45.852961555858, rel=1e-5)
    assert tests.p[1] == pytest.approx(3.263808018148e-06, rel=1e-4)


def test_without_a_method_there_is_t_but_no_p(fitted: FitOf) -> None:
    tests = fixed_effect_tests(fitted("sleepstudy", "Reaction ~ Days + (1 | Subject)"), "none")
    assert tests.t[1] == pytest.approx(13.015, rel=1e-4)
    assert np.isnan(tests.df).all()
    assert np.isnan(tests.p).all()


def test_df_do_not_depend_on_the_units_of_a_slope(fitted: FitOf) -> None:
    in_days = fixed_effect_tests(fitted("sleepstudy", "Reaction ~ Days + (Days || Subject)"))
    in_weeks = fixed_effect_tests(fitted("sleepstudy", "Reaction ~ I(Days*1e4) + (I(Days*1e4) || Subject)"))
    assert in_weeks.df == pytest.approx(in_days.df, rel=1e-5)


def test_kenward_roger_refuses_ml_fits(fitted: FitOf) -> None:
    with pytest.raises(FitError, match="REML fits only") as caught:
        fixed_effect_tests(fitted("sleepstudy", "Reaction ~ Days + (1 | Subject)", False), "kenward-roger")
    assert caught.value.code == "kenward_roger_needs_reml"


def test_an_unknown_method_is_refused(fitted: FitOf) -> None:
    with pytest.raises(FitError, match="choose one of satterthwaite, kenward-roger, none"):
        fixed_effect_tests(fitted("sleepstudy", "Reaction ~ Days + (1 | Subject)"), "guess")


@pytest.mark.parametrize("method", ["satterthwaite", "kenward-roger"])
def test_without_random_effects_the_residual_degrees_of_freedom_are_lms(fitted, method) -> None:
    """R 4.2.2: lm(Reaction ~ Days, sleepstudy) has 178."""
    found = fixed_effect_tests(fitted("sleepstudy", "Reaction ~ Days"), method)
    np.testing.assert_allclose(found.df, 178.0, rtol=1e-6)
    np.testing.assert_allclose(found.se, [6.610154, 1.238195], rtol=1e-5)


@pytest.mark.parametrize("method", ["satterthwaite", "kenward-roger"])
def test_without_fixed_effects_there_is_nothing_to_test(fitted, method) -> None:
    assert fixed_effect_tests(fitted("sleepstudy", "Reaction ~ 0 + (1 | Subject)"), method).df.shape == (0,)
