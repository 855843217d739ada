"""Tests of the reference beside ours: likelihood ratios, the exact distribution, the parametric bootstrap."""

from __future__ import annotations

from typing import Any

import numpy as np
from teaching_fits import LABELS
from teaching_rows import FloatArray, Ledger

import mmgui
from mmgui.inference.comparison.exact_rlrt import ExactTest, exact_lrt
from mmgui.inference.comparison.lrt import NestedTest, describe_reference
from mmgui.inference.simulation.bootstrap import bootstrap_test
from mmgui.model import FittedModel

# The statistic of a test of models that fit equally well; differences are related to it at least.
NO_DIFFERENCE = 1e-3
NO_CHANCE = 1e-300
# Replicates of RLRsim in the reference (its p-values have five digits), and ours.
EXACT = 100_000
SEED = 20

MIXTURES = {"0.5*chi2_0+0.5*chi2_1": "½ χ²(0) + ½ χ²(1)", "0.5*chi2_1+0.5*chi2_2": "½ χ²(1) + ½ χ²(2)"}


def the_test(small: FittedModel, big: FittedModel) -> NestedTest:
    """The likelihood-ratio test of a nested pair."""
    (found,) = mmgui.compare(small, big).tests
    return found


def likelihood_ratio(ledger: Ledger, path: str, small: FittedModel, big: FittedModel) -> NestedTest:
    """Statistic, degrees of freedom, both p-values, and the mixture."""
    entry, found = ledger.peek(path), the_test(small, big)
    if "kind" in entry:
        ledger.skip(f"{path}/kind", LABELS)
    ledger.compare(f"{path}/chisq", "tests: statistic", found.statistic, floor=NO_DIFFERENCE)
    ledger.compare(f"{path}/p_naive", "tests: p of χ²", found.p_naive, floor=NO_CHANCE)
    if "df" in entry:
        ledger.compare(f"{path}/df", "tests: df", found.df)
    if "p_mixture" not in entry:
        return found
    if entry["p_mixture"] is not None:
        ledger.compare(f"{path}/p_mixture", "tests: p of the mixture", found.p, floor=NO_CHANCE)
        reference = MIXTURES[entry["mixture"]] if entry.get("mixture") else "½ χ²(0) + ½ χ²(1)"
        if "mixture" in entry:
            ledger.equal(f"{path}/mixture", "tests: mixture", describe_reference(found), theirs=reference)
    elif found.reference == "chi2":
        # Nothing at a boundary, so that the plain χ² is right, and ours.
        for key in ("p_mixture", "mixture"):
            ledger.equal(f"{path}/{key}", "tests: none but χ² is needed", found.reference, theirs="chi2")
    else:
        ledger.at(f"{path}/p_mixture")
        ours = describe_reference(found)
        none = "none given"
        ledger.equal(f"{path}/mixture", "tests: mixture", ours, theirs=none, case="bound of the mixture")
    return found


def share_error(p: float, theirs: int, ours: int) -> float:
    """SE of the difference of two simulated shares; that of one in N where the share is nearly 0."""
    return float(np.sqrt(max(p * (1.0 - p), 1.0 / min(theirs, ours)) * (1.0 / theirs + 1.0 / ours)))


def exact(small: FittedModel, big: FittedModel) -> ExactTest:
    return exact_lrt(small, big, EXACT, SEED)


def exact_p(ledger: Ledger, path: str, found: ExactTest) -> None:
    """Statistic and p-value."""
    ledger.compare(f"{path}/stat", "exact test: statistic", found.statistic, floor=NO_DIFFERENCE)
    error = share_error(found.p, EXACT, EXACT)
    case = "p of a statistic of 0" if found.statistic < 1e-6 else ""
    ledger.simulated(f"{path}/p", "exact test: p", found.p, error, case=case)


def exact_null(ledger: Ledger, path: str, found: ExactTest) -> None:
    """The null distribution: how often it is 0, and its quantiles."""
    entry = ledger.peek(path)
    if "null_P0" in entry:
        zero = found.zero_simulated
        ledger.simulated(
            f"{path}/null_P0",
            "exact test: P(0)",
            zero,
            share_error(zero, EXACT, EXACT),
            case="P(0) on a grid",
        )
    if "analytic_P0" in entry:
        ledger.compare(f"{path}/analytic_P0", "exact test: P(0) by integral", found.zero_analytic)
    if "null_q95" in entry:
        quantiles(ledger, f"{path}/null_q95", found, [0.95])
    if "null_quantiles" in entry:
        quantiles(ledger, f"{path}/null_quantiles", found, [0.5, 0.9, 0.95, 0.99])


def quantiles(ledger: Ledger, path: str, found: ExactTest, levels: list[float]) -> None:
    ours = np.array([found.quantiles[q] for q in levels])
    errors = np.sqrt(2.0) * np.array([quantile_error(found.replicates, q) for q in levels])
    ledger.simulated(path, "exact test: quantiles", ours, errors)


def quantile_error(values: FloatArray, level: float) -> float:
    """SE of a quantile, from the order statistics one SE of the share to both sides."""
    width = float(np.sqrt(level * (1.0 - level) / len(values)))
    low, high = np.quantile(values, [level - width, min(level + width, 1.0)])
    return 0.5 * float(high - low)


def by_bootstrap(
    ledger: Ledger, path: str, entry: dict[str, Any], models: tuple[FittedModel, FittedModel], theirs: int
) -> None:
    """pbkrtest's table: the statistic twice, and its p-values by χ² and by simulation."""
    small, big = models
    plain = the_test(small, big)
    found = bootstrap_test(small, big, 1000, SEED)
    ledger.compare(f"{path}/stat", "bootstrap test: statistic", [found.statistic] * 2, floor=NO_DIFFERENCE)
    ledger.compare(f"{path}/df", "bootstrap test: df", [plain.df, None])
    p = entry["p.value"]
    ledger.compare(f"{path}/p.value", "bootstrap test: p of χ²", plain.p_naive, theirs=p[0])
    error = share_error(found.p, theirs, len(found.replicates))
    ledger.simulated(f"{path}/p.value", "bootstrap test: p", found.p, error, theirs=p[1])
