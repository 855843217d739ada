"""Responses simulated from a fitted model, and models refitted to them, one replicate at a time.

Replicate k takes its random numbers from the k-th child of the seed, so that neither the number of
processes nor the order of work changes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from mmgui.engine.design import FloatArray
from mmgui.engine.events import ShouldStop
from mmgui.engine.refit import Refit, Refitter
from mmgui.engine.result import Fit, FitLog
from mmgui.errors import FitError
from mmgui.inference.refits.workers import Done

NEW, KEPT = "new", "kept"


def simulate(fit: Fit, generator: np.random.Generator, random_effects: str = NEW) -> FloatArray:
    """(n,) a response drawn from the fitted model: new residuals, and new or kept random effects."""
    design = fit.design
    if random_effects == KEPT:
        y = fit.fitted
    else:
        y = design.x @ fit.beta
        if design.offset is not None:
            y = y + design.offset
        for random, term in zip(design.random, fit.terms, strict=True):
            standard = generator.standard_normal((len(random.levels), len(random.effects)))
            effects = fit.sigma * standard @ term.relative_factor.T
            y = y + np.einsum("ns,ns->n", random.columns, effects[random.codes])
    noise = fit.sigma * generator.standard_normal(design.nobs)
    if design.weights is not None:
        noise = noise / np.sqrt(design.weights)
    return np.asarray(y + noise, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Replicates:
    """The job: replicate k is the refits of ``models`` to the k-th response simulated from ``truth``."""

    truth: Fit
    models: tuple[Fit, ...]
    seed: int
    random_effects: str = NEW

    def prepare(self) -> Callable[[int, ShouldStop], tuple[Refit, ...] | None]:
        """The replicate of a number; None where a model cannot be fitted to it."""
        refitters = [Refitter(model) for model in self.models]

        def replicate(number: int, should_stop: ShouldStop) -> tuple[Refit, ...] | None:
            generator = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(number,)))
            y = simulate(self.truth, generator, self.random_effects)
            try:
                return tuple(r.refit(y, should_stop=should_stop) for r in refitters)
            except FitError as error:
                if error.code == "stopped":
                    raise
                return None

        return replicate


def bare(fit: Fit) -> Fit:
    """The fit without its log, and without what a subclass adds: less to send to a process."""
    values = {f.name: getattr(fit, f.name) for f in fields(Fit)}
    empty = np.empty(0)
    return Fit(**{**values, "log": FitLog(empty, np.empty((0, len(fit.theta))), empty)})


def fitted_replicates(done: Done[tuple[Refit, ...] | None]) -> list[tuple[Refit, ...]]:
    """The replicates that could be fitted, at least one."""
    found = [refits for refits in done.results.values() if refits is not None]
    if found:
        return found
    if not done.results:
        raise FitError("stopped", "The bootstrap was stopped before the first simulation was done.")
    raise FitError(
        "bootstrap_failed",
        "None of the simulated responses could be fitted, so there is no result; simplify the model.",
    )
