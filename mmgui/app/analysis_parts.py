"""What can be worked out of a fit for a page, and how: the only place where pages and mathematics meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from mmgui.errors import FitError

if TYPE_CHECKING:
    from mmgui.data.table import Table
    from mmgui.engine.result import Fit
    from mmgui.figures.compare import CompareFigure
    from mmgui.figures.covariance import CovarianceFigure
    from mmgui.figures.equation import EquationFigure
    from mmgui.figures.equation_table import EquationRow
    from mmgui.figures.group_intervals import IntervalsFigure
    from mmgui.figures.groups import GroupsFigure
    from mmgui.figures.influence import InfluenceFigure
    from mmgui.figures.landscape import LandscapeFigure
    from mmgui.figures.matrices import MatricesFigure
    from mmgui.figures.origin import OriginContent
    from mmgui.figures.profile import ProfileFigure, ProfileOutline
    from mmgui.figures.residuals import ResidualsFigure
    from mmgui.figures.shrinkage import CaterpillarFigure, ShrinkageFigure
    from mmgui.figures.simpler import FitAdviceFigure, OtherStartsFigure
    from mmgui.figures.summary import SummaryFigure
    from mmgui.figures.trace import TraceFigure
    from mmgui.figures.variance import VarianceFigure
    from mmgui.figures.variance_curve import VarianceCurveFigure
    from mmgui.spec.model import ModelSpec


class Advancing(Protocol):
    """Tells how many pieces are done, of how many, what is under way, and the figure of what there is."""

    def __call__(self, done: int, total: int, at: str, partial: object | None = None) -> None: ...


# The builders bring SciPy and statsmodels along: they are imported where they run, in the background.


class Part(StrEnum):
    """Named for people, as they stand in a sentence when one fails."""

    SUMMARY = "summary"
    INFERENCE = "degrees of freedom"
    SHRINKAGE = "shrinkage"
    COVARIANCE = "covariance"
    MATRICES = "matrices"
    VARIANCE_CURVE = "variance against predictors"
    LANDSCAPE = "landscape"
    GROUPS = "picture of the groups"
    GROUP_INTERVALS = "separate fits of the groups"
    RESIDUALS = "residuals"
    INFLUENCE = "influence"
    TRACE = "fit trace"
    PROFILE_OUTLINE = "list of parameters"
    PROFILE = "profile"
    ORIGIN = "lines and their origin"
    ORIGIN_CRITERION = "criterion at other origins"
    EQUATION = "equation"
    COMPARISON = "comparison"
    SIMULATION = "simulated tests"
    ADVICE = "advice on simpler models"
    STARTS = "fit from other starts"


@dataclass(frozen=True, eq=False, slots=True)
class ShrinkageContent:
    """Everything on the shrinkage page; tuples by term."""

    shrinkage: tuple[ShrinkageFigure, ...]
    caterpillars: tuple[CaterpillarFigure, ...]
    covariance: tuple[CovarianceFigure, ...]
    variance: VarianceFigure


@dataclass(frozen=True, slots=True)
class EquationContent:
    """The equation, piece by piece beside the formula, and the same model as (program, code) pairs."""

    equation: EquationFigure
    rows: tuple[EquationRow, ...]
    codes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False, slots=True)
class Comparison:
    """Fits to compare, with their ids, and for each the table it is refitted to by ML, None if it is gone."""

    fits: tuple[tuple[int, Fit], ...]
    tables: tuple[Table | None, ...]


def _summary(fit: Fit) -> SummaryFigure:
    from mmgui.figures.fixed import fixed_figure
    from mmgui.figures.summary import summary_figure

    return summary_figure(fit, fixed_figure(fit, None))


def _inference(fit: Fit) -> SummaryFigure:
    from mmgui.figures.fixed import fixed_figure
    from mmgui.figures.summary import summary_figure
    from mmgui.inference.degrees_of_freedom.satterthwaite import fixed_effect_tests

    tests = fixed_effect_tests(fit)
    return summary_figure(fit, fixed_figure(fit, tests), tests)


def _shrinkage(fit: Fit) -> ShrinkageContent:
    from mmgui.figures.covariance import covariance_figures
    from mmgui.figures.shrinkage import caterpillar_figure, shrinkage_figures
    from mmgui.figures.variance import variance_figure

    return ShrinkageContent(
        shrinkage_figures(fit),
        tuple(caterpillar_figure(fit, k) for k in range(len(fit.terms))),
        covariance_figures(fit),
        variance_figure(fit),
    )


def _covariance(fit: Fit) -> tuple[CovarianceFigure, ...]:
    from mmgui.figures.covariance import covariance_figures

    return covariance_figures(fit)


def _matrices(fit: Fit, choice: tuple[str, ...] = ()) -> MatricesFigure:
    from mmgui.figures.matrices import matrices_figure

    return matrices_figure(fit, choice)


def _variance_curve(fit: Fit) -> VarianceCurveFigure:
    from mmgui.figures.variance_curve import variance_curve_figure

    return variance_curve_figure(fit)


def _landscape(fit: Fit, choice: tuple[str, ...] = ()) -> LandscapeFigure:
    from mmgui.figures.landscape import landscape_figure

    return landscape_figure(fit, choice)


def _groups(fit: Fit) -> tuple[GroupsFigure, ...]:
    """One picture a grouping factor: the lines take every random effect in."""
    from mmgui.figures.groups import groups_figure

    return tuple(groups_figure(fit, k) for k in sorted(fit.design.first_terms.values()))


def _residuals(fit: Fit, table: Table | None, choice: tuple[str, ...]) -> ResidualsFigure:
    from mmgui.figures.residuals import residuals_view

    return residuals_view(fit, table, choice)


def _influence(
    fit: Fit, choice: tuple[str, ...], should_stop: Callable[[], bool], advance: Advancing
) -> InfluenceFigure:
    from mmgui.figures.influence import influence_figure

    return influence_figure(fit, choice[0] if choice else "", should_stop=should_stop, progress=advance)


def _group_intervals(fit: Fit) -> tuple[IntervalsFigure, ...]:
    from mmgui.figures.group_intervals import intervals_figure

    return tuple(intervals_figure(fit, k) for k in sorted(fit.design.first_terms.values()))


def _profile_outline(fit: Fit) -> ProfileOutline:
    from mmgui.figures.profile import profile_outline

    return profile_outline(fit)


def _profile(fit: Fit, should_stop: Callable[[], bool], advance: Advancing) -> ProfileFigure:
    from mmgui.figures.profile import profile_figure

    drawn: list[ProfileFigure] = []

    def tell(done: int, total: int) -> None:
        advance(done, total, "", drawn[-1] if drawn else None)

    return profile_figure(fit, should_stop=should_stop, progress=tell, partial=drawn.append)


def _origin(fit: Fit) -> OriginContent:
    from mmgui.figures.origin import origin_content

    return origin_content(fit)


def _origin_criterion(fit: Fit, should_stop: Callable[[], bool], advance: Advancing) -> object:
    from mmgui.figures.origin_criterion import origin_criteria

    return origin_criteria(fit, should_stop=should_stop, progress=lambda done, of: advance(done, of, ""))


def _advice(
    fit: Fit, table: Table | None, should_stop: Callable[[], bool], advance: Callable[[int, int, str], None]
) -> FitAdviceFigure:
    from mmgui.figures.simpler import fit_advice_figure

    return fit_advice_figure(fit, table, should_stop, lambda done, of: advance(done, of, ""))


def _starts(
    fit: Fit, should_stop: Callable[[], bool], advance: Callable[[int, int, str], None]
) -> OtherStartsFigure:
    from mmgui.figures.simpler import other_starts_figure

    return other_starts_figure(fit, should_stop, lambda done, of: advance(done, of, ""))


def _equation(fit: Fit, table: Table | None, _choice: tuple[str, ...]) -> EquationContent:
    from mmgui.figures.equation import equation_of
    from mmgui.figures.equation_table import model_rows
    from mmgui.report.code import codes_of, file_of

    design = fit.design
    rows = model_rows(design.spec, design.labelled.__contains__)
    return EquationContent(equation_of(design), rows, codes_of(design, file_of(table)))


def _trace(fit: Fit) -> TraceFigure:
    from mmgui.figures.trace import fit_trace

    return fit_trace(fit)


BUILDERS: Mapping[Part, Callable[[Fit], object]] = {
    Part.SUMMARY: _summary,
    Part.INFERENCE: _inference,
    Part.SHRINKAGE: _shrinkage,
    Part.COVARIANCE: _covariance,
    Part.MATRICES: _matrices,
    Part.VARIANCE_CURVE: _variance_curve,
    Part.LANDSCAPE: _landscape,
    Part.GROUPS: _groups,
    Part.GROUP_INTERVALS: _group_intervals,
    Part.TRACE: _trace,
    Part.PROFILE_OUTLINE: _profile_outline,
    Part.ORIGIN: _origin,
}

LongBuilder = Callable[["Fit", Callable[[], bool], Advancing], object]
LONG_BUILDERS: Mapping[Part, LongBuilder] = {
    Part.PROFILE: _profile,
    Part.STARTS: _starts,
    Part.ORIGIN_CRITERION: _origin_criterion,
}
"""What can take long: it is told whether to stop, and tells how many pieces are done, of how many, and
what is under way where it is one thing."""


TabledBuilder = Callable[["Fit", "Table | None", Callable[[], bool], Callable[[int, int, str], None]], object]
TABLED_BUILDERS: Mapping[Part, TabledBuilder] = {Part.ADVICE: _advice}
"""What fits other models to the same table."""

REFITS = frozenset({Part.ADVICE, Part.STARTS, Part.ORIGIN_CRITERION})
"""What refits the model: neither the other pages nor a profile under way wait for it."""

ChosenTabledBuilder = Callable[["Fit", "Table | None", tuple[str, ...]], object]
CHOSEN_TABLED: Mapping[Part, ChosenTabledBuilder] = {
    Part.EQUATION: _equation,
    Part.RESIDUALS: _residuals,
}
"""What the person chooses, and what reads more of the table than the model does."""

ChosenLongBuilder = Callable[["Fit", tuple[str, ...], Callable[[], bool], Advancing], object]
CHOSEN_LONG: Mapping[Part, ChosenLongBuilder] = {Part.INFLUENCE: _influence}
"""What can take long, of what the person chose; tells of what is done as it comes."""

# Parts that leave the person a choice: names of what to show.
CHOSEN: Mapping[Part, Callable[[Fit, tuple[str, ...]], object]] = {
    Part.LANDSCAPE: _landscape,
    Part.MATRICES: _matrices,
}


def build_comparison(wish: Comparison) -> CompareFigure:
    """Columns on common scales and the tests; REML fits with different fixed effects are refitted by ML."""
    from mmgui.figures.compare import compare_figure
    from mmgui.figures.fixed import fixed_figure
    from mmgui.inference.comparison.lrt import compare
    from mmgui.inference.degrees_of_freedom.satterthwaite import fixed_effect_tests

    fits = [f for _, f in wish.fits]
    fixed = [fixed_figure(f, fixed_effect_tests(f)) for f in fits]
    return compare_figure(wish.fits, compare(fits, comparison_refit(wish)), fixed)


def comparison_refit(wish: Comparison) -> Callable[[ModelSpec], Fit]:
    """Fits models of a comparison anew, each once, to the table that has the columns it was fitted to."""
    from mmgui.engine.fit import FitJob, fit

    known: dict[ModelSpec, Fit] = {}
    specs = (replace(f.design.spec, reml=False) for _, f in wish.fits)
    tables = {spec: table for spec, table in zip(specs, wish.tables, strict=True) if table is not None}

    def refit(spec: ModelSpec) -> Fit:
        table = tables.get(replace(spec, reml=False))
        if table is None:
            raise FitError("other_data", "The data changed since these models were fitted. Fit them again.")
        if spec not in known:
            known[spec] = fit(FitJob(spec, table))
        return known[spec]

    return refit
