"""How near the engine is to lme4, and who is nearer to the optimum where they differ.

    python tests/benchmarks/accuracy.py [--cache DIR] [--random N] [--write]

The 47 reference fits (tests/data/lme4_fits.json, lme4 1.1-31), the models of accuracy_models.py, and N
designs at random (default 60), the latter two fitted here by lme4 with three optimisers through
accuracy_lme4.R, whose answers are kept in DIR (a temporary one if none is given). --write puts the tables
into RESULTS.md instead of printing them. Without Rscript only the reference fits are compared.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from accuracy_models import MODELS, NOTES, SIMULATED, simulated
from results_file import table, write_section

from mmgui import resources
from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample
from mmgui.engine.build import build_design
from mmgui.engine.criterion import Criterion
from mmgui.engine.design import Design
from mmgui.engine.fit import fit_design, parameter_names
from mmgui.engine.parameters import Free
from mmgui.engine.result import Fit
from mmgui.engine.search import Search
from mmgui.errors import MmguiError
from mmgui.inference.degrees_of_freedom.satterthwaite import fixed_effect_tests
from mmgui.inference.variance.explained import explained
from mmgui.spec.formula import parse

HERE = Path(__file__).parent
REFERENCES = HERE.parent / "data" / "lme4_fits.json"
QUANTITIES = (
    "SDs", "correlations", "fixed effects", "SEs", "Satterthwaite df", "Kenward–Roger df",
    "conditional modes", "their SDs", "R², ICC",
)  # fmt: skip
CRITERION, QUANTITY = 1e-5, 1e-3
# A standard deviation below this many residual ones has no digits to compare.
NEGLIGIBLE = 1e-2


@dataclass
class Case:
    """One model: ours, lme4's answer, and how they differ."""

    id: str
    name: str
    design: Design
    theirs: dict[str, Any]
    fit: Fit | None = None
    excess: float = math.nan
    differences: dict[str, float] = field(default_factory=dict)
    their_gradient: float = math.nan


def key(label: str) -> str:
    """A grouping factor's name whatever the order of its parts (lme4 writes ``b:a`` for ``a/b``)."""
    return ":".join(sorted(label.split(":")))


def references() -> list[Case]:
    """The fits of the reference file in the form of accuracy_lme4.R's answers."""
    cases = []
    for number, r in enumerate(json.loads(REFERENCES.read_text(encoding="utf-8"))):
        spec = replace(parse(r["formula"]), reml=r["reml"])
        modes = {
            group: {
                "effects": list(first["values"]),
                "levels": [first["level"]],
                "modes": [list(first["values"].values())],
                "sd": None if first["cond_sd"] is None else [np.ravel(first["cond_sd"]).tolist()],
            }
            for group, first in r.get("ranef_first", {}).items()
        }
        theirs = {
            **r,
            "modes": modes,
            "satterthwaite": r.get("satterthwaite", {}).get("df"),
            "kenward_roger": r.get("kenward_roger", {}).get("df"),
        }
        name = f"{r['dataset']}: {r['formula']}{'' if r['reml'] else ', ML'}"
        cases.append(Case(f"ref{number:02d}", name, build_design(spec, load_sample(r["dataset"])), theirs))
    return cases


def own_models(folder: Path) -> tuple[list[Case], list[dict[str, Any]]]:
    """The models of accuracy_models.py, and the jobs for lme4."""
    for name in SIMULATED:
        simulated(name).to_csv(folder / f"{name}.csv", index=False, float_format="%.17g")
    cases, jobs = [], []
    for number, (name, formula, reml) in enumerate(MODELS):
        made = name in SIMULATED
        path = folder / f"{name}.csv" if made else resources.sample_data() / f"{name}.csv"
        data = from_frame(simulated(name), name) if made else load_sample(name)
        design = build_design(replace(parse(formula), reml=reml), data)
        ident = f"own{number:02d}"
        cases.append(Case(ident, f"{name}: {formula}{'' if reml else ', ML'}", design, {}))
        jobs.append({"id": ident, "table": str(path), "formula": formula, "reml": reml})
    return cases, jobs


