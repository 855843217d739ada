"""The command line's answers, exit codes and streams."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import mmgui
from mmgui.cli import main

RIS = "Reaction ~ Days + (Days | Subject)"
RI = "Reaction ~ Days + (1 | Subject)"
TABLES = Path(__file__).resolve().parents[2] / "data" / "lme4"

Answer = Callable[..., Any]


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Answer:
    """Run a command with --json and return the object, which is all that stands on standard output."""

    def run(*argv: str) -> Any:
        assert main([*argv, "--json"]) == 0
        out = capsys.readouterr().out
        assert out.count("\n") == 1
        return json.loads(out)

    return run


def test_without_degrees_of_freedom_wald_intervals_are_those_of_the_normal_distribution(
    answer: Answer,
) -> None:
    fit = answer("fit", str(TABLES / "sleepstudy.csv"), RIS, "--df", "none")
    # lme4: confint(fit, method = "Wald").
    assert fit["fixef"][1]["ci"] == pytest.approx([7.437593929865, 13.496977989327], rel=1e-5)


def test_fit_prints_the_object_of_the_interface(answer: Answer) -> None:
    fit = answer("fit", str(TABLES / "sleepstudy.csv"), RIS, "--ranef")
    # lme4 1.1-31: lmer(Reaction ~ Days + (Days | Subject), sleepstudy).
    assert (fit["formula"], fit["reml"], fit["nobs"], fit["npar"], fit["dropped_rows"]) == (
        RIS,
        True,
        180,
        6,
        0,
    )
    assert fit["objective"] == pytest.approx(1743.62827195995, abs=1e-5)
    assert fit["loglik"] == pytest.approx(-871.814135979976, abs=1e-5)
    assert fit["aic"] == pytest.approx(1755.62827195995, abs=1e-5)
    assert fit["bic"] == pytest.approx(1774.78601306529, abs=1e-5)
    assert fit["sigma"] == pytest.approx(25.5918, rel=1e-5)
    assert fit["theta"] == pytest.approx([0.966742, 0.015169, 0.230910], abs=2e-5)
    assert (fit["converged"], fit["singular"], fit["groups"]) == (True, False, {"Subject": 18})
    assert fit["evaluations"] > 0
    assert fit["gradient_norm"] < 1e-3
    assert fit["seconds"] > 0
    intercept, days = fit["fixef"]
    assert (intercept["name"], days["name"]) == ("(Intercept)", "Days")
    assert intercept["estimate"] == pytest.approx(251.4051, abs=1e-4)
    assert intercept["se"] == pytest.approx(6.8246, abs=1e-4)
    assert days["df"] == pytest.approx(17.0, rel=1e-4)
    assert days["t"] == pytest.approx(6.7715, abs=1e-3)
    assert days["p"] == pytest.approx(3.2638e-06, rel=1e-3)
    # R: 10.4672859595964 + c(-1, 1) * qt(0.975, 17) * 1.545789310; the p-value is of the same t.
    assert days["ci"] == pytest.approx([7.2059561, 13.7286158], rel=1e-5)
    levels, slopes, correlation, residual = fit["varcorr"]
    assert (levels["group"], levels["term"]) == ("Subject", "(Intercept)")
    assert (levels["sd"], slopes["sd"], residual["sd"]) == pytest.approx((24.74, 5.922, 25.59), abs=5e-3)
    assert levels["variance"] == pytest.approx(612.1, abs=0.05)
    assert levels["ci"] is None
    assert (correlation["term"], correlation["term2"]) == ("(Intercept)", "Days")
    assert correlation["covariance"] == pytest.approx(9.604, abs=1e-2)
    assert correlation["correlation"] == pytest.approx(0.0656, abs=1e-4)
    assert residual["group"] == "Residual"
    modes = fit["ranef"]["Subject"]
    assert modes["levels"][0] == "308"
    assert modes["terms"] == ["(Intercept)", "Days"]
    assert modes["modes"][0] == pytest.approx([2.2586, 9.1990], abs=1e-3)
    assert modes["sd"][0] == pytest.approx([12.0709, 2.3048], abs=1e-3)
    assert fit["messages"] == []


def test_modes_stand_in_the_answer_only_when_asked_for(answer: Answer) -> None:
    assert "ranef" not in answer("fit", "sleepstudy", RI)


def test_terms_of_one_grouping_factor_share_its_modes(answer: Answer) -> None:
    fit = answer("fit", "sleepstudy", "Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)", "--ranef")
    assert fit["ranef"]["Subject"]["terms"] == ["(Intercept)", "Days"]
    assert len(fit["ranef"]["Subject"]["modes"][0]) == 2


def test_profile_intervals_cover_components_and_coefficients(answer: Answer) -> None:
    fit = answer("fit", "sleepstudy", RIS, "--ci", "profile")
    levels, slopes, correlation, residual = fit["varcorr"]
    assert slopes["ci"] == pytest.approx([3.801164762383, 8.753386766561], rel=1e-4)
    assert levels["ci"] == pytest.approx([14.381484399601, 37.71601874028], rel=1e-4)
    assert correlation["ci"] == pytest.approx([-0.4815, 0.6850], abs=1e-3)
    assert residual["ci"] == pytest.approx([22.898266215013, 28.857997322742], rel=1e-4)
    assert fit["fixef"][0]["ci"] == pytest.approx([237.680695469373, 265.129514691758], rel=1e-5)


def test_maximum_likelihood_and_kenward_roger_are_chosen_by_options(answer: Answer) -> None:
    assert answer("fit", "sleepstudy", RIS, "--ml")["objective"] == pytest.approx(1751.93934448899, abs=1e-5)
    fit = answer("fit", "sleepstudy", RI, "--df", "kenward-roger")
    # pbkrtest on lmer(Reaction ~ Days + (1 | Subject)).
    assert [f["df"] for f in fit["fixef"]] == pytest.approx([22.8102, 161.0], rel=1e-4)


def test_prior_weights_are_a_column(answer: Answer, tmp_path: Path) -> None:
    lines = (TABLES / "sleepstudy.csv").read_text(encoding="utf-8").splitlines()
    weighted = [lines[0] + ",w", *(f"{line},{1 + k % 3}" for k, line in enumerate(lines[1:]))]
    file = tmp_path / "weighted.csv"
    file.write_text("\n".join(weighted) + "\n", encoding="utf-8")
    fit = answer("fit", str(file), RIS, "--weights", "w")
    # lme4: lmer(..., weights = 1 + (0:179) %% 3), REMLcrit and sigma.
    assert fit["objective"] == pytest.approx(1778.2914627485, abs=1e-5)
    assert fit["sigma"] == pytest.approx(38.6289371837, rel=1e-5)


def test_compare_tests_every_nested_pair(answer: Answer) -> None:
    found = answer("compare", "sleepstudy", RI, "Reaction ~ Days + (Days || Subject)", RIS)
    assert [m["reml"] for m in found["models"]] == [False, False, False]
    assert [(t["small"], t["big"]) for t in found["tests"]] == [(0, 1), (0, 2), (1, 2)]
    test = found["tests"][1]
    assert test["statistic"] == pytest.approx(42.139298516235, abs=2e-5)
    assert (test["df"], test["reference"], test["weights"]) == (2, "mixture", {"1": 0.5, "2": 0.5})
    assert test["p"] == pytest.approx(3.961195359141e-10, rel=1e-4)
    assert test["p_naive"] == pytest.approx(7.072412638399e-10, rel=1e-4)
    assert (found["tests"][2]["reference"], found["tests"][2]["weights"]) == ("chi2", {"1": 1.0})
    assert found["refused"] == []


def test_compare_by_reml_only_where_fixed_effects_are_shared(
    answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer("compare", "sleepstudy", RI, RIS, "--reml")
    assert [m["reml"] for m in found["models"]] == [True, True]
    assert found["tests"][0]["statistic"] == pytest.approx(42.836813434969, abs=2e-5)
    argv = ["compare", "sleepstudy", "Reaction ~ 1 + (Days | Subject)", RIS, "--reml", "--json"]
    assert main(argv) == 0
    out, err = capsys.readouterr()
    assert [m["reml"] for m in json.loads(out)["models"]] == [False, False]
    assert "different fixed effects" in err


def test_compare_refuses_pairs_with_the_reason(answer: Answer) -> None:
    formulas = ("strength ~ 1 + (1 | batch)", "strength ~ 1 + (1 | sample)")
    found = answer("compare", str(TABLES / "Pastes.csv"), *formulas)
    assert found["tests"] == []
    assert (found["refused"][0]["small"], found["refused"][0]["big"]) == (0, 1)
    assert "Neither model is a special case of the other" in found["refused"][0]["reason"]


def test_compare_can_simulate_its_p_values(answer: Answer) -> None:
    argv = ("compare", "sleepstudy", "Reaction ~ Days + (Days || Subject)", RIS)
    first = answer(*argv, "--bootstrap", "60", "--seed", "7")["tests"][0]
    assert first["reference"] == "bootstrap"
    # pbkrtest with 1,000 simulations: 0.805.
    assert first["p"] == pytest.approx(0.805, abs=0.2)
    assert first["p"] * 61 == pytest.approx(round(first["p"] * 61))
    assert answer(*argv, "--bootstrap", "60", "--seed", "7")["tests"][0]["p"] == first["p"]


def test_describe_lists_variables_and_how_groups_lie(answer: Answer) -> None:
    found = answer("describe", str(TABLES / "Pastes.csv"))
    assert found["variables"][0] == {
        "name": "strength",
        "type": "number",
        "distinct": 44,
        "missing": 0,
        "minimum": 54.2,
        "maximum": 66.0,
        "mean": pytest.approx(60.05333, rel=1e-6),
        "sd": pytest.approx(3.238145, rel=1e-6),
    }
    relations = {(g["a"], g["b"]): g["relation"] for g in found["grouping"]}
    assert relations["batch", "sample"] == "nested"
    assert relations["batch", "cask"] == "implicitly nested"
    assert "varies" not in found
    casks = next(g for g in found["grouping"] if (g["a"], g["b"]) == ("batch", "cask"))
    assert casks["cells"] == {
        "occurring": 30,
        "empty": 0,
        "smallest": 2,
        "median": 2.0,
        "largest": 2,
        "balanced": True,
        "replicated": True,
    }
    assert found["nesting"] == [["batch", "sample"], ["cask", "sample"]]


def test_describe_says_what_varies_within_groups(answer: Answer) -> None:
    found = answer("describe", str(TABLES / "Orthodont.csv"), "--group", "Subject")
    assert found["varies"] == {"distance": "both", "age": "within", "Sex": "between"}
    assert (found["group"]["levels"], found["group"]["smallest"], found["group"]["largest"]) == (27, 4, 4)
    assert {n: w["varying"] for n, w in found["within"].items()} == {"distance": 27, "age": 27, "Sex": 0}
    age = found["within"]["age"]
    assert (age["groups"], age["levels"], age["complete"], age["cells"]["replicated"]) == (27, 4, True, False)


def test_describe_counts_the_replicates_of_combinations(answer: Answer) -> None:
    found = answer("describe", "sim_within_subject_factors", "--group", "Subj")
    every = next(c for c in found["combinations"] if c["factors"] == ["A", "B", "C"])
    # sample_data/SOURCES.md: every combination of A (3), B (2) and C (2) in two runs.
    assert (every["levels"], every["complete"]) == (12, True)
    assert (every["cells"]["smallest"], every["cells"]["largest"]) == (2, 2)


def test_describe_is_readable_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", str(TABLES / "Pastes.csv"), "--group", "batch"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert "cask in batch    implicitly nested     30      0          2" in said
    assert "By batch: 10 groups of 6 rows" in said
    assert any(line.split() == ["cask", "within", "10", "of", "10", "3", "all", "2"] for line in said)


def test_describe_of_an_unknown_group_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", "sleepstudy", "--group", "nobody", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "unknown_column"


def test_advice_comes_with_formulas_to_choose(answer: Answer) -> None:
    found = answer("advise", "sleepstudy", "Reaction ~ Days + (1 | Subject) + (Days | Subject)")
    finding = next(f for f in found["findings"] if f["id"] == "T1")
    assert set(finding) == {"id", "severity", "text", "about", "fixes"}
    assert finding["severity"] in ("error", "warning")
    assert RIS in [fix["formula"] for fix in finding["fixes"]]


def test_people_read_a_summary_like_lme4s(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "sleepstudy", RIS]) == 0
    out = capsys.readouterr().out
    for line in (
        "Linear mixed model fit by REML",
        "Formula: Reaction ~ Days + (Days | Subject)",
        " Subject   (Intercept)    612.09    24.740",
        "           Days            35.07     5.922   0.07",
        "Number of obs: 180, groups: Subject, 18",
        "Days           10.467       1.546  17.00    6.771  3.26e-06",
    ):
        assert line in out.splitlines()


def test_people_read_comparisons_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "sleepstudy", RI, RIS]) == 0
    out = capsys.readouterr().out
    assert f"1: {RI}" in out
    assert "1 in 2  42.1393   2  3.96e-10  ½ χ²(1) + ½ χ²(2)   7.07e-10" in out.splitlines()


def test_version_and_help_succeed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"mmgui {mmgui.__version__}\n"
    assert main(["fit", "--help"]) == 0
    assert "kenward-roger" in capsys.readouterr().out


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["dance"],
        ["fit"],
        ["fit", "sleepstudy"],
        ["fit", "sleepstudy", RI, "--df", "guess"],
        ["fit", "sleepstudy", RI, "--unknown"],
        ["compare", "sleepstudy"],
        ["compare", "sleepstudy", RI, RIS, "--bootstrap", "0"],
        ["picture", "sleepstudy", RI, "-o", "x.gif", "--page", "summary"],
        ["picture", "sleepstudy", RI, "-o", "x.png", "--page", "summary", "--size", "big"],
        ["picture", "sleepstudy", RI, "-o", "x.png", "--page", "nothing"],
        ["report", "sleepstudy", RI],
    ],
)
def test_wrong_usage_is_exit_code_2_and_says_so_on_standard_error(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "usage: mmgui" in err


def test_a_single_formula_cannot_be_compared(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "sleepstudy", RI, "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "a comparison needs at least two formulas" in err


def test_fitting_and_comparing_never_load_qt() -> None:
    code = (
        "import sys; from mmgui.cli import main\n"
        f"assert main(['fit', 'sleepstudy', {RIS!r}, '--json']) == 0\n"
        f"assert main(['compare', 'sleepstudy', {RI!r}, {RIS!r}, '--json']) == 0\n"
        "assert main(['describe', 'sleepstudy', '--json']) == 0\n"
        "assert main(['advise', 'sleepstudy', 'Reaction ~ Days + (1 | Subject)', '--json']) == 0\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('PySide6', 'pyqtgraph', 'shiboken6')],"
        " file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip().splitlines()[-1] == "[]"


def test_the_module_can_be_run(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "mmgui", "fit", str(tmp_path / "nowhere.csv"), "y ~ 1", "--json"]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"]["code"] == "missing_file"


def test_a_single_variance_is_tested_by_its_exact_distribution(answer: Answer) -> None:
    found = answer(
        "compare", "Pastes", "strength ~ 1 + (1 | sample)", "strength ~ 1 + (1 | batch) + (1 | sample)",
        "--reml", "--exact", "20000", "--seed", "1",
    )  # fmt: skip
    (test,) = found["tests"]
    # RLRsim 3.1-8: exactRLRT for batch: 0.65766, p 0.178 (100,000 simulations).
    assert test["reference"] == "exact"
    assert test["statistic"] == pytest.approx(0.6576559, abs=1e-4)
    assert test["p"] == pytest.approx(0.17828, abs=0.01)
    correlated = answer("compare", "sleepstudy", RI, RIS, "--exact", "1000")["tests"][0]
    assert correlated["reference"] == "mixture"
    assert "by one variance" in correlated["note"]
