"""Each group's data with three lines: its own (no pooling), everyone's (complete), the model's (partial)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.engine.result import Fit
from mmgui.figures.picked_rows import RowGroups, row_groups
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import response_name
from mmgui.inference.separate import pooled_coefficients
from mmgui.spec.expression import Name
from mmgui.spec.terms import Term

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class GroupsFigure:
    """The rows of a model, group after group, each group's rows ascending in x.

    Attributes
    ----------
    term, grouping, levels
        The random-effects term, its grouping factor and its L groups.
    x_name, y_name
        Axis titles; ``x_name`` is ``Row of the group`` where no numeric predictor varies within groups.
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

    def rows_of(self, group: int) -> slice:
        """The rows of a group."""
        return slice(int(self.starts[group]), int(self.starts[group + 1]))

    def table(self) -> FigureTable:
        """One line a row: group, predictor, response and the three lines."""
        head = ("Group", self.x_name, self.y_name, "No pooling", "Complete pooling", "Partial pooling")
        owner = np.repeat(np.arange(len(self.levels)), np.diff(self.starts)).tolist()
        numbers = np.column_stack([self.x, self.y, self.own, self.complete, self.partial]).tolist()
        rows: list[tuple[str | float | None, ...]] = [
            (self.levels[g], *line) for g, line in zip(owner, numbers, strict=True)
        ]
        return FigureTable(head, tuple(rows))


def groups_figure(fit: Fit, term: int) -> GroupsFigure:
    """Data and lines of one random-effects term.

    The model's line is its fitted values (every random effect included), the complete-pooling line a
    regression on the same fixed effects that ignores the groups, a group's own line a regression in
    that group alone. Other predictors and other random effects enter with their mean in the group.
    Where no numeric predictor varies within groups the lines show their value at every row.
    """
    design = fit.design
    random = design.random[term]
    found = _predictor(design, term)
    inside = _position_in_group(random.codes) if found is None else found[1]
    order = np.lexsort((inside, random.codes))
    codes, x = random.codes[order], inside[order]
    starts = np.searchsorted(codes, np.arange(len(random.levels) + 1)).astype(np.intp)
    offset = np.zeros(design.nobs) if design.offset is None else design.offset
    pooled = design.x @ pooled_coefficients(design) + offset
    y, complete, partial = (v[order] for v in (design.y, pooled, fit.fitted))
    if found is None:
        partial = (fit.fitted - _others(fit, term))[order]
        own = _own_regressions(design.x[order], y, starts)
    else:
        own = _own_lines(starts, x, y, curved=_is_bent(design, found[0]))
        complete, partial = _along(fit, found, order, starts, x, complete, partial)
    height = np.array([np.mean(partial[starts[g] : starts[g + 1]]) for g in range(len(random.levels))])
    return GroupsFigure(
        term=term,
        grouping=random.grouping,
        levels=random.levels,
        x_name="Row of the group" if found is None else found[0],
        y_name=response_name(design.spec),
        starts=starts,
        x=x,
        y=y,
        own=own,
        complete=complete,
        partial=partial,
        order=np.argsort(height, kind="stable"),
        notes=_notes(design, found),
        members=row_groups(design).taken(order),
    )


def _plain(term: Term) -> str:
    """The column's name where the term is one column as it is, else empty."""
    match term.factors:
        case (Name(name),):
            return name
        case _:
            return ""


def _predictor(design: Design, term: int) -> tuple[str, FloatArray] | None:
    """A numeric predictor that varies within groups: the term's slope first, else a fixed effect."""
    random = design.random[term]
    for candidate in design.spec.random[term].slopes:
        name = _plain(candidate)
        if name in random.effects:
            return name, random.columns[:, random.effects.index(name)]
    for candidate in design.spec.fixed:
        name = _plain(candidate)
        if name in design.fixed_names:
            column = design.x[:, design.fixed_names.index(name)]
            if _varies_within(column, random.codes):
                return name, column
    return None


def _varies_within(column: FloatArray, codes: NDArray[np.int32]) -> bool:
    sizes = np.bincount(codes)
    means = np.bincount(codes, column) / sizes
    return bool(np.max(np.abs(column - means[codes])) > 1e-9 * (float(np.ptp(column)) or 1.0))


def _terms_with(design: Design, name: str) -> list[Term]:
    slopes = [t for random in design.spec.random for t in random.slopes]
    return [t for t in (*design.spec.fixed, *slopes) if name in t.columns()]


def _is_bent(design: Design, name: str) -> bool:
    """Whether a function of the predictor, its square for one, is in the model by itself."""
    return any(_plain(t) != name and len(t.factors) == 1 for t in _terms_with(design, name))


