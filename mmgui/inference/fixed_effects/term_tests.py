"""F tests of the fixed terms: the analysis of variance of types I, II and III."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.degrees_of_freedom.approximation import Approximation, approximation
from mmgui.inference.fixed_effects.contrasts import tested
from mmgui.inference.fixed_effects.term_contrasts import TYPES, hypotheses

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TermTests:
    """One F test for each fixed term, in the order of the model; all arrays (terms,).

    Attributes
    ----------
    terms
        The terms as a formula writes them.
    type
        ``"I"``, ``"II"`` or ``"III"``.
    method
        ``"satterthwaite"``, ``"kenward-roger"`` or ``"wald"``.
    sum_sq, mean_sq
        As lmerTest's ``anova`` prints them: F (before Kenward and Roger's scale factor) times the residual
        variance, times ``num_df`` for the sum.
    num_df
        Rank of the hypothesis; 0 for a term of which every column was left out.
    den_df
        Denominator degrees of freedom; infinite for Wald.
    f, p
        The F statistic, and its p-value (of χ² for Wald); NaN where ``num_df`` is 0.
    hypotheses
        For each term (m, p) the combinations of the fixed effects that are tested.
    """

    terms: tuple[str, ...]
    type: str
    method: str
    sum_sq: FloatArray
    mean_sq: FloatArray
    num_df: NDArray[np.intp]
    den_df: FloatArray
    f: FloatArray
    p: FloatArray
    hypotheses: tuple[FloatArray, ...]


def term_tests(
    fit: Fit,
    type: str = "III",  # noqa: A002 - what everyone calls it
    method: str | Approximation = "satterthwaite",
) -> TermTests:
    """Test each fixed term of a fitted model.

    Parameters
    ----------
    fit
        The fitted model.
    type
        ``"I"``: each term after those before it. ``"II"``: after all terms that do not contain it.
        ``"III"``: after all others, averaged over the levels of factors it interacts with.
    method
        As in :func:`~mmgui.inference.degrees_of_freedom.approximation.approximation`.

    Raises
    ------
    FitError
        ``unknown_type``; those of :func:`~mmgui.inference.degrees_of_freedom.approximation.approximation`.

    References
    ----------
    Kuznetsova, A., Brockhoff, P. B. & Christensen, R. H. B. (2017). lmerTest package. Journal of
    Statistical Software 82(13).
    """
    if type not in TYPES:
        raise FitError(
            "unknown_type", f"There is no type {type!r} of F tests; choose one of {', '.join(TYPES)}."
        )
    by = approximation(fit, method)
    rows = hypotheses(fit.design, type)
    found = [tested(m, np.zeros(len(m)), m @ fit.beta, by) if m.any() else None for m in rows]
    unscaled = np.array([np.nan if t is None else t.f / t.scale for t in found])
    num_df = np.array([0 if t is None else t.num_df for t in found], dtype=np.intp)
    mean_sq = unscaled * fit.sigma**2
    return TermTests(
        terms=tuple(term.label for term in fit.design.spec.fixed),
        type=type,
        method=by.method,
        sum_sq=mean_sq * num_df,
        mean_sq=mean_sq,
        num_df=num_df,
        den_df=np.array([np.nan if t is None else t.den_df for t in found]),
        f=np.array([np.nan if t is None else t.f for t in found]),
        p=np.array([np.nan if t is None else t.p for t in found]),
        hypotheses=rows,
    )
