"""What keeps a description from being a model on a table, and what a sound model rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Severity
from mmgui.advice.predictor_facts import make_fixed_matrix, usable_terms
from mmgui.advice.rule import Rule
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.data.table import Table
from mmgui.engine.build.checks import unknown_column
from mmgui.engine.build.codings import check_codings
from mmgui.engine.build.random import random_design
from mmgui.engine.build.response import check_response, offset, response, weights
from mmgui.errors import ModelError, Where
from mmgui.numbers import count
from mmgui.spec.check import problems
from mmgui.spec.coding import made_factors
from mmgui.spec.expression import columns_of
from mmgui.spec.model import ModelSpec


def incomplete(spec: ModelSpec) -> Iterator[Finding]:
    """What keeps the description from being a model, whatever the table."""
    for problem in problems(spec):
        severity = Severity.INFO if problem.code == "no_response" else Severity.ERROR
        about = (problem.where.name,) if problem.where.name else ()
        terms = () if problem.index is None else (problem.index,)
        yield Finding(problem.code, severity, problem.message, about, terms=terms)


def unknown_columns(spec: ModelSpec, table: Table) -> Iterator[Finding]:
    """Columns that the model names and the table does not have."""
    for name in spec.columns():
        if name not in table:
            yield _finding(unknown_column(name, table))


def codings(facts: DesignFacts) -> Iterator[Finding]:
    """A coding of what is no factor, or against a level that does not exist."""
    spec = facts.spec
    try:
        check_codings(spec.codings, facts.table, made_factors(spec.effects()))
    except ModelError as error:
        yield _finding(error)


def unusable_weights(facts: DesignFacts) -> Iterator[Finding]:
    """Prior weights that are no positive numbers."""
    try:
        weights(facts.spec.weights, facts.table, facts.rows)
    except ModelError as error:
        yield _finding(error)


def response_is_no_number(facts: DesignFacts) -> Iterator[Finding]:
    """Y1: a response of labels, or one that is constant."""
    expression = facts.spec.response
    if expression is None:
        return
    try:
        y = response(expression, facts.table, facts.evaluator)
        shift = offset(facts.spec.offset, facts.evaluator)
        check_response(y if shift is None else y - shift, expression)
    except ModelError as error:
        if error.code in ("response_not_a_number", "response_is_constant"):
            names = tuple(dict.fromkeys(columns_of(expression)))
            yield Finding("Y1", Severity.ERROR, error.message, names)


def not_evaluable(facts: DesignFacts) -> Iterator[Finding]:
    """Expressions that cannot be worked out on the rows used, such as the logarithm of a negative number."""
    spec = facts.spec
    expressions = [] if spec.response is None else [spec.response]
    expressions += [f for t in spec.fixed for f in t.factors]
    expressions += [f for r in spec.random for t in r.slopes for f in t.factors]
    for expression in dict.fromkeys([*expressions, *spec.offset]):
        try:
            facts.evaluator.variable(expression)
        except ModelError as error:
            yield _finding(error)


def _finding(error: ModelError) -> Finding:
    about = (error.where.name,) if error.where.name else ()
    return Finding(error.code, Severity.ERROR, error.message, about)


def no_matrix(facts: DesignFacts) -> Iterator[Finding]:
    """Effects whose columns cannot be made, such as a factor with one level, or that use up all rows."""
    if any(True for _ in not_evaluable(facts)):
        return
    rows = facts.rows.count
    try:
        x = make_fixed_matrix(facts)
        if x is not None and rows <= len(x.kept):
            yield _finding(_no_rows_left(len(x.kept), rows))
    except ModelError as error:
        yield _finding(error)
    for index in usable_terms(facts) if rows <= THRESHOLDS.certified_rows else ():
        try:
            random_design(facts.spec.random[index], facts.rows, facts.evaluator)
        except ModelError as error:
            # What else it raises is said by the rules on groups.
            if error.code in ("no_effects", "same_effect_twice", "too_large"):
                yield replace(_finding(error), terms=(index,))


def _no_rows_left(coefficients: int, rows: int) -> ModelError:
    return ModelError(
        "more_coefficients_than_rows",
        f"The fixed effects have {count(coefficients, 'coefficient')} for {count(rows, 'row')}, which leaves "
        "nothing to estimate the residual variance from; take terms out.",
        Where("term", "fixed effects"),
    )


def size_of_model(facts: DesignFacts) -> Iterator[Finding]:
    """What a model without a complaint asks for, and what it rests on."""
    spec = facts.spec
    try:
        variances = sum(facts.parameter_count(r) for r in spec.random)
    except ModelError:
        return
    groupings = {r.grouping.columns: r.grouping.label for r in spec.random}
    groups = ", ".join(f"{facts.groups(c).count:,} groups of {label}" for c, label in groupings.items())
    rows = f"{facts.rows.count:,} rows"
    if not spec.random:
        text = f"A model without random effects, on {rows}. Add a grouping factor to let groups differ."
    else:
        total = variances + 1
        text = f"Ready to fit: {total} variance parameters, {groups}, {rows}."
    yield Finding("ready", Severity.INFO, text)


STATE_RULES: tuple[Rule, ...] = (not_evaluable, codings, unusable_weights, no_matrix)
"""Rules that are no part of the catalogue: without them there is no model to give advice on."""
