"""What has no variance: effects of a term, combinations of them, or the residual."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.engine.singularity import NO_VARIANCE

FloatArray = NDArray[np.float64]

# A residual SD of so small a part of the response's is none.
PERFECT = 1e-6


@dataclass(frozen=True, eq=False, slots=True)
class Flatness:
    """What has no variance in a term.

    Attributes
    ----------
    zero
        Positions of effects whose own variance is zero.
    varying
        Positions of the others.
    directions
        (d, len(varying)) combinations of the varying effects, each in units of its SD, that have no
        variance; the flattest last.
    """

    zero: tuple[int, ...]
    varying: tuple[int, ...]
    directions: FloatArray

    @property
    def lockstep(self) -> bool:
        """Whether exactly two effects vary, and only together."""
        return len(self.varying) == 2 and len(self.directions) == 1


def flatness(fit: Fit, term_index: int) -> Flatness:
    """Effects and directions of a term without variance; as many in all as the term's rank leaves over.

    The rows of the relative factor, each divided by its length, are a factor of the correlation
    matrix; its last left singular vectors are the combinations of standardised effects that do not
    vary (Bates, Kliegl, Vasishth & Baayen 2015, arXiv:1506.04967, whose principal components are
    those of the relative factor itself). An effect without variance is one that the rank, too,
    does not count (:func:`mmgui.engine.singularity.variance_rank`).

    Parameters
    ----------
    fit
        The fit.
    term_index
        Which of its random-effects terms.
    """
    term, columns = fit.terms[term_index], fit.design.random[term_index].columns
    lengths = np.sqrt(np.sum(term.relative_factor**2, axis=1))
    scale = np.sqrt(np.mean(columns**2, axis=0))
    still = lengths * np.where(scale > 0.0, scale, 1.0) <= NO_VARIANCE
    varying = np.flatnonzero(~still)
    left = np.linalg.svd(term.relative_factor[varying] / lengths[varying, None])[0]
    directions = left.T[term.rank :] if len(varying) else np.empty((0, 0))
    return Flatness(_positions(np.flatnonzero(still)), _positions(varying), directions)


def is_perfect(fit: Fit) -> bool:
    """Whether the model reproduces the response exactly, so that no residual variance is left."""
    design = fit.design
    y = design.y if design.offset is None else design.y - design.offset
    # σ is the residual SD of a row of weight 1, which need not be like the rows there are.
    weight = 1.0 if design.weights is None else float(np.mean(1.0 / design.weights))
    return fit.sigma * math.sqrt(weight) <= PERFECT * float(np.std(y))


def _positions(found: NDArray[np.intp]) -> tuple[int, ...]:
    return tuple(int(k) for k in found)
