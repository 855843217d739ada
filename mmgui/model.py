"""What ``mmgui.fit`` and ``mmgui.compare`` return: fits and comparisons with their inference at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from mmgui.data.table import Table
from mmgui.engine.result import Fit
from mmgui.errors import ModelError, Where
from mmgui.inference.comparison.lrt import Comparison, NestedTest, Refused, compare
from mmgui.inference.degrees_of_freedom.satterthwaite import FixedEffectTests, fixed_effect_tests
from mmgui.inference.intervals import Intervals, intervals, profile_intervals
from mmgui.payload import Payload, comparison_payload, fit_payload
from mmgui.printed import comparison_text, summary_text
from mmgui.request import as_table
from mmgui.spec.model import ModelSpec

if TYPE_CHECKING:
    from mmgui.engine.design import FloatArray
    from mmgui.inference.comparison.exact_rlrt import ExactTest
    from mmgui.inference.comparison.ranova import RandomEffectTests
    from mmgui.inference.degrees_of_freedom.approximation import Approximation
    from mmgui.inference.fixed_effects.contrasts import Contrast, JointTest, Weights
    from mmgui.inference.fixed_effects.marginal_means import MarginalMeans
    from mmgui.inference.fixed_effects.term_tests import TermTests
    from mmgui.inference.identifiability.certificate import Identifiability
    from mmgui.inference.profile.curves import ProfileCurve
    from mmgui.inference.refits.deletion import Deletions
    from mmgui.inference.rows.influence import RowInfluence
    from mmgui.inference.rows.prediction import Prediction
    from mmgui.inference.rows.residuals import Residuals
    from mmgui.inference.simulation.bootstrap import Bootstrap
    from mmgui.inference.variance.explained import Explained, GroupCovariance
    from mmgui.inference.variance.icc_curve import IccCurve
    from mmgui.inference.variance.principal_components import PrincipalComponents


@dataclass(frozen=True, eq=False, repr=False)
class FittedModel(Fit):
    """A fitted model with the table it was fitted to.

    Besides the results themselves (:class:`mmgui.engine.result.Fit`), ``print(model)`` reads like lme4's
    summary, and ``model.to_dict()`` is the object that ``mmgui fit --json`` prints.
    """

    table: Table = field(kw_only=True)

    @cached_property
    def _tests(self) -> dict[str, FixedEffectTests]:
        """Tests of the fixed effects that were asked for, by method."""
        return {}

    @cached_property
    def _approximations(self) -> dict[str, Approximation]:
        """What tests of any combination of the fixed effects rest on, by method."""
        return {}

    @property
    def tests(self) -> FixedEffectTests:
        """Tests of the fixed effects with Satterthwaite's degrees of freedom."""
        return self.fixed_tests()

    def fixed_tests(self, method: str = "satterthwaite") -> FixedEffectTests:
        """Tests of the fixed effects: ``"satterthwaite"``, ``"kenward-roger"`` or ``"none"``."""
        if method not in self._tests:
            self._tests[method] = fixed_effect_tests(self, method)
        return self._tests[method]

    def _approximation(self, method: str) -> Approximation:
        from mmgui.inference.degrees_of_freedom.approximation import approximation

        if method not in self._approximations:
            self._approximations[method] = approximation(self, method)
        return self._approximations[method]

    def anova(self, type: str = "III", method: str = "satterthwaite") -> TermTests:  # noqa: A002
        """F tests of the fixed terms, of type I, II or III."""
        from mmgui.inference.fixed_effects.term_tests import term_tests

        return term_tests(self, type, self._approximation(method))

    def contrast(
        self, what: str | Weights, method: str = "satterthwaite", level: float = 0.95, null: float = 0.0
    ) -> Contrast:
        """A contrast by name, ``"Machine : 1*A -1*B"``, or by the weights of the fixed effects.

        See :func:`mmgui.inference.fixed_effects.named_contrasts.named_contrast` and
        :func:`mmgui.inference.fixed_effects.contrasts.contrast`.
        """
        from mmgui.inference.fixed_effects.contrasts import contrast
        from mmgui.inference.fixed_effects.named_contrasts import named_contrast

        by = self._approximation(method)
        if isinstance(what, str):
            return named_contrast(self, what, by, level, null)
        return contrast(self, what, by, level, null)

    def joint_test(self, what: str | Sequence[Weights], method: str = "satterthwaite") -> JointTest:
        """Several contrasts at once, by names (joined by ``&``) or by weights."""
        from mmgui.inference.fixed_effects.contrasts import joint_test
        from mmgui.inference.fixed_effects.named_contrasts import named_joint_test

        by = self._approximation(method)
        if isinstance(what, str):
            return named_joint_test(self, what, by)
        return joint_test(self, what, by)

    def means(
        self, factors: str | Sequence[str], *, method: str = "satterthwaite", **choices: Any
    ) -> MarginalMeans:
        """Marginal means; see :func:`mmgui.inference.fixed_effects.marginal_means.marginal_means`."""
        from mmgui.inference.fixed_effects.marginal_means import marginal_means

        by = self._approximation(method)
        return marginal_means(self, factors, method=by, table=self.table, **choices)

    def slopes(self, variable: str, *, method: str = "satterthwaite", **choices: Any) -> MarginalMeans:
        """Slopes in a quantity; see :func:`mmgui.inference.fixed_effects.marginal_means.slopes`."""
        from mmgui.inference.fixed_effects.marginal_means import slopes

        by = self._approximation(method)
        return slopes(self, variable, method=by, table=self.table, **choices)

    def confidence_intervals(
        self,
        method: str = "wald",
        level: float = 0.95,
        *,
        count: int = 1000,
        seed: int | None = None,
        df: str = "satterthwaite",
    ) -> Intervals:
        """Intervals: ``"wald"`` of the fixed effects (by t with ``df``), or of everything by ``"profile"``,
        ``"percentile"`` or ``"basic"``, the last two from ``count`` bootstrap refits.
        """
        if method == "profile":
            return profile_intervals(self, self.profile(level=level), level)
        if method in ("percentile", "basic"):
            return self.bootstrap(count, seed).intervals(level, method)
        return intervals(self, method, level, self.fixed_tests(df) if method == "wald" else None)

    def profile(self, level: float = 0.95, **work: Any) -> tuple[ProfileCurve, ...]:
        """Profile likelihood of every parameter; see :func:`mmgui.inference.profile.parallel.profile_all`."""
        from mmgui.inference.profile.parallel import profile_all

        return profile_all(self, level=level, **work)

    def bootstrap(self, count: int = 1000, seed: int | None = None, **work: Any) -> Bootstrap:
        """Refits to simulated responses; see :func:`mmgui.inference.simulation.bootstrap.bootstrap`."""
        from mmgui.inference.simulation.bootstrap import bootstrap

        return bootstrap(self, count, seed, **work)

    def exact_test(self, smaller: FittedModel, count: int = 10_000, seed: int | None = None) -> ExactTest:
        """The exact test of the one variance that ``smaller`` has not.

        See :func:`mmgui.inference.comparison.exact_rlrt.exact_lrt`.
        """
        from mmgui.inference.comparison.exact_rlrt import exact_lrt

        return exact_lrt(smaller, self, count, seed)

    def random_tests(self) -> RandomEffectTests:
        """Tests that drop one random effect at a time, as ``ranova``."""
        from mmgui.inference.comparison.ranova import random_effect_tests

        return random_effect_tests(self, lambda spec: fit_spec(spec, self.table))

    def predict(self, data: Any = None, **choices: Any) -> Prediction:
        """Predictions of the rows fitted or of ``data``: :func:`mmgui.inference.rows.prediction.predict`."""
        from mmgui.inference.rows.prediction import predict

        return predict(self, self._new_rows(data), **choices)

    def _new_rows(self, data: Any) -> Table | None:
        """New rows with the derived columns that the model reads; None for the rows fitted."""
        if data is None:
            return None
        from mmgui.data.derive_new import derived_like

        return derived_like(as_table(data), self.table, self.design.derived)

    def simulate(
        self,
        count: int = 1,
        seed: int | None = None,
        groups: Literal["new", "kept"] = "new",
        data: Any = None,
    ) -> FloatArray:
        """(count, n) responses drawn from it: :func:`mmgui.inference.simulation.responses.simulate`."""
        from mmgui.inference.simulation.responses import simulate

        return simulate(self, count, seed, groups=groups, table=self._new_rows(data))

    def residuals(self) -> Residuals:
        """Residuals of every kind; see :class:`mmgui.inference.rows.residuals.Residuals`."""
        from mmgui.inference.rows.residuals import residuals

        return residuals(self)

    def scaled_residuals(self) -> FloatArray:
        """(n,) residuals decorrelated by the response's covariance."""
        from mmgui.inference.rows.scaled_residuals import scaled_residuals

        return scaled_residuals(self)

    def influence(self) -> RowInfluence:
        """Leverage and Cook's distance of every row."""
        from mmgui.inference.rows.influence import row_influence

        return row_influence(self)

    def without(self, grouping: str, levels: Sequence[str] | None = None, **work: Any) -> Deletions:
        """Every estimate without each group; see :func:`mmgui.inference.refits.deletion.delete_groups`."""
        from mmgui.inference.refits.deletion import delete_groups

        return delete_groups(self, grouping, levels, **work)

    def without_rows(self, rows: Sequence[int], **work: Any) -> Deletions:
        """Every estimate without each of these rows, counted from 0 among those used."""
        from mmgui.inference.refits.deletion import delete_rows

        return delete_rows(self, rows, **work)

    def group_covariance(self, grouping: str, level: str) -> GroupCovariance:
        """The covariance that the model gives the rows of one group."""
        from mmgui.inference.variance.explained import group_covariance

        return group_covariance(self, grouping, level)

    def explained(self) -> Explained:
        """R² and ICC."""
        from mmgui.inference.variance.explained import explained

        return explained(self)

    def icc_curve(self, variable: str, term: int = 0, at: Sequence[float] | None = None) -> IccCurve:
        """The variance between groups along a predictor that has random slopes."""
        from mmgui.inference.variance.icc_curve import icc_curve

        return icc_curve(self, term, variable, at)

    def identifiability(self) -> Identifiability:
        """Whether the variances and covariances can be told apart on these rows."""
        from mmgui.inference.identifiability.certificate import identifiability

        return identifiability(self.design)

    def principal_components(self) -> tuple[PrincipalComponents, ...]:
        """Principal components of the random effects, by covariances and by correlations."""
        from mmgui.inference.variance.principal_components import principal_components

        return principal_components(self)

    def refit(self, *, reml: bool) -> FittedModel:
        """The same model by REML or by maximum likelihood."""
        return fit_spec(replace(self.design.spec, reml=reml), self.table)

    def to_dict(self, df: str = "satterthwaite", ci: str = "wald", *, ranef: bool = False) -> Payload:
        """The fit as the command line's JSON has it."""
        limits = self.confidence_intervals(ci, df=df)
        return fit_payload(self, self.fixed_tests(df), limits, ranef=ranef)

    def __str__(self) -> str:
        return summary_text(self, self.tests, data=self.table.name)

    def __repr__(self) -> str:
        return f"<FittedModel {self.formula!r} by {'REML' if self.reml else 'ML'}, {self.nobs} rows>"


