"""No pooling and complete pooling: what each group says alone, and what all say when the groups are ignored.

The picture of shrinkage compares a group's own coefficients with fixed effect plus conditional mode,
so both must mean the same thing: fixed effects that are no part of the term are taken off first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design, RandomDesign
from mmgui.spec.terms import INTERCEPT_NAME

FloatArray = NDArray[np.float64]

_IN_SPAN = 1e-8
_FLAT = 1e-9
"""Below this share of the largest, a singular value of a group's columns of unit length is none."""


@dataclass(frozen=True, eq=False)
class SeparateFits:
    """A regression in every group by itself.

    Attributes
    ----------
    effects
        Names of the s coefficients.
    estimates
        (L, s) coefficients; a row is NaN where the group's rows cannot give them.
    standard_errors
        (L, s) their standard errors from the group's own residuals; NaN without residual degrees of freedom.
    sizes
        (L,) rows per group.
    reasons
        L sentences that say why a group has no estimate; empty where it has one.
    removed
        Fixed effects that were taken off the response before, because they are no part of the regression.
    """

    effects: tuple[str, ...]
    estimates: FloatArray
    standard_errors: FloatArray
    sizes: NDArray[np.int64]
    reasons: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Counterpart:
    """How the fixed effects show in the effects of a random-effects term.

    Attributes
    ----------
    weights
        (s, p) with ``E weights[:, j] = x_j`` for every column of X that the term's effect columns E span,
        zeros for the others. ``weights @ beta`` is what the groups' coefficients are pulled to.
    inside
        (p,) True for the columns of X that E spans.
    present
        (s,) True for effects that have a fixed counterpart.
    """

    weights: FloatArray
    inside: NDArray[np.bool_]
    present: NDArray[np.bool_]


def counterpart(design: Design, term_index: int) -> Counterpart:
    """Which fixed effects a random-effects term lets vary, decided from the spaces spanned.

    For ``x + (x | g)`` it is the identity; for ``A + (0 + A | g)`` it turns treatment contrasts into
    cell means.
    """
    weights, inside = _express(design.x, design.random[term_index].columns)
    return Counterpart(weights, inside, np.asarray(np.any(weights != 0.0, axis=1)))


def pulled_to(design: Design, term_index: int, beta: FloatArray) -> FloatArray:
    """(s,) the fixed effects in terms of the term's own effects: what its groups are pulled to.

    0 for an effect without fixed counterpart.
    """
    return counterpart(design, term_index).weights @ beta


def pooled_coefficients(design: Design) -> FloatArray:
    """(p,) least-squares coefficients of the fixed effects with every group ignored (statsmodels)."""
    return _regression(_response(design), design.x, design.weights)


def complete_pooling(design: Design, term_index: int) -> FloatArray:
    """(s,) coefficients of one regression that ignores the groups, for the effects of a term.

    NaN for an effect that has no fixed counterpart. Fitted by statsmodels' OLS (WLS with prior weights).
    """
    link = counterpart(design, term_index)
    pooled = link.weights @ pooled_coefficients(design)
    return np.where(link.present, pooled, np.nan)


def separate_fits(
    design: Design, term_index: int, *, all_effects: bool = False, beta: FloatArray | None = None
) -> SeparateFits:
    """Each group's own least-squares coefficients, weighted by the prior weights.

    Parameters
    ----------
    design
        The model's matrices.
    term_index
        The random-effects term whose groups are fitted, a position in ``design.random``.
    all_effects
        False: the term's s effects. Fixed effects that the effects do not span are first taken off
        the response, so that ``Days + (1 | Subject)`` gives each Subject's mean of what Days leaves:
        its own intercept, on the scale of fixed effect plus conditional mode.
        True: besides the term's effects all fixed effects that vary within groups, each group having
        its own (intercept *and* slope of Days for ``Days + (1 | Subject)``).
    beta
        (p,) fixed effects to take off; by default those of complete pooling. With the fitted model's
        β a term's modes are exactly the shrunken distances of these estimates from it (when the model
        has no other random-effects term).

    Returns
    -------
    SeparateFits
        Other random-effects terms are left in the residuals.
    """
    term = design.random[term_index]
    names, columns = _own_columns(design, term) if all_effects else (term.effects, term.columns)
    _, inside = _express(design.x, columns)
    response = _response(design)
    if not inside.all():
        coefficients = pooled_coefficients(design) if beta is None else beta
        response = response - design.x[:, ~inside] @ coefficients[~inside]
    removed = tuple(n for n, keep in zip(design.fixed_names, inside, strict=True) if not keep)
    return _fit_groups(term, names, columns, response, design.weights, removed)


