"""The rules on terms, slopes, predictors, units, X, response and rows: run, and their fixes applied."""

from __future__ import annotations

from dataclasses import replace

from mmgui.advice.before import (
    effect_rules,
    fixed_rules,
    predictor_rules,
    response_rules,
    row_rules,
    term_rules,
    unit_rules,
)
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Fix
from mmgui.advice.rule import Rule
from mmgui.data.derive import with_derived
from mmgui.data.samples import load_sample
from mmgui.data.table import Table
from mmgui.spec.coding import Coding
from mmgui.spec.formula import parse, print_model
from mmgui.spec.model import ModelSpec

RULES: dict[str, Rule] = {
    **effect_rules.RULES,
    **term_rules.RULES,
    **predictor_rules.RULES,
    **unit_rules.RULES,
    **fixed_rules.RULES,
    **response_rules.RULES,
    **row_rules.RULES,
}


def table_of(table: str | Table) -> Table:
    return load_sample(table) if isinstance(table, str) else table


def spec_of(formula: str, codings: tuple[Coding, ...] = ()) -> ModelSpec:
    return replace(parse(formula, partial=True), codings=codings)


def say(rule: str, formula: str, table: str | Table, codings: tuple[Coding, ...] = ()) -> list[Finding]:
    return list(RULES[rule](DesignFacts(spec_of(formula, codings), table_of(table))))


def ids(formula: str, table: str | Table) -> list[str]:
    """What all of these rules say, in their order."""
    facts = DesignFacts(spec_of(formula), table_of(table))
    return [found.id for rule in RULES.values() for found in rule(facts)]


def fixes(finding: Finding) -> list[tuple[str, str]]:
    return [(fix.label, print_model(fix.spec)) for fix in finding.fixes]


def with_fix(fix: Fix, table: Table) -> DesignFacts:
    """The facts of the model that a fix leads to, its formula read back and its columns derived."""
    read = replace(
        parse(print_model(fix.spec), partial=True),
        reml=fix.spec.reml,
        weights=fix.spec.weights,
        codings=fix.spec.codings,
    )
    assert read == fix.spec
    return DesignFacts(read, with_derived(table, fix.derived))
