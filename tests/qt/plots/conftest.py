"""Small figures, a look and a selection for the tests of plots."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import ThemeModel
from mmgui.figures.covariance import CovarianceFigure
from mmgui.figures.shrinkage import CaterpillarFigure, ShrinkageFigure
from mmgui.figures.trace import TraceFigure
from mmgui.figures.variance import RESIDUAL, VarianceFigure, VarianceRow

LEVELS = ("308", "309", "310", "330", "335")
OWN = np.array([[244.2, 21.8], [205.1, 2.3], [203.5, 6.1], [289.7, 3.0], [263.0, -2.9]])
MODEL = np.array([[253.7, 19.7], [211.0, 1.8], [212.4, 5.0], [275.1, 5.7], [251.1, -0.3]])
CENTRE = np.array([251.4, 10.5])
SIGMA = np.array([[612.1, 9.6], [9.6, 35.1]])


@pytest.fixture
def themes(qtbot):
    return ThemeModel()


@pytest.fixture
def selection(qtbot):
    return SelectionModel()


@pytest.fixture
def show(qtbot):
    """Show a plot at a size, laid out as if the event loop had run.

    The fixture holds on to its plots: a top-level widget that only a reference cycle keeps could be
    collected in the middle of its own paint event.
    """
    plots: list[QWidget] = []

    def shown(plot: QWidget, width: int = 640, height: int = 440) -> QWidget:
        plots.append(plot)
        plot.resize(width, height)
        with qtbot.waitExposed(plot):
            plot.show()
        plot.settle()
        return plot

    yield shown
    for plot in plots:
        plot.close()
        plot.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def shrinkage(effects: int = 2) -> ShrinkageFigure:
    if effects > 2:
        rng = np.random.default_rng(3)
        own = rng.normal(size=(5, effects))
        names = ("(Intercept)", *(f"x{k}" for k in range(1, effects)))
        zero = np.zeros(effects)
        return ShrinkageFigure(
            0, "Subject", LEVELS, names, np.full(5, 10), own, own / 2, zero, zero, np.eye(effects)
        )
    k = slice(0, effects)
    return ShrinkageFigure(
        term=0,
        grouping="Subject",
        levels=LEVELS,
        effects=("(Intercept)", "Days")[k],
        sizes=np.full(5, 10),
        own=OWN[:, k],
        model=MODEL[:, k],
        complete=CENTRE[k],
        centre=CENTRE[k],
        covariance=SIGMA[k, k],
        titles=("Intercept", "Slope of Days")[k],
    )


def caterpillar() -> CaterpillarFigure:
    sd = np.column_stack([np.full(5, 12.0), np.full(5, 2.3)])
    return CaterpillarFigure(0, "Subject", LEVELS, ("(Intercept)", "Days"), MODEL - CENTRE, sd)


def covariance(matrix: np.ndarray = SIGMA, free: np.ndarray | None = None) -> CovarianceFigure:
    s = len(matrix)
    sd = np.sqrt(np.diag(matrix))
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = matrix / np.outer(sd, sd)
    np.fill_diagonal(correlation, 1.0)
    return CovarianceFigure(
        term=0,
        grouping="Subject",
        effects=("(Intercept)", "Days", "x")[:s],
        covariance=matrix,
        correlation=correlation,
        free=np.ones((s, s), dtype=bool) if free is None else free,
        modes=np.resize(MODEL - CENTRE, (5, s)),
        levels=LEVELS,
        relative_singular_values=np.ones(s),
        rank=s,
    )


def variance() -> VarianceFigure:
    rows = (
        VarianceRow(0, "Subject", "(Intercept)", 612.1, 24.74, 0.26),
        VarianceRow(0, "Subject", "Days", 35.07, 5.922, 0.42),
        VarianceRow(RESIDUAL, "Residual", "", 654.9, 25.59, 0.28),
    )
    return VarianceFigure("Reaction", rows, ())


def trace(count: int = 8) -> TraceFigure:
    k = np.arange(count)
    theta = np.column_stack([1 - 0.4 * 0.5**k, 0.2 + 0.1 * 0.5**k])
    return TraceFigure(
        "REML criterion", ("Subject: Intercept", "Subject: Days"), (0, 0), 1743.6 + 60 * 0.4**k, theta, False
    )
