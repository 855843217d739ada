"""Estimated marginal means: what a model says of the levels of factors, averaged over everything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from mmgui.data.table import Table
from mmgui.engine.result import Fit
from mmgui.errors import ModelError, Where
from mmgui.inference.degrees_of_freedom.approximation import Approximation, approximation
from mmgui.inference.fixed_effects.contrasts import JointTest, tested
from mmgui.inference.fixed_effects.marginal_estimates import (
    Cell,
    Estimates,
    adjusted,
    estimated,
    family_of,
    shown,
)
from mmgui.inference.fixed_effects.marginal_weights import averaging
from mmgui.inference.fixed_effects.reference_grid import (
    Functions,
    ReferenceGrid,
    Values,
    check_column,
    fixed_columns,
    recipe_of,
    reference_grid,
)

FloatArray = NDArray[np.float64]
At = Mapping[str, "str | float | Sequence[str] | Sequence[float]"]


@dataclass(frozen=True, eq=False)
class MarginalMeans:
    """Means, or slopes, of combinations of values of some columns.

    Attributes
    ----------
    what
        ``"mean of yield"`` or ``"slope of yield in nitro"``.
    factors, by
        The columns whose values are told apart; comparisons stay within combinations of those of ``by``.
    cells
        (m) the values of ``factors``, then of ``by``; the first varies fastest, as in emmeans.
    estimates
        One for each cell.
    averaged
        The columns that were averaged over.
    held
        The values at which quantities are held, and the level of a factor that ``at`` holds at one.
    weights
        How cells were averaged: ``"equal"``, ``"proportional"`` or ``"cells"``.
    """

    what: str
    factors: tuple[str, ...]
    by: tuple[str, ...]
    cells: tuple[Cell, ...]
    estimates: Estimates
    averaged: tuple[str, ...]
    held: dict[str, str | float]
    weights: str
    functions: Functions
    approximation: Approximation
    fit: Fit

    def pairwise(self, adjust: str = "tukey") -> Estimates:
        """All differences within each combination of ``by``, the first less the second.

        Parameters
        ----------
        adjust
            ``"none"``, ``"holm"``, ``"bonferroni"`` or ``"tukey"``.
        """
        return self.contrasts("pairwise", adjust)

    def contrasts(self, weights: str | Mapping[str, Sequence[float]], adjust: str = "none") -> Estimates:
        """Combinations of the means within each combination of ``by``.

        Parameters
        ----------
        weights
            By label one weight for each combination of the factors, in the order of ``cells``; or
            ``"pairwise"``, ``"reference"`` (each less the first), ``"consecutive"`` (each less the one
            before), ``"mean"`` (each less the mean of all).
        adjust
            As for :meth:`pairwise`; ``"tukey"`` for pairwise differences only.

        Raises
        ------
        ModelError
            ``unknown_contrasts``, ``wrong_length``, ``unknown_adjustment``.
        """
        count = len(self.cells) // len(self._groups)
        named = family_of(weights, self._names()) if isinstance(weights, str) else dict(weights)
        if adjust == "tukey" and weights != "pairwise":
            raise ModelError(
                "unknown_adjustment",
                "Tukey's adjustment is for all pairwise differences; choose holm for other contrasts.",
                Where("fit"),
            )
        for label, values in named.items():
            if len(values) != count or not np.isfinite(values).all():
                raise ModelError(
                    "wrong_length",
                    f"{label} needs {count} weights, one for each mean to be combined.",
                    Where("fit"),
                )
        matrix = np.array([list(v) for v in named.values()], dtype=np.float64).reshape(len(named), count)
        groups = tuple(g for g in self._groups for _ in named)
        labels = tuple(named) * len(self._groups)
        functions = self.functions.within(len(self._groups), matrix)
        level = self.estimates.level
        found = estimated(self.fit, functions, self.approximation, level, labels, groups)
        return adjusted(found, adjust, count, len(named))

    def joint(self) -> tuple[JointTest | None, ...]:
        """For each combination of ``by`` the F test that all means are the same; None where none can be told.

        Where some means are not estimable, that of all differences that are.
        """
        groups = len(self._groups)
        count = len(self.cells) // groups
        steps = np.asarray(np.diff(np.eye(count), axis=0), dtype=np.float64)
        functions = self.functions.within(groups, steps)
        out: list[JointTest | None] = []
        for k in range(groups):
            own = np.arange(k * (count - 1), (k + 1) * (count - 1))
            known = functions.part(own).known()
            values = known.rows @ self.fit.beta + known.constant
            testable = known.rows.size and float(np.abs(known.rows).max()) > 0.0
            out.append(
                tested(known.rows, np.zeros(len(values)), values, self.approximation) if testable else None
            )
        return tuple(out)

    @property
    def _groups(self) -> tuple[Cell, ...]:
        return tuple(dict.fromkeys(cell[len(self.factors) :] for cell in self.cells))

    def _names(self) -> list[str]:
        own = dict.fromkeys(cell[: len(self.factors)] for cell in self.cells)
        return [" ".join(shown(v) for v in cell) for cell in own]


def marginal_means(
    fit: Fit,
    factors: str | Sequence[str],
    by: str | Sequence[str] = (),
    at: At | None = None,
    weights: str = "equal",
    method: str | Approximation = "satterthwaite",
    level: float = 0.95,
    table: Table | None = None,
) -> MarginalMeans:
    """Estimated marginal means of the combinations of levels of some factors.

    Every other factor is averaged over, every quantity held at its mean over the rows fitted.

    Parameters
    ----------
    fit
        The fitted model.
    factors, by
        Columns whose values are told apart; a quantity has its mean, or the values ``at`` gives.
    at
        For some columns the values instead: numbers of a quantity, levels of a factor.
    weights
        How the cells averaged over count: ``"equal"``; ``"proportional"`` to how often their
        combinations of levels occur; ``"cells"`` to how often they occur together with the levels told
        apart.
    method
        As in :func:`~mmgui.inference.degrees_of_freedom.approximation.approximation`.
    level
        Confidence level of the intervals.
    table
        The table that was fitted, for ``"proportional"`` and ``"cells"``; not needed where the fit has it.

    Raises
    ------
    ModelError
        ``unknown_column``, ``unknown_level``, ``not_a_number``, ``no_factors``, ``unknown_weights``,
        ``needs_table``, ``too_large``, ``wrong_level``.
    FitError
        ``no_recipe``; those of :func:`~mmgui.inference.degrees_of_freedom.approximation.approximation`.

    References
    ----------
    Searle, S. R., Speed, F. M. & Milliken, G. A. (1980). The American Statistician 34, 216-221.
    """
    what = f"mean of {fit.formula.split('~')[0].strip()}"
    grid, told = _grid(fit, factors, by, at)
    return _marginal(fit, what, grid, grid.functions(), told, weights, method, level, table)


def slopes(
    fit: Fit,
    variable: str,
    by: str | Sequence[str] = (),
    at: At | None = None,
    weights: str = "equal",
    method: str | Approximation = "satterthwaite",
    level: float = 0.95,
    table: Table | None = None,
) -> MarginalMeans:
    """The slope of the prediction in a quantity, for the combinations of levels of some factors.

    The derivative at the quantity's mean, or at what ``at`` says, averaged over all other factors.

    Parameters
    ----------
    variable
        A quantity that the fixed effects read.
    by
        Columns whose values are told apart; here they are what is compared.
    fit, at, weights, method, level, table
        As in :func:`marginal_means`.

    Raises
    ------
    ModelError
        ``not_a_quantity``, and those of :func:`marginal_means`.
    FitError
        Those of :func:`marginal_means`.
    """
    recipe = recipe_of(fit.design)
    check_column(recipe, variable)
    if variable not in fixed_columns(recipe)[1]:
        raise ModelError(
            "not_a_quantity",
            f"{variable} enters the model as labels, so it has no slope; ask for its means.",
            Where("column", variable),
        )
    response = fit.formula.split("~")[0].strip()
    grid, told = _grid(fit, by, (), at)
    functions = grid.slopes(variable)
    what = f"slope of {response} in {variable}"
    return _marginal(fit, what, grid, functions, told, weights, method, level, table)


def _names(given: str | Sequence[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(dict.fromkeys(given))


def _grid(
    fit: Fit, factors: str | Sequence[str], by: str | Sequence[str], at: At | None
) -> tuple[ReferenceGrid, tuple[tuple[str, ...], tuple[str, ...]]]:
    """The grid, with an axis for every column that is told apart, and the factors and ``by``."""
    inner = _names(factors)
    outer = tuple(name for name in _names(by) if name not in inner)
    grid = reference_grid(fit.design, at)
    recipe = recipe_of(fit.design)
    axes, held = dict(grid.axes), dict(grid.held)
    for name in (*inner, *outer):
        check_column(recipe, name)
        if name in held:
            axes[name] = (held.pop(name),)
    return ReferenceGrid(fit.design, axes, held), (inner, outer)


def _marginal(
    fit: Fit,
    what: str,
    grid: ReferenceGrid,
    functions: Functions,
    told: tuple[tuple[str, ...], tuple[str, ...]],
    weights: str,
    method: str | Approximation,
    level: float,
    table: Table | None,
) -> MarginalMeans:
    factors, by = told
    by_method = approximation(fit, method)
    order, share = averaging(fit, grid, (*reversed(by), *reversed(factors)), weights, table)
    means = functions.averaged(grid.shape, order, share)
    cells = _cells(grid, by, factors)
    labels = tuple(" ".join(shown(v) for v in cell) or "(overall)" for cell in cells)
    groups = tuple(cell[len(factors) :] for cell in cells)
    found = estimated(fit, means, by_method, level, labels, groups)
    rest = {n: grid.axes[n] for n in grid.axes if n not in factors and n not in by}
    averaged = tuple(n for n, values in rest.items() if len(values) > 1)
    held = grid.held | {n: values[0] for n, values in rest.items() if len(values) == 1}
    return MarginalMeans(what, factors, by, cells, found, averaged, held, weights, means, by_method, fit)


def _cells(grid: ReferenceGrid, by: tuple[str, ...], factors: tuple[str, ...]) -> tuple[Cell, ...]:
    """The values of factors and ``by``, the first factor fastest and the last of ``by`` slowest."""
    values: list[Values] = [grid.axes[name] for name in (*reversed(by), *reversed(factors))]
    cells: list[Cell] = list(product(*values))
    return tuple(cell[::-1] for cell in cells)
