"""Profiles of all parameters on all cores, with progress and a stop that keeps the curves that are done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from mmgui.engine.fit import fit_design
from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.profile.curves import Parameter, ProfileCurve, parameters_of, profile
from mmgui.inference.refits.replicates import bare
from mmgui.inference.refits.workers import OnProgress, ShouldStop, run
from mmgui.inference.variance.singularity import is_perfect

OnCurves = Callable[[tuple[ProfileCurve, ...]], None]


def profile_all(
    fit: Fit,
    parameters: tuple[Parameter, ...] | None = None,
    *,
    level: float = 0.95,
    reach: float = 0.0,
    workers: int | None = None,
    on_progress: OnProgress | None = None,
    on_curves: OnCurves | None = None,
    should_stop: ShouldStop | None = None,
) -> tuple[ProfileCurve, ...]:
    """The curves that ``mmgui.inference.profile.curves.profile`` gives, one parameter a piece of work.

    Parameters
    ----------
    fit
        The fitted model; a REML fit is first refitted by maximum likelihood, once.
    parameters, level, reach
        As ``profile`` takes them.
    workers
        Processes that share the work; 1 works in this one; None starts them where that is quicker.
    on_progress
        Called with the number of parameters done and the number to do.
    on_curves
        Called with the curves that are complete each time there are more, before ``on_progress``.
    should_stop
        Asked at every evaluation; the curves that are complete are returned, in the order asked for.

    Raises
    ------
    FitError
        As ``profile`` does: ``perfect_fit``, ``profile_found_better``; as ``run`` does where a process died.
    """
    wanted = parameters_of(fit.design) if parameters is None else parameters
    if is_perfect(fit):
        # profile says it in its words, before any refit.
        return profile(fit, wanted, level=level, reach=reach, should_stop=should_stop)
    optimum = _by_ml(fit, should_stop)
    if optimum is None:
        return ()
    done = run(
        _Job(bare(optimum), wanted, level, reach),
        len(wanted),
        workers=workers,
        on_progress=on_progress,
        on_results=None if on_curves is None else lambda found: on_curves(_in_order(found)),
        should_stop=should_stop,
    )
    return _in_order(done.results)


def _in_order(found: Mapping[int, ProfileCurve]) -> tuple[ProfileCurve, ...]:
    return tuple(found[k] for k in sorted(found))


def _by_ml(fit: Fit, should_stop: ShouldStop | None) -> Fit | None:
    """The fit by maximum likelihood, None where the person stopped it."""
    if not fit.reml:
        return fit
    design = replace(fit.design, spec=replace(fit.design.spec, reml=False))
    try:
        again = fit_design(design, should_stop=should_stop, start=fit.theta, formula=fit.formula)
    except FitError as error:
        if error.code == "stopped":
            return None
        raise
    return None if again.convergence.reason == "stopped" else again


@dataclass(frozen=True, eq=False)
class _Job:
    """The k-th piece of work is the curve of the k-th parameter."""

    fit: Fit
    parameters: tuple[Parameter, ...]
    level: float
    reach: float

    def prepare(self) -> Callable[[int, ShouldStop], ProfileCurve]:
        return self._curve

    def _curve(self, number: int, should_stop: ShouldStop) -> ProfileCurve:
        wanted = (self.parameters[number],)
        curves = profile(self.fit, wanted, level=self.level, reach=self.reach, should_stop=should_stop)
        if not curves:
            raise FitError("stopped", "The profile was stopped before the curve was complete.")
        return curves[0]
