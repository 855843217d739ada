"""Fits shared by the tests of figures, each made once."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.spec.formula import parse


@cache
def _fitted(sample: str, formula: str, reml: bool) -> Fit:
    return fit(FitJob(replace(parse(formula), reml=reml), load_sample(sample)))


@pytest.fixture
def fitted():
    def make(sample: str, formula: str, *, reml: bool = True) -> Fit:
        return _fitted(sample, formula, reml)

    return make
