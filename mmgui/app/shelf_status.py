"""How a model on the shelf stands, as a mark, a word and a sentence; never as a colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from mmgui.app.store import FitRecord, FitStatus
from mmgui.figures.numbers import decimal
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
    converged = fit is not None and fit.convergence.converged
    singular = fit is not None and fit.singular
    if converged and not singular:
        return ShelfStatus("●", "converged", "good", "The optimiser arrived at the best fit.", True)
    if converged:
        sentence = "The optimiser arrived, and at least one direction of the random effects has no variance."
        return ShelfStatus("◐", "singular", "warn", sentence, True)
    if singular:
        return ShelfStatus("◐", "singular, not converged", "warn", "The optimiser did not arrive.", True)
    return ShelfStatus("▲", "not converged", "warn", "The optimiser did not arrive at the best fit.", True)


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
