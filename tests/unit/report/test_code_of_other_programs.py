"""Models as calls of statsmodels and 3dLMEr, or the reason why there is none."""

from __future__ import annotations

import math
import subprocess
import sys
from dataclasses import replace

import pytest

from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.report.afni_code import afni_code
from mmgui.report.statsmodels_code import statsmodels_code
from mmgui.spec.formula import parse


def _call(formula: str, *labelled: str) -> str:
    return next(
        line for line in statsmodels_code(parse(formula), "t.csv", labelled).splitlines() if "m = " in line
    )


def test_statsmodels_takes_one_term_that_correlates() -> None:
    assert _call("Reaction ~ Days + (Days | Subject)") == (
        'm = smf.mixedlm("Reaction ~ 1 + Days", d, groups="Subject", re_formula="~ 1 + Days").fit(reml=True)'
    )


def test_statsmodels_takes_nested_and_crossed_groups_as_variance_components() -> None:
    assert 'groups="batch", re_formula="1", vc_formula={"batch:cask": "0 + C(cask)"}' in _call(
        "strength ~ 1 + (1 | batch/cask)"
    )
    assert 'groups="all rows", vc_formula={"plate": "0 + C(plate)", "sample": "0 + C(sample)"}' in _call(
        "diameter ~ 1 + (1 | plate) + (1 | sample)"
    )
    assert 'd["all rows"] = 1' in statsmodels_code(parse("y ~ 1 + (1 | a) + (1 | b)"), "t.csv")


@pytest.mark.parametrize(
    ("sample", "formula", "labelled"),
    [
        ("sleepstudy", "Reaction ~ Days + (Days || Subject)", ()),
        ("sim_within_subject_factors", "y ~ A * B + (1 | Subj) + (1 | A:Subj) + (1 | B:Subj)", ("A", "B")),
        ("Machines", "score ~ Machine + homdiag(0 + Machine | Worker) + (1 | Worker)", ("Machine",)),
    ],
)
def test_statsmodels_called_so_reaches_our_criterion(
    sample: str, formula: str, labelled: tuple[str, ...], tmp_path
) -> None:
    pytest.importorskip("statsmodels.formula.api")
    table = load_sample(sample)
    frame = __import__("pandas").DataFrame(
        {c.name: c.values if c.is_number else [c.levels[k] for k in c.codes] for c in table.columns}
    )
    frame[list(parse(formula).columns())].to_csv(tmp_path / "t.csv", index=False)
    code = f"{statsmodels_code(parse(formula), 't.csv', labelled)}\nprint(repr(float(-2 * m.llf)))\n"
    # As a person runs it: a script of its own, beside the file it reads.
    (tmp_path / "model.py").write_text(code, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "model.py"], cwd=tmp_path, check=True, capture_output=True, text=True, timeout=120
    )
    criterion = float(ran.stdout.splitlines()[-1])
    assert math.isclose(criterion, fit(FitJob(parse(formula), table)).objective, abs_tol=1e-3)


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        (
            "y ~ x + (x | g) + (1 | h)",
            "effects of g may correlate, so all other groups must lie within its groups.",
        ),
        ("y ~ x + (x | g) + (z | g)", "the effects of one term alone may correlate in MixedLM."),
        ("y ~ f + cs(0 + f | g)", "MixedLM has no covariance structure such as cs(0 + f | g)."),
        ("y ~ ns(x, 3) + (1 | g)", "it has no ns(x, 3); make the columns first."),
    ],
)
def test_statsmodels_says_what_it_cannot_express(formula: str, reason: str) -> None:
    assert statsmodels_code(parse(formula), "t.csv", ("f",)) == (
        f"# statsmodels cannot express this model: {reason}"
    )


def test_weights_are_refused_by_both() -> None:
    spec = replace(parse("y ~ 1 + (1 | g)"), weights="w")
    assert statsmodels_code(spec, "t.csv").endswith("MixedLM takes no weights.")
    assert afni_code(spec).endswith("it takes no weights.")


def test_3dlmer_names_quantities_and_keeps_them_where_they_are() -> None:
    # Help of 3dLMEr: without -qVarCenters every quantity is centred at its mean.
    code = afni_code(parse("y ~ A * rating + (1 + rating | Subj)"), ("A", "Subj"))
    assert code.splitlines()[-6:] == [
        "3dLMEr -prefix result \\",
        "    -model 'A*rating+(rating|Subj)' \\",
        "    -qVars 'rating' \\",
        "    -qVarCenters '0' \\",
        "    -SS_type 3 \\",
        "    -dataTable @table.txt",
    ]
    assert code.splitlines()[0] == "# table.txt: Subj A rating InputFile"


def test_3dlmer_says_what_it_cannot_express() -> None:
    assert afni_code(parse("y ~ log(x) + (1 | g)")).endswith("make log(x) first and add its columns.")
    assert afni_code(parse("y ~ f + ar1(0 + f | g)")).endswith(
        "no covariance structure such as ar1(0 + f | g)."
    )
    assert afni_code(parse("y ~ `a b` + (1 | g)")).endswith("rename the column.")


def test_a_name_cannot_leave_its_comment_or_its_string() -> None:
    code = statsmodels_code(parse("y ~ `a\\nimport os` + (1 | g)"), 'x".csv')
    assert not any(line.startswith("import os") for line in code.splitlines())
    assert 'read_csv("x\\".csv"' in code
