"""The exact finite-sample test of a single variance, by simulation from its spectrum.

Where the small model has variances of its own, the distribution is that of the model in which the tested
one is the only variance, which is a good approximation (Greven et al. 2008), and the result says so.

Crainiceanu, C. & Ruppert, D. (2004). JRSS B 66, 165-185, doi:10.1111/j.1467-9868.2004.00438.x.
Greven, S., Crainiceanu, C., Küchenhoff, H. & Peters, A. (2008). Restricted likelihood ratio testing for
zero variance components in linear mixed models. JCGS 17, 870-891, doi:10.1198/106186008X386599.
Scheipl, F., Greven, S. & Küchenhoff, H. (2008). CSDA 52, 3283-3299 (the R package RLRsim).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design, IntArray, RandomDesign
from mmgui.engine.gram import group_sums, outer_sums
from mmgui.engine.result import Fit
from mmgui.engine.threads import one_blas_thread
from mmgui.errors import FitError
from mmgui.inference.comparison.exact_null import Simulator, Spectrum, spectrum, zero_probability
from mmgui.inference.comparison.lrt import different_data
from mmgui.inference.comparison.nesting import spans
from mmgui.inference.refits.seeds import drawn_seed
from mmgui.inference.refits.workers import OnProgress, ShouldStop
from mmgui.spec.terms import Covariance

FloatArray = NDArray[np.float64]

QUANTILES = (0.5, 0.9, 0.95, 0.99)
# Replicates drawn at once; each such part has its own child of the seed.
_PART = 1000
# Statistics below this are 0 within the precision of the fits.
_ZERO = 1e-6
_WORSE = 1e-4


@dataclass(frozen=True, eq=False)
class ExactTest:
    """A variance tested by its own finite-sample distribution.

    Attributes
    ----------
    kind
        ``"RLRT"`` (REML) or ``"LRT"`` (ML).
    tested
        The tested effect: ``"Days | Subject"``.
    extra_fixed
        Fixed effects that the hypothesis leaves out as well.
    statistic
        Difference of the criterion, never below 0.
    p
        (1 + number of replicates at least as large) / (1 + N); 1 for a statistic of 0.
    zero_simulated, zero_analytic
        Probability under the hypothesis that the variance is estimated as 0: share of the replicates,
        and that of the criterion not rising from 0 (the two differ where it has a second maximum).
    quantiles
        Of the replicates, by probability: the critical values at 0.90, 0.95, 0.99.
    replicates
        (N,) simulated statistics.
    approximate
        Whether the small model has variances of its own, so that the distribution is approximate.
    seed
        Repeats the simulation.
    note
        What else must be said, in sentences; empty if nothing.
    """

    kind: str
    tested: str
    extra_fixed: int
    statistic: float
    p: float
    zero_simulated: float
    zero_analytic: float
    quantiles: dict[float, float]
    replicates: FloatArray
    approximate: bool
    seed: int
    note: str


def exact_lrt(
    small: Fit,
    big: Fit,
    count: int = 10_000,
    seed: int | None = None,
    *,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> ExactTest:
    """Test the one variance that ``big`` has and ``small`` has not.

    Parameters
    ----------
    small, big
        Fits on the same rows, both by REML (with the same fixed effects) or both by ML (``big`` may then
        have more fixed effects too, and ``small`` no random effects at all).
    count, seed
        Number of simulated statistics; of their random numbers, for the same result again.
    on_progress, should_stop
        Called with the statistics simulated and ``count``; polled. Both between parts of 1,000.

    Raises
    ------
    FitError
        ``not_one_variance``: they differ by anything else. ``not_exact``: neither the exact distribution nor
        the approximation holds. ``different_data``. ``stopped`` before the first part. Those of
        :func:`mmgui.inference.comparison.exact_null.spectrum`.
    """
    term = _tested(small.design, big.design)
    _refuse_otherwise(small, big)
    extra, seed = big.design.x.shape[1] - small.design.x.shape[1], drawn_seed(seed)
    with one_blas_thread():
        given = term_spectrum(big.design, term)
        drawn, zero = _draw(Simulator(given, big.reml, extra), count, seed, on_progress, should_stop)
        analytic = zero_probability(given, reml=big.reml)
    statistic = max(small.objective - big.objective, 0.0)
    return ExactTest(
        kind="RLRT" if big.reml else "LRT",
        tested=f"{_effects(term)} | {term.grouping}",
        extra_fixed=extra,
        statistic=statistic,
        p=_tail(statistic, drawn),
        zero_simulated=float(np.mean(zero)),
        zero_analytic=analytic,
        quantiles={q: float(np.quantile(drawn, q)) for q in QUANTILES},
        replicates=drawn,
        approximate=bool(small.design.random),
        seed=seed,
        note=" ".join(_notes(small, big)),
    )


def _tail(statistic: float, drawn: FloatArray) -> float:
    """(1 + number of replicates at least as large) / (1 + N)."""
    exceeding = len(drawn) if statistic <= _ZERO else int(np.sum(drawn >= statistic))
    return (1 + exceeding) / (1 + len(drawn))


def term_spectrum(design: Design, term: RandomDesign) -> Spectrum:
    """The spectrum of one of a design's random-effects terms beside its fixed effects."""
    x, z = design.x, term.columns
    if design.weights is not None:
        root = np.sqrt(design.weights)[:, None]
        x, z = x * root, z * root
    # A common scale of the columns changes λ alone.
    z = z / np.sqrt(np.mean(z**2))
    levels, s = len(term.levels), z.shape[1]
    q = np.linalg.qr(x)[0] if x.shape[1] else x
    blocks = outer_sums(z, z, term.codes, levels)
    cross = np.stack([group_sums(q * z[:, [a]], term.codes, levels) for a in range(s)], axis=1)
    return spectrum(blocks, cross.reshape(levels * s, x.shape[1]), design.nobs)


