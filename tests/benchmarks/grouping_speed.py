"""How long it takes to work out how the grouping factors of a table lie, and what a unit holds.

    OPENBLAS_NUM_THREADS=1 python tests/benchmarks/grouping_speed.py [runs]

A table of 100,000 rows with eight candidate columns of 2 to 5,000 levels (and two measurements), with and
without missing entries, and InstEval. Every run starts from the imported columns: nothing is remembered from
the run before.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample
from mmgui.data.structure import grouping_facts, unit_facts
from mmgui.data.table import Table

GOAL_MS = 100.0
ROWS = 100_000


def made(*, gaps: bool) -> Table:
    """Students in classes in schools, items in blocks, conditions, and two measurements."""
    rng = np.random.default_rng(4)
    student = rng.integers(0, 5000, ROWS)
    item = rng.integers(0, 800, ROWS)
    columns: dict[str, np.ndarray] = {
        "student": student,
        "class": student // 25,
        "school": student // 250,
        "item": item,
        "block": item // 40,
        "rater": rng.integers(0, 2000, ROWS),
        "condition": rng.integers(0, 4, ROWS),
        "sex": student % 2,
    }
    labelled = {n: np.char.add(n[0], c.astype(str)).astype(object) for n, c in columns.items()}
    if gaps:
        for entries in labelled.values():
            entries[rng.random(ROWS) < 0.01] = None
    measured = {"age": np.round(rng.normal(20, 3, ROWS), 2), "time": rng.normal(size=ROWS)}
    return from_frame({**labelled, **measured}, "made with gaps" if gaps else "made")


def median_ms(table: Table, question: Callable[[Table], object], runs: int) -> float:
    """Median time on copies of the table, so that nothing is remembered."""
    times = []
    for _ in range(runs):
        copy = replace(table)
        began = time.perf_counter()
        question(copy)
        times.append(1e3 * (time.perf_counter() - began))
    return statistics.median(times)


def lines(runs: int) -> list[str]:
    """One line a table."""
    out = []
    tables = {
        "100,000 rows": (made(gaps=False), "student"),
        "100,000 rows, 1 % missing": (made(gaps=True), "student"),
        "InstEval": (load_sample("InstEval"), "s"),
    }
    for name, (table, unit) in tables.items():
        facts = grouping_facts(table)
        last = facts.names[-1]
        every = median_ms(table, grouping_facts, runs)
        held, pair = (median_ms(table, partial(unit_facts, unit=u), runs) for u in (unit, (unit, last)))
        out.append(
            f"{name}: {len(facts.pairs)} pairs of {len(facts.factors)} factors {every:.0f} ms; "
            f"{len(table.columns) - 1} columns by {unit} {held:.0f} ms, by {unit}:{last} {pair:.0f} ms"
        )
    return out


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    print(f"medians of {runs} runs, goal {GOAL_MS:.0f} ms")
    print("\n".join(lines(runs)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
