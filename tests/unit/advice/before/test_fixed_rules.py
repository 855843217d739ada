"""The fixed effects together: what repeats (X1), units (X2), what overlaps (X3)."""

from __future__ import annotations

import pytest
from effect_runs import fixes, say

from mmgui.advice.finding import Severity
from mmgui.data.read import read_text

LINES = read_text(
    "y,x,twice,near,large,small,f,g\n"
    + "\n".join(
        f"{(k * 7) % 23 / 3:.3f},{k % 7},{2 * (k % 7)},{k % 7 + (k % 5) / 50},{1e6 * (k * 7 % 11)},"
        f"{1e-6 * (k * 7 % 11)},{'abc'[k // 5 % 3]},g{k // 5}"
        for k in range(60)
    ),
    "lines",
)
CELLS = read_text(
    "y,f,h,g\n1,a,u,1\n2,a,v,1\n3,b,u,1\n5,a,u,2\n4,a,v,2\n7,b,u,2\n8,a,u,3\n2,b,u,3\n", "cells"
)


def test_x1_names_what_repeats_what() -> None:
    (finding,) = say("X1", "y ~ x + twice + (1 | g)", LINES)
    assert (finding.severity, finding.about) == (Severity.INFO, ("twice",))
    assert finding.text == "twice repeats what x says already, so its coefficient is left out."
    assert fixes(finding) == [("Drop twice", "y ~ x + (1 | g)")]


def test_x1_of_two_factors_names_the_columns_left_out() -> None:
    (finding,) = say("X1", "y ~ g + f + (1 | f:g)", LINES)
    assert finding.text == ("fb and fc repeat what g says already, so their coefficients are left out.")
    assert fixes(finding) == [("Drop f", "y ~ g + (1 | f:g)")]


def test_x1_a_combination_without_rows() -> None:
    (finding,) = say("X1", "y ~ f * h + (1 | g)", CELLS)
    assert (finding.severity, finding.about) == (Severity.INFO, ("f:h",))
    assert finding.text == "No row has the combination fb:hv, so its coefficient is left out."


def test_x1_is_an_error_where_nothing_is_left() -> None:
    table = read_text("y,x,g\n1,0,a\n2,0,a\n4,0,b\n3,0,b\n", "zeros")
    (finding,) = say("X1", "y ~ 0 + x + (1 | g)", table)
    assert finding.severity is Severity.ERROR


def test_x2_a_predictor_in_other_units() -> None:
    (finding,) = say("X2", "y ~ x + large + (1 | g)", LINES)
    assert (finding.severity, finding.about) == (Severity.WARNING, ("large", "x"))
    assert finding.text == (
        "The units of large and x are very different (standard deviations 3,212,748 of large and 2.01 of "
        "x): coefficients are hard to read and fitting is slower and less exact."
    )
    assert fixes(finding) == [
        ("Use large in standard deviations", "y ~ x + large_scaled + (1 | g)"),
    ]
    assert [d.definition for d in finding.fixes[0].derived] == ["scale(large)"]


def test_x2_a_single_predictor_of_tiny_numbers() -> None:
    (finding,) = say("X2", "y ~ small + (1 | g)", LINES)
    assert finding.text.startswith("The numbers of small are very small (standard deviation ")


def test_x3_two_predictors_that_say_the_same() -> None:
    (finding,) = say("X3", "y ~ x + near + (1 | g)", LINES)
    assert (finding.severity, finding.about) == (Severity.INFO, ("x", "near"))
    assert finding.text == (
        "These predictors say nearly the same: x and near. What belongs to which of them is poorly known."
    )


def test_x3_three_that_add_up_though_no_two_are_alike() -> None:
    rows = [(k % 7, (k * 3) % 8, (k * 5) % 11, k // 8) for k in range(64)]
    lines = [f"{a + b % 3},{a},{b},{a + b + c / 20:.3f},g{g}" for a, b, c, g in rows]
    table = read_text("y,a,b,total,g\n" + "\n".join(lines), "sum")
    (finding,) = say("X3", "y ~ a + b + total + (1 | g)", table)
    assert "total and the others together (variance " in finding.text


@pytest.mark.parametrize(
    "formula",
    [
        "y ~ x + I(x^2) + (1 | g)",
        "y ~ poly(x, 2) + (1 | g)",
        "y ~ x * f + (1 | g)",
        "y ~ f + (1 | g)",
        "y ~ 1 + (1 | g)",
    ],
)
def test_polynomials_interactions_and_single_factors_are_no_overlap(formula: str) -> None:
    for rule in ("X1", "X2", "X3"):
        assert not say(rule, formula, LINES)


def test_x3_is_quiet_for_a_derived_square() -> None:
    lines = [f"{k % 5},{3 + k % 7},{(3 + k % 7) ** 2},g{k // 10}" for k in range(60)]
    assert not say("X3", "y ~ x + xx + (1 | g)", read_text("y,x,xx,g\n" + "\n".join(lines), "square"))
