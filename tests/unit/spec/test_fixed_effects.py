"""Fixed effects are expanded and sorted as R does it.

The expected terms are ``attr(terms(formula), "term.labels")`` and ``"intercept"`` of R 4.2.2.
"""

import pytest

from mmgui.spec.expression import Binary, Call, Name, Number
from mmgui.spec.formula import parse, parse_term
from mmgui.spec.terms import INTERCEPT, Term, interaction, variable


def labels(text: str) -> list[str]:
    return [term.label for term in parse(text).fixed]


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        ("a", ["a"]),
        ("a*b", ["a", "b", "a:b"]),
        ("a*b*c", ["a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"]),
        ("b + a:b + a", ["b", "a", "b:a"]),
        ("a:b + a + b", ["a", "b", "a:b"]),
        ("c + b:a + a", ["c", "a", "b:a"]),
        ("(a + b)^2", ["a", "b", "a:b"]),
        ("(a + b)**2", ["a", "b", "a:b"]),
        ("(a + b + c)^2", ["a", "b", "c", "a:b", "a:c", "b:c"]),
        ("(c + a + b)^2", ["c", "a", "b", "c:a", "c:b", "a:b"]),
        ("(a + b + c)^3 - a:b", ["a", "b", "c", "a:c", "b:c", "a:b:c"]),
        ("(a*b)^2", ["a", "b", "a:b"]),
        ("(a:b + c)^2", ["c", "a:b", "a:b:c"]),
        ("(a + 1)^2", ["a"]),
        ("a/b", ["a", "a:b"]),
        ("a/b/c", ["a", "a:b", "a:b:c"]),
        ("(a + b)/c", ["a", "b", "a:b:c"]),
        ("a/(b + c)", ["a", "a:b", "a:c"]),
        ("(1 + a)/b", ["a", "a:b"]),
        ("a %in% b", ["a:b"]),
        ("a %in% (b + c)", ["a:b:c"]),
        ("a*b %in% c", ["a", "b:c", "a:b:c"]),
        ("a:b %in% c", ["a:b:c"]),
        ("a/b %in% c", ["a", "a:b:c"]),
        ("a*b - a", ["b", "a:b"]),
        ("a*b - b:a", ["a", "b"]),
        ("a + b - (a + b)", []),
        ("a - (b - a)", ["a"]),
        ("a + (b - a)", ["a", "b"]),
        ("-a + a", ["a"]),
        ("a:a", ["a"]),
        ("b + a:b:b", ["b", "b:a"]),
        ("b:c + a:c + a:b", ["b:c", "c:a", "b:a"]),
        ("b:c + a:c + a:b + a + b + c", ["a", "b", "c", "b:c", "c:a", "b:a"]),
        ("b:a - b:a + a*b", ["a", "b", "b:a"]),
        ("log(a):b + b:log(a)", ["log(a):b"]),
    ],
)
def test_terms_are_those_of_r(side: str, expected: list[str]) -> None:
    assert labels(f"y ~ {side}") == expected


@pytest.mark.parametrize(
    ("side", "intercept"),
    [
        ("1", True),
        ("0", False),
        ("-1", False),
        ("a", True),
        ("a - 1", False),
        ("0 + a", False),
        ("a + 0", False),
        ("a + 0 + 1", True),
        ("-1 + a + 1", True),
        ("a - 1 - 1", False),
        ("a - 1 + 1 - 0", True),
        ("a - -1", True),
        ("a + -1", False),
        ("a + (b - 1)", False),
        ("a*(b - 1)", False),
        ("a \N{MINUS SIGN} 1", False),
    ],
)
def test_intercept_is_that_of_r(side: str, intercept: bool) -> None:
    assert parse(f"y ~ {side}").intercept is intercept


def test_an_interaction_names_its_columns_as_the_written_out_formula_does() -> None:
    # R calls the second b:c here, and c:b in the formula a:c + b:c, which is how a model is printed.
    assert labels("y ~ (a + b):c") == ["a:c", "c:b"]
    assert labels("y ~ a:c + b:c") == ["a:c", "c:b"]


