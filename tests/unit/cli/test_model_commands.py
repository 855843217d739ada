"""The commands that say one thing about one model, on sleepstudy unless another table is named."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mmgui.cli import main

RIS = "Reaction ~ Days + (Days | Subject)"

Answer = Callable[..., Any]


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Answer:
    def run(command: str, *argv: str, table: str = "sleepstudy", formula: str = RIS) -> Any:
        assert main([command, table, formula, *argv, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def text(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def run(command: str, *argv: str, table: str = "sleepstudy", formula: str = RIS) -> str:
        assert main([command, table, formula, *argv]) == 0
        return capsys.readouterr().out

    return run


def test_explain_gives_r2_and_icc(answer: Answer, text: Callable[..., str]) -> None:
    # The R package performance 0.10.2: r2_nakagawa and icc of the same fit.
    found = answer("explain")
    assert found["r2_marginal"] == pytest.approx(0.2786511, abs=2e-6)
    assert found["r2_conditional"] == pytest.approx(0.7992199, abs=2e-6)
    assert found["icc_adjusted"] == pytest.approx(0.7216621, abs=2e-5)
    assert "R² conditional  0.7992" in text("explain")


def test_icc_along_a_slope_is_a_curve(answer: Answer, text: Callable[..., str]) -> None:
    found = answer("icc", "--along", "Days")
    # The same numbers from lme4's VarCorr: variance at day 0 and where it is smallest.
    assert found["variance"][0] == pytest.approx(612.1002, rel=1e-4)
    assert found["icc"][0] == pytest.approx(0.4830945, abs=1e-5)
    assert found["lowest_at"] == pytest.approx(-0.2738506, abs=1e-4)
    assert "outside the data" in text("icc", "--along", "Days")


def test_identify_names_what_trades_off_before_a_fit(answer: Answer, text: Callable[..., str]) -> None:
    doubled = "Reaction ~ Days + (1 | Subject) + (Days | Subject)"
    found = answer("identify", formula=doubled)
    assert (found["identified"], found["rank"], found["n_par"]) == (False, 4, 5)
    moving = {k: v for k, v in found["null_vectors"][0].items() if abs(v) > 1e-9}
    assert moving == pytest.approx({"Subject:(Intercept)": 1.0, "Subject:(Intercept).1": -1.0})
    assert "cannot be told apart" in " ".join(text("identify", formula=doubled).split())
    assert answer("identify")["identified"]
    assert "4 of 4" in text("identify")


def test_components_are_lme4s_repca(answer: Answer, text: Callable[..., str]) -> None:
    (found,) = answer("components")["components"]
    # lme4: rePCA(fit)$Subject$sdev.
    assert found["covariance"]["sdev"] == pytest.approx([0.9668868, 0.2308798], rel=1e-4)
    assert found["rank"] == 2
    assert "2 of 2 directions have variance" in text("components")


def test_ranova_gives_the_boundary_p_value_beside_the_naive_one(
    answer: Answer, text: Callable[..., str]
) -> None:
    (row,) = answer("ranova")["rows"]
    # lmerTest: ranova(fit): LRT 42.837, df 2, p 4.99e-10.
    assert row["test"]["statistic"] == pytest.approx(42.8369, abs=1e-3)
    assert row["test"]["p_naive"] == pytest.approx(4.99e-10, rel=2e-3)
    assert row["test"]["p"] == pytest.approx(2.79e-10, rel=2e-3)
    assert "Days in (Days | Subject)" in text("ranova")


def test_profile_gives_curves_and_intervals(answer: Answer, text: Callable[..., str]) -> None:
    curves = answer("profile")["curves"]
    slope = next(c for c in curves if c["kind"] == "sd" and c["term"] == "Days")
    # lme4: confint(fit): sd_Days|Subject 3.801 … 8.753.
    assert slope["ci"] == pytest.approx([3.8011641, 8.7533668], rel=1e-4)
    assert len(slope["values"]) == len(slope["zeta"]) > 5
    assert "SD Days | Subject                   3.8012   8.7534" in text("profile")


def test_bootstrap_is_repeated_by_its_seed(answer: Answer, text: Callable[..., str]) -> None:
    first, again = (answer("bootstrap", "-n", "60", "--seed", "7", "--replicates") for _ in range(2))
    assert first == again
    assert (first["count"], first["seed"], len(first["values"])) == (60, 7, 60)
    kinds = [p["kind"] for p in first["parameters"]]
    assert sorted(kinds) == ["correlation", "fixed", "fixed", "sd", "sd", "sigma"]
    days = next(p for p in first["parameters"] if p.get("name") == "Days")
    # 60 replicates of an estimate with SE 1.5458 (lme4) around 10.467.
    assert days["se"] == pytest.approx(1.5458, rel=0.3)
    assert days["ci"][0] < days["estimate"] < days["ci"][1]
    assert "60 refits to simulated responses, seed 7" in text("bootstrap", "-n", "60", "--seed", "7")


def test_influence_of_groups_is_lme4s(answer: Answer, text: Callable[..., str]) -> None:
    found = answer("influence", "--group", "Subject")
    cooks = {row["level"]: row["cooks"] for row in found["without"]}
    # lme4 1.1-31: cooks.distance(influence(fit, "Subject")), which has the factor (18 - 2) / 18.
    assert cooks["309"] * 16 / 18 == pytest.approx(0.1320208, abs=2e-5)
    assert cooks["335"] * 16 / 18 == pytest.approx(0.1150937, abs=2e-5)
    assert text("influence", "--group", "Subject").splitlines()[2].startswith("309")


def test_influence_of_rows_names_their_place_in_the_table(answer: Answer, text: Callable[..., str]) -> None:
    found = answer("influence")
    # lme4: cooks.distance(fit)[57], hatvalues(fit)[57].
    assert found["cooks"][56] == pytest.approx(2.11989, rel=1e-3)
    assert found["leverage"][56] == pytest.approx(0.1219, abs=1e-4)
    assert text("influence").splitlines()[3].startswith("60")


def test_residuals_of_every_kind(answer: Answer, text: Callable[..., str]) -> None:
    found = answer("residuals")
    # lme4: residuals(fit)[1:2].
    assert found["conditional"][:2] == pytest.approx([-4.10369, -14.62542], abs=2e-3)
    assert len(found["scaled"]) == 180
    assert "standardised conditional" in text("residuals")


def test_predict_known_and_new_groups(answer: Answer, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("Days,Subject\n0,308\n0,new\n")
    found = answer("predict", "--rows", str(rows))
    # lme4: predict(fit)[1] and fixef(fit)[1].
    assert found["fit"] == pytest.approx([253.6637, 251.4051], abs=1e-3)
    assert found["new_groups"]["Subject"] == [False, True]
    # A new group's own variance is part of it: 6.8246² + 24.7404².
    assert found["se"][1] == pytest.approx((6.824597**2 + 612.1002) ** 0.5, rel=1e-4)
    assert main(["predict", "sleepstudy", RIS, "--rows", str(rows), "--known-groups"]) == 1


def test_simulate_writes_the_table_with_new_responses(
    text: Callable[..., str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = list(csv.reader(io.StringIO(text("simulate", "-n", "2", "--seed", "3"))))
    assert printed[0] == ["Reaction", "Days", "Subject", "sim_1", "sim_2"]
    assert (len(printed), printed[1][:3]) == (181, ["249.56", "0", "308"])
    place = tmp_path / "out.csv"
    assert main(["simulate", "sleepstudy", RIS, "-n", "2", "--seed", "3", "-o", str(place)]) == 0
    capsys.readouterr()
    assert list(csv.reader(place.open(encoding="utf-8"))) == printed
    assert main(["simulate", "sleepstudy", RIS, "-o", str(tmp_path / "no" / "such.csv")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_codings_are_options_of_every_model_command(answer: Answer) -> None:
    fit = answer(
        "fit", "--contrasts", "Machine=sum", table="Machines", formula="score ~ Machine + (1 | Worker)"
    )
    # R: contrasts(Machines$Machine) <- contr.sum(3).
    assert [c["name"] for c in fit["fixef"]] == ["(Intercept)", "Machine1", "Machine2"]
    assert fit["fixef"][0]["estimate"] == pytest.approx(59.65, abs=1e-6)
    other = answer(
        "fit", "--reference", "Machine=C", table="Machines", formula="score ~ Machine + (1 | Worker)"
    )
    assert [c["name"] for c in other["fixef"]] == ["(Intercept)", "MachineA", "MachineB"]


@pytest.mark.parametrize(
    "argv",
    [
        ["icc", "sleepstudy", RIS],
        ["bootstrap", "sleepstudy", RIS, "-n", "0"],
        ["profile", "sleepstudy", RIS, "--level", "2"],
        ["fit", "sleepstudy", RIS, "--contrasts", "Machine"],
    ],
)
def test_wrong_usage_ends_with_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 2
    assert "usage" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (["icc", "sleepstudy", RIS, "--along", "Subject"], "not_in_term"),
        (["icc", "sleepstudy", RIS, "--along", "Days", "--term", "3"], "no_such_term"),
        (
            ["fit", "Machines", "score ~ Machine + (1 | Worker)", "--contrasts", "Machine=odd"],
            "unknown_contrast",
        ),
        (
            ["fit", "Machines", "score ~ Machine + (1 | Worker)", "--reference", "Machine=Z"],
            "unknown_reference",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    argv: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*argv, "--json"]) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == code
    assert error["message"].endswith((".", "?"))


@pytest.mark.parametrize("seed", ["-1", "1.5", "abc"])
def test_what_is_no_seed_is_wrong_usage(seed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "sleepstudy", RIS, f"--seed={seed}"]) == 2
    assert "is no seed; give a whole number of at least 0" in capsys.readouterr().err


def test_responses_never_take_a_columns_name(text: Callable[..., str], tmp_path: Path) -> None:
    place = tmp_path / "drawn.csv"
    place.write_text("y,sim_1,g\n1,1,a\n2.5,2,a\n3,3,b\n4.1,4,b\n3,3,c\n4.4,4,c\n")
    out = text("simulate", "--seed", "1", "-n", "2", table=str(place), formula="y ~ sim_1 + (1 | g)")
    assert out.splitlines()[0] == "y,sim_1,g,sim__1,sim__2"


def test_one_row_without_a_value_is_one_row(text: Callable[..., str], tmp_path: Path) -> None:
    place = tmp_path / "rows.csv"
    place.write_text("Days,Subject\n1,308\n,308\n")
    assert "\n1 row lacks a value that the model reads, so it has no prediction." in text(
        "predict", "--rows", str(place)
    )


def test_every_command_says_that_the_variances_are_not_determined(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    # The fixed effects already let all six cells differ: nothing is left of the variance between them, and
    # what F comes out depends on where the search stood still.
    place = tmp_path / "cells.csv"
    cells = [f"{a}{b}" for a in "pq" for b in "rst"]
    place.write_text(
        "y,a,b\n" + "".join(f"{k + d},{c[0]},{c[1]}\n" for k, c in enumerate(cells) for d in (0, 1, 3.5))
    )
    formula = "y ~ a * b + (1 | a:b)"
    for command in (["anova"], ["means", "a"], ["slopes", "a"], ["ranova"], ["predict"]):
        main([command[0], str(place), formula, *command[1:], "--json"])
        printed = capsys.readouterr()
        assert "Not identifiable. The variance of `(1 | a:b)` cannot be estimated" in printed.err
        json.loads(printed.out)