def random_models(folder: Path, count: int) -> tuple[list[Case], list[dict[str, Any]]]:
    """The first designs at random that have some, but at most 10, parameters."""
    sys.path.append(str(HERE.parent / "unit" / "engine"))
    from random_designs import seeded_plan

    cases: list[Case] = []
    jobs = []
    seed = 0
    while len(cases) < count:
        plan = seeded_plan(seed)
        design = plan.design()
        ident = f"seed{seed:04d}"
        seed += 1
        if not 0 < design.theta_count <= 10:
            continue
        columns: dict[str, Any] = {"y": design.y}
        columns |= {f"x{k}": design.x[:, k] for k in range(design.x.shape[1])}
        right = ["0", *(f"x{k}" for k in range(design.x.shape[1]))]
        for t, random in enumerate(design.random):
            columns[random.grouping] = [f"l{c:03d}" for c in random.codes]
            columns |= {f"z{t}_{k}": random.columns[:, k] for k in range(len(random.effects))}
            for block in random.blocks:
                terms = " + ".join(f"z{t}_{k}" for k in block)
                right.append(f"(0 + {terms} | {random.grouping})")
        job = {"id": ident, "table": str(folder / f"{ident}.csv"), "reml": plan.reml}
        job["formula"] = "y ~ " + " + ".join(right)
        if design.weights is not None:
            columns["w"], job["weights"] = design.weights, "w"
        if design.offset is not None:
            columns["o"], job["offset"] = design.offset, "o"
        pd.DataFrame(columns).to_csv(job["table"], index=False, float_format="%.17g")
        cases.append(
            Case(ident, f"seed {plan.seed}, {plan.n} rows, {design.theta_count} parameters", design, {})
        )
        jobs.append(job)
    return cases, jobs