@dataclass(frozen=True, eq=False, repr=False)
class ModelComparison:
    """Models side by side with the tests between them.

    Attributes
    ----------
    models
        As given.
    tests, refused
        The nested pairs, and the pairs that are no valid test with the reason.
    """

    models: tuple[FittedModel, ...]
    comparison: Comparison

    @property
    def tests(self) -> tuple[NestedTest, ...]:
        """One test per nested pair."""
        return self.comparison.tests

    @property
    def refused(self) -> tuple[Refused, ...]:
        """Pairs without a valid test."""
        return self.comparison.refused

    def to_dict(self) -> Payload:
        """The comparison as the command line's JSON has it."""
        from mmgui.advice import advise_comparison

        findings = advise_comparison(self.models, self.comparison)
        return comparison_payload([m.to_dict() for m in self.models], self.comparison, findings)

    def __str__(self) -> str:
        return comparison_text(self.models, self.comparison)

    def __repr__(self) -> str:
        return f"<ModelComparison of {len(self.models)} models, {len(self.tests)} tests>"


def fit_spec(spec: ModelSpec, table: Table) -> FittedModel:
    """Fit a specification to a table."""
    from mmgui.engine.fit import FitJob, fit

    result = fit(FitJob(spec, table))
    return FittedModel(**{f.name: getattr(result, f.name) for f in fields(Fit)}, table=table)


def compare_models(models: Sequence[FittedModel]) -> ModelComparison:
    """What :func:`mmgui.compare` does."""
    if len(models) < 2:
        raise ModelError("too_few_models", "A comparison needs at least two fitted models.", Where("fit"))
    for model in models:
        if not isinstance(model, FittedModel):
            kind = type(model).__name__
            raise ModelError(
                "not_a_fit", f"A {kind} cannot be compared; give results of mmgui.fit.", Where("fit")
            )
    table = models[0].table

    def refit(spec: ModelSpec) -> Fit:
        return fit_spec(spec, table)

    return ModelComparison(tuple(models), compare(models, refit))
