"""A design without some of its rows, as the model would be built on the table without them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.build.rank import independent_columns
from mmgui.engine.design import Design, RandomDesign
from mmgui.engine.result import Fit
from mmgui.errors import FitError

IntArray = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Reduced:
    """A design without some rows.

    Attributes
    ----------
    design
        What is left.
    kept_fixed
        Which fixed effects are left; those that the rows left cannot tell apart are dropped.
    kept_effects
        For each random-effects term which effects are left; those that are zero in every row are dropped.
    """

    design: Design
    kept_fixed: IntArray
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
    return Reduced(reduced, columns, tuple(effects))


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
