"""What a fit's advice takes refits to say: simpler models with their price, groups that carry a result."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from mmgui.advice.after.advise import advise_fit
from mmgui.advice.after.simpler_fixes import fits_the_same, price, simpler_fix, summary
from mmgui.advice.finding import Fix
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.data.table import Table
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.figures.statements import Statement, statements_of
from mmgui.inference.comparison.simpler import SimplerModel, simpler_models
from mmgui.inference.likelihood.other_starts import OtherStarts, refit_from_other_starts
from mmgui.inference.refits.deletion import Deletions, delete_groups
from mmgui.spec.formula import print_model
from mmgui.spec.model import ModelSpec

ShouldStop = Callable[[], bool]
Progress = Callable[[int, int], None]

MOST_SIMPLER = 6
"""Simpler models shown: the cheapest."""


@dataclass(frozen=True, slots=True)
class SimplerRow:
    """One simpler model: what stands in place of the term, what that costs, the whole formula, the remedy."""

    name: str
    price: str
    formula: str
    same: bool
    fix: Fix


@dataclass(frozen=True, slots=True)
class FitAdviceFigure:
    """What refits say: simpler models for a singular fit, and further statements."""

    heading: str
    simpler: tuple[SimplerRow, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True, eq=False, slots=True)
class OtherStartsFigure:
    """What other starts say, and the better fit where they found one."""

    statements: tuple[Statement, ...]
    better: Fit | None


def fit_advice_figure(
    whole: Fit,
    table: Table | None,
    should_stop: ShouldStop | None = None,
    on_progress: Progress | None = None,
) -> FitAdviceFigure:
    """What refits say of a fit, as far as they take no longer than is worth it.

    Parameters
    ----------
    whole
        The fit.
    table
        Its table; without it simpler models are named and not fitted.
    should_stop, on_progress
        Polled, and told how many models are fitted, of how many.
    """
    end = time.perf_counter() + THRESHOLDS.refit_seconds

    def over() -> bool:
        return time.perf_counter() > end or (should_stop is not None and should_stop())

    def refit(spec: ModelSpec) -> Fit:
        if table is None:
            raise AssertionError("no refit is asked for without a table")
        return fit(FitJob(spec, table), should_stop=over)

    simpler: tuple[SimplerModel, ...] = ()
    if whole.singular:
        most = THRESHOLDS.refit_seconds if table is not None else -1.0
        simpler = simpler_models(whole, refit, most_seconds=most, on_progress=on_progress, should_stop=over)
    found = advise_fit(whole, deletions=_deletions(whole, over))
    return FitAdviceFigure(
        heading=summary(simpler) if simpler else "",
        simpler=tuple(_row(m) for m in simpler[:MOST_SIMPLER]),
        statements=statements_of(f for f in found if f.id == "F11"),
    )


def other_starts_figure(
    whole: Fit, should_stop: ShouldStop | None = None, on_progress: Progress | None = None
) -> OtherStartsFigure:
    """The same model from other starts.

    Raises
    ------
    FitError
        Where no start came to its end.
    """
    starts = refit_from_other_starts(whole, on_progress=on_progress, should_stop=should_stop)
    found = [f for f in advise_fit(whole, starts=starts) if f.id == "F8"]
    return OtherStartsFigure(statements_of(found), _better(whole, starts, [f.title for f in found]))


def _better(whole: Fit, starts: OtherStarts, titles: list[str]) -> Fit | None:
    """A lower optimum; or as low a one that arrived, in place of a fit that did not."""
    arrived = starts.best.convergence.converged and not whole.convergence.converged
    as_low = starts.gain >= -THRESHOLDS.costless
    return starts.best if "A better fit" in titles or (arrived and as_low) else None


def _row(model: SimplerModel) -> SimplerRow:
    candidate = model.candidate
    name = candidate.becomes or f"Without {candidate.instead_of}"
    same = not math.isnan(model.cost) and fits_the_same(model)
    return SimplerRow(name, price(model), print_model(candidate.spec), same, simpler_fix(model))


def _deletions(whole: Fit, over: ShouldStop) -> tuple[Deletions, ...]:
    """The fit without each group, for grouping factors all of whose groups could be left out in time."""
    if not whole.convergence.converged:
        return ()
    groups = {t.grouping: len(t.levels) for t in whole.terms}
    out = []
    for grouping, count in groups.items():
        if whole.seconds * count > THRESHOLDS.refit_seconds / 2:
            continue
        deletions = delete_groups(whole, grouping, workers=1, should_stop=over)
        if len(deletions.labels) == count and not over():
            out.append(deletions)
    return tuple(out)
