"""Groups, effects and blocks of random-effects terms."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mmgui.data.frame import from_frame
from mmgui.data.table import Kind, Table
from mmgui.engine.build import build_design
from mmgui.spec.formula import parse

RNG = np.random.default_rng(3)
TABLE = from_frame(
    {
        "y": RNG.normal(size=24).tolist(),
        "x": (RNG.normal(size=24) + 0.5).tolist(),
        "machine": list("ABC") * 8,
        "worker": [f"w{k // 6}" for k in range(24)],
        "my unit": [str(k // 12 + 1) + "½" for k in range(24)],
        "a:b|c": (RNG.normal(size=24) * 2).tolist(),
        "id": [float(k // 4 + 9) for k in range(24)],
    },
    "workers",
)


def test_correlated_effects_are_one_block() -> None:
    (term,) = build_design(parse("y ~ x + (machine | worker)"), TABLE).random

    assert term.effects == ("(Intercept)", "machineB", "machineC")
    assert term.blocks == ((0, 1, 2),)
    assert len(term.parameter_positions) == 6


def test_without_the_intercept_a_factor_has_an_effect_for_each_level() -> None:
    (term,) = build_design(parse("y ~ x + (0 + machine | worker)"), TABLE).random

    assert term.effects == ("machineA", "machineB", "machineC")
    assert term.columns[:2].tolist() == [[1, 0, 0], [0, 1, 0]]


def test_uncorrelated_effects_are_blocks_in_which_a_factor_s_columns_stay_together() -> None:
    """lme4 1.1 makes of it (1 | worker) + (0 + x | worker) + (0 + machine | worker)"""
    (term,) = build_design(parse("y ~ x + (x + machine || worker)"), TABLE).random

    assert term.effects == ("(Intercept)", "x", "machineA", "machineB", "machineC")
    assert term.blocks == ((0,), (1,), (2, 3, 4))
    assert len(term.parameter_positions) == 1 + 1 + 6


def test_nested_groups_are_the_combinations_that_occur_in_the_order_of_their_parts() -> None:
    outer, inner = build_design(parse("y ~ x + (1 | worker/`my unit`)"), TABLE).random

    assert (outer.grouping, inner.grouping) == ("worker", "worker:my unit")
    assert inner.levels == ("w0:1½", "w1:1½", "w2:2½", "w3:2½")
    assert inner.codes.tolist() == [0] * 6 + [1] * 6 + [2] * 6 + [3] * 6


def test_combinations_of_many_levels_are_found_without_a_table_of_all_of_them() -> None:
    n = 5000
    left, right = np.arange(n) // 2, (np.arange(n) // 2) * 7 % 2503
    table = from_frame(
        {
            "y": RNG.normal(size=n).tolist(),
            "left": [f"l{k:04}" for k in left],
            "right": [f"r{k:04}" for k in right],
        },
        "many",
    )

    (term,) = build_design(parse("y ~ 1 + (1 | left:right)"), table).random

    assert len(term.levels) == 2500
    assert term.levels[3] == "l0003:r0021"
    assert term.codes[:8].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]


def test_numbers_can_define_groups_and_an_id_is_a_factor_where_it_is_an_effect() -> None:
    def table(kind: Kind) -> Table:
        columns = tuple(replace(c, kind=kind) if c.name == "id" else c for c in TABLE.columns)
        return replace(TABLE, columns=columns)

    grouped = build_design(parse("y ~ id + (1 | id)"), table(Kind.NUMBER))
    coded = build_design(parse("y ~ id + (1 | worker)"), table(Kind.ID))

    assert grouped.random[0].levels == ("9", "10", "11", "12", "13", "14")
    assert grouped.fixed_names == ("(Intercept)", "id")
    assert coded.fixed_names == ("(Intercept)", "id10", "id11", "id12", "id13", "id14")


def test_awkward_column_names_stand_in_coefficients_as_they_are() -> None:
    design = build_design(parse("y ~ `my unit` * `a:b|c` + (`a:b|c` | worker)"), TABLE)

    assert design.fixed_names == ("(Intercept)", "my unit2½", "a:b|c", "my unit2½:a:b|c")
    assert design.random[0].effects == ("(Intercept)", "a:b|c")


def test_a_combination_that_never_occurs_has_no_random_effect() -> None:
    table = from_frame(
        {
            "y": [1.5, 2.5, 4.5, 3.5, 2.5, 7.5, 1.0, 2.0],
            "a": ["A", "A", "B", "A", "A", "B", "A", "B"],
            "b": ["u", "v", "u", "u", "v", "u", "u", "u"],
            "g": ["1g", "1g", "1g", "1g", "2g", "2g", "2g", "2g"],
        },
        "empty cell",
    )

    (term,) = build_design(parse("y ~ 1 + (0 + a:b | g)"), table).random

    assert term.effects == ("aA:bu", "aB:bu", "aA:bv")
    assert term.dropped_effects == ("aB:bv",)
    assert term.blocks == ((0, 1, 2),)


def test_a_zero_one_response_and_a_transformed_response_are_numbers() -> None:
    table = from_frame({"hit": [0, 1, 1, 0], "g": ["u", "u", "v", "v"], "t": [1.0, 10.0, 100.0, 10.0]}, "t")
    columns = tuple(replace(c, kind=Kind.NUMBER) if c.name == "hit" else c for c in table.columns)
    table = replace(table, columns=columns)

    assert build_design(parse("hit ~ 1 + (1 | g)"), table).y.tolist() == [0, 1, 1, 0]
    assert build_design(parse("log10(t) ~ 1 + (1 | g)"), table).y.tolist() == [0, 1, 2, 1]
