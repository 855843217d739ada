"""What the data can carry of a model: it without the parts that the advice calls impossible."""

from __future__ import annotations

from dataclasses import dataclass

from mmgui.advice.advise import advise
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.data.table import Table
from mmgui.errors import ModelError
from mmgui.spec.expression import Expression
from mmgui.spec.formula import print_random
from mmgui.spec.model import ModelSpec

_MOST_STEPS = 24

# The grouping columns and the expressions of an effect, in whatever order they are written.
Piece = tuple[frozenset[str], frozenset[Expression]]


@dataclass(frozen=True, slots=True)
class Carried:
    """A model as far as a table carries it.

    Attributes
    ----------
    spec
        The model without what had to go.
    left_out
        A sentence for each part that went, with the reason.
    cautions
        What else the advice says that is no praise.
    parameters
        Number of variances and covariances, the residual variance among them; None where unknown.
    blocked
        Why nothing helps; empty if it can be fitted.
    """

    spec: ModelSpec
    left_out: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    parameters: int | None = None
    blocked: str = ""


def carried(spec: ModelSpec, table: Table) -> Carried:
    """The model without what the advice calls impossible, one remedy after the other.

    Of the remedies for an error the one is taken that gives up the highest interaction.
    """
    left_out: list[str] = []
    findings = advise(spec, table)
    for _ in range(_MOST_STEPS):
        error = next((f for f in findings if f.severity is Severity.ERROR), None)
        if error is None:
            break
        fix = _least_painful(spec, error)
        if fix is None:
            return Carried(spec, tuple(left_out), blocked=error.text)
        left_out.append(f"{error.text} {_words(spec, fix)}")
        spec, findings = fix.spec, advise(fix.spec, table)
    worst = next((f for f in findings if f.severity is Severity.ERROR), None)
    cautions = tuple(f.text for f in findings if f.severity in (Severity.WARNING, Severity.QUESTION))
    return Carried(
        spec,
        tuple(left_out),
        () if worst else cautions,
        parameters_of(spec, table),
        "" if worst is None else worst.text,
    )


def parameters_of(spec: ModelSpec, table: Table) -> int | None:
    """Number of variances and covariances with the residual variance; None where an effect has no columns."""
    try:
        facts = DesignFacts(spec, table)
        return sum(facts.parameter_count(term) for term in spec.random) + 1
    except ModelError:
        return None


def _least_painful(spec: ModelSpec, error: Finding) -> Fix | None:
    able = [(max(_order(p) for p in gone), -k, fix) for k, fix in enumerate(error.fixes)
            if not fix.derived and (gone := _pieces(spec) - _pieces(fix.spec))]  # fmt: skip
    return max(able, key=lambda pair: pair[:2])[2] if able else None


def _order(piece: Piece) -> int:
    return len(piece[0]) + len(piece[1])


def _pieces(spec: ModelSpec) -> set[Piece]:
    """Every fixed effect, and every effect of every random term with its grouping factor."""
    random = {
        (frozenset(r.grouping.columns), frozenset(effect.factors))
        for r in spec.random
        for effect in r.effects
    }
    return {(frozenset[str](), frozenset(effect.factors)) for effect in spec.fixed} | random


def _words(spec: ModelSpec, fix: Fix) -> str:
    """What a remedy leaves out, as a sentence."""
    gone = _pieces(spec) - _pieces(fix.spec)
    kept = {groups for groups, _ in _pieces(fix.spec)}
    terms = [print_random(r) for r in spec.random if frozenset(r.grouping.columns) not in kept]
    if terms:
        return f"So {' and '.join(terms)} {'is' if len(terms) == 1 else 'are'} left out."
    effects = [
        (effect.label, r.grouping.label)
        for r in spec.random
        for effect in r.slopes
        if (frozenset(r.grouping.columns), frozenset(effect.factors)) in gone
    ]
    if effects:
        return " ".join(f"So the effect of {e} is taken to be the same for each {g}." for e, g in effects)
    return f"Done here: {fix.label}."