def _fit_groups(
    term: RandomDesign,
    names: tuple[str, ...],
    columns: FloatArray,
    response: FloatArray,
    weights: FloatArray | None,
    removed: tuple[str, ...],
) -> SeparateFits:
    count, s = len(term.levels), columns.shape[1]
    sizes = np.bincount(term.codes, minlength=count).astype(np.int64)
    estimates = np.full((count, s), np.nan)
    errors = np.full((count, s), np.nan)
    reasons = [""] * count
    for g, rows in enumerate(rows_of_groups(term)):
        reasons[g] = reason_without_estimate(term, g, names, columns[rows])
        if reasons[g]:
            continue
        estimates[g], spread, left = _least_squares(response[rows], columns[rows], _root(weights, rows))
        if len(rows) > s:
            errors[g] = spread * np.sqrt(left / (len(rows) - s))
    return SeparateFits(names, estimates, errors, sizes, tuple(reasons), removed)


def reason_without_estimate(term: RandomDesign, g: int, names: tuple[str, ...], columns: FloatArray) -> str:
    """Why the rows of group g cannot give it coefficients of its own; empty where they can.

    ``columns`` (n_g, s) are the group's rows of the columns called ``names``.
    """
    rows, s = columns.shape
    if rows < s:
        return _too_few(term, g, rows, s)
    if not _full_rank(columns):
        return _no_spread(term, g, names, columns)
    return ""


def rows_of_groups(term: RandomDesign) -> list[NDArray[np.intp]]:
    """The rows of each of the L groups of a term, ascending."""
    sizes = np.bincount(term.codes, minlength=len(term.levels))
    return np.split(np.argsort(term.codes, kind="stable"), np.cumsum(sizes)[:-1])


def _too_few(term: RandomDesign, g: int, rows: int, s: int) -> str:
    noun = "row" if rows == 1 else "rows"
    return f"{term.grouping} {term.levels[g]} has {rows} {noun}, too few for {s} coefficients of its own."


def _no_spread(term: RandomDesign, g: int, names: tuple[str, ...], columns: FloatArray) -> str:
    flat = [n for n, c in zip(names, columns.T, strict=True) if n != INTERCEPT_NAME and np.ptp(c) == 0.0]
    who = f"{term.grouping} {term.levels[g]}"
    if flat:
        return f"{flat[0]} does not vary within {who}, so its effect there cannot be told."
    return f"The effects cannot be told apart within {who}."


def _own_columns(design: Design, term: RandomDesign) -> tuple[tuple[str, ...], FloatArray]:
    """The term's effect columns and every column of X that adds something to them in some group."""
    names, columns = list(term.effects), term.columns
    for j, name in enumerate(design.fixed_names):
        candidate = np.column_stack([columns, design.x[:, j]])
        if _adds_within_groups(candidate, term.codes, len(term.levels)):
            names.append(name)
            columns = candidate
    in_model_order = [n for n in design.fixed_names if n in names] + [
        n for n in names if n not in design.fixed_names
    ]
    return tuple(in_model_order), columns[:, [names.index(n) for n in in_model_order]]


def _adds_within_groups(columns: FloatArray, codes: NDArray[np.int32], count: int) -> bool:
    """Whether the last column is, in some group, no combination of the ones before it."""
    scaled = columns / np.maximum(np.sqrt(np.mean(columns**2, axis=0)), np.finfo(float).tiny)
    before, last = scaled[:, :-1], scaled[:, -1]
    s = before.shape[1]
    gram, cross = np.empty((count, s, s)), np.empty((count, s))
    for i in range(s):
        cross[:, i] = np.bincount(codes, before[:, i] * last, count)
        for j in range(i + 1):
            gram[:, i, j] = gram[:, j, i] = np.bincount(codes, before[:, i] * before[:, j], count)
    solved = np.einsum("gij,gj->gi", np.linalg.pinv(gram, rcond=1e-10, hermitian=True), cross)
    rest = last - np.einsum("ni,ni->n", before, solved[codes])
    return bool(np.max(np.bincount(codes, rest**2, count)) > 1e-6)


