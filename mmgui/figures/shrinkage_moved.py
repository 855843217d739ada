"""The shrinkage page's figures at a point to which the covariance parameters were moved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mmgui.figures.covariance import CovarianceFigure
from mmgui.figures.moved import Moved
from mmgui.figures.shrinkage import CaterpillarFigure, ShrinkageFigure
from mmgui.figures.shrinkage_words import collapse_words
from mmgui.figures.singularity import flat_direction
from mmgui.figures.variance import RESIDUAL, VarianceFigure
from mmgui.inference.variance.shares import variance_shares
from mmgui.inference.variance.shrinkage import shrinkage_weights


def fits_the_move(figure: ShrinkageFigure, moved: Moved) -> bool:
    """Whether the figure shows a term of the model that was moved."""
    terms = moved.fit.terms
    return figure.term < len(terms) and terms[figure.term].levels == figure.levels


def moved_shrinkage(figure: ShrinkageFigure, moved: Moved) -> ShrinkageFigure:
    """The figure of the fit at the point: β̂, and with it own estimates from which it is taken, move too."""
    fit = moved.fit
    term = fit.terms[figure.term]
    places = [term.effects.index(e) for e in figure.effects]
    change = fit.beta - moved.best.beta
    centre = figure.centre if figure.link is None else figure.centre + figure.link @ change
    own = figure.own if figure.taken is None else figure.own - figure.taken @ change
    covariance = term.covariance[np.ix_(places, places)]
    weights = None
    if figure.information is not None:
        weights = shrinkage_weights(fit, figure.term, figure.information)
        if len(places) < len(term.effects):
            weights = weights[:, places][:, :, places]
    return replace(
        figure,
        own=own,
        model=centre + term.modes[:, places],
        centre=centre,
        covariance=covariance,
        weights=weights,
        sigma=fit.sigma,
        best=figure,
        collapse=collapse_words(covariance, figure.titles or figure.effects)
        or flat_direction(fit, figure.term),
    )


def moved_caterpillar(figure: CaterpillarFigure, moved: Moved) -> CaterpillarFigure:
    """Modes and their SDs at the point; NaN where the point comes without SDs."""
    term = moved.fit.terms[figure.term]
    places = [term.effects.index(e) for e in figure.effects]
    known = bool(term.conditional_covariance.any()) or not term.covariance.any()
    sd = term.conditional_sd[:, places] if known else np.full(figure.sd.shape, np.nan)
    return replace(figure, modes=term.modes[:, places], sd=sd, best=figure)


def moved_variance(figure: VarianceFigure, moved: Moved) -> VarianceFigure:
    """Components at the point, in the figure's rows; no intervals, which are those of the fit."""
    fit = moved.fit
    shares = variance_shares(fit)
    rows = []
    for row in figure.rows:
        if row.term == RESIDUAL:
            sd, share = fit.sigma, shares.residual
        else:
            term = fit.terms[row.term]
            place = term.effects.index(row.effect)
            sd, share = float(term.sd[place]), float(shares.effects[row.term][place])
        rows.append(replace(row, sd=sd, variance=sd * sd, share=share, interval=None))
    return replace(figure, rows=tuple(rows))


def moved_correlation(figure: CovarianceFigure, moved: Moved) -> CovarianceFigure:
    """Σ at the point, and nothing of what is said of it besides: what a heatmap needs to follow the hand."""
    term = moved.fit.terms[figure.term]
    return replace(figure, covariance=term.covariance, correlation=term.correlation)
