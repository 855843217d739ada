"""The summary of one model: components, coefficients, fit facts, and what the fit says in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mmgui.engine.result import Fit
from mmgui.figures.fixed import FixedFigure
from mmgui.figures.statements import Statement, statements
from mmgui.figures.trace import criterion_name
from mmgui.figures.variance import VarianceFigure, variance_figure
from mmgui.numbers import decimal, number

if TYPE_CHECKING:
    from mmgui.inference.degrees_of_freedom.satterthwaite import FixedEffectTests

__all__ = ["FitFact", "Statement", "SummaryFigure", "fit_facts", "summary_figure"]

CRITERION = {
    False: "Minus twice the log-likelihood: what a fit by maximum likelihood makes as small as possible.",
    True: "What a fit by restricted maximum likelihood makes as small as possible; to be compared only "
    "between models with the same fixed effects.",
}
"""What the criterion is, by whether the fit is one by REML."""


@dataclass(frozen=True, slots=True)
class FitFact:
    """A named figure of the fit, formatted for people: (“AIC”, “1755.6”)."""

    name: str
    value: str
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class SummaryFigure:
    """Everything on the summary page."""

    formula: str
    estimation: str
    variance: VarianceFigure
    fixed: FixedFigure
    facts: tuple[FitFact, ...]
    statements: tuple[Statement, ...]


def summary_figure(fit: Fit, fixed: FixedFigure, tests: FixedEffectTests | None = None) -> SummaryFigure:
    """The summary of a fitted model; ``tests`` are those that ``fixed`` shows."""
    return SummaryFigure(
        formula=fit.formula,
        estimation="REML" if fit.reml else "ML",
        variance=variance_figure(fit),
        fixed=fixed,
        facts=fit_facts(fit),
        statements=statements(fit, tests),
    )


def fit_facts(fit: Fit) -> tuple[FitFact, ...]:
    """The figures of the fit that people quote."""
    kind = "restricted " if fit.reml else ""
    facts = [
        FitFact(criterion_name(fit.reml), decimal(fit.objective, 2), CRITERION[fit.reml]),
        FitFact(
            "Log-likelihood", decimal(fit.loglik, 2), f"The {kind}log-likelihood, half the criterion negated."
        ),
        FitFact(
            "AIC",
            decimal(fit.aic, 1),
            "Akaike's information criterion: criterion plus 2 per parameter; smaller is better.",
        ),
        FitFact(
            "BIC",
            decimal(fit.bic, 1),
            "Bayesian information criterion: criterion plus log(rows) per parameter; smaller is better.",
        ),
        FitFact("σ", number(fit.sigma, 4), "Residual standard deviation."),
        FitFact("Parameters", f"{fit.npar:,}", "Fixed effects, covariance parameters and σ."),
        FitFact("Rows", f"{fit.nobs:,}", "Rows of the table that the fit uses."),
    ]
    for term in fit.terms:
        if all(f.name != f"Groups of {term.grouping}" for f in facts):
            facts.append(
                FitFact(
                    f"Groups of {term.grouping}",
                    f"{len(term.levels):,}",
                    "Groups in the rows that the fit uses.",
                )
            )
    dropped = fit.design.dropped_rows
    facts += [
        FitFact("Rows left out", f"{dropped:,}", "Rows in which something the model reads is missing."),
        FitFact("Evaluations", f"{len(fit.log.objective):,}", "How often the criterion was worked out."),
        FitFact("Time", _seconds(fit.seconds), "How long the fit took."),
    ]
    return tuple(facts)


def _seconds(seconds: float) -> str:
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
