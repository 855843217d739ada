"""Which (co)variances a model's rows can tell apart, before anything is fitted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from unchecked_design import unchecked_design

from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample
from mmgui.data.table import Table
from mmgui.engine.build import build_design
from mmgui.engine.design import Design
from mmgui.engine.result import Fit
from mmgui.errors import ModelError
from mmgui.inference.identifiability.certificate import identifiability, unidentified
from mmgui.spec.formula import parse, print_random

DesignOf = Callable[..., Design]
FitOf = Callable[..., Fit]

# Dense n × n matrices in R, see the file's "source".
CASES: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).resolve().parents[2] / "data" / "identifiability.json").read_text(encoding="utf-8")
)["cases"]

SAMPLE = {"slope": "Orthodont", "dup": "Pastes", "pastes": "Pastes", "crossed": "Penicillin",
          "penicillin": "Penicillin", "doublebar": "Machines", "machines": "Machines",
          "ergo": "ergoStool"}  # fmt: skip


def columns_of(name: str) -> dict[str, Any]:
    table = load_sample(name)
    return {
        c.name: c.values if c.is_number else np.array(c.levels, dtype=object)[c.codes] for c in table.columns
    }


def table_of(case: str) -> Table:
    """The small table behind a case."""
    columns = columns_of(SAMPLE.get(case.partition("_")[0], "sleepstudy"))
    if case.startswith("two_obs"):
        ends = np.isin(columns["Days"], [0, 9])
        columns = {name: values[ends] for name, values in columns.items()}
    if case.startswith("one_obs"):
        columns["obs"] = np.array([f"row {k}" for k in range(180)], dtype=object)
    if case.startswith("slope"):
        columns["sx"] = np.where(columns["Sex"] == "Female", 1.0, 0.0)
    if case.startswith("ergo"):
        columns["T2"] = np.where(columns["Type"] == "T2", 1.0, 0.0)
    return from_frame(columns, case)


def our_name(name: str) -> str:
    """lme4 writes ``(1 | a/b)`` with b first, and the reference has R's ``dummy()``."""
    swapped = {
        "cask:batch:": "batch:cask:",
        "Machine:Worker:": "Worker:Machine:",
        "Type:Subject:": "Subject:Type:",
    }
    for theirs, ours in swapped.items():
        name = name.replace(theirs, ours)
    return name.replace('dummy(Type, "T2")', "T2")


def unique(names: list[str]) -> list[str]:
    return [n + (f".{names[:k].count(n)}" if n in names[:k] else "") for k, n in enumerate(names)]


@pytest.mark.parametrize("case", CASES)
def test_rank_names_eigenvalues_and_trade_offs_of_published_designs(case: str) -> None:
    expected = CASES[case]
    design = unchecked_design(our_name(expected["formula"]), table_of(case), reml=case.endswith("REML"))
    found = identifiability(design)
    assert (found.n_par, found.rank) == (expected["n_par"], expected["rank"])
    assert found.identified == (expected["n_par"] == expected["rank"])
    assert sorted(found.parameters) == sorted(unique([our_name(n) for n in expected["params"]]))
    np.testing.assert_allclose(found.eigenvalues, expected["eigenvalues"], rtol=1e-9, atol=1e-9)
    assert (
        len(found.null_vectors) == len(found.sentences) == len(found.about) == len(expected["null_vectors"])
    )
    # The reference rounds to three digits; every null space here has one dimension.
    for ours, theirs in zip(found.null_vectors, expected["null_vectors"], strict=True):
        a = np.array([ours[our_name(name)] for name in theirs])
        b = np.array(list(theirs.values()))
        assert abs(a @ b) / np.linalg.norm(a) / np.linalg.norm(b) == pytest.approx(1.0, abs=1e-5)
        assert max(abs(w) for w in ours.values()) == 1.0


