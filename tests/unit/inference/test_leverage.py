"""Leverages and each row's pull on the fixed effects, against lme4 and against V written out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import dense_covariance
import numpy as np
import pytest

from mmgui.data.assemble import labelled_column, make_table, number_column
from mmgui.data.samples import load_sample
from mmgui.data.table import Column, Table
from mmgui.engine import blocks, ordering
from mmgui.engine.criterion import Criterion
from mmgui.engine.design import Design
from mmgui.engine.fit import FitJob, fit, fit_design
from mmgui.engine.result import Fit
from mmgui.inference.rows.leverage import leverage
from mmgui.spec.formula import parse

FitOf = Callable[..., Fit]
DesignOf = Callable[..., Design]

STRUCTURES = [
    ("sleepstudy", "Reaction ~ Days + (Days | Subject)"),
    ("sleepstudy", "Reaction ~ 0 + Days + (Days || Subject)"),
    ("sleepstudy", "Reaction ~ Days"),
    ("Dyestuff2", "Yield ~ 1 + (1 | Batch)"),
    ("Pastes", "strength ~ 1 + (1 | batch/cask)"),
    ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
    ("Machines", "score ~ Machine + (Machine | Worker) + (1 | Worker:Machine)"),
    ("Oats", "yield ~ nitro + (nitro | Block/Variety) + (1 | Variety) + (0 + nitro | nitro)"),
    ("cake", "angle ~ recipe + (1 | replicate) + (temp | recipe:replicate) + (1 | recipe:temp)"),
    ("Machines", "score ~ Machine + cs(0 + Machine | Worker)"),
]


def test_the_hat_values_of_sleepstudy_are_those_of_lme4(fitted: FitOf) -> None:
    found = leverage(fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)"))
    # lme4 1.1-31: hatvalues(), the fit made with bobyqa and rhoend = 1e-9.
    assert found.hat[[0, 1, 2, 179]] == pytest.approx(
        [0.229302994840, 0.169729249033, 0.126823217079, 0.293176981290], rel=1e-6
    )
    # teaching.json, sleepstudy.residuals.edf_hat_trace, has 29.02212 at lme4's default stop.
    assert found.effective_parameters == pytest.approx(29.0220668904, rel=1e-7)


def test_prior_weights_enter_as_in_lme4(design: DesignOf) -> None:
    weighted = replace(
        design("sleepstudy", "Reaction ~ Days + (Days | Subject)"), weights=np.tile([1.0, 2.0, 4.0], 60)
    )
    found = leverage(fit_design(weighted))
    # lme4 1.1-31: hatvalues(lmer(…, weights = rep(c(1, 2, 4), 60))).
    assert found.hat[:4] == pytest.approx(
        [0.0932693232226, 0.1383727347762, 0.2085779026438, 0.0421436480412], rel=1e-5
    )


@pytest.mark.parametrize(
    ("dataset", "formula", "hat", "total"),
    [
        ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", 0.190780294451, 27.472362401),
        ("Machines", "score ~ Machine + (1 | Worker/Machine)", 0.3289742075, 17.764607205),
    ],
)
def test_crossed_and_nested_factors_agree_with_lme4(
    fitted: FitOf, dataset: str, formula: str, hat: float, total: float
) -> None:
    found = leverage(fitted(dataset, formula))
    # lme4 1.1-31: hatvalues(), bobyqa with rhoend = 1e-9.
    assert found.hat[:3] == pytest.approx([hat] * 3, rel=1e-5)
    assert found.effective_parameters == pytest.approx(total, rel=1e-6)


@pytest.mark.parametrize(("dataset", "formula"), STRUCTURES)
@pytest.mark.parametrize("reml", [True, False])
def test_every_structure_agrees_with_the_matrices_written_out(
    fitted: FitOf, dataset: str, formula: str, reml: bool
) -> None:
    result = fitted(dataset, formula, reml)
    found, truth = leverage(result), dense_covariance.Dense.of(result)
    assert found.hat == pytest.approx(truth.hat, abs=1e-10)
    assert found.on_beta == pytest.approx(truth.on_beta, abs=1e-9 * np.abs(truth.on_beta).max())


@pytest.mark.parametrize(("dataset", "formula"), STRUCTURES[5:9])
def test_sparse_couplings_give_the_same(
    design: DesignOf, monkeypatch: pytest.MonkeyPatch, dataset: str, formula: str
) -> None:
    """Large crossed tables are held sparsely; the thresholds are lowered so that these are."""
    given = replace(design(dataset, formula))
    result = fit_design(given)
    monkeypatch.setattr(blocks, "SMALL", 0)
    monkeypatch.setattr(blocks, "FILL", 2.0)
    crossed = any(d.levels for d in Criterion(given).blocks.dense)
    assert any(c.sparse is not None for c in Criterion(given).blocks.chain) == crossed
    found, truth = leverage(result), dense_covariance.Dense.of(result)
    assert found.hat == pytest.approx(truth.hat, abs=1e-10)
    assert found.on_beta == pytest.approx(truth.on_beta, abs=1e-9 * np.abs(truth.on_beta).max())


def _groups(name: str, codes: np.ndarray) -> Column:
    present, codes = np.unique(codes, return_inverse=True)
    return labelled_column(name, codes.astype(np.int32), tuple(f"{name}{k}" for k in present), None)


def _lecturers() -> Table:
    """160 students in 40 classes rate 96 lecturers, mostly those of their own department."""
    rng = np.random.default_rng(3)
    student = rng.integers(0, 160, 600)
    home = rng.permutation(160) % 8
    elsewhere = rng.uniform(size=600) > 0.95
    department = np.where(elsewhere, rng.integers(0, 8, 600), home[student])
    lecturer = rng.permutation(96)[12 * department + rng.integers(0, 12, 600)]
    x, kind = rng.normal(size=600), rng.integers(0, 3, 600)
    y = x + rng.normal(size=96)[lecturer] * (1 + x) + rng.normal(size=160)[student] + rng.normal(size=600)
    columns = [_groups("s", student), _groups("c", student // 4), _groups("d", lecturer), _groups("k", kind)]
    return make_table("lecturers", [number_column("y", y), number_column("x", x), *columns])


@pytest.mark.parametrize(
    "formula",
    [
        "y ~ x + (1 | s) + (x | d) + (1 | k)",
        "y ~ x + (x | s) + (1 | c) + (x | d)",
        "y ~ x + (1 | s) + (0 + x | s) + (1 | c) + (1 | d)",
    ],
)
def test_levels_eliminated_in_another_order_give_the_same(
    monkeypatch: pytest.MonkeyPatch, formula: str
) -> None:
    for name, value in {"FEWEST": 20, "FRONT": 1e-9, "MOVE": 1e-12}.items():
        monkeypatch.setattr(ordering, name, value)
    result = fit(FitJob(parse(formula), _lecturers()))
    assert Criterion(result.design).blocks.ordering is not None
    found, truth = leverage(result), dense_covariance.Dense.of(result)
    assert found.hat == pytest.approx(truth.hat, abs=1e-10)
    assert found.on_beta == pytest.approx(truth.on_beta, abs=1e-9 * np.abs(truth.on_beta).max())


def test_instructors_with_73421_ratings_agree_with_lme4() -> None:
    spec = replace(parse("y ~ service + (1 | s) + (1 | d) + (1 | dept)"), reml=False)
    found = leverage(fit(FitJob(spec, load_sample("InstEval"))))
    # lme4 1.1-31 from its L, RX and RZX, rows 1, 2, 3 and 50,000; it stopped at theta 0.27646, 0.43736,
    # 0.06668, short of the optimum, hence the tolerance.
    expected = [0.0630843672485, 0.0668785675463, 0.0802664046304, 0.0271154220889]
    assert found.hat[[0, 1, 2, 49_999]] == pytest.approx(expected, rel=1e-4)


def test_leverages_lie_between_0_and_1_and_pulls_add_up(fitted: FitOf) -> None:
    result = fitted("Hsb82", "mAch ~ cses * sector + meanses + (cses | school)")
    found = leverage(result)
    assert found.hat.min() > 0.0
    assert found.hat.max() < 1.0
    # β̂ is linear in y.
    assert found.on_beta.T @ result.design.y == pytest.approx(result.beta, rel=1e-9)
    # Adding x to the response adds 1 to its coefficient.
    assert found.on_beta.T @ result.design.x == pytest.approx(np.eye(len(result.beta)), abs=1e-9)
