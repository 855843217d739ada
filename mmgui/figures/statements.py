"""What a fit says in words: whether it arrived, whether it is singular, and what else must be known.

The window, the report, the command line and ``print(model)`` all show these sentences.
"""

from __future__ import annotations

from dataclasses import dataclass

from mmgui.engine.result import Fit, FittedTerm
from mmgui.figures.numbers import count, number
from mmgui.figures.singularity import flat_direction
from mmgui.figures.wording import effect_name, listed
from mmgui.inference.identifiability import unidentified
from mmgui.inference.singularity import flatness, is_perfect

# Of larger models that converged the certificate of identifiability is not made, so as to answer at once.
MOST_ROWS = 20_000
# A curvature of the criterion of no more than this is none.
FLAT = 1e-6
# A correlation that rounds to ±1.000.
EDGE = 0.9995

_DISPUTED = (
    "A singular fit is a legitimate answer: the data support a simpler structure. Experts differ: some keep "
    "every effect the design calls for, others only what the data support."
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing the fit says.

    Attributes
    ----------
    id
        As in the catalogue of rules (``"F1"``); ``"converged"`` and ``"not-singular"`` for a fit in order.
    severity
        ``"good"``, ``"info"``, ``"warning"`` or ``"error"``.
    title
        The verdict in a few words.
    text
        What happened, what it means and what can be done; can be read without the title.
    """

    id: str
    severity: str
    title: str
    text: str


def statements(fit: Fit) -> tuple[Statement, ...]:
    """Convergence, then singularity (two verdicts that never share a sentence), then the rest."""
    # A perfect fit, or variances that trade off, is why a search finds no single optimum; the root speaks.
    perfect = _perfect(fit)
    trade_offs = _trade_offs(fit)
    explained = perfect or (trade_offs and fit.convergence.reason == "gradient")
    arrived = [] if explained and not fit.convergence.converged else [convergence_statement(fit)]
    return (*arrived, *perfect, *trade_offs, *_singularity(fit), *_left_out(fit))


def messages(fit: Fit) -> tuple[Statement, ...]:
    """What must be known about a fit; nothing about one that is in order."""
    return tuple(s for s in statements(fit) if s.severity != "good")


def convergence_statement(fit: Fit) -> Statement:
    """Whether the optimiser arrived."""
    state, k = fit.convergence, count(len(fit.log.objective), "evaluation")
    if state.converged:
        text = f"The gradient is flat ({number(state.gradient_norm, 2)}) after {k}."
        if state.reason == "no parameters":
            text = "There was no covariance parameter to search for."
        return Statement("converged", "good", "Converged", text)
    if state.reason == "stopped":
        text = f"The fit was stopped after {k}. The best point so far is shown; fit again to finish."
        return Statement("F6", "error", "Not converged", text)
    if state.reason == "rounding":
        text = (
            "What the model leaves of the response is so little beside the size of its numbers that rounding "
            "hides the optimum. Subtract a constant from the response, or check whether it follows from the "
            "other columns."
        )
        return Statement("F6", "error", "Not converged", text)
    saddle = state.curvature < -FLAT
    if saddle or state.reason == "gradient":
        text = (
            "The criterion still falls away in some direction, so this is no minimum. Rescale the "
            "predictors, or take out a random effect."
            if saddle
            else "The criterion is flat in some direction: the data do not tell all variances apart. Take "
            "out a random effect."
        )
        return Statement("F7", "error", "Not converged", text)
    text = (
        f"After {k} the gradient is still {number(state.gradient_norm, 2)}, so the estimates may not be the "
        "best ones. Fit again, rescale the predictors, or take out a random effect."
    )
    return Statement("F6", "error", "Not converged", text)


def _perfect(fit: Fit) -> list[Statement]:
    if not is_perfect(fit):
        return []
    text = (
        "The model reproduces the response exactly, so no residual variance is left to judge anything by. "
        "Check whether the response follows from the other columns, or whether every row is its own group."
    )
    return [Statement("F5", "error", "Perfect fit", text)]


def _trade_offs(fit: Fit) -> list[Statement]:
    """Variances that cannot be told apart; that a large model's can, its curvature at the optimum says."""
    if fit.convergence.converged and fit.nobs > MOST_ROWS:
        return []
    found = unidentified(fit)
    if found is None:
        return []
    return [
        Statement(
            "G4",
            "error",
            "Not identifiable",
            f"{sentence} The split shown is one of many that fit equally well; take one of them out.",
        )
        for sentence in found.sentences
    ]


def _singularity(fit: Fit) -> list[Statement]:
    singular = [_singular(fit, k) for k, term in enumerate(fit.terms) if term.singular]
    if singular:
        last = singular[-1]
        return [*singular[:-1], Statement(last.id, last.severity, last.title, f"{last.text} {_DISPUTED}")]
    if not fit.terms:
        return []
    text = "Every random effect, and every combination of them, has variance."
    good = Statement("not-singular", "good", "Not singular", text)
    return [good, *(edge for term in fit.terms for edge in _at_the_edge(term))]


def _singular(fit: Fit, term_index: int) -> Statement:
    flat = flatness(fit, term_index)
    term = fit.terms[term_index]
    code = "F2" if flat.lockstep else "F3" if len(flat.directions) else "F1"
    remedy = {
        "F1": f"The groups differ in {_differing(term, flat.zero)} no more than chance alone gives, so the "
        f"best estimate is 0. Keep {'it' if len(flat.zero) == 1 else 'them'}, or fit without.",
        "F2": "Drop the correlation (||) or the slope, or keep it.",
        "F3": "No single number need look wrong. Try uncorrelated effects (||) or fewer slopes, or keep it.",
    }
    return Statement(code, "warning", "Singular fit", f"{flat_direction(fit, term_index)} {remedy[code]}")


def _differing(term: FittedTerm, effects: tuple[int, ...]) -> str:
    names = [effect_name(term.effects[k]) for k in effects]
    return listed(["their level" if n == "Intercept" else f"the effect of {n}" for n in names])


def _at_the_edge(term: FittedTerm) -> list[Statement]:
    pairs = [(i, j) for i, j in term.free_pairs if abs(float(term.correlation[i, j])) >= EDGE]
    return [
        Statement(
            "F4",
            "info",
            "At the edge",
            f"The correlation of {effect_name(term.effects[i])} and {effect_name(term.effects[j])} between "
            f"the groups of {term.grouping} is {number(float(term.correlation[i, j]), 4)}: all but perfect, "
            "though the fit is not singular.",
        )
        for i, j in pairs
    ]


def _left_out(fit: Fit) -> list[Statement]:
    design, out = fit.design, []
    if design.dropped_columns:
        names, one = ", ".join(design.dropped_columns), len(design.dropped_columns) == 1
        text = (
            f"{names} {'repeats' if one else 'repeat'} what other fixed effects already say, so "
            f"{'its coefficient was' if one else 'their coefficients were'} left out."
        )
        out.append(Statement("X1", "info", "Fixed effects left out", text))
    for random in design.random:
        if random.dropped_effects:
            names, one = ", ".join(random.dropped_effects), len(random.dropped_effects) == 1
            text = (
                f"{names} {'is' if one else 'are'} zero in every row used, so nothing could be told of "
                f"{'its' if one else 'their'} variance between the groups of {random.grouping}, and "
                f"{'it was' if one else 'they were'} left out."
            )
            out.append(Statement("X1", "info", "Random effects left out", text))
    if design.dropped_rows:
        rows, one = count(design.dropped_rows, "row"), design.dropped_rows == 1
        text = (
            f"{rows} of the table {'was' if one else 'were'} not used, because a value that the model reads "
            f"is missing {'there' if one else 'in each'}."
        )
        out.append(Statement("D1", "info", f"{rows} left out", text))
    return out
