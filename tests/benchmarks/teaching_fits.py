"""Every figure of a reference fit beside the same model fitted here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from scipy import stats
from teaching_rows import TOLERANCE, FloatArray, Ledger, differences, numbers
from teaching_tables import fitted, our_name

from mmgui.engine.criterion import Criterion
from mmgui.engine.result import FittedTerm
from mmgui.engine.solution import Solution
from mmgui.inference.fixed_effects.term_tests import term_tests
from mmgui.inference.identifiability.certificate import identifiability
from mmgui.inference.variance.principal_components import principal_components
from mmgui.model import FittedModel

# lme4's criterion above ours by more than this means that it stopped short.
SHORT = 1e-9
# p-values below this are all the same: very small.
NO_CHANCE = 1e-12
COLUMNS = ("Estimate", "Std. Error", "df", "t value", "Pr(>|t|)")
ANOVA = ("Sum Sq", "Mean Sq", "NumDF", "DenDF", "F value", "Pr(>F)")
LABELS = "they say what is compared"
Entry = dict[str, Any]


def as_list(value: Any) -> list[Any]:
    """R's vectors of length one come as numbers."""
    return value if isinstance(value, list) else [value]


class FitComparison:
    """A reference fit at a path, and ours."""

    def __init__(self, ledger: Ledger, path: str, table: str) -> None:
        self.ledger, self.path = ledger, path
        self.entry: Entry = ledger.peek(path)
        self.ours: FittedModel = fitted(table, self.entry["formula"], self.entry["REML"])

    def run(self) -> None:
        """Compare everything that the entry holds."""
        self.shape()
        self.criterion()
        self.engine_at_their_theta()
        self.estimates()
        self.components()
        self.variance_partition()
        if "ranef" in self.entry:
            self.conditional_modes()
        for method, name in (("satterthwaite", "satterthwaite"), ("kenward-roger", "kenward_roger")):
            if name in self.entry:
                self.coefficients(name, method)
        for method, name in (("satterthwaite", "anova_III_satt"), ("kenward-roger", "anova_III_KR")):
            if name in self.entry:
                self.anova(name, method)

    # Where the two stand.

    @cached_property
    def theirs_in_our_order(self) -> FloatArray:
        """lme4's θ in the order of our terms."""
        factors = self.lme4_factors()
        out: list[float] = []
        for random in self.ours.design.random:
            for i, j in random.parameter_positions:
                names = random.effects[i], random.effects[j]
                lam = next(
                    f for group, effects, f in factors if self.same_term(group, effects, random, names)
                )
                effects = next(e for g, e, f in factors if f is lam)
                out.append(float(lam[effects.index(names[0]), effects.index(names[1])]))
        return np.array(out)

    @staticmethod
    def same_term(group: str, effects: list[str], random: Any, names: tuple[str, str]) -> bool:
        same_group = sorted(group.split(":")) == sorted(random.grouping.split(":"))
        return same_group and all(n in effects for n in names)

    def lme4_factors(self) -> list[tuple[str, list[str], FloatArray]]:
        """lme4's terms: grouping factor, effects, relative factor."""
        theta, out = [float(t) for t in as_list(self.entry["theta"])], []
        for group, effects in self.lme4_terms():
            lam = np.zeros((len(effects), len(effects)))
            for j in range(len(effects)):
                for i in range(j, len(effects)):
                    lam[i, j] = theta.pop(0)
            out.append((base_name(group), effects, lam))
        return out

    def lme4_terms(self) -> list[tuple[str, list[str]]]:
        terms: dict[str, list[str]] = {}
        for row in self.entry["varcorr"]:
            if row["var1"] is not None and row["var2"] is None:
                terms.setdefault(row["grp"], []).append(our_name(row["var1"]))
        return list(terms.items())

    @cached_property
    def excess(self) -> float:
        """By our engine, lme4's point above ours."""
        return float(self.at_theirs.objective - self.ours.objective)

    @cached_property
    def at_theirs(self) -> Solution:
        """The model by our engine at lme4's θ."""
        return Criterion(self.ours.design).solution(self.theirs_in_our_order)

    @cached_property
    def identified(self) -> bool:
        return identifiability(self.ours.design).identified

    def case(self, quantity: str) -> tuple[str, dict[str, Any]]:
        """The reason for a difference, if there is one."""
        named = NAMED.get(f"{self.path}/{quantity}")
        if named:
            return named
        if not self.identified:
            return "not identified", {"excess": self.excess}
        if self.excess > SHORT:
            return "lme4 stopped short", {"excess": self.excess}
        return "", {}

    def compare(self, key: str, quantity: str, ours: Any, **options: Any) -> None:
        case, facts = self.case(key)
        self.ledger.compare(f"{self.path}/{key}", quantity, ours, case=case, of=self.path, **facts, **options)

    # What is compared.

    def shape(self) -> None:
        """What both agree on before any figure."""
        ours, entry, path = self.ours, self.entry, self.path
        for key in ("formula", "REML"):
            self.ledger.skip(f"{path}/{key}", LABELS)
        self.compare("n", "fits, what is fitted: rows", ours.nobs)
        self.compare("npar", "fits, what is fitted: parameters", ours.npar)
        groups = {g: len(self.term(g).levels) for g in entry["ngrps"]}
        self.compare("ngrps", "fits, what is fitted: groups", groups)
        bounds = [0.0 if i == j else None for r in ours.design.random for i, j in r.parameter_positions]
        theirs = sorted(as_list(entry["theta_lower"]), key=str)
        self.compare(
            "theta_lower", "fits, what is fitted: lower bounds of θ", sorted(bounds, key=str), theirs=theirs
        )
        for key in ("isSingular_1e4", "isSingular_1e5"):
            self.compare(key, "fits, singular or not", ours.singular)

    def criterion(self) -> None:
        ours = self.ours
        self.compare("crit", "fits, criterion: criterion", ours.objective)
        self.compare("logLik", "fits, criterion: log-likelihood", ours.loglik)
        self.compare("AIC", "fits, criterion: AIC", ours.aic)
        self.compare("BIC", "fits, criterion: BIC", ours.bic)

    def engine_at_their_theta(self) -> None:
        """At the same θ everything must be the same, so that a difference of fits is one of θ."""
        found, entry, name = self.at_theirs, self.entry, "fits, our engine at lme4's θ"
        self.compare("crit", f"{name}: criterion", found.objective)
        self.compare("sigma", f"{name}: σ", found.sigma)
        order = [[our_name(n) for n in entry["beta"]].index(n) for n in self.ours.design.fixed_names]
        for key, values in (("beta", found.beta), ("se", np.sqrt(np.diag(found.vcov)))):
            self.compare(key, f"{name}: {key}", values, theirs=numbers(entry[key])[order])
        if "ranef" in entry:
            sds = [np.sqrt(np.einsum("lii->li", c)) for c in found.conditional_covariances]
            for key, parts in (("condval", found.modes), ("condsd", sds)):
                ours = [self.of_group(row, parts) for row in entry["ranef"]]
                theirs = [row[key] for row in entry["ranef"]]
                self.compare("ranef", f"{name}: {key}", ours, theirs=theirs)

    def estimates(self) -> None:
        ours = self.ours
        names = list(ours.design.fixed_names)
        for key, values, quantity in (
            ("beta", ours.beta, "fits, fixed effects: estimates"),
            ("se", ours.se, "fits, fixed effects: SE"),
        ):
            found = {our_name(n): v for n, v in self.entry[key].items()}
            self.compare(key, quantity, values, theirs=[found[n] for n in names])
        self.compare("theta", "fits, variances: θ", ours.theta, theirs=self.theirs_in_our_order)
        self.compare("sigma", "fits, variances: σ", ours.sigma)
        for key, quantity in (
            ("vcov", "fits, variances: (co)variances"),
            ("sdcor", "fits, variances: SDs and correlations"),
        ):
            theirs = [row[key] for row in self.entry["varcorr"]]
            self.compare("varcorr", quantity, self.varcorr(key), theirs=theirs)

    def varcorr(self, key: str) -> list[float]:
        """Ours in the order of lme4's table."""
        out = []
        for row in self.entry["varcorr"]:
            if row["var1"] is None:
                out.append(self.ours.sigma ** (2 if key == "vcov" else 1))
                continue
            names = [our_name(row[v]) for v in ("var1", "var2") if row[v] is not None]
            term = self.term(row["grp"], *names)
            i, j = term.effects.index(names[0]), term.effects.index(names[-1])
            if key == "vcov":
                out.append(float(term.covariance[i, j]))
            else:
                out.append(float(term.sd[i] if i == j else term.correlation[i, j]))
        return out

    def term(self, group: str, *effects: str) -> FittedTerm:
        """Our term of lme4's grouping factor that holds these effects."""
        return next(
            t
            for t in self.ours.terms
            if sorted(t.grouping.split(":")) == sorted(base_name(group).split(":"))
            and all(e in t.effects for e in effects)
        )

    def components(self) -> None:
        """rePCA: by grouping factor on the scale of covariances, by term on that of correlations."""
        by_group = {sorted_name(p.grouping): p for p in principal_components(self.ours, by_grouping=True)}
        for group, theirs in self.entry["rePCA"].items():
            found, key = by_group[sorted_name(group)].covariance, f"rePCA/{group}"
            order = [
                found.effects.index(e) for g, es in self.lme4_terms() if base_name(g) == group for e in es
            ]
            self.compare(f"{key}/sdev", "fits, PCA: SDs relative to σ", found.sdev)
            self.compare(f"{key}/prop", "fits, PCA: shares", found.proportion)
            directions = aligned(found.rotation[order], np.array(theirs["rotation"]), found.sdev)
            self.compare(f"{key}/rotation", "fits, PCA: directions", directions[0], theirs=directions[1])
        by_term = principal_components(self.ours)
        for (group, effects), found in zip(self.lme4_terms(), self.in_lme4_order(by_term), strict=True):
            theirs, key = self.entry["rePCA_corr"][group], f"rePCA_corr/{group}"
            if "note" in theirs:
                left = len(effects) - len(found.correlation.effects)
                self.compare(
                    key, "fits, PCA of correlations: effects without variance", left > 0, theirs=True
                )
                continue
            self.compare(f"{key}/sdev", "fits, PCA of correlations: SDs", found.correlation.sdev)
            self.compare(f"{key}/cumprop", "fits, PCA of correlations: shares", found.correlation.cumulative)

    def in_lme4_order(self, parts: Any) -> list[Any]:
        out = []
        for group, effects in self.lme4_terms():
            term = self.term(group, *effects)
            out.append(parts[next(k for k, t in enumerate(self.ours.terms) if t is term)])
        return out

    def variance_partition(self) -> None:
        found = self.ours.explained()
        ours = {
            "var_fixed": found.fixed,
            "var_random_mean_diag_ZSZt": found.random,
            "var_resid": found.residual,
            "ICC_adjusted": found.icc_adjusted,
            "ICC_unadjusted": found.icc_conditional,
            "R2_marginal": found.r2_marginal,
            "R2_conditional": found.r2_conditional,
        }
        for key, value in ours.items():
            self.compare(f"variance_partition/{key}", "fits, R² and ICC", value)

    def conditional_modes(self) -> None:
        rows, terms = self.entry["ranef"], self.ours.terms
        for key, quantity, parts in (
            ("condval", "modes", [t.modes for t in terms]),
            ("condsd", "SDs", [t.conditional_sd for t in terms]),
        ):
            ours = [self.of_group(row, parts) for row in rows]
            theirs = [row[key] for row in rows]
            self.compare("ranef", f"fits, conditional modes: {quantity}", ours, theirs=theirs)

    def of_group(self, row: Entry, parts: Sequence[FloatArray]) -> float:
        """What a row of lme4's table of random effects says, from our (L, s) arrays of the terms."""
        group, effect, level = row["grpvar"], our_name(row["term"]), str(row["grp"])
        term = self.term(group, effect)
        theirs, own = group.split(":"), term.grouping.split(":")
        if theirs != own:
            names = dict(zip(theirs, level.split(":"), strict=True))
            level = ":".join(names[name] for name in own)
        which = next(k for k, t in enumerate(self.ours.terms) if t is term)
        return float(parts[which][term.levels.index(level), term.effects.index(effect)])

    def coefficients(self, key: str, method: str) -> None:
        """The table of coefficients with degrees of freedom."""
        tests = self.ours.fixed_tests(method)
        columns = (self.ours.beta, tests.se, tests.df, tests.t, tests.p)
        names = [*self.ours.design.fixed_names]
        theirs = {our_name(n): v for n, v in self.entry[key].items()}
        label = METHODS[method]
        found = {c: [theirs[n][c] for n in names] for c in COLUMNS}
        self.tests(key, label, dict(zip(COLUMNS, columns, strict=True)), found, ("t value", "df", "Pr(>|t|)"))

    def tests(
        self,
        key: str,
        label: str,
        ours: dict[str, Any],
        theirs: dict[str, Any],
        judged: tuple[str, str, str],
    ) -> None:
        """Columns of a table of tests; where only the p-values differ, the reason is their size."""
        statistic, df, p = judged
        apart = [differences(numbers(ours[c]), numbers(theirs[c]))[1].max() for c in (statistic, df)]
        follows = p_follows(ours, theirs, judged)
        for column, values in ours.items():
            quantity = f"{label}: {QUANTITIES.get(column, column)}"
            if column == p and follows and max(apart) <= TOLERANCE:
                self.ledger.compare(
                    f"{self.path}/{key}",
                    quantity,
                    values,
                    theirs=theirs[column],
                    floor=NO_CHANCE,
                    case="p magnifies",
                    of=self.path,
                    statistic=apart[0],
                    df=apart[1],
                    excess=self.excess,
                )
            else:
                self.compare(key, quantity, values, theirs=theirs[column])

    def anova(self, key: str, method: str) -> None:
        """The F tests of type III."""
        entry = self.entry[key]
        if not entry:
            self.ledger.at(f"{self.path}/{key}")
            return
        tests = term_tests(self.ours, "III", method)
        columns = (tests.sum_sq, tests.mean_sq, tests.num_df, tests.den_df, tests.f, tests.p)
        order = [[our_name(t) for t in entry].index(t) for t in tests.terms]
        theirs = {c: [list(entry.values())[k][c] for k in order] for c in ANOVA}
        ours = dict(zip(ANOVA, columns, strict=True))
        self.tests(key, f"{METHODS[method]}, F of terms", ours, theirs, ("F value", "DenDF", "Pr(>F)"))


