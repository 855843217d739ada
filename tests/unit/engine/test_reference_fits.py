"""All 47 reference fits of lme4 1.1-31 (best of two optimisers)."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from mmgui.data.samples import load_sample
from mmgui.engine.build import build_design
from mmgui.engine.fit import fit_design
from mmgui.spec.formula import parse

REFERENCE = json.loads((Path(__file__).parents[2] / "data" / "lme4_fits.json").read_text())
IDS = [f"{r['dataset']} {r['formula']} {'REML' if r['reml'] else 'ML'}" for r in REFERENCE]


@cache
def fitted(index):
    r = REFERENCE[index]
    return fit_design(build_design(replace(parse(r["formula"]), reml=r["reml"]), load_sample(r["dataset"])))


@pytest.mark.parametrize("index", range(len(REFERENCE)), ids=IDS)
def test_fit_is_an_optimum_no_worse_than_lme4(index):
    r, fit = REFERENCE[index], fitted(index)
    assert fit.objective <= r["objective"] + 1e-6
    assert fit.objective >= r["objective"] - 1e-4
    assert fit.convergence.converged
    assert fit.convergence.gradient_norm < 1e-7
    assert not fit.convergence.curvature <= 0.0
    assert fit.singular == r["singular"]
    assert fit.npar == r["npar"]


@pytest.mark.parametrize("index", range(len(REFERENCE)), ids=IDS)
def test_estimates_equal_lme4(index):
    r, fit = REFERENCE[index], fitted(index)
    # lme4's own estimates of InstEval are accurate to about four digits.
    digits = 3e-4 if r["dataset"] == "InstEval" else 3e-6
    np.testing.assert_allclose(fit.beta, list(r["fixef"].values()), rtol=digits)
    np.testing.assert_allclose(fit.se, list(r["se"].values()), rtol=digits)
    theirs = sorted(v["sdcor"] for v in r["varcorr"] if v["var2"] is None)
    ours = sorted([*np.concatenate([t.sd for t in fit.terms]), fit.sigma])
    np.testing.assert_allclose(ours, theirs, rtol=digits, atol=1e-9)


WITH_MODES = [k for k, r in enumerate(REFERENCE) if "ranef_first" in r]


@pytest.mark.parametrize("index", WITH_MODES, ids=[IDS[k] for k in WITH_MODES])
def test_conditional_modes_of_the_first_group_equal_lme4(index):
    r, fit = REFERENCE[index], fitted(index)
    for term in fit.terms:
        known = r["ranef_first"].get(term.grouping)
        if known is None or known["level"] not in term.levels:
            continue
        at = term.levels.index(known["level"])
        modes = dict(zip(term.effects, term.modes[at], strict=True))
        sds = dict(zip(term.effects, term.conditional_sd[at], strict=True))
        for effect in modes.keys() & known["values"].keys():
            assert modes[effect] == pytest.approx(known["values"][effect], rel=1e-4, abs=1e-5 * fit.sigma)
        if known["cond_sd"] is not None and len(term.effects) == len(known["values"]):
            expected = dict(zip(known["values"], np.ravel(known["cond_sd"]), strict=True))
            assert sds == pytest.approx(expected, rel=1e-4)
