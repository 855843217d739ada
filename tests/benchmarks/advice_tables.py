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

from mmgui.advice import Finding, Severity, advise
from mmgui.data.samples import load_sample
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

# The thread's formula, and the same on the table of that design: format is B (two levels, both met by
# everyone), quantity is rating, age is run (a number with two values each); motion is not in it. The last
# two are of the thread's second question: Cond2 is A, Cond1 is C, age does not vary here.
FORUM = (
    (
        "age*format*quantity+motion+(1|Subj)+(1+quantity|format:Subj)+(1+quantity|age:Subj)",
        "run*B*rating + (1 | Subj) + (1 + rating | B:Subj) + (1 + rating | run:Subj)",
    ),
    ("age*format*quantity+motion+(1+quantity|Subj)", "run*B*rating + (1 + rating | Subj)"),
    ("format*quantity*age+motion+(1|Subj)+(1|age:Subj)", "B*rating*run + (1 | Subj) + (1 | run:Subj)"),
    (
        "format*quantity*age+motion+(1|Subj)+(1+quantity|Subj)+(1+age|Subj)",
        "B*rating*run + (1 | Subj) + (1 + rating | Subj) + (1 + run | Subj)",
    ),
    ("age*format*quantity+motion+(1+age+quantity|Subj)", "run*B*rating + (1 + run + rating | Subj)"),
    ("format*quantity*age+motion+(quantity*age|Subj)", "B*rating*run + (rating*run | Subj)"),
    ("Cond2+Age+(1|Subj)+(1|Cond1)", "A + (1 | Subj) + (1 | C)"),
    ("Cond2+Age+(1|Subj)", "A + (1 | Subj)"),
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
            f"| {sample} | `{formula.replace('|', '&#124;')}` | {cell(said(serious))} | {cell(said(notes))} | "
            f"{1000 * seconds:.0f} ms |"
        )
    return rows


def forum_table() -> list[str]:
    data = load_sample("sim_within_subject_factors")
    rows = ["| in the thread | on this table | ours, before the fit |", "|---|---|---|"]
    for theirs, right in FORUM:
        findings = advise(parse(f"y ~ {right}"), data)
        rows.append(f"| {cell([f'`{theirs}`'])} | {cell([f'`{right}`'])} | {cell(said(findings))} |")
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
