"""Where the search for a patterned term begins: the pattern nearest to a covariance, and elsewhere.

The criterion has more than one minimum more often than that of free (co)variances: an autoregression fits
alternating signs or smooth ones, and one correlation for all pairs makes some columns' variances give way
to others'. So a search begins at several points.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from mmgui.engine.basis import Basis, Block
from mmgui.engine.design import FloatArray
from mmgui.engine.patterns import Coordinates, Pattern

# How near to its limits ρ is where searches begin.
NEAREST = 0.9
OTHERS = (-0.6, 0.6)
EXTREME = (-0.9, 0.9)
# A standard deviation of nearly zero, relative to the size of its effect; how many columns are tried at it.
NEARLY_ZERO, MOST_COLUMNS = 0.05, 8
RANDOM = 6


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


def other_patterns(basis: Basis, flat: FloatArray, *, signs_only: bool) -> Iterator[FloatArray]:
    """The flat vector with the parameters of one patterned block after the other elsewhere.

    Correlations of both signs; unless only these are wanted, and where columns have variances of their
    own, each of these nearly zero (the search then tries that edge), and parameters at random.
    """
    rng = np.random.default_rng(0)
    for block in basis.patterned:
        assert block.pattern is not None
        if not block.pattern.pattern.correlated:
            continue
        for theta in _elsewhere(block.pattern, flat[block.tail], None if signs_only else rng):
            out = flat.copy()
            block.place(out, block.pattern, theta)
            yield out


def _elsewhere(own: Coordinates, theta: FloatArray, rng: np.random.Generator | None) -> Iterator[FloatArray]:
    pattern = own.pattern
    for share in OTHERS:
        yield _with_rho(pattern, theta, share)
    if pattern.homogeneous or rng is None:
        return
    for share in EXTREME:
        for k in range(min(pattern.sds, MOST_COLUMNS)):
            moved = _with_rho(pattern, theta, share)
            moved[k] = NEARLY_ZERO * own.units[k]
            yield moved
    for _ in range(RANDOM):
        sd = own.units * 10.0 ** rng.uniform(-1.5, 0.5, pattern.sds)
        low, high = pattern.limits
        yield np.append(sd, rng.uniform(NEAREST * low, NEAREST * high))


def _with_rho(pattern: Pattern, theta: FloatArray, share: float) -> FloatArray:
    out = theta.copy()
    out[-1] = abs(share) * pattern.limits[int(share > 0.0)]
    return out