SENTENCES = {
    "redundant_intercept_REML": (
        "The variance of `(1 | Subject)` and the variance of the intercept in `(Days | Subject)` cannot be "
        "told apart: both let the intercept vary over the groups of Subject, and only the sum of the two "
        "can be known."
    ),
    "one_obs_per_level_ML": (
        "The variance of `(1 | obs)` and the residual variance cannot be told apart: every obs has one row."
    ),
    "two_obs_slope_REML": (
        "The variances and covariances of `(Days | Subject)` and the residual variance cannot be told "
        "apart: each Subject has 2 rows for 2 effects of its own, so these can follow every row and leave "
        "nothing to the residual."
    ),
    "slope_const_within_REML": (
        "The covariance of the intercept and sx and the variance of sx in `(sx | Subject)` cannot be told "
        "apart: sx has one value in every group of Subject, so no group shows its own effect of it."
    ),
    "fixed_and_random_REML": (
        "The variance of `(1 | Subject)` cannot be estimated: the fixed effects already let every Subject "
        "differ in this, so nothing is left of it."
    ),
    "dup_term_REML": (
        "The variance of `(1 | batch:cask)` and the variance of `(1 | sample)` cannot be told apart: both "
        "let the intercept vary over the groups of batch:cask, which are those of sample, and only the sum "
        "of the two can be known."
    ),
    "crossed_norep_ML": (
        "The variance of `(1 | plate:sample)` and the residual variance cannot be told apart: every "
        "combination of plate and sample has one row."
    ),
    "doublebar_factor_REML": (
        "The variance of `(1 | Worker)` and the variances and covariances of `(0 + Machine | Worker)` "
        "cannot be told apart: whatever `(1 | Worker)` can describe, `(0 + Machine | Worker)` can describe "
        "without it."
    ),
    "machines_full_plus_nested_REML": (
        "The variances and covariances of `(Machine | Worker)` and the variance of `(1 | Worker:Machine)` "
        "cannot be told apart: whatever `(1 | Worker:Machine)` can describe, `(Machine | Worker)` can "
        "describe without it."
    ),
}


@pytest.mark.parametrize("case", SENTENCES)
def test_what_trades_off_is_said_in_words(case: str) -> None:
    expected = CASES[case]
    design = unchecked_design(our_name(expected["formula"]), table_of(case), reml=case.endswith("REML"))
    assert identifiability(design).sentences == (SENTENCES[case],)


def test_the_same_term_twice_and_thrice_is_named(design: DesignOf) -> None:
    twice = identifiability(design("sleepstudy", "Reaction ~ Days + (1 | Subject) + (1 | Subject)"))
    assert twice.parameters == ("Subject:(Intercept)", "Subject:(Intercept).1", "Residual")
    assert (twice.rank, twice.about) == (2, ((0, 1),))
    assert twice.sentences == (
        (
            "The variance of the first `(1 | Subject)` and the variance of the second `(1 | Subject)` "
            "cannot be told apart: both let the intercept vary over the groups of Subject, and only the sum "
            "of the two can be known."
        ),
    )
    # lme4's "triple_intercept", of which it only says "nearly unidentifiable: large eigenvalue ratio".
    formula = "Reaction ~ Days + (1 | Subject) + (0 + Days | Subject) + (Days | Subject)"
    thrice = identifiability(design("sleepstudy", formula))
    assert (thrice.n_par, thrice.rank, thrice.about) == (6, 4, ((0, 2), (1, 2)))
    moving = [{name: round(w, 6) for name, w in v.items() if w} for v in thrice.null_vectors]
    assert {"Subject:(Intercept)": 1.0, "Subject:(Intercept).1": -1.0} in moving
    assert {"Subject:Days": 1.0, "Subject:Days.1": -1.0} in moving


def test_an_intercept_beside_all_levels_of_a_factor_is_named(design: DesignOf) -> None:
    """lme4 expands (Machine || Worker) to (1 | Worker) + (0 + Machine | Worker), and says nothing."""
    found = identifiability(design("Machines", "score ~ Machine + (Machine || Worker)"))
    assert (found.n_par, found.rank) == (8, 7)
    assert found.sentences == (
        (
            "The variance of the intercept and the variances and covariances of MachineA, MachineB and "
            "MachineC in `(Machine || Worker)` cannot be told apart: whatever the intercept can describe, "
            "MachineA, MachineB and MachineC can describe without it."
        ),
    )


def test_patterned_terms_that_repeat_a_nested_intercept_are_named() -> None:
    """homcs(0 + Machine | Worker) is (1 | Worker) + (1 | Worker:Machine) with its variances free."""
    table = load_sample("Machines")
    alone = identifiability(unchecked_design("score ~ Machine + homcs(0 + Machine | Worker)", table))
    assert alone.parameters == ("Worker:variance", "Worker:correlation", "Residual")
    assert alone.identified
    both = identifiability(
        unchecked_design("score ~ Machine + homcs(0 + Machine | Worker) + (1 | Worker:Machine)", table)
    )
    assert (both.n_par, both.rank, both.about) == (4, 3, ((0, 1),))
    written = print_random(parse("score ~ homcs(0 + Machine | Worker)").random[0])
    assert both.sentences == (
        (
            f"The variance and the correlation in `{written}` and the variance of `(1 | Worker:Machine)` "
            "cannot be told apart: more of one makes up for less of another."
        ),
    )
    for name in ("cs", "hetar1", "ar1", "homdiag", "diag"):
        formula = f"score ~ Machine + {name}(0 + Machine | Worker)"
        assert identifiability(unchecked_design(formula, table)).identified


