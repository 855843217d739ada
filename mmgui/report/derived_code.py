"""Derived columns as other programs make them, before the model that reads them is fitted."""

from __future__ import annotations

from collections.abc import Sequence

from mmgui.report.names import julia_string, one_line, string
from mmgui.spec.derived import Derivation, DerivedColumn
from mmgui.spec.expression import quote


def r_columns(derived: Sequence[DerivedColumn]) -> list[str]:
    """Statements of R that make the columns in the data frame ``d``."""
    return [line for one in derived for line in _r(one)]


def _r(one: DerivedColumn) -> list[str]:
    new, x, *by = (f"d${quote(name)}" for name in (one.name, *one.reads))
    mean = f"mean({x}, na.rm = TRUE)"
    match one.derivation:
        case Derivation.CENTER if not by:
            return [f"{new} <- {x} - {mean}"]
        case Derivation.CENTER | Derivation.MEAN:
            # ave() would take a row without a group for a group of its own.
            groups = by[0] if len(by) == 1 else f"interaction({', '.join(by)}, drop = TRUE)"
            lines = [f"g <- {groups}"]
            lines.append(f"{new} <- as.vector(tapply({x}, g, mean, na.rm = TRUE)[as.character(g)])")
            centred = one.derivation is Derivation.CENTER
            return [*lines, f"{new} <- {x} - {new}" if centred else f"{new}[is.na({x})] <- NA"]
        case Derivation.SCALE:
            return [f"{new} <- ({x} - {mean}) / sd({x}, na.rm = TRUE)"]
        case Derivation.LOG:
            return [f"{new} <- log({x})"]
        case Derivation.SQUARE:
            return [f"{new} <- {x}^2"]
        case Derivation.SHIFT:
            return [f"{new} <- {x} - ({one.constant!r})"]
        case Derivation.COMBINE:
            return [f'{new} <- interaction({", ".join((x, *by))}, sep = ":", drop = TRUE)']


def julia_columns(derived: Sequence[DerivedColumn]) -> list[str]:
    """Statements of Julia that make the columns in the data frame ``d``."""
    lines = [_julia(one) for one in derived]
    means = any(one.derivation in (Derivation.CENTER, Derivation.MEAN, Derivation.SCALE) for one in derived)
    return ["using Statistics", *lines] if means else lines


def _julia(one: DerivedColumn) -> str:
    new, x, *by = (f"d[!, {julia_string(name)}]" for name in (one.name, *one.reads))
    mean = "mean(skipmissing(x))"
    source, result = julia_string(one.column), julia_string(one.name)
    groups = f"groupby(d, [{', '.join(map(julia_string, one.by))}])"
    match one.derivation:
        case Derivation.CENTER if not by:
            return f"{new} = {x} .- mean(skipmissing({x}))"
        case Derivation.CENTER:
            return f"transform!({groups}, {source} => (x -> x .- {mean}) => {result})"
        case Derivation.MEAN:
            return f"transform!({groups}, {source} => (x -> ifelse.(ismissing.(x), x, {mean})) => {result})"
        case Derivation.SCALE:
            return f"{new} = ({x} .- mean(skipmissing({x}))) ./ std(skipmissing({x}))"
        case Derivation.LOG:
            return f"{new} = log.({x})"
        case Derivation.SQUARE:
            return f"{new} = {x} .^ 2"
        case Derivation.SHIFT:
            return f"{new} = {x} .- ({one.constant!r})"
        case Derivation.COMBINE:
            labels = ', ":", '.join((x, *by))
            return f"{new} = passmissing(string).({labels})"


def pandas_columns(derived: Sequence[DerivedColumn]) -> list[str]:
    """Statements of pandas that make the columns in the data frame ``d``."""
    return [_pandas(one) for one in derived]


def _pandas(one: DerivedColumn) -> str:
    new, x, *by = (f"d[{string(name)}]" for name in (one.name, *one.reads))
    means = f'd.groupby([{", ".join(map(string, one.by))}])[{string(one.column)}].transform("mean")'
    match one.derivation:
        case Derivation.CENTER:
            return f"{new} = {x} - {means if by else f'{x}.mean()'}"
        case Derivation.MEAN:
            return f"{new} = {means}.where({x}.notna())"
        case Derivation.SCALE:
            return f"{new} = ({x} - {x}.mean()) / {x}.std()"
        case Derivation.LOG:
            return f"{new} = np.log({x})"
        case Derivation.SQUARE:
            return f"{new} = {x} ** 2"
        case Derivation.SHIFT:
            return f"{new} = {x} - ({one.constant!r})"
        case Derivation.COMBINE:
            labels = ' + ":" + '.join(f"{column}.astype(str)" for column in (x, *by))
            known = f"d[[{', '.join(map(string, one.reads))}]].notna().all(axis=1)"
            return f"{new} = ({labels}).where({known})"


def comments(derived: Sequence[DerivedColumn]) -> list[str]:
    """Comments that say how the columns are made, for programs that make none."""
    return [f"# {one_line(one.name)} = {one_line(one.definition)}: {one_line(one.words)}" for one in derived]
