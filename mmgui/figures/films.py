"""Which films can be made of a fit, and making them."""

from __future__ import annotations

from mmgui.engine.result import Fit
from mmgui.figures.collapse_film import collapse_film, collapse_title, collapses
from mmgui.figures.film import Film, FilmChoice
from mmgui.figures.fit_film import FAR_TITLE, far_start_film, fit_film
from mmgui.inference.likelihood.covariance_point import CovarianceSpace

MOST = 14
"""A list of more films is no choice any more."""

FIT = "fit"
FAR = "far"
NEAR = 1.0
"""A fit that begins so near the lowest criterion shows little on its way."""
QUICK_SECONDS = 2.0
"""Fits that take longer are not fitted again unasked."""


def film_choices(fit: Fit) -> tuple[FilmChoice, ...]:
    """The fit, one that begins far off, then what can collapse; none for a model without random effects."""
    if not fit.terms:
        return ()
    fits = [FilmChoice(FIT, "The fit")] if len(fit.log.objective) else []
    fits.append(FilmChoice(FAR, FAR_TITLE))
    falls = [FilmChoice(c.key, collapse_title(fit, c)) for c in collapses(fit)]
    return tuple([*fits, *falls][:MOST])


def telling_film(fit: Fit) -> str:
    """The film of the fit; where it began so near its end that nothing moves, the one that begins far off."""
    objective = fit.log.objective
    near = not len(objective) or float(objective[0]) - fit.objective < NEAR
    return FAR if near and fit.seconds < QUICK_SECONDS else FIT


def make_film(space: CovarianceSpace, key: str) -> Film | None:
    """The film of a choice; None where there is nothing to see.

    Raises
    ------
    FitError
        Where a model on the way cannot be fitted.
    """
    if key == FIT:
        return fit_film(space)
    if key == FAR:
        return far_start_film(space)
    chosen = next((c for c in collapses(space.fit) if c.key == key), None)
    return None if chosen is None else collapse_film(space, chosen)
