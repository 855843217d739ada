"""The matrices of a fitted model on chosen rows: X, Z, Λ, ZΛ, and V with the parts that it is the sum of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.engine.result import Fit
from mmgui.figures.equation_columns import effect_of_columns
from mmgui.figures.marginal_parts import MarginalParts, TermRows, marginal_parts
from mmgui.figures.marginal_rows import RowChoice, choose_rows
from mmgui.figures.matrix_tables import matrix_table, parts_table
from mmgui.figures.moved import Moved
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_name
from mmgui.spec.formula import print_random
from mmgui.spec.terms import INTERCEPT

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

STEP = 1.5
"""By how much a colour scale is widened at a time."""


class Matrix(StrEnum):
    """A matrix, by its sign."""

    X = "X"
    Z = "Z"
    LAMBDA = "Λ"
    ZLAMBDA = "ZΛ"
    V = "V"


@dataclass(frozen=True, slots=True)
class FixedColumn:
    """A column of X: its name, and the label of its effect."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class EffectColumn:
    """A column of Z, which is a row and a column of Λ: one effect of one group."""

    term: int
    grouping: str
    level: str
    effect: str
    label: str

    @property
    def group(self) -> str:
        """``Subject 308``."""
        return f"{self.grouping} {self.level}"

    @property
    def title(self) -> str:
        """``Subject 308: Days``."""
        return f"{self.group}: {effect_name(self.effect)}"


@dataclass(frozen=True, eq=False)
class MatrixRows:
    """What the covariance parameters do not change.

    Attributes
    ----------
    choice
        Which rows are drawn, and what else can be.
    places
        (m,) their positions in the table.
    fixed
        The columns of X kept.
    dropped
        Names of the columns of X left out, because the others say the same.
    x
        (m, p) the rows of X.
    terms
        The random-effects terms on these rows.
    weights
        (m,) prior weights; None without.
    nobs, all_columns
        Rows of the model, and columns of its whole Z.
    offset
        Whether the model has an offset, which is in none of the matrices.
    """

    choice: RowChoice
    places: IntArray
    fixed: tuple[FixedColumn, ...]
    dropped: tuple[str, ...]
    x: FloatArray
    terms: tuple[TermRows, ...]
    weights: FloatArray | None
    nobs: int
    all_columns: int
    offset: bool

    @cached_property
    def z(self) -> FloatArray:
        """(m, q) the rows of Z; the columns of groups without a row here are left out."""
        return _side_by_side([t.product(np.eye(len(t.effects))) for t in self.terms], len(self.places))

    @cached_property
    def effects(self) -> tuple[EffectColumn, ...]:
        """The q columns of Z."""
        return tuple(
            EffectColumn(t.term, t.grouping, level, effect, label)
            for t in self.terms
            for level in t.levels
            for effect, label in zip(t.effects, t.labels, strict=True)
        )

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each term's columns of Z start, and where the last one's end."""
        return tuple(np.cumsum([0, *(t.size for t in self.terms)]).tolist())

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The rows as the table counts them, from 1."""
        return tuple(f"{p + 1}" for p in self.places.tolist())

    @property
    def sorted_by(self) -> tuple[TermRows, ...]:
        """A term of each grouping factor by which the rows are sorted, the outermost first."""
        return tuple(self.terms[k] for k in self.choice.order)

    def group_of(self, row: int) -> tuple[str, str] | None:
        """The grouping factor and the level that a row is called by, those of the first factor."""
        if not self.terms:
            return None
        term = self.sorted_by[0]
        return term.grouping, term.levels[int(term.codes[row])]

    def column(self, k: int, row: int, effect: int = 0) -> int:
        """The column of Z of the k-th term in which a row has its entry for an effect."""
        term = self.terms[k]
        return self.starts[k] + int(term.codes[row]) * len(term.effects) + effect


@dataclass(frozen=True, slots=True)
class Limits:
    """The sizes of entries that have the full colour: of V and its parts, of Λ, of ZΛ."""

    v: float
    lam: float
    zlam: float


@dataclass(frozen=True, eq=False)
class MatricesFigure:
    """The matrices at one point of the covariance parameters.

    Attributes
    ----------
    rows
        What the parameters do not change.
    sigma
        Residual standard deviation.
    covariances, factors
        Of each term Σ (s, s) in the response's units, and λ (s, s) relative to σ.
    limits
        The colour scales.
    """

    rows: MatrixRows
    sigma: float
    covariances: tuple[FloatArray, ...]
    factors: tuple[FloatArray, ...]
    limits: Limits

    @cached_property
    def residual(self) -> FloatArray:
        """(m,) variances of the residuals."""
        return _residual(self.rows, self.sigma)

    @cached_property
    def parts(self) -> MarginalParts:
        """V and what it is the sum of."""
        return marginal_parts(self.rows.terms, self.covariances, self.residual)

    @cached_property
    def correlation_parts(self) -> MarginalParts:
        """The same of V as a correlation matrix."""
        return self.parts.correlations()

    @cached_property
    def lam(self) -> FloatArray:
        """(q, q) Λ: λ of its term for each group, along the diagonal."""
        starts = self.rows.starts
        out = np.zeros((starts[-1], starts[-1]))
        for k, (term, factor) in enumerate(zip(self.rows.terms, self.factors, strict=True)):
            size = len(term.effects)
            groups = np.arange(len(term.levels))
            block = out[starts[k] : starts[k + 1], starts[k] : starts[k + 1]]
            block.reshape(len(groups), size, len(groups), size)[groups, :, groups, :] = factor
        return out

    @cached_property
    def zlam(self) -> FloatArray:
        """(m, q) ZΛ: with it, V = σ² (ZΛ (ZΛ)ᵀ + W⁻¹)."""
        products = [t.product(f) for t, f in zip(self.rows.terms, self.factors, strict=True)]
        return _side_by_side(products, len(self.rows.places))

    def v(self, *, correlation: bool = False) -> FloatArray:
        """(m, m) V."""
        return (self.correlation_parts if correlation else self.parts).total

    def values(self, matrix: Matrix, *, correlation: bool = False) -> FloatArray:
        """A matrix by its sign."""
        match matrix:
            case Matrix.X:
                return self.rows.x
            case Matrix.Z:
                return self.rows.z
            case Matrix.LAMBDA:
                return self.lam
            case Matrix.ZLAMBDA:
                return self.zlam
            case Matrix.V:
                return self.v(correlation=correlation)

    def table(self, matrix: Matrix | None = None, *, correlation: bool = False) -> FigureTable:
        """The entries of a matrix; without one, V of every pair of rows with what it is the sum of."""
        if matrix is not None:
            return matrix_table(self, matrix, correlation=correlation)
        return parts_table(self, correlation=correlation)


