"""Landscapes where the criterion has several valleys in the parameters that are not on the axes.

``igf.csv`` is ``nlme::IGF`` (Davidian & Giltinan 1995, section 3.2). The numbers asserted are the lowest of
25 Nelder-Mead searches from random places over what is not held.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mmgui.data.read import read_table
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.inference.landscape.descent import Descent
from mmgui.inference.landscape.surface import Others, landscape
from mmgui.inference.landscape.valleys import beside, follow_lower_valleys, jumps, lattice, other_places
from mmgui.inference.likelihood.covariance_point import Coordinate, CovariancePoint
from mmgui.spec.formula import parse

TABLE = Path(__file__).resolve().parents[2] / "data" / "igf.csv"
PROFILED = Others(profiled=True)
INTERCEPT, SLOPE, CORRELATION = Coordinate(0, (0,)), Coordinate(0, (1,)), Coordinate(0, (0, 1))
SLEEP = "Reaction ~ Days + (Days | Subject)"


def test_that_a_small_slope_finds_the_intercepts_that_go_with_it() -> None:
    found = landscape(
        fit(FitJob(replace(parse("conc ~ age + (age | Lot)"), reml=False), read_table(TABLE))),
        SLOPE,
        others=PROFILED,
        points=41,
    )
    # With an intercept SD of next to zero the criterion is 583.4434 and 582.7437.
    values = np.interp([0.0013, 0.0026], found.axes[0].values, found.criterion)
    assert values == pytest.approx([583.2287629, 582.6877388], abs=2e-3)


def test_that_a_landscape_is_the_lowest_valley_also_at_its_rim(fitted: Callable[..., Fit]) -> None:
    found = landscape(fitted("sleepstudy", SLEEP, False), CORRELATION, SLOPE, others=PROFILED, points=15)
    # With a correlation of -1; from the fit outwards one comes to 1,865 at the larger.
    values = np.interp([3.06258993, 6.89082735], found.axes[1].values, found.criterion[0])
    assert values == pytest.approx([1806.1390572, 1774.0962291], abs=0.05)
    assert found.criterion[0, -1] < found.criterion[0, 0]


def test_that_a_search_that_did_not_arrive_leaves_nothing_to_the_next() -> None:
    descent = Descent()
    # |x| has no slope of zero anywhere.
    descent.minimise(lambda x: (float(np.abs(x).sum()), np.sign(x) + (x == 0)), np.array([3.0]), 1e-6, 1.0)
    before = descent.evaluations
    x, value = descent.minimise(lambda x: (float(x @ x), 2.0 * x), np.array([1.0]), 1e-6, 1.0)
    assert value == pytest.approx(0.0, abs=1e-10)
    assert x == pytest.approx(np.zeros(1), abs=1e-5)
    assert descent.evaluations - before <= 5


def test_that_other_places_lean_and_one_of_a_held_pair_leads(fitted: Callable[..., Fit]) -> None:
    found = fitted("sleepstudy", SLEEP, False)
    point = CovariancePoint((np.array([3.0, 4.0]),), (np.eye(2),), 1.0)
    along, against = other_places(found.design, (SLOPE,), point)
    assert [p.correlations[0][0, 1] for p in (along, against)] == [0.95, -0.95]
    leading = other_places(found.design, (CORRELATION,), point)[2:]
    assert [p.sds[0].tolist() for p in leading] == [[5.0, 0.25], [0.25, 5.0]]


def test_that_a_lower_valley_is_followed_to_where_it_is_no_longer_lower(fitted: Callable[..., Fit]) -> None:
    design = fitted("sleepstudy", SLEEP, False).design

    def place(sd: float) -> CovariancePoint:
        return CovariancePoint((np.array([sd, 1.0]),), (np.eye(2),), 1.0)

    # Two valleys, at SDs of 1 and 9, that cross between cells 5 and 6; who starts in one stays in it.
    heights = {1.0: np.arange(9.0), 9.0: 11.0 - np.arange(9.0)}

    def search(cell: tuple[int, ...], start: CovariancePoint) -> tuple[float, CovariancePoint]:
        sd = 9.0 if start.sds[0][0] > 5.0 else 1.0
        return float(heights[sd][cell[0]]), place(sd)

    ends = {(k,): search((k,), place(1.0 if k < 8 else 9.0)) for k in range(9)}
    assert jumps(ends, (9,)) == [(7,), (8,)]
    follow_lower_valleys(design, (INTERCEPT,), (9,), ends, search)
    assert [ends[(k,)][0] for k in range(9)] == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 5.0, 4.0, 3.0]


def test_which_cells_are_searched_again() -> None:
    assert lattice((9,)) == [(0,), (4,), (8,)]
    assert len(lattice((31, 31))) == 49
    assert {(0, 0), (0, 30), (30, 0), (30, 30)} <= set(lattice((31, 31)))
    assert beside((0, 2), (3, 3)) == [(1, 2), (0, 1)]
