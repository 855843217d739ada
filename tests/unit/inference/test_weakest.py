"""The combination of (co)variances that a design tells apart worst."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from mmgui.data.read import read_text
from mmgui.data.samples import load_sample
from mmgui.data.table import Table
from mmgui.engine.build import build_design
from mmgui.inference.identifiability.certificate import identifiability
from mmgui.inference.identifiability.weakest import Weakest, weakest_direction
from mmgui.spec.formula import parse


def _weakest(formula: str, table: Table, *, reml: bool = False) -> Weakest:
    found = identifiability(build_design(parse(formula), table), reml).weakest
    assert found is not None
    return found


def _days_from(origin: int) -> Table:
    lines = [f"{(7 * s + d * d) % 13},{origin + d},s{s}" for s in range(18) for d in range(10)]
    return read_text("y,x,g\n" + "\n".join(lines), "made")


@pytest.mark.parametrize(("formula", "effects"), [("(1 | Subject)", 1), ("(Days | Subject)", 2)])
def test_q_effects_in_ten_rows_a_group_leave_one_minus_root_q_tenths(formula: str, effects: int) -> None:
    """By hand: each variance's direction correlates with the residual's by 1 / √10, ML, balanced.

    For one effect it is the 0.68377 of teaching.json, RI_ML.
    """
    found = _weakest(f"Reaction ~ Days + {formula}", load_sample("sleepstudy"))
    assert found.eigenvalue == pytest.approx(1 - sqrt(effects / 10), abs=1e-9)


@pytest.mark.parametrize("origin", [0, 50, 2000])
def test_the_origin_of_a_predictor_does_not_count_where_effects_may_correlate(origin: int) -> None:
    found = _weakest("y ~ x + (x | g)", _days_from(origin))
    assert found.eigenvalue == pytest.approx(1 - sqrt(0.2), abs=1e-6)


def test_the_origin_counts_where_effects_are_uncorrelated() -> None:
    near, far = (_weakest("y ~ x + (x || g)", _days_from(origin)) for origin in (0, 100))
    assert near.eigenvalue > 0.2
    assert far.eigenvalue < 0.001
    assert far.names == "the variance of the intercept and the variance of x in `(x || g)`"
    assert far.moving.tolist() == [True, True, False]
    assert far.about == (0,)


def test_the_error_is_that_of_the_few_pairs_that_tell() -> None:
    """ML, 4 of 40 groups with a second row, by hand: G = [[52, 44], [44, 44]].

    The larger of the two variances' errors, the residual's: 2 / (44 - 44² / 52).
    """
    names = [f"s{g}" for g in range(40) for _ in range(2 if g < 4 else 1)]
    table = read_text("y,g\n" + "\n".join(f"{(k * k) % 7},{g}" for k, g in enumerate(names)), "made")
    assert _weakest("y ~ 1 + (1 | g)", table).error == pytest.approx(sqrt(2 / (44 - 44**2 / 52)))


def test_there_is_none_where_something_trades_off_exactly() -> None:
    design = build_design(parse("score ~ Machine + (Machine || Worker)"), load_sample("Machines"))
    assert identifiability(design).weakest is None
    assert weakest_direction(np.array([[1.0, 1.0], [1.0, 1.0]]), np.eye(2)) is None
