"""mmgui: build, fit and see linear mixed-effects models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

    from mmgui.model import FittedModel, ModelComparison

__all__ = ["__version__", "compare", "fit"]

__version__ = "0.1.0"


def fit(
    formula: str,
    data: Any,
    reml: bool = True,
    weights: str | ArrayLike | None = None,
    *,
    contrasts: Mapping[str, str] | None = None,
    reference: Mapping[str, str] | None = None,
    types: Mapping[str, str] | None = None,
    derive: Mapping[str, str] | None = None,
) -> FittedModel:
    """Fit a linear mixed-effects model.

    Parameters
    ----------
    formula
        In lme4's language: ``"Reaction ~ Days + (Days | Subject)"``.
    data
        A pandas DataFrame, a mapping from names to arrays, the path of a file, a sample's name
        (``"sleepstudy"``), or a :class:`mmgui.data.table.Table`.
    reml
        True for restricted maximum likelihood, False for maximum likelihood.
    weights
        Prior weights: a column's name, or one positive number per row.
    contrasts, reference
        Contrasts of factors by column, ``"treatment"`` (the default), ``"sum"``, ``"helmert"`` or
        ``"polynomial"``; and reference levels, in place of the first.
    types
        ``"number"``, ``"category"`` or ``"id"`` for columns that the import takes for something else.
    derive
        Columns to make before the model is read: ``{"x_within": "center(x, Subject)"}``; also ``mean(x, g)``,
        ``scale(x)``, ``log(x)``, ``square(x)``, ``combine(a, b)``.

    Returns
    -------
    FittedModel
        ``print(model)`` reads like lme4's summary; ``model.to_dict()`` is what ``mmgui fit --json`` prints.

    Raises
    ------
    mmgui.errors.MmguiError
        With one sentence that says what is wrong and what to do.
    """
    from mmgui.model import fit_spec
    from mmgui.request import requested

    choices = {"contrasts": contrasts, "reference": reference, "types": types, "derive": derive}
    spec, table = requested(formula, data, reml=reml, weights=weights, **choices)
    return fit_spec(spec, table)


def compare(*models: FittedModel) -> ModelComparison:
    """Compare fitted models of one table: likelihood-ratio tests of every nested pair.

    REML fits whose fixed effects differ are refitted by maximum likelihood for their test. Where
    variances are added, the p-value comes from the mixture of χ² distributions of the boundary.
    """
    from mmgui.model import compare_models

    return compare_models(models)
