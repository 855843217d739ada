"""Residuals row by row, of the kind chosen, with what there is to say of each row."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.figures.picked_rows import RowGroups
from mmgui.figures.residuals_predictors import Predictor
from mmgui.inference.rows.leverage import leverage
from mmgui.inference.rows.residuals import marginal_residuals, marginal_variance
from mmgui.numbers import number

FloatArray = NDArray[np.float64]

AT_ONCE_ROWS = 5_000
"""Up to how many rows leverages follow the hand that moves the model; beyond, those of the fit are kept."""
KEPT = f"While the model is moved, leverages stay those of the best fit: it has over {AT_ONCE_ROWS:,} rows."
_ALL_OF_IT = 1e-10


class ResidualKind(StrEnum):
    """What is called a residual."""

    CONDITIONAL = "conditional"
    PEARSON = "pearson"
    STANDARDISED = "standardised"
    MARGINAL = "marginal"


KIND_NAMES = {
    ResidualKind.CONDITIONAL: "Conditional",
    ResidualKind.PEARSON: "Pearson (weighted)",
    ResidualKind.STANDARDISED: "Standardised",
    ResidualKind.MARGINAL: "Marginal",
}
KIND_WORDS = {
    ResidualKind.CONDITIONAL: "Conditional: what the row is away from its own group's fitted value.",
    ResidualKind.PEARSON: "Pearson: the conditional residual times the root of the row's prior weight.",
    ResidualKind.STANDARDISED: "Standardised: the conditional residual over its own standard deviation.",
    ResidualKind.MARGINAL: "Marginal: what the row is away from the fixed effects alone; rows of a group "
    "go together.",
}


@dataclass(frozen=True, eq=False, slots=True)
class ResidualRows:
    """Residuals of every row used; arrays (n,).

    Attributes
    ----------
    kind, response
        Which residuals, and of what.
    fitted
        Conditional fitted values; for marginal residuals the fixed part.
    values
        The residuals.
    scaled
        Residuals over their standard deviation: conditional, or marginal.
    pit
        Where each row lies in the distribution that the model gives it, as a probability: of its own group
        with σ; for standardised residuals as all other rows predict it; for marginal ones of a new group.
    hat
        Leverages.
    sigma
        Residual standard deviation.
    predictors
        For axes and for tooltips.
    members
        The rows, with their groups in every random-effects term.
    kept
        Whether the model has been moved and the leverages are still those of the best fit.
    """

    kind: ResidualKind
    response: str
    fitted: FloatArray
    values: FloatArray
    scaled: FloatArray
    pit: FloatArray
    hat: FloatArray
    sigma: float
    predictors: tuple[Predictor, ...] = ()
    members: RowGroups = field(default_factory=RowGroups)
    kept: bool = False

    @property
    def name(self) -> str:
        """As an axis title."""
        return "Residual" if self.kind is ResidualKind.CONDITIONAL else f"{self.kind.capitalize()} residual"

    @property
    def fitted_name(self) -> str:
        """The fitted values as an axis title."""
        if self.kind is ResidualKind.MARGINAL:
            return f"Fixed part of {self.response}".strip() if self.response else "Fixed part"
        return f"Fitted {self.response}".strip()

    def predictor(self, name: str) -> Predictor | None:
        """A predictor by its name."""
        return next((p for p in self.predictors if p.name == name), None)

    def facts(self, row: int) -> tuple[tuple[str, str], ...]:
        """Row, groups, fitted value, residual and predictors of a row, as (name, value) pairs."""
        table_row = str(int(self.members.rows[row]) + 1) if len(self.members.rows) else str(row + 1)
        groups = [
            (factor, levels[int(codes[row])])
            for factor, (levels, codes) in self.members.factors.items()
            if int(codes[row]) >= 0
        ]
        numbers = [
            (self.fitted_name, number(float(self.fitted[row]), 4)),
            (self.name, number(float(self.values[row]), 3)),
        ]
        if self.kind is not ResidualKind.STANDARDISED:
            numbers.append(("in its standard deviations", number(float(self.scaled[row]), 3)))
        known = [(p.name, p.text(row)) for p in self.predictors if p.in_model]
        return (("Row", table_row), *groups, *numbers, *known)


def kinds_of(fit: Fit) -> tuple[ResidualKind, ...]:
    """The kinds that differ: Pearson residuals only where there are prior weights."""
    pearson = () if fit.design.weights is None else (ResidualKind.PEARSON,)
    first = (*pearson, ResidualKind.CONDITIONAL) if pearson else (ResidualKind.CONDITIONAL,)
    return (*first, ResidualKind.STANDARDISED, ResidualKind.MARGINAL)


def rows_of(
    fit: Fit, kind: ResidualKind, response: str, predictors: tuple[Predictor, ...], members: RowGroups
) -> ResidualRows:
    """Residuals of a fit."""
    hat = leverage(fit).hat
    empty = np.empty(0)
    rows = ResidualRows(kind, response, empty, empty, empty, empty, hat, fit.sigma, predictors, members)
    return _filled(rows, fit)


def moved_rows(rows: ResidualRows, fit: Fit) -> ResidualRows:
    """The same rows where the model has been moved to."""
    needed = rows.kind is not ResidualKind.MARGINAL and fit.sigma > 0.0
    at_once = fit.nobs <= AT_ONCE_ROWS
    if needed and at_once:
        rows = replace(rows, hat=leverage(fit).hat)
    return _filled(replace(rows, sigma=fit.sigma, kept=needed and not at_once), fit)


def _filled(rows: ResidualRows, fit: Fit) -> ResidualRows:
    from scipy.special import ndtr

    design = fit.design
    if rows.kind is ResidualKind.MARGINAL:
        values = marginal_residuals(fit)
        variance = marginal_variance(fit)
        scaled = _over(values, np.sqrt(_left_variance(fit, variance)))
        pit = ndtr(_over(values, np.sqrt(variance)))
        return replace(rows, fitted=design.y - values, values=values, scaled=scaled, pit=pit)
    own = design.y - fit.fitted
    weighted = own if design.weights is None else own * np.sqrt(design.weights)
    free = np.where(1.0 - rows.hat > _ALL_OF_IT, 1.0 - rows.hat, np.nan)
    scaled = _over(weighted, fit.sigma * np.sqrt(free))
    shown = {ResidualKind.PEARSON: weighted, ResidualKind.STANDARDISED: scaled}.get(rows.kind, own)
    standardised = rows.kind is ResidualKind.STANDARDISED
    pit = ndtr(scaled if standardised else _over(weighted, np.full(fit.nobs, fit.sigma)))
    return replace(rows, fitted=fit.fitted, values=shown, scaled=scaled, pit=pit)


def _left_variance(fit: Fit, variance: FloatArray) -> FloatArray:
    """(n,) variance of the marginal residuals: what is left of V once the fixed effects are estimated."""
    x = fit.design.x
    left = variance - np.einsum("np,np->n", x @ fit.vcov_beta, x)
    return np.where(left > _ALL_OF_IT * variance, left, np.nan)


def _over(values: FloatArray, spread: FloatArray) -> FloatArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        out: FloatArray = values / spread
    out[~np.isfinite(out)] = np.nan
    return out
