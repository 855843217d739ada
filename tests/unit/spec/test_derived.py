"""How a derived column is written and read back; nothing of the text is ever evaluated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmgui.errors import FormulaError
from mmgui.spec.derived import Derivation, DerivedColumn, derived_column, read_derived

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@given(st.sampled_from([Derivation.CENTER, Derivation.MEAN, Derivation.COMBINE]), NAMES, NAMES)
def test_a_definition_is_read_back_whatever_the_names(kind: Derivation, column: str, group: str) -> None:
    derived = DerivedColumn("new", kind, column, (group,))
    assert read_derived("new", derived.definition) == derived


@pytest.mark.parametrize(
    "text",
    ["", "center", "center()", "center(", "center(x,)", "center(1)", "mean(x)", "scale(x, g)", "foo(x)",
     "center(x y)", "log(x) + 1", "__import__(os)", "center(log(x))"],
)  # fmt: skip
def test_anything_else_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(FormulaError):
        read_derived("new", text)


def test_names_say_how_a_column_was_made_and_stay_apart() -> None:
    assert derived_column(Derivation.CENTER, "rating", ("Subj",)).name == "rating_within_Subj"
    assert derived_column(Derivation.CENTER, "rating").name == "rating_centered"
    assert derived_column(Derivation.MEAN, "rating", ("Subj",)).name == "rating_mean_Subj"
    assert derived_column(Derivation.LOG, "x", taken={"log_x"}).name == "log_x_2"
    assert derived_column(Derivation.COMBINE, "batch", ("cask",)).name == "batch_cask"
