"""V on chosen rows, term by term: V = Σ_k Z_k (I ⊗ Σ_k) Z_kᵀ + σ² W⁻¹, no matrix larger than those rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class TermRows:
    """One random-effects term on the rows drawn.

    Attributes
    ----------
    term
        Its position in the model.
    grouping
        Its grouping factor.
    name
        As the formula writes it: ``(1 + Days | Subject)``.
    effects, labels
        Its s effects by name, and the label of the effect of the formula that each belongs to.
    levels
        The g groups that the rows belong to, in the order of the levels.
    codes
        (m,) which of these each row belongs to.
    values
        (m, s) what the effects are multiplied by in each row.
    """

    term: int
    grouping: str
    name: str
    effects: tuple[str, ...]
    labels: tuple[str, ...]
    levels: tuple[str, ...]
    codes: IntArray
    values: FloatArray

    @property
    def size(self) -> int:
        """Columns of Z: one for each effect of each group."""
        return len(self.levels) * len(self.effects)

    @cached_property
    def together(self) -> BoolArray:
        """(m, m) whether two rows belong to the same group."""
        return np.asarray(self.codes[:, None] == self.codes[None, :])

    def product(self, factor: FloatArray) -> FloatArray:
        """(m, g s) of Z (I ⊗ F), F (s, s); Z itself for the identity: the columns of a group side by side."""
        rows, size = self.values.shape
        out = np.zeros((rows, len(self.levels), size))
        out[np.arange(rows), self.codes] = self.values @ factor
        return out.reshape(rows, -1)

    def covariance(self, sigma: FloatArray) -> FloatArray:
        """(m, m) Z (I ⊗ Σ) Zᵀ."""
        return np.asarray((self.values @ sigma @ self.values.T) * self.together)


@dataclass(frozen=True, eq=False, slots=True)
class MarginalParts:
    """What V is the sum of.

    Attributes
    ----------
    terms
        (m, m) one for each random-effects term.
    residual
        (m,) the variance that each row has of its own, σ² over its prior weight.
    total
        (m, m) V.
    """

    terms: tuple[FloatArray, ...]
    residual: FloatArray
    total: FloatArray

    @property
    def residual_matrix(self) -> FloatArray:
        """(m, m) the diagonal part."""
        return np.diag(self.residual)

    def correlations(self) -> MarginalParts:
        """The same parts of the correlation matrix: they add up to it."""
        scale = 1.0 / np.sqrt(np.diag(self.total))
        both = np.outer(scale, scale)
        total = self.total * both
        np.fill_diagonal(total, 1.0)
        return MarginalParts(tuple(p * both for p in self.terms), self.residual * scale**2, total)


def marginal_parts(
    terms: Sequence[TermRows], covariances: Sequence[FloatArray], residual: FloatArray
) -> MarginalParts:
    """V and its parts for the covariances of the terms (s, s) and the (m,) variances of the residuals."""
    parts = tuple(t.covariance(s) for t, s in zip(terms, covariances, strict=True))
    total = np.zeros((len(residual), len(residual)))
    for part in parts:
        total += part
    total[np.diag_indices_from(total)] += residual
    return MarginalParts(parts, residual, total)
