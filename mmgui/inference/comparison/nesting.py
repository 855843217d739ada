"""Whether one model is a special case of another, decided from the spaces they span, not from their text.

The fixed effects are nested when the columns of the one lie in the column space of the other. The
random effects are nested when every covariance of the response that the small model allows is one that
the big model allows (:mod:`mmgui.inference.comparison.covariance_nesting`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.inference.comparison.covariance_nesting import embed_covariance

FloatArray = NDArray[np.float64]

_SPAN = 1e-8


@dataclass(frozen=True, slots=True)
class Embedding:
    """How a small model lies in a big one.

    Attributes
    ----------
    extra_fixed
        Fixed effects that the big model adds.
    extra_covariance
        Dimensions of covariance that the big model adds.
    boundary
        For each block of correlated effects in which the small model has directions without variance:
        their number q. The new q(q + 1)/2 (co)variances begin on the boundary. A correlation at its limit
        counts as one.
    identified
        False where the big model's (co)variances cannot be told apart on this table.
    bound
        Where a patterned term of the big model has no variance in the small one, its correlation means
        nothing there, and no mixture is known. The likelihood ratio is then bounded by that of the linear
        family around the pattern; this many parameters more it has.
    """

    extra_fixed: int
    extra_covariance: int
    boundary: tuple[int, ...]
    identified: bool = True
    bound: int = 0

    @property
    def df(self) -> int:
        """Parameters that the big model adds."""
        return self.extra_fixed + self.extra_covariance


def same_columns(a: FloatArray, b: FloatArray) -> bool:
    """Whether two fixed-effects matrices hold the same columns, in whatever order."""
    if a.shape != b.shape:
        return False
    scale = np.maximum(np.max(np.abs(a), axis=0), np.finfo(float).tiny)
    unused = list(range(b.shape[1]))
    for j in range(a.shape[1]):
        hit = next((k for k in unused if np.allclose(a[:, j], b[:, k], rtol=0, atol=1e-10 * scale[j])), None)
        if hit is None:
            return False
        unused.remove(hit)
    return True


def spans(big: FloatArray, small: FloatArray) -> bool:
    """Whether every column of ``small`` (n, p) is a combination of the columns of ``big`` (n, q)."""
    if small.shape[1] == 0:
        return True
    if big.shape[1] == 0:
        return False
    scaled_small = small / np.sqrt(np.sum(small**2, axis=0))
    q = np.linalg.qr(big / np.sqrt(np.sum(big**2, axis=0)))[0]
    rest = scaled_small - q @ (q.T @ scaled_small)
    return bool(np.max(np.sum(rest**2, axis=0)) < _SPAN)


def embed(small: Design, big: Design) -> Embedding | None:
    """How ``small`` lies in ``big``, or None where it is no special case of it.

    Both designs must be on the same rows. Equal models embed in each other with no extra parameter.

    References
    ----------
    Self, S. G. & Liang, K.-Y. (1987). JASA 82, 605-610. Stram, D. O. & Lee, J. W. (1994). Biometrics 50,
    1171-1177: a covariance of rank r in a block of s effects has r(r + 1)/2 + r(s - r) free directions,
    and the other (s - r)(s - r + 1)/2 are confined to a cone of positive semidefinite matrices.
    """
    if not spans(big.x, small.x):
        return None
    random = embed_covariance(small, big)
    if random is None:
        return None
    fixed = big.x.shape[1] - small.x.shape[1]
    return Embedding(fixed, random.extra, random.boundary, random.identified, random.bound)


def covariance_within(small: Design, big: Design) -> bool:
    """Whether every covariance of the response that ``small`` allows is one that ``big`` allows."""
    return embed_covariance(small, big) is not None
