"""What the model leaves: residuals against fitted values, residuals and modes against the normal."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from mmgui.engine.result import Fit
from mmgui.figures.picked_rows import RowGroups, row_groups
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_name, response_name
from mmgui.numbers import count

FloatArray = NDArray[np.float64]

LOWESS_ROWS = 20_000
QUANTILES = 2_000


@dataclass(frozen=True, eq=False, slots=True)
class NormalQuantiles:
    """Ordered values against the normal quantiles expected of them.

    ``theoretical`` and ``observed`` are (k,); ``line`` is (intercept, slope) through the quartiles;
    ``owners`` are the groups (positions in ``levels``), empty for residuals; ``entries`` are the positions
    of the values shown among those given: for residuals, their places among the model's rows.
    """

    title: str
    term: int
    grouping: str
    levels: tuple[str, ...]
    theoretical: FloatArray
    observed: FloatArray
    owners: NDArray[np.intp]
    line: tuple[float, float]
    entries: NDArray[np.intp] = field(default_factory=lambda: np.empty(0, dtype=np.intp))


@dataclass(frozen=True, eq=False, slots=True)
class ResidualsFigure:
    """Residuals of one model.

    Attributes
    ----------
    response
        Name of the response.
    fitted, residuals
        (n,) conditional fitted values and residuals, the latter times the root of the prior weights.
    smooth
        (2, k) lowess of residuals on fitted values, x then y; (2, 0) with more than 20 000 rows.
    sigma
        Residual standard deviation.
    residual_quantiles
        Residuals against the normal.
    mode_quantiles
        Conditional modes against the normal, one entry for every random effect that varies.
    notes
        Sentences on what was left out.
    members
        The rows, with their groups in every random-effects term.
    """

    response: str
    fitted: FloatArray
    residuals: FloatArray
    smooth: FloatArray
    sigma: float
    residual_quantiles: NormalQuantiles
    mode_quantiles: tuple[NormalQuantiles, ...]
    notes: tuple[str, ...] = ()
    members: RowGroups = field(default_factory=RowGroups)

    def table(self) -> FigureTable:
        """One line a row: fitted value and residual."""
        rows = tuple((float(f), float(r)) for f, r in zip(self.fitted, self.residuals, strict=True))
        return FigureTable((f"Fitted {self.response}".strip(), "Residual"), rows)


def residuals_figure(fit: Fit) -> ResidualsFigure:
    """Residuals, their smooth trend, and normal quantiles of residuals and conditional modes."""
    residuals = fit.design.y - fit.fitted
    if fit.design.weights is not None:
        residuals = residuals * np.sqrt(fit.design.weights)
    notes: list[str] = []
    smooth = np.empty((2, 0))
    if fit.nobs <= LOWESS_ROWS:
        smooth = _lowess(fit.fitted, residuals)
    else:
        notes.append(f"No smooth line is drawn for more than {count(LOWESS_ROWS, 'row')}.")
    if fit.nobs > QUANTILES:
        notes.append(
            f"The normal plot shows {QUANTILES} of the {fit.nobs} residuals, the extremes among them."
        )
    modes = tuple(
        _quantiles(f"{term.grouping}: {effect_name(effect)}", k, term.grouping, term.levels, term.modes[:, j])
        for k, term in enumerate(fit.terms)
        for j, effect in enumerate(term.effects)
        if float(np.ptp(term.modes[:, j])) > 0 and len(term.levels) > 2
    )
    own = _quantiles("Residuals", -1, "", (), residuals)
    name = response_name(fit.design.spec)
    members = row_groups(fit.design)
    return ResidualsFigure(name, fit.fitted, residuals, smooth, fit.sigma, own, modes, tuple(notes), members)


def _lowess(x: FloatArray, y: FloatArray) -> FloatArray:
    from statsmodels.nonparametric.smoothers_lowess import lowess

    # Between points closer than a hundredth of the range statsmodels interpolates.
    delta = 0.01 * float(np.ptp(x))
    if delta == 0.0:
        return np.empty((2, 0))
    out = np.asarray(lowess(y, x, frac=2 / 3, delta=delta), dtype=np.float64)
    keep = np.unique(out[:, 0], return_index=True)[1]
    return np.ascontiguousarray(out[keep].T)


def _quantiles(
    title: str, term: int, grouping: str, levels: tuple[str, ...], values: FloatArray
) -> NormalQuantiles:
    order = np.argsort(values, kind="stable")
    n = len(values)
    theoretical = np.asarray(stats.norm.ppf((np.arange(1, n + 1) - 0.5) / n))
    observed = values[order]
    quartiles = np.quantile(observed, [0.25, 0.75])
    slope = float(quartiles[1] - quartiles[0]) / (2 * float(stats.norm.ppf(0.75)))
    line = (float(quartiles.mean()), slope)
    if n > QUANTILES and not levels:
        # Evenly spaced along the normal axis, so that the tails are kept whole.
        wanted = np.linspace(theoretical[0], theoretical[-1], QUANTILES)
        keep = np.unique(np.searchsorted(theoretical, wanted).clip(0, n - 1))
        theoretical, observed, order = theoretical[keep], observed[keep], order[keep]
    owners = order.astype(np.intp) if levels else np.empty(0, dtype=np.intp)
    entries = order.astype(np.intp)
    return NormalQuantiles(title, term, grouping, levels, theoretical, observed, owners, line, entries)
