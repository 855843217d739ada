"""Sentences with pieces of formulas and with names that end in a full stop."""

from __future__ import annotations

from mmgui.ui.inline_code import with_code


def test_a_name_with_a_full_stop_ends_its_sentence_once() -> None:
    assert with_code("26 groups of Kind Nr.. 234 rows") == "26 groups of Kind Nr. 234 rows"
    assert with_code("and so on ...") == "and so on ..."


def test_what_stands_in_backticks_is_set_as_a_formula() -> None:
    assert with_code("`a < b` & c").endswith("a &lt; b</span> &amp; c")
