"""Profile likelihood: ζ of every parameter, and the intervals that it gives at several levels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from mmgui.advice.after.fit_facts import trade_offs_of
from mmgui.engine.design import Design
from mmgui.engine.result import Fit
from mmgui.figures.shared_parameters import pair_words, shared_names
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_name, listed
from mmgui.inference.normal import joint_radius, normal_quantile
from mmgui.inference.profile.curves import Parameter, ProfileCurve, parameters_of
from mmgui.inference.profile.parallel import profile_all
from mmgui.inference.refits.workers import cores
from mmgui.numbers import count

FloatArray = NDArray[np.float64]
Words = tuple[str, str, str]
Progress = Callable[[int, int], None]
Partial = Callable[["ProfileFigure"], None]

LEVELS = (0.5, 0.8, 0.9, 0.95, 0.99)
FIXED = -2
REFITS = 20
"""Refits that the profile of a parameter takes, about."""
QUICK_ROWS, QUICK_PARAMETERS = 5000, 10
"""Up to which size a model is profiled without being asked."""
_SMOOTH, _DENSE = 200, 4000
"""Points that a curve is drawn through, and that it is read off between."""
_BESIDE = 0.02
"""|ζ| to either side of the estimate between which its slope is taken."""


@dataclass(frozen=True, slots=True)
class ProfileOutline:
    """What can be profiled, known without any work.

    ``names`` are the parameters for people; ``quick`` says whether profiling takes but a moment;
    ``seconds`` is how long the fit took, which profiling repeats some ``REFITS`` times a parameter.
    ``flat`` tells that the data cannot tell the variances apart: their likelihood has no single peak.
    """

    names: tuple[str, ...]
    quick: bool
    seconds: float
    flat: bool = False

    @property
    def estimated_seconds(self) -> float:
        """About how long it takes on the cores there are."""
        return REFITS * self.seconds * len(self.names) / min(cores(), len(self.names))


@dataclass(frozen=True, eq=False, slots=True)
class ParameterProfile:
    """ζ of one parameter.

    Attributes
    ----------
    group, name, brief
        Whose it is (``Subject``, ``Residual``, ``Fixed``) and what: ``SD of Days``, ``SD (σ)``, ``Days``,
        ``correlation of Intercept and Days``; the last in brief as ``cor. Intercept, Days``. What all
        effects of a term share is the ``SD of all effects``, the ``correlation of all pairs``.
    kind
        ``"sd"``, ``"correlation"``, ``"sigma"`` or ``"fixed"``.
    term
        Position of the random-effects term (its colour), -1 for the residual, ``FIXED`` for a fixed effect.
    estimate
        By maximum likelihood; NaN for a correlation with an effect that does not vary.
    values, zeta
        (k,) points of the curve in ascending order of both.
    limits
        (5, 2) intervals at ``LEVELS``; NaN where there is no curve.
    bounds
        The smallest and the largest value the parameter can take.
    se
        Its standard error by the curvature of the likelihood at the estimate (Wald); NaN where the
        estimate is at the end of its range.
    parameter
        What the engine calls it; None in a figure made by hand.
    trace_zeta, traces
        (m,) ζ at the points of the profile, and (m, P) the values of all parameters there.
    position
        Which of these parameters this one is.
    """

    group: str
    name: str
    brief: str
    kind: str
    term: int
    estimate: float
    values: FloatArray
    zeta: FloatArray
    limits: FloatArray
    bounds: tuple[float, float]
    se: float = np.nan
    parameter: Parameter | None = None
    trace_zeta: FloatArray = field(default_factory=lambda: np.empty(0))
    traces: FloatArray = field(default_factory=lambda: np.empty((0, 0)))
    position: int = -1

    @property
    def title(self) -> str:
        """``Subject: SD of Days``."""
        return f"{self.group}: {self.name}"

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """The interval at one of ``LEVELS``."""
        low, high = self.limits[LEVELS.index(level)]
        return float(low), float(high)

    def wald(self, level: float = 0.95) -> tuple[float, float]:
        """Estimate ± standard errors, whatever the parameter's range."""
        reach = normal_quantile(level) * self.se
        return self.estimate - reach, self.estimate + reach

    def reached(self, level: float = 0.95) -> tuple[float, ...]:
        """Ends of the parameter's range that the interval reaches: (0.0,) for a variance that may be none."""
        ends = zip(self.interval(level), self.bounds, strict=True)
        return tuple(bound for limit, bound in ends if np.isfinite(bound) and limit == bound)


