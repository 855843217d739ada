"""The matrices are R's: tests/data/model_matrix/expected.json, made there by make.R (R 4.2, lme4 1.1-31)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mmgui.data.read import read_table
from mmgui.data.table import Table
from mmgui.engine.build import build_design
from mmgui.engine.build.evaluate import Evaluator
from mmgui.engine.build.grouping import groups_of
from mmgui.engine.build.matrix import model_matrix
from mmgui.engine.build.random import effect_columns
from mmgui.engine.build.rows import complete_rows
from mmgui.spec.formula import parse

HERE = Path(__file__).resolve().parents[3] / "data" / "model_matrix"
EXPECTED: dict[str, list[dict[str, Any]]] = json.loads((HERE / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def table() -> Table:
    return read_table(HERE / "table.csv")


@pytest.mark.parametrize("case", EXPECTED["fixed"], ids=lambda case: case["formula"])
def test_fixed_effects_have_r_s_columns_names_and_terms(case: dict[str, Any], table: Table) -> None:
    spec = parse(f"y ~ {case['formula']}")
    rows = complete_rows(table, spec.columns())

    matrix = model_matrix(
        spec.fixed,
        intercept=spec.intercept,
        evaluator=Evaluator(table, rows),
        nrows=rows.count,
        what="The fixed effects",
    )

    assert list(matrix.names) == case["names"]
    assert matrix.assign.tolist() == case["assign"]
    np.testing.assert_allclose(matrix.values, np.array(case["columns"]).T, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("case", EXPECTED["random"], ids=lambda case: case["formula"])
def test_random_effects_have_lme4_s_z_names_levels_and_blocks(case: dict[str, Any], table: Table) -> None:
    spec = parse(f"y ~ 1 + {case['formula']}")
    rows = complete_rows(table, spec.columns())
    evaluator = Evaluator(table, rows)

    built = [
        (term.grouping, effects, block)
        for term in spec.random
        for effects in [effect_columns(term, evaluator, rows.count)]
        for block in effects.blocks
    ]

    assert len(built) == len(case["terms"])
    for (grouping, effects, block), expected in zip(built, case["terms"], strict=True):
        groups = groups_of(grouping, table, rows)
        assert grouping.label == expected["grouping"]
        assert list(groups.levels) == expected["levels"]
        assert [effects.names[j] for j in block] == expected["effects"]
        z = np.zeros((len(groups.levels), len(block), rows.count))
        z[groups.codes, :, np.arange(rows.count)] = effects.columns[:, list(block)]
        np.testing.assert_allclose(z.reshape(-1, rows.count), np.array(expected["z"]), atol=1e-13)


def test_an_interaction_with_its_margins_is_coded_by_contrasts(table: Table) -> None:
    design = build_design(parse("y ~ a * b"), table)

    assert design.fixed_names == ("(Intercept)", "aB", "aC", "bv", "aB:bv", "aC:bv")
    assert design.assign.tolist() == [0, 1, 1, 2, 3, 3]
    assert design.x[1].tolist() == [1, 1, 0, 1, 1, 0]


def test_an_orthogonal_polynomial_has_r_s_signs(table: Table) -> None:
    """R: poly(c(1, 2, 3, 4, 6, 9, 7, 2, 5, 8, 3, 6), 2)[1, ]."""
    design = build_design(parse("y ~ poly(x, 2)"), table)

    assert design.fixed_names == ("(Intercept)", "poly(x, 2)1", "poly(x, 2)2")
    np.testing.assert_allclose(design.x[0], [1, -0.430134037853176, 0.501539483456278], rtol=1e-12)


def test_a_scaled_column_uses_the_sample_standard_deviation_of_every_row_that_has_it(table: Table) -> None:
    """R: scale(gap)[1] = (1.5 - 4.54545454545) / 2.73362895667 over the 11 rows that have gap."""
    design = build_design(parse("y ~ scale(gap)"), table)

    assert design.nobs == 11
    assert design.x[0, 1] == pytest.approx(-1.11407019523526)
