"""``shift(x, 4.5)``: a column with its zero elsewhere, written and read."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.data.derive import with_derived
from mmgui.data.samples import load_sample
from mmgui.errors import FormulaError
from mmgui.report.derived_code import julia_columns, pandas_columns, r_columns
from mmgui.spec.derived import Derivation, derived_column, read_derived


@pytest.mark.parametrize("constant", [4.5, -2.0, 0.001, 1998.0, 1e-7, 1e16])
def test_that_what_is_written_is_read_again(constant: float) -> None:
    made = derived_column(Derivation.SHIFT, "Days in bed", constant=constant)
    assert read_derived(made.name, made.definition) == made


@pytest.mark.parametrize(
    "text",
    ["shift(Days)", "shift(Days, Subject)", "shift(4, Days)", "shift(Days, 1, 2)", "shift(Days, - - 1)"],
)
def test_that_anything_else_is_refused(text: str) -> None:
    with pytest.raises(FormulaError, match=r"shift\(x, 4.5\)"):
        read_derived("a", text)


def test_that_only_the_sign_of_the_constant_becomes_a_word() -> None:
    assert derived_column(Derivation.SHIFT, "pre-test", constant=-2.0).name == "pre-test_from_minus_2"
    assert derived_column(Derivation.SHIFT, "dose", constant=1e-5).name == "dose_from_1e-05"


def test_that_the_constant_is_taken_off() -> None:
    table = load_sample("sleepstudy")
    shifted = with_derived(table, [derived_column(Derivation.SHIFT, "Days", constant=4.5)])
    before, after = table["Days"].values, shifted["Days_from_4.5"].values
    assert before is not None
    assert after is not None
    assert np.array_equal(after, before - 4.5)


def test_that_other_programs_are_told() -> None:
    made = (derived_column(Derivation.SHIFT, "Days", constant=-2.0),)
    assert r_columns(made) == ["d$Days_from_minus_2 <- d$Days - (-2.0)"]
    assert julia_columns(made)[-1] == 'd[!, "Days_from_minus_2"] = d[!, "Days"] .- (-2.0)'
    assert pandas_columns(made) == ['d["Days_from_minus_2"] = d["Days"] - (-2.0)']
