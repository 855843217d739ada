"""Responses drawn from a fitted model."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mmgui.data.table import Table
from mmgui.engine.result import Fit, FittedTerm
from mmgui.errors import FitError
from mmgui.inference.refits.replicates import simulate as simulate_rows_fitted
from mmgui.inference.refits.seeds import checked_seed
from mmgui.inference.rows.model_rows import ModelRows, RowEffects, model_rows

FloatArray = NDArray[np.float64]

# Numbers that a simulation may make at most: 4 GB.
_LARGEST = 500_000_000


def simulate(
    fit: Fit,
    count: int,
    seed: int | None,
    *,
    groups: Literal["new", "kept"] = "new",
    table: Table | None = None,
) -> FloatArray:
    """Draw responses y = Xβ̂ + Zb + offset + ε from a fitted model, θ and σ as estimated.

    Each draw takes the random effects of every term, group by group, then the residuals from one stream of
    random numbers; the draws of a smaller ``count`` are the first of a larger one.

    Parameters
    ----------
    fit
        The fitted model.
    count
        Number of responses to draw.
    seed
        Seed of the random numbers, for the same draws again; None for others each time.
    groups
        ``"new"``: random effects are drawn from the fitted covariance, as of groups sampled anew.
        ``"kept"``: the groups of the data keep their conditional modes, and only residuals (and groups
        that are not in the data) are drawn, as lme4's ``simulate(use.u = TRUE)``.
    table
        Rows to simulate, None for those fitted. Rows of one group, also of one that is not in the data, share
        its random effects. A residual has the variance σ² over the row's weight.

    Returns
    -------
    (count, n) responses in the unit of the model's response; NaN in rows that lack an entry.

    Raises
    ------
    FitError
        ``unknown_choice``, ``bad_count``, ``bad_seed``, ``too_large``, ``no_recipe``.
    ModelError
        As :class:`mmgui.engine.recipe.Recipe`.
    """
    if groups not in ("new", "kept"):
        raise FitError("unknown_choice", f"groups cannot be {groups!r} in a simulation; choose new or kept.")
    generator = np.random.default_rng(checked_seed(seed))
    if table is None:
        _check_count(count, fit.nobs)
        return np.array([simulate_rows_fitted(fit, generator, groups) for _ in range(count)])
    rows = model_rows(fit, table, random=True)
    _check_count(count, rows.count)
    return np.array([_response(fit, rows, generator, kept=groups == "kept") for _ in range(count)])


def _response(fit: Fit, rows: ModelRows, generator: np.random.Generator, *, kept: bool) -> FloatArray:
    y = rows.x @ fit.beta + rows.offset
    for term, effects in zip(fit.terms, rows.random, strict=True):
        y += _drawn(fit, term, effects, generator, kept=kept)
    y += fit.sigma / np.sqrt(rows.weights) * generator.standard_normal(rows.count)
    y[rows.undetermined] = np.nan
    return np.asarray(y)


def _check_count(count: int, nrows: int) -> None:
    if count < 1:
        raise FitError("bad_count", f"{count} responses cannot be simulated; ask for at least 1.")
    if count * nrows > _LARGEST:
        raise FitError(
            "too_large",
            f"{count:,} responses of {nrows:,} rows take more than 4 GB of memory; simulate fewer.",
        )


def _drawn(
    fit: Fit, term: FittedTerm, effects: RowEffects, generator: np.random.Generator, *, kept: bool
) -> FloatArray:
    """(n,) what a term contributes to one draw."""
    others = int(effects.others.max(initial=-1)) + 1
    known = 0 if kept else len(term.levels)
    standard = generator.standard_normal((known + others, len(term.effects)))
    drawn = fit.sigma * standard @ term.relative_factor.T
    b = np.vstack([term.modes, drawn]) if kept else drawn
    # A row with neither has NaN for an effect column, whatever it takes here.
    at = np.where(effects.others >= 0, len(term.levels) + effects.others, effects.codes)
    return np.asarray(np.einsum("ns,ns->n", effects.columns, b[at]))
