"""Conditional modes of every random effect against the normal."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from mmgui.engine.result import Fit, FittedTerm
from mmgui.figures.moved import Moved
from mmgui.figures.residuals_quantiles import NormalQuantiles, moved_quantiles, quantiles_of
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_name, listed
from mmgui.numbers import count

LEAST_GROUPS = 3


@dataclass(frozen=True, eq=False, slots=True)
class ModesFigure:
    """One picture for every random effect that varies; ``places`` are their (term, effect) positions.

    ``silent`` are sentences on effects that have no picture, and on what singular terms show.
    """

    quantiles: tuple[NormalQuantiles, ...]
    places: tuple[tuple[int, int], ...]
    silent: tuple[str, ...]

    def table(self) -> FigureTable:
        """One line a group and effect."""
        rows: list[tuple[str | float | int | None, ...]] = []
        for q in self.quantiles:
            rows += [(q.title, *line) for line in q.table().rows]
        return FigureTable(("Effect", "Group", "Normal", "Mode", "Band from", "Band to"), tuple(rows))

    def moved(self, moved: Moved) -> ModesFigure:
        """The same effects where the model has been moved to."""
        terms = moved.fit.terms
        quantiles = tuple(
            moved_quantiles(q, terms[k].modes[:, j])
            for q, (k, j) in zip(self.quantiles, self.places, strict=True)
        )
        return replace(self, quantiles=quantiles)

    def notes(self) -> tuple[str, ...]:
        """What has to be known to read the pictures."""
        band = (
            "Bands: 95 % for each group by itself. Modes are shrunk, groups with few rows more than others, "
            "so they need not be quite normal even where the effects are."
        )
        return (*self.silent, *((band,) if self.quantiles else ()))


def modes_figure(fit: Fit) -> ModesFigure:
    """Quantiles of the modes, term by term; what does not vary is said in words."""
    quantiles, places, silent = [], [], []
    for k, term in enumerate(fit.terms):
        shown, still = _varying(term)
        for j in shown:
            title = f"{term.grouping}: {effect_name(term.effects[j])}"
            quantiles.append(
                quantiles_of(title, term.modes[:, j], term=k, grouping=term.grouping, levels=term.levels)
            )
            places.append((k, j))
        silent += _sentences(term, shown, still)
    return ModesFigure(tuple(quantiles), tuple(places), tuple(silent))


def _varying(term: FittedTerm) -> tuple[list[int], list[int]]:
    spread = np.ptp(term.modes, axis=0)
    # Modes of an effect without variance are rounding errors beside its units.
    still = [j for j in range(len(term.effects)) if spread[j] == 0.0 or term.sd[j] == 0.0]
    return [j for j in range(len(term.effects)) if j not in still], still


def _sentences(term: FittedTerm, shown: list[int], still: list[int]) -> list[str]:
    names = [effect_name(term.effects[j]) for j in still]
    out = []
    if still:
        verb = "has" if len(still) == 1 else "have"
        out.append(
            f"{term.grouping}: {listed(names)} {verb} no variance in this fit (singular), so all modes are 0 "
            "and there is no picture."
        )
    if shown and term.rank < len(shown):
        directions = count(term.rank, "direction")
        out.append(
            f"{term.grouping}: the fit is singular; its {len(shown)} effects vary in {directions} only, so "
            "their pictures partly repeat each other."
        )
    if shown and len(term.levels) < LEAST_GROUPS:
        out.append(f"{term.grouping} has {len(term.levels)} groups: too few to speak of a distribution.")
    return out
