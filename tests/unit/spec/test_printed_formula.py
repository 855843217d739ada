"""A model is printed as the shortest formula that lme4 reads as that model."""

import pytest

from mmgui.spec.expression import Name
from mmgui.spec.formula import Span, formula_spans, parse, print_model, print_random
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, GroupingFactor, RandomTerm, variable


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Reaction~Days+(1+Days|Subject)", "Reaction ~ Days + (Days | Subject)"),
        ("Reaction ~ 1 + (1|Subject)", "Reaction ~ 1 + (1 | Subject)"),
        ("Reaction ~ (1|Subject)", "Reaction ~ 1 + (1 | Subject)"),
        ("score ~ Machine - 1 + (Machine - 1|Worker)", "score ~ 0 + Machine + (0 + Machine | Worker)"),
        ("y ~ 0 + (1|g)", "y ~ 0 + (1 | g)"),
        ("Reaction ~ Days + (Days||Subject)", "Reaction ~ Days + (Days || Subject)"),
        ("y ~ (1||g)", "y ~ 1 + (1 | g)"),
        ("y ~ a + b + a:b", "y ~ a * b"),
        ("y ~ b + a + a:b", "y ~ b * a"),
        ("y ~ c + a*b", "y ~ c + a * b"),
        ("y ~ a*b + c", "y ~ a * b + c"),
        ("y ~ a + c + b + a:b", "y ~ a + c + b + a:b"),
        ("y ~ a*b*c", "y ~ a * b * c"),
        ("y ~ a*b + c*d", "y ~ a * b + c * d"),
        ("y ~ a*b*c - a:b:c", "y ~ a * b + c + a:c + b:c"),
        ("y ~ a/b", "y ~ a + a:b"),
        ("y ~ a*b - a", "y ~ a:b + b"),
        ("y ~ b:a + a + b", "y ~ b:a + a + b"),
        ("y ~ `my x`*z", "y ~ `my x` * z"),
        ("y ~ log(a)*poly(b, 2)", "y ~ log(a) * poly(b, 2)"),
        ("y ~ offset(w) + a + (1|g)", "y ~ a + offset(w) + (1 | g)"),
        ("y ~ offset(w)", "y ~ 1 + offset(w)"),
        ("y ~ (a*b|g)", "y ~ 1 + (a * b | g)"),
        ("strength ~ (1|batch/cask)", "strength ~ 1 + (1 | batch/cask)"),
        ("y ~ (x||a/b/c)", "y ~ 1 + (x || a/b/c)"),
        ("y ~ (1|a/b:c)", "y ~ 1 + (1 | a/b:c)"),
        ("y ~ (1|a) + (1|a:b)", "y ~ 1 + (1 | a) + (1 | a:b)"),
        ("y ~ (1|a:b/c)", "y ~ 1 + (1 | a:b) + (1 | a:b:c)"),
        ("y ~ (1|a*b)", "y ~ 1 + (1 | a) + (1 | b) + (1 | a:b)"),
        ("log(y + 1) ~ I((a+b)/2) + (1|`x y`:z)", "log(y + 1) ~ I((a + b)/2) + (1 | `x y`:z)"),
        ("`a\\nb` ~ poly(x, 2, raw = T)", "`a\\nb` ~ poly(x, 2, raw = TRUE)"),
    ],
)  # fmt: skip
def test_models_are_printed_canonically(text: str, printed: str) -> None:
    assert print_model(parse(text)) == printed


def test_a_model_being_built_is_printed_as_far_as_it_goes() -> None:
    card = RandomTerm(GroupingFactor(("Subject",)), intercept=False)
    assert print_model(ModelSpec()) == "~ 1"
    assert print_model(ModelSpec(response=Name("Reaction"))) == "Reaction ~ 1"
    assert print_model(ModelSpec(fixed=(variable("Days"),), random=(card,))) == "~ Days + (0 | Subject)"


def test_a_random_term_is_printed_on_its_own() -> None:
    groups = GroupingFactor(("a", "my b"))
    assert print_random(RandomTerm(groups)) == "(1 | a:`my b`)"
    slope = RandomTerm(groups, slopes=(variable("x"),), covariance=Covariance.DIAGONAL)
    assert print_random(slope) == "(x || a:`my b`)"


def test_nested_terms_that_differ_are_written_apart() -> None:
    outer = RandomTerm(GroupingFactor(("a",)), slopes=(variable("x"),))
    inner = RandomTerm(GroupingFactor(("a", "b")), joined=True)
    assert print_model(ModelSpec(random=(outer, inner))) == "~ 1 + (x | a) + (1 | a:b)"


def test_spans_tell_where_each_part_stands() -> None:
    spec = parse("y ~ x + (1 | g) + (x | a/b) + (1 | h)")
    text = "y ~ x + (1 | g) + (x | a/b) + (1 | h)"
    assert print_model(spec) == text
    assert formula_spans(spec) == (
        Span(0, 1, "response", 0),
        Span(4, 5, "fixed", 0),
        Span(8, 15, "random", 0),
        Span(18, 27, "random", 1),
        Span(30, 37, "random", 3),
    )


def test_spans_of_a_model_without_response_begin_after_the_tilde() -> None:
    assert formula_spans(ModelSpec()) == (Span(2, 3, "fixed", 0),)
