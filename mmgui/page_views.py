"""The views that pages of results have, by the names that commands and sessions know them by."""

from __future__ import annotations

from mmgui.errors import ModelError, Where
from mmgui.words import listed_all

PAGES = (
    "summary", "groups", "shrinkage", "covariance", "landscape", "origin", "residuals", "profile", "equation",
    "trace",
)  # fmt: skip
"""The pages of results, in their order."""
WINDOW = "window"
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
    """Raise a ModelError where the page has no such view; those of the window are its pages.

    ``covariance:matrices`` is the window with that view of that page.
    """
    if page == WINDOW:
        inner, _, rest = view.partition(":")
        if inner not in PAGES:
            raise ModelError(
                "unknown_view",
                f"The window has no page “{inner}”. Choose one of {listed_all(PAGES)}.",
                Where("view", view),
            )
        if rest:
            check_view(inner, rest)
        return
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
