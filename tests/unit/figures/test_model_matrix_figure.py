"""X as a picture: which rows are drawn, what each column is, what is said where nothing can be drawn."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.data.samples import load_sample
from mmgui.engine.build import build_design
from mmgui.figures.model_matrix import MOST_ROWS, ModelMatrixFigure, model_matrix_figure
from mmgui.spec import edit
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.formula import parse
from mmgui.spec.model import ModelSpec


def figure(sample: str, formula: str, *by: str, codings: tuple[Coding, ...] = ()) -> ModelMatrixFigure:
    spec = parse(formula, partial=True)
    for coding in codings:
        spec = edit.set_coding(spec, coding)
    found = model_matrix_figure(spec, load_sample(sample), by)
    assert found is not None
    return found


def test_sleepstudy_has_ten_different_rows_one_for_each_day() -> None:
    x = figure("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    assert [c.name for c in x.columns] == ["(Intercept)", "Days"]
    assert x.values.tolist() == [[1.0, float(day)] for day in range(10)]
    assert x.counts.tolist() == [18] * 10
    assert x.rows.tolist() == list(range(10))
    assert x.labels == tuple(str(day) for day in range(10))
    assert (x.nrows, x.manner) == (180, "distinct")


def test_few_rows_that_repeat_each_other_are_drawn_once_too() -> None:
    x = figure("Dyestuff2", "Yield ~ 1 + (1 | Batch)")
    assert (x.values.tolist(), x.counts.tolist(), x.nrows, x.manner) == ([[1.0]], [30], 30, "distinct")
    # ergoStool: nine people on each of four stools.
    assert figure("ergoStool", "effort ~ Type").counts.tolist() == [9] * 4


def test_it_is_the_matrix_that_is_fitted() -> None:
    spec = parse("angle ~ recipe * temperature + (1 | replicate)")
    table = load_sample("cake")
    x, design = model_matrix_figure(spec, table), build_design(spec, table)
    assert x is not None
    assert tuple(c.name for c in x.columns) == design.fixed_names
    np.testing.assert_array_equal(x.values, design.x[x.rows])
    assert int(x.counts.sum()) == 270


def test_columns_of_a_term_are_told_apart_by_their_levels() -> None:
    x = figure("Oats", "yield ~ nitro * Variety + poly(nitro, 2)")
    assert [(c.term, c.short) for c in x.columns] == [
        ("1", "(Intercept)"),
        ("nitro", "nitro"),
        ("Variety", "Marvellous"),
        ("Variety", "Victory"),
        ("poly(nitro, 2)", "1"),
        ("poly(nitro, 2)", "2"),
        ("nitro:Variety", "Marvellous"),
        ("nitro:Variety", "Victory"),
    ]


def test_another_reference_level_moves_the_zeros() -> None:
    def zeros(coding: tuple[Coding, ...]) -> set[str]:
        x = figure("Oats", "yield ~ Variety", codings=coding)
        return {label for label, row in zip(x.labels, x.values, strict=True) if not row[1:].any()}

    assert zeros(()) == {"Golden Rain"}
    assert zeros((Coding("Variety", Contrast.TREATMENT, "Victory"),)) == {"Victory"}
    assert zeros((Coding("Variety", Contrast.SUM),)) == set()


def test_rows_by_group_are_whole_groups() -> None:
    x = figure("sleepstudy", "Reaction ~ Days", "Subject")
    assert len(x.rows) == MOST_ROWS
    assert x.groups[:11] == (*["308"] * 10, "309")
    assert (x.by, x.manner) == ("Subject", "groups")
    assert x.table().columns == ("Row", "Rows alike", "Subject", "(Intercept)", "Days")
    assert x.table().rows[10] == (11, 1, "309", 1.0, 0.0)


def test_a_sample_keeps_the_order_of_the_table() -> None:
    x = figure("sleepstudy", "Days ~ Reaction")
    assert x.manner == "sample"
    assert len(x.rows) == MOST_ROWS
    assert (np.diff(x.rows) > 0).all()
    assert (x.rows[0], x.rows[-1]) == (0, 179)


def test_a_column_that_repeats_others_says_which() -> None:
    x = figure("cake", "angle ~ temp + temperature + I(2 * temp - 3)")
    reasons = {c.name: c.reason for c in x.columns if c.reason}
    assert reasons == {
        "temperature": (
            "temperature says what other columns say already (temperature = temp), so it is left out."
        ),
        "I(2 * temp - 3)": (
            "I(2 * temp - 3) says what other columns say already "
            "(I(2 * temp - 3) = −3 × (Intercept) + 2 × temp), so it is left out."
        ),
    }


@pytest.mark.parametrize(
    ("sample", "formula", "problem"),
    [
        (
            "sleepstudy",
            "~ log(Days)",
            (
                "Days is zero or negative in 18 rows, where it has no logarithm; log1p(Days), the "
                "logarithm of 1 + Days, can take zeros."
            ),
        ),
        ("sleepstudy", "~ Dose", "The table has no column “Dose”."),
        ("InstEval", "y ~ s", "X has 2,972 columns, too many to draw."),
    ],
)
def test_what_cannot_be_drawn_says_why(sample: str, formula: str, problem: str) -> None:
    x = figure(sample, formula)
    assert x.problem == problem
    assert (x.columns, x.values.size, x.table().rows) == ((), 0, ())


def test_without_fixed_effects_there_is_no_picture() -> None:
    assert model_matrix_figure(ModelSpec(intercept=False), load_sample("Oats")) is None


def test_labels_of_rows_have_no_digits_of_rounding() -> None:
    from mmgui.data.derive import with_derived
    from mmgui.spec.derived import read_derived

    table = with_derived(load_sample("Oats"), [read_derived("nitro_c", "center(nitro)")])
    x = model_matrix_figure(parse("yield ~ nitro_c"), table)
    assert x is not None
    assert x.labels == ("-0.3", "-0.1", "0.1", "0.3")


def test_rows_with_gaps_are_left_out() -> None:
    import pandas as pd

    from mmgui.data.frame import from_frame

    table = from_frame(pd.DataFrame({"y": [1.0, 2.0, 3.0, 4.0], "x": [1.0, None, 3.0, 4.0]}), "t")
    x = model_matrix_figure(parse("y ~ x"), table)
    assert x is not None
    assert (x.rows.tolist(), x.nrows) == ([0, 2, 3], 3)
