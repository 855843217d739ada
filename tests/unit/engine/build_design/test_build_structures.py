"""Covariance structures on the design: columns, blocks, and what cannot be told apart from the residuals."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.data.frame import from_frame
from mmgui.engine.build import build_design
from mmgui.engine.design import RandomDesign
from mmgui.errors import ModelError
from mmgui.spec.formula import parse
from mmgui.spec.terms import Covariance

RNG = np.random.default_rng(3)
TABLE = from_frame(
    {
        "y": RNG.normal(size=24).tolist(),
        "x": (RNG.normal(size=24) + 0.5).tolist(),
        "machine": list("ABC") * 8,
        "worker": [f"w{k // 6}" for k in range(24)],
        "time": [f"t{k % 6}" for k in range(24)],
    },
    "workers",
)


def term(bars: str) -> RandomDesign:
    (found,) = build_design(parse(f"y ~ x + {bars}"), TABLE).random
    return found


def test_diag_takes_every_column_of_a_factor_alone() -> None:
    found = term("diag(machine | worker)")
    assert found.effects == ("(Intercept)", "machineB", "machineC")
    assert found.blocks == ((0,), (1,), (2,))
    assert found.structure is Covariance.INDEPENDENT
    assert found.theta_count == 3
    assert found.theta_names == ("worker.(Intercept)", "worker.machineB", "worker.machineC")


@pytest.mark.parametrize(
    ("bar", "structure", "count", "names"),
    [
        ("homdiag", Covariance.IDENTITY, 1, ("worker.sd",)),
        ("homcs", Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY, 2, ("worker.sd", "worker.rho")),
        ("ar1", Covariance.AR1, 2, ("worker.sd", "worker.rho")),
        (
            "cs",
            Covariance.COMPOUND_SYMMETRY,
            4,
            ("worker.machineA", "worker.machineB", "worker.machineC", "worker.rho"),
        ),
        (
            "hetar1",
            Covariance.HETEROGENEOUS_AR1,
            4,
            ("worker.machineA", "worker.machineB", "worker.machineC", "worker.rho"),
        ),
    ],
)
def test_a_pattern_is_one_block_of_the_left_sides_own_columns(
    bar: str, structure: Covariance, count: int, names: tuple[str, ...]
) -> None:
    found = term(f"{bar}(0 + machine | worker)")
    assert found.effects == ("machineA", "machineB", "machineC")
    assert found.blocks == ((0, 1, 2),)
    assert found.structure is structure
    assert found.theta_count == count == structure.parameter_count(3)
    assert found.theta_names == names


def test_with_an_intercept_a_pattern_is_on_contrasts() -> None:
    assert term("cs(machine | worker)").effects == ("(Intercept)", "machineB", "machineC")


def test_a_single_column_has_no_pattern() -> None:
    found = term("cs(0 + x | worker)")
    assert found.structure is Covariance.UNSTRUCTURED
    assert found.theta_names == ("worker.x",)


@pytest.mark.parametrize("bar", ["homdiag", "homcs", "us"])
def test_one_row_for_every_effect_cannot_be_told_apart_from_the_residuals(bar: str) -> None:
    with pytest.raises(ModelError) as caught:
        term(f"{bar}(0 + time | worker)")
    assert caught.value.code == "more_effects_than_rows"


@pytest.mark.parametrize("bar", ["ar1", "hetar1", "cs"])
def test_one_row_for_every_effect_is_enough_for_an_autoregression_or_unlike_variances(bar: str) -> None:
    assert len(term(f"{bar}(0 + time | worker)").effects) == 6
