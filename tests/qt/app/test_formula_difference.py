"""What a card says of a model beside its neighbour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmgui.app.formula_difference import difference, shortened


def marked(formula: str, before: str | None) -> str:
    return "".join(f"[{r.text}]" if r.new else r.text for r in shortened(formula, before))


@pytest.mark.parametrize(
    ("before", "formula", "shown"),
    [
        (None, "y ~ x + (1 | g)", "y ~ x + (1 | g)"),
        ("Reaction ~ Days + (1 | Subject)", "Reaction ~ Days + (Days | Subject)", "… + ([Days] | Subject)"),
        ("y ~ x + (x | g)", "y ~ x + (x || g)", "… + (x [||] g)"),
        ("y ~ a + (1 | g)", "y ~ a + b + (1 | g)", "… [+ b] + (1 | g)"),
        ("y ~ a + (1 | g)", "y ~ a + (1 | g) + (1 | h)", "… + (1 | g) [+ (1 | h)]"),
        ("y ~ x + (1 | g)", "z ~ x + (1 | g)", "[z] ~ x + (1 | g)"),
        ("y ~ x + (1 | g)", "y ~ x + (1 | g)", "y ~ x + (1 | g)"),
        ("y ~ `a + b` + (1 | g)", "y ~ `a + b` + (1 | h)", "… + (1 | [h])"),
    ],
)
def test_that_shared_leading_parts_are_left_out(before: str | None, formula: str, shown: str) -> None:
    assert marked(formula, before) == shown


@given(st.text(alphabet="yx ~+()|`1g:", max_size=30), st.text(alphabet="yx ~+()|`1g:", max_size=30))
def test_that_no_part_of_a_formula_is_lost(formula: str, before: str) -> None:
    assert "".join(r.text for r in difference(formula, before)) == formula
