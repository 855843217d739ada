"""Expressions as R's deparse writes them, and the columns they read."""

import pytest

from mmgui.spec.expression import Binary, Call, Name, Negate, Number, columns_of, quote, show


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ("Days", "Days"),
        ("total.fruits", "total.fruits"),
        (".x", ".x"),
        ("größe", "größe"),
        ("T", "T"),
        ("my x", "`my x`"),
        ("1st", "`1st`"),
        (".5", "`.5`"),
        ("_x", "`_x`"),
        ("a-b", "`a-b`"),
        ("TRUE", "`TRUE`"),
        ("if", "`if`"),
        ("function", "`function`"),
        (".", "`.`"),
        ("..1", "`..1`"),
        ("a`b", r"`a\`b`"),
        ("a\\b", r"`a\\b`"),
        ("a\nb", r"`a\nb`"),
        ("x\n", r"`x\n`"),
    ],
)
def test_only_awkward_names_stand_in_backticks(name: str, quoted: str) -> None:
    assert quote(name) == quoted


# deparse(quote(...)) of R 4.2.2 for those without redundant parentheses.
@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (Binary("^", Name("a"), Number(2.0)), "a^2"),
        (Binary("/", Name("a"), Number(1000.0)), "a/1000"),
        (Binary("*", Number(2.0), Name("a")), "2 * a"),
        (Binary("-", Name("a"), Binary("-", Name("b"), Name("c"))), "a - (b - c)"),
        (Binary("-", Binary("-", Name("a"), Name("b")), Name("c")), "a - b - c"),
        (Binary("/", Binary("+", Name("a"), Name("b")), Number(2.0)), "(a + b)/2"),
        (Binary("^", Negate(Name("a")), Number(2.0)), "(-a)^2"),
        (Negate(Binary("^", Name("a"), Number(2.0))), "-a^2"),
        (Binary("^", Binary("^", Name("a"), Name("b")), Name("c")), "(a^b)^c"),
        (Number(0.1), "0.1"),
        (Number(0.0), "0"),
        (Number(1000.0), "1000"),
        (Number(100000.0), "1e+05"),
        (Number(123456.0), "123456"),
        (Number(0.0001), "1e-04"),
        (Number(0.00012), "0.00012"),
        (Number(1.5e-7), "1.5e-07"),
        (Number(1e15), "1e+15"),
        (Call("poly", (Name("x"), Number(2.0)), (("raw", Name("TRUE")),)), "poly(x, 2, raw = TRUE)"),
        (Call("log", (Name("TRUE"),)), "log(`TRUE`)"),
    ],
)
def test_expressions_are_written_as_r_writes_them(expression: Name, text: str) -> None:
    assert show(expression) == text


def test_names_of_coefficients_have_no_backticks() -> None:
    assert show(Call("log", (Binary("+", Name("my x"), Number(1.0)),)), quoted=False) == "log(my x + 1)"


def test_constants_of_options_are_read_as_no_column() -> None:
    call = Call("scale", (Name("x"), Name("TRUE")), (("scale", Name("FALSE")),))
    assert list(columns_of(call)) == ["x"]
    assert list(columns_of(Call("log", (Name("TRUE"),)))) == ["TRUE"]
