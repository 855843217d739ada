"""What the data of a group are drawn against: a number or a factor that varies in it, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.inference.fixed_effects.reference_grid import made_rows
from mmgui.spec.expression import Name
from mmgui.spec.terms import Term

FloatArray = NDArray[np.float64]
NUMBER, FACTOR, STRIP = "number", "factor", "strip"
MOST_LEVELS = 40


@dataclass(frozen=True, eq=False, slots=True)
class GroupAxis:
    """The axis under a group's data.

    Attributes
    ----------
    kind
        ``"number"``; ``"factor"`` for the levels of a factor, side by side; ``"strip"`` where nothing in
        the model varies within groups: the data of a group are one heap.
    name
        The predictor as the model has it; empty for a strip.
    column
        The column of the table behind it.
    x
        (n,) its values, positions of levels, or zeros.
    levels
        The factor's levels.
    degree
        Of the polynomial that the model has in it: 1 or 2; 0 without a number.
    """

    kind: str
    name: str
    column: str
    x: FloatArray
    levels: tuple[str, ...] = ()
    degree: int = 0


def group_axis(design: Design, term: int) -> GroupAxis:
    """The term's slope if there is one, else a fixed effect that varies within the term's groups.

    Numbers before factors; a number as it is before a function of it.
    """
    codes = design.random[term].codes
    candidates = list(_candidates(design, term))
    for plain in (True, False):
        for candidate in candidates:
            if isinstance(candidate.factors[0], Name) is not plain:
                continue
            found = _number(design, term, candidate)
            if found is not None and varies_within(found, codes):
                column = next(iter(candidate.columns()))
                degree = 2 if _is_bent(design, candidate, column) else 1
                return GroupAxis(NUMBER, candidate.label if not plain else column, column, found, (), degree)
    for candidate in candidates:
        name = candidate.label if not isinstance(candidate.factors[0], Name) else candidate.factors[0].name
        positions = _positions(design, name)
        if positions is not None and varies_within(positions, codes):
            levels = design.recipe.factors[name] if design.recipe is not None else ()
            return GroupAxis(FACTOR, name, name, positions, levels)
    return GroupAxis(STRIP, "", "", np.zeros(design.nobs))


def varies_within(column: FloatArray, codes: NDArray[np.int32]) -> bool:
    """Whether a column takes more than one value in some group."""
    sizes = np.bincount(codes)
    means = np.bincount(codes, column) / sizes
    return bool(np.max(np.abs(column - means[codes])) > 1e-9 * (float(np.ptp(column)) or 1.0))


def terms_with(design: Design, column: str) -> list[Term]:
    """Every fixed or random effect that reads a column."""
    slopes = [t for random in design.spec.random for t in random.slopes]
    return [t for t in (*design.spec.fixed, *slopes) if column in t.columns()]


def _candidates(design: Design, term: int) -> Iterator[Term]:
    for candidate in (*design.spec.random[term].slopes, *design.spec.fixed):
        if len(candidate.factors) == 1 and len(set(candidate.columns())) == 1:
            yield candidate


def _number(design: Design, term: int, candidate: Term) -> FloatArray | None:
    """The column that the effect has in the model, the first of a polynomial's."""
    factor = candidate.factors[0]
    name = factor.name if isinstance(factor, Name) else candidate.label
    random = design.random[term]
    for wanted in (name, f"{name}1") if name.startswith("poly(") else (name,):
        if wanted in random.effects:
            return random.columns[:, random.effects.index(wanted)]
        if wanted in design.fixed_names:
            return design.x[:, design.fixed_names.index(wanted)]
    return None


def _is_bent(design: Design, shown: Term, column: str) -> bool:
    """Whether another function of the predictor, its square for one, is in the model by itself."""
    others = [t for t in terms_with(design, column) if len(t.factors) == 1 and t.label != shown.label]
    return bool(others) or shown.label.startswith("poly(")


def _positions(design: Design, name: str) -> FloatArray | None:
    """(n,) the level of a factor in each row, read from its columns of X, whatever its coding."""
    recipe = design.recipe
    fixed = {c for t in design.spec.fixed for c in t.columns()}
    if recipe is None or name not in recipe.factors or name not in fixed:
        return None
    count = len(recipe.factors[name])
    mine = [k > 0 and set(design.spec.fixed[k - 1].columns()) == {name} for k in design.assign.tolist()]
    if not any(mine) or not 2 <= count <= MOST_LEVELS:
        return None
    grid = made_rows(recipe, {name: np.arange(count)}, {}, count)
    patterns = recipe.fixed(grid)[:, mine]
    apart = np.abs(patterns[:, None, :] - patterns[None, :, :]).max(axis=2)
    if np.min(apart + np.eye(count)) < 1e-9:
        return None
    rows = design.x[:, mine]
    nearest = np.argmin(np.stack([np.abs(rows - p).max(axis=1) for p in patterns]), axis=0)
    return np.asarray(nearest, dtype=np.float64)
