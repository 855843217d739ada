"""The sections of the reference that rest on simulated tables, and those that count and calculate."""

from __future__ import annotations

from typing import Any

import numpy as np
from teaching_fits import LABELS, FitComparison
from teaching_identifiability import design_of
from teaching_rows import FloatArray, Ledger
from teaching_samples import all_fits
from teaching_tables import fitted, group_columns, sample, stand_in
from teaching_tests import SEED, likelihood_ratio, share_error, the_test

import mmgui
from mmgui.data.frame import from_frame
from mmgui.engine.build import build_design
from mmgui.inference.comparison.exact_rlrt import exact_lrt
from mmgui.inference.fixed_effects.term_tests import term_tests
from mmgui.inference.identifiability.certificate import identifiability
from mmgui.inference.simulation.bootstrap import bootstrap_test
from mmgui.spec.formula import parse

TRUTH = "what was simulated, not a result"
CUBIC = "Reaction ~ poly(Days, 3) + (poly(Days, 3) | Subject)"
LINEAR = "Reaction ~ poly(Days, 3) + (1 | Subject)"
# Simulations of each share of estimates that are zero, and rows of each group there.
ZERO_COUNT, ROWS = 1000, 5


def same_data(ledger: Ledger, path: str, name: str) -> None:
    """Our sample holds the reference's table."""
    columns = sample(name)
    for key, values in ledger.peek(path).items():
        ours = columns[key]
        if ours.dtype == object:
            ledger.equal(f"{path}/{key}", "the table", list(ours), theirs=[str(v) for v in values])
        else:
            ledger.compare(f"{path}/{key}", "the table", ours)


def overparam(ledger: Ledger) -> None:
    path, name = "overparam/plot5", "sim_plots_treatments"
    same_data(ledger, f"{path}/data", name)
    full = fitted(name, ledger.peek(f"{path}/full/formula"))
    # The note: four plots cannot show more than four directions.
    ledger.equal(f"{path}/note", "rank of 4 plots at most 4", full.terms[0].rank <= 4, theirs=True)
    for key in ("full", "nested", "ri"):
        FitComparison(ledger, f"{path}/{key}", name).run()
    FitComparison(ledger, "overparam/sleep_cubic", "sleepstudy").run()
    cubic_test(ledger)


def cubic_test(ledger: Ledger) -> None:
    small, big = fitted("sleepstudy", LINEAR), fitted("sleepstudy", CUBIC)
    likelihood_ratio(ledger, "overparam/sleep_cubic_lrt", small, big)


def hidden_singular(ledger: Ledger) -> None:
    same_data(ledger, "hidden_singular/data", "sim_hidden_singular")
    ledger.skip("hidden_singular/truth", TRUTH)
    FitComparison(ledger, "hidden_singular/full", "sim_hidden_singular").run()


def sims(ledger: Ledger) -> None:
    for key, name in (
        ("crossed", "sim_subjects_items"),
        ("simpson", "sim_within_between"),
        ("chen", "sim_within_subject_factors"),
    ):
        same_data(ledger, f"sims/{key}/data", name)
        ledger.skip(f"sims/{key}/truth", TRUTH)
    all_fits(ledger, "sims/crossed/fits", "sim_subjects_items")
    simpson(ledger)
    for key in ledger.peek("sims/chen/fits"):
        name = "factor means" if key in ("T1", "T1A") else "factors"
        FitComparison(ledger, f"sims/chen/fits/{key}", name).run()


def simpson(ledger: Ledger) -> None:
    """Three slopes of one table: of all rows, within groups, between groups."""
    path, name = "sims/simpson", "within and between"
    ledger.compare(f"{path}/ols", "slopes of regressions", fitted(name, "y ~ x").beta)
    within = fitted(name, "y ~ x + g")
    ledger.compare(
        f"{path}/within_ols", "slopes of regressions", within.beta[within.design.fixed_names.index("x")]
    )
    ledger.compare(f"{path}/between_ols", "slopes of regressions", fitted("group means", "y ~ mb").beta)
    all_fits(ledger, f"{path}/fits", name)


def counts(ledger: Ledger) -> None:
    """Effects and (co)variances of large formulas; made-up tables have columns of the same kinds."""
    ledger.remarks.append(
        "The bloodworm example of `counts` models numbers of animals and is no linear model; the numbers of "
        "effects and (co)variances that the reference asks for do not depend on that."
    )
    terms = {
        "all_interactions_numeric": "(a * b * c * d | g)",
        "categorical_no_int": "(A + B + C + D | g)",
        "numeric_no_int_as_slide": "(0 + a + b + c + d | g)",
        "numeric_no_int_with_intercept": "(a + b + c + d | g)",
        "full_categorical": "(0 + A:B:C:D | g)",
    }
    table = from_frame(group_columns(), "counts")
    for key, term in terms.items():
        (random,) = build_design(parse(f"y ~ 1 + {term}"), table).random
        path = f"counts/bloodworm/{key}"
        ledger.compare(f"{path}/effects", "number of effects", len(random.effects))
        ledger.compare(f"{path}/p", "number of (co)variances", random.theta_count)
    design = build_design(parse("y ~ S * P * L + (S * P * L | g) + (S * P * L | h)"), table)
    each = [random.theta_count for random in design.random]
    ledger.compare("counts/KB07_max/per_factor", "number of (co)variances", each, theirs=[36, 36])
    ledger.compare("counts/KB07_max/total", "number of (co)variances", design.theta_count)


