"""Rules about what a coefficient means: two questions in one, and differences at a far zero (E4, E5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from mmgui.advice.before.simpler_terms import centred
from mmgui.advice.before.units import Unit, sampled_units
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.advice.predictor_facts import (
    Columns,
    FloatArray,
    Origin,
    group_means,
    labels,
    mixture,
    numbers,
    origin,
)
from mmgui.advice.rule import Rule
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.spec.coding import coded_column
from mmgui.spec.derived import Derivation, DerivedColumn, derived_column
from mmgui.spec.edit_fixed import split_column
from mmgui.spec.expression import Expression, Name, show
from mmgui.spec.terms import variable
from mmgui.words import listed


def two_questions(facts: DesignFacts) -> Iterator[Finding]:
    """E4: a quantity that differs between groups and within them has one coefficient for both.

    It fires where more than 5 % of the variation lies between units, less what chance gives, and more than
    5 % within, and where an F test sees more between than chance alone would give (p < .01): neither a
    balanced design nor a covariate that is dealt out at random is meant. Nor is a model that has the means
    of the units beside the quantity: there the coefficient is the one within units (Mundlak 1978).
    """
    repeated = sampled_units(facts)
    found: dict[Unit, dict[str, float]] = {}
    for term in facts.spec.fixed:
        if term.order != 1 or not isinstance(term.factors[0], Name):
            continue
        name = term.factors[0].name
        values = numbers(facts, term.factors[0])
        if values is None:
            continue
        for unit in repeated:
            by = unit.columns
            parts = None if name in by else mixture(facts, values, by)
            if parts is not None and parts.mixed and not _has_means(facts, name, values, by):
                found.setdefault(unit, {})[name] = parts.between
                break
    for unit, shares in found.items():
        yield _two_questions(facts, unit, shares)


def _two_questions(facts: DesignFacts, unit: Unit, shares: dict[str, float]) -> Finding:
    names, label = list(shares), unit.label
    one = len(names) == 1
    sizes = listed([f"{share:.0%}" for share in shares.values()])
    fixes = [_split(facts, (name,), unit.columns) for name in names]
    if not one:
        fixes.insert(0, _split(facts, names, unit.columns))
    return Finding(
        "E4",
        Severity.WARNING,
        f"{listed(names)} {'differs' if one else 'differ'} between groups of {label} ({sizes} of "
        f"{'its' if one else 'their'} variation) and within them, but {'has' if one else 'each has'} one "
        f"coefficient for two questions: what it does within a group of {label}, and how groups of {label} "
        "with more of it differ from others.",
        (*names, label),
        tuple(fixes),
        unit.terms,
    )


def _has_means(facts: DesignFacts, name: str, values: FloatArray, by: Columns) -> bool:
    """Whether another fixed effect says what the means of the groups are."""
    means = group_means(facts, values, by)
    for term in facts.spec.fixed:
        if term.order != 1 or term == variable(name):
            continue
        columns = tuple(dict.fromkeys(term.columns()))
        if not columns or facts.varies(columns, by).within:
            continue
        other = numbers(facts, term.factors[0])
        if other is not None and abs(_correlation(group_means(facts, other, by), means)) > THRESHOLDS.overlap:
            return True
    return False


def _correlation(a: FloatArray, b: FloatArray) -> float:
    left, right = a - a.mean(), b - b.mean()
    size = float(np.sqrt((left @ left) * (right @ right)))
    return float(left @ right) / size if size > 0.0 else 0.0


def _split(facts: DesignFacts, names: Sequence[str], by: Columns) -> Fix:
    taken, spec = set(facts.table.names), facts.spec
    derived: list[DerivedColumn] = []
    for name in names:
        within = derived_column(Derivation.CENTER, name, by, taken)
        mean = derived_column(Derivation.MEAN, name, by, {*taken, within.name})
        spec = split_column(spec, name, within.name, mean.name)
        derived += [within, mean]
        taken |= {within.name, mean.name}
    into = f"{derived[0].name} and {derived[1].name}" if len(names) == 1 else "what lies within and between"
    return Fix(f"Split {listed(names)} into {into}", spec, tuple(derived))


def differences_at_a_far_zero(facts: DesignFacts) -> Iterator[Finding]:
    """E5: in A * x the differences between levels of A are those at x = 0, which is no natural origin of x.

    Centring x, or centring it within each level of A, moves them to its mean (Chen, AFNI, seed 000).
    """
    fixed = {frozenset(t.factors) for t in facts.spec.fixed}
    found: dict[Expression, dict[Expression, Origin]] = {}
    for term in facts.spec.fixed:
        factors = tuple(f for f in term.factors if labels(facts, f) is not None)
        for quantity in term.factors if factors else ():
            where = origin(facts, quantity)
            # Without the effect of A on its own there is no difference at a point.
            alone = frozenset(term.factors) - {quantity}
            if where is not None and where.far and alone in fixed:
                for factor in factors:
                    found.setdefault(factor, {})[quantity] = where
    together: dict[tuple[Expression, ...], list[Expression]] = {}
    for factor, quantities in found.items():
        together.setdefault(tuple(quantities), []).append(factor)
    for same in together.values():
        yield _at_zero(facts, same, found[same[0]])


def _at_zero(
    facts: DesignFacts, factors: Sequence[Expression], quantities: dict[Expression, Origin]
) -> Finding:
    names, zeros = [show(f) for f in factors], [show(q) for q in quantities]
    spec, derived = centred(facts, facts.spec, quantities)
    fixes = [Fix(f"Centre {listed(zeros)}", spec, derived)]
    column = coded_column(factors[0]) if len(factors) == 1 else None
    # Within a level only columns can be centred, and one that is constant there would be gone.
    if column is not None and all(_varies_within(facts, q, column) for q in quantities):
        spec, derived = centred(facts, facts.spec, quantities, (column,))
        fixes.append(Fix(f"Centre {listed(zeros)} within each {column}", spec, derived))
    at = listed([f"{show(q)} = 0, {where.words}" for q, where in quantities.items()])
    return Finding(
        "E5",
        Severity.INFO,
        f"Differences between levels of {listed(names)} are those where {at}.",
        (*names, *zeros),
        tuple(fixes),
    )


def _varies_within(facts: DesignFacts, quantity: Expression, column: str) -> bool:
    if not isinstance(quantity, Name) or quantity.name == column:
        return False
    found = facts.varies((quantity.name,), (column,))
    return found.within == found.groups


RULES: dict[str, Rule] = {"E4": two_questions, "E5": differences_at_a_far_zero}
