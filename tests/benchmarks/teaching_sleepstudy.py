"""The section ``sleepstudy`` of the reference."""

from __future__ import annotations

import numpy as np
from scipy import stats
from teaching_fits import LABELS, FitComparison
from teaching_rows import FloatArray, Ledger
from teaching_tables import fitted
from teaching_tests import by_bootstrap, exact, exact_null, exact_p, likelihood_ratio

from mmgui.engine.criterion import Criterion
from mmgui.inference.degrees_of_freedom.kenward_roger import kenward_roger
from mmgui.inference.fixed_effects.term_tests import term_tests
from mmgui.inference.likelihood.constrained import minimise
from mmgui.inference.profile.curves import Parameter, parameters_of, profile
from mmgui.inference.profile.tasks import Optimum, task_of
from mmgui.inference.variance.explained import group_covariance
from mmgui.inference.variance.icc_curve import icc_curve
from mmgui.inference.variance.separate import pooled_coefficients, separate_fits
from mmgui.model import FittedModel

TABLE = "sleepstudy"
RI, RIS = "Reaction ~ Days + (1 | Subject)", "Reaction ~ Days + (Days | Subject)"
ZCP = "Reaction ~ Days + (Days || Subject)"
RI_C, RIS_C = "Reaction ~ cDays + (1 | Subject)", "Reaction ~ cDays + (cDays | Subject)"
ZCP_C = "Reaction ~ cDays + (cDays || Subject)"
NULL = "Reaction ~ 1 + (1 | Subject)"
ORIGINS = {0: "Days", 4.5: "cDays"}


def model(formula: str, reml: bool = True) -> FittedModel:
    return fitted(TABLE, formula, reml)


def sleepstudy(ledger: Ledger) -> None:
    """Every entry."""
    for criterion in ("REML", "ML"):
        for name in ledger.peek(f"{TABLE}/{criterion}"):
            FitComparison(ledger, f"{TABLE}/{criterion}/{name}", TABLE).run()
    likelihood_ratios(ledger)
    reml_is_no_likelihood(ledger)
    pooling(ledger)
    own_intervals(ledger)
    sparse_subjects(ledger)
    shrinkage(ledger)
    covariance_of_a_subject(ledger)
    icc_by_day(ledger)
    centring(ledger)
    correlation_by_origin(ledger)
    profiles(ledger)
    wald_intervals(ledger)
    ranova(ledger)
    exact_tests(ledger)
    kenward_roger_of_days(ledger)
    by_bootstrap(
        ledger,
        f"{TABLE}/PB_corr/tab",
        ledger.peek(f"{TABLE}/PB_corr/tab"),
        (model(ZCP, False), model(RIS, False)),
        1000,
    )
    for key in ("nsim", "seed"):
        ledger.skip(f"{TABLE}/PB_corr/{key}", "how the reference simulated")
    by_bootstrap(
        ledger,
        f"{TABLE}/PB_days/test",
        ledger.peek(f"{TABLE}/PB_days/test"),
        (model("Reaction ~ 1 + (Days | Subject)", False), model(RIS, False)),
        1000,
    )
    residuals(ledger)
    influence(ledger)
    deviance_at_theta(ledger)


def likelihood_ratios(ledger: Ledger) -> None:
    pairs = {
        "lm_vs_ri": ("Reaction ~ Days", RI),
        "ri_vs_zcp": (RI, ZCP),
        "ri_vs_ris": (RI, RIS),
        "zcp_vs_ris": (ZCP, RIS),
        "zcpc_vs_risc": (ZCP_C, RIS_C),
    }
    for key in ledger.peek(f"{TABLE}/lrt"):
        name, _, criterion = key.rpartition("_")
        small, big = (model(f, criterion == "REML") for f in pairs[name])
        likelihood_ratio(ledger, f"{TABLE}/lrt/{key}", small, big)


def reml_is_no_likelihood(ledger: Ledger) -> None:
    """REML criteria of different fixed effects change with the unit of a predictor; ML's do not."""
    path, shift = f"{TABLE}/reml_ml_demo", {}
    for criterion, name in ((False, "ML_chisq"), (True, "REML_pseudochisq")):
        for x in ("Days", "weeks"):
            small = model(f"Reaction ~ 1 + ({x} | Subject)", criterion)
            big = model(f"Reaction ~ {x} + ({x} | Subject)", criterion)
            shift[x] = small.objective - big.objective
            ledger.compare(f"{path}/{name}_{x.lower()}", "REML is no likelihood", shift[x])
    ledger.compare(f"{path}/expected_shift_2log7", "REML is no likelihood", shift["weeks"] - shift["Days"])


