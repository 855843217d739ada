"""A design's recipe makes its columns again, and the same columns on rows it has not seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample
from mmgui.data.table import Table
from mmgui.engine.build import build_design
from mmgui.engine.design import Design
from mmgui.engine.recipe import Recipe
from mmgui.errors import ModelError
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.formula import parse


def new(columns: Mapping[str, Any]) -> Table:
    return from_frame(columns, "new rows")


def design(sample: str, formula: str, *codings: Coding) -> Design:
    return build_design(replace(parse(formula), codings=codings), load_sample(sample))


def recipe(sample: str, formula: str, *codings: Coding) -> Recipe:
    out = design(sample, formula, *codings).recipe
    assert out is not None
    return out


@pytest.mark.parametrize(
    ("sample", "formula", "codings"),
    [
        ("sleepstudy", "Reaction ~ Days + (Days | Subject)", ()),
        ("sleepstudy", "Reaction ~ poly(Days, 3) + scale(I(Days^2)) + (ns(Days, df = 2) || Subject)", ()),
        ("sleepstudy", "log(Reaction) ~ bs(Days, df = 5) + center(log1p(Days)) + (1 | Subject)", ()),
        ("sleepstudy", "Reaction ~ factor(Days) + offset(Days) + (1 | Subject)", ()),
        ("Machines", "score ~ Machine + (Machine | Worker)", (Coding("Machine", Contrast.HELMERT),)),
        ("Machines", "score ~ Machine + (Machine || Worker)", ()),
        ("Pastes", "strength ~ 1 + (1 | batch/cask)", ()),
        ("Oats", "yield ~ nitro * Variety + (1 | Block/Variety)", (Coding("Variety", Contrast.SUM),)),
        ("cake", "angle ~ recipe * temperature + (temperature | recipe:replicate)", ()),
        ("Orthodont", "distance ~ age * Sex + (0 + Sex | Subject) + (0 + age | Subject)", ()),
    ],
)
def test_on_the_rows_fitted_it_makes_the_design(
    sample: str, formula: str, codings: tuple[Coding, ...]
) -> None:
    made = design(sample, formula, *codings)
    table = load_sample(sample)
    assert made.recipe is not None

    np.testing.assert_allclose(made.recipe.fixed(table), made.x, rtol=1e-12, atol=1e-12)
    for k, random in enumerate(made.random):
        columns, codes = made.recipe.random(k, table)
        np.testing.assert_allclose(columns, random.columns, rtol=1e-12, atol=1e-12)
        assert codes.tolist() == random.codes.tolist()
    shift = np.zeros(made.nobs) if made.offset is None else made.offset
    assert made.recipe.offset(table).tolist() == shift.tolist()


def test_transformations_keep_the_constants_of_the_rows_fitted_within_and_beyond_them() -> None:
    """R 4.2: predict(poly(Days, 3), new), predict(bs(Days, df = 5), new), predict(ns(Days, df = 3), new)."""
    table = new({"Days": [-1.0, 2.5, 11.0]})

    def columns(term: str) -> np.ndarray[Any, Any]:
        return recipe("sleepstudy", f"Reaction ~ 0 + {term} + (1 | Subject)").fixed(table)

    np.testing.assert_allclose(
        columns("poly(Days, 3)"),
        [
            [-0.1427248064296, 0.2256677334621, -0.3638782865292],
            [-0.0518999296108, -0.0435949030552, 0.0903334207817],
            [0.1686747712350, 0.3487592244414, 0.7608364172883],
        ],
        rtol=1e-11,
    )
    np.testing.assert_allclose(
        columns("bs(Days, df = 5)"),
        [
            [-1.564814814815, 0.2006172839506, -0.00617283950617, 0, 0],
            [0.387731481481, 0.5111882716049, 0.09645061728395, 0, 0],
            [0, -0.0493827160494, 0.93827160493827, -4.51851851852, 4.62962962963],
        ],
        rtol=1e-10,
        atol=1e-13,
    )
    np.testing.assert_allclose(
        columns("ns(Days, df = 3)"),
        [
            [0.0845154254729, -0.253546276419, 0.169030850946],
            [-0.0728178864629, 0.507805511241, -0.338537007494],
            [-0.8571428571429, 0.571428571429, 1.285714285714],
        ],
        rtol=1e-11,
    )
    np.testing.assert_allclose(columns("center(Days)"), [[-5.5], [-2.0], [6.5]])
    np.testing.assert_allclose(
        columns("scale(Days)")[:, 0], np.array([-5.5, -2.0, 6.5]) / 2.88029328116, rtol=1e-10
    )


def test_it_tells_the_levels_and_the_numbers_of_the_columns() -> None:
    made = recipe("Orthodont", "distance ~ age * Sex + (1 | Subject)")
    assert made.factors == {"Sex": load_sample("Orthodont")["Sex"].levels}
    assert made.numbers == {"age": (11.0, 8.0, 14.0)}

    counted = recipe("sleepstudy", "Reaction ~ factor(Days) + (1 | Subject)")
    assert counted.factors == {"Days": ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")}
    assert counted.numbers == {}


def test_the_numbers_are_those_of_the_rows_used() -> None:
    table = new(
        {"y": [1.0, 2.0, 4.0, 3.0, None], "x": [1.0, 2.0, 3.0, 6.0, 99.0], "g": ["a", "b", "a", "b", "b"]}
    )
    made = build_design(parse("y ~ x + (1 | g)"), table).recipe
    assert made is not None
    assert made.numbers == {"x": (3.0, 1.0, 6.0)}


def test_one_new_row_with_one_level_has_the_columns_of_all_levels() -> None:
    made = recipe("Machines", "score ~ Machine + (1 | Worker)", Coding("Machine", Contrast.SUM))
    assert made.fixed(new({"Machine": ["C"]})).tolist() == [[1.0, -1.0, -1.0]]
    assert made.fixed(new({"Machine": ["C", "A"]})).tolist() == [[1.0, -1.0, -1.0], [1.0, 1.0, 0.0]]


def test_groups_are_found_by_their_labels_and_new_ones_have_no_code() -> None:
    made = recipe("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    table = new({"Days": [2.0, 2.0, 3.0, 1.0], "Subject": [372, 999, 308, None]})

    columns, codes = made.random(0, table)

    assert codes.tolist() == [17, -1, 0, -1]
    assert columns[:3].tolist() == [[1.0, 2.0], [1.0, 2.0], [1.0, 3.0]]
    assert np.isnan(columns[3]).all()


def test_nested_groups_are_combinations_and_new_ones_are_told_apart() -> None:
    made = recipe("Pastes", "strength ~ 1 + (1 | batch/cask)")
    table = new({"batch": ["A", "A", "Z", "Z", "A", None], "cask": ["b", "q", "a", "a", "q", "a"]})

    assert made.random_with_new(0, table)[1].tolist() == [0, 0, -1, -1, 0, -1]
    _, codes, others = made.random_with_new(1, table)
    assert codes.tolist() == [1, -1, -1, -1, -1, -1]
    assert others.tolist() == [-1, 0, 1, 1, 0, -1]


def test_labels_with_colons_do_not_confuse_combinations() -> None:
    rows = {"y": [1.0, 5.0, 2.0, 4.0, 3.0, 7.0], "a": ["p", "p:q", "p", "p:q", "p", "p:q"]}
    rows |= {"b": ["q:r", "r", "q:r", "r", "q:r", "r"]}
    made = build_design(parse("y ~ 1 + (1 | a:b)"), new(rows)).recipe
    assert made is not None

    _, codes = made.random(0, new({"a": ["p:q", "p", "p"], "b": ["r", "q:r", "r"]}))

    assert codes.tolist() == [1, 0, -1]


def test_rows_that_lack_an_entry_get_no_columns() -> None:
    made = recipe("Orthodont", "distance ~ age + Sex + offset(age) + (age | Subject)")
    level = load_sample("Orthodont")["Sex"].levels[0]
    table = new({"age": [8.0, None, 9.0], "Sex": [level, level, None], "Subject": ["F01", "F01", "F01"]})

    x = made.fixed(table)

    assert x[0].tolist() == [1.0, 8.0, 0.0]
    assert np.isnan(x[1:]).all()
    np.testing.assert_array_equal(made.offset(table), [8.0, np.nan, 9.0])
    assert np.isnan(made.random(0, table)[0]).any(axis=1).tolist() == [False, True, False]


def test_columns_left_out_of_x_stay_left_out() -> None:
    made = design("sleepstudy", "Reaction ~ Days + I(2 * Days) + (1 | Subject)")
    assert made.recipe is not None
    table = new({"Days": [3.0]})
    assert made.dropped_columns == ("I(2 * Days)",)
    assert made.recipe.fixed(table).tolist() == [[1.0, 3.0]]
    assert made.recipe.fixed_dropped(table).tolist() == [[6.0]]


def test_effects_that_never_occur_stay_left_out() -> None:
    rows = {"y": [1.0, 5.0, 2.0, 4.0, 3.0, 7.0, 2.0, 1.5], "g": list("uuvvuuvv")}
    rows |= {"a": list("ppqqppqq"), "b": list("rsrrsrrr")}
    made = build_design(parse("y ~ 1 + (0 + a:b | g)"), new(rows))
    assert made.recipe is not None
    assert made.random[0].dropped_effects == ("aq:bs",)
    columns, _ = made.recipe.random(0, new({"a": ["q", "p"], "b": ["r", "s"], "g": ["u", "u"]}))
    assert made.random[0].effects == ("ap:br", "aq:br", "ap:bs")
    assert columns.tolist() == [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]


@pytest.mark.parametrize(
    ("columns", "code", "sentence"),
    [
        (
            {"Age": [8.0], "Sex": ["Male"]},
            "missing_column",
            "The new rows lack a column that the model reads: new rows has no column age; did you mean Age?",
        ),
        (
            {"age": [8.0, 9.0], "Sex": ["Male", "Other"]},
            "unknown_level",
            (
                "Sex is “Other” in row 2 of the new rows, a level that the rows fitted do not have; choose "
                "one of Female, Male."
            ),
        ),
        (
            {"age": ["ten", "8"], "Sex": ["Male", "Male"]},
            "labels_for_numbers",
            (
                "age is “ten” in row 1 of the new rows, but the model was fitted to it as a number; "
                "give numbers."
            ),
        ),
        (
            {"age": [8.0, float("inf")], "Sex": ["Male", "Male"]},
            "infinite_values",
            "age is infinite in 1 row; correct these entries or delete them.",
        ),
        (
            {"age": [8.0, -2.0], "Sex": ["Male", "Male"]},
            "log_of_nonpositive",
            (
                "age is zero or negative in 1 row, where it has no logarithm; log1p(age), the logarithm "
                "of 1 + age, can take zeros."
            ),
        ),
    ],
)
def test_rows_that_the_model_cannot_take_are_refused(
    columns: dict[str, Any], code: str, sentence: str
) -> None:
    made = recipe("Orthodont", "distance ~ log(age) + Sex + (1 | Subject)")

    with pytest.raises(ModelError) as caught:
        made.fixed(new(columns))

    assert (caught.value.code, caught.value.message) == (code, sentence)
