"""Predictions of a fitted model for rows of its own or new ones, with the standard errors they have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mmgui.data.table import Table
from mmgui.engine.result import Fit
from mmgui.errors import FitError, ModelError, Where
from mmgui.inference.normal import normal_quantile
from mmgui.inference.rows.joint_covariance import JointCovariance
from mmgui.inference.rows.model_rows import ModelRows, model_rows

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

Groups = Literal["conditional", "population"]
Kind = Literal["mean", "observation"]


@dataclass(frozen=True, eq=False)
class Prediction:
    """Predicted values of m rows, in the unit of the model's response (its logarithm under ``log(y)``).

    Attributes
    ----------
    fit
        (m,) predicted values, the offset included; NaN where a row lacks an entry that the model reads, and
        where ``undetermined``.
    se
        (m,) standard errors of what is predicted, θ taken as known.
    lower, upper
        (m,) limits of the interval, ``fit`` ∓ the normal quantile times ``se``.
    new_groups
        For each grouping factor, (m,) rows whose group is not in the data; empty for ``"population"``.
    undetermined
        (m,) rows that a rank-deficient model says nothing about: a combination of levels that the data do
        not have, and that no column left in the model stands for.
    missing
        Number of rows that lack an entry.
    groups, kind, level
        As asked for.
    """

    fit: FloatArray
    se: FloatArray
    lower: FloatArray
    upper: FloatArray
    new_groups: dict[str, BoolArray]
    undetermined: BoolArray
    missing: int
    groups: str
    kind: str
    level: float

    @property
    def new(self) -> BoolArray:
        """(m,) rows with some group that is not in the data."""
        out = np.zeros(len(self.fit), dtype=np.bool_)
        for rows in self.new_groups.values():
            out |= rows
        return out


def predict(
    fit: Fit,
    table: Table | None = None,
    *,
    groups: Groups = "conditional",
    new_groups: Literal["allow", "error"] = "allow",
    level: float = 0.95,
    kind: Kind = "mean",
) -> Prediction:
    """Predict the response of the rows fitted, or of a table of other rows; θ is taken as known.

    Parameters
    ----------
    fit
        The fitted model.
    table
        Other rows, None for those fitted; only the columns that what is asked for reads are needed.
    groups
        ``"conditional"``: xβ̂ + zb̂ of the groups that the rows name. In the data, its variance is that of
        x(β̂ - β) + z(b̂ - b), the two errors correlated; a group that is not, is one drawn from the
        population: b̂ = 0, and zΣzᵀ is added. ``"population"``: xβ̂, where all random effects are 0.
    new_groups
        ``"error"`` to refuse groups that are not in the data.
    level
        Coverage of the interval, between 0 and 1.
    kind
        ``"mean"`` for the expected value; ``"observation"`` for one new response, which adds σ² over its
        prior weight (1 where the table has no column of weights).

    Raises
    ------
    FitError
        ``bad_level``, ``unknown_choice``, ``no_recipe``.
    ModelError
        ``new_group``; and as :class:`mmgui.engine.recipe.Recipe`.
    """
    quantile = _checked_quantile(groups, new_groups, kind, level)
    rows = model_rows(fit, table, random=groups == "conditional")
    unknown = _new_groups(fit, rows)
    if new_groups == "error" and table is not None:
        _refuse_new(fit, table, unknown)
    usable, missing = _usable(rows)
    value, variance = np.full((2, rows.count), np.nan)
    value[usable] = _values(fit, rows, usable)
    variance[usable] = _variances(fit, rows, usable, own=table is None)
    if kind == "observation":
        variance += fit.sigma**2 / rows.weights
    se = np.sqrt(variance)
    lower, upper = value - quantile * se, value + quantile * se
    return Prediction(value, se, lower, upper, unknown, rows.undetermined, missing, groups, kind, level)


def _checked_quantile(groups: str, new_groups: str, kind: str, level: float) -> float:
    """The normal quantile of the level, where all is as it can be."""
    choices = (
        ("groups", groups, ("conditional", "population")),
        ("new_groups", new_groups, ("allow", "error")),
        ("kind", kind, ("mean", "observation")),
    )
    for name, given, known in choices:
        if given not in known:
            raise FitError(
                "unknown_choice", f"{name} cannot be {given!r} in a prediction; choose {' or '.join(known)}."
            )
    if not 0.0 < level < 1.0:
        raise FitError("bad_level", f"The level {level:g} of an interval must lie between 0 and 1, as 0.95.")
    return normal_quantile(level)


def _new_groups(fit: Fit, rows: ModelRows) -> dict[str, BoolArray]:
    return {term.grouping: effects.others >= 0 for term, effects in zip(fit.terms, rows.random, strict=False)}


def _refuse_new(fit: Fit, table: Table, unknown: dict[str, BoolArray]) -> None:
    for random in fit.design.spec.random:
        at = np.flatnonzero(unknown.get(random.grouping.label, np.empty(0)))
        if not len(at):
            continue
        row = int(at[0])
        columns = [table[name] for name in random.grouping.columns]
        label = ":".join(column.levels[column.codes[row]] for column in columns)
        raise ModelError(
            "new_group",
            f"{random.grouping.label} is “{label}” in row {row + 1} of the new rows, a group that is not in "
            "the data; allow new groups, or predict for the population.",
            Where("column", random.grouping.label),
        )


def _usable(rows: ModelRows) -> tuple[NDArray[np.intp], int]:
    """The rows that can be predicted, and how many lack an entry."""
    known = np.isfinite(rows.x).all(axis=1) & np.isfinite(rows.offset)
    for effects in rows.random:
        known &= np.isfinite(effects.columns).all(axis=1)
    return np.flatnonzero(known & ~rows.undetermined), int((~known).sum())


def _values(fit: Fit, rows: ModelRows, at: NDArray[np.intp]) -> FloatArray:
    out = rows.x[at] @ fit.beta + rows.offset[at]
    for term, effects in zip(fit.terms, rows.random, strict=False):
        codes = effects.codes[at]
        modes = np.where((codes >= 0)[:, None], term.modes[codes], 0.0)
        out += np.einsum("ms,ms->m", effects.columns[at], modes)
    return out


def _variances(fit: Fit, rows: ModelRows, at: NDArray[np.intp], *, own: bool) -> FloatArray:
    """Variances of the errors; ``own`` for all the rows fitted, whose leverages tell them."""
    if not rows.random:
        return np.asarray(np.einsum("mp,pq,mq->m", rows.x[at], fit.vcov_beta, rows.x[at]))
    if own:
        from mmgui.inference.rows.leverage import leverage

        return np.asarray(fit.sigma**2 * leverage(fit).hat / rows.weights)
    columns = [effects.columns[at] for effects in rows.random]
    codes = [effects.codes[at] for effects in rows.random]
    out = fit.sigma**2 * JointCovariance(fit).quadratic(rows.x[at], columns, codes)
    for term, z, code in zip(fit.terms, columns, codes, strict=True):
        new = np.flatnonzero(code < 0)
        out[new] += np.einsum("ms,st,mt->m", z[new], term.covariance, z[new])
    return out