def pooling(ledger: Ledger) -> None:
    path, ris = f"{TABLE}/pooling", model(RIS)
    separate = separate_fits(ris.design, 0).estimates
    partial = ris.beta + ris.terms[0].modes
    ledger.compare(f"{path}/complete", "complete pooling", pooled_coefficients(ris.design))
    ledger.equal(f"{path}/subjects", "subjects", list(ris.terms[0].levels))
    for k, what in enumerate(("intercept", "slope")):
        ledger.compare(f"{path}/no_pooling_{what}", "no pooling", separate[:, k])
        ledger.compare(f"{path}/partial_{what}", "partial pooling", partial[:, k])


def own_intervals(ledger: Ledger) -> None:
    """lmList's, with one residual variance for all: the model in which Subject is a fixed effect."""
    path, fixed = f"{TABLE}/lmList_intervals", model("Reaction ~ 0 + Subject + Subject:Days")
    limits = fixed.confidence_intervals("wald").fixed
    found = np.stack([limits[:, 0], fixed.beta, limits[:, 1]], axis=1).reshape(2, 18, 3)
    ledger.skip(f"{path}/dimnames", LABELS)
    ledger.compare(f"{path}/values", "no pooling, with intervals", found.transpose(1, 2, 0))


def sparse_subjects(ledger: Ledger) -> None:
    path, fit = f"{TABLE}/sparse_subjects", fitted("sparse subjects", RIS)
    ledger.skip(f"{path}/source", LABELS)
    ledger.compare(f"{path}/beta", "hardly measured subjects", fit.beta)
    term, separate = fit.terms[0], separate_fits(fit.design, 0)
    for subject in ("373", "374"):
        own = fit.beta + term.modes[term.levels.index(subject)]
        ledger.compare(f"{path}/coef_{subject}", "hardly measured subjects", own)
    alone = separate.estimates[term.levels.index("374")]
    ledger.compare(f"{path}/no_pool_374", "hardly measured subjects", alone)


def shrinkage(ledger: Ledger) -> None:
    one_intercept(ledger, f"{TABLE}/shrinkage_ri_null", model(NULL))
    path, ris = f"{TABLE}/shrinkage_matrix_ris", model(RIS)
    away = separate_fits(ris.design, 0).estimates - ris.beta
    matrix = np.linalg.lstsq(away, ris.terms[0].modes, rcond=None)[0].T
    ledger.compare(f"{path}/W", "shrinkage", matrix)
    ledger.compare(f"{path}/trace", "shrinkage", np.trace(matrix))
    ledger.skip(f"{path}/note", LABELS)


def one_intercept(ledger: Ledger, path: str, fit: FittedModel) -> None:
    """How far each group's mean is drawn to the mean of all."""
    term, separate = fit.terms[0], separate_fits(fit.design, 0, beta=fit.beta)
    factor = term.modes[:, 0] / (separate.estimates[:, 0] - fit.beta[0])
    ledger.compare(f"{path}/tau2", "shrinkage", term.covariance[0, 0])
    ledger.compare(f"{path}/sigma2", "shrinkage", fit.sigma**2)
    ledger.compare(f"{path}/n", "shrinkage", separate.sizes)
    ledger.compare(f"{path}/lambda", "shrinkage", factor)


def covariance_of_a_subject(ledger: Ledger) -> None:
    found = group_covariance(model(RIS), "Subject", "308")
    ledger.compare(f"{TABLE}/V_block/V", "covariance within a subject", found.covariance)
    ledger.compare(f"{TABLE}/V_block/corr", "covariance within a subject", found.correlation)


def icc_by_day(ledger: Ledger) -> None:
    path = f"{TABLE}/icc_by_day"
    curve = icc_curve(model(RIS), 0, "Days", at=ledger.at(f"{path}/Days"))
    ledger.compare(f"{path}/icc", "ICC by day", curve.icc)
    ledger.compare(f"{path}/min_var_at", "where subjects differ least", curve.lowest_at)


