"""Fits shared by the tests of advice after a fit, each made once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.spec.formula import parse


@cache
def fit_of(sample: str, formula: str, reml: bool = True) -> Fit:
    return fit(FitJob(replace(parse(formula), reml=reml), load_sample(sample)))


@pytest.fixture(scope="session")
def fitted() -> Callable[..., Fit]:
    """``fitted(sample, formula, reml=True)``."""
    return fit_of
