"""Derived columns in the code of other programs: made first, and the same columns as ours."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mmgui.data.derive import with_derived
from mmgui.data.read import read_text
from mmgui.data.samples import load_sample
from mmgui.data.table import Table
from mmgui.engine.build.assemble import build_design
from mmgui.report.code import codes_of
from mmgui.report.derived_code import pandas_columns, r_columns
from mmgui.spec.derived import DerivedColumn, read_derived
from mmgui.spec.formula import parse

# A row without a group, a row without a value, a group of one row.
TEXT = "g,h,my x\nA,p,1\nA,q,3\nB,p,5\nB,q,NA\nNA,p,4\nC,p,2\nA,p,8\nB,p,2.5\n"
DEFINITIONS = {
    "centred": "center(`my x`)",
    "within": "center(`my x`, g)",
    "means": "mean(`my x`, g)",
    "in cells": "center(`my x`, g, h)",
    "scaled": "scale(`my x`)",
    "logs": "log(`my x`)",
    "squares": "square(within)",
}
DERIVED = [read_derived(name, text) for name, text in DEFINITIONS.items()]


def _table() -> Table:
    return with_derived(read_text(TEXT, "t"), DERIVED)


def _ours(name: str) -> list[float]:
    values = _table()[name].values
    assert values is not None
    return [float(v) for v in values]


@pytest.mark.parametrize("name", list(DEFINITIONS))
def test_pandas_makes_the_same_columns(name: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(TEXT, encoding="utf-8")
    lines = [
        "import numpy as np",
        "import pandas as pd",
        'd = pd.read_csv("t.csv")',
        *pandas_columns(DERIVED),
    ]
    lines.append('d.to_csv("made.csv", index=False, float_format="%.17g")')
    # As a person runs it: a script of its own, beside the file it reads.
    (tmp_path / "columns.py").write_text("\n".join(lines), encoding="utf-8")
    subprocess.run([sys.executable, "columns.py"], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    frame = pd.read_csv(tmp_path / "made.csv")
    np.testing.assert_allclose(frame[name].to_numpy(), _ours(name), rtol=1e-12, atol=1e-12)


def test_r_makes_the_same_columns(tmp_path: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    path = tmp_path / "t.csv"
    path.write_text(TEXT, encoding="utf-8")
    lines = [f'd <- read.csv("{path}", stringsAsFactors = TRUE, check.names = FALSE)', *r_columns(DERIVED)]
    lines.append(f'write.csv(d, "{path}", row.names = FALSE)')
    subprocess.run(["Rscript", "-e", "\n".join(lines)], check=True, capture_output=True, timeout=60)
    frame = pd.read_csv(path)
    for name in DEFINITIONS:
        np.testing.assert_allclose(frame[name].to_numpy(), _ours(name), rtol=1e-9, atol=1e-9)


def _codes(formula: str, **definitions: str) -> dict[str, str]:
    derived = [read_derived(name, text) for name, text in definitions.items()]
    table = with_derived(load_sample("sleepstudy"), derived)
    return dict(codes_of(build_design(parse(formula), table), "sleepstudy.csv"))


def test_every_program_is_told_how_the_columns_that_the_model_reads_are_made() -> None:
    codes = _codes(
        "Reaction ~ q + (q | Subject)", c="center(Days)", q="square(c)", other="mean(Days, Subject)"
    )
    assert "d$c <- d$Days - mean(d$Days, na.rm = TRUE)\nd$q <- d$c^2\nm <- lmer(" in codes["lme4 (R)"]
    assert (
        'd[!, "c"] = d[!, "Days"] .- mean(skipmissing(d[!, "Days"]))\nd[!, "q"] = d[!, "c"] .^ 2\nm = fit('
    ) in codes["MixedModels.jl"]
    assert (
        'usecols=["Reaction", "Subject", "Days"])\nd["c"] = d["Days"] - d["Days"].mean()\n'
        'd["q"] = d["c"] ** 2\nm = smf'
    ) in codes["statsmodels (Python)"]
    assert "# q = square(c): c squared\n" in codes["3dLMEr (AFNI)"]
    assert "derive={'c': 'center(Days)', 'q': 'square(c)'})" in codes["mmgui (Python)"]
    assert not any("other" in code for code in codes.values())


def test_combined_labels_are_made_in_every_program() -> None:
    table = with_derived(load_sample("Pastes"), [read_derived("both", "combine(batch, cask)")])
    codes = dict(codes_of(build_design(parse("strength ~ 1 + (1 | both)"), table)))
    assert 'd$both <- interaction(d$batch, d$cask, sep = ":", drop = TRUE)' in codes["lme4 (R)"]
    assert 'd[!, "both"] = passmissing(string).(d[!, "batch"], ":", d[!, "cask"])' in codes["MixedModels.jl"]
    assert (
        'd["both"] = (d["batch"].astype(str) + ":" + d["cask"].astype(str))'
        in (codes["statsmodels (Python)"])
    )


def test_a_dollar_sign_is_no_interpolation_in_julia() -> None:
    column = DerivedColumn("a$b", read_derived("n", "log(x)").derivation, "x$y")
    table = with_derived(read_text("x$y,g,y\n1,a,1\n2,a,3\n3,b,2\n4,b,5\n", "t"), [column])
    codes = dict(codes_of(build_design(parse("y ~ `a$b` + (1 | g)"), table), "$t.csv"))
    assert 'CSV.read("\\$t.csv", DataFrame)\nd[!, "a\\$b"] = log.(d[!, "x\\$y"])' in codes["MixedModels.jl"]


def test_statsmodels_is_given_the_complete_rows_where_others_are_left_out() -> None:
    text = "y,x,g\n1,1,a\n2,,a\n3,2,b\n5,4,b\n4,1,c\n6,3,c\n"
    design = build_design(parse("y ~ x + (1 | g)"), read_text(text, "t"))
    assert design.dropped_rows == 1
    assert '\nd = d.dropna(subset=["y", "x", "g"])\nm = smf' in dict(codes_of(design))["statsmodels (Python)"]
