"""What ``mmgui.fit`` and ``mmgui.compare`` return: fits and comparisons with their inference at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

from numpy.typing import ArrayLike

from mmgui.data.table import Table
from mmgui.engine.result import Fit
from mmgui.errors import ModelError, Where
from mmgui.inference.intervals import Intervals, intervals
from mmgui.inference.lrt import Comparison, NestedTest, Refused, compare
from mmgui.inference.satterthwaite import FixedEffectTests, fixed_effect_tests
from mmgui.payload import Payload, comparison_payload, fit_payload
from mmgui.printed import comparison_text, summary_text
from mmgui.request import requested
from mmgui.spec.model import ModelSpec


@dataclass(frozen=True, eq=False, repr=False)
class FittedModel(Fit):
    """A fitted model with the table it was fitted to.

    Besides the results themselves (:class:`mmgui.engine.result.Fit`), ``print(model)`` reads like lme4's
    summary, and ``model.to_dict()`` is the object that ``mmgui fit --json`` prints.
    """

    table: Table = field(kw_only=True)

    @cached_property
    def tests(self) -> FixedEffectTests:
        """Tests of the fixed effects with Satterthwaite's degrees of freedom."""
        return fixed_effect_tests(self)

    def fixed_tests(self, method: str = "satterthwaite") -> FixedEffectTests:
        """Tests of the fixed effects: ``"satterthwaite"``, ``"kenward-roger"`` or ``"none"``."""
        return self.tests if method == "satterthwaite" else fixed_effect_tests(self, method)

    def confidence_intervals(self, method: str = "wald", level: float = 0.95) -> Intervals:
        """Intervals: ``"wald"`` of the fixed effects, ``"profile"`` of everything."""
        return intervals(self, method, level)

    def refit(self, *, reml: bool) -> FittedModel:
        """The same model by REML or by maximum likelihood."""
        return fit_spec(replace(self.design.spec, reml=reml), self.table)

    def to_dict(self, df: str = "satterthwaite", ci: str = "wald", *, ranef: bool = False) -> Payload:
        """The fit as the command line's JSON has it."""
        return fit_payload(self, self.fixed_tests(df), intervals(self, ci), ranef=ranef)

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
        return comparison_payload([m.to_dict() for m in self.models], self.comparison)

    def __str__(self) -> str:
        return comparison_text(self.models, self.comparison)

    def __repr__(self) -> str:
        return f"<ModelComparison of {len(self.models)} models, {len(self.tests)} tests>"


def fit_spec(spec: ModelSpec, table: Table) -> FittedModel:
    """Fit a specification to a table."""
    from mmgui.engine.fit import FitJob, fit

    result = fit(FitJob(spec, table))
    return FittedModel(**{f.name: getattr(result, f.name) for f in fields(Fit)}, table=table)


def fit_model(
    formula: str,
    data: Any,
    *,
    reml: bool = True,
    weights: str | ArrayLike | None = None,
    contrasts: Mapping[str, str] | None = None,
    reference: Mapping[str, str] | None = None,
) -> FittedModel:
    """What :func:`mmgui.fit` does."""
    return fit_spec(
        *requested(formula, data, reml=reml, weights=weights, contrasts=contrasts, reference=reference)
    )


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
