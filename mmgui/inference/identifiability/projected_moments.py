"""Inner products of the directions in which (co)variances move the covariance of the response.

A parameter of a term with effect columns Z moves Var(y) along B = Z (I ⊗ S) Zᵀ, S symmetric (s, s). With
M the projector off the fixed effects, M = I - Q Qᵀ, and C = Z_aᵀ M Z_b = Z_aᵀ Z_b - (Z_aᵀQ)(Z_bᵀQ)ᵀ in
blocks C_gh of one group of each term,

    tr(M B_a M B_b) = Σ_gh tr(S_a C_gh S_b C_ghᵀ) = Σ S_a[i, j] S_b[k, l] H[(i, j), (k, l)],
    H[(i, j), (k, l)] = Σ_gh C_gh[i, k] C_gh[j, l].

Z_aᵀZ_b is zero but for groups that meet in a row, and the rest is of rank p, so H takes neither an n × n
nor a groups × groups matrix. Prior weights are folded in as square roots, after which the residual's
direction is the identity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmgui.engine.design import Design, FloatArray, RandomDesign
from mmgui.engine.gram import outer_sums, pair_sums
from mmgui.engine.structure import Factor, amalgamate

# Numbers held at once where cells are corrected for the fixed effects.
_AT_ONCE = 1_000_000
# Relative singular value below which a block's columns repeat others.
_DEPENDENT = 1e-9


@dataclass(frozen=True, eq=False)
class TermBasis:
    """Effect columns of one term in a basis in which its blocks are orthonormal on average.

    Attributes
    ----------
    columns
        (n, r) the basis, square roots of weights included.
    root
        (r, s) the effect columns are ``columns @ root``; block-diagonal.
    blocks
        For each of the term's blocks, the positions of its r' columns in the basis.
    """

    columns: FloatArray
    root: FloatArray
    blocks: tuple[tuple[int, ...], ...]


def term_basis(random: RandomDesign, root_weights: FloatArray | None) -> TermBasis:
    """Orthonormal columns of each block; those that repeat others of their block are left out."""
    raw = random.columns if root_weights is None else random.columns * root_weights[:, None]
    columns, blocks, start = [], [], 0
    root = np.zeros((raw.shape[1], raw.shape[1]))
    for block in random.blocks:
        part, inner = _orthonormal(raw[:, list(block)])
        rows = tuple(range(start, start + part.shape[1]))
        root[np.ix_(rows, block)] = inner
        columns.append(part)
        blocks.append(rows)
        start += part.shape[1]
    return TermBasis(np.hstack(columns), root[:start], tuple(blocks))


def _orthonormal(raw: FloatArray) -> tuple[FloatArray, FloatArray]:
    n = len(raw)
    scale = np.sqrt(np.mean(raw**2, axis=0))
    scale = np.where(scale > 0.0, scale, 1.0)
    if raw.shape[1] == 1:
        return raw / scale, np.array([[scale[0]]])
    q, r = np.linalg.qr(raw / scale)
    left, values, right = np.linalg.svd(r, full_matrices=False)
    keep = values > _DEPENDENT * values[0]
    columns = q @ left[:, keep] * np.sqrt(n)
    return columns, (values[keep, None] * right[keep]) * scale / np.sqrt(n)


@dataclass(frozen=True, eq=False)
class Direction:
    """A direction in the basis: which grouping factor, and (S, S) over all of the factor's columns."""

    factor: int
    matrix: FloatArray


