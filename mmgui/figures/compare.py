"""Two to four models side by side, on common scales, and the tests between them."""

from __future__ import annotations

from dataclasses import dataclass

from mmgui.figures.covariance import CovarianceFigure
from mmgui.figures.fixed import FixedFigure
from mmgui.figures.shrinkage import ShrinkageFigure
from mmgui.figures.variance import VarianceFigure


@dataclass(frozen=True, eq=False, slots=True)
class CompareColumn:
    """One model. ``terms`` maps each of its random-effects terms to a colour shared across the columns."""

    model_id: int
    formula: str
    estimation: str
    npar: int
    loglik: float
    aic: float
    bic: float
    sigma: float
    converged: bool
    singular: bool
    nobs: int
    variance: VarianceFigure
    shrinkage: tuple[ShrinkageFigure, ...]
    covariance: tuple[CovarianceFigure, ...]
    fixed: FixedFigure
    terms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TestRow:
    """The test between a nested pair, or the reason why there is none.

    ``small`` and ``big`` are positions of columns; ``reference`` is the null distribution in words
    (``½ χ²(1) + ½ χ²(2)``); ``reason`` is empty for a valid test.
    """

    small: int
    big: int
    statistic: float
    df: float
    p: float
    p_naive: float
    reference: str
    refitted: bool
    reason: str
    text: str


@dataclass(frozen=True, eq=False, slots=True)
class CompareFigure:
    """Columns, common ranges, tests and a sentence on what changed between the models."""

    columns: tuple[CompareColumn, ...]
    sd_maximum: float
    tests: tuple[TestRow, ...]
    changes: tuple[str, ...]
