"""Where the search for a patterned term begins: the pattern nearest to a covariance, and other correlations.

The criterion of a correlation has more than one minimum more often than that of a variance (an
autoregression fits alternating signs or smooth ones), so a search begins at several.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mmgui.engine.basis import Basis, Block
from mmgui.engine.design import FloatArray
from mmgui.engine.patterns import Pattern

# How near to its limits ρ is where searches begin.
NEAREST = 0.9
OTHERS = (-0.6, 0.6)


def begin_at(flat: FloatArray, block: Block, covariance: FloatArray) -> None:
    """Write a block with the covariance (b, b) in λ' coordinates, or nearest to it, into a flat vector."""
    if block.pattern is None:
        flat[block.flat] = np.linalg.cholesky(covariance)
        return
    own = block.transform @ covariance @ block.transform.T
    block.place(flat, block.pattern, nearest(block.pattern.pattern, own))


def nearest(pattern: Pattern, covariance: FloatArray) -> FloatArray:
    """θ of a pattern like the covariance: its variances, or their mean, and a mean correlation."""
    variances = np.diag(covariance)
    sd = np.sqrt(variances)
    theta = np.array([np.sqrt(variances.mean())]) if pattern.homogeneous else sd
    if not pattern.correlated:
        return theta
    correlation = covariance / np.outer(sd, sd)
    pairs = (
        np.diag(correlation, 1) if pattern.autoregressive else correlation[np.triu_indices(pattern.size, 1)]
    )
    low, high = pattern.limits
    return np.append(theta, np.clip(pairs.mean(), NEAREST * low, NEAREST * high))


def other_correlations(basis: Basis, flat: FloatArray) -> Iterator[FloatArray]:
    """The flat vector with the correlation of one patterned block after the other set elsewhere."""
    for block in basis.patterned:
        assert block.pattern is not None
        pattern = block.pattern.pattern
        if not pattern.correlated:
            continue
        for share in OTHERS:
            theta = flat[block.tail].copy()
            theta[-1] = abs(share) * pattern.limits[int(share > 0.0)]
            out = flat.copy()
            block.place(out, block.pattern, theta)
            yield out
