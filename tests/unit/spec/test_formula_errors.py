"""What cannot be read is refused with a code, at the character."""

import pytest

from mmgui.errors import FormulaError
from mmgui.spec.formula import parse, parse_random, parse_response, parse_term


def fault(text: str, *, partial: bool = False) -> FormulaError:
    with pytest.raises(FormulaError) as caught:
        parse(text, partial=partial)
    return caught.value


@pytest.mark.parametrize(
    ("text", "marked", "code"),
    [
        # The second line marks the characters the error points at.
        ("y ~ x + (1 | g",
         "        ^     ", "unclosed_parenthesis"),
        ("y ~ log(x + 1",
         "       ^     ", "unclosed_parenthesis"),
        ("y ~ ((a + b)",
         "    ^       ", "unclosed_parenthesis"),
        ("y ~ a + b)",
         "         ^", "unopened_parenthesis"),
        ("y ~ ()",
         "     ^", "empty_parentheses"),
        ("y x + z",
         "^^^^^^^", "no_tilde"),
        ("y ~ x ~ z",
         "      ^  ", "two_tildes"),
        ("y ~ (x ~ z)",
         "       ^   ", "two_tildes"),
        ("y ~~ x",
         "   ^  ", "two_tildes"),
        ("~ x",
         "^  ", "no_response"),
        ("y ~ ",
         "  ^ ", "incomplete"),
        ("y ~ a +",
         "      ^", "incomplete"),
        ("y ~ a:",
         "     ^", "incomplete"),
        ("y ~ a * * b",
         "        ^  ", "missing_operand"),
        ("y ~ * a",
         "    ^  ", "missing_operand"),
        ("y ~ + ",
         "    ^ ", "incomplete"),
        ("y ~ foo(x)",
         "    ^^^   ", "unknown_function"),
        ("y ~ log(foo(x))",
         "        ^^^    ", "unknown_function"),
        ("y ~ toep(x | g)",
         "    ^^^^       ", "unknown_function"),
        ("y ~ log(cs(x))",
         "        ^^    ", "unknown_function"),
        ("y ~ us(x || g)",
         "         ^^   ", "structure_bar"),
        ("y ~ cs(x)",
         "    ^^   ", "structure_bar"),
        ("y ~ cs(x | )",
         "         ^  ", "no_grouping"),
        ("y ~ us(x | g, hom = TRUE)",
         "              ^^^        ", "bad_option"),
        ("y ~ ar1(x | g, 3)",
         "               ^ ", "bad_option"),
        ("y ~ ar1(x | g, hom = 3)",
         "               ^^^     ", "bad_option"),
        ("y ~ cs(x | g, hom = ",
         "            ^       ", "bad_option"),
        ("y ~ cs(x | g",
         "      ^     ", "unclosed_parenthesis"),
        ("y ~ cs(x | g):a",
         "    ^^^^^^^^^  ", "bar_not_added"),
        ("y ~ x + 1 | g",
         "          ^  ", "bar_outside"),
        ("y ~ (1 | g | h)",
         "           ^   ", "bar_outside"),
        ("y ~ 2 * x",
         "    ^    ", "number_for_column"),
        ("y ~ 1:x",
         "    ^  ", "number_for_column"),
        ("1 ~ x",
         "^    ", "number_for_column"),
        ("y ~ TRUE",
         "    ^^^^", "number_for_column"),
        ("y ~ x^2",
         "     ^ ", "arithmetic_outside"),
        ("y ~ (a + b)^0",
         "            ^", "bad_power"),
        ("y ~ (a + b)^1.5",
         "            ^^^", "bad_power"),
        ("y ~ (a + b)^",
         "           ^", "bad_power"),
        ("y ~ `a + b",
         "    ^     ", "unclosed_backtick"),
        ("y ~ `` + b",
         "    ^^    ", "empty_name"),
        ("y ~ .",
         "    ^", "dot"),
        ("y ~ . - x",
         "    ^    ", "dot"),
        ("y ~ a b",
         "      ^", "missing_operator"),
        ("y ~ a (b + c)",
         "    ^        ", "unknown_function"),
        ("y ~ (a) (b + c)",
         "        ^      ", "missing_operator"),
        ("y ~ `log`(x)",
         "         ^  ", "missing_operator"),
        ("y ~ 1st",
         "    ^^^", "bad_name"),
        ("y ~ _x",
         "    ^ ", "unknown_sign"),
        ("y ~ 'x'",
         "    ^  ", "unknown_sign"),
        ("y ~ x > 2",
         "      ^  ", "unknown_sign"),
        ("y ~ d$x",
         "     ^ ", "unknown_sign"),
        ("y ~ a %of% b",
         "      ^     ", "unknown_sign"),
        ("y ~ x; q()",
         "     ^    ", "unknown_sign"),
        ("y ~ a\u200b",
         "     ^", "unknown_sign"),
        ("y ~ a, b",
         "     ^  ", "stray_comma"),
        ("y ~ a = b",
         "      ^  ", "stray_equals"),
        ("a + b ~ x",
         "  ^      ", "response_arithmetic"),
        ("-y ~ x",
         "^     ", "response_arithmetic"),
        ("poly(y, 2) ~ x",
         "^^^^          ", "several_columns"),
        ("cbind(a, b) ~ x",
         "^^^^^          ", "unknown_function"),
        ("y ~ log(poly(x, 2))",
         "        ^^^^       ", "several_columns"),
        ("y ~ log(2)",
         "    ^^^^^^", "no_column"),
        ("y ~ log()",
         "        ^", "no_column"),
        ("y ~ offset(2)",
         "    ^^^^^^^^^", "no_column"),
        ("y ~ poly(x, z)",
         "            ^ ", "bad_option"),
        ("y ~ poly(x, 2.5)",
         "            ^^^ ", "bad_option"),
        ("y ~ poly(x, 2, raw = 3)",
         "                     ^ ", "bad_option"),
        ("y ~ ns(x, df = TRUE)",
         "               ^^^^ ", "bad_option"),
        ("y ~ ns(x, dg = 3)",
         "          ^^     ", "unknown_option"),
        ("y ~ ns(x, df = 3, df = 4)",
         "                  ^^     ", "option_twice"),
        ("y ~ sqrt(x, 2)",
         "            ^ ", "too_many_arguments"),
        ("y ~ I(a:b)",
         "       ^  ", "not_arithmetic"),
        ("y ~ I((a | b))",
         "         ^    ", "not_arithmetic"),
        ("y ~ I(1e999 * x)",
         "      ^^^^^     ", "number_too_large"),
        ("y ~ x - offset(z)",
         "        ^^^^^^^^^", "offset_not_added"),
        ("y ~ x * offset(z)",
         "        ^^^^^^^^^", "offset_not_added"),
        ("y ~ (offset(z) | g)",
         "     ^^^^^^^^^     ", "offset_not_added"),
        ("y ~ x - (1 | g)",
         "      ^        ", "bar_not_added"),
        ("y ~ x * (1 | g)",
         "        ^^^^^^^", "bar_not_added"),
        ("y ~ ((1 | g) | h)",
         "     ^^^^^^^     ", "bar_not_added"),
        ("y ~ (0 | g)",
         "     ^     ", "no_effect"),
        ("y ~ (| g)",
         "     ^   ", "no_effect"),
        ("y ~ (x |)",
         "       ^ ", "no_grouping"),
        ("y ~ (x |",
         "       ^", "incomplete"),
        ("y ~ (1 | a + b)",
         "         ^^^^^ ", "bad_grouping"),
        ("y ~ (1 | 1)",
         "         ^ ", "bad_grouping"),
        ("y ~ (1 | log(g))",
         "         ^^^^^^ ", "bad_grouping"),
        ("y ~ (1 | a %in% b)",
         "         ^^^^^^^^ ", "bad_grouping"),
        ("y ~ (1 | (a + b)/c)",
         "          ^^^^^    ", "bad_grouping"),
    ],
)  # fmt: skip
def test_the_error_points_at_the_character(text: str, marked: str, code: str) -> None:
    error = fault(text)
    assert (error.code, error.where.part) == (code, "formula")
    shown = " " * error.where.position + "^" * error.where.length
    assert shown == marked.rstrip()


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_an_empty_formula_is_named_as_such(text: str) -> None:
    error = fault(text)
    assert error.code == "empty"
    assert error.where.position == 0


