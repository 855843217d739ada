"""The same model on another response: of the cross products only those with y are computed anew.

With sqrt(w) X = Q R the response enters through e = (I - Q Qᵀ) sqrt(w) (y - offset) alone: through eᵀ e,
and through Z'ᵀ e for the whitened columns Z' of each grouping factor (one sparse product with e). All
else in the blocks is kept, not copied, where it does not hold such an entry.
"""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

from mmgui.engine.blocks import Blocks
from mmgui.engine.criterion import Criterion
from mmgui.engine.design import FloatArray
from mmgui.engine.structure import Factor

# Below this share of the response's sum of squares the residuals are rounding: see ``fixed_basis``.
NOTHING = 1e-22


class ResponseMap:
    """Remakes a criterion's cross products for other responses of its rows.

    Parameters
    ----------
    criterion
        The criterion of the model on any response.
    """

    def __init__(self, criterion: Criterion) -> None:
        design, blocks = criterion.design, criterion.blocks
        self._criterion = criterion
        self._root_weights = None if design.weights is None else np.sqrt(design.weights)
        self._offset = design.offset
        self._q = np.ascontiguousarray(blocks.fixed.columns[:, : blocks.p])
        self._starts = np.cumsum([0] + [f.effects for f in blocks.factors])
        maps = [
            _transposed(factor, columns)
            for factor, columns in zip(blocks.factors, blocks.basis.columns, strict=True)
        ]
        self._map = sparse.vstack(maps, format="csr") if maps else None

    def criterion(self, y: FloatArray) -> Criterion:
        """The criterion of the model on the response ``y`` (n,).

        Raises
        ------
        FitError
            As :class:`Criterion`: where the fixed effects leave nothing of the response.
        """
        old = self._criterion
        working = y if self._offset is None else y - self._offset
        if self._root_weights is not None:
            working = working * self._root_weights
        projection = working @ self._q
        residual = working - self._q @ projection
        correction = residual @ self._q
        residual -= self._q @ correction
        rss = float(residual @ residual)
        if not rss > NOTHING * float(working @ working):
            # The long way says which of the possible reasons it is.
            return Criterion(replace(old.design, y=y), reml=old.reml)
        new = copy.copy(old)
        new.blocks = self._blocks(residual, projection + correction, rss)
        return new

    def _blocks(self, residual: FloatArray, projection: FloatArray, rss: float) -> Blocks:
        old = self._criterion.blocks
        sums = np.empty(0) if self._map is None else self._map @ residual
        parts = [sums[a:b] for a, b in zip(self._starts, self._starts[1:], strict=False)]
        chain = []
        for block in old.chain:
            coupling = block.coupling.copy()
            coupling[:, :, -1] = parts[block.factor].reshape(block.levels, block.size)
            chain.append(replace(block, coupling=coupling))
        trailing = old.trailing.copy(order="K")
        for d in old.dense:
            trailing[d.rows, -1] = trailing[-1, d.rows] = parts[d.factor]
        trailing[-1, -1] = rss
        ols = lapack.dtrtrs(old.fixed.root, projection)[0] if old.p else projection
        return replace(
            old,
            chain=tuple(chain),
            trailing=trailing,
            fixed=replace(old.fixed, ols=ols, rss=rss),
        )


def _transposed(factor: Factor, columns: FloatArray) -> sparse.csr_array:
    """(levels · s, n) Z'ᵀ of one grouping factor."""
    n, s = columns.shape
    rows = (factor.codes.astype(np.int64)[:, None] * s + np.arange(s)).ravel()
    where = np.repeat(np.arange(n), s)
    return sparse.csr_array((columns.ravel(), (rows, where)), (factor.effects, n))
