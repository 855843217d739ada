"""Contrasts by the names of factors, levels and quantities, as 3dLMEr's ``-gltCode`` and ``-glfCode``.

Factors that are not named are averaged over with equal weights, quantities that are not named held at
their mean over the rows fitted. (3dLMEr counts a quantity's value from its centre; here it is the value
itself.) Several rows of one factor, joined by ``&``, are tested jointly; rows of several factors are
combined each with each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.recipe import Recipe
from mmgui.engine.result import Fit
from mmgui.errors import ModelError, Where
from mmgui.inference.degrees_of_freedom.approximation import Approximation, approximation
from mmgui.inference.fixed_effects.contrast_language import Part, Weighted, parse_contrast
from mmgui.inference.fixed_effects.contrasts import Contrast, JointTest, estimates, tested
from mmgui.inference.fixed_effects.reference_grid import (
    Functions,
    fixed_columns,
    recipe_of,
    reference_grid,
    unknown_level,
)

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class NamedContrast:
    """A contrast as it is named, and as combinations of the fixed effects.

    Attributes
    ----------
    text
        As it was written.
    matrix
        (m, p); more than one row is a joint hypothesis.
    constant
        (m,) what the offset adds.
    averaged
        The factors averaged over.
    held
        The values at which quantities are held.
    slope
        The quantity whose slope is asked for, or None.
    """

    text: str
    matrix: FloatArray
    constant: FloatArray
    averaged: tuple[str, ...]
    held: dict[str, float]
    slope: str | None


def named(fit: Fit, text: str) -> NamedContrast:
    """What a named contrast is of the fixed effects.

    Parameters
    ----------
    fit
        The fitted model.
    text
        As in ``"Machine : 1*A -1*B"``, ``"Machine : 1*A -1*B Days : 5"``, ``"Diet : 1*1 -1*2 Time :"``,
        ``"Machine : 1*A -1*B & 1*A -1*C"``; the grammar is in
        :mod:`mmgui.inference.fixed_effects.contrast_language`.

    Raises
    ------
    FormulaError
        ``contrast_syntax``, with the position.
    ModelError
        ``unknown_column``, ``unknown_level``, ``level_twice``, ``not_a_quantity``, ``not_a_factor``,
        ``two_slopes``, ``nothing_to_test``, ``not_estimable``, each with the position; ``too_large``.
    FitError
        ``no_recipe``.
    """
    parts = parse_contrast(text)
    recipe = recipe_of(fit.design)
    for part in parts:
        _check_part(recipe, part)
    moved = [part for part in parts if part.slope]
    if len(moved) > 1:
        second = moved[1]
        raise ModelError(
            "two_slopes",
            f"A contrast has one slope at most; give {second.column} a value, as in “{second.column} : 0”.",
            _where(second),
        )
    slope = moved[0].column if moved else None
    values = {part.column: part.value for part in parts if part.value is not None}
    grid = reference_grid(fit.design, values)
    weights = {part.column: _weights(recipe, part) for part in parts if part.rows}
    whole: FloatArray = np.ones((1, 1))
    for name, levels in grid.axes.items():
        own = weights.get(name, np.full((1, len(levels)), 1.0 / len(levels)))
        whole = np.asarray(np.kron(whole, own), dtype=np.float64)
    functions = (grid.functions() if slope is None else grid.slopes(slope)).combined(whole)
    _check_estimable(functions, text)
    averaged = tuple(name for name in grid.axes if name not in weights)
    held = {name: value for name, value in grid.held.items() if name != slope}
    return NamedContrast(text, functions.rows, functions.constant, averaged, held, slope)


def named_contrast(
    fit: Fit, text: str, method: str | Approximation = "satterthwaite", level: float = 0.95, null: float = 0.0
) -> Contrast:
    """Estimate and test one named contrast, as 3dLMEr's ``-gltCode``.

    Parameters
    ----------
    fit, text
        As in :func:`named`.
    method, level, null
        As in :func:`~mmgui.inference.fixed_effects.contrasts.contrast`.

    Raises
    ------
    ModelError
        ``joint_contrast`` where the text names several at once; those of :func:`named`.
    FormulaError, FitError
        Those of :func:`named` and :func:`~mmgui.inference.degrees_of_freedom.approximation.approximation`.
    """
    found = named(fit, text)
    if len(found.matrix) > 1:
        raise ModelError(
            "joint_contrast",
            f"“{text}” names {len(found.matrix)} contrasts at once, which have a joint test but no single "
            "estimate; ask for the joint test.",
            Where("contrast", text, max(text.find("&"), 0)),
        )
    values = found.matrix @ fit.beta + found.constant
    return estimates(found.matrix, values, approximation(fit, method), level, null)[0]


def named_joint_test(fit: Fit, text: str, method: str | Approximation = "satterthwaite") -> JointTest:
    """Test one or several named contrasts at once against 0, as 3dLMEr's ``-glfCode``.

    Parameters
    ----------
    fit, text
        As in :func:`named`.
    method
        As in :func:`~mmgui.inference.fixed_effects.contrasts.joint_test`.

    Raises
    ------
    FormulaError, ModelError, FitError
        Those of :func:`named` and :func:`~mmgui.inference.degrees_of_freedom.approximation.approximation`.
    """
    found = named(fit, text)
    values = found.matrix @ fit.beta + found.constant
    return tested(found.matrix, np.zeros(len(values)), values, approximation(fit, method))


def _where(part: Part | Weighted) -> Where:
    name = part.column if isinstance(part, Part) else part.level
    return Where("contrast", name, part.position, part.length)


def _check_part(recipe: Recipe, part: Part) -> None:
    labels, quantities = fixed_columns(recipe)
    if part.column not in labels and part.column not in quantities:
        raise ModelError(
            "unknown_column",
            f"The fixed effects do not have {part.column}; the columns they read are "
            f"{', '.join((*labels, *quantities)) or 'none'}.",
            _where(part),
        )
    if part.column in quantities and part.rows:
        raise ModelError(
            "not_a_factor",
            f"{part.column} is a quantity, which has no levels to weigh; give a value, as in "
            f"“{part.column} : 5”, or none for its slope.",
            _where(part),
        )
    if part.column in labels and not part.rows:
        level = recipe.factors[part.column][0]
        raise ModelError(
            "not_a_quantity",
            f"{part.column} enters the model as labels, so it needs weights of its levels, as in "
            f"“{part.column} : 1*{level}”.",
            _where(part),
        )


def _weights(recipe: Recipe, part: Part) -> FloatArray:
    """(rows, levels) the weights of a factor's levels."""
    levels = recipe.factors[part.column]
    out = np.zeros((len(part.rows), len(levels)))
    for line, row in zip(out, part.rows, strict=True):
        seen: set[int] = set()
        for entry in row:
            at = _place(recipe, part, entry)
            if at in seen:
                raise ModelError(
                    "level_twice",
                    f"{entry.level} is there twice among the weights of {part.column}; give it one weight.",
                    _where(entry),
                )
            seen.add(at)
            line[at] = entry.weight
        if not line.any():
            raise ModelError(
                "nothing_to_test",
                f"Every weight of {part.column} is 0, so there is nothing to test; give a weight.",
                _where(part),
            )
    return out


def _place(recipe: Recipe, part: Part, entry: Weighted) -> int:
    levels = recipe.factors[part.column]
    if entry.level in levels:
        return levels.index(entry.level)
    same = [k for k, level in enumerate(levels) if _number(level) == _number(entry.level) is not None]
    if len(same) == 1:
        return same[0]
    if "*" in entry.level:
        raise ModelError(
            "unknown_level",
            f"{part.column} has no level “{entry.level}”; put a space before each weight, as in 1*A -1*B.",
            _where(entry),
        )
    raise unknown_level(recipe, part.column, entry.level, _where(entry))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _check_estimable(functions: Functions, text: str) -> None:
    if functions.estimable.all():
        return
    raise ModelError(
        "not_estimable",
        f"The rows fitted cannot tell “{text}”: some of the combinations of levels that it needs have no "
        "rows, or a column that it needs depends linearly on others; name other levels.",
        Where("contrast", text, 0, len(text)),
    )