def matrices_figure(fit: Fit, choice: Sequence[str] = ()) -> MatricesFigure:
    """The matrices of a fit on the rows chosen, as ``choose_rows`` reads the choice."""
    rows = _matrix_rows(fit, choose_rows(fit.design, choice))
    covariances = tuple(t.covariance for t in fit.terms)
    factors = tuple(t.relative_factor for t in fit.terms)
    limits = Limits(*(size or 1.0 for size in _sizes(rows, fit.sigma, covariances, factors)))
    return MatricesFigure(rows, fit.sigma, covariances, factors, limits)


def moved_matrices(figure: MatricesFigure, moved: Moved) -> MatricesFigure:
    """The same rows with the parameters moved; ``figure`` is that of the fit, whose colours are kept."""
    covariances = tuple(t.covariance for t in moved.fit.terms)
    factors = tuple(t.relative_factor for t in moved.fit.terms)
    home, sigma = figure.limits, moved.fit.sigma
    sizes = _sizes(figure.rows, sigma, covariances, factors)
    limits = Limits(*map(_widened, (home.v, home.lam, home.zlam), sizes))
    return MatricesFigure(figure.rows, sigma, covariances, factors, limits)


def _residual(rows: MatrixRows, sigma: float) -> FloatArray:
    each = np.full(len(rows.places), sigma**2)
    return each if rows.weights is None else each / rows.weights


def _sizes(
    rows: MatrixRows, sigma: float, covariances: tuple[FloatArray, ...], factors: tuple[FloatArray, ...]
) -> tuple[float, float, float]:
    """The largest entries of V, all of which are on its diagonal, of Λ and of ZΛ."""
    variances = _residual(rows, sigma)
    for term, covariance in zip(rows.terms, covariances, strict=True):
        variances = variances + ((term.values @ covariance) * term.values).sum(axis=1)
    lam = [float(np.abs(f).max(initial=0.0)) for f in factors]
    zlam = [float(np.abs(t.values @ f).max(initial=0.0)) for t, f in zip(rows.terms, factors, strict=True)]
    return float(variances.max(initial=0.0)), max(lam, default=0.0), max(zlam, default=0.0)


def _widened(home: float, size: float) -> float:
    """The limit of the fit, widened in steps until it holds."""
    if size <= home * (1 + 1e-9):
        return home
    return float(home * STEP ** math.ceil(math.log(size / home) / math.log(STEP) - 1e-9))


def _matrix_rows(fit: Fit, choice: RowChoice) -> MatrixRows:
    design, at = fit.design, choice.rows
    return MatrixRows(
        choice=choice,
        places=design.rows[at].astype(np.int64),
        fixed=_fixed_columns(design),
        dropped=design.dropped_columns,
        x=np.ascontiguousarray(design.x[at]),
        terms=tuple(_term_rows(design, k, at) for k in range(len(design.random))),
        weights=None if design.weights is None else design.weights[at],
        nobs=design.nobs,
        all_columns=sum(len(r.levels) * len(r.effects) for r in design.random),
        offset=design.offset is not None,
    )


def _term_rows(design: Design, k: int, at: IntArray) -> TermRows:
    random, term = design.random[k], design.spec.random[k]
    present, codes = np.unique(random.codes[at], return_inverse=True)
    effects = term.effects
    return TermRows(
        term=k,
        grouping=random.grouping,
        name=print_random(term),
        effects=random.effects,
        labels=tuple(effects[e].label for e in effect_of_columns(term, random.effects)),
        levels=tuple(random.levels[j] for j in present.tolist()),
        codes=codes.astype(np.int64),
        values=np.ascontiguousarray(random.columns[at]),
    )


def _fixed_columns(design: Design) -> tuple[FixedColumn, ...]:
    labels = (INTERCEPT.label, *(term.label for term in design.spec.fixed))
    named = zip(design.fixed_names, design.assign.tolist(), strict=True)
    return tuple(FixedColumn(effect_name(name), labels[term]) for name, term in named)


def _side_by_side(parts: Sequence[FloatArray], rows: int) -> FloatArray:
    return np.hstack(parts) if parts else np.empty((rows, 0))
