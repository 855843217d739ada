"""One rule on one model, and what it says in plain data."""

from __future__ import annotations

from dataclasses import replace

from mmgui.advice.before import (
    crossing_rules,
    few_groups,
    fixed_and_random,
    group_rules,
    identifiability_rule,
    kind_rules,
    left_out,
    nesting_rules,
)
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding
from mmgui.advice.rule import Rule
from mmgui.data.read import read_text
from mmgui.data.samples import load_sample
from mmgui.data.table import Table
from mmgui.spec.formula import parse, print_model

GROUP_RULES: dict[str, Rule] = {
    **group_rules.RULES,
    **few_groups.RULES,
    **kind_rules.RULES,
    **fixed_and_random.RULES,
    **nesting_rules.RULES,
    **crossing_rules.RULES,
    **left_out.RULES,
    **identifiability_rule.RULES,
}


def table_of(text: str) -> Table:
    return read_text(text, "made")


def say(rule: str, formula: str, table: str | Table, *, reml: bool = True) -> list[Finding]:
    """The findings of one rule on a sample's name or a table."""
    spec = replace(parse(formula, partial=True), reml=reml)
    return list(GROUP_RULES[rule](DesignFacts(spec, load_sample(table) if isinstance(table, str) else table)))


def fixes(finding: Finding) -> list[tuple[str, str]]:
    return [(fix.label, print_model(fix.spec)) for fix in finding.fixes]
