"""A model as calls of other programs, written out."""

from __future__ import annotations

from dataclasses import replace

from mmgui.report.code import julia_code, lme4_code, mmgui_code
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
    assert julia_code(SLEEP).splitlines()[2] == (
        "m = fit(MixedModel, @formula(Reaction ~ 1 + Days + zerocorr(1 + Days | Subject)), d; REML = true)"
    )
    assert julia_code(AWKWARD).splitlines()[2] == (
        'm = fit(MixedModel, @formula(log(y) ~ 1 + a + var"b c" + x^2 + a & var"b c" + (0 + x | g)'
        ' + (0 + x | g & h)), d; REML = false, weights = d.var"w 1")'
    )


def test_a_file_name_cannot_leave_its_string() -> None:
    assert '"a\\"b.csv"' in mmgui_code(SLEEP, 'a"b.csv')
    assert 'read.csv("a\\"b.csv"' in lme4_code(SLEEP, 'a"b.csv')


def test_a_covariance_structure_names_the_lme4_it_needs_and_julia_says_that_it_has_none() -> None:
    spec = parse("y ~ x + cs(0 + f | g, hom = TRUE)")
    assert lme4_code(spec).splitlines()[0] == "library(lme4)  # 2.0 or later, for the covariance structure"
    assert "lmer(y ~ x + cs(0 + f | g, hom = TRUE), data = d" in lme4_code(spec)
    assert julia_code(spec) == (
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
        julia_code(spec)
    )
    assert "contrasts={'f': 'sum', 'h': 'helmert'}, reference={'f': 'b', 'g 1': 'z'})" in mmgui_code(spec)
    trend = replace(spec, codings=(Coding("f", Contrast.POLYNOMIAL),))
    assert julia_code(trend).startswith("# StatsModels.jl has no polynomial contrasts: f\n")
    assert "contrasts(d$f) <- contr.poly" in lme4_code(trend)


def test_a_factor_whose_labels_are_numbers_is_made_one_for_other_programs() -> None:
    spec = parse("y ~ dose + (1 | subject)")
    assert "d$dose <- factor(d$dose)" in lme4_code(spec, numbered=("dose", "subject"))
    assert "factor(d$subject)" not in lme4_code(spec, numbered=("dose", "subject"))
    assert "contrasts = Dict(:dose => DummyCoding())" in julia_code(spec, numbered=("dose",))
