"""What every estimate would be without each group, by refits, and the ghost of one such fit."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import Fit
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_name, listed
from mmgui.inference.refits.deletion import Deletions, Estimates, delete_groups
from mmgui.numbers import count, number

FloatArray = NDArray[np.float64]
Progress = Callable[[int, int, str, object], None]

QUICK_ROWS, QUICK_SECONDS = 5_000, 4.0
"""Up to which size, and expected time, deletion begins by itself."""
BATCHES = (0.3, 1.5, 6.0, 25.0)
"""Seconds of the batches of refits, the last for all others: what is done is shown after each."""


@dataclass(frozen=True, slots=True)
class DeletionOutline:
    """What leaving out each group of a factor would take: ``groups`` refits, about ``seconds`` in all.

    ``quick`` says whether that is but a moment.
    """

    grouping: str
    groups: int
    seconds: float
    quick: bool


@dataclass(frozen=True, eq=False, slots=True)
class InfluenceEstimate:
    """One estimate without each group done.

    ``kind`` is ``"fixed"``, ``"sd"``, ``"correlation"`` or ``"sigma"``; ``term`` is the position of the
    random-effects term, -1 for σ and -2 for fixed effects; ``whole`` and ``se`` are of the whole fit,
    ``se`` NaN where there is none; ``without`` is (k,), NaN where a refit gave none.
    """

    name: str
    kind: str
    term: int
    whole: float
    se: float
    without: FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class DeletionGhost:
    """A fit without one group, to be drawn behind the whole fit.

    Attributes
    ----------
    fit
        The whole fit.
    grouping, level
        What was left out.
    beta
        (p,) fixed effects in the order of ``fit.design.fixed_names``; NaN where one could not be estimated.
    covariances, sds
        Σ (s, s) and SDs (s,) of every random-effects term.
    sigma
        Residual standard deviation.
    """

    fit: Fit
    grouping: str
    level: str
    beta: FloatArray
    covariances: tuple[FloatArray, ...]
    sds: tuple[FloatArray, ...]
    sigma: float

    @property
    def name(self) -> str:
        """``without 335``."""
        return f"without {self.level}"

    def table(self) -> FigureTable:
        """Every estimate with and without the group."""
        fit = self.fit
        rows: list[tuple[str | float | int | None, ...]] = [
            (effect_name(n), float(a), float(b))
            for n, a, b in zip(fit.design.fixed_names, fit.beta, self.beta, strict=True)
        ]
        for term, sd in zip(fit.terms, self.sds, strict=True):
            rows += [
                (f"{term.grouping}: SD of {effect_name(e)}", float(a), float(b))
                for e, a, b in zip(term.effects, term.sd, sd, strict=True)
            ]
        rows.append(("σ", fit.sigma, self.sigma))
        return FigureTable(("Estimate", "All groups", self.name.capitalize()), tuple(rows))


@dataclass(frozen=True, eq=False, slots=True)
class InfluenceFigure:
    """Refits without each group of a factor, as far as they are done.

    Attributes
    ----------
    fit
        The whole fit.
    grouping, term
        The factor, and the first of its random-effects terms.
    levels, sizes
        The k groups done, and their rows.
    total
        How many groups the factor has.
    cooks
        (k,) Cook's distance of the fixed effects (as HLMdiag and influence.ME; lme4's is (k - p)/k of it).
    estimates
        Fixed effects, SDs, correlations and σ.
    warnings
        Sentences on refits that failed or are singular.
    """

    fit: Fit
    grouping: str
    term: int
    levels: tuple[str, ...]
    sizes: tuple[int, ...]
    total: int
    cooks: FloatArray
    estimates: tuple[InfluenceEstimate, ...]
    warnings: tuple[str, ...]
    covariances: tuple[FloatArray, ...]

    @property
    def complete(self) -> bool:
        """Whether every group was left out once."""
        return len(self.levels) == self.total

    @property
    def usual(self) -> float:
        """4 over the number of groups: the usual bound above which a Cook's distance is called large."""
        return 4.0 / self.total

    def of(self, *kinds: str) -> tuple[InfluenceEstimate, ...]:
        """The estimates of some kinds."""
        return tuple(e for e in self.estimates if e.kind in kinds)

    def table(self) -> FigureTable:
        """One line a group: rows, Cook's distance, every estimate without it; the whole fit first."""
        head = (f"Without {self.grouping}", "Rows", "Cook's distance", *(e.name for e in self.estimates))
        rows: list[tuple[str | float | int | None, ...]] = [
            ("(all groups)", self.fit.nobs, None, *(e.whole for e in self.estimates))
        ]
        numbers = [e.without.tolist() for e in self.estimates]
        for k, name in enumerate(self.levels):
            rows.append((name, self.sizes[k], float(self.cooks[k]), *(column[k] for column in numbers)))
        return FigureTable(head, tuple(rows))

    def ghost(self, level: str) -> DeletionGhost | None:
        """The fit without a group, where it is known."""
        if level not in self.levels:
            return None
        k = self.levels.index(level)
        fixed = np.array([e.without[k] for e in self.of("fixed")])
        sigma = float(self.of("sigma")[0].without[k])
        sigmas = tuple(c[k] for c in self.covariances)
        if np.isnan(sigma):
            return None
        sds = tuple(np.sqrt(np.diag(c)) for c in sigmas)
        return DeletionGhost(self.fit, self.grouping, level, fixed, sigmas, sds, sigma)

    def notes(self) -> tuple[str, ...]:
        """What has to be known to read the picture."""
        out = list(self.warnings)
        if not self.complete:
            out.insert(0, f"{len(self.levels):,} of {count(self.total, 'group')} are left out so far.")
        out.append("Every dot is an exact refit without that group, the variances estimated anew.")
        return tuple(out)


