"""The sections of the reference that rest on published tables: Dyestuff to cake."""

from __future__ import annotations

from typing import Any

import numpy as np
from teaching_fits import FitComparison
from teaching_rows import Ledger
from teaching_sleepstudy import one_intercept
from teaching_tables import fitted, table
from teaching_tests import exact, exact_null, exact_p, likelihood_ratio

import mmgui
from mmgui.data.relation import RelationKind, relation
from mmgui.engine.criterion import Criterion
from mmgui.inference.fixed_effects.term_tests import term_tests
from mmgui.inference.profile.curves import profile
from mmgui.inference.variance.explained import group_covariance

CROSSED = "diameter ~ 1 + (1 | plate) + (1 | sample)"
SAMPLE = "strength ~ 1 + (1 | sample)"
BATCH = "strength ~ 1 + (1 | batch)"
BOTH = "strength ~ 1 + (1 | sample) + (1 | batch)"
WORKER, CS = "score ~ Machine + (1 | Worker)", "score ~ Machine + (1 | Worker/Machine)"
FULL, CELL = "score ~ Machine + (Machine | Worker)", "score ~ Machine + (0 + Machine | Worker)"


def all_fits(ledger: Ledger, path: str, name: str) -> None:
    """A fit, or a dictionary of fits."""
    entry = ledger.peek(path)
    if "formula" in entry:
        FitComparison(ledger, path, name).run()
        return
    for key in entry:
        FitComparison(ledger, f"{path}/{key}", name).run()


def limits(name: str, formula: str) -> Any:
    return np.array([c.interval() for c in profile(fitted(name, formula, False))])


def dyestuff(ledger: Ledger, name: str) -> None:
    """Dyestuff and Dyestuff2: one variance."""
    formula = "Yield ~ 1 + (1 | Batch)"
    reml, ml = fitted(name, formula), fitted(name, formula, False)
    for criterion in ("REML", "ML"):
        all_fits(ledger, f"{name}/{criterion}", name)
    one_way(ledger, name)
    one_intercept(ledger, f"{name}/shrinkage", reml)
    likelihood_ratio(ledger, f"{name}/lrt_ML", fitted(name, "Yield ~ 1", False), ml)
    likelihood_ratio(ledger, f"{name}/lrt_REML", fitted(name, "Yield ~ 1"), reml)
    found = exact(fitted(name, "Yield ~ 1"), reml)
    exact_p(ledger, f"{name}/RLRT", found)
    exact_null(ledger, f"{name}/RLRT", found)
    ledger.compare(f"{name}/profile_ML", "profile, 95 % limits", limits(name, formula))
    for fit, curve, key in ((reml, "reml_curve", "crit"), (ml, "ml_curve", "dev")):
        criterion_of = Criterion(fit.design)
        at = ledger.at(f"{name}/{curve}/theta")
        values = [criterion_of.value(np.array([theta])) for theta in at]
        ledger.compare(f"{name}/{curve}/{key}", "criterion at given θ", values)


def one_way(ledger: Ledger, name: str) -> None:
    """The analysis of variance, from the regression on Batch."""
    path, fixed = f"{name}/anova", fitted(name, "Yield ~ Batch")
    tests = term_tests(fixed)
    within, between = fixed.sigma**2, float(tests.mean_sq[0])
    ledger.compare(f"{path}/MSB", "analysis of variance", between)
    ledger.compare(f"{path}/MSW", "analysis of variance", within)
    ledger.compare(f"{path}/F", "analysis of variance", tests.f)
    ledger.compare(f"{path}/p", "analysis of variance", tests.p)
    ledger.compare(f"{path}/var_b_ANOVA", "analysis of variance", (between - within) / 5.0)
    ledger.compare(f"{path}/var_w", "analysis of variance", within)


