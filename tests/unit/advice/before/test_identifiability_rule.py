"""What a design can tell apart (G4), what it barely can (G5), and the certificate."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rule_runs import fixes, say, table_of

from mmgui.advice.before.certificate import Certificate, certificate
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Severity
from mmgui.data.samples import load_sample
from mmgui.spec.formula import parse


def _certificate(formula: str, sample: str) -> Certificate | None:
    return certificate(DesignFacts(parse(formula, partial=True), load_sample(sample)))


def _pairs(groups: int, with_two: int) -> str:
    """A table in which so many groups have a second row."""
    names = [f"s{g}" for g in range(groups) for _ in range(2 if g < with_two else 1)]
    return "y,g\n" + "\n".join(f"{(7 * k * k) % 31},{g}" for k, g in enumerate(names))


def test_g4_names_both_terms_and_offers_either_without_the_other() -> None:
    """teaching.json, redundant_intercept: the null vector is the two intercepts' variances."""
    (finding,) = say("G4", "Reaction ~ Days + (1 | Subject) + (Days | Subject)", "sleepstudy")
    assert finding.severity is Severity.ERROR
    assert finding.text == (
        "The variance of `(1 | Subject)` and the variance of the intercept in `(Days | Subject)` cannot be "
        "told apart: both let the intercept vary over the groups of Subject, and only the sum of the two can "
        "be known. Any split of it gives the same fit."
    )
    assert finding.terms == (0, 1)
    assert [model for _, model in fixes(finding)] == [
        "Reaction ~ Days + (1 | Subject)",
        "Reaction ~ Days + (Days | Subject)",
    ]


def test_g4_offers_the_simpler_model_that_can_be_told_apart() -> None:
    """Machines, ||: 8 parameters, rank 7; without the slopes 2, rank 2."""
    (finding,) = say("G4", "score ~ Machine + (Machine || Worker)", "Machines")
    assert [model for _, model in fixes(finding)] == ["score ~ Machine + (1 | Worker)", "score ~ Machine"]


def test_g4_is_quiet_where_everything_can_be_told_apart() -> None:
    assert not say("G4", "score ~ Machine + (Machine | Worker)", "Machines")


def test_g4_speaks_of_any_value_where_a_single_variance_is_without_information() -> None:
    (finding,) = say("G4", "Reaction ~ Days + Subject + (1 | Subject)", "sleepstudy")
    assert finding.text.endswith("Any value of it gives the same fit.")


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("Reaction ~ Days + (Days | Subject)", "sleepstudy"),
        ("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin"),
        ("strength ~ 1 + (1 | batch/cask)", "Pastes"),
        ("score ~ Machine + (1 | Worker/Machine)", "Machines"),
        ("score ~ Machine + (Machine | Worker)", "Machines"),
        ("yield ~ nitro + Variety + (1 | Block/Variety)", "Oats"),
        ("distance ~ age + (age | Subject)", "Orthodont"),
        ("distance ~ age + (age || Subject)", "Orthodont"),
        ("angle ~ recipe * temperature + (1 | recipe:replicate)", "cake"),
        # 175 to 225 degrees: the parameters as written are nearly one (7e-6), the design is sound.
        ("angle ~ recipe * temperature + (temp | recipe:replicate)", "cake"),
    ],
)
def test_g5_is_quiet_on_sound_designs(formula: str, sample: str) -> None:
    assert not say("G5", formula, sample)


def test_g5_counts_the_groups_that_can_tell() -> None:
    (finding,) = say("G5", "y ~ 1 + (1 | g)", table_of(_pairs(50, 1)))
    assert finding.severity is Severity.WARNING
    assert finding.text == (
        "With these rows the variance of `(1 | g)` and the residual variance can barely be told apart: only "
        "1 of 50 groups of g has more than one row."
    )
    assert (finding.terms, fixes(finding)) == ((0,), [("Remove (1 | g)", "y ~ 1")])


def test_g5_is_quiet_where_the_few_among_many_are_many() -> None:
    """One group in 20 has two rows; of 1000 groups these are 50, and a variance is known to 0.15 σ²."""
    assert not say("G5", "y ~ 1 + (1 | g)", table_of(_pairs(1000, 50)))


def test_g5_offers_to_centre_a_predictor_far_from_zero_whose_slope_is_uncorrelated() -> None:
    (finding,) = say("G5", "angle ~ recipe * temperature + (temp || recipe:replicate)", "cake")
    assert finding.text == (
        "With these rows the variance of the intercept and the variance of temp in `(temp || "
        "recipe:replicate)` can barely be told apart: temp is far from 0 in every row, so that differences "
        "in level and in slope look alike."
    )
    centre, drop = finding.fixes
    assert centre.label == "Centre temp"
    assert [(d.name, d.definition) for d in centre.derived] == [("temp_centered", "center(temp)")]
    assert fixes(finding) == [
        ("Centre temp", "angle ~ recipe * temperature + (temp_centered || recipe:replicate)"),
        ("Drop the slope of temp", "angle ~ recipe * temperature + (1 | recipe:replicate)"),
    ]
    assert drop.derived == ()


def test_the_certificate_says_what_can_be_told_and_what_it_rests_on() -> None:
    found = _certificate("Reaction ~ Days + (Days | Subject)", "sleepstudy")
    assert found is not None
    assert (found.parameters, found.identified, found.barely) == (4, True, False)
    # Balanced, 10 rows of a subject: 1 - √(2/10) but for what REML takes off.
    assert found.smallest == pytest.approx(0.5630, abs=1e-4)
    assert found.sentence == (
        "All four variance parameters can be told apart; the slopes of Days rest on 18 groups of Subject."
    )


def test_the_certificate_of_intercepts_counts_the_groups() -> None:
    found = _certificate("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin")
    assert found is not None
    assert found.sentence == (
        "All three variance parameters can be told apart; the intercepts rest on 24 groups of plate and 6 of "
        "sample."
    )


def test_the_certificate_of_a_model_that_cannot_be_told_apart() -> None:
    found = _certificate("score ~ Machine + (Machine || Worker)", "Machines")
    assert found is not None
    assert (found.parameters, found.identified, found.smallest) == (8, False, 0.0)
    assert found.sentence == (
        "The eight variance parameters cannot all be told apart: one direction of change among them leaves "
        "the fit as it is."
    )


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("Reaction ~ Days", "sleepstudy"),
        ("~ Days + (1 | Subject)", "sleepstudy"),
        ("effort ~ Type + (Type | Subject)", "ergoStool"),
    ],
)
def test_there_is_no_certificate_of_what_is_no_model(formula: str, sample: str) -> None:
    assert _certificate(formula, sample) is None


def test_a_large_crossed_design_has_a_certificate_too() -> None:
    found = _certificate("y ~ 1 + (1 | s) + (1 | d)", "InstEval")
    assert found is not None
    assert (found.parameters, found.identified, found.barely) == (3, True, False)


def test_ml_and_reml_have_certificates_of_their_own() -> None:
    """teaching.json, fixed_and_random: rank 1 of 2 by REML, 2 of 2 by ML."""
    spec, table = parse("Reaction ~ Days + Subject + (1 | Subject)"), load_sample("sleepstudy")
    found = [certificate(DesignFacts(replace(spec, reml=reml), table)) for reml in (True, False)]
    assert [c.identified for c in found if c is not None] == [False, True]