def test_an_unknown_function_lists_those_known() -> None:
    assert fault("y ~ sine(x)").message == (
        "sine() is not known here; the functions are "
        "log log2 log10 log1p exp sqrt abs scale center poly I factor bs ns."
    )


def test_two_grouping_factors_are_told_to_become_two_terms() -> None:
    assert fault("y ~ (1 | a + b)").message == (
        "Two grouping factors need two random terms; write (1 | a) + (1 | b)."
    )


def test_the_dot_is_explained() -> None:
    assert fault("y ~ .").message == (
        "The dot for all other columns is not available; write the columns' names, joined by +."
    )


def test_a_missing_response_is_allowed_only_while_the_model_is_being_built() -> None:
    assert fault("~ Days").code == "no_response"
    assert parse("~ Days", partial=True).response is None
    assert fault("Days", partial=True).code == "no_tilde"


@pytest.mark.parametrize(
    "text",
    [
        "y ~ " + "(" * 5000 + "x" + ")" * 5000,
        "y ~ I(" + "(" * 5000 + "x" + ")" * 5000 + ")",
        "y ~ I(" + "-" * 5000 + "x)",
        "y ~ " + "-" * 5000 + "x",
        "y ~ I(" + "x^" * 5000 + "2)",
        "y ~ " + "log(" * 5000 + "x" + ")" * 5000,
        "y ~ I(" + "x+" * 5000 + "x)",
        "y ~ " + "((1 | g) + " * 5000 + "x",
    ],
    ids=["parentheses", "inner", "minus", "outer minus", "powers", "calls", "sum", "terms"],
)
def test_deep_nesting_is_refused(text: str) -> None:
    error = fault(text)
    assert error.code == "too_deep"
    assert 0 <= error.where.position < len(text)


