"""What a fit says about itself, in words: variances of zero, correlations at their limit, convergence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit, FittedTerm

FloatArray = NDArray[np.float64]

_EDGE = 0.9999
_PERFECT = 1e-5


@dataclass(frozen=True, slots=True)
class FitFinding:
    """One thing that a fit says.

    Attributes
    ----------
    id
        As in the catalogue of rules: ``"F1"``.
    severity
        ``"error"``, ``"warning"`` or ``"info"``.
    title
        The verdict in a few words.
    text
        What it means and what can be done.
    about
        The grouping factors, effects or coefficients concerned.
    """

    id: str
    severity: str
    title: str
    text: str
    about: tuple[str, ...] = ()


def fit_findings(fit: Fit) -> tuple[FitFinding, ...]:
    """What there is to say about a fit: singular and convergence apart, rows and columns left out.

    Nothing is said about a fit that is in order. Findings stand in the order in which they matter:
    perfect fit, convergence, singular terms, columns and rows left out.
    """
    found: list[FitFinding] = []
    perfect = _perfect(fit)
    # A perfect fit is also why the search found no optimum; the root speaks.
    found += [perfect] if perfect is not None else _convergence(fit)
    for term in fit.terms:
        found += _term(term)
    found += _left_out(fit)
    return tuple(found)


def singular_directions(term: FittedTerm) -> tuple[str, ...]:
    """The directions of a term's effects that have no variance, each as a clause.

    ``"the intercepts do not vary"``, ``"the intercepts and the slopes of Days go together exactly
    (correlation -1)"``, or, with three and more effects, the combination that has no variance. Empty
    where every direction varies.
    """
    if not term.singular:
        return ()
    size = term.sd
    still = [i for i in range(len(size)) if _is_zero(term, i)]
    out = [f"{_effect(term.effects[i])} do not vary" for i in still]
    moving = [i for i in range(len(size)) if i not in still]
    if len(moving) < 2 or term.rank >= len(moving):
        return tuple(out)
    if len(moving) == 2:
        i, j = moving
        sign = "+1" if term.correlation[i, j] > 0 else "-1"
        pair = f"{_effect(term.effects[i])} and {_effect(term.effects[j])}"
        return (*out, f"{pair} go together exactly (correlation {sign})")
    correlation = term.correlation[np.ix_(moving, moving)]
    _, vectors = np.linalg.eigh(correlation)
    for k in range(len(moving) - term.rank):
        weights = vectors[:, k] / size[moving]
        names = [term.effects[i] for i in moving]
        out.append(f"the combination {_combination(weights, names)} is the same for every {term.grouping}")
    return tuple(out)


def _is_zero(term: FittedTerm, i: int) -> bool:
    return term.rank == 0 or float(term.sd[i]) == 0.0


def _effect(name: str) -> str:
    return "the intercepts" if name == "(Intercept)" else f"the slopes of {name}"


def _combination(weights: FloatArray, names: list[str]) -> str:
    """``0.21 (Intercept) + 1.3 Days - 0.6 x``, the largest share positive and small shares left out."""
    weights = weights / np.max(np.abs(weights)) * np.sign(weights[np.argmax(np.abs(weights))])
    parts: list[str] = []
    for weight, name in zip(weights, names, strict=True):
        if abs(weight) < 0.005:
            continue
        sign = "- " if weight < 0 else ("+ " if parts else "")
        parts.append(f"{sign}{abs(weight):.2g} × {name}")
    return " ".join(parts)


def _term(term: FittedTerm) -> list[FitFinding]:
    about = (term.grouping, *term.effects)
    directions = singular_directions(term)
    s = len(term.effects)
    if not directions:
        return _near_edge(term)
    clause = "; ".join(directions)
    zeros = [i for i in range(s) if _is_zero(term, i)]
    if zeros:
        noun = "variance" if len(zeros) == 1 else "variances"
        return [
            FitFinding(
                "F1",
                "warning",
                f"Singular: {noun} of zero by {term.grouping}",
                f"By {term.grouping}, {clause}: the data differ no more between its groups than chance "
                "alone gives, so the best estimate is 0. The fit is valid; without this part the model fits "
                "the same.",
                about,
            )
        ]
    if s == 2:
        return [
            FitFinding(
                "F2",
                "warning",
                f"Singular: correlation at its limit by {term.grouping}",
                f"By {term.grouping}, {clause}: the estimated cloud of groups has collapsed to a line. "
                "Dropping the correlation or a slope gives a simpler model; compare the two.",
                about,
            )
        ]
    return [
        FitFinding(
            "F3",
            "warning",
            f"Singular: {term.rank} of {s} directions vary by {term.grouping}",
            f"No single number of {term.grouping} need look wrong, but {clause}. A simpler covariance "
            "(uncorrelated effects, or fewer of them) would fit the same or nearly so.",
            about,
        )
    ]


def _near_edge(term: FittedTerm) -> list[FitFinding]:
    pairs = [(i, j) for i, j in term.free_pairs if abs(term.correlation[i, j]) > _EDGE]
    return [
        FitFinding(
            "F4",
            "info",
            f"A correlation of {term.correlation[i, j]:+.4f} by {term.grouping}",
            f"{_effect(term.effects[i]).capitalize()} and {_effect(term.effects[j])} by {term.grouping} are "
            "all but perfectly correlated: the fit is at the edge of being singular.",
            (term.grouping, term.effects[i], term.effects[j]),
        )
        for i, j in pairs
    ]


def _convergence(fit: Fit) -> list[FitFinding]:
    state = fit.convergence
    if state.converged:
        return []
    if state.reason == "stopped":
        text = "The fit was stopped before it reached the optimum; these are the best values so far."
        return [FitFinding("F6", "warning", "Stopped before it converged", text)]
    if state.curvature < -1e-6:
        text = (
            "In some direction of the variances the fit could still improve (the criterion curves "
            "downwards there); fit again from other values, or simplify the random effects."
        )
        return [FitFinding("F7", "error", "Not converged: a saddle", text)]
    why = "after its largest number of steps" if state.reason == "evaluations" else "early"
    text = (
        f"The search ended {why} with a scaled gradient of {state.gradient_norm:.2g}; the estimates may not "
        "be the best ones. Rescale extreme predictors or simplify the random effects, and fit again."
    )
    return [FitFinding("F6", "warning", "Not converged", text)]


def _perfect(fit: Fit) -> FitFinding | None:
    spread = float(np.std(fit.design.y))
    if spread > 0.0 and fit.sigma / spread >= _PERFECT:
        return None
    return FitFinding(
        "F5",
        "error",
        "A perfect fit",
        "The model reproduces the response exactly, so no residual variance is left to judge anything by; "
        "check that the response is not computed from the predictors, and that groups have more than one "
        "row.",
    )


def _left_out(fit: Fit) -> list[FitFinding]:
    design, found = fit.design, []
    if design.dropped_columns:
        names = ", ".join(design.dropped_columns)
        one = len(design.dropped_columns) == 1
        found.append(
            FitFinding(
                "X1",
                "info",
                f"Left out: {names}",
                f"{names} {'repeats' if one else 'repeat'} what other fixed effects already say, so "
                f"{'its coefficient was' if one else 'their coefficients were'} left out.",
                design.dropped_columns,
            )
        )
    if design.dropped_rows:
        one = design.dropped_rows == 1
        rows = f"{design.dropped_rows} {'row' if one else 'rows'}"
        found.append(
            FitFinding(
                "D1",
                "info",
                f"{rows} not used",
                f"{rows} of the table {'was' if one else 'were'} left out, because a value that the model "
                "reads is missing there.",
            )
        )
    return found
