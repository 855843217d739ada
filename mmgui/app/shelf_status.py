"""How a model on the shelf stands, as a mark, a word and a sentence; never as a colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from mmgui.app.store import FitRecord, FitStatus
from mmgui.app.verdict import Verdict, verdict_of
from mmgui.numbers import decimal
from mmgui.spec.document import ShelfModel


@dataclass(frozen=True, slots=True)
class ShelfStatus:
    """``tone`` is ``good``, ``warn`` or ``muted``."""

    mark: str
    word: str
    tone: str
    explanation: str
    has_results: bool


def status_of(record: FitRecord | None) -> ShelfStatus:
    """The status of a fit. Singular and not converged are two things, and both are said."""
    if record is None:
        return ShelfStatus("○", "not fitted", "muted", "Select it and press Fit.", False)
    match record.status:
        case FitStatus.RUNNING:
            return ShelfStatus("◌", "running", "muted", "The fit is running.", False)
        case FitStatus.FAILED:
            message = record.error.message if record.error is not None else ""
            return ShelfStatus("✕", "failed", "warn", message, False)
        case FitStatus.STOPPED:
            sentence = "Stopped before it was done; shown is the best point so far."
            return ShelfStatus("■", "stopped", "muted", sentence, record.fit is not None)
        case FitStatus.DONE:
            return _done(record)


def _done(record: FitRecord) -> ShelfStatus:
    fit = record.fit
    if fit is None:
        return ShelfStatus("▲", "not converged", "warn", "There is no fit to show.", False)
    return ShelfStatus(*_VERDICTS[verdict_of(fit)], True)


_VERDICTS: dict[Verdict, tuple[str, str, str, str]] = {
    Verdict.CONVERGED: ("●", "converged", "good", "The optimiser arrived at the best fit."),
    Verdict.SINGULAR: (
        "◐",
        "singular",
        "warn",
        "The optimiser arrived, and at least one direction of the random effects has no variance.",
    ),
    Verdict.NOT_CONVERGED: (
        "▲",
        "not converged",
        "warn",
        "The optimiser did not arrive at the best fit.",
    ),
    Verdict.SINGULAR_NOT_CONVERGED: (
        "◐",
        "singular, not converged",
        "warn",
        "The optimiser did not arrive.",
    ),
    Verdict.NOT_IDENTIFIABLE: (
        "✕",
        "not identifiable",
        "warn",
        "Many fits are equally good: variances trade off, as the Summary says.",
    ),
    Verdict.PERFECT: ("✕", "perfect fit", "warn", "No residual variance is left."),
}


def figures_of(record: FitRecord | None, best_aic: float | None, *, several: bool) -> str:
    """``AIC 1755.6 · ΔAIC 2.0``; the difference to the smallest AIC of comparable models."""
    if record is None or record.fit is None:
        return ""
    fit = record.fit
    words = [f"AIC {decimal(fit.aic, 1)}" if fit.reml else f"ML · AIC {decimal(fit.aic, 1)}"]
    if several and best_aic is not None:
        gap = fit.aic - best_aic
        words.append("lowest" if gap < 0.05 else f"ΔAIC {decimal(gap, 1)}")
    return " · ".join(words)


def comparable_key(model: ShelfModel, record: FitRecord | None) -> object:
    """Fits with the same key have comparable AIC: rows, response, criterion, fixed effects under REML."""
    if record is None or record.fit is None:
        return None
    design = record.fit.design
    fixed = design.fixed_names if record.fit.reml else ()
    data = (design.y.tobytes(), design.rows.tobytes())
    return (data, record.fit.reml, fixed, model.spec.response, model.spec.offset, design.nobs)
