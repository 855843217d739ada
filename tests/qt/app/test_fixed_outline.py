"""What is said of products below the chips: short where names are long, and without backticks."""

from __future__ import annotations

from mmgui.app.fixed_outline import product_words
from mmgui.spec.formula import parse

LONG = "Alter (zentriert, in Jahren) – gemessen beim Hausbesuch"


def test_a_product_of_short_names_is_written_out() -> None:
    assert product_words(parse("y ~ a * b"))[0] == "a * b stands for a + b + a:b"


def test_names_stand_without_backticks() -> None:
    assert product_words(parse("y ~ `my a` * b"))[0] == "my a * b stands for my a + b + my a:b"


def test_a_product_of_long_names_is_counted_and_its_tip_has_it_all() -> None:
    short, whole = product_words(parse(f"y ~ `{LONG}` * Anlass"))
    assert short == "Alter (zentriert, in Jah…beim Hausbesuch * Anlass stands for 3 terms"
    assert whole == f"{LONG} * Anlass stands for {LONG} + Anlass + {LONG}:Anlass"