def _along(
    fit: Fit,
    found: tuple[str, FloatArray],
    order: NDArray[np.intp],
    starts: NDArray[np.intp],
    x: FloatArray,
    complete: FloatArray,
    partial: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """The pooled line and the model's as functions of x, everything else at its mean in the group.

    What the predictor does by itself is drawn as it is. What it does together with other predictors
    enters as the line (the parabola, where the model bends) through the predictions in the group.
    """
    name, design = found[0], fit.design
    pure = [k > 0 and set(design.spec.fixed[k - 1].columns()) == {name} for k in design.assign.tolist()]
    alone = {name, *(n for n, mine in zip(design.fixed_names, pure, strict=True) if mine)}
    own = design.x[:, pure]
    pooled = (own @ pooled_coefficients(design)[pure])[order]
    model = (own @ fit.beta[pure])[order]
    for random, fitted in zip(design.random, fit.terms, strict=True):
        for k in (k for k, effect in enumerate(fitted.effects) if effect in alone):
            # Of groups within this one, or across it, the mean counts.
            slope = _group_means(fitted.modes[random.codes, k][order], starts)
            model = model + slope * random.columns[order, k]
    together = any(set(t.columns()) != {name} for t in _terms_with(design, name))
    degree = 0 if not together else 2 if _is_bent(design, name) else 1
    return (
        pooled + _polynomials(starts, x, complete - pooled, degree),
        model + _polynomials(starts, x, partial - model, degree),
    )


def _others(fit: Fit, term: int) -> FloatArray:
    """What the other random effects add to each row, as a difference from its mean in the row's group."""
    added = np.zeros(fit.nobs)
    for k, (random, fitted) in enumerate(zip(fit.design.random, fit.terms, strict=True)):
        if k != term:
            added += np.einsum("ij,ij->i", random.columns, fitted.modes[random.codes])
    codes = fit.design.random[term].codes
    return np.asarray(added - (np.bincount(codes, added) / np.bincount(codes))[codes])


def _position_in_group(codes: NDArray[np.int32]) -> FloatArray:
    order = np.argsort(codes, kind="stable")
    sizes = np.bincount(codes)
    first = np.repeat(np.cumsum(sizes) - sizes, sizes)
    position = np.empty(len(codes))
    position[order] = np.arange(len(codes)) - first + 1
    return position


def _group_means(values: FloatArray, starts: NDArray[np.intp]) -> FloatArray:
    sizes = np.diff(starts)
    return np.repeat(np.add.reduceat(values, starts[:-1]) / sizes, sizes)


def _own_lines(starts: NDArray[np.intp], x: FloatArray, y: FloatArray, *, curved: bool) -> FloatArray:
    """Each group's own least-squares line, or parabola where the model bends; NaN with too few values."""
    degree = 2 if curved else 1
    own = _polynomials(starts, x, y, degree)
    for g in range(len(starts) - 1):
        rows = slice(starts[g], starts[g + 1])
        if len(np.unique(x[rows])) <= degree:
            own[rows] = np.nan
    return own


def _polynomials(starts: NDArray[np.intp], x: FloatArray, y: FloatArray, degree: int) -> FloatArray:
    """Each group's least-squares polynomial in x at its rows."""
    if degree == 0:
        return _group_means(y, starts)
    fitted = np.empty(len(y))
    for g in range(len(starts) - 1):
        rows = slice(starts[g], starts[g + 1])
        centred = x[rows] - x[rows].mean()
        basis = np.vander(centred / (np.abs(centred).max() or 1.0), degree + 1)
        fitted[rows] = basis @ np.linalg.lstsq(basis, y[rows], rcond=None)[0]
    return fitted


def _own_regressions(columns: FloatArray, y: FloatArray, starts: NDArray[np.intp]) -> FloatArray:
    """Each group's own regression on the fixed effects that vary in it; without any, its mean."""
    own = _group_means(y, starts)
    if not columns.shape[1]:
        return own
    within = columns - np.column_stack([_group_means(c, starts) for c in columns.T])
    varying = np.max(np.abs(within), axis=0, initial=0.0) > 1e-9
    for g in range(len(starts) - 1) if varying.any() else ():
        rows = slice(starts[g], starts[g + 1])
        basis = within[rows][:, varying]
        if np.linalg.matrix_rank(basis) + 1 >= len(basis):
            own[rows] = np.nan
        else:
            own[rows] += basis @ np.linalg.lstsq(basis, y[rows] - own[rows], rcond=None)[0]
    return own


def _notes(design: Design, found: tuple[str, FloatArray] | None) -> tuple[str, ...]:
    mine = {found[0]} if found else {c for t in design.spec.fixed for c in t.columns()}
    others = [t for t in design.spec.fixed if not set(t.columns()) <= mine]
    if not others and len(design.random) == 1:
        return ()
    return ("Other predictors and random effects enter the lines with their mean.",)