@dataclass(frozen=True, eq=False, slots=True)
class ProfileFigure:
    """Profiles in lme4's order: each term, then σ, then the fixed effects.

    ``wanted`` is how many parameters there are; fewer are here after a stop, or while others are
    ``under_way``. ``reml`` says that the fit was by REML, whose parameters are profiled by maximum
    likelihood all the same.
    """

    profiles: tuple[ParameterProfile, ...]
    wanted: int
    reml: bool
    under_way: bool = False

    def table(self) -> FigureTable:
        """One line a parameter, with the limits at every level."""
        tails = sorted({(1 - level) / 2 for level in LEVELS} | {(1 + level) / 2 for level in LEVELS})
        columns = ("Group", "Parameter", "ML estimate", *(f"{round(100 * t, 6):g} %" for t in tails))
        rows: list[tuple[str | float, ...]] = []
        for p in self.profiles:
            limits = [float(v) for v in (*p.limits[::-1, 0], *p.limits[:, 1])]
            rows.append((p.group, p.name, p.estimate, *limits))
        return FigureTable(columns, tuple(rows))

    def interval_table(self, level: float = 0.95, *, wald: bool = False) -> FigureTable:
        """One line a parameter: estimate and interval; an end of the range is a whole number.

        With ``wald`` the interval by standard errors stands beside it.
        """
        rows: list[tuple[str | float, ...]] = []
        for p in self.profiles:
            numbers = [
                int(v) if np.isfinite(v) and v in p.bounds else v for v in (p.estimate, *p.interval(level))
            ]
            rows.append((p.group, p.brief, *numbers, *(p.wald(level) if wald else ())))
        tails = [f"{round(100 * t, 6):g} %" for t in ((1 - level) / 2, (1 + level) / 2)]
        more = [f"Wald {t}" for t in tails] if wald else []
        return FigureTable(("Group", "Parameter", "ML estimate", *tails, *more), tuple(rows))

    def notes(self) -> tuple[str, ...]:
        """What has to be known to read the intervals."""
        notes = []
        if len(self.profiles) < self.wanted and not self.under_way:
            notes.append(f"Stopped: {len(self.profiles)} of {count(self.wanted, 'parameter')} are profiled.")
        if self.reml:
            notes.append("Profiles are by maximum likelihood, so estimates differ a little from REML's.")
        none = [p.title for p in self.profiles if p.kind == "sd" and 0.0 in p.reached()]
        if none:
            verb = "reaches" if len(none) == 1 else "reach"
            notes.append(f"{listed(none)} {verb} 0: the data do not rule out that nothing varies there.")
        ends = [p.title for p in self.profiles if p.kind == "correlation" and p.reached()]
        if ends:
            verb = "reaches" if len(ends) == 1 else "reach"
            notes.append(f"{listed(ends)} {verb} the end of the range.")
        return tuple(notes)


def profile_outline(fit: Fit) -> ProfileOutline:
    """What can be profiled, and whether it is a matter of a moment."""
    names = tuple(": ".join(parameter_words(fit.design, p)[:2]) for p in parameters_of(fit.design))
    quick = fit.nobs <= QUICK_ROWS and len(names) <= QUICK_PARAMETERS
    # Along a flat ridge every search of the profile runs for long, and finds no end.
    flat = trade_offs_of(fit) is not None
    return ProfileOutline(names, quick and not flat, fit.seconds, flat)


def profile_figure(
    fit: Fit,
    *,
    should_stop: Callable[[], bool] | None = None,
    progress: Progress | None = None,
    partial: Partial | None = None,
) -> ProfileFigure:
    """Profile every parameter of a fit; after a stop those that are complete.

    ``progress`` is told how many parameters are done, of how many; ``partial``, just before, what there is
    of the figure. On all cores where that is quicker.
    """
    parameters = parameters_of(fit.design)

    def tell(done: int, total: int) -> None:
        if progress is not None:
            progress(done, total)

    known: dict[Parameter, ParameterProfile] = {}

    def drawn(curves: tuple[ProfileCurve, ...], *, under_way: bool) -> ProfileFigure:
        for curve in curves:
            parameter = curve.parameter
            if parameter not in known:
                words = parameter_words(fit.design, parameter)
                made = parameter_profile(curve, words, alone=_alone(fit.design, parameter))
                known[parameter] = replace(made, position=parameters.index(parameter))
        return ProfileFigure(tuple(known[c.parameter] for c in curves), len(parameters), fit.reml, under_way)

    def hand_over(curves: tuple[ProfileCurve, ...]) -> None:
        if partial is not None:
            partial(drawn(curves, under_way=True))

    tell(0, len(parameters))
    curves = profile_all(
        fit,
        parameters,
        level=LEVELS[-1],
        # Joint regions of two parameters reach further than intervals.
        reach=joint_radius(LEVELS[-1]),
        on_progress=tell,
        on_curves=hand_over,
        should_stop=should_stop,
    )
    return drawn(curves, under_way=False)