def penicillin(ledger: Ledger) -> None:
    name = "Penicillin"
    for criterion in ("REML", "ML"):
        all_fits(ledger, f"{name}/{criterion}", name)
    for dropped, kept in (("plate", "sample"), ("sample", "plate")):
        small = fitted(name, f"diameter ~ 1 + (1 | {kept})", False)
        likelihood_ratio(ledger, f"{name}/lrt/drop_{dropped}", small, fitted(name, CROSSED, False))
    ledger.compare(f"{name}/profile_ML", "profile, 95 % limits", limits(name, CROSSED))
    nested(ledger, f"{name}/isNested_plate_in_sample", name, "plate", "sample")


def nested(ledger: Ledger, path: str, name: str, inner: str, outer: str) -> None:
    found = relation(table(name), inner, outer)
    inside = found.kind is RelationKind.NESTED and found.inner == inner
    ledger.equal(path, "nested or not", inside)


def pastes(ledger: Ledger) -> None:
    name = "Pastes"
    for criterion in ("REML", "ML"):
        all_fits(ledger, f"{name}/{criterion}", name)
    for inner in ("cask", "sample"):
        nested(ledger, f"{name}/nested/{inner}_in_batch", name, inner, "batch")
    for criterion in ("ML", "REML"):
        small, big = (fitted(name, f, criterion == "REML") for f in (SAMPLE, BOTH))
        likelihood_ratio(ledger, f"{name}/lrt/drop_batch_{criterion}", small, big)
    batch, sample = fitted(name, BATCH, False), fitted(name, SAMPLE, False)
    path, compared = f"{name}/lrt/nonnested_batch_vs_sample", mmgui.compare(batch, sample)
    gap = batch.objective - sample.objective
    ledger.compare(f"{path}/chisq", "difference of models that are not nested", gap)
    refused = [r.code for r in compared.refused]
    ledger.at(f"{path}/df")
    ledger.equal(path, "the test of models that are not nested: refused", refused, theirs=["C4"])
    exact_p(ledger, f"{name}/RLRT_batch", exact(fitted(name, SAMPLE), fitted(name, BOTH)))
    ledger.compare(f"{name}/profile_ML", "profile, 95 % limits", limits(name, BOTH))


def machines(ledger: Ledger) -> None:
    name = "Machines"
    for criterion in ("REML", "ML"):
        all_fits(ledger, f"{name}/{criterion}", name)
    pairs = {"ri_vs_cs_REML": (WORKER, CS), "cs_vs_full_REML": (CS, FULL), "ri_vs_full_REML": (WORKER, FULL)}
    for key, (small, big) in pairs.items():
        likelihood_ratio(ledger, f"{name}/lrt/{key}", fitted(name, small), fitted(name, big))
    full, cell = fitted(name, FULL), fitted(name, CELL)
    gap = 0.5 * (cell.objective - full.objective)
    ledger.compare(f"{name}/lrt/full_vs_cell", "one model written in two ways: difference", gap, floor=1.0)
    found = group_covariance(full, "Worker", "1")
    codes = table(name)["Machine"].codes[found.rows]
    first = [int(np.flatnonzero(codes == level)[0]) for level in range(3)]
    block = found.covariance[np.ix_(first, first)] - full.sigma**2 * np.eye(3)
    ledger.compare(f"{name}/V_worker_full", "covariance of a worker's machines", block)


def orthodont(ledger: Ledger) -> None:
    name = "Orthodont"
    all_fits(ledger, f"{name}/REML", name)
    found = [
        fitted(name, f"distance ~ {x} * Sex + ({x} | Subject)").terms[0].correlation[0, 1]
        for x in ("age", "cage")
    ]
    raw = FitComparison(ledger, f"{name}/REML/ris_raw", name)
    ledger.compare(
        f"{name}/corr_raw_vs_centred",
        "correlation by origin",
        found,
        case="lme4 stopped short",
        excess=raw.excess,
    )


def oats_and_cake(ledger: Ledger) -> None:
    for name in ("Oats", "cake"):
        all_fits(ledger, f"{name}/REML", name)


def published(ledger: Ledger) -> None:
    """All of them."""
    dyestuff(ledger, "Dyestuff")
    dyestuff(ledger, "Dyestuff2")
    penicillin(ledger)
    pastes(ledger)
    machines(ledger)
    orthodont(ledger)
    oats_and_cake(ledger)