def deletion_outline(fit: Fit, grouping: str) -> DeletionOutline:
    """How many refits, and about how long; starting from the estimates, one takes half of the fit."""
    groups = next(len(t.levels) for t in fit.terms if t.grouping == grouping)
    seconds = 0.5 * fit.seconds * groups
    return DeletionOutline(grouping, groups, seconds, fit.nobs <= QUICK_ROWS and seconds <= QUICK_SECONDS)


def deletion_ghost(
    fit: Fit, grouping: str, level: str, *, should_stop: Callable[[], bool] | None = None
) -> DeletionGhost | None:
    """The fit without one group; None where the model cannot be estimated without it."""
    term = next(k for k, t in enumerate(fit.terms) if t.grouping == grouping)
    found = delete_groups(fit, grouping, (level,), workers=1, should_stop=should_stop)
    return _figure(fit, term, [found], len(fit.terms[term].levels)).ghost(level)


def duration(seconds: float) -> str:
    """``4 minutes``, ``some seconds``."""
    if seconds < 10.0:
        return "some seconds"
    if seconds < 100.0:
        return f"{number(seconds, 1)} seconds"
    minutes = seconds / 60.0
    return f"{minutes:.0f} minutes" if minutes < 100.0 else f"{minutes / 60.0:.0f} hours"


def influence_figure(
    fit: Fit,
    grouping: str,
    *,
    should_stop: Callable[[], bool] | None = None,
    progress: Progress | None = None,
) -> InfluenceFigure:
    """Leave out each group of a factor (of the first one if none is named), in batches.

    ``progress`` hears of groups done, of how many, and the figure of what is done.
    """
    named = grouping if any(t.grouping == grouping for t in fit.terms) else fit.terms[0].grouping
    term = next(k for k, t in enumerate(fit.terms) if t.grouping == named)
    levels = fit.terms[term].levels
    done: list[Deletions] = []
    figure = _figure(fit, term, done, len(levels))
    first, pace, turn = 0, max(0.5 * fit.seconds, 1e-3), 0
    while first < len(levels) and not (should_stop is not None and should_stop()):
        share = max(1, int(BATCHES[min(turn, len(BATCHES) - 1)] / pace))
        batch = levels[first : first + share]
        began = time.monotonic()
        tell = None if progress is None else partial(_tell, progress, first, len(levels), figure)
        found = delete_groups(fit, named, batch, on_progress=tell, should_stop=should_stop)
        done.append(found)
        figure = _figure(fit, term, done, len(levels))
        if len(found.labels) < len(batch):
            break
        first, turn, pace = first + share, turn + 1, max((time.monotonic() - began) / len(batch), 1e-4)
        if progress is not None:
            progress(min(first, len(levels)), len(levels), "", figure)
    return figure


