"""What the covariance parameters of a model are called, in lists and on axes."""

from __future__ import annotations

from collections.abc import Sequence

from mmgui.engine.result import Fit
from mmgui.figures.shared_parameters import shared_names
from mmgui.figures.wording import effect_name, effect_titles
from mmgui.inference.likelihood.covariance_point import Coordinate

SIGMA_NAME = "Residual: SD (σ)"
SIGMA_TITLE = "Residual SD (σ)"


def coordinate_names(fit: Fit, coordinates: Sequence[Coordinate]) -> tuple[str, ...]:
    """For lists, each once: ``Subject: SD of Intercept``, ``Subject: correlation of Intercept and Days``."""
    names = [_name(fit, c) for c in coordinates]
    # A model may name an effect twice, in two terms of one grouping factor.
    return tuple(
        n if names.count(n) == 1 else f"{n} (term {c.term + 1})"
        for n, c in zip(names, coordinates, strict=True)
    )


def coordinate_title(fit: Fit, c: Coordinate) -> str:
    """For axes: ``SD of intercept, Subject``."""
    if c.residual:
        return SIGMA_TITLE
    titles = effect_titles(fit.design, c.term)
    effects = _shared(fit, c) or [_within_a_sentence(titles[i]) for i in c.effects]
    return _of(effects, "", "SD", "Correlation", c.correlation) + f", {fit.terms[c.term].grouping}"


def _name(fit: Fit, c: Coordinate) -> str:
    if c.residual:
        return SIGMA_NAME
    term = fit.terms[c.term]
    effects = _shared(fit, c) or [effect_name(term.effects[i]) for i in c.effects]
    return _of(effects, f"{term.grouping}: ", "SD", "correlation", c.correlation)


def _shared(fit: Fit, c: Coordinate) -> list[str]:
    """What a patterned term's effects share goes by no effect's name."""
    shared = shared_names(fit.design.random[c.term])
    name = shared.pairs if c.correlation else shared.sd
    return [name] if name else []


def _of(effects: list[str], start: str, sd: str, correlation: str, of_pairs: bool) -> str:
    return f"{start}{correlation if of_pairs else sd} of {' and '.join(effects)}"


def _within_a_sentence(title: str) -> str:
    """Our own words small, the names of columns as they are."""
    if title == "Intercept":
        return "intercept"
    return f"s{title[1:]}" if title.startswith("Slope of ") else title