def extra(ledger: Ledger) -> None:
    three_formulas(ledger)
    zero_estimates(ledger)
    slope_without_fixed_effect(ledger)
    bootstrap_at_the_boundary(ledger)


def three_formulas(ledger: Ledger) -> None:
    """Someone's three formulas; their table is not in the reference, one of the same shape stands in."""
    table = from_frame(stand_in(), "stand-in")
    for key in ("f_user", "f_chen", "f_nested"):
        path = f"extra/{key}"
        ledger.skip(f"{path}/formula", LABELS)
        found = identifiability(design_of(ledger.peek(f"{path}/formula"), table, reml=True))
        ledger.compare(f"{path}/n_par", "certificate on a stand-in table: parameters", found.n_par)
        ledger.compare(f"{path}/rank", "certificate on a stand-in table: rank", found.rank)
        for missing in ("logLik", "singular", "msgs"):
            ledger.skip(f"{path}/{missing}", "the table that was fitted is not in the reference")


def one_way(groups: int, icc: float) -> dict[str, Any]:
    """Balanced groups whose REML estimate of the ICC is exactly this."""
    within = np.arange(ROWS) - 0.5 * (ROWS - 1)
    within = within * np.sqrt((ROWS - 1) / np.sum(within**2))
    means = np.arange(groups) - 0.5 * (groups - 1)
    wanted = 1.0 + ROWS * icc / (1.0 - icc)
    means = means * np.sqrt(wanted * (groups - 1) / (ROWS * np.sum(means**2)))
    labels = np.repeat([f"group {k}" for k in range(groups)], ROWS)
    return {"g": labels.astype(object), "y": (means[:, None] + within).ravel()}


def zero_estimates(ledger: Ledger) -> None:
    """How often the variance is estimated as 0: by integral where it is 0, else by bootstrap."""
    path = "extra/P_zero_balanced_n5"
    shares, theirs = ledger.at(f"{path}/icc"), np.array(ledger.peek(f"{path}/P"))
    sizes = ledger.at(f"{path}/G")
    exact, simulated = [], []
    for groups in sizes:
        for icc in shares:
            columns = one_way(groups, icc)
            fit = mmgui.fit("y ~ 1 + (1 | g)", columns)
            if icc == 0.0:
                smaller = mmgui.fit("y ~ 1", columns)
                exact.append(exact_lrt(smaller, fit, 1000, SEED).zero_analytic)
            else:
                found = fit.bootstrap(ZERO_COUNT, SEED, workers=1)
                simulated.append(float(np.mean(found.singular)))
    ledger.compare(f"{path}/P", "P(variance estimated as 0), ICC 0, by integral", exact, theirs=theirs[:, 0])
    p = theirs[:, 1:].ravel()
    errors = np.sqrt(np.maximum(p * (1.0 - p), 1.0 / ZERO_COUNT) / ZERO_COUNT)
    ledger.simulated(
        f"{path}/P", "P(variance estimated as 0), by bootstrap", np.array(simulated), errors, theirs=p
    )


def slope_without_fixed_effect(ledger: Ledger) -> None:
    path = "extra/insight_random_slope_not_in_fixed"
    random = fitted("sleepstudy", "Reaction ~ 1 + (Days | Subject)").explained().random
    ledger.skip(f"{path}/formula", LABELS)
    ledger.compare(f"{path}/correct", "variance of random slopes", random)
    ledger.compare(
        f"{path}/insight_0.19", "variance of random slopes", random, case="insight loses the slope"
    )


def bootstrap_at_the_boundary(ledger: Ledger) -> None:
    path, count = "extra/PB_boundary_Dyestuff", ledger.peek("extra/PB_boundary_Dyestuff/nsim")
    ledger.skip(f"{path}/nsim", "how the reference simulated")
    small, big = (fitted("Dyestuff", f, False) for f in ("Yield ~ 1", "Yield ~ 1 + (1 | Batch)"))
    found, plain = bootstrap_test(small, big, count, SEED), the_test(small, big)
    above = found.replicates >= found.statistic
    positive = found.replicates > 1e-6
    only_positive = (1 + np.sum(above)) / (1 + np.sum(positive))
    ledger.compare(f"{path}/obs", "bootstrap at the boundary: statistic", found.statistic)
    for key, value, size in (
        ("P0", 1.0 - np.mean(positive), count),
        ("p_all", found.p, count),
        ("p_pos_only", only_positive, int(np.sum(positive))),
    ):
        error = share_error(float(value), size, size)
        ledger.simulated(f"{path}/{key}", "bootstrap at the boundary", value, error)
    ledger.compare(f"{path}/naive", "bootstrap at the boundary: p of χ²", plain.p_naive)
    ledger.compare(f"{path}/mixture", "bootstrap at the boundary: p of the mixture", plain.p)
    f_test: FloatArray = term_tests(fitted("Dyestuff", "Yield ~ Batch")).p
    ledger.compare(f"{path}/exact_F_test", "analysis of variance", f_test)


def simulated(ledger: Ledger) -> None:
    """All of them."""
    overparam(ledger)
    hidden_singular(ledger)
    sims(ledger)
    counts(ledger)
    extra(ledger)
