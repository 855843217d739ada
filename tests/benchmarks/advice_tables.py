"""What the advice says of designs that cannot be identified, of good models, and of a forum's story.

    python tests/benchmarks/advice_tables.py [FILE]

Writes three Markdown tables: the 42 designs of teaching.json -> identifiability with the number of
parameters, the rank and our findings; the good models, of which no warning may be given; and the formulas
of the thread in seed 000 on a simulated table of its design, each with what we say before it is fitted.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from lme4_messages import cell
from teaching_identifiability import table_name
from teaching_tables import our_name, table

import mmgui
from mmgui.advice import Finding, Severity, advise
from mmgui.data.assemble import make_table
from mmgui.data.samples import load_sample
from mmgui.data.table import Table
from mmgui.figures.statements import messages
from mmgui.spec.formula import parse

HERE = Path(__file__).resolve().parent
DESIGNS = json.loads((HERE.parent / "data" / "identifiability.json").read_text(encoding="utf-8"))["cases"]

GOOD = (
    ("sleepstudy", "Reaction ~ Days + (Days | Subject)"),
    ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
    ("Pastes", "strength ~ 1 + (1 | batch/cask)"),
    ("Machines", "score ~ Machine + (1 | Worker) + (1 | Worker:Machine)"),
    ("Oats", "yield ~ nitro * Variety + (1 | Block) + (1 | Block:Variety)"),
)

# The simulated table has the design of the thread: its columns, in their order, under the thread's names
# (age is a number with two values for each person; motion is not in it).
FORUM_NAMES = ("Subj", "Cond2", "format", "Cond1", "age", "quantity", "y")
FORUM = (
    "age*format*quantity + (1 | Subj) + (1 + quantity | format:Subj) + (1 + quantity | age:Subj)",
    "age*format*quantity + (1 + quantity | Subj)",
    "format*quantity*age + (1 | Subj) + (1 | age:Subj)",
    "format*quantity*age + (1 | Subj) + (1 + quantity | Subj) + (1 + age | Subj)",
    "age*format*quantity + (1 + age + quantity | Subj)",
    "format*quantity*age + (quantity*age | Subj)",
    "Cond2 + (1 | Subj) + (1 | Cond1)",
    "Cond2 + (1 | Subj)",
)


def said(findings: Iterable[Finding], *, notes: bool = True) -> list[str]:
    """Findings as lines; fixes behind an arrow."""
    lines = []
    for f in findings:
        if f.id == "ready" or (not notes and f.severity is Severity.INFO):
            continue
        fixes = "".join(f" → {x.label}" for x in f.fixes)
        lines.append(f"{f.severity.value} {f.id}: {f.text}{fixes}")
    return lines


def identifiability_table() -> list[str]:
    rows = ["| design | model | parameters | rank | ours, before the fit |", "|---|---|---|---|---|"]
    for case, entry in DESIGNS.items():
        formula = our_name(entry["formula"])
        spec = replace(parse(formula), reml=case.endswith("REML"))
        findings = advise(spec, table(table_name(case)))
        rows.append(
            f"| {case} | {cell([f'`{formula}`'])} | {entry['n_par']} | {entry['rank']} | "
            f"{cell(said(findings, notes=False))} |"
        )
    return rows


def good_table() -> list[str]:
    rows = ["| table | model | warnings and errors | notes | time |", "|---|---|---|---|---|"]
    for sample, formula in GOOD:
        data = load_sample(sample)
        start = time.perf_counter()
        findings = advise(parse(formula), data)
        seconds = time.perf_counter() - start
        serious = [f for f in findings if f.severity is not Severity.INFO]
        notes = [f for f in findings if f.severity is Severity.INFO]
        rows.append(
            f"| {sample} | {cell([f'`{formula}`'])} | {cell(said(serious))} | {cell(said(notes))} | "
            f"{1000 * seconds:.0f} ms |"
        )
    return rows


def forum_data() -> Table:
    """The table under the thread's names."""
    sample = load_sample("sim_within_subject_factors")
    columns = [replace(c, name=name) for c, name in zip(sample.columns, FORUM_NAMES, strict=True)]
    return make_table("forum", columns)


def forum_table() -> list[str]:
    data = forum_data()
    rows = ["| model | ours, before the fit | the fit |", "|---|---|---|"]
    for right in FORUM:
        spec = parse(f"y ~ {right}")
        model = mmgui.fit(f"y ~ {right}", data)
        after = [f"{m.title}. {m.text}" for m in messages(model)]
        rows.append(f"| {cell([f'`{right}`'])} | {cell(said(advise(spec, data)))} | {cell(after)} |")
    return rows


def main() -> None:
    """Write the tables to the file named, by default beside this script."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "ADVICE.md"
    lines = ["# What the advice says", "", "Written by `tests/benchmarks/advice_tables.py`.", ""]
    lines += ["## Designs with and without identifiable variances", "", *identifiability_table(), ""]
    lines += ["## Good models on good data", "", *good_table(), ""]
    lines += ["## A forum's story (three-way design, age twice a person)", "", *forum_table(), ""]
    path.write_text("\n".join(lines), encoding="utf-8")
    print(f"wrote {path}")


if __name__ == "__main__":
    main()
