"""Tables, designs and fits that the tests of inference share; each fit is made once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from mmgui.data.read import read_table
from mmgui.data.table import Table
from mmgui.engine.build import build_design
from mmgui.engine.design import Design
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.spec.formula import parse
from mmgui.spec.model import ModelSpec

TABLES = Path(__file__).resolve().parents[2] / "data" / "lme4"


@cache
def table_of(name: str) -> Table:
    plain = TABLES / f"{name}.csv"
    return read_table(plain if plain.exists() else TABLES / f"{name}.csv.gz")


@cache
def design_of(name: str, formula: str, reml: bool = True) -> Design:
    return build_design(replace(parse(formula), reml=reml), table_of(name))


@pytest.fixture(scope="session")
def design() -> Callable[..., Design]:
    """``design(dataset, formula, reml=True)``."""
    return design_of


@cache
def fit_of(name: str, formula: str, reml: bool = True) -> Fit:
    return fit(FitJob(replace(parse(formula), reml=reml), table_of(name)))


@pytest.fixture(scope="session")
def fitted() -> Callable[..., Fit]:
    """``fitted(dataset, formula, reml=True)``."""
    return fit_of


@pytest.fixture(scope="session")
def refit() -> Callable[[str], Callable[[ModelSpec], Fit]]:
    """``refit(dataset)`` fits a specification on that table."""
    return lambda name: lambda spec: fit(FitJob(spec, table_of(name)))
