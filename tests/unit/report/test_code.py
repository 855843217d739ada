"""A model as calls of other programs, written out."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from mmgui.data.read import read_table, read_text
from mmgui.data.samples import load_sample
from mmgui.data.table import TextFile
from mmgui.engine.build.assemble import build_design
from mmgui.report.code import codes_of, file_of, lme4_code, mmgui_code
from mmgui.report.julia_code import julia_code
from mmgui.report.names import string
from mmgui.report.statsmodels_code import statsmodels_code
from mmgui.report.table_file import julia_read, pandas_read, r_read
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.formula import parse

SLEEP = parse("Reaction ~ Days + (Days || Subject)")
AWKWARD = replace(parse("log(y) ~ a * `b c` + I(x^2) + (0 + x | g/h)"), reml=False, weights="w 1")


def test_lme4_takes_the_formula_as_it_stands() -> None:
    assert lme4_code(SLEEP).splitlines()[2] == (
        "m <- lmer(Reaction ~ Days + (Days || Subject), data = d, REML = TRUE)"
    )
    assert lme4_code(AWKWARD).splitlines()[2] == (
        "m <- lmer(log(y) ~ a * `b c` + I(x^2) + (0 + x | g/h), data = d, REML = FALSE, weights = `w 1`)"
    )


def test_julia_writes_uncorrelated_effects_with_zerocorr_and_interactions_with_an_ampersand() -> None:
    assert julia_code(SLEEP, "t.csv").splitlines()[2] == (
        "m = fit(MixedModel, @formula(Reaction ~ 1 + Days + zerocorr(1 + Days | Subject)), d; REML = true)"
    )
    assert julia_code(AWKWARD, "t.csv").splitlines()[2] == (
        'm = fit(MixedModel, @formula(log(y) ~ 1 + a + var"b c" + protect(x ^ 2) + a & var"b c" + (0 + x | g)'
        ' + (0 + x | g & h)), d; REML = false, weights = d.var"w 1")'
    )


def test_a_file_name_cannot_leave_its_string() -> None:
    assert '"a\\"b.csv"' in mmgui_code(SLEEP, 'a"b.csv')
    assert 'read.csv("a\\"b.csv"' in lme4_code(SLEEP, 'a"b.csv')


@pytest.mark.parametrize(
    ("header", "rows", "r", "julia", "pandas"),
    [
        ("y,x,g", "1.5,2,a", '("My table.txt", strings', ", DataFrame)", '"My table.txt", usecols'),
        (
            "y;x;g", "1,5;2;a", 'read.csv2("My table.txt", strings', "; delim = ';', decimal = ',')",
            'sep=";", decimal=",", ',
        ),
        ("y;x;g", "1.5;2;a", 'read.csv("My table.txt", sep = ";", ', "; delim = ';')", 'sep=";", usecols'),
        (
            "y\tx\tg", "1,5\t2\ta", ', sep = "\\t", dec = ",", ', "delim = '\\t', decimal = ','",
            'sep="\\t", decimal=","',
        ),
        ("y x g", "1.5 2 a", ', sep = "", ', "; delim = ' ', ignorerepeated = true)", 'sep="\\\\s+", '),
    ],
)  # fmt: skip
def test_code_reads_the_persons_own_file(tmp_path, header, rows, r, julia, pandas) -> None:
    path = tmp_path / "My table.txt"
    more = [rows.replace("a", "abc"[k % 3]).replace("1", str(k)) for k in range(9)]
    path.write_text("\n".join([header, *more]) + "\n")
    file = file_of(read_table(path))
    spec = parse("y ~ x + (1 | g)")
    assert r in lme4_code(spec, file)
    assert julia in julia_code(spec, file)
    assert pandas in statsmodels_code(spec, file, {"g"}, incomplete=False)
    assert '"My table.txt"' in mmgui_code(spec, file)


@pytest.mark.parametrize(
    ("words", "r", "julia", "pandas"),
    [
        (("NA",), "", 'missingstring = ["", "NA"]', ""),
        (("",), 'na.strings = c("", "NA")', "", ""),
        ((".",), 'na.strings = c(".", "NA")', 'missingstring = ["", "."]', 'na_values=["."]'),
        (
            ("NA", "", "-"), 'na.strings = c("", "-", "NA")', 'missingstring = ["", "-", "NA"]',
            'na_values=["-"]',
        ),
        ((), "", "", ""),
    ],
)  # fmt: skip
def test_code_tells_what_is_missing_in_the_file(tmp_path, words, r, julia, pandas) -> None:
    # read.csv takes "NA" for missing by itself, CSV.read empty entries, pd.read_csv both and more.
    path = tmp_path / "t.csv"
    more = [f"{k}.5,{word},{'abc'[k % 3]}" for k, word in enumerate((*words, *"12345678"))]
    path.write_text("\n".join(["y,x,g", *more]) + "\n")
    file = file_of(read_table(path))
    spec = parse("y ~ x + (1 | g)")
    codes = (lme4_code(spec, file), julia_code(spec, file), statsmodels_code(spec, file, {"g"}))
    for code, told, option in zip(
        codes, (r, julia, pandas), ("na.strings", "missing", "na_val"), strict=True
    ):
        assert told in code
        assert bool(told) == (option in code)


@pytest.mark.parametrize(
    "name", ['a"); q("', "end\\", "$(x)", "two\nlines", "it's", "a\u2028b\x85c", "ü%s{}"]
)
def test_a_file_name_is_one_text_in_every_language(name) -> None:
    file = TextFile(name, "\t", ",", (name,))
    call = ast.parse(pandas_read(file, [name])).body
    assert len(call) == 1
    assert isinstance(call[0], ast.Expr)
    assert isinstance(call[0].value, ast.Call)
    assert ast.literal_eval(call[0].value.args[0]) == name
    assert all(ast.literal_eval(k.value) in (["\t"], "\t", ",", [name]) for k in call[0].value.keywords)
    # Escapes of R and Julia are those of Python, but for Julia's dollar sign.
    for code in (r_read(file), julia_read(file).replace("\\$", "$")):
        assert code.startswith(("read.csv(" + string(name) + ", ", "CSV.read(" + string(name) + ", "))
    assert "$" not in julia_read(file).replace("\\$", "")


def test_the_name_of_a_column_does_not_end_a_comment() -> None:
    spec = replace(parse("y ~ 1 + (1 | g)"), codings=(Coding("f\nrun(`x`)", Contrast.POLYNOMIAL),))
    assert julia_code(spec, "t.csv").splitlines()[:2] == [
        "# StatsModels.jl has no polynomial contrasts: f run(`x`)",
        "using CSV, DataFrames, MixedModels",
    ]


def test_pasted_data_have_the_name_of_a_file_to_be() -> None:
    assert file_of(read_text("y,x,g\n1,2,a\n2,3,b\n", "pasted")).name == "pasted.csv"
    assert file_of(None).name == "table.csv"


def test_a_covariance_structure_names_the_lme4_it_needs_and_julia_says_that_it_has_none() -> None:
    spec = parse("y ~ x + cs(0 + f | g, hom = TRUE)")
    assert lme4_code(spec).splitlines()[0] == "library(lme4)  # 2.0 or later, for the covariance structure"
    assert "lmer(y ~ x + cs(0 + f | g, hom = TRUE), data = d" in lme4_code(spec)
    assert julia_code(spec, "t.csv") == (
        "# MixedModels.jl has no covariance structure such as cs(0 + f | g, hom = TRUE)"
    )


def test_codings_of_factors_are_part_of_every_call() -> None:
    codings = (
        Coding("f", Contrast.SUM, "b"),
        Coding("g 1", reference="z"),
        Coding("h", Contrast.HELMERT),
    )
    spec = replace(parse("y ~ f + `g 1` + h + (1 | s)"), codings=codings)
    assert lme4_code(spec).splitlines()[2:7] == [
        'd$f <- factor(d$f, levels = c(setdiff(levels(d$f), "b"), "b"))',
        "contrasts(d$f) <- contr.sum",
        'd$`g 1` <- relevel(d$`g 1`, "z")',
        "contrasts(d$h) <- contr.helmert",
        "m <- lmer(y ~ f + `g 1` + h + (1 | s), data = d, REML = TRUE)",
    ]
    assert 'contrasts = Dict(:f => EffectsCoding(base = "b"), :var"g 1" => DummyCoding(base = "z")' in (
        julia_code(spec, "t.csv")
    )
    assert "contrasts={'f': 'sum', 'h': 'helmert'}, reference={'f': 'b', 'g 1': 'z'})" in mmgui_code(spec)
    trend = replace(spec, codings=(Coding("f", Contrast.POLYNOMIAL),))
    assert julia_code(trend, "t.csv").startswith("# StatsModels.jl has no polynomial contrasts: f\n")
    assert "contrasts(d$f) <- contr.poly" in lme4_code(trend)


def test_a_factor_whose_labels_are_numbers_is_made_one_for_other_programs() -> None:
    spec = parse("y ~ dose + (1 | subject)")
    assert "d$dose <- factor(d$dose)" in lme4_code(spec, numbered=("dose", "subject"))
    assert "factor(d$subject)" not in lme4_code(spec, numbered=("dose", "subject"))
    assert "contrasts = Dict(:dose => DummyCoding())" in julia_code(spec, "t.csv", numbered=("dose",))


def test_arithmetic_is_protected_in_julia_where_it_would_add_terms() -> None:
    # StatsModels.jl reads a * b as a + b + a & b, unless it stands in a call or in protect().
    code = julia_code(
        parse("I(after - before) ~ I(a * b) + log(a + 1, 3) + I(-(a - b)^2) + (1 | g)"), "t.csv"
    )
    assert (
        "@formula(protect(after - before) ~ 1 + protect(a * b) + log(3, a + 1) + protect(-((a - b) ^ 2))"
        " + (1 | g))"
    ) in code


@pytest.mark.parametrize(
    ("formula", "what"),
    [
        ("y ~ poly(x, 2) + (1 | g)", "no poly(x, 2); make the columns first"),
        ("y ~ I(2 * scale(x)) + (1 | g)", "no scale(x); make the columns first"),
        ("y ~ x + offset(z) + (1 | g)", "no offset; take it off the response first"),
        (
            "y ~ factor(x) + x:z + (1 | g)",
            "no factor(x) beside the numbers of x; make a column of labels first",
        ),
    ],
)
def test_julia_says_what_it_does_not_have(formula: str, what: str) -> None:
    assert julia_code(parse(formula), "t.csv") == f"# MixedModels.jl has {what}"


def test_a_factor_made_in_the_formula_is_one_in_julia_and_stays_a_quantity_elsewhere_in_r() -> None:
    alone = codes_of(
        build_design(parse("Reaction ~ factor(Days) + (1 | Subject)"), load_sample("sleepstudy"))
    )
    assert (
        "~ 1 + Days + (1 | Subject)), d; REML = true, contrasts = Dict(:Days => DummyCoding())"
        in dict(alone)["MixedModels.jl"]
    )
    assert "d$Days <- factor" not in dict(alone)["lme4 (R)"]


def test_r_is_given_what_it_does_not_have_by_itself() -> None:
    code = lme4_code(parse("y ~ ns(x, 3) + center(z) + (1 | g)"))
    assert code.splitlines()[1] == "library(splines)"
    assert code.splitlines()[3] == "center <- function(x) x - mean(x, na.rm = TRUE)"
    assert "splines" not in lme4_code(SLEEP)
    assert "center" not in lme4_code(SLEEP)


def test_statsmodels_is_not_called_where_columns_depend_on_each_other() -> None:
    table = load_sample("Machines")
    design = build_design(parse("score ~ Machine + factor(Machine) + (1 | Worker)"), table)
    assert design.dropped_columns
    assert dict(codes_of(design))["statsmodels (Python)"].startswith(
        "# statsmodels cannot fit this model: its columns depend linearly on each other (factor(Machine)"
    )


def test_a_model_without_random_effects_is_one_for_lm() -> None:
    spec = parse("y ~ x")
    assert lme4_code(spec).splitlines()[-2] == "m <- lm(y ~ x, data = d)"
    assert julia_code(spec, "t.csv") == (
        "# MixedModels.jl has no models without random effects; lm of GLM.jl fits such"
    )
