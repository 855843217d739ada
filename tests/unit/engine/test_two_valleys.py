"""Likelihoods with two optima: the lower one is found.

``grunfeld.csv`` is ``plm::Grunfeld`` (Grunfeld 1958): investment of ten firms, 1935 to 1954.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from mmgui.data.read import read_table
from mmgui.engine.build import build_design
from mmgui.engine.criterion import Criterion
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.restarts import entangled
from mmgui.spec.formula import parse

TABLE = Path(__file__).resolve().parents[2] / "data" / "grunfeld.csv"


def test_that_effects_which_cancel_far_from_zero_are_found():
    # lme4 1.1-31 stops at 2342.359 with θ = (0.973, 0); started at θ = (400, 0.2) it comes to 2309.705.
    found = fit(FitJob(parse("inv ~ value + year + (1 + year || firm)"), read_table(TABLE)))
    assert found.objective == pytest.approx(2309.705, abs=2e-3)
    assert found.theta == pytest.approx([395.88, 0.20384], rel=2e-3)
    assert found.convergence.converged


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("inv ~ value + (1 + year || firm)", True),
        ("inv ~ value + (1 | firm) + (0 + year | firm)", True),
        ("inv ~ value + (1 + year | firm)", False),
        ("inv ~ value + (1 + value || firm)", False),
        ("inv ~ value + (1 | firm) + (1 | year)", False),
    ],
)
def test_which_effects_are_nearly_multiples_of_each_other(formula, expected):
    design = build_design(parse(formula), read_table(TABLE))
    assert entangled(Criterion(design).basis) is expected
