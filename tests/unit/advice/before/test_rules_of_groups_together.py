"""The rules about groups on good models, and on whatever a person may build."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_runs import GROUP_RULES, table_of

from mmgui.advice.before.certificate import certificate
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Severity
from mmgui.data.samples import load_sample
from mmgui.data.table import Table
from mmgui.errors import ModelError
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.formula import parse
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, GroupingFactor, RandomTerm, interaction, variable


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("Reaction ~ Days + (Days | Subject)", "sleepstudy"),
        ("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin"),
        ("strength ~ 1 + (1 | batch/cask)", "Pastes"),
        ("score ~ Machine + (1 | Worker) + (1 | Worker:Machine)", "Machines"),
        ("yield ~ nitro + Variety + (1 | Block/Variety)", "Oats"),
    ],
)
def test_good_models_have_no_warning_and_no_error(formula: str, sample: str) -> None:
    facts = DesignFacts(parse(formula), load_sample(sample))
    found = [f for rule in GROUP_RULES.values() for f in rule(facts)]
    assert [f.id for f in found if f.severity is not Severity.INFO] == []


def test_every_rule_of_groups_and_nesting_is_there() -> None:
    assert set(GROUP_RULES) == {f"G{k}" for k in range(1, 13)} | {f"N{k}" for k in range(1, 6)}


NAMES = ("y", "x", "age", "cond", "g", "h", "id")
EFFECTS = (*(variable(n) for n in NAMES[1:]), interaction("x", "cond"), interaction("g", "h"))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Small tables with numbers, labels, recurring labels, gaps and constants."""
    rows = draw(st.integers(2, 14))
    columns = {
        "y": st.sampled_from(["1", "2.5", "3", "7", ""]),
        "x": st.sampled_from(["0", "1", "2", "1.5"]),
        "age": st.sampled_from(["8", "10"]),
        "cond": st.sampled_from(["death", "life", ""]),
        "g": st.sampled_from(["a", "b", "c"]),
        "h": st.sampled_from([f"u{k}" for k in range(8)]),
        "id": st.integers(1, 14).map(str),
    }
    lines = [",".join(draw(value) for value in columns.values()) for _ in range(rows)]
    return table_of(",".join(columns) + "\n" + "\n".join(lines))


@st.composite
def specs(draw: st.DrawFn) -> ModelSpec:
    """Models whole and half-finished: no response, empty cards, a response among the groups."""
    effects = st.lists(st.sampled_from(EFFECTS), max_size=3, unique=True).map(tuple)
    cards = st.builds(
        RandomTerm,
        st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True).map(tuple).map(GroupingFactor),
        st.booleans(),
        effects,
        st.sampled_from(Covariance),
    ).map(RandomTerm.settled)
    response = draw(st.sampled_from(["y", "y", "y", "x", "cond", None]))
    codings = draw(st.sampled_from([(), (Coding("cond", Contrast.SUM),)]))
    spec = parse(f"{response or ''} ~ 1", partial=True)
    return replace(
        spec,
        intercept=draw(st.booleans()),
        fixed=draw(effects),
        random=tuple(draw(st.lists(cards, max_size=3))),
        reml=draw(st.booleans()),
        codings=codings,
    )


@settings(max_examples=150, deadline=None)
@given(specs(), tables())
def test_no_rule_raises_and_every_fix_is_a_model_on_the_table(spec: ModelSpec, table: Table) -> None:
    try:
        facts = DesignFacts(spec, table)
    except ModelError:
        return
    for id_, rule in GROUP_RULES.items():
        for finding in rule(facts):
            assert finding.id == id_
            assert finding.text.endswith((".", "?"))
            assert all(0 <= k < len(spec.random) for k in finding.terms)
            assert finding.about
            for fix in finding.fixes:
                made = {d.name for d in fix.derived}
                assert set(fix.spec.columns()) <= set(table.names) | made
                assert fix.spec != spec or fix.reply
    certificate(facts)