def _express(x: FloatArray, effects: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
    """X's columns as combinations of the effect columns, where they are; and which are."""
    norm_x = np.sqrt(np.sum(x**2, axis=0))
    norm_e = np.sqrt(np.sum(effects**2, axis=0))
    norm_x, norm_e = np.where(norm_x > 0, norm_x, 1.0), np.where(norm_e > 0, norm_e, 1.0)
    solved = np.linalg.lstsq(effects / norm_e, x / norm_x, rcond=1e-11)[0]
    rest = x / norm_x - (effects / norm_e) @ solved
    inside = np.sqrt(np.sum(rest**2, axis=0)) < _IN_SPAN
    weights = solved * norm_x / norm_e[:, None]
    clean = np.where(np.abs(solved) < _IN_SPAN, 0.0, np.where(inside, weights, 0.0))
    return clean, np.asarray(inside, dtype=np.bool_)


def _response(design: Design) -> FloatArray:
    return design.y if design.offset is None else design.y - design.offset


def _regression(y: FloatArray, x: FloatArray, weights: FloatArray | None) -> FloatArray:
    """Coefficients; columns are brought to like size first, so that their units do not matter."""
    from statsmodels.regression.linear_model import OLS, WLS

    if not x.shape[1]:
        return np.empty(0)
    scale = np.abs(x).max(axis=0, initial=0.0)
    scale = np.where(scale > 0.0, scale, 1.0)
    fitted = (OLS(y, x / scale) if weights is None else WLS(y, x / scale, weights=weights)).fit()
    return np.asarray(fitted.params / scale)


@dataclass(frozen=True, eq=False)
class SeparateIntervals:
    """Regressions in every group by itself that share one residual standard deviation, with intervals.

    Attributes
    ----------
    effects
        Names of the q coefficients: the term's effects and the fixed effects that vary within groups.
    estimates, half
        (L, q) coefficients and half the width of their intervals; NaN in a group that cannot be fitted.
    sigma, df
        Pooled residual standard deviation and its degrees of freedom; NaN and 0 where none are left.
    level
        Coverage of each interval.
    pooled
        (q,) the coefficients of one regression that ignores the groups, NaN where it has none.
    weights
        (q, p) what the coefficients are of the fixed effects: ``weights @ beta``.
    reasons
        L sentences that say why a group has no fit; empty where it has one.
    removed
        Fixed effects taken off the response before, as complete pooling has them.
    """

    effects: tuple[str, ...]
    estimates: FloatArray
    half: FloatArray
    sigma: float
    df: int
    level: float
    pooled: FloatArray
    weights: FloatArray
    reasons: tuple[str, ...]
    removed: tuple[str, ...]


def separate_intervals(design: Design, term_index: int, *, level: float = 0.95) -> SeparateIntervals:
    """Intervals of separate fits with a pooled residual SD, as ``confint(lmList(…))`` of lme4 and nlme.

    Parameters
    ----------
    design
        The model's matrices.
    term_index
        The random-effects term whose groups are fitted.
    level
        Coverage of each interval by itself.

    Returns
    -------
    SeparateIntervals
        σ̂² is the residual sum of squares of all fitted groups over Σ(nᵢ − q), and an interval is
        estimate ± t(df) σ̂ √((XᵢᵀWXᵢ)⁻¹)ⱼⱼ (Pinheiro and Bates 2000, section 4.1). A group with as many
        rows as coefficients has an interval and adds nothing to σ̂.
    """
    from scipy.stats import t

    term = design.random[term_index]
    names, columns = _own_columns(design, term)
    weights, inside = _express(design.x, columns)
    beta = pooled_coefficients(design)
    response = _response(design) - design.x[:, ~inside] @ beta[~inside]
    count, q = len(term.levels), columns.shape[1]
    estimates, spread = np.full((count, q), np.nan), np.full((count, q), np.nan)
    reasons = [""] * count
    rss, df = 0.0, 0
    for g, rows in enumerate(rows_of_groups(term)):
        reasons[g] = reason_without_estimate(term, g, names, columns[rows])
        if reasons[g]:
            continue
        root = _root(design.weights, rows)
        estimates[g], spread[g], left = _least_squares(response[rows], columns[rows], root)
        rss, df = rss + left, df + len(rows) - q
    sigma = float(np.sqrt(rss / df)) if df else float("nan")
    factor = float(t.ppf(0.5 + level / 2, df)) * sigma if df else float("nan")
    present = np.any(weights != 0.0, axis=1)
    pooled = np.where(present, weights @ beta, np.nan)
    removed = tuple(n for n, keep in zip(design.fixed_names, inside, strict=True) if not keep)
    return SeparateIntervals(
        names, estimates, factor * spread, sigma, df, level, pooled, weights, tuple(reasons), removed
    )


def _root(weights: FloatArray | None, rows: NDArray[np.intp]) -> FloatArray | None:
    return None if weights is None else np.sqrt(weights[rows])


def _full_rank(x: FloatArray) -> bool:
    """Whether no column is a combination of the others, whatever their units."""
    size = np.sqrt(np.sum(x**2, axis=0))
    if not np.all(size > 0.0):
        return False
    d = np.linalg.svd(x / size, compute_uv=False)
    return bool(d[-1] > _FLAT * d[0]) if len(d) else True


def _least_squares(
    y: FloatArray, x: FloatArray, root: FloatArray | None
) -> tuple[FloatArray, FloatArray, float]:
    """Coefficients, roots of the diagonal of (XᵀX)⁻¹ and residual sum of squares; X has full rank.

    ``root`` (n,) are the square roots of the weights.
    """
    if root is not None:
        y, x = y * root, x * root[:, None]
    size = np.sqrt(np.sum(x**2, axis=0))
    u, d, vt = np.linalg.svd(x / size, full_matrices=False)
    along = u.T @ y
    inverse = vt.T / d
    rest = y - u @ along
    return inverse @ along / size, np.sqrt(np.sum(inverse**2, axis=1)) / size, float(rest @ rest)