@pytest.mark.parametrize(
    "text",
    [
        "y ~ " + "*".join(f"x{i}" for i in range(40)),
        "y ~ (" + "+".join(f"x{i}" for i in range(300)) + ")^3",
        "y ~ " + "+".join(f"x{i}" for i in range(3000)),
        "y ~ " + "*".join(["(a*b*c*d*e*f*g*h*i*j)"] * 300),
        "y ~ (1 | " + "*".join(f"x{i}" for i in range(40)) + ")",
    ],
    ids=["product", "power", "sum", "repeated product", "groups"],
)
def test_more_terms_than_a_model_can_have_are_refused(text: str) -> None:
    assert fault(text).code == "too_many_terms"


def test_a_very_long_text_is_refused() -> None:
    assert fault("y ~ x" + " " * 300_000).code == "too_long"


def test_a_long_sum_and_a_long_interaction_are_read() -> None:
    names = [f"x{i}" for i in range(1500)]
    assert len(parse("y ~ " + " + ".join(names)).fixed) == 1500
    assert parse("y ~ " + ":".join(names)).fixed[0].order == 1500


@pytest.mark.parametrize("text", ["(1 | g)", "a + (1 | g)", "offset(a)", "-a", "0", "a ~ b", ""])
def test_terms_typed_on_their_own_hold_fixed_effects_alone(text: str) -> None:
    with pytest.raises(FormulaError):
        parse_term(text)


@pytest.mark.parametrize("text", ["a", "(1 | g) + a", "1 + (1 | g)", ""])
def test_random_terms_read_on_their_own_hold_nothing_else(text: str) -> None:
    with pytest.raises(FormulaError):
        parse_random(text)


@pytest.mark.parametrize("text", ["a + b", "2", "", "y ~ x", "a b"])
def test_a_response_read_on_its_own_is_one_expression(text: str) -> None:
    with pytest.raises(FormulaError):
        parse_response(text)
