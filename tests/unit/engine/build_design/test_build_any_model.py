"""Whatever is asked for on whatever table: a finite design of full rank, or an error with a sentence."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mmgui.data.table import Column, Kind, Table
from mmgui.engine.build import build_design
from mmgui.errors import MmguiError
from mmgui.spec.expression import Binary, Call, Expression, Name, Number
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, GroupingFactor, RandomTerm, Term

NUMBERS, LABELS = ("x", "my col", "y"), ("f|1", "g:h", "ü")
NAMES = NUMBERS + LABELS

counts = st.integers(0, 4).map(float)
entries = {
    "counts": counts,
    "positive": st.floats(0.001, 1e6).map(lambda v: round(v, 3)),
    "signed": st.one_of(counts, st.floats(-1e6, 1e6)),
    "gaps": st.one_of(counts, counts, counts, st.just(math.nan)),
    "extreme": st.one_of(counts, st.sampled_from([1e300, -1e300, 1e-300])),
    "infinite": st.one_of(counts, st.just(math.inf)),
}
usual = ["counts", "counts", "positive", "positive", "signed", "gaps"]


@st.composite
def columns(draw: st.DrawFn, name: str, n: int) -> Column:
    likely = Kind.CATEGORY if name in LABELS else Kind.NUMBER
    kind = draw(st.sampled_from([likely, likely, likely, likely, *Kind]))
    content = draw(st.sampled_from(usual * 4 + list(entries)))
    values = np.array(draw(st.lists(entries[content], min_size=n, max_size=n)), dtype=np.float64)
    known = ~np.isnan(values)
    distinct = np.unique(values[known])
    codes = np.where(known, np.searchsorted(distinct, values), -1).astype(np.int32)
    return Column(name, kind, values, codes, tuple(f"{v:g}" for v in distinct))


@st.composite
def tables(draw: st.DrawFn) -> Table:
    n = draw(st.one_of(st.integers(8, 30), st.integers(0, 30)))
    return Table("any", tuple(draw(columns(name, n)) for name in NAMES), n, "0")


names = st.sampled_from(NAMES).map(Name)
quantities = st.sampled_from([*NUMBERS, *NUMBERS, *NUMBERS, *NAMES]).map(Name)
numbers = st.sampled_from([0.0, 1.0, 2.0, 3.0, 7.0, 0.5, -1.0]).map(Number)
arithmetic = st.builds(Binary, st.sampled_from("+-*/^"), quantities, st.one_of(quantities, numbers))
calls = st.one_of(
    st.builds(
        lambda f, x: Call(f, (x,)),
        st.sampled_from(
            ["log", "log2", "log10", "log1p", "exp", "sqrt", "abs", "scale", "center", "I", "factor", "poly"]
        ),
        st.one_of(quantities, arithmetic),
    ),
    st.builds(
        lambda f, x, k: Call(f, (x, k)), st.sampled_from(["poly", "bs", "ns", "log"]), quantities, numbers
    ),
)
expressions: st.SearchStrategy[Expression] = st.one_of(names, names, names, calls)
terms = st.lists(expressions, min_size=1, max_size=3, unique=True).map(lambda e: Term(tuple(e)))
random_terms = st.builds(
    RandomTerm,
    st.lists(st.sampled_from([*LABELS, *LABELS, *NAMES]), min_size=1, max_size=2, unique=True).map(
        lambda c: GroupingFactor(tuple(c))
    ),
    st.booleans(),
    st.lists(terms, max_size=2).map(tuple),
    st.sampled_from(list(Covariance)),
)
models = st.builds(
    ModelSpec,
    response=st.one_of(st.just(Name("y")), st.just(Name("y")), quantities, calls),
    intercept=st.booleans(),
    fixed=st.lists(terms, max_size=3).map(lambda t: tuple(sorted(t, key=lambda term: term.order))),
    random=st.lists(random_terms, max_size=2).map(tuple),
    offset=st.one_of(st.just(()), st.just(()), st.lists(quantities, max_size=1).map(tuple)),
    weights=st.one_of(st.none(), st.none(), st.none(), st.sampled_from(NUMBERS)),
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(models, tables())
def test_any_model_on_any_table_is_a_design_of_full_rank_or_a_sentence(spec: ModelSpec, table: Table) -> None:
    try:
        design = build_design(spec, table)
    except MmguiError as refused:
        message = refused.message
        assert message.endswith((".", "?"))
        assert "nan" not in message
        return
    n, p = design.x.shape
    assert np.isfinite(design.y).all()
    assert np.isfinite(design.x).all()
    assert n == design.nobs == len(design.rows) == table.nrows - design.dropped_rows
    assert p == len(design.fixed_names) == len(design.assign) < n
    if p:
        # R's rule (dqrls, tolerance 1e-7): each column leaves more than 1e-7 of its length unexplained by
        # those before it. The smallest singular value may still be smaller, as such shares compound.
        scaled = design.x / np.abs(design.x).max(axis=0)
        unexplained = np.abs(np.diag(np.linalg.qr(scaled / np.linalg.norm(scaled, axis=0), mode="r")))
        assert unexplained.min() > 0.9e-7
    for term in design.random:
        assert np.isfinite(term.columns).all()
        assert term.columns.shape == (n, len(term.effects))
        assert sorted(set(term.codes.tolist())) == list(range(len(term.levels)))
        assert [j for block in term.blocks for j in block] == list(range(len(term.effects)))
