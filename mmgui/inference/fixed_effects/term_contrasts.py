"""The hypotheses of types I, II and III about each fixed term, as combinations of the fixed effects.

They are lmerTest's, whose tables R users read. Satterthwaite's df depend on how a hypothesis of several
combinations is written, so that these are written as lmerTest writes them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.build.rank import independent_columns
from mmgui.engine.design import Design
from mmgui.inference.fixed_effects.reference_grid import recipe_of
from mmgui.inference.fixed_effects.term_layout import Layout, layout_of

FloatArray = NDArray[np.float64]

TYPES = ("I", "II", "III")

_ZERO = 1e-8


def hypotheses(design: Design, type_: str) -> tuple[FloatArray, ...]:
    """For each fixed term (m, p) combinations of the fixed effects; m is 0 for a term left out entirely.

    Type I: each term after those before it. Type II: each term after all others that do not contain it.
    Type III: each term after all others, averaged over the levels of the factors in terms that contain it
    with equal weights. A term contains another that has some of its factors and the same quantities.

    lmerTest 3.1 differs in two cases. It takes a basis such as ``poly(x, 2)`` or ``scale(x)`` for no
    quantity, so that ``a:poly(x, 2)`` contains ``a`` (type II). And in a nested ``a + a:b`` it does not see
    that ``a:b`` contains ``a``, and tests ``a`` at the first level of b (types II and III); SAS and car do.

    Parameters
    ----------
    design
        The matrices fitted.
    type_
        One of ``TYPES``.

    References
    ----------
    SAS/STAT user's guide, The four types of estimable functions. Kuznetsova, A., Brockhoff, P. B. &
    Christensen, R. H. B. (2017). lmerTest package. Journal of Statistical Software 82(13).
    """
    count = len(design.spec.fixed)
    # The hypothesis of a single term is the same for every type, and lmerTest writes it as type I.
    if type_ == "I" or count <= 1:
        return _sequential(design)
    return _after_others(design) if type_ == "II" else _type_three(design)


def _sequential(design: Design) -> tuple[FloatArray, ...]:
    rows = _doolittle(design.x)
    return tuple(rows[design.assign == k + 1] for k in range(len(design.spec.fixed)))


def _after_others(design: Design) -> tuple[FloatArray, ...]:
    layout, count = layout_of(design), len(design.spec.fixed)
    out = []
    for k in range(count):
        containing = [j for j in range(count) if layout.contains(k, j)]
        if not containing:
            out.append(np.eye(len(design.assign))[design.assign == k + 1])
            continue
        last = [k, *containing]
        own = np.isin(design.assign, np.array(last) + 1)
        order = np.concatenate([np.flatnonzero(~own), np.flatnonzero(own)])
        rows = np.empty((len(order), len(order)))
        rows[:, order] = _doolittle(design.x[:, order])
        out.append(rows[design.assign[order] == k + 1])
    return tuple(out)


def _doolittle(x: FloatArray) -> FloatArray:
    """(p, p) Lᵀ of XᵀX = L U with ones on L's diagonal: row j is column j after those before it."""
    if not x.shape[1]:
        return np.empty((0, 0))
    scale = np.sqrt(np.mean(x**2, axis=0))
    r = np.linalg.qr(x / scale, mode="r")
    rows: FloatArray = r / np.diag(r)[:, None] / scale[:, None] * scale
    return rows


def _type_three(design: Design) -> tuple[FloatArray, ...]:
    """As SAS and lmerTest: orthogonal to the terms that contain a term, among estimable functions.

    With b the coefficients of the columns that have one for each combination of levels, β_t those of
    treatment contrasts are functions M b, whose rows are estimable; those of a term are taken less their
    projection on those of the terms that contain it, and read as hypotheses about the kept of β_t.
    """
    layout = layout_of(design)
    treatment = layout.by_treatment()
    # What the columns with one for each combination are of the columns fitted, (p, r).
    whole = _kept_of(design) @ layout.in_columns_fitted()
    kept = treatment[_independent(design, whole[:, treatment])]
    to_treatment = np.linalg.inv(whole[:, kept])
    functions = _rounded(to_treatment @ whole)
    terms = np.repeat(np.arange(len(layout.sizes)), layout.sizes)[kept]
    functions = _less_containing(functions, terms, layout)
    out = []
    for k in range(len(design.spec.fixed)):
        rows = functions[terms == k + 1][:, kept]
        rows = rows[np.abs(rows).sum(axis=1) > _ZERO]
        out.append(rows @ to_treatment)
    return tuple(out)


def _kept_of(design: Design) -> FloatArray:
    """(p, p + d) every column of the full model matrix as a combination of those kept."""
    p, kept = len(design.fixed_names), recipe_of(design).kept
    if design.aliases is None:
        return np.eye(p)
    total = p + design.aliases.shape[1]
    out = np.empty((p, total))
    out[:, kept] = np.eye(p)
    out[:, np.setdiff1d(np.arange(total), kept)] = design.aliases
    return out


def _independent(design: Design, columns: FloatArray) -> NDArray[np.intp]:
    """Which of these combinations of X's columns are kept where some depend on those before them."""
    scale = np.sqrt(np.mean(design.x**2, axis=0))
    r = np.linalg.qr(design.x / scale, mode="r")
    return independent_columns(r @ (scale[:, None] * columns))


def _less_containing(functions: FloatArray, terms: NDArray[np.intp], layout: Layout) -> FloatArray:
    """Each term's functions less their projection on those of the terms that contain it, inner terms last."""
    out = functions.copy()
    count = len(layout.terms)
    order = sorted(range(count), key=lambda k: -len(layout.terms[k]))
    for k in order:
        containing = [j + 1 for j in range(count) if layout.contains(k, j)]
        if not containing:
            continue
        own, others = np.flatnonzero(terms == k + 1), np.flatnonzero(np.isin(terms, containing))
        basis = out[others].T
        out[own] = _rounded(out[own] - (basis @ np.linalg.lstsq(basis, out[own].T, rcond=_ZERO)[0]).T)
    return out


def _rounded(values: FloatArray) -> FloatArray:
    """Entries that are rounding beside the largest made 0."""
    largest = float(np.abs(values).max(initial=0.0))
    return np.where(np.abs(values) < 1e-9 * largest, 0.0, values)
