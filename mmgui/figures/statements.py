"""What a fit says in words: whether it arrived, whether it is singular, and what else must be known.

The window, the report, the command line and ``print(model)`` all show these sentences. What is amiss is
decided by the rules of ``mmgui.advice.after``; here stand the verdicts on what is in order, and the order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mmgui.advice.after.advise import advise_fit
from mmgui.advice.after.fit_facts import FitFacts
from mmgui.advice.after.search_rules import ended_early, no_minimum
from mmgui.advice.after.singularity_rules import DISPUTED
from mmgui.advice.finding import Finding, Fix
from mmgui.engine.result import Fit
from mmgui.numbers import count, number

if TYPE_CHECKING:
    from mmgui.inference.degrees_of_freedom.satterthwaite import FixedEffectTests

_SEARCH = ("F6", "F7")
_SINGULAR = ("F1", "F2", "F3")
_BEFORE_SINGULARITY = (*_SEARCH, "F8", "F5", "G4")


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
    fixes
        Models that would mend it, none of them fitted.
    groups
        Groups that it names, as pairs of grouping factor and level.
    """

    id: str
    severity: str
    title: str
    text: str
    fixes: tuple[Fix, ...] = ()
    groups: tuple[tuple[str, str], ...] = ()


def statements(fit: Fit, tests: FixedEffectTests | None = None) -> tuple[Statement, ...]:
    """Convergence, then singularity (two verdicts that never share a sentence), then the rest.

    With ``tests`` of the fixed effects also what is to be said of their degrees of freedom.
    """
    found = advise_fit(fit, tests=tests)
    before = [statement_of(f) for f in found if f.id in _BEFORE_SINGULARITY]
    # A perfect fit, or variances that trade off, is why a search finds no single optimum; the root speaks.
    arrived = [convergence_statement(fit)] if fit.convergence.converged else []
    singular = [statement_of(f) for f in found if f.id in _SINGULAR]
    if singular:
        last = singular[-1]
        told = Statement(last.id, last.severity, last.title, f"{last.text} {DISPUTED}", last.fixes)
        singular = [*singular[:-1], told]
    elif fit.terms and not fit.singular:
        text = "Every random effect, and every combination of them, has variance."
        singular = [Statement("not-singular", "good", "Not singular", text)]
    rest = [statement_of(f) for f in found if f.id not in (*_BEFORE_SINGULARITY, *_SINGULAR)]
    return (*arrived, *before, *singular, *rest)


def messages(fit: Fit, tests: FixedEffectTests | None = None) -> tuple[Statement, ...]:
    """What must be known about a fit; nothing about one that is in order."""
    return tuple(s for s in statements(fit, tests) if s.severity != "good")


def convergence_statement(fit: Fit) -> Statement:
    """Whether the optimiser arrived."""
    if not fit.convergence.converged:
        facts = FitFacts(fit)
        facts.explained = False
        return statement_of(next(iter([*ended_early(facts), *no_minimum(facts)])))
    text = (
        f"The gradient is flat ({number(fit.convergence.gradient_norm, 2)}) after "
        f"{count(len(fit.log.objective), 'evaluation')}."
    )
    if fit.convergence.reason == "no parameters":
        text = "There was no covariance parameter to search for."
    return Statement("converged", "good", "Converged", text)


def statement_of(finding: Finding) -> Statement:
    """A finding as it is shown beside the verdicts."""
    severity = str(finding.severity)
    return Statement(finding.id, severity, finding.title, finding.text, finding.fixes, finding.groups)


def statements_of(findings: Iterable[Finding]) -> tuple[Statement, ...]:
    """Several of them."""
    return tuple(statement_of(f) for f in findings)
