"""The same model as calls of other programs."""

from __future__ import annotations

from mmgui.spec.expression import Expression, Name, quote, show
from mmgui.spec.formula import print_model, print_random
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, RandomTerm, Term

FILE = "table.csv"

_NEEDS_LME4_2 = frozenset(Covariance) - {Covariance.UNSTRUCTURED, Covariance.DIAGONAL}


def lme4_code(spec: ModelSpec, file: str = FILE) -> str:
    """The call of R's lme4 that fits the model; covariance structures need lme4 2.0."""
    weights = f", weights = {quote(spec.weights)}" if spec.weights else ""
    reml = "TRUE" if spec.reml else "FALSE"
    library = "library(lme4)"
    if any(term.covariance in _NEEDS_LME4_2 for term in spec.random):
        library += "  # 2.0 or later, for the covariance structure"
    return (
        f"{library}\n"
        f"d <- read.csv({_string(file)}, stringsAsFactors = TRUE, check.names = FALSE)\n"
        f"m <- lmer({print_model(spec)}, data = d, REML = {reml}{weights})\n"
        "summary(m)"
    )


def julia_code(spec: ModelSpec, file: str = FILE) -> str:
    """The call of Julia's MixedModels.jl that fits the model."""
    fixed = ["1" if spec.intercept else "0", *(_julia_term(t) for t in spec.fixed)]
    random = [_julia_random(term) for term in spec.random]
    response = _julia_expression(spec.response) if spec.response is not None else ""
    missing = [term for term in spec.random if term.covariance.patterned]
    if missing:
        names = ", ".join(print_random(term) for term in missing)
        return f"# MixedModels.jl has no covariance structure such as {names}"
    weights = f", weights = d.{_julia_name(spec.weights)}" if spec.weights else ""
    return (
        "using CSV, DataFrames, MixedModels\n"
        f"d = CSV.read({_string(file)}, DataFrame)\n"
        f"m = fit(MixedModel, @formula({response} ~ {' + '.join([*fixed, *random])}), d; "
        f"REML = {str(spec.reml).lower()}{weights})"
    )


def _julia_random(term: RandomTerm) -> str:
    effects = " + ".join(["1" if term.intercept else "0", *(_julia_term(s) for s in term.slopes)])
    grouping = " & ".join(_julia_name(c) for c in term.grouping.columns)
    inside = f"({effects} | {grouping})"
    # zerocorr separates the columns of a factor too, which || does not.
    separate = (Covariance.DIAGONAL, Covariance.INDEPENDENT)
    return f"zerocorr({inside[1:-1]})" if term.covariance in separate else inside


def _julia_term(term: Term) -> str:
    return " & ".join(_julia_expression(f) for f in term.factors)


def _julia_expression(expression: Expression) -> str:
    if isinstance(expression, Name):
        return _julia_name(expression.name)
    text = show(expression)
    # A formula of Julia takes arithmetic as it stands.
    return text[2:-1] if text.startswith("I(") else text


def _julia_name(column: str) -> str:
    return column if column.isidentifier() else f"var{_string(column)}"


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def mmgui_code(spec: ModelSpec, file: str = FILE) -> str:
    """The call of mmgui's Python API that fits the model."""
    weights = f", weights={spec.weights!r}" if spec.weights else ""
    call = f"mmgui.fit({print_model(spec)!r}, {_string(file)}, reml={spec.reml}{weights})"
    return f"import mmgui\n\nm = {call}\nprint(m)"
