"""A direction of a term's effects in words: which effects lead, which go along, which go against."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mmgui.figures.singularity import combination
from mmgui.words import effect_name, listed

FloatArray = NDArray[np.float64]

ALONE, MOSTLY, TOGETHER, LITTLE = 0.98, 0.7, 0.08, 0.02
"""Shares of a direction, squares of its loadings, from which an effect makes it up alone, makes up most of
it, is named among equals, is named as a little."""


def effect_phrase(title: str) -> str:
    """An effect's title within a sentence: ``the intercept``, ``the slope of Days``, ``MachineB``."""
    if title == "Intercept":
        return "the intercept"
    return f"the slope of {title[9:]}" if title.startswith("Slope of ") else title


def loading_words(loadings: FloatArray, phrases: Sequence[str]) -> str:
    """``mostly the slope of Days, with a little of the intercept``; ``MachineB against MachineC``.

    Parameters
    ----------
    loadings
        (s,) of the direction; its length and its sign do not matter.
    phrases
        The s effects as they stand in a sentence.
    """
    square = loadings**2
    share = square / square.sum()
    # Equal but for rounding, effects stay in their order.
    order = [int(k) for k in np.argsort(-np.round(share, 6), kind="stable")]
    top = order[0]
    if share[top] >= ALONE:
        return f"{phrases[top]} alone"
    along = np.sign(loadings) == np.sign(loadings[top])
    if share[top] >= MOSTLY:
        rest = [k for k in order[1:] if share[k] >= LITTLE]
        same, other = [phrases[k] for k in rest if along[k]], [phrases[k] for k in rest if not along[k]]
        words = f"mostly {phrases[top]}"
        if same:
            words += f", with a little of {_listed(same)}"
        if other:
            words += f", {'and ' if same else ''}against a little of {_listed(other)}"
        return words
    named = [k for k in order if share[k] >= TOGETHER]
    same, other = [phrases[k] for k in named if along[k]], [phrases[k] for k in named if not along[k]]
    return f"{_listed(same)} against {_listed(other)}" if other else f"{_listed(same)} together"


def _listed(phrases: Sequence[str]) -> str:
    """``the intercept and MachineB``; several slopes in one: ``the slopes of x1 and x2``."""
    start = "the slope of "
    slopes = [p.removeprefix(start) for p in phrases if p.startswith(start)]
    if len(slopes) < 2:
        return listed(phrases)
    others = [p for p in phrases if not p.startswith(start)]
    return listed([*others, f"the slopes of {listed(slopes)}"])


def empty_words(loadings: FloatArray, effects: Sequence[str], phrases: Sequence[str]) -> str:
    """``0.58 × x1 − 0.58 × x2 has no variance``; the effect alone where the direction is one."""
    square = loadings**2
    top = int(np.argmax(square))
    if square[top] >= ALONE * square.sum():
        return f"{phrases[top]} has no variance"
    return f"{combination(loadings, [effect_name(e) for e in effects])} has no variance"
