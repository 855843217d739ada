"""Variance components: how much each random effect and the residual vary, and how the effects go together."""

from __future__ import annotations

from dataclasses import dataclass

from mmgui.engine.result import Fit
from mmgui.figures.shared_parameters import USUAL, shared_names_of, structure_sentence
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import response_name
from mmgui.inference.variance.shares import variance_shares

RESIDUAL = -1


@dataclass(frozen=True, slots=True)
class VarianceRow:
    """One variance component.

    ``term`` is the position of its random-effects term in the model (its colour), ``RESIDUAL`` for
    the residual; ``share`` its part of the total variance averaged over the rows; ``interval`` of
    the SD, None where none was computed.
    """

    term: int
    grouping: str
    effect: str
    variance: float
    sd: float
    share: float
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class CorrelationRow:
    """The estimated correlation of two effects of one term; NaN where one has no variance.

    ``shared`` says of which pairs it is the correlation where one parameter holds for several:
    ``all pairs``, ``neighbours``; then the two effects are the first of them.
    """

    term: int
    grouping: str
    effect: str
    other: str
    correlation: float
    covariance: float
    shared: str = ""

    @property
    def pair(self) -> str:
        """``Intercept and Days``, or of which pairs it is: ``all pairs``."""
        return self.shared or f"{self.effect} and {self.other}"


@dataclass(frozen=True, slots=True)
class VarianceFigure:
    """Variance components of one model, the residual last.

    ``structures`` has a sentence for each term whose covariance has another structure than ``|`` and ``||``.
    """

    response: str
    rows: tuple[VarianceRow, ...]
    correlations: tuple[CorrelationRow, ...]
    structures: tuple[str, ...] = ()

    def table(self) -> FigureTable:
        """One line a component."""
        return FigureTable(
            ("Group", "Effect", "Variance", "SD", "Share"),
            tuple((r.grouping, r.effect, r.variance, r.sd, r.share) for r in self.rows),
        )


def _shared_correlation(fit: Fit, term: int) -> float:
    """ρ of a patterned term, which some pairs may have although others lack variance; else NaN."""
    varying = int((fit.terms[term].sd > 0.0).sum())
    return float(fit.theta[fit.design.theta_slice(term)][-1]) if varying > 1 else float("nan")


def variance_figure(fit: Fit) -> VarianceFigure:
    """Components of a fitted model, terms in its order, the residual last.

    An effect's share is what its variance gives by itself; the covariances of a term's effects are
    in no row.
    """
    shares = variance_shares(fit)
    rows: list[VarianceRow] = []
    correlations: list[CorrelationRow] = []
    for k, term in enumerate(fit.terms):
        for j, effect in enumerate(term.effects):
            variance, sd = float(term.covariance[j, j]), float(term.sd[j])
            rows.append(VarianceRow(k, term.grouping, effect, variance, sd, float(shares.effects[k][j])))
        shared = shared_names_of(term).pairs
        for i, j in term.free_pairs[:1] if shared else term.free_pairs:
            one, other = term.effects[i], term.effects[j]
            rho = _shared_correlation(fit, k) if shared else float(term.correlation[i, j])
            covariance = float(term.covariance[i, j])
            correlations.append(CorrelationRow(k, term.grouping, one, other, rho, covariance, shared))
    rows.append(VarianceRow(RESIDUAL, "Residual", "", fit.sigma**2, fit.sigma, shares.residual))
    structures = tuple(
        f"{term.grouping}: {sentence[0].lower()}{sentence[1:]}"
        for term in fit.design.random
        if term.structure not in USUAL and (sentence := structure_sentence(term))
    )
    return VarianceFigure(response_name(fit.design.spec), tuple(rows), tuple(correlations), structures)
