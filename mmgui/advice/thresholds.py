"""Every number at which a rule begins to speak, in one place and in the open.

Where a number is somebody else's the source is named; the others are ours: judgements, to be argued with.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

OURS = "ours"


def _limit(default: float, rule: str, meaning: str, source: str = OURS) -> Any:
    return field(default=default, metadata={"rule": rule, "meaning": meaning, "source": source})


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The limits; each names the rule it belongs to, what it means, and whose it is."""

    certified_rows: int = _limit(
        200_000, "G4", "rows up to which the certificate of identifiability is made while a person edits"
    )
    barely_apart: float = _limit(
        0.05,
        "G5",
        "smallest eigenvalue of the scaled Gram matrix below which parameters are barely apart: "
        "two directions that correlate by 0.95",
    )
    rough_variance: float = _limit(
        0.3,
        "G5",
        "standard error of a variance, in residual variances, below which many rows make good for that",
    )
    short_groups: float = _limit(
        0.5, "G6", "share of groups with fewer rows than effects + 1 above which slopes cannot be learned"
    )
    very_few_groups: int = _limit(
        5, "G7", "groups below which a variance is hardly an estimate", "lme4 check.nlev.gtreq.5"
    )
    few_groups: int = _limit(10, "G7", "groups below which a variance is a rough estimate")
    some_groups: int = _limit(20, "G7", "groups below which it is worth saying how rough a variance is")
    chance_worth_a_word: float = _limit(
        0.05, "G7", "chance of an estimate of zero from which on it is told of ten groups or more"
    )
    typical_icc: float = _limit(0.3, "G7", "intraclass correlation for which the chance of a zero is told")
    measured_share: float = _limit(0.5, "G8", "share of distinct values above which numbers are measurements")
    ordered_levels: int = _limit(3, "G9", "distinct numbers from which on a grouping column has an order")
    condition_levels: int = _limit(6, "G11", "levels up to which a factor may be a set of conditions")
    crossed_share: float = _limit(
        0.9, "G11", "share of the combinations with another grouping factor that occur, for set conditions"
    )
    more_units: float = _limit(
        2.0, "G11", "units that are no ids for each condition, from which on conditions are few beside them"
    )
    crossed_meetings: float = _limit(
        2.0, "N3", "groups of the other factor that a group meets on average, from which on they are crossed"
    )
    repeats: float = _limit(2.0, "G12", "rows a group on average from which on a column groups rows")
    repeated_levels: int = _limit(5, "G12", "levels above which a column left out may be a grouping factor")
    left_out_share: float = _limit(
        0.05, "G12", "share of the residual variance that a column must group for us to mention it"
    )
    left_out_p: float = _limit(
        0.01, "G12", "chance of groups that seem as much alike, over all columns looked at, if they are not"
    )
    slope_groups: float = _limit(
        0.5, "E2", "share of groups in which a slope's variable varies below which few groups inform it",
        "easystats/performance check_group_variation",
    )  # fmt: skip
    mixed_share: float = _limit(
        0.05, "E4", "share of a predictor's variation between groups, and within them, above which it is both"
    )
    dealt_out: float = _limit(
        0.01, "E4", "probability of so much variation between groups by chance, below which it is none"
    )
    replicated_share: float = _limit(
        0.5, "E6", "share of groups with repeated rows of a condition from which on its slope is wanted"
    )
    residual_share: float = _limit(
        0.1, "E9", "share of rows in groups of more than one up to which a grouping term is the residual"
    )
    checked_work: float = _limit(
        5e8, "X1", "rows times squared columns up to which X is looked at while a person edits"
    )
    built_work: float = _limit(
        1e10, "G10", "rows times squared columns of X up to which a model is built while a person edits"
    )
    largest_sd: float = _limit(1e3, "X2", "standard deviation of a predictor above which units are large",
                               "lme4 checkScaleX")  # fmt: skip
    smallest_sd: float = _limit(1e-3, "X2", "standard deviation below which units are small",
                                "lme4 checkScaleX")  # fmt: skip
    sd_ratio: float = _limit(1e3, "X2", "ratio of two predictors' standard deviations that is too large",
                             "lme4 checkScaleX")  # fmt: skip
    inflation: float = _limit(10.0, "X3", "variance inflation factor above which predictors overlap",
                              "easystats/performance check_collinearity")  # fmt: skip
    overlap: float = _limit(0.95, "X3", "correlation of two predictors above which they overlap")
    many_effects: int = _limit(3, "T6", "correlated effects from which on their covariances are counted")
    far_zero: float = _limit(
        2.0, "T3", "distance of a slope's zero from its mean, in SDs, above which it is no natural origin"
    )
    count_mean: float = _limit(
        20.0, "Y2", "mean below which whole numbers spread like a Poisson variable's may be counts"
    )
    count_skewness: float = _limit(
        1.0, "Y2", "skewness above which spread-out whole numbers are counts; half of it where many are zero"
    )
    count_zeros: float = _limit(0.1, "Y2", "share of zeros from which on they are many")
    proportion_edge: float = _limit(
        0.1, "Y2", "how near to 0 and to 1 numbers between them must come to be proportions"
    )
    rating_levels: int = _limit(7, "Y2", "whole numbers from 0 or 1 up to which they are ratings")
    rating_rows: float = _limit(10.0, "Y2", "rows per whole number from which on they may be ratings")
    count_dispersion: float = _limit(2.0, "Y2", "ratio of variance to mean up to which numbers are counts")
    kept_share: float = _limit(0.5, "D1", "share of a group's rows below which it is said how few are kept")
    singular: float = _limit(1e-4, "F1", "relative SD below which a variance is zero", "lme4 isSingular")
    costless: float = _limit(
        1e-3, "F1", "difference of the criterion up to which a simpler model fits the same"
    )
    refit_seconds: float = _limit(
        10.0, "F1", "seconds that refits of simpler models, or without a group, may take unasked"
    )
    lockstep: float = _limit(0.999, "F2", "correlation above which two effects move in lockstep")
    hidden_correlation: float = _limit(
        0.95, "F3", "correlation below which no single number looks wrong in a singular term"
    )
    edge: float = _limit(0.9995, "F4", "correlation that rounds to 1.000 without a singular fit")
    perfect: float = _limit(1e-6, "F5", "residual SD, in SDs of the response, below which the fit is perfect")
    gradient: float = _limit(2e-3, "F6", "scaled gradient above which the search ended early",
                             "lme4 checkConv")  # fmt: skip
    flat: float = _limit(1e-6, "F7", "curvature of the criterion below which it is none",
                         "lme4 checkHess")  # fmt: skip
    same_loglik: float = _limit(0.01, "F8", "spread of log-likelihoods within which optima are one",
                                "lme4 convergence help page")  # fmt: skip
    same_estimate: float = _limit(0.01, "F8", "difference in SEs within which optima are one",
                                  "lme4 convergence help page")  # fmt: skip
    some_correlation: float = _limit(
        0.2, "F9", "size of a correlation from which on its change of sign is worth a word"
    )
    excess_df: float = _limit(2.0, "F10", "ratio of df to groups above which they are too many")
    excess_within: float = _limit(
        4.0, "F10", "the same for an effect within groups that has no slope there and no replicates"
    )
    cooks: float = _limit(4.0, "F11", "Cook's distance times groups above which one carries it")
    moved_errors: float = _limit(
        1.0, "F11", "standard errors by which a fixed effect moves without that group"
    )
    outlying_mode: float = _limit(3.5, "F12", "robust distance of a group's mode above which it stands apart")
    outlying_chance: float = _limit(
        0.01, "F12", "chance that any of many normal modes would stand as far apart"
    )
    two_humps: float = _limit(
        0.555,
        "F12",
        "bimodality coefficient above which modes have two humps",
        "SAS: 5/9",
    )
    hump_share: float = _limit(
        0.75, "F12", "share of the modes' variance between two parts from which on they are humps",
        "uniform: 3/4",
    )  # fmt: skip
    same_fit: float = _limit(1e-6, "C5", "difference of log-likelihoods below which fits are one")
    worse_fit: float = _limit(1e-4, "C6", "by how much a larger model fits worse that did not converge")
    many_groups: int = _limit(50, "C7", "groups below which an LRT of fixed effects is optimistic")
    many_steps: int = _limit(3, "C9", "models tried after which the walk should be reported")


THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True)
class Limit:
    """One threshold, for people: its rule, its value, what it means, whose it is."""

    name: str
    rule: str
    value: float
    meaning: str
    source: str


def limits() -> tuple[Limit, ...]:
    """All of them, in the order of the catalogue."""
    return tuple(
        Limit(
            f.name,
            f.metadata["rule"],
            getattr(THRESHOLDS, f.name),
            f.metadata["meaning"],
            f.metadata["source"],
        )
        for f in fields(Thresholds)
    )
