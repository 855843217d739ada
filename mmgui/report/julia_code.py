"""The call of Julia's MixedModels.jl that fits a model, where it can express it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from mmgui.data.table import TextFile
from mmgui.report.derived_code import julia_columns
from mmgui.report.names import julia_string, one_line, string
from mmgui.report.table_file import julia_read
from mmgui.spec.coding import Contrast, coded_column
from mmgui.spec.derived import DerivedColumn
from mmgui.spec.expression import Binary, Call, Expression, Name, Negate, calls_of, columns_of, show
from mmgui.spec.formula import print_random
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, RandomTerm, Term

_CONTRASTS = {
    Contrast.TREATMENT: "DummyCoding",
    Contrast.SUM: "EffectsCoding",
    Contrast.HELMERT: "HelmertCoding",
}
_FUNCTIONS = frozenset({"log", "log2", "log10", "log1p", "exp", "sqrt", "abs"})


def julia_code(
    spec: ModelSpec,
    file: str | TextFile,
    numbered: Collection[str] = (),
    derived: Sequence[DerivedColumn] = (),
) -> str:
    """The call of MixedModels.jl; a sentence where it cannot express the model.

    Parameters
    ----------
    spec
        The model.
    file
        The table's file.
    numbered
        The factors whose labels are numbers, which Julia would take for quantities.
    derived
        Columns to be made first.
    """
    reason = next(_reasons(spec), "")
    if reason:
        return f"# MixedModels.jl has {one_line(reason)}"
    fixed = ["1" if spec.intercept else "0", *map(_term, spec.fixed)]
    random = [_random(term) for term in spec.random]
    response = _expression(spec.response) if spec.response is not None else ""
    weights = f", weights = d.{_name(spec.weights)}" if spec.weights else ""
    without = [c.column for c in spec.codings if c.contrast not in _CONTRASTS]
    note = (
        f"# StatsModels.jl has no polynomial contrasts: {one_line(', '.join(without))}\n" if without else ""
    )
    before = "".join(f"{line}\n" for line in julia_columns(derived))
    return (
        f"{note}using CSV, DataFrames, MixedModels\n"
        f"d = {julia_read(file)}\n"
        f"{before}"
        f"m = fit(MixedModel, @formula({response} ~ {' + '.join([*fixed, *random])}), d; "
        f"REML = {str(spec.reml).lower()}{weights}{_contrasts(spec, numbered)})"
    )


def _reasons(spec: ModelSpec) -> Iterator[str]:
    """What it does not have, as an end of a sentence."""
    if not any(term.has_effects for term in spec.random):
        yield "no models without random effects; lm of GLM.jl fits such"
    missing = [term for term in spec.random if term.covariance.patterned]
    if missing:
        yield f"no covariance structure such as {', '.join(print_random(term) for term in missing)}"
    if spec.offset:
        yield "no offset; take it off the response first"
    whole = [f for effect in spec.effects() for f in effect.factors]
    made = {coded_column(f) for f in whole if _is_factor(f)}
    for expression in [*whole, *([] if spec.response is None else [spec.response])]:
        lacking = (call for call in calls_of(expression) if not _has_counterpart(call))
        yield from (f"no {show(call)}; make the columns first" for call in lacking)
        if not _is_factor(expression):
            both = next((c for c in columns_of(expression) if c in made), None)
            if both is not None:
                yield f"no factor({both}) beside the numbers of {both}; make a column of labels first"


def _has_counterpart(call: Call) -> bool:
    """Whether Julia has what a call says."""
    plain = call.function in _FUNCTIONS and len(call.arguments) + len(call.keywords) == 1
    return plain or _is_factor(call) or call.function in ("I", "log")


def _is_factor(expression: Expression) -> bool:
    return isinstance(expression, Call) and expression.function == "factor"


def _contrasts(spec: ModelSpec, numbered: Collection[str]) -> str:
    named = {c.column for c in spec.codings}
    columns = dict.fromkeys(c for effect in spec.effects() for c in effect.columns())
    made = {coded_column(f) for effect in spec.effects() for f in effect.factors if _is_factor(f)}
    labelled = [c for c in columns if (c in numbered or c in made) and c not in named]
    coded = [f":{_name(c)} => DummyCoding()" for c in labelled]
    for coding in spec.codings:
        kind = _CONTRASTS.get(coding.contrast)
        if kind is None:
            continue
        base = "" if coding.reference is None else f"base = {julia_string(coding.reference)}"
        coded.append(f":{_name(coding.column)} => {kind}({base})")
    return f", contrasts = Dict({', '.join(coded)})" if coded else ""


def _random(term: RandomTerm) -> str:
    effects = " + ".join(["1" if term.intercept else "0", *map(_term, term.slopes)])
    grouping = " & ".join(map(_name, term.grouping.columns))
    inside = f"{effects} | {grouping}"
    # zerocorr separates the columns of a factor too, which || does not.
    separate = term.covariance in (Covariance.DIAGONAL, Covariance.INDEPENDENT)
    return f"zerocorr({inside})" if separate else f"({inside})"


def _term(term: Term) -> str:
    return " & ".join(map(_expression, term.factors))


def _expression(expression: Expression) -> str:
    match expression:
        case Name(name):
            return _name(name)
        case Call("factor", (inner,), ()):
            return _expression(inner)
        case Call("I", (inner,), ()):
            # Outside of a call + and * would add terms.
            return f"protect({_bare(inner)})"
        case Call(function, arguments, keywords) if function in _FUNCTIONS:
            base = [*arguments[1:], *(value for _, value in keywords)]
            return f"{function}({', '.join([*map(show, base), _bare(arguments[0])])})"
        case _:
            return f"protect({_bare(expression)})"


def _bare(expression: Expression) -> str:
    """Arithmetic without parentheses around the whole."""
    text = _arithmetic(expression)
    return text[1:-1] if isinstance(expression, Binary | Negate) else text


def _arithmetic(expression: Expression) -> str:
    match expression:
        case Binary(operator, left, right):
            return f"({_arithmetic(left)} {operator} {_arithmetic(right)})"
        case Negate(operand):
            return f"(-{_arithmetic(operand)})"
        case Call("I", (inner,), ()):
            return _arithmetic(inner)
        case Name() | Call():
            return _expression(expression)
        case _:
            return show(expression)


def _name(column: str) -> str:
    return column if column.isidentifier() else f"var{string(column)}"
