"""The lines of groups, all groups at once, and how the model's hang on its estimates."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design, RandomDesign
from mmgui.engine.result import Fit
from mmgui.figures.groups_axis import FACTOR, NUMBER, GroupAxis, terms_with

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]


@dataclass(frozen=True, eq=False, slots=True)
class Projection:
    """Least squares in every block of consecutive rows, on a basis of each block's own.

    Attributes
    ----------
    starts
        (m + 1,) block k has the rows ``starts[k]`` to ``starts[k + 1]``.
    owner
        (n,) the block of each row.
    basis
        Columns (n,), in each block orthonormal or zero.
    root
        (n,) square roots of the weights, None where all are one.
    """

    starts: IntArray
    owner: IntArray
    basis: tuple[FloatArray, ...]
    root: FloatArray | None = None

    def fit(self, values: FloatArray) -> FloatArray:
        """(n,) the fitted values."""
        scaled = values if self.root is None else values * self.root
        out = np.zeros(len(values))
        for q in self.basis:
            out += q * self.sums(q * scaled)[self.owner]
        return out if self.root is None else out / self.root

    def sums(self, values: FloatArray) -> FloatArray:
        """(m,) the sum of each block."""
        return np.add.reduceat(values, self.starts[:-1]) if len(self.starts) > 1 else np.empty(0)


def projection(
    starts: IntArray, x: FloatArray | None, degree: int, weights: FloatArray | None = None
) -> Projection:
    """Means (degree 0), lines (1) or parabolas (2) of the blocks; what a block cannot tell is left out."""
    sizes = np.diff(starts)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    root = None if weights is None else np.sqrt(weights)
    out = Projection(starts, owner, (), root)
    basis: list[FloatArray] = []
    ones = np.ones(len(owner))
    centred = ones
    if x is not None and degree:
        centred = x - (out.sums(x) / sizes)[owner]
        largest = np.maximum.reduceat(np.abs(centred), starts[:-1])
        floor = 1e-9 * np.maximum.reduceat(np.abs(x), starts[:-1])
        flat = largest <= floor
        centred = np.where(flat[owner], 0.0, centred / np.where(flat, 1.0, largest)[owner])
    for power in range(degree + 1):
        q = centred**power if power else ones
        q = q if root is None else q * root
        size = np.sqrt(out.sums(q * q))
        # Twice, because once leaves rounding behind.
        for _ in range(2):
            for before in basis:
                q = q - before * out.sums(before * q)[owner]
        left = np.sqrt(out.sums(q * q))
        told = left > 1e-7 * np.where(size > 0.0, size, 1.0)
        basis.append(np.where(told[owner], q / np.where(told, left, 1.0)[owner], 0.0))
    return Projection(starts, owner, tuple(basis), root)


@dataclass(frozen=True, eq=False, slots=True)
class ModelLines:
    """The model's line in every group as a linear function of its fixed effects, modes and fitted values.

    Attributes
    ----------
    rows
        (n,) the design's rows in the figure's order.
    groups
        Means in the groups.
    rest
        How everything that is not the predictor's own doing enters.
    pure
        (p,) which fixed effects belong to the predictor alone.
    columns
        (n, those) their columns.
    slopes
        The (term, effect, column) of the random effects that belong to it alone.
    codes
        (n,) the groups of each of those terms, by term.
    finer
        The (term, columns) whose groups lie within the figure's: their modes are no part of its lines.
    """

    rows: IntArray
    groups: Projection
    rest: Projection
    pure: NDArray[np.bool_]
    columns: FloatArray
    slopes: tuple[tuple[int, int, FloatArray], ...] = ()
    codes: dict[int, NDArray[np.int32]] = field(default_factory=dict)
    finer: tuple[tuple[int, FloatArray], ...] = ()

    def of_fit(self, fit: Fit) -> FloatArray:
        """(n,) the partial-pooling lines of a fit of the same model."""
        predicted = fit.fitted[self.rows]
        for term, columns in self.finer:
            predicted = predicted - np.einsum("ij,ij->i", columns, fit.terms[term].modes[self.codes[term]])
        line = self.columns @ fit.beta[self.pure]
        for term, effect, column in self.slopes:
            # Of groups across this one the mean counts.
            line = line + self.groups.fit(fit.terms[term].modes[self.codes[term], effect]) * column
        return line + self.rest.fit(predicted - line)

    def of_coefficients(self, beta: FloatArray, predicted: FloatArray) -> FloatArray:
        """(n,) the lines of fixed effects alone, which predict ``predicted`` for the design's rows."""
        line = self.columns @ beta[self.pure]
        return line + self.rest.fit(predicted[self.rows] - line)


