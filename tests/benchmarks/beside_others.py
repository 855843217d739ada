"""The speed table: ours, lme4, GPBoost and statsmodels on the same tables, in one run.

    python tests/benchmarks/beside_others.py [--peer-python PATH] [--only WORD] [--quick]

GPBoost is looked for in the interpreter PATH (or the variable MMGUI_PEER_PYTHON, else this one), lme4
through Rscript. All on one thread, CPU seconds, medians of several runs, from the table in memory to the
fitted model. Writes the section "Speed beside others" of RESULTS.md. --only runs the cases whose name
holds WORD and prints without writing; --quick leaves out the InstEval model with slopes.
"""

from __future__ import annotations

import csv
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
from peers import Task, Time, gpboost, lme4, statsmodels
from results_file import table, write_section

from mmgui import resources
from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.spec.formula import parse

CROSSED = "only by dense n × n matrices of one group"
NO_CORRELATION = "cannot correlate effects"
TASKS = [
    Task(
        "sleepstudy", "Reaction ~ Days + (Days | Subject)", True, ("Subject",), (200, 20), NO_CORRELATION,
        {"formula": "Reaction ~ Days", "groups": "Subject", "effects": "~Days"},
    ),
    Task(
        "InstEval", "y ~ service + (1 | s) + (1 | d) + (1 | dept)", False,
        ("s", "d", "dept", "service"), (5, 1),
        {"response": "y", "fixed": ["service"], "groups": ["s", "d", "dept"]}, CROSSED,
    ),
    Task(
        "InstEval", "y ~ service*factor(lectage) + (1 | s) + (1 + service | d) + (1 | dept)", False,
        ("s", "d", "dept", "service"), (3, 1), NO_CORRELATION, CROSSED,
    ),
    Task(
        "nested", "y ~ x + (1 | a/b)", False, ("a", "b"), (10, 3),
        {"response": "y", "fixed": ["x"], "groups": ["a", "b"]},
        {"formula": "y ~ x", "groups": "a", "effects": "1", "parts": {"b": "0 + C(b)"}},
    ),
    Task(
        "crossed", "y ~ x + (1 | a) + (1 | b)", False, ("a", "b"), (10, 3),
        {"response": "y", "fixed": ["x"], "groups": ["a", "b"]}, CROSSED,
    ),
]  # fmt: skip


def simulated(key: str) -> dict[str, np.ndarray]:
    """20,000 rows: b nested in a (100 × 10 groups), or crossed with it (500 × 300)."""
    rng = np.random.default_rng(1)
    n = 20_000
    if key == "nested":
        b = rng.permutation(n) % 1_000
        a = b // 10
    else:
        a, b = rng.integers(0, 500, n), rng.integers(0, 300, n)
    x = rng.normal(size=n)
    y = 1.0 + 0.5 * x + rng.normal(size=500)[a] + 0.7 * rng.normal(size=1_000)[b] + rng.normal(size=n)
    return {"y": y, "x": x, "a": a, "b": b}


def prepared(task: Task, folder: Path):
    """Our table, and a file of the same for the others."""
    if task.key in ("nested", "crossed"):
        columns = simulated(task.key)
        path = folder / f"{task.key}.csv"
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(zip(*(c.tolist() for c in columns.values()), strict=True))
        return from_frame(columns, task.key), path
    return load_sample(task.key), resources.sample_data() / f"{task.key}.csv"


def ours(task: Task, data) -> Time:
    job = FitJob(replace(parse(task.formula), reml=task.reml), data)
    found = fit(job)
    seconds = []
    for _ in range(task.repeats[0]):
        began = time.process_time()
        fit(job)
        seconds.append(time.process_time() - began)
    return Time(tuple(seconds), found.objective)


def cell(peer: Time, own: float) -> str:
    """Seconds and how many times ours."""
    if not peer.seconds:
        return f"– ({peer.absent})"
    theirs = median(peer.seconds)
    return f"{in_words(theirs)} ({theirs / own:.1f} ×)"


def in_words(seconds: float) -> str:
    return f"{1e3 * seconds:.1f} ms" if seconds < 1.0 else f"{seconds:.2f} s"


def above(peers: list[Time], own: Time, task: Task) -> str:
    """How far each peer's criterion lies above ours; GPBoost's is ML, and compared where the task is."""
    names = ("lme4", "GPBoost", "statsmodels")
    shown = [
        f"{name} {peer.criterion - own.criterion:+.1e}"
        for name, peer in zip(names, peers, strict=True)
        if peer.seconds and not (name == "GPBoost" and task.reml)
    ]
    return ", ".join(shown)


def main() -> None:
    python = os.environ.get("MMGUI_PEER_PYTHON", sys.executable)
    if "--peer-python" in sys.argv:
        python = sys.argv[sys.argv.index("--peer-python") + 1]
    word = sys.argv[sys.argv.index("--only") + 1] if "--only" in sys.argv else ""
    rows, versions = [], {}
    with tempfile.TemporaryDirectory() as folder:
        for task in TASKS:
            if word not in f"{task.key} {task.formula}" or (
                "--quick" in sys.argv and "lectage" in task.formula
            ):
                continue
            data, path = prepared(task, Path(folder))
            own = ours(task, data)
            peers = [lme4(task, path), gpboost(task, path, python), statsmodels(task, path)]
            versions |= {
                name: p.version
                for name, p in zip(("lme4", "GPBoost", "statsmodels"), peers, strict=True)
                if p.version
            }
            mine = median(own.seconds)
            model = f"{task.key}: `{task.formula.replace('|', chr(92) + '|')}`{'' if task.reml else ', ML'}"
            rows.append([model, in_words(mine), *[cell(p, mine) for p in peers], above(peers, own, task)])
            print(" | ".join(rows[-1]), flush=True)
    header = ["model", "ours", "lme4", "GPBoost", "statsmodels", "their criterion less ours"]
    text = (
        "Written by `beside_others.py`: CPU seconds on one thread, medians, in one run; in brackets how many "
        "times ours. Ours begins at the table and ends with conditional variances; the others' at their data "
        "frame, and they end with the fitted model. "
        "GPBoost's default method approximates determinants with random vectors, hence its criterion. "
        + ", ".join(f"{name} {version}" for name, version in versions.items())
        + ".\n\n"
        + table(header, rows)
    )
    if not word and "--quick" not in sys.argv:
        write_section("beside-others", text)


if __name__ == "__main__":
    main()