def _tell(progress: Progress, before: int, total: int, figure: InfluenceFigure, done: int, _of: int) -> None:
    progress(before + done, total, "", figure)


def _figure(fit: Fit, term: int, done: Sequence[Deletions], total: int) -> InfluenceFigure:
    grouping = fit.terms[term].grouping
    levels = tuple(name for d in done for name in d.labels)
    parts = [d.without for d in done]
    covariances = tuple(
        _joined([_covariance(p, t) for p in parts], fitted.covariance.shape)
        for t, fitted in enumerate(fit.terms)
    )
    return InfluenceFigure(
        fit=fit,
        grouping=grouping,
        term=term,
        levels=levels,
        sizes=tuple(len(r) for d in done for r in d.rows),
        total=total,
        cooks=_joined([d.cooks for d in done], ()),
        estimates=_estimates(fit, parts),
        warnings=_warnings(fit, grouping, done),
        covariances=covariances,
    )


def _joined(parts: list[FloatArray], shape: tuple[int, ...]) -> FloatArray:
    return np.concatenate(parts) if parts else np.empty((0, *shape))


def _covariance(estimates: Estimates, term: int) -> FloatArray:
    """(k, s, s) Σ of a term without each group; a correlation that is none counts as 0."""
    sd, correlation = np.nan_to_num(estimates.sd[term]), np.nan_to_num(estimates.correlation[term])
    out: FloatArray = sd[:, :, None] * correlation * sd[:, None, :]
    diagonal = np.arange(sd.shape[1])
    out[:, diagonal, diagonal] = sd**2
    return out


def _estimates(fit: Fit, parts: list[Estimates]) -> tuple[InfluenceEstimate, ...]:
    out = []
    for k, name in enumerate(fit.design.fixed_names):
        without = _joined([p.beta[:, k] for p in parts], ())
        out.append(
            InfluenceEstimate(effect_name(name), "fixed", -2, float(fit.beta[k]), float(fit.se[k]), without)
        )
    several = len(fit.terms) > 1
    for t, term in enumerate(fit.terms):
        whose = f"{term.grouping}: " if several else ""
        for j, effect in enumerate(term.effects):
            without = _joined([p.sd[t][:, j] for p in parts], ())
            name = f"{whose}SD of {effect_name(effect)}"
            out.append(InfluenceEstimate(name, "sd", t, float(term.sd[j]), np.nan, without))
    sigma = _joined([p.sigma for p in parts], ())
    out.append(InfluenceEstimate("σ", "sigma", -1, fit.sigma, np.nan, sigma))
    for t, term in enumerate(fit.terms):
        whose = f"{term.grouping}: " if several else ""
        for i, j in term.free_pairs:
            without = _joined([p.correlation[t][:, i, j] for p in parts], ())
            name = f"{whose}cor. {effect_name(term.effects[i])}, {effect_name(term.effects[j])}"
            out.append(
                InfluenceEstimate(name, "correlation", t, float(term.correlation[i, j]), np.nan, without)
            )
    return tuple(out)


def _warnings(fit: Fit, grouping: str, done: Sequence[Deletions]) -> tuple[str, ...]:
    """What failed, and where a fit becomes singular or ceases to be."""
    out = []
    failed = {name for d in done for name, _ in d.failed}
    if failed:
        out.append(f"Without {listed(sorted(failed))} the model cannot be estimated.")
    lost = [
        n
        for d in done
        for n, beta in zip(d.labels, d.without.beta, strict=True)
        if np.isnan(beta).any() and n not in failed
    ]
    if lost:
        without = listed(lost) if len(lost) <= 3 else f"any one of {count(len(lost), 'group')} of {grouping}"
        out.append(
            f"Without {without} some fixed effects have no estimate: they are the effect of what leaves with "
            "the group, or a difference from it."
        )
    other = [
        n
        for d in done
        for n, s in zip(d.labels, d.singular, strict=True)
        if s != fit.singular and n not in failed
    ]
    words = "is not singular any more" if fit.singular else "is singular"
    if 0 < len(other) <= 3:
        out.append(f"Without {listed(other)} the fit {words}.")
    elif other:
        out.append(f"Without any one of {count(len(other), 'group')} of {grouping} the fit {words}.")
    return tuple(out)
