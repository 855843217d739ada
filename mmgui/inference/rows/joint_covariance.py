"""The joint covariance of the errors of β̂ and of the conditional modes, for the rows that ask for it.

At given θ, Henderson's equations have the coefficient matrix Ω = [XᵀWX, XᵀWZ; ZᵀWX, ZᵀWZ + σ²Σ⁻¹], and
Var(β̂ - β, b̂ - b) = σ² Ω⁻¹. A linear combination v of fixed and random effects is known with the variance
σ² vᵀ Ω⁻¹ v. With Ω = L Lᵀ that is σ² ‖L⁻¹ v‖², and L⁻¹ v is one forward substitution through the blocked
factorization that the fit has: of each nested factor, finest first, only the groups that the row meets,

    w = K r,   vᵀΩ⁻¹v += rᵀ w,   r_a -= C_aᵀ w  for every block a eliminated later,

K and C as in :mod:`mmgui.engine.elimination`, so that Σ is never divided by.

References
----------
Henderson, C. R. (1975). Best linear unbiased estimation and prediction under a selection model.
Biometrics 31, 423-447. Robinson, G. K. (1991). That BLUP is a good thing. Statistical Science 6, 15-32.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import solve_triangular

from mmgui.engine.blocks import ChainBlock
from mmgui.engine.criterion import Criterion
from mmgui.engine.elimination import ChainState
from mmgui.engine.result import Fit
from mmgui.engine.threads import one_blas_thread
from mmgui.engine.trailing import scale_rows

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.integer]

# Numbers of the trailing block held at once.
_AT_ONCE = 4_000_000

# A group of a factor for each row, and what the row has there; zeros where it has nothing.
_Entry = tuple[IntArray, FloatArray]


class JointCovariance:
    """vᵀ Ω⁻¹ v for rows v of [X Z]: variances over σ² of x'(β̂ - β) + z'(b̂ - b).

    Parameters
    ----------
    fit
        The fitted model; its factorization at the estimated θ is made once, here.
    """

    def __init__(self, fit: Fit) -> None:
        with one_blas_thread():
            criterion = Criterion(fit.design)
            self._state = criterion.eliminate(criterion.flat(fit.theta))
        self._blocks = self._state.blocks
        self._width = self._blocks.q + self._blocks.p
        self._l = np.asfortranarray(self._state.l[: self._width, : self._width])
        # The engine may number the levels of a factor in another order than the design.
        self._levels = [np.zeros(f.levels, dtype=np.intp) for f in self._blocks.factors]
        for levels, factor in zip(self._levels, self._blocks.factors, strict=True):
            levels[fit.design.random[factor.terms[0]].codes] = factor.codes

    def quadratic(
        self, x: FloatArray, columns: Sequence[FloatArray], codes: Sequence[IntArray]
    ) -> FloatArray:
        """(m,) vᵀ Ω⁻¹ v.

        Parameters
        ----------
        x
            (m, p) finite.
        columns
            For each random-effects term, (m, s) finite effect columns.
        codes
            For each term, (m,) groups; -1 for a row that has no part in the term.
        """
        out = np.empty(len(x))
        sizes = [block.size * (block.size + self._blocks.p + 1) for block in self._blocks.chain]
        step = max(1, _AT_ONCE // max(1, self._width, *sizes))
        with one_blas_thread():
            for start in range(0, len(x), step):
                part = slice(start, start + step)
                out[part] = self._some(x[part], [c[part] for c in columns], [c[part] for c in codes])
        return out

    def _some(self, x: FloatArray, columns: list[FloatArray], codes: list[IntArray]) -> FloatArray:
        by_factor = self._by_factor(columns, codes)
        trailing = np.zeros((len(x), self._width))
        rows = np.arange(len(x))
        for d in self._blocks.dense:
            groups, z = by_factor[d.factor]
            for k in range(d.size):
                trailing[rows, d.start + groups * d.size + k] = z[:, k]
        if self._blocks.p:
            trailing[:, self._blocks.q :] = np.linalg.solve(self._blocks.fixed.root.T, x.T).T
        out = np.zeros(len(x))
        entries: list[list[_Entry]] = [[by_factor[block.factor]] for block in self._blocks.chain]
        for position, (block, own) in enumerate(zip(self._blocks.chain, self._state.states, strict=True)):
            for groups, r in entries[position]:
                e = own.e[groups]
                whitened = np.einsum("mab,mb->ma", e, r)
                out += np.einsum("ma,ma->m", whitened, whitened)
                w = np.einsum("mab,ma->mb", e, whitened)
                _take_from_trailing(block, own, groups, w, trailing, self._blocks.q)
                for j, (ancestor, cross) in enumerate(zip(block.ancestors, own.cross, strict=True)):
                    moved = -np.einsum("ms,mst->mt", w, cross[groups])
                    _add(entries[position + 1 + j], ancestor.parent[groups], moved)
        return out + self._trailing_part(trailing)

    def _trailing_part(self, trailing: FloatArray) -> FloatArray:
        if not self._width:
            return np.zeros(len(trailing))
        right = trailing.T
        if not self._state.divided:
            right = scale_rows(self._blocks, self._state.lams, right, adjoint=True)
        half = solve_triangular(self._l, right, lower=True, check_finite=False)
        return np.asarray(np.einsum("nm,nm->m", half, half))

    def _by_factor(self, columns: list[FloatArray], codes: list[IntArray]) -> list[_Entry]:
        """For each grouping factor, the rows' groups and their effect columns in the engine's coordinates."""
        out: list[_Entry] = []
        blocks = self._blocks.basis.blocks
        for number, factor in enumerate(self._blocks.factors):
            given = codes[factor.terms[0]]
            groups = self._levels[number][given]
            z = np.zeros((len(groups), factor.size))
            for block in blocks:
                if block.factor == number:
                    effects = list(block.effects)
                    z[:, block.rows] = columns[block.term][:, effects] @ block.transform
            z[given < 0] = 0.0
            out.append((groups, z))
        return out


def _take_from_trailing(
    block: ChainBlock, own: ChainState, groups: IntArray, w: FloatArray, trailing: FloatArray, q: int
) -> None:
    fixed = own.coupling[..., :-1]
    trailing[:, trailing.shape[1] - fixed.shape[2] :] -= np.einsum("ms,msc->mc", w, fixed[groups])
    if block.sparse is None or own.values is None:
        return
    m, s = w.shape
    at = (np.asarray(groups)[:, None] * s + np.arange(s)).ravel()
    picked = sparse.csr_array((w.ravel(), at, np.arange(0, m * s + 1, s)), (m, block.levels * s))
    trailing[:, :q] -= (picked @ block.sparse.matrix(own.values, q)).toarray()


def _add(entries: list[_Entry], groups: IntArray, values: FloatArray) -> None:
    """Add to what rows have at groups of a factor, each group of a row in one entry."""
    rest = values
    for known, own in entries:
        same = known == groups
        own[same] += rest[same]
        rest = np.where(same[:, None], 0.0, rest)
    if rest.any():
        entries.append((groups, rest))