def test_reversed_interactions_are_one_effect() -> None:
    assert labels("y ~ a:b + b:a") == ["a:b"]


def test_a_linear_model_has_no_random_terms() -> None:
    spec = parse("Reaction ~ Days")
    assert spec.response == Name("Reaction")
    assert spec.fixed == (variable("Days"),)
    assert spec.random == ()
    assert spec.reml is True
    assert spec.weights is None


def test_response_may_be_transformed() -> None:
    assert parse("log(count + 1) ~ 1").response == Call("log", (Binary("+", Name("count"), Number(1.0)),))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("total.fruits", "total.fruits"),
        (".hidden", ".hidden"),
        ("größe", "größe"),
        ("反応", "反応"),
        ("x_1.b", "x_1.b"),
        ("`my column`", "my column"),
        ("`a:b`", "a:b"),
        ("`x|g`", "x|g"),
        ("`a+b`", "a+b"),
        ('`it\'s "so"`', 'it\'s "so"'),
        (r"`tick \` tick`", "tick ` tick"),
        (r"`C:\\data`", r"C:\data"),
        (r"`two\nlines`", "two\nlines"),
        ("`1st`", "1st"),
        ("`~`", "~"),
        ("`TRUE`", "TRUE"),
        ("`.`", "."),
        ("`log`", "log"),
        ("log", "log"),
        ("offset", "offset"),
    ],
)
def test_names_are_columns_as_they_stand_in_the_table(text: str, name: str) -> None:
    assert parse(f"y ~ {text}").fixed == (Term((Name(name),)),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("poly(x, 2)", Call("poly", (Name("x"), Number(2.0)))),
        ("poly(x, 2, raw = T)", Call("poly", (Name("x"), Number(2.0)), (("raw", Name("TRUE")),))),
        ("poly(x = x, 2)", Call("poly", (Name("x"), Number(2.0)))),
        ("ns(x, df = 3)", Call("ns", (Name("x"),), (("df", Number(3.0)),))),
        ("scale(x, scale = F)", Call("scale", (Name("x"),), (("scale", Name("FALSE")),))),
        ("log(x, base = 2L)", Call("log", (Name("x"),), (("base", Number(2.0)),))),
        ("factor(x)", Call("factor", (Name("x"),))),
        ("sqrt(abs(x))", Call("sqrt", (Call("abs", (Name("x"),)),))),
        ("I(x^2)", Call("I", (Binary("^", Name("x"), Number(2.0)),))),
    ],
)  # fmt: skip
def test_transformations_become_calls(text: str, expected: Call) -> None:
    assert parse(f"y ~ {text}").fixed == (Term((expected,)),)


def test_constants_of_options_are_no_columns() -> None:
    assert parse("y ~ poly(x, 2, raw = TRUE) + scale(z, center = FALSE)").columns() == ("y", "x", "z")


def test_arithmetic_binds_as_in_r() -> None:
    (term,) = parse("y ~ I(-a^2 + b*c - d/e/f^g^2)").fixed
    assert term.label == "I(-a^2 + b * c - d/e/f^g^2)"
    (term,) = parse("y ~ I((-a)^2*(b + c) - (d - e) - (f^g)^2)").fixed
    assert term.label == "I((-a)^2 * (b + c) - (d - e) - (f^g)^2)"


def test_offsets_are_kept_apart_from_the_terms() -> None:
    spec = parse("y ~ a + offset(log(z)) + offset(w) + offset(w)")
    assert spec.fixed == (variable("a"),)
    assert spec.offset == (Call("log", (Name("z"),)), Name("w"))


def test_line_breaks_and_missing_blanks_change_nothing() -> None:
    assert parse("y~a*b+\n\t(1|g)") == parse("y ~ a * b + (1 | g)")


def test_terms_typed_on_their_own_are_expanded() -> None:
    assert parse_term("Days*Sex") == (variable("Days"), variable("Sex"), interaction("Days", "Sex"))
    assert parse_term("1") == (INTERCEPT,)
    assert parse_term("b:a") == (interaction("b", "a"),)
