"""Whether the data can tell a model's (co)variances apart, decided before anything is fitted.

The covariance of the response is V = Σ_a φ_a B_a, so the (co)variances φ are identified exactly if the
matrices M B_a M are linearly independent, that is, if G_ab = tr(M B_a M B_b) has full rank, with M the
projector off the fixed effects (REML) or the identity (ML): Searle, Casella & McCulloch (1992),
*Variance Components*, chapter 11; Demidenko (2013), *Mixed Models*, section 3.2. A null vector of G names
what trades off. The rank is that of the design, and holds for whatever response.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mmgui.engine.design import Design, FloatArray
from mmgui.engine.result import Fit
from mmgui.engine.threads import one_blas_thread
from mmgui.errors import ModelError, Where
from mmgui.inference.identifiability.covariance_parameters import (
    CovarianceParameter,
    covariance_parameters,
    unique_names,
)
from mmgui.inference.identifiability.projected_moments import (
    Direction,
    ProjectedMoments,
    TermBasis,
    term_basis,
    work,
)
from mmgui.inference.identifiability.trade_offs import named, sentence
from mmgui.inference.identifiability.weakest import Weakest, weakest_direction

# Eigenvalues of the normalised Gram matrix below this are none.
TOLERANCE = 1e-10
# A direction of which the fixed effects leave a smaller share than this is gone.
_GONE = 1e-10
# Weights of a null vector, each in units of its own direction, below this are none.
_NO_WEIGHT = 1e-7
# A direction over columns of root mean square 1 moves each row at least by about its own size; one that
# moves them by less than this share of it does not move them.
_NOTHING = 1e-7
# Multiplications that take about two seconds, and parameters whose names a person could still read.
_MOST_WORK = 6e9
_MOST_PARAMETERS = 1_000


@dataclass(frozen=True, eq=False)
class Identifiability:
    """The certificate.

    Attributes
    ----------
    parameters
        Names of the (co)variances, ``Subject:(Intercept)``, ``Subject:(Intercept)~Days``,
        ``Subject:Days``, ``Residual`` last; a name that occurs again gets ``.1``.
    rank
        How many of them, or of their combinations, the data can tell apart.
    eigenvalues
        (n_par,) of the Gram matrix scaled to a diagonal of ones, descending; they sum to n_par less the
        parameters of which the fixed effects leave nothing. Negative ones are rounding.
    null_vectors
        What trades off: each a change of the parameters that leaves the distribution of the data as it
        is, all parameters named, the largest weight 1.
    sentences
        The same in words, one per null vector.
    about
        For each null vector the random-effects terms concerned (positions in the formula).
    weakest
        The combination that is told apart worst; None where something trades off exactly.
    """

    parameters: tuple[str, ...]
    rank: int
    eigenvalues: FloatArray
    null_vectors: tuple[Mapping[str, float], ...]
    sentences: tuple[str, ...]
    about: tuple[tuple[int, ...], ...]
    weakest: Weakest | None = None

    @property
    def n_par(self) -> int:
        """Number of (co)variances, the residual variance among them."""
        return len(self.parameters)

    @property
    def identified(self) -> bool:
        """Whether every (co)variance can be told from the others."""
        return self.rank == self.n_par


def identifiability(design: Design, reml: bool | None = None) -> Identifiability:
    """Whether a model's (co)variances can be told apart on its rows.

    Computed from cross products in the number of groups that meet, never n × n.

    Parameters
    ----------
    design
        The model's matrices; the response is not looked at.
    reml
        Whether fixed effects are projected off; None for what the model's specification says.

    Returns
    -------
    Identifiability
        The certificate.

    Raises
    ------
    ModelError
        ``too_large_to_certify`` where the answer would take more than about two seconds.
    """
    project = design.spec.reml if reml is None else reml
    count = design.theta_count + 1
    if count > _MOST_PARAMETERS or work(design, count, project=project) > _MOST_WORK:
        raise ModelError(
            "too_large_to_certify",
            f"Whether the {count:,} variances and covariances of this model can be told apart would take "
            "too long to find out on this table; fit the model and look at whether it converges.",
            Where("term"),
        )
    with one_blas_thread():
        return _certificate(design, project)


def unidentified(fit: Fit) -> Identifiability | None:
    """The certificate of a fitted model whose (co)variances cannot all be told apart.

    None where they can, or where it would take too long to find out.
    """
    try:
        certificate = identifiability(fit.design)
    except ModelError:
        return None
    return None if certificate.identified else certificate


def _certificate(design: Design, project: bool) -> Identifiability:
    parameters = covariance_parameters(design)
    names = unique_names(parameters)
    root_weights = None if design.weights is None else np.sqrt(design.weights)
    bases = tuple(term_basis(random, root_weights) for random in design.random)
    moments = ProjectedMoments(design, bases, project=project)
    directions, coordinates = _coordinates(design, parameters, bases, moments)
    plain, projected = moments.gram(directions)
    least = np.append([np.sqrt(design.nobs * np.sum(d.matrix**2)) for d in directions], 0.0) * _NOTHING
    values, vectors = _eigen(plain, projected, least**2)
    kept = values > TOLERANCE * max(float(values.max(initial=0.0)), 1.0)
    rank = int(np.count_nonzero(kept))
    # G of the parameters is (K T)ᵀ (K T): T their coordinates in the basis, K a root of G there.
    root = np.sqrt(values[kept])[:, None] * vectors[:, kept].T @ coordinates
    root[:, np.linalg.norm(root, axis=0) <= least @ np.abs(coordinates)] = 0.0
    lengths = np.linalg.norm(root, axis=0)
    null = _sparse(_null_space(root, lengths, len(names) - rank))
    weighted = null / np.where(lengths > 0.0, lengths, 1.0)[:, None]
    found = sorted((_upright(v) for v in weighted.T), key=lambda v: np.flatnonzero(v).tolist())
    return Identifiability(
        parameters=names,
        rank=rank,
        eigenvalues=_normalised_eigenvalues(root, lengths),
        null_vectors=tuple({name: float(w) for name, w in zip(names, v, strict=True)} for v in found),
        sentences=tuple(sentence(design, parameters, v, project=project) for v in found),
        about=tuple(_terms(parameters, v) for v in found),
        weakest=None if found else _weakest(design, parameters, projected, coordinates),
    )


def _weakest(
    design: Design,
    parameters: tuple[CovarianceParameter, ...],
    projected: FloatArray,
    coordinates: FloatArray,
) -> Weakest | None:
    worst = weakest_direction(projected, coordinates)
    if worst is None:
        return None
    eigenvalue, error, moving = worst
    return Weakest(
        eigenvalue=eigenvalue,
        error=error,
        moving=moving,
        names=named(design, parameters, moving.astype(np.float64)),
        about=_terms(parameters, moving.astype(np.float64)),
    )


def _coordinates(
    design: Design,
    parameters: tuple[CovarianceParameter, ...],
    bases: tuple[TermBasis, ...],
    moments: ProjectedMoments,
) -> tuple[tuple[Direction, ...], FloatArray]:
    """Well-conditioned directions, and (directions + 1, parameters + 1) the parameters in these.

    In an unstructured block every symmetric matrix over the orthonormal columns is a combination of the
    parameters' directions, and these are nearly orthogonal where the parameters' need not be (a
    predictor far from its origin). A patterned term's directions are taken as they are.
    """
    directions: list[Direction] = []
    columns = np.zeros((0, len(parameters) + 1))
    for term, random in enumerate(design.random):
        own = [k for k, p in enumerate(parameters) if p.term == term]
        moved = [bases[term].root @ parameters[k].direction @ bases[term].root.T for k in own]
        if random.structure.patterned:
            new, part = moved, np.eye(len(own))
        else:
            pairs = [(i, j) for b in bases[term].blocks for at, j in enumerate(b) for i in b[at:]]
            new = [_symmetric(i, j, bases[term].root.shape[0]) for i, j in pairs]
            rows, cols = (np.array([p[k] for p in pairs], dtype=np.intp) for k in (0, 1))
            part = np.array([m[rows, cols] for m in moved]).T
        directions += [moments.embed(term, m) for m in new]
        rows_here = np.zeros((len(new), len(parameters) + 1))
        rows_here[:, own] = part
        columns = np.vstack([columns, rows_here])
    residual = np.zeros((1, len(parameters) + 1))
    residual[0, -1] = 1.0
    return tuple(directions), np.vstack([columns, residual])


def _symmetric(i: int, j: int, size: int) -> FloatArray:
    out = np.zeros((size, size))
    out[i, j] = out[j, i] = 1.0
    return out


def _eigen(plain: FloatArray, projected: FloatArray, floor: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Eigenvalues of the Gram matrix scaled to a diagonal of ones, and vectors with the scale put back.

    A direction counts as gone where less than ``floor`` is left of it, or hardly any of what was there
    before the fixed effects were taken off.
    """
    diagonal, whole = np.diag(projected), np.diag(plain)
    there = diagonal > np.maximum(_GONE * whole, floor)
    scale = np.sqrt(np.where(there, diagonal, 1.0))
    scaled = np.where(np.outer(there, there), projected / np.outer(scale, scale), 0.0)
    values, vectors = np.linalg.eigh(scaled)
    return values, vectors * scale[:, None]


