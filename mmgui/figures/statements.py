"""What a fit says in words: whether it arrived, whether it is singular, and what else must be known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmgui.engine.result import Fit, FittedTerm
from mmgui.figures.numbers import count, number
from mmgui.figures.singularity import flat_direction, flatness
from mmgui.figures.wording import effect_name


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing the fit says.

    ``id`` as in the advice catalogue where it is there; severity ``good``, ``info``, ``warning``, ``error``;
    ``title`` is the verdict in a few words, ``text`` what it means and what can be done.
    """

    id: str
    severity: str
    title: str
    text: str


def statements(fit: Fit) -> tuple[Statement, ...]:
    """Convergence, then singularity (two verdicts that never share a sentence), then the rest."""
    out = [convergence_statement(fit)]
    singular = [_singular(term) for term in fit.terms if term.singular]
    if singular:
        out += singular
    elif fit.terms:
        text = "Not singular: every random effect, and every combination of them, has variance."
        out.append(Statement("not-singular", "good", "Not singular", text))
        out += [edge for term in fit.terms for edge in _at_the_edge(term)]
    if fit.sigma < 1e-6 * float(np.std(fit.design.y)):
        text = (
            "Perfect fit: no residual variance is left. Check whether the response follows from the other "
            "columns, or whether every row is its own group."
        )
        out.append(Statement("F5", "error", "Perfect fit", text))
    if fit.design.dropped_columns:
        names = ", ".join(fit.design.dropped_columns)
        text = f"Left out, because they follow from the other fixed effects: {names}."
        out.append(Statement("dropped-columns", "info", "Fixed effects left out", text))
    if fit.design.dropped_rows:
        rows = count(fit.design.dropped_rows, "row")
        text = f"{rows} left out, because something the model reads is missing there."
        out.append(Statement("dropped-rows", "info", f"{rows} left out", text))
    return tuple(out)


def convergence_statement(fit: Fit) -> Statement:
    """Whether the optimiser arrived."""
    state, k = fit.convergence, count(len(fit.log.objective), "evaluation")
    if state.converged:
        if state.reason == "no parameters":
            text = "Converged: there was no covariance parameter to search for."
        else:
            text = f"Converged: the gradient is flat ({number(state.gradient_norm, 2)}) after {k}."
        return Statement("converged", "good", "Converged", text)
    if state.reason == "stopped":
        text = f"Not converged: stopped after {k}. The best point so far is shown; fit again to finish."
        return Statement("F6", "error", "Not converged", text)
    if np.isfinite(state.curvature) and state.curvature < -1e-6:
        text = (
            "Not converged: the criterion still falls away in some direction, so this is no minimum. "
            "Rescale the predictors, or take out a random effect."
        )
        return Statement("F7", "error", "Not converged", text)
    text = (
        f"Not converged: after {k} the gradient is still {number(state.gradient_norm, 2)}. "
        "Fit again, rescale the predictors, or take out a random effect."
    )
    return Statement("F6", "error", "Not converged", text)


def _singular(term: FittedTerm) -> Statement:
    flat = flatness(term)
    names = [effect_name(e) for e in term.effects]
    what = flat_direction(term).rstrip(".")
    if flat.zero and not flat.lockstep and not len(flat.directions):
        which = " and ".join("their level" if names[k] == "Intercept" else names[k] for k in flat.zero)
        meaning = (
            f"The groups of {term.grouping} differ in {which} no more than chance alone gives, and the best "
            f"estimate is 0. Keep {'it' if len(flat.zero) == 1 else 'them'}, or drop "
            f"{' and '.join(names[k] for k in flat.zero)}."
        )
        return _singular_statement("F1", what, meaning)
    if flat.lockstep:
        meaning = "Drop the correlation (||) or the slope, or keep it."
        return _singular_statement("F2", what, meaning)
    meaning = "No single number need look wrong. Try uncorrelated effects (||) or fewer slopes, or keep it."
    return _singular_statement("F3", what, meaning)


def _singular_statement(code: str, what: str, meaning: str) -> Statement:
    text = (
        f"Singular fit: {what}. This is a legitimate answer: the data support a simpler structure. {meaning} "
        "Experts differ: some keep every effect the design calls for, others only what the data support."
    )
    return Statement(code, "warning", "Singular fit", text)


def _at_the_edge(term: FittedTerm) -> list[Statement]:
    pairs = [(i, j) for i, j in term.free_pairs if abs(float(term.correlation[i, j])) >= 0.9995]
    return [
        Statement(
            "F4",
            "info",
            "At the edge",
            f"The correlation of {effect_name(term.effects[i])} and {effect_name(term.effects[j])} in "
            f"{term.grouping} is {number(float(term.correlation[i, j]), 4)}: at the edge, though the fit is "
            "not singular.",
        )
        for i, j in pairs
    ]
