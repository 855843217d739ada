"""How many directions of a term's effects have variance.

Judged on λ with the effects' columns scaled to a root mean square of one, and on the scale of
correlations: a direction counts as empty only if both say so, since with effects on very different
scales a small singular value of λ alone means nothing.
"""

from __future__ import annotations

import numpy as np

from mmgui.engine.design import FloatArray

TOLERANCE = 1e-4
# A relative standard deviation below this is none.
NO_VARIANCE = 1e-5


def root_mean_squares(columns: FloatArray) -> FloatArray:
    """(s, 1) of (n, s) effect columns, by which the rows of λ are scaled; 1 where a column is zero."""
    scale = np.sqrt(np.einsum("ns,ns->s", columns, columns) / columns.shape[0])
    return np.where(scale > 0.0, scale, 1.0)[:, None]


def relative_singular_values(scaled: FloatArray) -> FloatArray:
    """(s,) singular values of λ relative to the largest, descending; zeros where λ is zero."""
    values = np.linalg.svd(scaled, compute_uv=False).astype(np.float64, copy=False)
    if values[0] > 0.0:
        values /= values[0]
    return values


def variance_rank(scaled: FloatArray) -> int:
    """How many directions have variance, of an (s, s) relative factor with scaled rows."""
    norms = np.linalg.norm(scaled, axis=1)
    varying = norms > NO_VARIANCE
    if not varying.any():
        return 0
    kept = scaled[varying]
    correlated = kept / norms[varying, None]
    return max(int(np.count_nonzero(relative_singular_values(m) > TOLERANCE)) for m in (kept, correlated))
