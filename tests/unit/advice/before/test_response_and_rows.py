"""The response (Y1, Y2), rows left out (D1), and what keeps a description from being a model."""

from __future__ import annotations

import numpy as np
import pytest
from effect_runs import say, spec_of

from mmgui.advice.before.model_rules import STATE_RULES, incomplete
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Severity
from mmgui.data.read import read_text
from mmgui.data.table import Table


def _of(values: list[float]) -> Table:
    return read_text("y,g\n" + "\n".join(f"{v:g},g{k // 6}" for k, v in enumerate(values)), "made")


def test_y1_a_response_of_labels() -> None:
    (finding,) = say("Y1", "cask ~ 1 + (1 | batch)", "Pastes")
    assert (finding.severity, finding.about) == (Severity.ERROR, ("cask",))


def test_y1_a_response_of_one_value_a_group() -> None:
    """As the anger of a person beside each of the answers (VerbAgg): (1 | id) leaves nothing over."""
    (finding,) = say("Y1", "meanses ~ cses + (1 | school)", "Hsb82")
    assert (finding.severity, finding.about, finding.terms) == (Severity.ERROR, ("meanses", "school"), (0,))
    assert finding.text == (
        "Each school has one value of meanses, so (1 | school) reproduces it exactly and nothing is left "
        "over; use a table with one row for each school, or another response."
    )


def test_y2_two_values() -> None:
    (finding,) = say("Y2", "y ~ 1 + (1 | g)", _of([float(k * 5 % 7 < 3) for k in range(60)]))
    assert (finding.severity, finding.about) == (Severity.WARNING, ("y",))
    assert finding.text == (
        "y has two values only, 0 and 1. A linear mixed model fits it all the same, but its predictions may "
        "leave that range and its standard errors assume one spread; a logistic mixed model suits it better."
    )


def test_y2_counts() -> None:
    rng = np.random.default_rng(3)
    (finding,) = say("Y2", "y ~ 1 + (1 | g)", _of(rng.poisson(2.5, 90).astype(float).tolist()))
    assert finding.severity is Severity.WARNING
    assert finding.text.startswith("y looks like counts: whole numbers from 0 to ")


def test_y2_counts_that_spread_more_than_their_mean() -> None:
    rng = np.random.default_rng(3)
    ticks = rng.negative_binomial(0.6, 0.1, 90).astype(float).tolist()
    assert say("Y2", "y ~ 1 + (1 | g)", _of(ticks))[0].text.startswith("y looks like counts")


def test_y2_large_counts_with_a_long_tail_and_counts_with_many_zeros() -> None:
    """As the fruits of Arabidopsis (mean 30, a fifth zeros) and the calls of owls (skewness 0.98)."""
    fruits = [0, 0, 3, 8, 12, 15, 20, 26, 33, 41, 50, 62, 85, 120, 200]
    calls = [0, 0, 0, 1, 2, 3, 5, 6, 8, 9, 10, 12, 14, 18, 24]
    for values in (fruits, calls):
        assert say("Y2", "y ~ 1 + (1 | g)", _of(values))[0].text.startswith("y looks like counts")


def test_y2_proportions_that_reach_both_ends() -> None:
    (finding,) = say("Y2", "y ~ 1 + (1 | g)", _of([round(0.02 + 0.016 * (k * 7 % 60), 3) for k in range(60)]))
    assert finding.text.startswith("y lies between 0 and 1 (0.02 to 0.964) and comes near to both")


def test_y2_ratings_are_information() -> None:
    (finding,) = say("Y2", "y ~ 1 + (1 | s) + (1 | d)", "InstEval")
    assert finding.severity is Severity.INFO
    assert finding.text == (
        "y has 5 whole values from 1 to 5, like a rating. Fitted as numbers, the steps between them count as "
        "equal."
    )


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("Reaction ~ Days + (Days | Subject)", "sleepstudy"),
        ("diameter ~ 1 + (1 | plate)", "Penicillin"),
        ("effort ~ Type + (1 | Subject)", "ergoStool"),
        ("travel ~ 1 + (1 | Rail)", "Rail"),
        ("angle ~ temp + (1 | recipe:replicate)", "cake"),
        ("yield ~ nitro + (1 | Block)", "Oats"),
        ("score ~ Machine + (1 | Worker)", "Machines"),
        ("log(diameter) ~ 1 + (1 | plate)", "Penicillin"),
    ],
)
def test_y2_is_quiet_for_measurements_and_scores(formula: str, sample: str) -> None:
    assert not say("Y2", formula, sample)


def test_y2_is_quiet_for_seconds_below_one() -> None:
    assert not say("Y2", "y ~ 1 + (1 | g)", _of([0.31 + 0.009 * (k * 7 % 60) for k in range(60)]))


GAPS = read_text(
    "y,x,z,g\n1,,1,u\n2,,1,u\n3,2,1,v\n5,1,,v\n7,1,2,w\n8,,3,w\n5,,1,w\n5,2,4,v\n6,3,2,v\n", "gaps"
)


def test_d1_counts_by_variable_and_names_the_groups_lost() -> None:
    (finding,) = say("D1", "y ~ x + z + (1 | g)", GAPS)
    assert (finding.severity, finding.about, finding.terms) == (Severity.INFO, ("x", "z", "g"), (0,))
    assert finding.text == (
        "5 of 9 rows will be left out because x (4) or z (1) is missing in them. 1 of 3 groups of g is lost "
        "entirely: u. 1 group of g keeps less than half of its rows: w."
    )


def test_d1_is_quiet_where_every_row_is_used() -> None:
    assert not say("D1", "y ~ 1 + (1 | g)", GAPS)


def _states(formula: str, table: Table) -> list[Finding]:
    return [f for rule in STATE_RULES for f in rule(DesignFacts(spec_of(formula), table))]


def test_a_factor_with_one_level_is_said_before_the_fit() -> None:
    (finding,) = _states("y ~ f + (1 | g)", read_text("y,f,g\n1,a,u\n2,a,u\n3,a,v\n6,a,v\n", "one"))
    assert (finding.id, finding.severity, finding.about) == ("one_level", Severity.ERROR, ("f",))


def test_fixed_effects_that_use_up_the_rows_are_said_before_the_fit() -> None:
    (finding,) = _states("y ~ f + (1 | g)", read_text("y,f,g\n1,a,u\n2,b,u\n3,c,v\n6,d,v\n", "four"))
    assert finding.text == (
        "The fixed effects have 4 coefficients for 4 rows, which leaves nothing to estimate the residual "
        "variance from; take terms out."
    )


def test_two_equal_columns_that_vary_are_said_before_the_fit() -> None:
    rows = "\n".join(f"{k * 7 % 11},{k % 4},{k % 4},g{k // 8}" for k in range(40))
    (finding,) = _states("y ~ x + (x + again | g)", read_text("y,x,again,g\n" + rows, "twice"))
    assert (finding.id, finding.terms) == ("same_effect_twice", (0,))


def test_what_is_incomplete_names_the_term_it_is_about() -> None:
    (finding,) = [f for f in incomplete(spec_of("y ~ x + (1 | h) + (0 | g)")) if f.id == "no_effect"]
    assert finding.terms == (1,)
