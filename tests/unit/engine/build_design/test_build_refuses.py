"""Every model that cannot be built is refused with one sentence that says what to do."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from mmgui.data.frame import from_frame
from mmgui.data.table import Column, Kind, Table
from mmgui.engine.build import build_design
from mmgui.errors import ModelError
from mmgui.spec.expression import Call, Name, Number
from mmgui.spec.formula import parse
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import GroupingFactor, RandomTerm, variable

TABLE = from_frame(
    {
        "y": [3.1, 2.2, 5.4, 4.8, 6.6, 9.7, 7.9, 1.3],
        "x": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0],
        "few": [0.5, 0.5, 1.5, 1.5, 2.5, 2.5, 0.5, 1.5],
        "neg": [-1.0, 0.0, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5],
        "inf": [1.5, math.inf, 2.5, -math.inf, 3.5, 4.5, 5.5, 6.5],
        "flat": [2.5] * 8,
        "gap": [math.nan, 1.5, math.nan, 2.5, math.nan, 3.5, math.nan, 4.5],
        "hole": [1.5, math.nan, 2.5, math.nan, 3.5, math.nan, 4.5, math.nan],
        "half": [0.5, -0.5, 1.5, 0.0, 2.5, 3.5, 4.5, 5.5],
        "f": list("AABBCCAA"),
        "g": list("uuvvuuvv"),
        "one": ["only"] * 8,
        "row": [f"r{k}" for k in range(8)],
        "pair": list("aabbccdd"),
    },
    "small",
)


def refusal(formula: str, table: Table = TABLE) -> ModelError:
    with pytest.raises(ModelError) as caught:
        build_design(parse(formula), table)
    return caught.value


def with_kind(table: Table, name: str, kind: Kind) -> Table:
    columns = tuple(replace(c, kind=kind) if c.name == name else c for c in table.columns)
    return replace(table, columns=columns)


@pytest.mark.parametrize(
    ("formula", "code", "sentence"),
    [
        ("y ~ X + (1 | g)", "unknown_column", "small has no column X; did you mean x?"),
        ("y ~ halff + (1 | g)", "unknown_column", "small has no column halff; did you mean half?"),
        (
            "y ~ x + (1 | Zzz)",
            "unknown_column",
            "small has no column Zzz; its columns are y, x, few, neg, inf, flat, gap, hole, ….",
        ),
        (
            "f ~ x + (1 | g)",
            "response_not_a_number",
            "The response must be a number, but f is a category; choose a column of numbers.",
        ),
        (
            "flat ~ x + (1 | g)",
            "response_is_constant",
            "flat is 2.5 in every row used, so there is nothing to explain; choose another response.",
        ),
        (
            "y ~ y + (1 | g)",
            "response_explains",
            "y is the response and cannot also explain it; take y out of the fixed effects.",
        ),
        (
            "y ~ inf + (1 | g)",
            "infinite_values",
            "inf is infinite in 2 rows; correct these entries or delete them.",
        ),
        (
            "y ~ log(neg) + (1 | g)",
            "log_of_nonpositive",
            (
                "neg is zero or negative in 2 rows, where it has no logarithm; log1p(neg), the logarithm of "
                "1 + neg, can take zeros."
            ),
        ),
        (
            "log(neg) ~ x + (1 | g)",
            "log_of_nonpositive",
            (
                "neg is zero or negative in 2 rows, where it has no logarithm; log1p(neg), the logarithm of "
                "1 + neg, can take zeros."
            ),
        ),
        (
            "y ~ log1p(neg) + (1 | g)",
            "log_of_nonpositive",
            (
                "neg is -1 or less in 1 row, where log1p (the logarithm of 1 + neg) does not exist; leave "
                "these rows out or do not take the logarithm."
            ),
        ),
        (
            "y ~ sqrt(neg) + (1 | g)",
            "root_of_negative",
            (
                "neg is negative in 1 row, where it has no square root; leave these rows out or do not take "
                "the root."
            ),
        ),
        (
            "y ~ I(1 / half) + (1 | g)",
            "not_finite",
            (
                "I(1/half) is infinite or undefined in 1 row (a division by zero, or a number too large); "
                "leave these rows out or change the transformation."
            ),
        ),
        (
            "y ~ factor(half/half) + (1 | g)",
            "not_finite",
            (
                "half/half is infinite or undefined in 1 row (a division by zero, or a number too large); "
                "leave these rows out or change the transformation."
            ),
        ),
        (
            "y ~ poly(few, 3) + (1 | g)",
            "degree_too_high",
            (
                "poly(few, 3) asks for degree 3, but few has only 3 different values; the degree must be "
                "smaller than that."
            ),
        ),
        (
            "y ~ scale(flat) + (1 | g)",
            "constant_column",
            "flat is the same in every row, so it cannot be scaled; take it out.",
        ),
        (
            "y ~ bs(flat, df = 4) + (1 | g)",
            "constant_column",
            "flat is the same in every row, so no spline of it can be made; take it out.",
        ),
        (
            "y ~ ns(x, df = 9) + (1 | g)",
            "bad_argument",
            "ns(x, df = 9) asks for more columns than there are rows, 8; make it smaller.",
        ),
        (
            "y ~ bs(x, knots = 9) + (1 | g)",
            "bad_argument",
            "The knot in bs(x, knots = 9) must lie between the smallest and the largest value of x, 1 and 8.",
        ),
        (
            "y ~ log(f) + (1 | g)",
            "labels_in_arithmetic",
            "f holds labels, so log(f) cannot be computed; only numbers can be transformed.",
        ),
        (
            "y ~ one + (1 | g)",
            "one_level",
            (
                "one has only one level ('only') in the rows used, so its effect cannot be estimated; take "
                "it out of the model."
            ),
        ),
        (
            "y ~ x + (1 | one)",
            "one_group",
            (
                "one has only one group in the rows used, so there is nothing to vary between groups; remove "
                "this term or choose another grouping factor."
            ),
        ),
        (
            "y ~ x + (1 | row)",
            "group_per_row",
            (
                "Every row is its own group of row, so its variation cannot be told apart from the "
                "residuals; choose a grouping factor that repeats."
            ),
        ),
        (
            "y ~ x + (x | pair)",
            "more_effects_than_rows",
            (
                "2 effects for each of 4 groups of pair are 8 random effects, but there are only 8 rows, so "
                "they cannot be told apart from the residuals; take slopes out."
            ),
        ),
        (
            "y ~ x + (x + I(x * 1) | g)",
            "same_effect_twice",
            (
                "Among the effects that vary by g, x and I(x * 1) are the same in every row; take one of "
                "them out."
            ),
        ),
        (
            "y ~ row + (1 | g)",
            "more_coefficients_than_rows",
            (
                "The fixed effects have 8 coefficients for 8 rows, which leaves nothing to estimate the "
                "residual variance from; row alone has 7; take terms out."
            ),
        ),
        (
            "y ~ gap * hole + (1 | g)",
            "no_complete_rows",
            (
                "No row has a value in every column the model uses: gap is missing in 4 of 8 rows, hole is "
                "missing in 4 of 8 rows. Take such a column out of the model or fill in its values."
            ),
        ),
        (
            "y ~ x + offset(f) + (1 | g)",
            "offset_not_a_number",
            "The offset f must be one column of numbers; choose another.",
        ),
    ],
)
def test_a_model_that_cannot_be_built_is_refused(formula: str, code: str, sentence: str) -> None:
    error = refusal(formula)

    assert error.message == sentence
    assert error.code == code
    assert error.where.part in ("column", "term", "formula")


def test_a_response_of_labels_that_are_numbers_says_how_to_use_it() -> None:
    table = with_kind(TABLE, "x", Kind.ID)

    assert refusal("x ~ y + (1 | g)", table).message == (
        "The response must be a number, but x is an id; change its type to number or choose another response."
    )
    assert refusal("y ~ sqrt(x) + (1 | g)", table).message == (
        "x holds labels, so sqrt(x) cannot be computed; change its type to number first."
    )


@pytest.mark.parametrize(
    ("response", "sentence"),
    [
        (
            Call("factor", (Name("x"),)),
            "The response must be a number, but factor(x) is a factor; choose a column of numbers.",
        ),
        (
            Call("poly", (Name("y"), Number(2.0))),
            "poly(y, 2) makes several columns, but a response is one; choose one column.",
        ),
    ],
)
def test_a_response_that_is_not_one_column_of_numbers_is_refused(response: Call, sentence: str) -> None:
    with pytest.raises(ModelError) as caught:
        build_design(replace(parse("y ~ half"), response=response), TABLE)

    assert caught.value.message == sentence


def test_a_model_without_response_is_refused() -> None:
    spec = ModelSpec(random=(RandomTerm(GroupingFactor(("g",))),))

    with pytest.raises(
        ModelError, match="No response is chosen yet; choose the column that the model is to explain"
    ):
        build_design(spec, TABLE)


def test_a_card_without_effects_is_refused() -> None:
    card = RandomTerm(GroupingFactor(("g",)), intercept=False)

    with pytest.raises(
        ModelError, match="Nothing varies between the groups of g; tick the intercept or a slope"
    ):
        build_design(replace(parse("y ~ x"), random=(card,)), TABLE)


def test_a_card_without_grouping_factor_is_refused() -> None:
    with pytest.raises(ModelError, match="has no grouping factor; choose the column that defines its groups"):
        build_design(replace(parse("y ~ x"), random=(RandomTerm(GroupingFactor(())),)), TABLE)


def test_a_slope_ticked_twice_is_refused() -> None:
    card = RandomTerm(GroupingFactor(("g",)), slopes=(variable("x"), variable("x")))

    with pytest.raises(ModelError, match="x is there twice among what varies between the groups of g"):
        build_design(replace(parse("y ~ x"), random=(card,)), TABLE)


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ("f", "Weights must be numbers, but f holds labels; choose a column of numbers."),
        (
            "neg",
            (
                "Weights must be positive, but neg is zero or negative in 2 rows; leave these rows out or "
                "choose another column."
            ),
        ),
        ("inf", "inf is infinite in 2 rows; correct these entries or delete them."),
    ],
)
def test_weights_that_weigh_nothing_are_refused(column: str, sentence: str) -> None:
    with pytest.raises(ModelError) as caught:
        build_design(replace(parse("y ~ x + (1 | g)"), weights=column), TABLE)

    assert caught.value.message == sentence


def test_a_matrix_that_no_memory_holds_is_refused_before_it_is_built() -> None:
    n = 60_000
    codes = np.arange(n, dtype=np.int32) // 2
    unit = Column("unit", Kind.ID, None, codes, tuple(map(str, range(n // 2))))
    y = np.arange(n, dtype=np.float64) % 7
    number = Column("y", Kind.NUMBER, y, y.astype(np.int32), tuple("0123456"))
    pair = replace(number, name="g", kind=Kind.ID)
    table = Table("large", (unit, number, pair), n, "0")

    error = refusal("y ~ unit", table)

    assert error.code == "too_large"
    assert error.message == (
        "The fixed effects would need 30,000 columns for 60,000 rows, 14.4 GB of memory. Use factors with "
        "fewer levels as effects; a factor with so many levels can be a grouping factor."
    )
    assert refusal("y ~ 1 + (unit | g)", table).code == "too_large"


def test_a_table_without_rows_is_refused() -> None:
    empty = Column("y", Kind.NUMBER, np.empty(0), np.empty(0, dtype=np.int32), ())

    assert refusal("y ~ 1", Table("nothing", (empty,), 0, "0")).message == (
        "The table has no rows, so there is nothing to fit."
    )


def test_a_transformation_only_has_to_exist_in_the_rows_used() -> None:
    """half is negative or zero in rows 2 and 4 alone, where hole has no entry."""
    design = build_design(parse("y ~ log(half) + hole"), TABLE)

    assert design.rows.tolist() == [0, 2, 4, 6]
    assert np.isfinite(design.x).all()
