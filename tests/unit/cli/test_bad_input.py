"""Every kind of bad input gives exit code 1 and one clear sentence, in JSON and on standard error."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mmgui.cli import main

SMALL = "y,x,g\n1,1,a\n2.5,2,a\n3,3,b\n4.1,4,b\n3,3,c\n4.4,4,c\n"

CASES = {
    "an empty file": ("", "y ~ 1 + (1 | g)", "empty_file", "is empty"),
    "a header only": ("y,g\n", "y ~ 1 + (1 | g)", "no_rows", "has column names but no rows"),
    "one column": ("y\n1\n2\n3\n", "y ~ 1", "one_column", "has only one column"),
    "ragged rows": (SMALL + "1,2\n" + SMALL[6:] * 3, "y ~ x + (1 | g)", "ragged", "line 8"),
    "a binary file": ("\0\1\2\3\0\0" * 300, "y ~ 1", "binary", "is not a text file"),
    "no complete row": (
        "y,x,g\n,1,a\n,2,a\n,3,b\n,4,b\n",
        "y ~ x + (1 | g)",
        "no_complete_rows",
        "No row has a value in every column the model uses: y is missing in all of 4 rows.",
    ),
    "a constant response": (
        "y,x,g\n5,1,a\n5,2,a\n5,3,b\n5,4,b\n5,1,c\n5,3,c\n",
        "y ~ x + (1 | g)",
        "response_is_constant",
        "y is 5 in every row used",
    ),
    "a response of text": (
        "y,x,g\nlow,1,a\nhigh,2,a\nlow,3,b\nhigh,4,b\n",
        "y ~ x + (1 | g)",
        "response_not_a_number",
        "The response must be a number, but y is a category",
    ),
    "one group": (
        "y,x,g\n1,1,a\n2.5,2,a\n3,3,a\n4.1,4,a\n",
        "y ~ x + (1 | g)",
        "one_group",
        "g has only one group",
    ),
    "a group for every row": (
        "y,x,g\n1,1,a\n2.5,2,b\n3,3,c\n4.1,4,d\n",
        "y ~ x + (1 | g)",
        "group_per_row",
        "Every row is its own group of g",
    ),
    "more random effects than rows": (
        SMALL,
        "y ~ x + (x | g)",
        "more_effects_than_rows",
        "2 effects for each of 3 groups of g are 6 random effects, but there are only 6 rows",
    ),
    "an unknown name": (SMALL, "y ~ xx + (1 | g)", "unknown_column", "has no column xx; did you mean x?"),
    "an unclosed parenthesis": (SMALL, "y ~ x + (1 | g", "unclosed_parenthesis", "never closed"),
    "an unopened parenthesis": (SMALL, "y ~ x) + (1 | g)", "unopened_parenthesis", "no opening one"),
    "an infinite value": (
        SMALL.replace("2.5", "inf"),
        "y ~ x + (1 | g)",
        "infinite_values",
        "y is infinite in 1 row",
    ),
    "the response as a group": (
        SMALL,
        "y ~ x + (1 | y)",
        "response_explains",
        "y is the response and cannot also explain it",
    ),
    "= in place of ~": (SMALL, "y = x + (1 | g)", "stray_equals", "between response and predictors write ~"),
    "numbers too large": (
        SMALL.replace("2.5", "2e300"),
        "y ~ x + (1 | g)",
        "too_large_numbers",
        "y holds numbers as large as 2e+300, too large to compute with",
    ),
    "numbers too small": (
        "y,x,g\n" + "".join(f"{k}.5e-200,{k % 2},{'abc'[k // 2]}\n" for k in range(6)),
        "y ~ x + (1 | g)",
        "too_small_numbers",
        "y holds no number larger than 5.5e-200",
    ),
    "a title above the columns": ("May\n" + SMALL, "y ~ x + (1 | g)", "ragged", "line 2 has 3 fields"),
    "an empty formula": (SMALL, "", "empty", "The formula is empty"),
    "no response": (SMALL, "~ x + (1 | g)", "no_response", "the response is missing"),
    "Python in the formula": (SMALL, "y ~ x.__class__() + (1 | g)", None, ""),
}


@pytest.mark.parametrize(("content", "formula", "code", "words"), CASES.values(), ids=CASES.keys())
def test_bad_input_is_one_sentence_and_exit_code_1(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: str,
    formula: str,
    code: str | None,
    words: str,
) -> None:
    file = tmp_path / "table.csv"
    file.write_text(content, encoding="utf-8")
    assert main(["fit", str(file), formula, "--json"]) == 1
    out, err = capsys.readouterr()
    error = json.loads(out)["error"]
    assert set(error) == {"code", "message", "where"}
    assert code is None or error["code"] == code
    assert words in error["message"]
    assert error["message"] in err
    assert "Traceback" not in err
    assert main(["fit", str(file), formula]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert error["message"] in err


def test_a_syntax_error_points_at_the_character(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "table.csv"
    file.write_text(SMALL, encoding="utf-8")
    assert main(["fit", str(file), "y ~ x + (1 | g", "--json"]) == 1
    where = json.loads(capsys.readouterr().out)["error"]["where"]
    assert where == {"part": "formula", "name": "", "position": 8}


def test_a_missing_file_that_is_no_sample_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", "nowhere.csv", "y ~ 1", "--json"]) == 1
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["code"] == "missing_file"
    assert "nowhere.csv" in error["message"]


def test_a_perfect_fit_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "exact.csv"
    rows = [(g, x) for g in range(4) for x in range(5)]
    file.write_text("y,x,g\n" + "".join(f"{2 * x + 3 * g},{x},g{g}\n" for g, x in rows), encoding="utf-8")
    assert main(["fit", str(file), "y ~ x + (1 | g)", "--json"]) == 1
    found = capsys.readouterr()
    assert json.loads(found.out)["error"]["code"] == "perfect_fit"
    assert found.err == (
        "mmgui: The random effects can reproduce the response exactly, so that no residual variance is left "
        "and the likelihood has no maximum; check whether the response follows from the other columns, or "
        "take out random effects.\n"
    )


def test_a_profile_of_a_fit_all_but_perfect_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "nearly.csv"
    rows = [(g, x) for g in range(4) for x in range(5)]
    text = "".join(f"{2 * x + 3 * g + 2e-6 * (7 * x * g % 5 - 2)!r},{x},g{g}\n" for g, x in rows)
    file.write_text("y,x,g\n" + text, encoding="utf-8")
    assert main(["fit", str(file), "y ~ x + (1 | g)", "--ci", "profile", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "perfect_fit"
    assert main(["fit", str(file), "y ~ x + (1 | g)", "--json"]) == 0
    assert [m["id"] for m in json.loads(capsys.readouterr().out)["messages"]] == ["F5"]


@pytest.mark.parametrize("unit", [1e-100, 1e-30, 1e30, 1e100])
def test_extreme_units_change_no_degrees_of_freedom(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder, unit: float
) -> None:
    file = tmp_path / "units.csv"
    frame = [(k % 10, unit * (k % 10 + k // 10 % 3 + (7 * k % 11) / 5), k // 10) for k in range(60)]
    file.write_text("x,y,g\n" + "".join(f"{x},{y!r},g{g}\n" for x, y, g in frame), encoding="utf-8")
    assert main(["fit", str(file), "y ~ x + (1 | g)", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["fixef"]
    # lmerTest 3.1-3 with unit 1.
    assert [f["df"] for f in found] == pytest.approx([6.3555, 53.0], abs=2e-3)
    assert not recwarn


def test_duplicate_and_awkward_column_names_can_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = 'y,x,x,my group,"a ""quoted"" name",größe,a:b|c+d\n'
    body = "".join(
        f"{1.5 * k + k % 3},{k % 4},{k % 5},g{k % 4},{k % 2},{k * k % 7},{k % 6}\n" for k in range(1, 25)
    )
    file = tmp_path / "awkward.csv"
    file.write_text(head + body, encoding="utf-8")
    formula = 'y ~ x + x.1 + `a "quoted" name` + größe + `a:b|c+d` + (1 | `my group`)'
    assert main(["fit", str(file), formula, "--json"]) == 0
    out, err = capsys.readouterr()
    names = [f["name"] for f in json.loads(out)["fixef"]]
    assert names[:3] == ["(Intercept)", "x", "x.1"]
    assert "größe" in names
    assert json.loads(out)["groups"] == {"my group": 4}
    assert "x.1" in err


def test_infinite_and_missing_numbers_never_become_invalid_json(capsys: pytest.CaptureFixture[str]) -> None:
    formula = "Reaction ~ Days + (Days | Subject)"
    assert main(["fit", "sleepstudy", formula, "--df", "none", "--ci", "none", "--json"]) == 0
    out = capsys.readouterr().out

    def refuse(name: str) -> None:
        raise AssertionError(name)

    fit = json.loads(out, parse_constant=refuse)
    assert fit["fixef"][0]["df"] is None
    assert fit["fixef"][0]["p"] is None
    assert fit["fixef"][0]["ci"] is None
