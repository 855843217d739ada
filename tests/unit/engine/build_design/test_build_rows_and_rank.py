"""Which rows and which columns of a model stay, and that the others are counted and named."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from mmgui.data.frame import from_frame
from mmgui.engine.build import build_design
from mmgui.engine.build.rank import independent_columns
from mmgui.spec.formula import parse

NAN = math.nan
TABLE = from_frame(
    {
        "y": [3.1, 2.2, NAN, 4.8, 6.6, 9.7, 7.9, 1.3],
        "x": [1.5, NAN, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5],
        "w": [1.5, 2.5, 1.5, 2.5, NAN, 2.5, 1.5, 2.5],
        "o": [0.5, 0.5, 0.5, NAN, 0.5, 1.5, 1.5, 1.5],
        "f": ["A", "B", "C", "D", "A", "A", "D", "D"],
        "g": ["u", "v", "v", "v", "v", "w", None, "w"],
    },
    "gaps",
)


def test_rows_with_a_gap_in_anything_the_model_reads_are_left_out_and_counted() -> None:
    spec = replace(parse("y ~ x + offset(o) + (1 | g)"), weights="w")

    design = build_design(spec, TABLE)

    assert design.rows.tolist() == [0, 5, 7]
    assert design.dropped_rows == 5
    assert design.y.tolist() == [3.1, 9.7, 1.3]
    assert design.x[:, 1].tolist() == [1.5, 6.5, 8.5]
    assert design.weights is not None
    assert design.weights.tolist() == [1.5, 2.5, 2.5]
    assert design.offset is not None
    assert design.offset.tolist() == [0.5, 1.5, 1.5]
    assert design.random[0].levels == ("u", "w")
    assert design.random[0].codes.tolist() == [0, 1, 1]


def test_levels_that_occur_in_no_row_used_are_dropped_and_the_next_is_the_reference() -> None:
    """Without rows 2, 3 and 7 the factor has its levels A and D."""
    design = build_design(parse("y ~ f + x + (1 | g)"), TABLE)

    assert design.fixed_names == ("(Intercept)", "fD", "x")
    assert design.x[:, 1].tolist() == [0, 1, 0, 0, 1]


def test_a_model_on_a_complete_table_uses_every_row_and_shares_no_memory_with_it() -> None:
    table = from_frame({"y": [1.5, 2.5, 4.5], "x": [1.5, 0.5, 3.5], "g": ["a", "a", "b"]}, "t")

    design = build_design(parse("y ~ x + offset(x) + (1 | g)"), table)
    design.y[:] = 0
    design.x[:] = 0
    assert design.offset is not None
    design.offset[:] = 0
    design.random[0].codes[:] = 0

    assert design.dropped_rows == 0
    assert table["y"].values is not None
    assert table["y"].values.tolist() == [1.5, 2.5, 4.5]
    assert table["x"].values is not None
    assert table["x"].values.tolist() == [1.5, 0.5, 3.5]
    assert table["g"].codes.tolist() == [0, 0, 1]


def test_columns_that_depend_on_earlier_ones_are_left_out_and_named() -> None:
    """R's lm gives NA for the same coefficients."""
    table = from_frame(
        {
            "y": [1.5, 2.5, 4.5, 3.5, 2.5, 7.5],
            "a": [1.5, 2.5, 3.5, 4.5, 5.5, 7.5],
            "b": [2.5, 1.5, 0.5, 3.5, 2.5, 1.5],
            "c": [4.0, 4.0, 4.0, 8.0, 8.0, 9.0],
            "g": ["u", "u", "v", "v", "w", "w"],
        },
        "dependent",
    )

    design = build_design(parse("y ~ a + I(2 * a + 3) + b + c + (1 | g)"), table)

    assert design.fixed_names == ("(Intercept)", "a", "b")
    assert design.dropped_columns == ("I(2 * a + 3)", "c")
    assert design.assign.tolist() == [0, 1, 3]
    assert design.x.shape == (6, 3)


def test_a_column_left_out_says_what_it_is_made_of() -> None:
    """z = 2 x - 30 is left out; with a sum of two kept columns there are two dependencies."""
    rows = {"y": [1.0, 3.0, 2.0, 5.0, 4.0, 7.0], "x": [1e4, 2e4, 3e4, 4e4, 6e4, 5e4], "g": list("aabbcc")}
    rows["z"] = [2.0 * x - 30.0 for x in rows["x"]]
    rows["v"] = [0.0, 1.0, 0.0, 1.0, 0.0, 0.0]
    rows["w"] = [x + v for x, v in zip(rows["x"], rows["v"], strict=True)]

    design = build_design(parse("y ~ x + z + v + w + (1 | g)"), from_frame(rows, "t"))

    assert design.dropped_columns == ("z", "w")
    assert design.aliases is not None
    np.testing.assert_allclose(design.aliases, [[-30.0, 0.0], [2.0, 1.0], [0.0, 1.0]], atol=1e-9)


def test_a_cell_without_rows_is_left_out() -> None:
    """R's lm gives NA for aB:bv, where no row is B and v."""
    table = from_frame(
        {
            "y": [1.5, 2.5, 4.5, 3.5, 2.5, 7.5],
            "a": ["A", "A", "A", "B", "B", "A"],
            "b": ["u", "v", "u", "u", "u", "v"],
        },
        "empty cell",
    )

    design = build_design(parse("y ~ a * b"), table)

    assert design.fixed_names == ("(Intercept)", "aB", "bv")
    assert design.dropped_columns == ("aB:bv",)


def test_a_model_without_fixed_effects_has_no_columns() -> None:
    table = from_frame({"y": [1.5, 2.5, 4.5, 0.5], "g": ["u", "u", "v", "v"]}, "t")

    design = build_design(parse("y ~ 0 + (1 | g)"), table)

    assert design.x.shape == (4, 0)
    assert design.fixed_names == ()
    assert design.assign.shape == (0,)


def test_the_first_independent_columns_are_kept_at_any_scale() -> None:
    rng = np.random.default_rng(7)
    base = rng.normal(size=(40, 4))
    x = np.column_stack(
        [
            base[:, 0],
            base[:, 0] * 3,
            base[:, 1],
            base[:, 2],
            base[:, 2] - base[:, 1],
            np.zeros(40),
            base[:, 3],
        ]
    )

    for scale in (np.ones(7), np.array([1e-9, 1e9, 1e200, 1e-200, 1.0, 1.0, 1e5])):
        assert independent_columns(x * scale).tolist()[:2] == [0, 2]
    assert independent_columns(x).tolist() == [0, 2, 3, 6]
    assert independent_columns(x.T).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(("rest", "kept"), [(1e-6, [0, 1, 2]), (1e-8, [0, 2])])
def test_a_column_counts_as_dependent_below_a_ten_millionth_of_its_norm(rest: float, kept: list[int]) -> None:
    """As R's dqrdc2 with tol = 1e-7."""
    ones = np.ones(4)
    sign = np.array([1.0, -1.0, 1.0, -1.0])
    x = np.column_stack([ones, ones + rest * sign, np.array([1.0, 2.0, 3.0, 4.0])])

    assert independent_columns(x).tolist() == kept
