"""Random terms as lme4 reads them (findbars and expandDoubleVerts of lme4 1.1-31)."""

import pytest

from mmgui.spec.formula import parse, parse_random, print_model
from mmgui.spec.terms import (
    Covariance,
    GroupingFactor,
    RandomTerm,
    interaction,
    variable,
)


def cards(text: str) -> list[tuple[str, list[str], str]]:
    """Groups, effects and bar of each random term."""
    bars = {Covariance.UNSTRUCTURED: "|", Covariance.DIAGONAL: "||"}
    return [
        (t.grouping.label, [e.label for e in t.effects], bars[t.covariance])
        for t in parse(f"y ~ x + {text}").random
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(1 | g)", [("g", ["1"], "|")]),
        ("(x | g)", [("g", ["1", "x"], "|")]),
        ("(1 + x | g)", [("g", ["1", "x"], "|")]),
        ("(0 + x | g)", [("g", ["x"], "|")]),
        ("(x - 1 | g)", [("g", ["x"], "|")]),
        ("(-1 + x | g)", [("g", ["x"], "|")]),
        ("(0 + f | g)", [("g", ["f"], "|")]),
        ("(a*b | g)", [("g", ["1", "a", "b", "a:b"], "|")]),
        ("((a + b)^2 | g)", [("g", ["1", "a", "b", "a:b"], "|")]),
        ("(poly(x, 2) | g)", [("g", ["1", "poly(x, 2)"], "|")]),
        ("(x || g)", [("g", ["1", "x"], "||")]),
        ("(0 + x + z || g)", [("g", ["x", "z"], "||")]),
        ("(1 | a/b)", [("a", ["1"], "|"), ("a:b", ["1"], "|")]),
        ("(1 | a/b/c)", [("a", ["1"], "|"), ("a:b", ["1"], "|"), ("a:b:c", ["1"], "|")]),
        ("(1 | a/b:c)", [("a", ["1"], "|"), ("a:b:c", ["1"], "|")]),
        ("(x || a/b)", [("a", ["1", "x"], "||"), ("a:b", ["1", "x"], "||")]),
        ("(1 | a:b)", [("a:b", ["1"], "|")]),
        ("(1 | b:a)", [("b:a", ["1"], "|")]),
        ("(1 | (a:b))", [("a:b", ["1"], "|")]),
        ("(1 | a:b/c)", [("a:b", ["1"], "|"), ("a:b:c", ["1"], "|")]),
        ("(1 | a*b)", [("a", ["1"], "|"), ("b", ["1"], "|"), ("a:b", ["1"], "|")]),
        ("(1 | factor(g))", [("g", ["1"], "|")]),
        ("(1 | `my group`)", [("my group", ["1"], "|")]),
        ("((1 | g) + (0 + x | g))", [("g", ["1"], "|"), ("g", ["x"], "|")]),
        ("(1 | a) + (1 | b) + (1 | a)", [("a", ["1"], "|"), ("b", ["1"], "|"), ("a", ["1"], "|")]),
    ],
)
def test_random_terms_are_read_as_in_lme4(text: str, expected: list[tuple[str, list[str], str]]) -> None:
    assert cards(text) == expected


def test_nested_groups_are_joined_for_printing() -> None:
    assert [t.joined for t in parse("y ~ (1 | a/b/c) + (1 | a:b)").random] == [False, True, True, False]


def test_groups_written_apart_are_the_same_model() -> None:
    assert parse("y ~ (1 | a/b)") == parse("y ~ (1 | a) + (1 | a:b)")


@pytest.mark.parametrize("text", ["(1 || g)", "(0 + x || g)"])
def test_one_effect_has_no_correlation_to_leave_out(text: str) -> None:
    (term,) = parse(f"y ~ {text}").random
    assert term.covariance is Covariance.UNSTRUCTURED


@pytest.mark.parametrize(
    ("text", "structure", "printed"),
    [
        ("us(x | g)", Covariance.UNSTRUCTURED, "(x | g)"),
        ("diag(x | g)", Covariance.INDEPENDENT, "diag(x | g)"),
        ("diag(x | g, hom = TRUE)", Covariance.IDENTITY, "diag(x | g, hom = TRUE)"),
        ("homdiag(0 + f | g)", Covariance.IDENTITY, "diag(0 + f | g, hom = TRUE)"),
        ("cs(1 + x | g)", Covariance.COMPOUND_SYMMETRY, "cs(x | g)"),
        ("cs(f | g, hom = T)", Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY, "cs(f | g, hom = TRUE)"),
        ("homcs(f | g)", Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY, "cs(f | g, hom = TRUE)"),
        ("ar1(0 + t | g)", Covariance.AR1, "ar1(0 + t | g)"),
        ("ar1(0 + t | g, hom = TRUE)", Covariance.AR1, "ar1(0 + t | g)"),
        ("ar1(0 + t | g, hom = FALSE)", Covariance.HETEROGENEOUS_AR1, "ar1(0 + t | g, hom = FALSE)"),
        ("hetar1(0 + t | g)", Covariance.HETEROGENEOUS_AR1, "ar1(0 + t | g, hom = FALSE)"),
        ("cs(1 | g)", Covariance.UNSTRUCTURED, "(1 | g)"),
    ],
)
def test_covariance_structures_are_read_and_written_as_lme4_has_them(
    text: str, structure: Covariance, printed: str
) -> None:
    """lme4 2.0: ar1 is homogeneous unless told, the others are not; glmmTMB's names are read too."""
    spec = parse(f"y ~ x + {text}")
    assert [t.covariance for t in spec.random] == [structure]
    assert print_model(spec) == f"y ~ x + {printed}"


def test_a_structure_holds_for_every_level_of_nesting() -> None:
    spec = parse("y ~ cs(0 + f | a/b)")
    assert [t.covariance for t in spec.random] == [Covariance.COMPOUND_SYMMETRY] * 2
    assert print_model(spec) == "y ~ 1 + cs(0 + f | a/b)"


def test_a_column_may_have_the_name_of_a_structure() -> None:
    spec = parse("y ~ diag + (cs | ar1)")
    assert print_model(spec) == "y ~ diag + (cs | ar1)"


def test_random_terms_may_stand_between_fixed_effects() -> None:
    spec = parse("y ~ (1 | g) + b + (x | h) + a - 1")
    assert [t.label for t in spec.fixed] == ["b", "a"]
    assert not spec.intercept
    assert [t.grouping.label for t in spec.random] == ["g", "h"]


def test_a_random_intercept_does_not_touch_the_fixed_one() -> None:
    spec = parse("y ~ 0 + x + (1 | g)")
    assert not spec.intercept
    assert spec.random[0].intercept


def test_a_term_in_which_nothing_varies_is_read_when_asked_for() -> None:
    spec = parse("~ Days + (0 | Subject)", partial=True)
    assert spec.response is None
    assert spec.random == (RandomTerm(GroupingFactor(("Subject",)), intercept=False),)


def test_random_terms_are_read_on_their_own() -> None:
    assert parse_random("(a*b | g)") == (
        RandomTerm(GroupingFactor(("g",)), True, (variable("a"), variable("b"), interaction("a", "b"))),
    )