def centring(ledger: Ledger) -> None:
    path = f"{TABLE}/centring"
    full, zcp = (model(a, False).loglik - model(b, False).loglik for a, b in ((RIS, RIS_C), (ZCP, ZCP_C)))
    ledger.compare(f"{path}/full_ML_diff", "centring", full, floor=1.0)
    ledger.compare(f"{path}/zcp_ML_diff", "centring", zcp)
    ledger.compare(f"{path}/corr_raw", "centring", model(RIS).terms[0].correlation[0, 1])
    ledger.compare(f"{path}/corr_centred", "centring", model(RIS_C).terms[0].correlation[0, 1])
    for key, formula in (("zcp", ZCP), ("zcp_c", ZCP_C), ("full", RIS), ("full_c", RIS_C)):
        ledger.compare(f"{path}/R2c_{key}", "centring", model(formula).explained().r2_conditional)


def correlation_by_origin(ledger: Ledger) -> None:
    path, found = f"{TABLE}/corr_vs_origin", []
    for origin in ledger.at(f"{path}/origin"):
        x = ORIGINS.get(origin, f"I(Days - {origin})" if origin > 0 else f"I(Days + {-origin})")
        found.append(model(f"Reaction ~ {x} + ({x} | Subject)").terms[0].correlation[0, 1])
    ledger.compare(f"{path}/corr", "correlation by origin", found)


def profiles(ledger: Ledger) -> None:
    path, ris = f"{TABLE}/profile_ML_ris", model(RIS, False)
    limits = np.array([c.interval() for c in profile(ris)])
    ledger.compare(f"{path}/ci95", "profile, 95 % limits", limits)
    ledger.compare(f"{path}/ci95_mat", "profile, 95 % limits", limits)
    wide = np.array([c.interval(0.99) for c in profile(ris, level=0.99)])
    ledger.compare(f"{path}/ci99", "profile, 99 % limits", wide)
    parameters = {p.name: p for p in parameters_of(ris.design)}
    for name, curve in ledger.peek(f"{path}/zeta").items():
        at = np.array(ledger.at(f"{path}/zeta/{name}/value"))
        zeta = signed_roots(ris, parameters[name], at)
        # ζ is a z value: near the estimate, where it is 0, differences are related to 1.
        ledger.compare(
            f"{path}/zeta/{name}/zeta", "profile, ζ at lme4's points", zeta, theirs=curve["zeta"], floor=1.0
        )
    limits = np.array([c.interval() for c in profile(model(RI, False))])
    ledger.compare(f"{TABLE}/profile_ML_ri/ci95_mat", "profile, 95 % limits", limits)


def signed_roots(fit: FittedModel, parameter: Parameter, values: FloatArray) -> FloatArray:
    """ζ at given values, without interpolation."""
    optimum = Optimum.of(fit)
    task = task_of(optimum, parameter)
    assert task is not None
    out = []
    for value in values:
        inside = float(np.clip(value, *task.bounds))
        deviance, _ = minimise(task.held, inside, task.held.starts(task.held.start))
        gain = max(deviance - optimum.objective, 0.0)
        out.append(float(np.sign(value - task.estimate) * np.sqrt(gain)))
    return np.array(out)


def wald_intervals(ledger: Ledger) -> None:
    ris = model(RIS)
    found = ris.confidence_intervals("wald", df="none").fixed
    none = [[None, None]] * (len(ris.theta) + 1)
    ledger.compare(f"{TABLE}/wald_ci_ris", "Wald intervals by z", [*none, *found.tolist()])


def ranova(ledger: Ledger) -> None:
    path, found = f"{TABLE}/ranova_ris", model(RIS).random_tests()
    (row,) = found.rows
    assert row.test is not None
    ledger.compare(f"{path}/npar", "ranova", [found.npar, row.npar])
    ledger.compare(f"{path}/logLik", "ranova", [found.loglik, row.loglik])
    ledger.compare(f"{path}/AIC", "ranova", [found.aic, row.aic])
    ledger.compare(f"{path}/LRT", "ranova", [None, row.test.statistic])
    ledger.compare(f"{path}/Df", "ranova", [None, row.test.df])
    ledger.compare(f"{path}/Pr(>Chisq)", "ranova: p of χ²", [None, row.test.p_naive], floor=0.0)


def exact_tests(ledger: Ledger) -> None:
    found = exact(model("Reaction ~ Days"), model(RI))
    exact_p(ledger, f"{TABLE}/RLRT/ri_vs_lm", found)
    exact_null(ledger, f"{TABLE}/RLRT/ri_vs_lm", found)
    exact_p(ledger, f"{TABLE}/RLRT/slope_given_intercept_centred", exact(model(RI_C), model(ZCP_C)))


