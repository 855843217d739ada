"""Estimates of several combinations of fixed effects, not all of which need be estimable."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations as pairs_of

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.errors import ModelError, Where
from mmgui.inference.degrees_of_freedom.approximation import Approximation
from mmgui.inference.fixed_effects.contrasts import estimates
from mmgui.inference.fixed_effects.multiplicity import adjusted_p, critical_value
from mmgui.inference.fixed_effects.reference_grid import Functions

FloatArray = NDArray[np.float64]

Cell = tuple[str | float, ...]
"""Values of some columns."""

FAMILIES = ("pairwise", "reference", "consecutive", "mean")

MOST_CONTRASTS = 20_000


@dataclass(frozen=True, eq=False)
class Estimates:
    """Estimates with their tests against 0; all arrays (m,).

    Attributes
    ----------
    labels
        What each is, for people: ``"A - B"``.
    groups
        For each the values of the ``by`` columns within which it is; empty where there are none.
    estimate, se, df
        Estimate, standard error and degrees of freedom (infinite for Wald); NaN where not estimable.
    t, p
        Against 0, two-sided; p adjusted by ``adjust`` within each group.
    lower, upper
        Ends of the intervals at ``level``, adjusted likewise.
    reasons
        Why one cannot be estimated; empty where it can.
    rows
        (m, p) as combinations of the fixed effects.
    """

    labels: tuple[str, ...]
    groups: tuple[Cell, ...]
    estimate: FloatArray
    se: FloatArray
    df: FloatArray
    t: FloatArray
    p: FloatArray
    lower: FloatArray
    upper: FloatArray
    reasons: tuple[str, ...]
    rows: FloatArray
    level: float
    method: str
    adjust: str = "none"


def shown(value: str | float) -> str:
    """A level or a number as a label."""
    return value if isinstance(value, str) else f"{value:.6g}"


def estimated(
    fit: Fit,
    functions: Functions,
    by: Approximation,
    level: float,
    labels: tuple[str, ...],
    groups: tuple[Cell, ...],
) -> Estimates:
    """Estimates of linear functions, NaN with the reason where the rows fitted say nothing about one."""
    found = estimates(functions.rows, functions.rows @ fit.beta + functions.constant, by, level)
    known = functions.estimable
    reason = (
        "The rows fitted say nothing about it: some of the combinations that it averages over have no rows."
    )
    arrays = (found.estimate, found.se, found.df, found.t, found.p, found.lower, found.upper)
    estimate, se, df, t, p, lower, upper = (np.where(known, a, np.nan) for a in arrays)
    reasons = tuple("" if k else reason for k in known.tolist())
    return Estimates(
        labels, groups, estimate, se, df, t, p, lower, upper, reasons, functions.rows, level, by.method
    )


def family_of(name: str, cells: list[str]) -> dict[str, list[float]]:
    """By label the weights of a family of contrasts among cells.

    Raises
    ------
    ModelError
        ``unknown_contrasts``; ``too_large`` for more than 20,000 contrasts.
    """
    count = len(cells) * (len(cells) - 1) // 2 if name == "pairwise" else len(cells)
    if count > MOST_CONTRASTS:
        raise ModelError(
            "too_large",
            f"{len(cells):,} means have {count:,} contrasts (at most {MOST_CONTRASTS:,}); hold some of the "
            "factors at fewer levels.",
            Where("fit"),
        )
    one = np.eye(len(cells))
    if name == "pairwise":
        return {f"{cells[i]} - {cells[j]}": list(one[i] - one[j]) for i, j in pairs_of(range(len(cells)), 2)}
    if name == "reference":
        return {f"{cells[i]} - {cells[0]}": list(one[i] - one[0]) for i in range(1, len(cells))}
    if name == "consecutive":
        return {f"{cells[i]} - {cells[i - 1]}": list(one[i] - one[i - 1]) for i in range(1, len(cells))}
    if name == "mean":
        return {f"{cell} - mean": list(one[i] - 1.0 / len(cells)) for i, cell in enumerate(cells)}
    raise ModelError(
        "unknown_contrasts",
        f"There are no contrasts {name!r}; choose one of {', '.join(FAMILIES)}, or give weights.",
        Where("fit"),
    )


def adjusted(found: Estimates, adjust: str, means: int, family: int) -> Estimates:
    """p and intervals adjusted within each run of ``family`` estimates."""
    if adjust == "none":
        return found
    p, half = found.p.copy(), np.empty(len(found.p))
    for start in range(0, len(p), max(family, 1)):
        own = slice(start, start + family)
        there = int(np.isfinite(found.p[own]).sum())
        p[own] = adjusted_p(found.t[own], found.df[own], found.p[own], adjust, means)
        half[own] = [critical_value(v, found.level, adjust, means, there) for v in found.df[own]]
    half *= found.se
    return replace(found, p=p, lower=found.estimate - half, upper=found.estimate + half, adjust=adjust)
