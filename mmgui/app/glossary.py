"""One sentence for each of the field's terms, where a person meets it first."""

from __future__ import annotations

from collections.abc import Mapping

HEADERS: Mapping[str, str] = {
    "Group": "Grouping factor: what the rows come in, such as subjects, schools or batches.",
    "Effect": "What may shift the response: the intercept, or the effect of a predictor.",
    "Variance": "Variance component: how much the effect varies between the groups, squared.",
    "SD": "Standard deviation: how much the effect varies between the groups, in the effect's own units.",
    "Share": "The part of the variance, averaged over the rows, that this effect gives by itself. What the "
    "covariances of a term's effects add or take away is in no row, so the shares need not sum to 100 %.",
    "Estimate": "The average over all groups, as the model estimates it.",
    "SE": "Standard error: how uncertain the estimate is.",
    "df": "Degrees of freedom: how much independent evidence the test rests on; often close to the number "
    "of groups, not of rows.",
    "t": "The estimate divided by its standard error.",
    "p": "How often a difference at least this large would appear if there were none.",
    "Lower": "Lower end of the confidence interval.",
    "Upper": "Upper end of the confidence interval.",
    "npar": "Parameters: fixed effects, covariance parameters and σ.",
    "logLik": "Log-likelihood, restricted under REML: half the criterion negated.",
    "AIC": "Akaike's information criterion: criterion plus 2 per parameter; smaller is better.",
    "BIC": "Bayesian information criterion: criterion plus log(rows) per parameter; smaller is better.",
    "Criterion": "What the fit makes as small as possible: −2 log-likelihood, or the REML criterion.",
    "Pair": "The smaller model, then the larger one that contains it.",
    "Statistic": "Likelihood-ratio statistic: how much the criterion falls from the smaller to the larger "
    "model.",
    "Reference": "What the statistic follows if the smaller model is right. Where variances are added, 0 is "
    "the edge of what they can be, and a mixture of χ² takes that into account.",
    "naive p": "The p value without that edge, from a plain χ²; too large where variances are added.",
    "simulated p": "How often the statistic is at least as large among responses simulated from the smaller "
    "model: it assumes no χ² distribution (parametric bootstrap).",
    "exact p": "Where one variance alone is tested: from the statistic's own distribution on these rows.",
}
"""By the title of a table's column."""

VERDICTS: Mapping[str, str] = {
    "Converged": "Converged: the optimiser arrived where no small step improves the fit.",
    "Not converged": "Not converged: the optimiser ended where the fit might still improve.",
    "Not singular": "Singular would be a fit in which some random effect, or a combination, has no variance.",
    "Singular fit": "Singular: some random effect, or a combination of them, has no variance.",
}
"""By the title of a statement about a fit."""

PAGES: Mapping[str, str] = {
    "design": "The model being built on its table: how the groups lie in the rows, and the model matrix.",
    "summary": "Variance components, fixed effects, and what the fit says in words.",
    "groups": "Each group's data with its own line, the line of all, and the model's line.",
    "shrinkage": "Shrinkage, or partial pooling: how far the model moves each group from its own estimate to "
    "its conditional mode (BLUP).",
    "covariance": "Σ: how much the random effects of a group vary, and how they go together.",
    "landscape": "The criterion as a surface over the variance parameters, and the optimiser's way.",
    "origin": "Where the zero of a slope's variable stands: what intercepts and their correlation are there.",
    "residuals": "Residuals: what the model leaves of each row, whether it looks like chance, and on which "
    "groups the fit rests.",
    "profile": "How the criterion rises on both sides of each estimate, and the intervals from that.",
    "equation": "The model as an equation, and as code of other programs.",
    "trace": "The criterion and the parameters by evaluation.",
}
"""By the key of a page of the results."""


def component(grouping: str, effect: str) -> str:
    """A row of the variance components."""
    if not effect:
        return "Residual: how much single rows vary around what the model says of their groups."
    if effect == "(Intercept)":
        return f"Random intercept: each group of {grouping} has a level of its own."
    return f"Random slope: the effect of {effect} differs between the groups of {grouping}."