def kenward_roger_of_days(ledger: Ledger) -> None:
    path, ris = f"{TABLE}/KR_days", model(RIS)
    tests = term_tests(ris, "III", "kenward-roger")
    unscaled = float(tests.mean_sq[0]) / ris.sigma**2
    scale = float(tests.f[0]) / unscaled
    p = float(stats.f.sf(unscaled, 1, tests.den_df[0]))
    for key, value in (
        ("ndf", tests.num_df[0]),
        ("ddf", tests.den_df[0]),
        ("Fstat", tests.f[0]),
        ("p.value", tests.p[0]),
        ("F.scaling", scale),
        ("FstatU", unscaled),
        ("p.valueU", p),
    ):
        ledger.compare(f"{path}/{key}", "Kenward-Roger of Days", value, floor=0.0)
    first, second = kenward_roger(ris).moments(tests.hypotheses[0])
    theirs = ledger.peek(f"{path}/aux")
    theirs = [*theirs[:2], theirs[6]]
    ours = [first, second, scale]
    ledger.compare(f"{path}/aux", "Kenward-Roger of Days: A₁, A₂, scale", ours, theirs=theirs)
    ledger.skip(f"{path}/aux[3:6]", "V₀, V₁, V₂ and ρ, steps on the way that our functions do not return")


def residuals(ledger: Ledger) -> None:
    path, ris = f"{TABLE}/residuals", model(RIS)
    found = ris.residuals()
    ledger.compare(f"{path}/sd_conditional_over_sigma", "residuals", found.scaled_pearson.std(ddof=1))
    ledger.compare(f"{path}/pit_unconditional", "residuals as probabilities", found.pit_marginal)
    ledger.compare(f"{path}/pit_conditional", "residuals as probabilities", found.pit_conditional)
    p = float(stats.kstest(found.pit_marginal, "uniform", method="asymp").pvalue)
    ledger.compare(f"{path}/ks_unconditional", "residuals: Kolmogorov-Smirnov", p)
    ledger.compare(f"{path}/edf_hat_trace", "effective parameters", ris.influence().effective_parameters)


def influence(ledger: Ledger) -> None:
    path, ris = f"{TABLE}/influence", model(RIS)
    found = ris.without("Subject")
    without = found.without
    ledger.compare(f"{path}/cooks", "influence: Cook's distance", found.cooks_lme4)
    ledger.equal(f"{path}/fixef_minus/subject", "influence: subjects", list(found.labels))
    for k, what in enumerate(("intercept", "days")):
        ledger.compare(f"{path}/fixef_minus/{what}", "influence: fixed effects", without.beta[:, k])
    sd = without.sd[0]
    covariance = without.correlation[0][:, 0, 1] * sd[:, 0] * sd[:, 1]
    parts = [without.sigma**2, sd[:, 0] ** 2, covariance, sd[:, 1] ** 2]
    made = np.column_stack(parts)
    theirs = np.array(ledger.peek(f"{path}/varcomp_minus"))
    for k, what in enumerate(("σ²", "variance of the intercept", "covariance", "variance of Days")):
        ledger.compare(
            f"{path}/varcomp_minus",
            f"influence: {what}",
            made[:, k],
            theirs=theirs[:, k],
            case="refits stopped short",
            excess=excess_of_refits(ris, theirs, without.objective),
        )


def excess_of_refits(fit: FittedModel, theirs: FloatArray, objective: FloatArray) -> float:
    """Of the reference's refits without a subject, the largest criterion above ours, by our engine."""
    from mmgui.inference.refits.reduced import without_rows
    from mmgui.inference.variance.groups import rows_of_groups

    gaps = []
    rows = rows_of_groups(fit.design, "Subject")
    for one, best, left_out in zip(theirs, objective, rows.values(), strict=True):
        covariance = np.array([[one[1], one[2]], [one[2], one[3]]]) / one[0]
        lam = np.linalg.cholesky(covariance)
        design = without_rows(fit.design, left_out).design
        gaps.append(Criterion(design).value(lam[[0, 1, 1], [0, 0, 1]]) - best)
    return float(max(gaps))


def deviance_at_theta(ledger: Ledger) -> None:
    path = f"{TABLE}/deviance_at_theta"
    criterion = Criterion(model(RIS, False).design)
    found = [criterion.value(np.array(theta)) for theta in ledger.at(f"{path}/theta")]
    ledger.compare(f"{path}/deviance", "criterion at given θ", found)