def _normalised_eigenvalues(root: FloatArray, lengths: FloatArray) -> FloatArray:
    scaled = root / np.where(lengths > 0.0, lengths, 1.0)
    values = np.zeros(root.shape[1])
    found = np.linalg.svd(scaled, compute_uv=False) ** 2
    values[: found.size] = found
    return values


def _null_space(root: FloatArray, lengths: FloatArray, dimension: int) -> FloatArray:
    """(parameters, dimension) combinations, in units of each parameter's own direction, that do nothing."""
    if dimension == 0:
        return np.empty((root.shape[1], 0))
    right = np.linalg.svd(root / np.where(lengths > 0.0, lengths, 1.0), full_matrices=True)[2]
    return np.asarray(right[root.shape[1] - dimension :].T)


def _sparse(null: FloatArray) -> FloatArray:
    """A basis of the same space with the zeros that elimination gives, so that each vector says one thing."""
    work_on = null.T.copy()
    free = np.ones(work_on.shape[1], dtype=bool)
    for row in range(work_on.shape[0]):
        pivot = int(np.argmax(np.where(free, np.abs(work_on[row]), -1.0)))
        free[pivot] = False
        work_on[row] /= work_on[row, pivot]
        others = np.arange(work_on.shape[0]) != row
        work_on[others] -= np.outer(work_on[others, pivot], work_on[row])
    work_on[np.abs(work_on) < _NO_WEIGHT] = 0.0
    return work_on.T


def _upright(weights: FloatArray) -> FloatArray:
    """The vector with a largest weight of 1 in size, positive at the first that is as large."""
    size = np.abs(weights)
    first = int(np.argmax(size >= (1.0 - 1e-6) * size.max()))
    upright: FloatArray = weights / np.copysign(size.max(), weights[first])
    return upright


def _terms(parameters: tuple[CovarianceParameter, ...], weights: FloatArray) -> tuple[int, ...]:
    return tuple(sorted({p.term for p, w in zip(parameters, weights[:-1], strict=True) if w != 0.0}))
