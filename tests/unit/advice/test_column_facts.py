"""Facts about columns are kept as long as their table, and no longer."""

from __future__ import annotations

import gc
import weakref

import numpy as np

from mmgui.advice.advise import advise
from mmgui.advice.column_facts import column_facts
from mmgui.advice.facts import DesignFacts
from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample
from mmgui.data.table import Table
from mmgui.spec.formula import parse


def _table(seed: int) -> Table:
    rng = np.random.default_rng(seed)
    groups = np.array([f"g{k}" for k in rng.integers(0, 9, 90)], dtype=object)
    return from_frame({"y": rng.normal(size=90), "x": rng.normal(size=90), "g": groups}, "made")


def test_columns_of_a_table_that_is_gone_are_kept_no_longer() -> None:
    spec = parse("y ~ x + (x | g)")
    columns = []
    for seed in range(6):
        table = _table(seed)
        advise(spec, table)
        columns += [weakref.ref(c) for c in table.columns]
    del table
    gc.collect()
    # The matrices of the last two models looked at are kept, with their tables.
    assert sum(c() is not None for c in columns) <= 6


def test_facts_are_worked_out_once_for_a_table_whatever_the_model() -> None:
    table = load_sample("Pastes")
    one = DesignFacts(parse("strength ~ 1 + (1 | batch)"), table).groups(("batch", "cask"))
    other = DesignFacts(parse("strength ~ 1 + (1 | sample)"), table).groups(("batch", "cask"))
    assert one is other
    assert one.count == 30
    assert column_facts(table) is column_facts(table)
