"""The catalogue of rules: what each looks at, when it speaks, and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mmgui.advice.finding import Severity


class Phase(StrEnum):
    """When a rule can speak."""

    BEFORE = "before the fit"
    AFTER = "after the fit"
    BETWEEN = "between fits"


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One rule: its id, its phase, how much it usually matters, when it speaks, and who says so."""

    id: str
    phase: Phase
    severity: Severity
    speaks_when: str
    source: str


_E, _W, _I, _Q = Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.QUESTION
_SCHIELZETH = "Schielzeth & Forstmeier 2009"
_BARR = "Barr, Levy, Scheepers & Tily 2013; Barr 2013"
_CHEN = "Chen, hierarchical models in AFNI"
_FAQ = "Bolker, GLMM FAQ"
_INSIGHT = "easystats performance and insight"

_BEFORE = (
    ("G1", _E, "a grouping factor has one group in the rows used", "lme4 checkNlevels"),
    ("G2", _E, "every row is a group of its own", "lme4 checkNlevels"),
    ("G3", _E, "one term has as many random effects as there are rows", "lme4 checkZdims"),
    ("G4", _E, "variances and covariances trade off exactly", "Searle, Casella & McCulloch 1992, chapter 11"),
    ("G5", _W, "variances and covariances can barely be told apart", "the same certificate"),
    ("G6", _W, "most groups have too few rows for their own slope", f"{_BARR}; Bolker, simplify"),
    (
        "G7",
        _W,
        "a variance rests on few groups",
        "lme4 check.nlev.gtreq.5; F distribution",
    ),
    ("G8", _W, "a grouping factor looks like a measurement", _CHEN),
    ("G9", _W, "a quantity with an order stands in a grouping interaction", _CHEN),
    ("G10", _E, "the groups are fixed effects already", "rank of [X Z]"),
    ("G11", _W, "a set of conditions is treated as a sample of groups", _CHEN),
    ("G12", _I, "a column left out groups what the model leaves over", "pseudoreplication: Hurlbert 1984"),
    ("N1", _Q, "labels recur in several larger units", "lme4 isNested; unique coding"),
    ("N2", _I, "nested by labels: two ways to write one model", _FAQ),
    ("N3", _I, "a second, crossed grouping factor is left out", _FAQ),
    ("N4", _E, "an interaction of grouping factors has one row a combination", "lme4 checkNlevels"),
    ("N5", _W, "two grouping factors make the same groups", "rank of [Z₁ Z₂]"),
    ("T1", _W, "an intercept is in two terms of one grouping factor", _CHEN),
    ("T2", _W, "a factor stands before ||", "lme4 expandDoubleVerts; afex"),
    ("T3", _W, "no correlation, though zero is an arbitrary point", "lme4 covariance structures"),
    ("T4", _W, "a slope varies whose average is not in the model", f"{_INSIGHT}: random slope not in fixed"),
    ("T5", _I, "slopes vary and levels do not", "Barr, Levy, Scheepers & Tily 2013"),
    ("T6", _I, "a term has many (co)variances for its groups", "Bates, Kliegl, Vasishth & Baayen 2015"),
    ("E1", _E, "a slope's variable is constant within every group", _FAQ),
    ("E2", _W, "a slope's variable varies in few groups", f"{_INSIGHT}: check_group_variation"),
    ("E3", _W, "a group sees too few values for what its slope asks", _CHEN),
    ("E4", _W, "one coefficient mixes an effect within and one between groups", "van de Pol & Wright 2009"),
    ("E5", _I, "an interaction is read where a quantity is 0", _CHEN),
    ("E6", _I, "a repeated effect within groups has no slope", f"{_SCHIELZETH}; {_BARR}"),
    ("E7", _W, "an interaction within groups has no slope", _BARR),
    ("E8", _W, "several factors within a unit, and an intercept alone", f"{_CHEN}; Scandola & Tidoni 2024"),
    ("E9", _W, "a term for every cell without replicates is the residual", "Scandola & Tidoni 2024"),
    ("X1", _I, "columns of the fixed effects repeat others", "lme4 chkRank.drop.cols"),
    ("X2", _W, "predictors are in very different units", "lme4 checkScaleX"),
    ("X3", _I, "predictors overlap", f"{_INSIGHT}: check_collinearity"),
    ("Y1", _E, "the response is no number, or constant", "a constant response is fitted silently elsewhere"),
    ("Y2", _W, "the response looks binary, like a count, or like a proportion", _FAQ),
    ("D1", _I, "rows are left out because entries are missing", "lme4 troubleshooting"),
)

_AFTER = (
    ("F1", _W, "a variance is estimated as zero", "lme4 isSingular"),
    ("F2", _W, "two effects move in lockstep", "lme4 isSingular"),
    ("F3", _W, "a combination of effects has no variance", "Bates, Kliegl, Vasishth & Baayen 2015"),
    ("F4", _I, "a correlation rounds to 1 though the fit is not singular", _INSIGHT),
    ("F5", _E, "no residual variance is left", "likelihood without a maximum"),
    ("F6", _W, "the search ended early", "lme4 checkConv"),
    ("F7", _E, "the criterion is flat or a saddle", "lme4 checkHess; glmmTMB diagnose"),
    ("F8", _I, "other starts end at the same optimum", "lme4 convergence, allFit"),
    ("F9", _I, "a correlation changes its sign with the origin", "(co)variance at another origin"),
    ("F10", _W, "degrees of freedom far above the number of groups", f"{_BARR}; Schaalje and others 2002"),
    ("F11", _I, "one group carries a result", "lme4 influence; HLMdiag"),
    ("F12", _I, "groups may not be one population", "diagnostics of conditional modes"),
)

_BETWEEN = (
    ("C1", _E, "REML fits with different fixed effects", "Pinheiro & Bates 2000"),
    ("C2", _E, "fits to different rows", "lme4 anova"),
    ("C3", _W, "a variance is tested on its boundary", "Self & Liang 1987; Stram & Lee 1994"),
    ("C4", _E, "neither model is a special case of the other", "MixedModels.jl isnested"),
    ("C5", _I, "two models fit alike", "one model written twice, or a redundant term"),
    ("C6", _E, "a larger model fits worse", "MixedModels.jl likelihoodratiotest"),
    ("C7", _W, "a likelihood-ratio test of fixed effects with few groups", "lme4 pvalues; Luke 2017"),
    ("C8", _I, "a variance of zero is dropped", _FAQ),
    ("C9", _I, "several models were tried", "Matuschek, Kliegl, Vasishth, Baayen & Bates 2017"),
)

CATALOGUE: tuple[CatalogueEntry, ...] = tuple(
    CatalogueEntry(i, phase, severity, when, source)
    for phase, rules in ((Phase.BEFORE, _BEFORE), (Phase.AFTER, _AFTER), (Phase.BETWEEN, _BETWEEN))
    for i, severity, when, source in rules
)
