"""The 47 reference fits of lme4, one line each, and the largest differences from them.

    python tests/benchmarks/reference_fits.py

Excess is our criterion minus lme4's; the other columns are the largest relative differences of the
SDs (against the largest SD of the fit where lme4's is zero), fixed effects and standard errors.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.spec.formula import parse

REFERENCES = Path(__file__).parents[1] / "data" / "lme4_fits.json"


def sds(result: Fit) -> list[float]:
    """Ours, ascending; lme4 orders its terms by their number of levels."""
    return sorted([*(float(sd) for term in result.terms for sd in term.sd), result.sigma])


def lme4_sds(reference: dict[str, Any]) -> list[float]:
    return sorted(float(row["sdcor"]) for row in reference["varcorr"] if row["var2"] is None)


def largest(ours: list[float], theirs: list[float], floor: float = 0.0) -> float:
    return max((abs(a - b) / max(abs(b), floor) for a, b in zip(ours, theirs, strict=True)), default=0.0)


def main() -> None:
    """Fit and print."""
    worst = {"excess": float("-inf"), "SD": 0.0, "fixed effects": 0.0, "SE": 0.0}
    for reference in json.loads(REFERENCES.read_text(encoding="utf-8")):
        spec = replace(parse(reference["formula"]), reml=reference["reml"])
        result = fit(FitJob(spec, load_sample(reference["dataset"])))
        theirs = lme4_sds(reference)
        row = {
            "excess": result.objective - reference["objective"],
            "SD": largest(sds(result), theirs, 1e-3 * max(theirs)),
            "fixed effects": largest(result.beta.tolist(), list(reference["fixef"].values())),
            "SE": largest(result.se.tolist(), list(reference["se"].values())),
        }
        worst = {name: max(worst[name], value) for name, value in row.items()}
        cells = "  ".join(f"{name} {value:+.1e}" for name, value in row.items())
        kind = "REML" if reference["reml"] else "ML"
        marks = f"{'converged' if result.convergence.converged else 'NOT CONVERGED'}"
        marks += ", singular" if result.singular else ""
        print(f"{reference['dataset']:11} {kind:4} {reference['formula']:58} {cells}  {marks}")
    print("largest: " + "  ".join(f"{name} {value:+.1e}" for name, value in worst.items()))


if __name__ == "__main__":
    main()
