"""Fitting a model: from a specification and a table, or from a design, to a frozen result."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from mmgui.data.table import Table
from mmgui.engine.criterion import Criterion
from mmgui.engine.design import Design, FloatArray, RandomDesign
from mmgui.engine.events import Failed, Finished, OnEvent, ShouldStop, Started, Stopped
from mmgui.engine.frozen import freeze
from mmgui.engine.optimize import Optimum, optimise
from mmgui.engine.result import Fit, FittedTerm
from mmgui.engine.search import Search
from mmgui.engine.singularity import relative_singular_values, root_mean_squares, variance_rank
from mmgui.engine.solution import Solution, solve
from mmgui.engine.threads import one_blas_thread
from mmgui.errors import FitError, MmguiError
from mmgui.spec.model import ModelSpec


@dataclass(frozen=True, eq=False)
class FitJob:
    """A fit to be done: the model, the table, and theta to begin at (None for moment estimates)."""

    spec: ModelSpec
    table: Table
    start: FloatArray | None = None


def fit(job: FitJob, on_event: OnEvent | None = None, should_stop: ShouldStop | None = None) -> Fit:
    """Build a model's matrices on a table and fit it.

    Parameters
    ----------
    job
        What to fit.
    on_event
        Called with each event, in the thread that fits.
    should_stop
        Asked at every evaluation, and within long ones.

    Returns
    -------
    Fit
        The fit; where the person stopped it, at the best point so far, with
        ``convergence.reason == "stopped"``.

    Raises
    ------
    MmguiError
        Where the model cannot be built or fitted; ``Failed`` is sent first.
    """
    from mmgui.engine.build import build_design
    from mmgui.spec.formula import print_model

    began = time.perf_counter()
    try:
        design = build_design(job.spec, job.table)
        formula = print_model(job.spec)
    except MmguiError as error:
        if on_event is not None:
            on_event(Failed(error))
        raise
    return _fit(design, on_event, should_stop, job.start, formula, began)


def fit_design(
    design: Design,
    on_event: OnEvent | None = None,
    should_stop: ShouldStop | None = None,
    start: FloatArray | None = None,
    formula: str = "",
) -> Fit:
    """Fit a design; parameters, result and errors as in ``fit``."""
    return _fit(design, on_event, should_stop, start, formula, time.perf_counter())


def _fit(
    design: Design,
    on_event: OnEvent | None,
    should_stop: ShouldStop | None,
    start: FloatArray | None,
    formula: str,
    began: float,
) -> Fit:
    try:
        with one_blas_thread(), np.errstate(all="ignore"):
            criterion = Criterion(design)
            if on_event is not None:
                on_event(Started(parameter_names(design), design.nobs, design))
            search = Search(criterion, on_event, should_stop)
            optimum = optimise(search, start)
            result = None
            if optimum is not None:
                result = _result(criterion, search, optimum, formula, began)
    except (MmguiError, np.linalg.LinAlgError, MemoryError) as error:
        reported = _as_fit_error(error)
        if on_event is not None:
            on_event(Failed(reported))
        raise reported from error
    if result is None:
        if on_event is not None:
            on_event(Stopped(None))
        raise FitError("stopped", "The fit was stopped before there was anything to show.")
    freeze(result)
    if on_event is not None:
        on_event(Stopped(result) if result.convergence.reason == "stopped" else Finished(result))
    return result


def _as_fit_error(error: MmguiError | np.linalg.LinAlgError | MemoryError) -> MmguiError:
    if isinstance(error, MmguiError):
        return error
    if isinstance(error, MemoryError):
        return FitError(
            "memory", "The model does not fit into memory; leave out an effect or a grouping factor."
        )
    return FitError(
        "numerical",
        "The equations of this model cannot be solved on these data; check for columns with extreme or "
        "constant values.",
    )


def parameter_names(design: Design) -> tuple[str, ...]:
    """Names of theta's entries: ``Subject.(Intercept)``, ``Subject.Days.(Intercept)``, ``Worker.rho``."""
    return tuple(name for r in design.random for name in r.theta_names)


def _result(criterion: Criterion, search: Search, optimum: Optimum, formula: str, began: float) -> Fit:
    design = criterion.design
    if search.best is not None and search.best_state is not None and search.best[1] is optimum.flat:
        solution = solve(search.best_state, reml=criterion.reml, conditional=True)
    else:
        solution = criterion.solution_at(optimum.flat)
    theta = criterion.basis.theta(optimum.flat)
    terms = [
        fitted_term(random, theta[design.theta_slice(k)], solution, k)
        for k, random in enumerate(design.random)
    ]
    return Fit(
        design=design,
        formula=formula,
        objective=solution.objective,
        theta=theta,
        sigma=solution.sigma,
        beta=solution.beta,
        vcov_beta=solution.vcov,
        terms=tuple(terms),
        fitted=fitted_values(design, solution),
        log=search.log(),
        convergence=optimum.convergence,
        seconds=time.perf_counter() - began,
    )


def fitted_term(random: RandomDesign, theta: FloatArray, solution: Solution, number: int) -> FittedTerm:
    """One term's part of the result, from its part of theta."""
    lam = random.relative_factor(theta)
    scaled = lam * root_mean_squares(random.columns)
    return FittedTerm(
        grouping=random.grouping,
        levels=random.levels,
        effects=random.effects,
        relative_factor=lam,
        covariance=solution.sigma**2 * (lam @ lam.T),
        modes=solution.modes[number],
        conditional_covariance=solution.conditional_covariances[number],
        singular_values=relative_singular_values(scaled),
        rank=variance_rank(scaled),
        blocks=random.blocks,
        structure=random.structure,
    )


def fitted_values(design: Design, solution: Solution) -> FloatArray:
    """(n,) Xβ + Zb + offset."""
    out = design.x @ solution.beta
    for random, modes in zip(design.random, solution.modes, strict=True):
        for k in range(modes.shape[1]):
            out += random.columns[:, k] * modes[random.codes, k]
    if design.offset is not None:
        out += design.offset
    return out
