"""What the model leaves: which pictures there are of it, and the one that was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from mmgui.data.table import Table
from mmgui.engine.result import Fit
from mmgui.figures.influence import DeletionOutline, deletion_outline
from mmgui.figures.influence_rows import row_influence_figure
from mmgui.figures.moved import Moved
from mmgui.figures.picked_rows import row_groups
from mmgui.figures.residual_rows import KIND_NAMES, ResidualKind, ResidualRows, kinds_of, rows_of
from mmgui.figures.residuals_distribution import distribution_figure
from mmgui.figures.residuals_groups import group_residuals_figure
from mmgui.figures.residuals_modes import modes_figure
from mmgui.figures.residuals_predictors import predictors_of
from mmgui.figures.residuals_trend import trend_figure
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import response_name

__all__ = [
    "KIND_NAMES",
    "ResidualKind",
    "ResidualView",
    "ResidualsFigure",
    "ResidualsOffer",
    "residuals_figure",
    "residuals_view",
]


class ResidualView(StrEnum):
    """The pictures of the page."""

    TREND = "trend"
    DISTRIBUTION = "distribution"
    GROUPS = "groups"
    MODES = "modes"
    INFLUENCE = "influence"


class ViewFigure(Protocol):
    """One picture: it has its numbers as a table, and can follow a model that is moved."""

    def table(self) -> FigureTable: ...

    def moved(self, moved: Moved) -> ViewFigure: ...


@dataclass(frozen=True, eq=False, slots=True)
class ResidualsOffer:
    """What can be chosen for a fit.

    Attributes
    ----------
    views
        The pictures.
    kinds
        Kinds of residuals, the first by default.
    against
        What residuals can be held against: empty for the fitted values, then predictors by name.
    left_out
        Those of them that the model does not read.
    groupings, terms
        The grouping factors, and the first random-effects term of each (its colour).
    deletion
        What leaving out groups would take, one entry a grouping factor.
    """

    views: tuple[ResidualView, ...]
    kinds: tuple[ResidualKind, ...]
    against: tuple[str, ...]
    left_out: tuple[str, ...]
    groupings: tuple[str, ...]
    terms: tuple[int, ...]
    deletion: tuple[DeletionOutline, ...]


@dataclass(frozen=True, eq=False, slots=True)
class ResidualsFigure:
    """The picture chosen, and what else there is to choose.

    ``kind``, ``against`` and ``grouping`` are the choices as they were carried out.
    """

    fit: Fit
    view: ResidualView
    kind: ResidualKind
    against: str
    grouping: str
    picture: ViewFigure
    offer: ResidualsOffer

    def table(self) -> FigureTable:
        """The numbers of the picture."""
        return self.picture.table()


def residuals_view(fit: Fit, table: Table | None, choice: tuple[str, ...] = ()) -> ResidualsFigure:
    """One picture of the residuals.

    ``choice`` holds view, kind, what to hold residuals against, and grouping factor, as far as they were
    chosen; what this fit does not have gives way to the first that it has. The table adds predictors.
    """
    wanted = dict(zip(("view", "kind", "against", "grouping"), choice, strict=False))
    predictors = predictors_of(fit.design, table)
    first = fit.design.first_terms
    groupings = tuple(sorted(first, key=first.__getitem__))
    offer = ResidualsOffer(
        views=tuple(v for v in ResidualView if fit.terms or v in _WITHOUT_GROUPS),
        kinds=kinds_of(fit),
        against=("", *(p.name for p in predictors)),
        left_out=tuple(p.name for p in predictors if not p.in_model),
        groupings=groupings,
        terms=tuple(first[g] for g in groupings),
        deletion=tuple(deletion_outline(fit, g) for g in groupings),
    )
    view = next((v for v in offer.views if v == wanted.get("view")), offer.views[0])
    kind = next((k for k in offer.kinds if k == wanted.get("kind")), offer.kinds[0])
    against = next((a for a in offer.against if a == wanted.get("against")), "")
    grouping = next((g for g in groupings if g == wanted.get("grouping")), groupings[0] if groupings else "")
    name = response_name(fit.design.spec)
    if view is ResidualView.MODES:
        return ResidualsFigure(fit, view, kind, against, grouping, modes_figure(fit), offer)
    if view is ResidualView.INFLUENCE:
        # Deletion says what the conditional fit rests on.
        rows = rows_of(fit, ResidualKind.STANDARDISED, name, predictors, row_groups(fit.design))
        return ResidualsFigure(fit, view, kind, against, grouping, row_influence_figure(fit, rows), offer)
    rows = rows_of(fit, kind, name, predictors, row_groups(fit.design))
    return ResidualsFigure(fit, view, kind, against, grouping, _picture(view, rows, against, grouping), offer)


_WITHOUT_GROUPS = (ResidualView.TREND, ResidualView.DISTRIBUTION, ResidualView.INFLUENCE)


def _picture(view: ResidualView, rows: ResidualRows, against: str, grouping: str) -> ViewFigure:
    if view is ResidualView.DISTRIBUTION:
        return distribution_figure(rows)
    if view is ResidualView.GROUPS:
        return group_residuals_figure(rows, grouping)
    return trend_figure(rows, against)


def residuals_figure(fit: Fit) -> ResidualsFigure:
    """Residuals against fitted values, the picture that comes first."""
    return residuals_view(fit, None)
