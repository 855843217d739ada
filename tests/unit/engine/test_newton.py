"""The Hessian by differences, where forward ones tell too little."""

from __future__ import annotations

import numpy as np
import pytest
from random_designs import Effects, Grouping, Plan

from mmgui.engine.criterion import Criterion
from mmgui.engine.newton import curvature_at
from mmgui.engine.parameters import Free
from mmgui.engine.search import Search


def test_forward_differences_are_not_taken_for_curvature_where_there_is_none() -> None:
    """Two equal terms trade off: forward differences alone give 2.5e-7 there, central ones -1e-10."""
    plan = Plan(
        seed=125436, n=30, groupings=(Grouping("random", 25),),
        effects=(Effects(0, True, (), "full", "none"), Effects(0, True, (), "full", "large")),
        fixed=2, reml=False, weighted=False, offset=False,
    )  # fmt: skip
    criterion = Criterion(plan.design())
    search, free = Search(criterion), Free.full(criterion.basis)
    point = search(free, np.array([35.21684003, 35.21684012]))
    values = curvature_at(search, free, point).values / search.scale
    assert abs(values[0]) < 1e-8
    assert values[1] == pytest.approx(4.9969e-3, rel=1e-4)
