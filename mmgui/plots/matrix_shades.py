"""Matrices as images, a pixel an entry."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from mmgui.app.theme import Theme
from mmgui.figures.matrices import MatricesFigure
from mmgui.plots.model_matrix_painter import entry_fill, shades
from mmgui.plots.style import mix

FloatArray = NDArray[np.float64]
Scale = NDArray[np.uint32]

STEPS = 255
FAINTEST, FULLEST, BEND = 0.12, 0.92, 0.62
"""Shade of the smallest and of the largest entry; small ones are lifted, so that they can be told from 0."""


def ground(theme: Theme) -> str:
    """The colour of an entry of 0."""
    return mix(theme.surface, theme.grid, 0.75).name()


@lru_cache(maxsize=256)
def scale(zero: str, hue: str, negative: str) -> Scale:
    """(2 STEPS + 1,) colours from the most negative entry through 0 to the largest."""
    colors = [mix(zero, hue if k > 0 else negative, shade(abs(k) / STEPS)) for k in range(-STEPS, STEPS + 1)]
    return np.array([c.rgb() for c in colors], dtype=np.uint32)


def shade(share: float) -> float:
    """How strong the colour of an entry is, of which ``share`` of the limit is there."""
    return 0.0 if share <= 0 else FAINTEST + (FULLEST - FAINTEST) * min(share, 1.0) ** BEND


def pixels(values: FloatArray, limit: float, colors: Scale) -> Scale:
    """The colour of every entry."""
    steps = values * (STEPS / limit)
    np.clip(steps, -STEPS, STEPS, out=steps)
    # Away from 0: what is not 0 is seen not to be.
    steps += np.copysign(0.999999, steps) * (steps != 0)
    return colors[steps.astype(np.int16) + STEPS]


def as_image(colors: Scale) -> QImage:
    """Pixels as an image that owns them."""
    colors = np.ascontiguousarray(colors)
    height, width = colors.shape
    return QImage(colors.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def term_scale(theme: Theme, term: int) -> Scale:
    """The colours of a random-effects term; of the residual for a negative position."""
    return scale(ground(theme), hue_of(theme, term), theme.no_pooling)


def hue_of(theme: Theme, term: int) -> str:
    """A term's colour; for the residual a grey dark enough for a line a pixel wide."""
    return theme.muted if term < 0 else theme.term_color(term)


def total_scale(theme: Theme) -> Scale:
    """The colours of V: of no term, the ink of the text."""
    return scale(ground(theme), theme.text, theme.no_pooling)


def fixed_image(figure: MatricesFigure, theme: Theme) -> QImage:
    """X, each column by its own largest entry, as the design's picture has it."""
    rows = figure.rows
    out = np.empty(rows.x.shape, dtype=np.uint32)
    for j, column in enumerate(rows.fixed):
        values, where = np.unique(shades(rows.x[:, j]), return_inverse=True)
        fills = [entry_fill(v, column.label, theme).rgb() for v in values.tolist()]
        out[:, j] = np.array(fills, dtype=np.uint32)[where]
    return as_image(out)


def effects_image(figure: MatricesFigure, theme: Theme) -> QImage:
    """Z in the colours of its terms, each effect by its own largest entry."""
    rows = figure.rows
    limits = []
    for term in rows.terms:
        largest = np.abs(term.values).max(axis=0, initial=0.0)
        limits.append(np.tile(np.where(largest > 0, largest, 1.0), len(term.levels)))
    shares = rows.z / np.concatenate(limits) if limits else rows.z
    return by_term(figure, shares, 1.0, theme)


def by_term(figure: MatricesFigure, values: FloatArray, limit: float, theme: Theme) -> QImage:
    """A matrix whose columns are those of Z, in the colours of their terms."""
    rows = figure.rows
    out = np.empty(values.shape, dtype=np.uint32)
    for k, term in enumerate(rows.terms):
        of_term = slice(rows.starts[k], rows.starts[k + 1])
        out[:, of_term] = pixels(values[:, of_term], limit, term_scale(theme, term.term))
    return as_image(out)


def transposed(figure: MatricesFigure, values: FloatArray, limit: float, theme: Theme) -> QImage:
    """A matrix whose rows are the columns of Z."""
    rows = figure.rows
    out = np.empty(values.shape, dtype=np.uint32)
    for k, term in enumerate(rows.terms):
        of_term = slice(rows.starts[k], rows.starts[k + 1])
        out[of_term] = pixels(values[of_term], limit, term_scale(theme, term.term))
    return as_image(out)
