"""Whatever the model and the table, the rules on effects answer and what they offer can be read back."""

from __future__ import annotations

import numpy as np
from effect_runs import RULES, with_fix
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mmgui.advice.before.model_rules import STATE_RULES
from mmgui.advice.facts import DesignFacts
from mmgui.data.read import read_text
from mmgui.data.table import Table
from mmgui.errors import ModelError
from mmgui.spec.expression import Binary, Call, Expression, Name, Number
from mmgui.spec.formula import parse, print_model
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, GroupingFactor, RandomTerm, Term

COLUMNS = {
    "x": ["0", "1", "2.5", "-3", "7", "", "1e7"],
    "z": ["5", "6", "7", "8"],
    "w": ["0", "1"],
    "f": ["a", "b", "c", ""],
    "h": ["u", "v"],
    "g": ["s1", "s2", "s3", "s4", "s5"],
    "k": ["p", "q", "r", ""],
}


@st.composite
def tables(draw: st.DrawFn) -> Table:
    rows = draw(st.integers(1, 24))
    names = list(COLUMNS)
    lines = [",".join(["y", *names])]
    for row in range(rows):
        cells = [draw(st.sampled_from(COLUMNS[name])) for name in names]
        lines.append(",".join([str(draw(st.integers(0, 9)) / (1 + row % 2)), *cells]))
    return read_text("\n".join(lines) + "\n", "any")


NAMES = [Name(name) for name in ("x", "z", "w", "f", "h")]
EXPRESSIONS: list[Expression] = [
    *NAMES,
    *NAMES,
    Call("log", (Name("z"),)),
    Call("log", (Name("x"),)),
    Call("poly", (Name("x"), Number(2.0))),
    Call("factor", (Name("w"),)),
    Call("I", (Binary("^", Name("z"), Number(2.0)),)),
    Call("I", (Binary("/", Number(1.0), Name("x")),)),
    Call("log", (Name("f"),)),
]
FACTORS = st.lists(st.sampled_from(EXPRESSIONS), min_size=1, max_size=3, unique=True)
TERMS = st.lists(FACTORS.map(lambda f: Term(tuple(f))), max_size=4).map(tuple)
GROUPS = st.lists(st.sampled_from(["g", "k", "f", "h", "w"]), max_size=3, unique=True).map(tuple)
CARDS = st.builds(
    RandomTerm,
    grouping=GROUPS.map(GroupingFactor),
    intercept=st.booleans(),
    slopes=TERMS,
    covariance=st.sampled_from(Covariance),
)
SPECS = st.builds(
    ModelSpec,
    response=st.sampled_from([Name("y"), Name("y"), Name("w"), Name("f"), Call("log", (Name("y"),)), None]),
    intercept=st.booleans(),
    fixed=TERMS,
    random=st.lists(CARDS, max_size=3).map(tuple),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SPECS, tables())
def test_no_rule_raises_for_a_model_being_built(spec: ModelSpec, table: Table) -> None:
    try:
        facts = DesignFacts(spec, table)
    except ModelError:
        return
    with np.errstate(all="raise"):
        findings = [f for rule in (*RULES.values(), *STATE_RULES) for f in rule(facts)]
    for finding in findings:
        assert finding.text
        assert set(finding.terms) <= set(range(len(spec.random)))
        for fix in finding.fixes:
            assert fix.label
            assert fix.spec != spec


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SPECS, tables())
def test_what_is_offered_for_a_whole_model_is_read_back_as_it_is(spec: ModelSpec, table: Table) -> None:
    whole = all(card.grouping.columns and card.has_effects for card in spec.random)
    if not whole or spec.response is None:
        return
    # As the window and the formula leave it: terms in R's order, each effect once.
    spec = parse(print_model(spec))
    try:
        facts = DesignFacts(spec, table)
    except ModelError:
        return
    for rule in RULES.values():
        for finding in rule(facts):
            for fix in finding.fixes:
                with_fix(fix, table)
