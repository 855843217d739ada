"""Profiles where the likelihood has two valleys: a curve is the lower one of them everywhere.

``oxide.csv`` is ``nlme::Oxide`` (Pinheiro & Bates 2000, appendix A.20).
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mmgui.data.read import read_table
from mmgui.engine.build import build_design
from mmgui.engine.fit import FitJob, fit
from mmgui.inference.likelihood.smooth_theta import SmoothTheta
from mmgui.inference.profile.curves import parameters_of, profile
from mmgui.spec.formula import parse

TABLE = Path(__file__).resolve().parents[2] / "data" / "oxide.csv"


def test_that_a_curve_does_not_stay_in_the_higher_valley():
    spec = replace(parse("Thickness ~ Source + (Source | Lot)"), reml=False)
    found = fit(FitJob(spec, read_table(TABLE)))
    (parameter,) = (p for p in parameters_of(found.design) if p.name == "sd_(Intercept)|Lot")
    (curve,) = profile(found, (parameter,), level=0.99, reach=3.035)
    # The lowest of 25 Nelder-Mead searches over the other SD, ρ and σ; the other valley is at 7.73.
    assert np.interp(54.8, curve.values, curve.zeta**2) == pytest.approx(6.1897, abs=0.02)
    assert np.interp(42.38, curve.values, curve.zeta**2) == pytest.approx(3.9009, abs=0.03)


def test_that_effects_can_lean_on_the_first_of_their_block():
    design = build_design(parse("Thickness ~ Source + (Source | Lot) + (1 | Wafer)"), read_table(TABLE))
    smooth = SmoothTheta.of(design)
    assert [row.tolist() for row in smooth.rows] == [[1, 2]]
    along, against = smooth.leaning(np.array([2.0, 0.0, 3.0, 0.5]))
    assert along == pytest.approx([2.0, 2.85, 0.93675, 0.5], rel=1e-4)
    assert against == pytest.approx([2.0, -2.85, 0.93675, 0.5], rel=1e-4)


def test_that_nothing_leans_where_nothing_correlates():
    design = build_design(parse("Thickness ~ Source + (Source || Lot)"), read_table(TABLE))
    apart = build_design(parse("Thickness ~ Source + (1 | Lot) + (1 | Lot:Wafer)"), read_table(TABLE))
    assert SmoothTheta.of(apart).leaning(np.ones(2)) == []
    assert all(len(row) > 1 for row in SmoothTheta.of(design).rows)
