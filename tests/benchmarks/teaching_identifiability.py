"""The section ``identifiability`` of the reference: 42 designs, and what trades off in them."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from teaching_fits import LABELS
from teaching_rows import Ledger
from teaching_tables import our_name, table

from mmgui.data.table import Table
from mmgui.engine.build import build_design
from mmgui.engine.design import Design
from mmgui.errors import MmguiError
from mmgui.inference.identifiability.certificate import Identifiability, identifiability
from mmgui.spec.formula import parse

SECTION = "identifiability"
# The table behind a case, by how its name begins; the rest are the sleepstudy.
TABLES = {
    "one_obs": "one row each",
    "two_obs": "two days",
    "slope": "Orthodont",
    "dup": "Pastes",
    "pastes": "Pastes",
    "crossed": "Penicillin",
    "penicillin": "Penicillin",
    "doublebar": "Machines",
    "machines": "Machines",
    "ergo": "ergoStool",
}
# lme4 writes the inner factor of (1 | a/b) first.
SWAPPED = {
    "cask:batch:": "batch:cask:",
    "Machine:Worker:": "Worker:Machine:",
    "Type:Subject:": "Subject:Type:",
}


def design_of(formula: str, rows: Table, *, reml: bool) -> Design:
    """The matrices, also of a model that is refused because it cannot be told apart."""
    text = our_name(formula)
    try:
        return build_design(replace(parse(text), reml=reml), rows)
    except MmguiError:
        tests = str(Path(__file__).resolve().parents[1] / "unit" / "inference")
        if tests not in sys.path:
            sys.path.append(tests)
        from unchecked_design import unchecked_design  # type: ignore[import-not-found]

        design: Design = unchecked_design(text, rows, reml)
        return design


def refusal(formula: str, rows: Table) -> str:
    """Why the model is refused, empty where it is not."""
    try:
        build_design(parse(our_name(formula)), rows)
    except MmguiError as error:
        return error.message
    return ""


def table_name(case: str) -> str:
    return next((t for start, t in TABLES.items() if case.startswith(start)), "sleepstudy")


def parameter(name: str) -> str:
    """A (co)variance's name as we write it."""
    for theirs, ours in SWAPPED.items():
        name = name.replace(theirs, ours)
    return our_name(name)


def unique(names: list[str]) -> list[str]:
    """Repeated names told apart by ``.1``."""
    return [n + (f".{names[:k].count(n)}" if n in names[:k] else "") for k, n in enumerate(names)]


def certificates(ledger: Ledger) -> None:
    """Every design."""
    cases = ledger.peek(SECTION)
    for case in cases:
        certificate(ledger, case)
    refused = [case for case in cases if refusal(cases[case]["formula"], table(table_name(case)))]
    ledger.remarks.append(
        f"Of the {len(cases)} designs {len(refused)} are refused before a fit, in a sentence that says why; "
        "their certificates are those of the matrices."
    )


def certificate(ledger: Ledger, case: str) -> None:
    path = f"{SECTION}/{case}"
    entry = ledger.peek(path)
    design = design_of(entry["formula"], table(table_name(case)), reml=case.endswith("REML"))
    found = identifiability(design)
    ledger.skip(f"{path}/formula", LABELS)
    ledger.compare(f"{path}/n_par", "number of parameters", found.n_par)
    ledger.compare(f"{path}/rank", "rank", found.rank)
    theirs = sorted(unique([parameter(n) for n in entry["params"]]))
    ledger.equal(f"{path}/params", "names of the parameters", sorted(found.parameters), theirs=theirs)
    # The eigenvalues sum to the number of parameters; those of rounding are related to 1.
    ledger.compare(f"{path}/eigenvalues", "eigenvalues", found.eigenvalues, floor=1e-6)
    null_vectors(ledger, path, found)


def null_vectors(ledger: Ledger, path: str, found: Identifiability) -> None:
    """Cosines of the angles between null vectors, which the reference rounds to three digits."""
    expected = ledger.peek(f"{path}/null_vectors")
    count = "number of null vectors"
    ledger.compare(f"{path}/null_vectors", count, len(found.null_vectors), theirs=len(expected))
    for ours, theirs in zip(found.null_vectors, expected, strict=True):
        a = np.array([ours[parameter(name)] for name in theirs])
        b = np.array([float(w) for w in theirs.values()])
        cosine = abs(a @ b) / (np.linalg.norm(a) * np.linalg.norm(b))
        ledger.compare(f"{path}/null_vectors", "null vectors: cosine of the angle", cosine, theirs=1.0)