def _alone(design: Design, parameter: Parameter) -> bool:
    """Whether nothing correlates with what a standard deviation is of."""
    if parameter.kind != "sd":
        return True
    random = design.random[parameter.term]
    if random.pattern is not None:
        return random.pattern.homogeneous or not random.pattern.correlated
    return (parameter.effects[0],) in random.blocks


def parameter_profile(curve: ProfileCurve, words: Words, *, alone: bool = True) -> ParameterProfile:
    """A curve drawn smoothly through its points, and its limits at every level.

    ``words`` are group, name and brief name of the parameter; ``alone`` says that the effect whose standard
    deviation it is correlates with no other.
    """
    parameter = curve.parameter
    estimate = float(curve.estimate)
    term = FIXED if parameter.kind == "fixed" else parameter.term
    if len(curve.values) < 2:
        nothing, limits = np.empty(0), np.full((len(LEVELS), 2), np.nan)
        return ParameterProfile(
            *words,
            parameter.kind,
            term,
            estimate,
            nothing,
            nothing,
            limits,
            curve.bounds,
            parameter=parameter,
        )
    values, zeta = _line(curve, alone=alone)
    limits = np.array([_limits(curve.bounds, values, zeta, level) for level in LEVELS])
    thin = slice(None, None, _DENSE // _SMOOTH)
    shown = np.union1d(zeta[thin], [zeta[-1], 0.0])
    return ParameterProfile(
        *words,
        parameter.kind,
        term,
        estimate,
        np.interp(shown, zeta, values),
        shown,
        limits,
        curve.bounds,
        _standard_error(values, zeta),
        parameter,
        curve.zeta,
        curve.traces,
    )


def _standard_error(values: FloatArray, zeta: FloatArray) -> float:
    """1 / ζ' at the estimate: what a straight ζ would give on both sides."""
    if not zeta[0] < -_BESIDE or not zeta[-1] > _BESIDE:
        return float("nan")
    low, high = np.interp([-_BESIDE, _BESIDE], zeta, values)
    return float(high - low) / (2.0 * _BESIDE)


def _line(curve: ProfileCurve, *, alone: bool) -> tuple[FloatArray, FloatArray]:
    """Dense points of a smooth curve: a cubic spline, or a coarser line where that turns back.

    The parameter is smoother as a function of ζ where the curve is cut by the intervals, and ζ as a
    function of the parameter where it runs flat into the end of the range.
    """
    from scipy.interpolate import CubicSpline, PchipInterpolator

    cut = normal_quantile(LEVELS[-1])
    even_zeta = np.linspace(curve.zeta[0], curve.zeta[-1], _DENSE)
    even_values = np.linspace(curve.values[0], curve.values[-1], _DENSE)
    by_zeta = (CubicSpline(curve.zeta, curve.values)(even_zeta), even_zeta)
    # Where there is no variance the likelihood is flat: it does not know the sign of a standard deviation.
    # With a correlation it does: another sign of the one is another sign of the other.
    flat = alone and curve.parameter.kind == "sd" and curve.values[0] == 0.0 and curve.zeta[0] < 0.0
    points = curve.values, curve.zeta
    zeta_at = (
        CubicSpline(*points, bc_type=((1, np.zeros(())), "not-a-knot")) if flat else CubicSpline(*points)
    )
    by_value = (even_values, zeta_at(even_values))
    ends = curve.zeta[0] > -cut or curve.zeta[-1] < cut
    for values, zeta in (by_value, by_zeta) if ends else (by_zeta, by_value):
        if (np.diff(values) > 0.0).all() and (np.diff(zeta) > 0.0).all():
            return values, zeta
    return PchipInterpolator(curve.zeta, curve.values)(even_zeta), even_zeta


def _limits(
    bounds: tuple[float, float], values: FloatArray, zeta: FloatArray, level: float
) -> tuple[float, float]:
    cut = normal_quantile(level)
    low = float(np.interp(-cut, zeta, values)) if zeta[0] <= -cut else bounds[0]
    high = float(np.interp(cut, zeta, values)) if zeta[-1] >= cut else bounds[1]
    return low, high


def parameter_words(design: Design, parameter: Parameter) -> Words:
    """Group, name and brief name of a parameter for people."""
    if parameter.kind == "sigma":
        return "Residual", "SD (σ)", "SD (σ)"
    if parameter.kind == "fixed":
        name = effect_name(design.fixed_names[parameter.effects[0]])
        return "Fixed", name, name
    term = design.random[parameter.term]
    shared = shared_names(term)
    if parameter.kind == "sd":
        name = shared.sd or effect_name(term.effects[parameter.effects[0]])
        return term.grouping, f"SD of {name}", f"SD of {name}"
    pair = (term.effects[parameter.effects[0]], term.effects[parameter.effects[1]])
    return term.grouping, pair_words(pair, shared.pairs), pair_words(pair, shared.pairs, brief=True)