METHODS = {"satterthwaite": "fits, Satterthwaite", "kenward-roger": "fits, Kenward-Roger"}
QUANTITIES = dict(zip(COLUMNS, ("estimates", "SE", "df", "t", "p"), strict=True))
# Differences that have a reason of their own, by path.
NAMED: dict[str, tuple[str, dict[str, Any]]] = {
    "overparam/plot5/full/anova_III_KR": ("no denominator", {"df": 4, "groups": 4}),
}


def p_follows(ours: dict[str, Any], theirs: dict[str, Any], judged: tuple[str, str, str]) -> bool:
    """Whether the p-values of both are those of their own statistic and degrees of freedom."""
    statistic, df, p = judged
    for figures in (ours, theirs):
        value, freedom = numbers(figures[statistic]), numbers(figures[df])
        squared, first = (value, numbers(ours["NumDF"])) if "NumDF" in ours else (value**2, 1.0)
        expected = stats.f.sf(squared, first, freedom)
        if not np.allclose(numbers(figures[p]), expected, rtol=1e-6, atol=NO_CHANCE):
            return False
    return True


def base_name(group: str) -> str:
    """lme4 numbers terms that share a grouping factor: ``Subject.1``."""
    stem, dot, number = group.rpartition(".")
    return stem if dot and number.isdigit() else group


def sorted_name(group: str) -> str:
    return ":".join(sorted(group.split(":")))


def aligned(ours: FloatArray, theirs: FloatArray, sdev: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Directions with lme4's signs; several that have no variance, which any basis spans, are left out."""
    signs = np.where(np.sum(ours * theirs, axis=0) < 0.0, -1.0, 1.0)
    idle = sdev <= 1e-6 * float(sdev.max(initial=0.0))
    kept = ~idle if np.count_nonzero(idle) > 1 else np.ones(sdev.size, dtype=bool)
    return (ours * signs)[:, kept], theirs[:, kept]
