"""Contrasts and reference levels are R's: codings.json, made by make_codings.R (R 4.2, lme4 1.1-31)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mmgui.data.frame import from_frame
from mmgui.data.read import read_table
from mmgui.data.table import Table
from mmgui.engine.build import build_design
from mmgui.engine.build.codings import contrast_matrix, contrast_names
from mmgui.engine.build.evaluate import Evaluator
from mmgui.engine.build.grouping import groups_of
from mmgui.engine.build.matrix import model_matrix
from mmgui.engine.build.random import effect_columns
from mmgui.engine.build.rows import complete_rows
from mmgui.errors import ModelError
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.formula import parse

HERE = Path(__file__).resolve().parents[3] / "data" / "model_matrix"
EXPECTED: dict[str, list[dict[str, Any]]] = json.loads((HERE / "codings.json").read_text(encoding="utf-8"))


def codings_of(case: dict[str, Any]) -> tuple[Coding, ...]:
    return tuple(
        Coding(c["column"], Contrast(c["contrast"]), c.get("reference") or None) for c in case["codings"]
    )


def name_of(case: dict[str, Any]) -> str:
    chosen = ",".join(f"{c.column}={c.contrast.value}/{c.reference or ''}" for c in codings_of(case))
    return f"{case['formula']} {chosen}"


@pytest.fixture(scope="module")
def table() -> Table:
    return read_table(HERE / "table.csv")


@pytest.mark.parametrize("case", EXPECTED["fixed"], ids=name_of)
def test_fixed_effects_under_chosen_contrasts_are_r_s(case: dict[str, Any], table: Table) -> None:
    spec = parse(f"y ~ {case['formula']}")
    rows = complete_rows(table, spec.columns())

    matrix = model_matrix(
        spec.fixed,
        intercept=spec.intercept,
        evaluator=Evaluator(table, rows, codings_of(case)),
        nrows=rows.count,
        what="The fixed effects",
    )

    assert list(matrix.names) == case["names"]
    assert matrix.assign.tolist() == case["assign"]
    np.testing.assert_allclose(matrix.values, np.array(case["columns"]).T, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("case", EXPECTED["random"], ids=name_of)
def test_random_effects_under_chosen_contrasts_are_lme4_s(case: dict[str, Any], table: Table) -> None:
    spec = parse(f"y ~ 1 + {case['formula']}")
    rows = complete_rows(table, spec.columns())
    evaluator = Evaluator(table, rows, codings_of(case))

    built = [
        (term.grouping, effects, block)
        for term in spec.random
        for effects in [effect_columns(term, evaluator, rows.count)]
        for block in effects.blocks
    ]

    assert len(built) == len(case["terms"])
    for (grouping, effects, block), expected in zip(built, case["terms"], strict=True):
        groups = groups_of(grouping, table, rows)
        assert [effects.names[j] for j in block] == expected["effects"]
        z = np.zeros((len(groups.levels), len(block), rows.count))
        z[groups.codes, :, np.arange(rows.count)] = effects.columns[:, list(block)]
        np.testing.assert_allclose(z.reshape(-1, rows.count), np.array(expected["z"]), atol=1e-13)


def test_the_four_contrasts_of_three_levels_are_r_s_matrices() -> None:
    """contr.treatment(3, base = 2), contr.sum(3), contr.helmert(3), contr.poly(3) as R 4.2 prints them."""
    levels = ("lo", "mid", "hi")

    def made(contrast: Contrast, reference: str | None = None) -> tuple[list[str], list[list[float]]]:
        coding = Coding("f", contrast, reference)
        return contrast_names(levels, coding), contrast_matrix(levels, coding).tolist()

    assert made(Contrast.TREATMENT, "mid") == (["lo", "hi"], [[1, 0], [0, 0], [0, 1]])
    assert made(Contrast.SUM) == (["1", "2"], [[1, 0], [0, 1], [-1, -1]])
    assert made(Contrast.SUM, "lo") == (["1", "2"], [[-1, -1], [1, 0], [0, 1]])
    assert made(Contrast.HELMERT) == (["1", "2"], [[-1, -1], [1, -1], [0, 2]])
    names, polynomial = made(Contrast.POLYNOMIAL)
    assert names == [".L", ".Q"]
    np.testing.assert_allclose(
        polynomial,
        [
            [-0.707106781186548, 0.408248290463863],
            [0, -0.816496580927726],
            [0.707106781186547, 0.408248290463863],
        ],
        atol=1e-14,
    )


def test_a_fit_s_coefficients_are_named_as_in_r(table: Table) -> None:
    spec = replace(parse("y ~ a * b"), codings=(Coding("a", Contrast.POLYNOMIAL), Coding("b", Contrast.SUM)))

    design = build_design(spec, table)

    assert design.fixed_names == ("(Intercept)", "a.L", "a.Q", "b1", "a.L:b1", "a.Q:b1")


@pytest.mark.parametrize(
    ("coding", "code", "sentence"),
    [
        (Coding("A", Contrast.SUM), "unknown_column", "table has no column A; did you mean a?"),
        (
            Coding("x", Contrast.SUM),
            "coding_of_numbers",
            (
                "x is a number, so it has no contrasts; change its type to category first, or leave its "
                "contrasts out."
            ),
        ),
        (
            Coding("a", Contrast.TREATMENT, "D"),
            "unknown_reference",
            "a has no level “D” to be the reference; choose one of A, B, C.",
        ),
    ],
)
def test_a_coding_that_cannot_be_is_refused(coding: Coding, code: str, sentence: str, table: Table) -> None:
    with pytest.raises(ModelError) as caught:
        build_design(replace(parse("y ~ a + x"), codings=(coding,)), table)

    assert (caught.value.code, caught.value.message) == (code, sentence)
    assert caught.value.where.name == coding.column


def test_a_reference_level_that_no_row_used_has_is_refused() -> None:
    table = from_frame({"y": [1.0, 2.0, 4.0, 3.0, None], "f": ["a", "b", "a", "b", "c"]}, "t")

    with pytest.raises(ModelError) as caught:
        build_design(replace(parse("y ~ f"), codings=(Coding("f", Contrast.TREATMENT, "c"),)), table)

    assert caught.value.code == "unknown_reference"
    assert caught.value.message == (
        "f has no level “c” in the rows used to be the reference; choose one of a, b."
    )


def test_a_factor_coded_twice_is_refused(table: Table) -> None:
    twice = (Coding("a", Contrast.SUM), Coding("a", Contrast.HELMERT))

    with pytest.raises(ModelError, match="Two kinds of contrasts are chosen for a; keep one of them"):
        build_design(replace(parse("y ~ a"), codings=twice), table)


def test_the_coding_of_a_factor_that_is_in_no_effect_changes_nothing(table: Table) -> None:
    plain = build_design(parse("y ~ b"), table)

    coded = build_design(replace(parse("y ~ b"), codings=(Coding("a", Contrast.SUM),)), table)

    assert coded.fixed_names == plain.fixed_names == ("(Intercept)", "bv")