def ask_lme4(cases: list[Case], jobs: list[dict[str, Any]], folder: Path) -> None:
    """Run R over the jobs that are not answered yet, and read all answers."""
    (folder / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
    script = ["Rscript", str(HERE / "accuracy_lme4.R"), str(folder / "jobs.json"), str(folder)]
    subprocess.run(script, check=True)
    for case in cases:
        case.theirs = json.loads((folder / f"{case.id}.json").read_text(encoding="utf-8"))


def compare(case: Case) -> None:
    """Fit, and fill in the differences."""
    case.fit = fit_design(case.design)
    if "error" in case.theirs:
        return
    case.excess = case.fit.objective - case.theirs["objective"]
    case.their_gradient = gradient_at(case)
    if case.id.startswith("seed"):
        return
    found = {
        **_covariances(case.fit, case.theirs),
        **_fixed(case.fit, case.theirs),
        **_modes(case.fit, case.theirs),
        **_shares(case.fit, case.theirs),
    }
    case.differences = {name: max(values) for name, values in found.items() if values}


def gradient_at(case: Case) -> float:
    """Our scaled gradient at lme4's theta; NaN where its names do not tell the order."""
    names, theta = case.theirs.get("theta_names"), np.ravel(case.theirs["theta"])
    ours = [_normal(n) for n in parameter_names(case.design)]
    if names is None:
        return math.nan
    theirs = {_normal(n): float(v) for n, v in zip(np.ravel(names), theta, strict=True)}
    if len(theirs) != len(theta) or set(theirs) != set(ours):
        return math.nan
    criterion = Criterion(case.design)
    free = Free.full(criterion.basis)
    flat = criterion.flat(np.array([theirs[n] for n in ours]))
    return Search(criterion)(free, free.coordinates(flat)).norm(case.design.nobs)


def _normal(name: str) -> str:
    group, _, rest = name.partition(".")
    return f"{key(group)}.{rest}"


def _covariances(fit: Fit, theirs: dict[str, Any]) -> dict[str, list[float]]:
    rows = {}
    for r in theirs["varcorr"]:
        group = key(str(r["grp"]).split(".")[0])
        rows[(group, r["var1"], r["var2"])] = float("nan") if r["sdcor"] is None else float(r["sdcor"])
    sds = [abs(fit.sigma / rows[("Residual", None, None)] - 1.0)]
    correlations = []
    for term, random in zip(fit.terms, fit.design.random, strict=True):
        floor = NEGLIGIBLE * fit.sigma / np.sqrt((random.columns**2).mean(axis=0))
        group = key(term.grouping)
        for k, effect in enumerate(term.effects):
            known = rows.get((group, effect, None))
            if known is not None:
                sds.append(abs(float(term.sd[k]) - known) / max(known, float(floor[k])))
        for i, j in term.free_pairs:
            known = rows.get((group, term.effects[i], term.effects[j]))
            if known is not None and (term.sd[[i, j]] > floor[[i, j]]).all() and math.isfinite(known):
                correlations.append(abs(float(term.correlation[i, j]) - known))
    return {"SDs": sds, "correlations": correlations}


def _fixed(fit: Fit, theirs: dict[str, Any]) -> dict[str, list[float]]:
    out: dict[str, list[float]] = {"fixed effects": [], "SEs": []}
    for k, name in enumerate(fit.design.fixed_names):
        if name in theirs["fixef"]:
            se = theirs["se"][name]
            out["fixed effects"].append(abs(float(fit.beta[k]) - theirs["fixef"][name]) / se)
            out["SEs"].append(abs(float(fit.se[k]) / se - 1.0))
    methods = (("satterthwaite", "Satterthwaite df"), ("kenward-roger", "Kenward–Roger df"))
    for method, title in methods:
        known = theirs.get(method.replace("-", "_"))
        if not known or len(fit.beta) == 0:
            continue
        try:
            df = fixed_effect_tests(fit, method).df
        except MmguiError:
            continue
        out[title] = [
            abs(float(df[k]) / known[name] - 1.0)
            for k, name in enumerate(fit.design.fixed_names)
            if known.get(name) is not None
        ]
    return out


def _modes(fit: Fit, theirs: dict[str, Any]) -> dict[str, list[float]]:
    out: dict[str, list[float]] = {"conditional modes": [], "their SDs": []}
    known = {key(group): value for group, value in theirs.get("modes", {}).items()}
    for term in fit.terms:
        if key(term.grouping) not in known:
            continue
        other = known[key(term.grouping)]
        places = {key(level): k for k, level in enumerate(term.levels)}
        modes = np.array(other["modes"], dtype=float).reshape(len(other["levels"]), -1)
        sds = None if other["sd"] is None else np.array(other["sd"], dtype=float).reshape(modes.shape)
        rows = [places[key(str(level))] for level in other["levels"] if key(str(level)) in places]
        if len(rows) != len(other["levels"]):
            continue
        for k, effect in enumerate(term.effects):
            if effect not in other["effects"] or term.sd[k] == 0.0:
                continue
            at = other["effects"].index(effect)
            size = max(float(np.abs(modes[:, at]).max()), 1e-2 * float(term.sd[k]))
            out["conditional modes"].append(float(np.abs(term.modes[rows, k] - modes[:, at]).max()) / size)
            if sds is not None and len(other["effects"]) == len(term.effects):
                ours = term.conditional_sd[rows, k]
                out["their SDs"].append(float(np.abs(ours - sds[:, at]).max() / sds[:, at].max()))
    return out


def _shares(fit: Fit, theirs: dict[str, Any]) -> dict[str, list[float]]:
    r2, icc = theirs.get("r2"), theirs.get("icc")
    if not isinstance(r2, dict) or not isinstance(icc, dict):
        return {}
    ours = explained(fit)
    pairs = [
        (ours.r2_marginal, r2.get("R2_marginal")),
        (ours.r2_conditional, r2.get("R2_conditional")),
        (ours.icc_adjusted, icc.get("ICC_adjusted")),
        (ours.icc_conditional, icc.get("ICC_conditional")),
    ]
    return {"R², ICC": [abs(a - b) for a, b in pairs if isinstance(b, int | float) and math.isfinite(b)]}


def reason(case: Case) -> str:
    """Why a case differs, as far as numbers tell."""
    assert case.fit is not None
    state, words = case.fit.convergence, []
    if case.excess < -CRITERION:
        words.append(f"lme4 stops {-case.excess:.2g} above us")
        if math.isfinite(case.their_gradient):
            words.append(f"our scaled gradient there is {case.their_gradient:.1g}")
    elif case.excess > CRITERION:
        words.append(f"lme4 is lower by {case.excess:.2g}")
    else:
        words.append("same criterion")
    words.append(f"at our end it is {state.gradient_norm:.1g}, curvature {state.curvature:.1g}")
    if not state.converged:
        words.append(
            "the data do not tell all parameters apart" if state.reason == "gradient" else "not converged"
        )
    if case.fit.singular:
        words.append("singular")
    formula = case.name.partition(": ")[2].removesuffix(", ML")
    note = NOTES.get(formula)
    return "; ".join(words) + (f". {note}" if note else "")


def report(cases: list[Case]) -> str:
    """The Markdown of all tables."""
    groups = {
        "47 reference fits": [c for c in cases if c.id.startswith("ref")],
        "models of our own": [c for c in cases if c.id.startswith("own")],
    }
    header = ["largest difference", *(f"{name} ({len(found)})" for name, found in groups.items())]
    answered = {n: [c for c in found if "error" not in c.theirs] for n, found in groups.items()}
    rows = [
        ["our criterion less lme4's, highest", *(_largest([c.excess for c in f]) for f in answered.values())]
    ]
    rows.append(["lowest", *(_largest([-c.excess for c in f], "-") for f in answered.values())])
    for name in QUANTITIES:
        cells = [[c.differences[name] for c in f if name in c.differences] for f in answered.values()]
        rows.append([name, *(f"{_middle(v)} / {_largest(v)} ({len(v)})" for v in cells)])
    parts = [_HEAD, table(header, rows), "", _differing([c for f in answered.values() for c in f])]
    designs = [c for c in cases if c.id.startswith("seed") and "error" not in c.theirs]
    if designs:
        parts += ["", _random(designs)]
    return "\n".join(parts)


_HEAD = (
    "Written by `accuracy.py`. Differences are relative for SDs, SEs, degrees of freedom and the SDs of "
    "modes; of correlations, R² and ICC absolute; of fixed effects in standard errors; of modes relative to "
    "the largest. Cells: median / largest (number of models compared).\n"
)


def _middle(values: list[float]) -> str:
    return f"{np.median(values):.1e}" if values else "–"


def _largest(values: list[float], sign: str = "") -> str:
    return f"{sign}{max(values):.1e}" if values else "–"


def _differing(cases: list[Case]) -> str:
    lines = ["Models where the criteria differ by more than 1e-5 or a quantity by more than 1e-3:", ""]
    for case in cases:
        large = {n: v for n, v in case.differences.items() if v > QUANTITY}
        if abs(case.excess) > CRITERION or large:
            listed = ", ".join(f"{n} {v:.1g}" for n, v in large.items()) or "no quantity"
            lines.append(f"- `{case.name}`: {listed}. {reason(case)}.")
    return "\n".join(lines if len(lines) > 2 else [*lines, "none."])


def _random(cases: list[Case]) -> str:
    excess = np.array([c.excess for c in cases])
    higher = [c for c in cases if c.excess > CRITERION]
    text = (
        f"Designs at random ({len(cases)}): we are lower than the best of lme4's three optimisers by more "
        f"than 1e-5 in {int((excess < -CRITERION).sum())} (by up to {max(0.0, -excess.min()):.2g}), equal in "
        f"{int((np.abs(excess) <= CRITERION).sum())}, higher in {len(higher)}."
    )
    return "\n".join([text, *(f"- {c.name}: {reason(c)}." for c in higher)])


def main() -> None:
    """Compare and print or write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cache", type=Path, default=None)
    parser.add_argument("--random", type=int, default=60)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (arguments.cache or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        cases = references()
        if shutil.which("Rscript") is None:
            print("Rscript is absent: the reference fits alone are compared.", file=sys.stderr)
        else:
            for more, jobs in (own_models(folder), random_models(folder, arguments.random)):
                ask_lme4(more, jobs, folder)
                cases += more
        for case in cases:
            compare(case)
    text = report(cases)
    if arguments.write:
        write_section("accuracy", text)
    else:
        print(text)


if __name__ == "__main__":
    main()
