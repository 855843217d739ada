"""The same model as calls of other programs."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mmgui.engine.design import Design
from mmgui.report.afni_code import afni_code
from mmgui.report.derived_code import julia_columns, r_columns
from mmgui.report.names import julia_string, string
from mmgui.report.statsmodels_code import statsmodels_code
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.derived import DerivedColumn
from mmgui.spec.expression import Expression, Name, quote, show
from mmgui.spec.formula import print_model, print_random
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, RandomTerm, Term

FILE = "table.csv"

_R_CONTRASTS = {
    Contrast.SUM: "contr.sum",
    Contrast.HELMERT: "contr.helmert",
    Contrast.POLYNOMIAL: "contr.poly",
}
_JULIA_CONTRASTS = {
    Contrast.TREATMENT: "DummyCoding",
    Contrast.SUM: "EffectsCoding",
    Contrast.HELMERT: "HelmertCoding",
}
_NEEDS_LME4_2 = frozenset(Covariance) - {Covariance.UNSTRUCTURED, Covariance.DIAGONAL}


def lme4_code(
    spec: ModelSpec, file: str = FILE, numbered: Collection[str] = (), derived: Sequence[DerivedColumn] = ()
) -> str:
    """The call of R's lme4 that fits the model; covariance structures need lme4 2.0.

    ``numbered`` are the factors whose labels are numbers, which R would take for quantities; ``derived`` are
    columns to be made first.
    """
    weights = f", weights = {quote(spec.weights)}" if spec.weights else ""
    reml = "TRUE" if spec.reml else "FALSE"
    library = "library(lme4)"
    if any(term.covariance in _NEEDS_LME4_2 for term in spec.random):
        library += "  # 2.0 or later, for the covariance structure"
    lines = r_columns(derived)
    lines += [f"d${quote(c)} <- factor(d${quote(c)})" for c in _of_effects(spec, numbered)]
    lines += [line for coding in spec.codings for line in _r_coding(coding)]
    before = "".join(f"{line}\n" for line in lines)
    return (
        f"{library}\n"
        f"d <- read.csv({string(file)}, stringsAsFactors = TRUE, check.names = FALSE)\n"
        f"{before}"
        f"m <- lmer({print_model(spec)}, data = d, REML = {reml}{weights})\n"
        "summary(m)"
    )


def _r_coding(coding: Coding) -> list[str]:
    """The statements that give a factor its contrasts; sum contrasts leave out R's last level."""
    column = f"d${quote(coding.column)}"
    lines = []
    if coding.reference is not None and coding.contrast is Contrast.TREATMENT:
        lines.append(f"{column} <- relevel({column}, {string(coding.reference)})")
    if coding.reference is not None and coding.contrast is Contrast.SUM:
        last = f"setdiff(levels({column}), {string(coding.reference)})"
        lines.append(f"{column} <- factor({column}, levels = c({last}, {string(coding.reference)}))")
    if coding.contrast is not Contrast.TREATMENT:
        lines.append(f"contrasts({column}) <- {_R_CONTRASTS[coding.contrast]}")
    return lines


def _of_effects(spec: ModelSpec, names: Collection[str]) -> list[str]:
    """Those of the columns that make effects; what only groups is a factor to every program."""
    used = dict.fromkeys(c for effect in spec.effects() for c in effect.columns())
    return [c for c in used if c in names]


def julia_code(
    spec: ModelSpec, file: str = FILE, numbered: Collection[str] = (), derived: Sequence[DerivedColumn] = ()
) -> str:
    """The call of Julia's MixedModels.jl that fits the model; ``numbered`` and ``derived`` as for lme4."""
    fixed = ["1" if spec.intercept else "0", *(_julia_term(t) for t in spec.fixed)]
    random = [_julia_random(term) for term in spec.random]
    response = _julia_expression(spec.response) if spec.response is not None else ""
    missing = [term for term in spec.random if term.covariance.patterned]
    if missing:
        names = ", ".join(print_random(term) for term in missing)
        return f"# MixedModels.jl has no covariance structure such as {names}"
    weights = f", weights = d.{_julia_name(spec.weights)}" if spec.weights else ""
    contrasts = _julia_contrasts(spec, _of_effects(spec, numbered))
    without = [c.column for c in spec.codings if c.contrast not in _JULIA_CONTRASTS]
    before = "".join(f"{line}\n" for line in julia_columns(derived))
    note = f"# StatsModels.jl has no polynomial contrasts: {', '.join(without)}\n" if without else ""
    return (
        f"{note}using CSV, DataFrames, MixedModels\n"
        f"d = CSV.read({julia_string(file)}, DataFrame)\n"
        f"{before}"
        f"m = fit(MixedModel, @formula({response} ~ {' + '.join([*fixed, *random])}), d; "
        f"REML = {str(spec.reml).lower()}{weights}{contrasts})"
    )


def _julia_contrasts(spec: ModelSpec, numbered: Collection[str]) -> str:
    named = {c.column for c in spec.codings}
    coded = [f":{_julia_name(c)} => DummyCoding()" for c in numbered if c not in named]
    for coding in spec.codings:
        kind = _JULIA_CONTRASTS.get(coding.contrast)
        if kind is None:
            continue
        base = "" if coding.reference is None else f"base = {julia_string(coding.reference)}"
        coded.append(f":{_julia_name(coding.column)} => {kind}({base})")
    return f", contrasts = Dict({', '.join(coded)})" if coded else ""


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
    return column if column.isidentifier() else f"var{string(column)}"


def mmgui_code(spec: ModelSpec, file: str = FILE, derived: Sequence[DerivedColumn] = ()) -> str:
    """The call of mmgui's Python API that fits the model, and makes derived columns before."""
    weights = f", weights={spec.weights!r}" if spec.weights else ""
    contrasts = {c.column: str(c.contrast) for c in spec.codings if c.contrast is not Contrast.TREATMENT}
    reference = {c.column: c.reference for c in spec.codings if c.reference is not None}
    options = f", contrasts={contrasts!r}" if contrasts else ""
    options += f", reference={reference!r}" if reference else ""
    definitions = {d.name: d.definition for d in derived}
    options += f", derive={definitions!r}" if derived else ""
    call = f"mmgui.fit({print_model(spec)!r}, {string(file)}, reml={spec.reml}{weights}{options})"
    return f"import mmgui\n\nm = {call}\nprint(m)"


def codes_of(design: Design, file: str = FILE) -> tuple[tuple[str, str], ...]:
    """(program, code) pairs for a model that was laid out on a table kept in ``file``."""
    spec, labelled, derived = design.spec, design.labelled, design.derived
    factors = {} if design.recipe is None else design.recipe.factors
    numbered = {column for column, levels in factors.items() if all(map(_is_number, levels))}
    incomplete = design.dropped_rows > 0
    return (
        ("lme4 (R)", lme4_code(spec, file, numbered, derived)),
        ("MixedModels.jl", julia_code(spec, file, numbered, derived)),
        ("statsmodels (Python)", statsmodels_code(spec, file, labelled, derived, incomplete=incomplete)),
        ("3dLMEr (AFNI)", afni_code(spec, labelled, derived)),
        ("mmgui (Python)", mmgui_code(spec, file, derived)),
    )


def _is_number(label: str) -> bool:
    try:
        float(label)
    except ValueError:
        return False
    return True
