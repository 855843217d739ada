"""The views that pages of results have, by the names that commands and sessions know them by."""

from __future__ import annotations

from mmgui.errors import ModelError, Where
from mmgui.words import listed_all

PAGE_VIEWS: dict[str, tuple[str, ...]] = {
    "groups": ("tiles", "overlay", "intervals"),
    "covariance": (
        "sigma", "matrices", "together", "x", "z", "lambda", "zlambda", "v", "variance",
    ),
    "residuals": ("trend", "distribution", "groups", "modes", "influence"),
    "profile": ("intervals", "signed", "density", "pairs"),
    "equation": ("index", "level", "matrix"),
}  # fmt: skip
"""For each page that has several views their keys, in the page's order."""


def check_view(page: str, view: str) -> None:
    """Raise a ModelError where the page has no such view."""
    known = PAGE_VIEWS.get(page, ())
    if view in known:
        return
    if not known:
        named = listed_all(tuple(PAGE_VIEWS))
        raise ModelError(
            "unknown_view", f"The page {page} has one view only; views have {named}.", Where("view", view)
        )
    raise ModelError(
        "unknown_view",
        f"The page {page} has no view “{view}”. Choose one of {listed_all(known)}.",
        Where("view", view),
    )