def test_a_covariance_of_effects_that_never_meet_in_a_group_is_named() -> None:
    """Each child has one sex, so that no child shows how its effects as a boy and as a girl go together."""
    table = load_sample("Orthodont")
    design = unchecked_design("distance ~ age + (0 + Sex | Subject)", table)
    found = identifiability(design)
    assert (found.n_par, found.rank) == (4, 3)
    assert found.sentences == (
        (
            "The covariance of SexFemale and SexMale in `(0 + Sex | Subject)` cannot be estimated: no group "
            "of Subject has rows of both SexFemale and SexMale."
        ),
    )


@pytest.mark.parametrize("origin", [0.0, 1e3, 1e5])
def test_a_predictor_far_from_its_origin_does_not_hide_what_can_be_told(origin: float) -> None:
    columns = columns_of("sleepstudy")
    columns["Days"] = columns["Days"] + origin
    spec = parse("Reaction ~ Days + (Days | Subject)")
    found = identifiability(build_design(spec, from_frame(columns, "moved")))
    assert found.identified


def test_columns_that_repeat_one_another_leave_their_covariances_free() -> None:
    columns = columns_of("sleepstudy")
    columns["Hours"] = 24.0 * columns["Days"]
    design = build_design(parse("Reaction ~ Days + (0 + Days + Hours | Subject)"), from_frame(columns, "t"))
    found = identifiability(design)
    assert (found.n_par, found.rank) == (4, 2)
    for vector in found.null_vectors:
        # Days and Hours vary as one: var(Days) + 2·24 cov + 24² var(Hours) is all that the rows show.
        shown = vector["Subject:Days"] + 48.0 * vector["Subject:Days~Hours"] + 576.0 * vector["Subject:Hours"]
        assert shown == pytest.approx(0.0, abs=1e-6)


def test_weights_do_not_change_what_can_be_told_apart(design: DesignOf) -> None:
    weights = 0.5 + np.arange(180) % 7
    plain = design("sleepstudy", "Reaction ~ Days + (1 | Subject) + (Days | Subject)")
    weighted = identifiability(replace(plain, weights=weights))
    assert (weighted.rank, weighted.about) == (4, ((0, 1),))
    assert weighted.null_vectors[0]["Subject:(Intercept).1"] == pytest.approx(-1.0)
    # Not the scale of the weights, which is that of the residual variance, but their pattern counts.
    again = identifiability(replace(plain, weights=1e-8 * weights))
    np.testing.assert_allclose(again.eigenvalues, weighted.eigenvalues, atol=1e-10)


def test_a_model_without_random_terms_has_one_variance(design: DesignOf) -> None:
    plain = replace(design("sleepstudy", "Reaction ~ Days + (1 | Subject)"), random=())
    found = identifiability(plain)
    assert (found.parameters, found.rank, found.eigenvalues.tolist()) == (("Residual",), 1, [1.0])


def test_ratings_of_thousands_of_teachers_are_certified() -> None:
    spec = parse("y ~ service * lectage + (1 | s) + (1 + service | d) + (1 | dept)")
    assert identifiability(build_design(spec, load_sample("InstEval"))).identified


def test_a_model_that_takes_too_long_is_refused_with_the_number_of_its_variances() -> None:
    rng = np.random.default_rng(1)
    table = from_frame(
        {"y": rng.normal(size=5000), "f": rng.integers(0, 60, 5000).astype(str), "g": np.arange(5000) % 50},
        "t",
    )
    design = unchecked_design("y ~ 1 + (f | g)", table)
    with pytest.raises(ModelError) as caught:
        identifiability(design)
    assert caught.value.code == "too_large_to_certify"
    assert caught.value.message == (
        "Whether the 1,831 variances and covariances of this model can be told apart would take too long to "
        "find out on this table; fit the model and look at whether it converges."
    )


def test_after_a_fit_only_what_cannot_be_told_apart_is_reported(fitted: FitOf) -> None:
    assert unidentified(fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)")) is None
    found = unidentified(fitted("sleepstudy", "Reaction ~ Days + (1 | Subject) + (Days | Subject)"))
    assert found is not None
    assert found.about == ((0, 1),)


def test_more_effects_than_rows_that_share_a_variance_are_certified() -> None:
    """Seven predictors on six rows: Z Zᵀ is no multiple of the identity, so the two variances differ."""
    rng = np.random.default_rng(1)
    columns: dict[str, Any] = {name: rng.normal(size=6).round(2) for name in "yabcdeh"}
    columns["g"] = np.array(list("uuvvww"), dtype=object)
    spec = parse("y ~ 1 + homdiag(0 + a + b + c + d + e + h + a:b | g)")
    found = identifiability(build_design(spec, from_frame(columns, "wide")))
    assert (found.n_par, found.rank, found.sentences) == (2, 2, ())