def finer_terms(design: Design, term: int) -> tuple[int, ...]:
    """The other terms whose groups lie each within one group of this term, as a cask's within its batch."""
    mine, count = design.random[term].codes, len(design.random[term].levels)

    def inside(other: RandomDesign) -> bool:
        if len(other.levels) <= count:
            return False
        outer = np.zeros(len(other.levels), dtype=mine.dtype)
        outer[other.codes] = mine
        return bool(np.array_equal(outer[other.codes], mine))

    return tuple(k for k, other in enumerate(design.random) if k != term and inside(other))


def model_lines(fit: Fit, axis: GroupAxis, term: int, rows: IntArray, starts: IntArray) -> ModelLines:
    """How a fit's lines are made on an axis.

    What the predictor does by itself is drawn as it is. What it does together with other predictors
    enters as the line (the parabola, where the model bends) through the predictions in the group; other
    predictors and other random effects enter with their mean, those of finer groups not at all: what the
    model says of a batch is not what it says of its casks. Of a factor, and where nothing varies, the line
    is the mean of the predictions at each level.
    """
    within = finer_terms(fit.design, term)
    finer = tuple((k, fit.design.random[k].columns[rows]) for k in within)
    design, x = fit.design, axis.x[rows]
    groups = projection(starts, None, 0)
    if axis.kind != NUMBER:
        blocks = cell_starts(starts, x) if axis.kind == FACTOR else starts
        nothing = np.zeros(len(fit.beta), dtype=np.bool_)
        cells = projection(blocks, None, 0)
        codes = {k: design.random[k].codes[rows] for k in within}
        return ModelLines(rows, groups, cells, nothing, np.zeros((len(rows), 0)), (), codes, finer)
    pure = np.array(
        [k > 0 and set(design.spec.fixed[k - 1].columns()) == {axis.column} for k in design.assign.tolist()],
        dtype=np.bool_,
    )
    alone = {axis.name, *(n for n, mine in zip(design.fixed_names, pure, strict=True) if mine)}
    slopes = tuple(
        (t, k, random.columns[rows, k])
        for t, random in enumerate(design.random)
        for k, effect in enumerate(random.effects)
        if effect in alone and t not in within
    )
    together = any(set(t.columns()) != {axis.column} for t in terms_with(design, axis.column))
    rest = projection(starts, x, axis.degree if together else 0)
    codes = {t: design.random[t].codes[rows] for t in (*within, *(t for t, _, _ in slopes))}
    return ModelLines(rows, groups, rest, pure, design.x[np.ix_(rows, pure)], slopes, codes, finer)


def cell_starts(starts: IntArray, x: FloatArray) -> IntArray:
    """Where each level of a factor begins in each group, its rows ascending in x."""
    breaks = np.flatnonzero(np.diff(x) != 0.0) + 1
    return np.unique(np.concatenate([starts, breaks])).astype(np.intp)


def own_lines(
    axis: GroupAxis, starts: IntArray, x: FloatArray, y: FloatArray, weights: FloatArray | None
) -> FloatArray:
    """(n,) each group's own least squares; NaN in groups with too few values of a number."""
    if axis.kind != NUMBER:
        blocks = cell_starts(starts, x) if axis.kind == FACTOR else starts
        return projection(blocks, None, 0, weights).fit(y)
    own = projection(starts, x, axis.degree, weights)
    # A direction that the group cannot tell has no basis vector there.
    told = np.all([own.sums(q * q) > 0.5 for q in own.basis], axis=0)
    return np.where(told[own.owner], own.fit(y), np.nan)