class ProjectedMoments:
    """H of every pair of grouping factors, with M = I (``plain``) and with M off the fixed effects.

    Parameters
    ----------
    design
        The model's matrices.
    bases
        One per random-effects term.
    project
        Whether to take M off the fixed effects (REML); else it is the identity (ML).
    """

    def __init__(self, design: Design, bases: tuple[TermBasis, ...], *, project: bool) -> None:
        self.factors = amalgamate(design)
        self.project = project
        self.place: dict[int, tuple[int, int]] = {}
        self.sizes: list[int] = []
        self._z: list[FloatArray] = []
        for number, factor in enumerate(self.factors):
            start = 0
            for term in factor.terms:
                self.place[term] = (number, start)
                start += bases[term].columns.shape[1]
            self.sizes.append(start)
            self._z.append(np.hstack([bases[term].columns for term in factor.terms]))
        q = _orthonormal_fixed(design) if project else np.empty((design.nobs, 0))
        self.residual = (float(design.nobs), float(design.nobs - q.shape[1]))
        self._p = [
            outer_sums(z, q, f.codes, f.levels) if q.shape[1] else np.zeros((f.levels, z.shape[1], 0))
            for f, z in zip(self.factors, self._z, strict=True)
        ]
        self._u = [_squares(p) for p in self._p]
        self._own = [_own(f, z, p) for f, z, p in zip(self.factors, self._z, self._p, strict=True)]
        self._between = {
            (a, b): self._moments(a, b) for a in range(len(self.factors)) for b in range(a, len(self.factors))
        }

    def embed(self, term: int, matrix: FloatArray) -> Direction:
        """A direction of one term, (r, r) in its basis, among the columns of its grouping factor."""
        factor, start = self.place[term]
        out = np.zeros((self.sizes[factor], self.sizes[factor]))
        stop = start + matrix.shape[0]
        out[start:stop, start:stop] = matrix
        return Direction(factor, out)

    def gram(self, directions: tuple[Direction, ...]) -> tuple[FloatArray, FloatArray]:
        """(m + 1, m + 1) inner products, the residual's last: with M = I, and with M.

        Both are the same where nothing is projected off.
        """
        m = len(directions)
        out = np.zeros((2, m + 1, m + 1))
        members = [[k for k, d in enumerate(directions) if d.factor == f] for f in range(len(self.factors))]
        stacked = [np.array([directions[k].matrix.ravel() for k in at]) for at in members]
        for (a, b), moments in self._between.items():
            if not members[a] or not members[b]:
                continue
            for which in (0, 1):
                block = stacked[a] @ moments[which] @ stacked[b].T
                out[which][np.ix_(members[a], members[b])] = block
                out[which][np.ix_(members[b], members[a])] = block.T
        for which in (0, 1):
            for f, at in enumerate(members):
                if at:
                    own = stacked[f] @ self._own[f][which].ravel()
                    out[which][at, m] = out[which][m, at] = own
            out[which][m, m] = self.residual[which]
        return out[0], out[1]

    def _moments(self, a: int, b: int) -> tuple[FloatArray, FloatArray]:
        f, g = self.factors[a], self.factors[b]
        if a == b:
            rows = columns = np.arange(f.levels)
            values = outer_sums(self._z[a], self._z[a], f.codes, f.levels)
        else:
            pairs = pair_sums(f, g, self._z[a], self._z[b])
            rows, columns, values = pairs.rows, pairs.columns, pairs.values
        s, t = values.shape[1:]
        flat = values.reshape(-1, s * t)
        plain = flat.T @ flat
        projected = plain
        if self.project and self._p[a].shape[2]:
            mixed = np.zeros((s * t, s * t))
            step = max(1, _AT_ONCE // max(1, self._p[a].shape[2] * max(s, t)))
            for start in range(0, len(flat), step):
                part = slice(start, start + step)
                fixed = self._p[a][rows[part]] @ self._p[b][columns[part]].transpose(0, 2, 1)
                mixed += flat[part].T @ fixed.reshape(-1, s * t)
            low = (self._u[a] @ self._u[b].T).reshape(s, s, t, t).transpose(0, 2, 1, 3)
            projected = plain - mixed - mixed.T + low.reshape(s * t, s * t)
        return _by_factor(plain, s, t), _by_factor(projected, s, t)


def _by_factor(moments: FloatArray, s: int, t: int) -> FloatArray:
    """(s², t²) from (st, st): Σ C[i, k] C[j, l] at ((i, j), (k, l)) instead of ((i, k), (j, l))."""
    return moments.reshape(s, t, s, t).transpose(0, 2, 1, 3).reshape(s * s, t * t)


def _squares(p: FloatArray) -> FloatArray:
    """(s², p²) Σ_g P_g[i, r] P_g[j, q] at ((i, j), (r, q)), for (L, s, p)."""
    levels, s, width = p.shape
    flat = p.reshape(levels, s * width)
    return (flat.T @ flat).reshape(s, width, s, width).transpose(0, 2, 1, 3).reshape(s * s, width * width)


def _own(factor: Factor, z: FloatArray, p: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(S, S) Σ_g C_gg of a factor with itself, without and with M."""
    plain = z.T @ z
    flat = p.transpose(1, 0, 2).reshape(p.shape[1], factor.levels * p.shape[2])
    return plain, plain - flat @ flat.T


def _orthonormal_fixed(design: Design) -> FloatArray:
    x = design.x if design.weights is None else design.x * np.sqrt(design.weights)[:, None]
    if x.shape[1] == 0:
        return x
    return np.asarray(np.linalg.qr(x / np.sqrt(np.mean(x**2, axis=0)))[0])


def work(design: Design, parameters: int, *, project: bool) -> float:
    """Roughly how many multiplications the moments and the Gram matrix's eigenvalues take."""
    factors = amalgamate(design)
    n, p = design.nobs, design.x.shape[1] if project else 0
    total = 2.0 * n * p * p + float(parameters) ** 3 * 10.0
    for a, f in enumerate(factors):
        # The squares of the p-dimensional parts are also held: (s p)² numbers.
        total += (f.levels + 100.0) * (f.size * p) ** 2 + n * f.size * (f.size + p)
        for g in factors[a:]:
            cells = min(n, f.levels * g.levels) if g is not f else f.levels
            st = f.size * g.size
            total += cells * st * (2.0 * st + p + 5.0) + float(st) ** 2 * (p * p + parameters)
    return total