def _draw(
    simulator: Simulator,
    count: int,
    seed: int,
    on_progress: OnProgress | None,
    should_stop: ShouldStop | None,
) -> tuple[FloatArray, NDArray[np.bool_]]:
    statistics, zeros, done = [], [], 0
    for part, start in enumerate(range(0, count, _PART)):
        if should_stop is not None and should_stop():
            break
        generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(part,)))
        drawn, zero = simulator.draw(min(_PART, count - start), generator)
        statistics.append(drawn)
        zeros.append(zero)
        done += len(drawn)
        if on_progress is not None:
            on_progress(done, count)
    if not done:
        raise FitError("stopped", "The test was stopped before the first statistics were simulated.")
    return np.concatenate(statistics), np.concatenate(zeros)


@dataclass(frozen=True, eq=False)
class _Part:
    """A block of a random-effects term: its groups, its columns, and how many variances it has."""

    term: RandomDesign
    columns: FloatArray
    single: bool


def _parts(design: Design) -> list[_Part]:
    out = []
    for term in design.random:
        if term.structure.patterned:
            single = len(term.effects) == 1 or term.structure is Covariance.IDENTITY
            out.append(_Part(term, term.columns, single))
        else:
            out += [_Part(term, term.columns[:, list(b)], len(b) == 1) for b in term.blocks]
    return out


def _same(a: _Part, b: _Part) -> bool:
    """Whether two parts allow the same covariances of the response."""
    if a.columns.shape[1] != b.columns.shape[1]:
        return False
    if not np.array_equal(_partition(a.term.codes), _partition(b.term.codes)):
        return False
    if a.columns.shape[1] == 1:
        return spans(a.columns, b.columns)
    if a.term.structure.patterned or b.term.structure.patterned:
        same = a.term.structure is b.term.structure
        return same and bool(np.allclose(a.columns, b.columns, rtol=1e-10, atol=0.0))
    return spans(a.columns, b.columns)


def _partition(codes: IntArray) -> NDArray[np.intp]:
    """(n,) the first row of each row's group, however the groups are numbered."""
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    return np.asarray(first[inverse])


def _tested(small: Design, big: Design) -> RandomDesign:
    """The term of the one variance that the big model adds, with that effect's columns alone."""
    left = _parts(big)
    for part in _parts(small):
        twin = next((k for k, other in enumerate(left) if _same(part, other)), None)
        if twin is None:
            raise _not_one_variance()
        del left[twin]
    if len(left) != 1 or not left[0].single or not spans(big.x, small.x):
        raise _not_one_variance()
    part = left[0]
    if part.columns.shape[1] == len(part.term.effects):
        return part.term
    which = next(
        k for k in range(len(part.term.effects)) if np.array_equal(part.term.columns[:, [k]], part.columns)
    )
    return RandomDesign(
        part.term.grouping,
        part.term.levels,
        part.term.codes,
        (part.term.effects[which],),
        part.columns,
        ((0,),),
    )


def _not_one_variance() -> FitError:
    return FitError(
        "not_one_variance",
        "The exact test is for models that differ by one variance, uncorrelated with the other random "
        "effects; use the mixture of χ² distributions or the bootstrap.",
    )


def _refuse_otherwise(small: Fit, big: Fit) -> None:
    differs = different_data(small.design, big.design)
    if differs is not None:
        raise FitError("different_data", differs[1])
    if small.reml != big.reml:
        raise FitError(
            "not_exact", "One model is fitted by REML and the other by ML; fit both by the same criterion."
        )
    if big.reml and small.design.x.shape[1] < big.design.x.shape[1]:
        raise FitError(
            "not_exact",
            "REML criteria of models with different fixed effects cannot be compared; fit both by ML.",
        )
    if not big.reml and small.design.random:
        raise FitError(
            "not_exact",
            "Beside other variances the exact distribution is known for REML fits only; fit both models by "
            "REML, or use the bootstrap.",
        )


def _effects(term: RandomDesign) -> str:
    return " + ".join("1" if e == "(Intercept)" else e for e in term.effects)


def _notes(small: Fit, big: Fit) -> list[str]:
    notes = []
    if small.design.random:
        notes.append(
            "The smaller model has variances of its own, so the distribution is that of the tested variance "
            "alone, a close approximation (Greven et al. 2008)."
        )
    if small.objective - big.objective < -_WORSE:
        notes.append(
            "The larger model fits worse than the smaller one, which cannot be: its fit did not reach the "
            "optimum, and the test says nothing."
        )
    if not (small.convergence.converged and big.convergence.converged):
        notes.append("One of the two fits did not converge.")
    return notes
