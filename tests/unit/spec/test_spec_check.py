"""What keeps a description from being a model, as sentences."""

from dataclasses import replace

import pytest

from mmgui.spec.check import problems
from mmgui.spec.formula import parse
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import interaction


def codes(text: str) -> list[tuple[str, int | None]]:
    return [(p.code, p.index) for p in problems(parse(text, partial=True))]


@pytest.mark.parametrize(
    "text",
    [
        "Reaction ~ Days + (Days | Subject)",
        "y ~ 1",
        "y ~ x + (1 | g) + (0 + x | g)",
        "y ~ (1 | g) + (x | g)",
        "y ~ (1 | a/b) + (1 | b)",
        "I(after - before) ~ before + (1 | g)",
    ],
)
def test_a_whole_model_has_no_problem(text: str) -> None:
    assert codes(text) == []


def test_a_missing_response_is_named() -> None:
    (problem,) = problems(ModelSpec())
    assert problem.code == "no_response"
    assert problem.message == "No response is chosen yet; choose the column that the model is to explain."


def test_an_empty_card_is_named_with_its_place() -> None:
    (problem,) = problems(parse("y ~ (1 | h) + (0 | g:`my h`)", partial=True))
    assert (problem.code, problem.index) == ("no_effect", 1)
    assert problem.message == "Nothing varies between the groups of g:my h; tick the intercept or a slope."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("y ~ y", [("response_explains", None)]),
        ("y ~ x:y", [("response_explains", None)]),
        ("log(y) ~ y", [("response_explains", None)]),
        ("y ~ log(y) + x", [("response_explains", None)]),
        ("I(a - b) ~ I(a - b)", [("response_explains", None)]),
        ("y ~ offset(2 * y)", [("response_explains", None)]),
        ("y ~ (1 | g) + (x + y | h)", [("response_explains", 1)]),
        ("y ~ (1 | y)", [("response_explains", 0)]),
        ("y ~ (1 | g/y)", [("response_explains", 1)]),
    ],
)
def test_the_response_cannot_explain_itself(text: str, expected: list[tuple[str, int | None]]) -> None:
    assert codes(text) == expected


def test_the_response_cannot_be_its_own_weight() -> None:
    (problem,) = problems(replace(parse("y ~ x"), weights="y"))
    assert problem.message == (
        "y is the response and cannot also explain it; choose another column of weights."
    )


@pytest.mark.parametrize(
    "text", ["y ~ (1 | g) + (1 | g)", "y ~ (x | a:b) + (1 + x || b:a)", "y ~ (1 | a) + (1 | a/b)"]
)
def test_the_same_random_term_twice_is_named(text: str) -> None:
    assert codes(text) == [("same_term", 1)]


def test_the_same_fixed_effect_twice_is_named() -> None:
    spec = replace(parse("y ~ 1"), fixed=(interaction("a", "b"), interaction("b", "a")))
    (problem,) = problems(spec)
    assert problem.message == "The fixed effect b:a is there twice; remove one of the two."
