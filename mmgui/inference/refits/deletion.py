"""What every estimate would be without one group, or without one row: exact refits.

Each refit starts from the whole fit's θ, where it is almost done. What is said of a deletion compares it
with the whole fit: how far the fixed effects move in units of their standard errors (DFBETAS) or of their
covariance (Cook's distance, MDFFITS), how much less precise they become (covariance ratio), and how the
variances change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.fit import fit_design
from mmgui.engine.result import Fit
from mmgui.errors import FitError, ModelError, Where
from mmgui.inference.refits.reduced import Reduced, without_rows
from mmgui.inference.refits.replicates import bare
from mmgui.inference.refits.workers import run
from mmgui.inference.variance.groups import rows_of_groups

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
Progress = Callable[[int, int], None]
ShouldStop = Callable[[], bool]


@dataclass(frozen=True, eq=False)
class Estimates:
    """Estimates of the whole fit, or of k refits (then with a leading axis k); NaN where there is none.

    Attributes
    ----------
    beta, vcov
        (…, p), (…, p, p) fixed effects and their covariance.
    sigma
        (…) residual standard deviation.
    sd, correlation
        For each random-effects term (…, s) standard deviations and (…, s, s) correlations.
    objective
        (…) the criterion, REML or ML as the whole fit; without a group it is that of fewer rows.
    """

    beta: FloatArray
    vcov: FloatArray
    sigma: FloatArray
    sd: tuple[FloatArray, ...]
    correlation: tuple[FloatArray, ...]
    objective: FloatArray


@dataclass(frozen=True, eq=False)
class Deletions:
    """A fit with one group, or one row, left out at a time.

    Attributes
    ----------
    grouping
        The grouping factor whose groups are left out; empty where rows are.
    labels
        The k groups done, in the order asked for; of rows their number in the table, from 1.
    rows
        For each the rows of the design that were left out.
    fixed_names
        Names of the p fixed effects.
    whole, without
        Estimates of the whole fit, and of the k refits. A fixed effect that is a difference from a level that
        left with its group has none: it would be one from another level.
    converged, singular
        (k,) bool, of the refits; False where there is none.
    failed
        Why a deletion has no estimates, as (label, sentence).
    """

    grouping: str
    labels: tuple[str, ...]
    rows: tuple[IntArray, ...]
    fixed_names: tuple[str, ...]
    whole: Estimates
    without: Estimates
    converged: NDArray[np.bool_]
    singular: NDArray[np.bool_]
    failed: tuple[tuple[str, str], ...]

    @property
    def dfbeta(self) -> FloatArray:
        """(k, p) what the group adds to the fixed effects: β̂ - β̂ without it (lme4's has the other sign)."""
        return self.whole.beta - self.without.beta

    @property
    def dfbetas(self) -> FloatArray:
        """(k, p) ``dfbeta`` over the standard errors without the group (lme4, but for the sign)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            out: FloatArray = self.dfbeta / np.sqrt(np.diagonal(self.without.vcov, axis1=1, axis2=2))
        return out

    @property
    def cooks(self) -> FloatArray:
        """(k,) Cook's distance dᵀ vcov(β̂)⁻¹ d / p with d = ``dfbeta`` (HLMdiag, influence.ME)."""
        return _quadratic(self.dfbeta, np.broadcast_to(self.whole.vcov, self.without.vcov.shape))

    @property
    def cooks_lme4(self) -> FloatArray:
        """(k,) as lme4's ``cooks.distance(influence(fit, grouping))``: ``cooks`` times (k - p)/k.

        So its version 1.1-31; k is the number of deletions, so leave out every group once.
        """
        k, p = len(self.labels), len(self.fixed_names)
        return self.cooks * ((k - p) / k if k else np.nan)

    @property
    def mdffits(self) -> FloatArray:
        """(k,) dᵀ vcov(β̂ without the group)⁻¹ d / p (HLMdiag)."""
        return _quadratic(self.dfbeta, self.without.vcov)

    @property
    def covratio(self) -> FloatArray:
        """(k,) det vcov(β̂ without the group) / det vcov(β̂); above 1 the group adds precision."""
        if not self.whole.beta.size:
            return np.ones(len(self.labels))
        found = ~np.isnan(self.without.vcov).any(axis=(1, 2))
        out = np.full(len(self.labels), np.nan)
        logs = np.linalg.slogdet(self.without.vcov[found])[1] - np.linalg.slogdet(self.whole.vcov)[1]
        out[found] = np.exp(logs)
        return out

    @property
    def sd_change(self) -> tuple[FloatArray, ...]:
        """For each term (k, s): SDs without the group relative to those of the whole fit, less 1."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return tuple(
                after / before - 1.0 for after, before in zip(self.without.sd, self.whole.sd, strict=True)
            )

    @property
    def sigma_change(self) -> FloatArray:
        """(k,) σ without the group relative to that of the whole fit, less 1."""
        out: FloatArray = self.without.sigma / self.whole.sigma - 1.0
        return out


def delete_groups(
    fit: Fit,
    grouping: str,
    levels: Sequence[str] | None = None,
    *,
    workers: int | None = None,
    on_progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
) -> Deletions:
    """Refit the model without each group of a grouping factor.

    Parameters
    ----------
    fit
        The fitted model.
    grouping
        A grouping factor of the model, as ``fit.terms`` names it.
    levels
        The groups to leave out one after the other, by default all.
    workers
        Processes that share the work; 1 works in this one; None starts them where that is quicker.
    on_progress
        Called with the number of refits done and the number to do.
    should_stop
        Asked between refits and within them; what is done is returned.

    Raises
    ------
    ModelError
        ``no_such_grouping``, ``no_such_group``.

    References
    ----------
    Cook, R. D. (1977). Technometrics 19, 15-18. Loy, A. & Hofmann, H. (2014). HLMdiag: a suite of diagnostics
    for hierarchical linear models in R. Journal of Statistical Software 56(5).
    """
    rows = rows_of_groups(fit.design, grouping, levels)
    return _refits(fit, grouping, tuple(rows), tuple(rows.values()), workers, on_progress, should_stop)


def delete_rows(
    fit: Fit,
    rows: Sequence[int] | IntArray | None = None,
    *,
    workers: int | None = None,
    on_progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
) -> Deletions:
    """Refit the model without each of these rows (positions in the design, by default all).

    Parameters and result as in ``delete_groups``. ``mmgui.inference.rows.influence.row_influence`` answers
    for all rows at once with θ held.

    Raises
    ------
    ModelError
        ``no_such_row``.
    """
    wanted = np.arange(fit.nobs) if rows is None else np.asarray(rows, dtype=np.intp)
    if wanted.size and (int(wanted.min()) < 0 or int(wanted.max()) >= fit.nobs):
        raise ModelError(
            "no_such_row",
            f"The model uses {fit.nobs} rows; give positions from 0 to {fit.nobs - 1}.",
            Where("fit"),
        )
    names = tuple(str(fit.design.rows[i] + 1) for i in wanted)
    return _refits(fit, "", names, [np.array([i]) for i in wanted], workers, on_progress, should_stop)


def _refits(
    fit: Fit,
    grouping: str,
    names: Sequence[str],
    sets: Sequence[IntArray],
    workers: int | None,
    on_progress: Progress | None,
    should_stop: ShouldStop | None,
) -> Deletions:
    job = _Job(bare(fit), tuple(sets))
    done = run(job, len(sets), workers=workers, on_progress=on_progress, should_stop=should_stop).results
    pieces = list(done.values())
    return Deletions(
        grouping,
        tuple(names[k] for k in done),
        tuple(sets[k] for k in done),
        fit.design.fixed_names,
        whole_estimates(fit),
        _stacked(fit, [piece.estimates for piece in pieces]),
        np.array([piece.converged for piece in pieces], dtype=np.bool_),
        np.array([piece.singular for piece in pieces], dtype=np.bool_),
        tuple((names[k], piece.failure) for k, piece in done.items() if piece.failure),
    )


@dataclass(frozen=True, eq=False)
class _Piece:
    estimates: Estimates
    converged: bool
    singular: bool
    failure: str = ""


@dataclass(frozen=True, eq=False)
class _Job:
    """The k-th piece of work is the refit without the k-th set of rows."""

    fit: Fit
    sets: tuple[IntArray, ...]

    def prepare(self) -> Callable[[int, ShouldStop], _Piece]:
        return self._piece

    def _piece(self, number: int, should_stop: ShouldStop) -> _Piece:
        try:
            reduced = without_rows(self.fit.design, self.sets[number])
            again = _refit(self.fit, reduced, should_stop)
        except FitError as error:
            if error.code == "stopped":
                raise
            return _Piece(_none(self.fit), converged=False, singular=False, failure=error.message)
        estimates = _estimates(self.fit, reduced, again)
        return _Piece(estimates, again.convergence.converged, again.singular)


def _refit(fit: Fit, reduced: Reduced, should_stop: ShouldStop) -> Fit:
    """From the whole fit's θ, and from moment estimates too where that does not arrive."""
    start = fit.theta if reduced.same_parameters(fit) else None
    again = fit_design(reduced.design, should_stop=should_stop, start=start)
    if start is not None and not (again.convergence.converged or again.convergence.reason == "stopped"):
        other = fit_design(reduced.design, should_stop=should_stop)
        again = other if other.objective < again.objective else again
    if again.convergence.reason == "stopped":
        raise FitError("stopped", "The refit was stopped before it was done.")
    return again


def whole_estimates(fit: Fit) -> Estimates:
    """The estimates of a fit."""
    return Estimates(
        fit.beta,
        fit.vcov_beta,
        np.array(fit.sigma),
        tuple(t.sd for t in fit.terms),
        tuple(t.correlation for t in fit.terms),
        np.array(fit.objective),
    )


def _none(fit: Fit) -> Estimates:
    whole = whole_estimates(fit)
    return Estimates(
        np.full_like(whole.beta, np.nan),
        np.full_like(whole.vcov, np.nan),
        np.array(np.nan),
        tuple(np.full_like(a, np.nan) for a in whole.sd),
        tuple(np.full_like(a, np.nan) for a in whole.correlation),
        np.array(np.nan),
    )


def _estimates(fit: Fit, reduced: Reduced, again: Fit) -> Estimates:
    """The refit's estimates in the places of the whole fit's that mean the same."""
    out = _none(fit)
    same = reduced.same_fixed
    kept = reduced.kept_fixed[same]
    out.beta[kept] = again.beta[same]
    out.vcov[np.ix_(kept, kept)] = again.vcov_beta[np.ix_(same, same)]
    for sd, correlation, effects, term in zip(
        out.sd, out.correlation, reduced.kept_effects, again.terms, strict=True
    ):
        sd[effects] = term.sd
        correlation[np.ix_(effects, effects)] = term.correlation
    return replace(out, sigma=np.array(again.sigma), objective=np.array(again.objective))


def _stacked(fit: Fit, done: Sequence[Estimates]) -> Estimates:
    like, count = whole_estimates(fit), len(done)

    def stack(parts: list[FloatArray], one: FloatArray) -> FloatArray:
        return np.array(parts, dtype=np.float64).reshape(count, *one.shape)

    return Estimates(
        stack([d.beta for d in done], like.beta),
        stack([d.vcov for d in done], like.vcov),
        stack([d.sigma for d in done], like.sigma),
        tuple(stack([d.sd[t] for d in done], a) for t, a in enumerate(like.sd)),
        tuple(stack([d.correlation[t] for d in done], a) for t, a in enumerate(like.correlation)),
        stack([d.objective for d in done], like.objective),
    )


def _quadratic(change: FloatArray, vcov: FloatArray) -> FloatArray:
    """dᵀ C⁻¹ d / p for each of k changes; NaN where a coefficient has none."""
    out = np.full(len(change), np.nan)
    found = ~(np.isnan(change).any(axis=1) | np.isnan(vcov).any(axis=(1, 2)))
    if not change.shape[1] or not found.any():
        return out
    solved = np.linalg.solve(vcov[found], change[found][:, :, None])[:, :, 0]
    out[found] = np.sum(change[found] * solved, axis=1) / change.shape[1]
    return out
