"""Each group's data with three lines: its own (no pooling), everyone's (complete), the model's (partial)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.engine.result import Fit
from mmgui.figures.groups_axis import NUMBER, STRIP, GroupAxis, group_axis
from mmgui.figures.groups_lines import ModelLines, finer_terms, model_lines, own_lines, projection
from mmgui.figures.groups_order import GroupOrder, group_orders
from mmgui.figures.groups_spread import spread
from mmgui.figures.moved import Moved
from mmgui.figures.picked_rows import RowGroups, row_groups
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import listed, response_name
from mmgui.inference.variance.separate import pooled_coefficients

FloatArray = NDArray[np.float64]

FEW_VALUES = 6


@dataclass(frozen=True, eq=False, slots=True)
class GroupsFigure:
    """The rows of a model, group after group, each group's rows ascending in x.

    Attributes
    ----------
    term, grouping, levels
        The random-effects term, its grouping factor and its L groups.
    x_name, y_name
        Axis titles; ``x_name`` is empty where nothing in the model varies within groups.
    starts
        (L + 1,) group g has the rows ``starts[g]`` to ``starts[g + 1]``.
    x, y
        (n,) predictor and response.
    own, complete, partial
        (n,) the three lines at the rows; ``own`` is NaN in groups whose rows cannot give a line.
    order
        (L,) groups by the height of the model's line.
    notes
        Sentences about how the lines are to be read.
    members
        The rows in the same order, with their groups in every random-effects term.
    kind
        What ``x`` is: ``"number"``, ``"factor"`` (positions of ``x_levels``) or ``"strip"`` (zeros).
    x_levels
        The factor's levels.
    straight
        Whether every line is straight in x.
    spread
        (n,) between −½ and ½: where a dot stands beside others of the same x, so that all are seen.
    orders
        The orders in which the groups can stand.
    lines
        What makes the model's lines of its estimates; None in a figure put together by hand.
    """

    term: int
    grouping: str
    levels: tuple[str, ...]
    x_name: str
    y_name: str
    starts: NDArray[np.intp]
    x: FloatArray
    y: FloatArray
    own: FloatArray
    complete: FloatArray
    partial: FloatArray
    order: NDArray[np.intp]
    notes: tuple[str, ...] = ()
    members: RowGroups = field(default_factory=RowGroups)
    kind: str = NUMBER
    x_levels: tuple[str, ...] = ()
    straight: bool = True
    spread: FloatArray = field(default_factory=lambda: np.empty(0))
    orders: tuple[GroupOrder, ...] = ()
    lines: ModelLines | None = None

    def rows_of(self, group: int) -> slice:
        """The rows of a group."""
        return slice(int(self.starts[group]), int(self.starts[group + 1]))

    @property
    def sizes(self) -> NDArray[np.intp]:
        """(L,) rows of each group."""
        return np.diff(self.starts)

    @property
    def owner(self) -> NDArray[np.intp]:
        """(n,) the group of each row."""
        return np.repeat(np.arange(len(self.levels)), self.sizes)

    def table(self) -> FigureTable:
        """One line a row: group, predictor, response and the three lines."""
        numbers = np.column_stack([self.x, self.y, self.own, self.complete, self.partial]).tolist()
        rows: list[tuple[str | float | None, ...]] = []
        for g, line in zip(self.owner.tolist(), numbers, strict=True):
            match self.kind:
                case "strip":
                    rows.append((self.levels[g], *line[1:]))
                case "factor":
                    rows.append((self.levels[g], self.x_levels[int(line[0])], *line[1:]))
                case _:
                    rows.append((self.levels[g], *line))
        head = ("Group", *((self.x_name,) if self.kind != STRIP else ()), self.y_name)
        return FigureTable((*head, "No pooling", "Complete pooling", "Partial pooling"), tuple(rows))


def groups_figure(fit: Fit, term: int) -> GroupsFigure:
    """Data and lines of one random-effects term.

    The model's line is its fitted values, the complete-pooling line a regression on the same fixed effects
    that ignores the groups, a group's own line a regression in that group alone. Other predictors and other
    random effects enter with their mean in the group, random effects of groups within this one not at all.
    Where only a factor varies within groups the lines are means at its levels, where nothing varies one
    level.
    """
    design = fit.design
    random, axis = design.random[term], group_axis(design, term)
    rows = np.lexsort((axis.x, random.codes))
    x, y = axis.x[rows], design.y[rows]
    starts = np.searchsorted(random.codes[rows], np.arange(len(random.levels) + 1)).astype(np.intp)
    lines = model_lines(fit, axis, term, rows, starts)
    own = own_lines(axis, starts, x, y, None if design.weights is None else design.weights[rows])
    pooled = pooled_coefficients(design)
    offset = np.zeros(design.nobs) if design.offset is None else design.offset
    partial, response = lines.of_fit(fit), response_name(design.spec)
    mean = projection(starts, None, 0)
    sizes = np.diff(starts)
    height, apart = mean.sums(partial) / sizes, np.sqrt(mean.sums((own - partial) ** 2) / sizes)
    orders = group_orders(fit, term, sizes, height, apart, response)
    return GroupsFigure(
        term=term,
        grouping=random.grouping,
        levels=random.levels,
        x_name=axis.name,
        y_name=response,
        starts=starts,
        x=x,
        y=y,
        own=own,
        complete=lines.of_coefficients(pooled, design.x @ pooled + offset),
        partial=partial,
        order=orders[0].order,
        notes=_notes(design, axis, term),
        members=row_groups(design).taken(rows),
        kind=axis.kind,
        x_levels=axis.levels,
        straight=axis.kind == NUMBER and axis.degree == 1,
        spread=spread(starts, x, y) if axis.kind != NUMBER or _few(x) else np.zeros(len(y)),
        orders=orders,
        lines=lines,
    )


def moved_groups(figure: GroupsFigure, moved: Moved) -> GroupsFigure:
    """The figure with the lines of the model as moved; groups keep their places."""
    if figure.lines is None:
        return figure
    return replace(figure, partial=figure.lines.of_fit(moved.fit))


def _few(x: FloatArray) -> bool:
    """Whether so few values of x occur that its dots would stand in columns."""
    return len(np.unique(x)) <= FEW_VALUES


def _notes(design: Design, axis: GroupAxis, term: int) -> tuple[str, ...]:
    notes: list[str] = []
    within = finer_terms(design, term)
    grouping = design.random[term].grouping
    across = [r for k, r in enumerate(design.random) if k not in within and r.grouping != grouping]
    if across or any(not set(t.columns()) <= {axis.column} for t in design.spec.fixed):
        notes.append("Other predictors and random effects enter the lines with their mean.")
    if within:
        named = listed(tuple(dict.fromkeys(design.random[k].grouping for k in within)))
        notes.append(f"The model's lines leave out {named}, which varies within {grouping}.")
    return tuple(notes)
