"""F tests, marginal means, slopes and contrasts from the command line, against lmerTest and emmeans."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import mmgui
from mmgui.cli import main

SCORE = "score ~ Machine + (1 | Worker)"
RIS = "Reaction ~ Days + (Days | Subject)"

Answer = Callable[..., Any]


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Answer:
    def run(*argv: str) -> Any:
        assert main([*argv, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return run


def test_anova_is_lmertests(answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    # lmerTest 3.1-3: anova(lmer(score ~ Machine + (1 | Worker), Machines)).
    found = answer("anova", "Machines", SCORE)
    assert (found["terms"], found["type"], found["num_df"]) == (["Machine"], "III", [2])
    assert found["sum_sq"] == pytest.approx([1755.2633], rel=1e-6)
    assert found["den_df"] == pytest.approx([46.0], rel=1e-6)
    assert found["f"] == pytest.approx([87.79816], rel=1e-6)
    assert main(["anova", "Machines", SCORE]) == 0
    assert "87.7982  < 2e-16" in capsys.readouterr().out


def test_means_are_those_of_emmeans(answer: Answer) -> None:
    # emmeans(m, "Machine", lmer.df = "satterthwaite") and pairs() of it.
    found = answer("means", "Machines", SCORE, "Machine", "--pairs")
    means, pairs = found["estimates"], found["pairs"]
    assert means["labels"] == ["A", "B", "C"]
    assert means["estimate"] == pytest.approx([52.35556, 60.32222, 66.27222], abs=1e-5)
    assert means["lower"] == pytest.approx([46.86259, 54.82925, 60.77925], abs=2e-4)
    assert pairs["labels"] == ["A - B", "A - C", "B - C"]
    assert pairs["lower"] == pytest.approx([-10.518989, -16.468989, -8.502323], abs=2e-4)
    assert pairs["adjust"] == "tukey"


def test_slopes_have_intervals(answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer("slopes", "sleepstudy", RIS, "Days")
    # 10.467286 ± qt(0.975, 17) × 1.545790.
    assert found["estimates"]["estimate"] == pytest.approx([10.467286], abs=1e-5)
    assert found["estimates"]["lower"] == pytest.approx([7.20596], abs=1e-3)
    assert main(["slopes", "sleepstudy", RIS, "Days"]) == 0
    assert "Slope of Reaction in Days" in capsys.readouterr().out


def test_means_at_values_of_a_quantity(answer: Answer) -> None:
    found = answer("means", "sleepstudy", RIS, "Days", "--at", "Days=0,10")
    # 251.40510 and 251.40510 + 10 × 10.467286.
    assert found["estimates"]["estimate"] == pytest.approx([251.4051, 356.07796], abs=1e-3)


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (["means", "Machines", SCORE, "Worker"], "unknown_column"),
        (["means", "Machines", SCORE, "Machine", "--at", "Machine=Z"], "unknown_level"),
        (["slopes", "Machines", SCORE, "Machine"], "not_a_quantity"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence(
    argv: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*argv, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == code


def test_the_python_methods_give_the_same() -> None:
    model = mmgui.fit(SCORE, "Machines")
    assert model.anova().f == pytest.approx([87.79816], rel=1e-6)
    assert model.means("Machine").estimates.estimate == pytest.approx(
        [52.35556, 60.32222, 66.27222], abs=1e-5
    )
    assert mmgui.fit(RIS, "sleepstudy").slopes("Days").estimates.se == pytest.approx([1.54579], abs=1e-4)


def test_contrasts_by_name(answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    # emmeans: pairs(emmeans(m, "Machine")); A - B is -7.966667 with SE 1.0538825 on 46 df.
    (one,) = answer("contrast", "Machines", SCORE, "Machine : 1*A -1*B")["contrasts"]
    assert (one["estimate"], one["se"], one["df"]) == pytest.approx((-7.966667, 1.0538825, 46.0), rel=1e-5)
    joint = answer("contrast", "Machines", SCORE, "--joint", "Machine : 1*A -1*B & 1*A -1*C")["tests"]
    # All differences of the three machines at once are the F test of the term.
    assert joint[0]["f"] == pytest.approx(87.79816, rel=1e-6)
    assert main(["contrast", "Machines", SCORE, "Machine : 1*A -1*B", "Machine : 0.5*A 0.5*B -1*C"]) == 0
    assert "Machine : 1*A -1*B" in capsys.readouterr().out
    assert main(["contrast", "Machines", SCORE, "Machine : 1*A -1*Z", "--json"]) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert (error["code"], error["where"]["position"]) == ("unknown_level", 17)


def test_a_contrast_by_weights() -> None:
    model = mmgui.fit(SCORE, "Machines")
    assert model.contrast({"MachineB": -1.0}).estimate == pytest.approx(-7.966667, abs=1e-5)
    assert model.joint_test([{"MachineB": 1.0}, {"MachineC": 1.0}]).f == pytest.approx(87.79816, rel=1e-6)


LABELS = "y,lab,x,g\n" + "".join(
    f"{y},{lab},{x},{g}\n"
    for g, (lab, base) in enumerate([("01", 1.0), ('"a, b"', 5.0), ("1", 9.0)] * 2)
    for x, y in enumerate([base, base + 1 + 0.1 * g, base + 1.9])
)


@pytest.fixture
def labels(tmp_path: Path) -> str:
    place = tmp_path / "labels.csv"
    place.write_text(LABELS)
    return str(place)


@pytest.mark.parametrize(
    ("asked", "levels", "means"),
    [
        # The mean of each label's six responses: 1 2 2.9 1 2.3 2.9, and so on.
        ("lab=01", ["01"], [12.1 / 6]),
        ("lab=1", ["1"], [60.5 / 6]),
        ("lab=1,01", ["1", "01"], [60.5 / 6, 12.1 / 6]),
        ("lab=a, b", ["a, b"], [36.3 / 6]),
        ('lab="a, b",01', ["a, b", "01"], [36.3 / 6, 12.1 / 6]),
    ],
)
def test_levels_asked_for_are_taken_as_they_are_written(
    answer: Answer, labels: str, asked: str, levels: list[str], means: list[float]
) -> None:
    found = answer("means", labels, "y ~ lab + x + (1 | g)", "lab", "--at", asked)
    assert found["estimates"]["labels"] == levels
    assert found["estimates"]["estimate"] == pytest.approx(means, rel=1e-9)


def test_a_level_that_is_none_is_refused_and_levels_with_commas_stand_apart(
    labels: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["means", labels, "y ~ lab + x + (1 | g)", "lab", "--at", "lab=1.0"]) == 1
    assert (
        "lab has no level “1.0” in the rows fitted; its levels are 01, 1, “a, b”." in capsys.readouterr().err
    )


def test_one_level_asked_for_is_held_and_not_averaged_over(
    answer: Answer, labels: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer("means", labels, "y ~ lab + x + (1 | g)", "x", "--at", "x=0,1", "--at", "lab=01")
    assert (found["averaged"], found["held"]) == ([], {"lab": "01"})
    assert main(["slopes", labels, "y ~ lab * x + (1 | g)", "x", "--at", "lab=01"]) == 0
    assert "At x = 1, lab = 01." in capsys.readouterr().out


def test_an_approximation_that_does_not_exist_is_said_under_the_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    argv = ["anova", "sim_plots_treatments", "y ~ ttt + (ttt | plot)", "--df", "kenward-roger"]
    assert main(argv) == 0
    printed = capsys.readouterr().out
    assert "nan" not in printed
    assert "ttt: there are too few groups" in printed
