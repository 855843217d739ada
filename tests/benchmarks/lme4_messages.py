"""What lme4 says and what we say, in 28 situations that go wrong or look wrong.

    python tests/benchmarks/lme4_messages.py [FILE]

Writes a Markdown table: the situation, lme4's message, ours before the fit (advice, certificate of
identifiability), ours instead of a fit (error), ours after it (statements).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import mmgui
from mmgui.advice import advise
from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample
from mmgui.engine.build import build_design
from mmgui.errors import MmguiError
from mmgui.figures.statements import messages
from mmgui.inference.identifiability.certificate import identifiability
from mmgui.spec.formula import parse

HERE = Path(__file__).resolve().parent
LME4 = json.loads((HERE.parent / "data" / "lme4_messages.json").read_text(encoding="utf-8"))
RIS = "Reaction ~ Days + (Days | Subject)"
RI = "Reaction ~ Days + (1 | Subject)"
Columns = dict[str, Any]


def columns_of(name: str) -> Columns:
    return {
        c.name: c.values if c.is_number else np.array(c.levels, dtype=object)[c.codes]
        for c in load_sample(name).columns
    }


def sleepstudy(**more: Any) -> Columns:
    """With subjects that are labels."""
    columns = columns_of("sleepstudy") | more
    columns["Subject"] = np.array([f"S{s}" for s in columns["Subject"]], dtype=object)
    return columns


@dataclass(frozen=True)
class Situation:
    """A table and a formula; two formulas (and tables) where models are compared."""

    formulas: tuple[str, ...]
    tables: tuple[Callable[[], Columns], ...]
    reml: bool = True


def one(formula: str, table: Callable[[], Columns] = sleepstudy) -> Situation:
    return Situation((formula,), (table,))


def two_days() -> Columns:
    ends = np.isin(sleepstudy()["Days"], [0, 9])
    return {name: values[ends] for name, values in sleepstudy().items()}


def orthodont() -> Columns:
    columns = columns_of("Orthodont")
    return columns | {"sx": np.where(columns["Sex"] == "Female", 1.0, 0.0)}


def machines() -> Columns:
    columns = columns_of("Machines")
    return columns | {"number": np.unique(columns["Machine"], return_inverse=True)[1] + 1.0}


def perfect() -> Columns:
    columns = sleepstudy()
    level = np.unique(columns["Subject"], return_inverse=True)[1] % 7
    return columns | {"Reaction": 250.5 + 10.3 * columns["Days"] + 1.7 * level}


def slow() -> Columns:
    columns = sleepstudy()
    return columns | {"slow": (columns["Reaction"] > 300.0).astype(float)}


def days() -> Any:
    return columns_of("sleepstudy")["Days"]


SITUATIONS: dict[str, Situation] = {
    "one_obs_per_level": one(
        "Reaction ~ Days + (1 | obs)",
        lambda: sleepstudy(obs=np.array([f"o{k}" for k in range(180)], dtype=object)),
    ),
    "single_level": one(
        "Reaction ~ Days + (1 | lab)", lambda: sleepstudy(lab=np.full(180, "A", dtype=object))
    ),
    "two_obs_slope": one(RIS, two_days),
    "two_obs_zcp": one("Reaction ~ Days + (Days || Subject)", two_days),
    "numeric_group": one("Reaction ~ 1 + (1 | Days)"),
    "numeric_group_unique": one("Days ~ 1 + (1 | Reaction)"),
    "redundant_intercept": one("Reaction ~ Days + (1 | Subject) + (Days | Subject)"),
    "ref_RIS": one(RIS),
    "triple_intercept": one("Reaction ~ Days + (1 | Subject) + (0 + Days | Subject) + (Days | Subject)"),
    "slope_const_within": one("distance ~ age + Sex + (Sex | Subject)", orthodont),
    "slope_const_numeric": one("distance ~ age + sx + (sx | Subject)", orthodont),
    "num_times_subject": one("Reaction ~ Days + (1 | Days:Subject)"),
    "num_times_subject_rep": one("score ~ number + (1 | number:Worker)", machines),
    "scaleX": one("Reaction ~ us + (1 | Subject)", lambda: sleepstudy(us=8.64e10 * days())),
    "rankdef": one("Reaction ~ Days + twice + (1 | Subject)", lambda: sleepstudy(twice=2.0 * days())),
    "factor_response": one("Sex ~ age + (1 | Subject)", orthodont),
    "binary01_response": one("slow ~ Days + (1 | Subject)", slow),
    "const_response": one("flat ~ Days + (1 | Subject)", lambda: sleepstudy(flat=np.full(180, 2.5))),
    "allNA": one("Reaction ~ gone + (1 | Subject)", lambda: sleepstudy(gone=np.full(180, np.nan))),
    "doublebar_factor": one("score ~ Machine + (Machine || Worker)", machines),
    "anova_REML_diff_fixed": Situation((RI, "Reaction ~ 1 + (1 | Subject)"), (sleepstudy, sleepstudy)),
    "anova_REML_refitF": Situation((RIS, RI), (sleepstudy, sleepstudy)),
    "anova_diff_n": Situation(
        (RIS, RI), (sleepstudy, lambda: sleepstudy(Days=np.where(days() == 3.0, np.nan, days())))
    ),
    "anova_nonnested_samedf": Situation(
        (RI, "Reaction ~ late + (1 | Subject)"),
        (lambda: sleepstudy(late=(days() > 4.0).astype(float)),) * 2,
        reml=False,
    ),
    "perfect_fit": one(RI, perfect),
    "ergoStool_TypeSubject": one("effort ~ Type + (Type | Subject)", lambda: columns_of("ergoStool")),
    "ergoStool_nested": one("effort ~ Type + (1 | Subject/Type)", lambda: columns_of("ergoStool")),
    "crossed_norep": one(
        "diameter ~ 1 + (1 | plate) + (1 | sample) + (1 | plate:sample)", lambda: columns_of("Penicillin")
    ),
}


def before(formula: str, columns: Columns) -> list[str]:
    """The advice, and what the certificate says."""
    spec, table = parse(formula), from_frame(columns, "data")
    out = [f"{f.severity.value} {f.id}: {f.text}" for f in advise(spec, table) if f.id != "ready"]
    try:
        out += [f"certificate: {s}" for s in identifiability(build_design(spec, table)).sentences]
    except MmguiError as error:
        if not any(line.endswith(error.message) for line in out):
            out.append(f"error {error.code}: {error.message}")
    return out


def ours(situation: Situation) -> tuple[list[str], list[str]]:
    """What we say before the fit, and instead of it or after it."""
    early = [
        line for f, t in zip(situation.formulas, situation.tables, strict=True) for line in before(f, t())
    ]
    try:
        models = [
            mmgui.fit(f, t(), reml=situation.reml)
            for f, t in zip(situation.formulas, situation.tables, strict=True)
        ]
        late = [f"{s.severity} {s.id}: {s.text}" for m in models for s in messages(m)]
        if len(models) > 1:
            compared = mmgui.compare(*models)
            late += [f"refused: {r.reason}" for r in compared.refused]
            late += [
                f"test on {t.df} df against {t.reference}, p = {t.p:.3g} (naive {t.p_naive:.3g})"
                for t in compared.tests
            ]
    except MmguiError as error:
        late = [f"error {error.code}: {error.message}"]
    return early, [line for line in late if not any(e.endswith(line.partition(": ")[2]) for e in early)]


def cell(lines: list[str]) -> str:
    return "<br>".join(line.replace("|", "\\|") for line in lines) or "–"


def table() -> str:
    """The Markdown."""
    rows = [
        "# What lme4 says, and what we say",
        "",
        f"{LME4['source']}. Written by `tests/benchmarks/lme4_messages.py`.",
        "",
        "| situation | model | lme4 | ours, before the fit | ours, instead of the fit or after it |",
        "|---|---|---|---|---|",
    ]
    for name, theirs in LME4["situations"].items():
        situation = SITUATIONS[name]
        early, late = ours(replace(situation))
        models = [f"`{f}`" for f in situation.formulas]
        said = [f"{kind}: {text}" for kind, text in theirs]
        rows.append(f"| {name} | {cell(models)} | {cell(said)} | {cell(early)} | {cell(late)} |")
    return "\n".join(rows) + "\n"


def main() -> None:
    """Write the table to the file named, by default beside this script."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "LME4_MESSAGES.md"
    path.write_text(table(), encoding="utf-8")
    print(f"wrote {path}")


if __name__ == "__main__":
    main()
