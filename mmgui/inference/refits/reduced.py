"""A design without some of its rows, as the model would be built on the table without them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.build.rank import independent_columns
from mmgui.engine.design import Design, RandomDesign
from mmgui.engine.result import Fit
from mmgui.errors import FitError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

_NOTHING = 1e-7
"""Of a column, relative to its size: the tolerance of its rank."""


@dataclass(frozen=True, eq=False)
class Reduced:
    """A design without some rows.

    Attributes
    ----------
    design
        What is left.
    kept_fixed
        Which fixed effects are left; those that the rows left cannot tell apart are dropped.
    same_fixed
        (len(kept_fixed),) which of them mean what they meant: a difference from a level of a factor that has
        left with its rows is a difference from another level now.
    kept_effects
        For each random-effects term which effects are left; those that are zero in every row are dropped.
    """

    design: Design
    kept_fixed: IntArray
    same_fixed: NDArray[np.bool_]
    kept_effects: tuple[IntArray, ...]

    def same_parameters(self, fit: Fit) -> bool:
        """Whether θ means what it meant."""
        return all(k.size == len(t.effects) for k, t in zip(self.kept_effects, fit.terms, strict=True))


def without_rows(design: Design, rows: IntArray) -> Reduced:
    """The design without these rows: empty groups, and columns that become redundant, leave with them.

    Raises
    ------
    FitError
        ``too_few_groups`` where a single group would be left.
    """
    keep = np.ones(design.nobs, dtype=bool)
    keep[rows] = False
    x = design.x[keep]
    columns = independent_columns(x) if x.shape[1] else np.arange(0)
    random, effects = [], []
    for term in design.random:
        left, kept = _term_without(term, keep)
        random.append(left)
        effects.append(kept)
    reduced = replace(
        design,
        y=design.y[keep],
        x=x[:, columns],
        fixed_names=tuple(design.fixed_names[j] for j in columns),
        assign=design.assign[columns],
        random=tuple(random),
        weights=None if design.weights is None else design.weights[keep],
        offset=None if design.offset is None else design.offset[keep],
        rows=design.rows[keep],
        aliases=None,
        recipe=None,
    )
    return Reduced(reduced, columns, _same(x, columns), tuple(effects))


def _same(x: FloatArray, kept: IntArray) -> NDArray[np.bool_]:
    """Whether the coefficients of the columns kept are those of all columns.

    A column that is left out is a combination X_K c of those kept, which take up its coefficient γ:
    they become β_K + c γ.
    """
    left_out = np.setdiff1d(np.arange(x.shape[1]), kept)
    scale = np.sqrt((x**2).sum(axis=0))
    if not left_out.size or not kept.size:
        return np.ones(kept.size, dtype=np.bool_)
    unit = x / np.where(scale > 0.0, scale, 1.0)
    taken_up = np.linalg.lstsq(unit[:, kept], unit[:, left_out], rcond=None)[0]
    return np.asarray(np.abs(taken_up).max(axis=1) <= _NOTHING)


def _term_without(term: RandomDesign, keep: NDArray[np.bool_]) -> tuple[RandomDesign, IntArray]:
    present, codes = np.unique(term.codes[keep], return_inverse=True)
    if present.size < 2:
        raise FitError(
            "too_few_groups",
            f"Without it fewer than two groups of {term.grouping} are left, so how they vary cannot be "
            "estimated.",
        )
    columns = term.columns[keep]
    kept = np.flatnonzero(columns.any(axis=0))
    if term.structure.patterned or not kept.size:
        kept = np.arange(len(term.effects))
    new = {int(old): k for k, old in enumerate(kept)}
    blocks = tuple(tuple(new[e] for e in block if e in new) for block in term.blocks)
    left = replace(
        term,
        levels=tuple(term.levels[k] for k in present),
        codes=codes.reshape(-1).astype(np.int32),
        effects=tuple(term.effects[k] for k in kept),
        columns=columns[:, kept],
        blocks=tuple(b for b in blocks if b),
    )
    return left, kept
