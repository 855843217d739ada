"""How soon a person sees what an edit means: advice, cards, structure, and the panes redrawn.

    OPENBLAS_NUM_THREADS=1 python tests/benchmarks/advice_speed.py [--write]

For models of class size and for InstEval: the advice worked out from nothing remembered (a fresh copy of the
table) and again for the next edit, and, in a window without a screen, the time from an edit of the model to
the redrawn panes with the advice in them. Medians of several runs.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from grouping_speed import lines as grouping_lines
from results_file import write_section

from mmgui.advice import advise
from mmgui.data.assemble import make_table
from mmgui.data.samples import load_sample
from mmgui.data.table import Table
from mmgui.spec.formula import parse
from mmgui.spec.model import ModelSpec

RUNS = 7
WITHIN = "sim_within_subject_factors"
TEMPLATE = (
    "y ~ A*B*C + (1|Subj) + (1|A:Subj) + (1|B:Subj) + (1|C:Subj) + (1|A:B:Subj) + (1|A:C:Subj) + (1|B:C:Subj)"
)
MODELS = (
    ("sleepstudy", "Reaction ~ Days + (Days | Subject)"),
    ("Pastes", "strength ~ 1 + (1 | batch) + (1 | cask)"),
    ("Oats", "yield ~ nitro * Variety + (1 | Block) + (1 | Block:Variety)"),
    ("Machines", "score ~ Machine + (Machine | Worker)"),
    ("Orthodont", "distance ~ age * Sex + (age | Subject)"),
    (WITHIN, "y ~ B*rating*run + (1 | Subj) + (1 + rating | B:Subj) + (1 + rating | run:Subj)"),
    (WITHIN, TEMPLATE),
    (WITHIN, "y ~ A*B*C + (A*B*C | Subj)"),
    ("Hsb82", "mAch ~ cses * sx + (cses | school)"),
    ("InstEval", "y ~ service + (1 | s) + (1 | d) + (1 | dept)"),
)


def median_ms(task: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    times = []
    for _ in range(RUNS):
        before()
        start = time.perf_counter()
        task()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def fresh(table: Table, run: list[int] = [0]) -> Table:  # noqa: B006 - counts the copies
    """A copy of which nothing is remembered: other columns, another fingerprint."""
    run[0] += 1
    columns = [replace(c) for c in table.columns]
    return replace(make_table(table.name, columns), fingerprint=f"copy {run[0]}")


def advice_ms(table: Table, spec: ModelSpec) -> tuple[float, float]:
    """From nothing remembered, and after another edit of the same model."""
    copies = [fresh(table) for _ in range(RUNS)]
    first = median_ms(lambda: advise(spec, copies.pop()))
    edited = replace(spec, reml=not spec.reml)
    advise(edited, table)
    again = iter([replace(spec, reml=bool(k % 2)) for k in range(2 * RUNS)])
    return first, median_ms(lambda: advise(next(again), table))


def window_ms(sample: str, spec: ModelSpec) -> float:
    """From an edit to the redrawn panes, the design page in sight among them."""
    from PySide6.QtWidgets import QApplication

    from mmgui.ui import create_app
    from mmgui.ui.main_window import MainWindow

    create_app(["advice_speed"])

    def settle() -> None:
        QApplication.processEvents()
        while window.property("busy"):
            QApplication.processEvents()

    with tempfile.TemporaryDirectory() as folder:
        window = MainWindow(settings_file=Path(folder) / "settings.json")
        window.resize(1600, 1000)
        window.show()
        window.workspace.store.open_table(load_sample(sample), "sample", sample)
        settle()
        store = window.workspace.store
        small = replace(spec, random=spec.random[:1])

        def edit() -> None:
            store.edit_draft("Edit", spec)
            settle()

        def back() -> None:
            store.edit_draft("Back", small if small != spec else replace(spec, reml=not spec.reml))
            settle()

        edit()
        median = median_ms(edit, back)
        window.close()
        QApplication.processEvents()
    return median


def section() -> str:
    lines = [
        "| table | model | advice, nothing remembered | advice, next edit | edit to redrawn window |",
        "|---|---|---|---|---|",
    ]
    for sample, formula in MODELS:
        table, spec = load_sample(sample), parse(formula)
        first, again = advice_ms(table, spec)
        shown = window_ms(sample, spec)
        name = formula.replace("|", "\\|")
        lines.append(f"| {sample} | `{name}` | {first:.0f} ms | {again:.0f} ms | {shown:.0f} ms |")
        print(lines[-1], flush=True)
    return "\n".join(lines)


def main() -> None:
    """Print the table; with ``--write`` put it into RESULTS.md."""
    found = section()
    if "--write" in sys.argv[1:]:
        grouping = "\n".join(f"- {line}" for line in grouping_lines(9))
        head = f"`advice_speed.py` and `grouping_speed.py`, medians of {RUNS} and 9 runs, one BLAS thread."
        write_section("building", f"{head}\n\n{found}\n\n{grouping}")


if __name__ == "__main__":
    main()
