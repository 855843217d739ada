"""X as a picture: the rows of the fixed-effects model matrix, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mmgui.advice.facts import DesignFacts
from mmgui.data.levels import number_label
from mmgui.data.table import Table
from mmgui.engine.build.matrix import ModelMatrix, model_matrix
from mmgui.engine.build.rank import dependencies, independent_columns
from mmgui.errors import ModelError
from mmgui.figures.tabular import FigureTable
from mmgui.spec.expression import show
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import INTERCEPT, Covariance, GroupingFactor, RandomTerm

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Manner = Literal["all", "distinct", "sample", "groups"]

FEW_ROWS = 40
"""Rows up to which every one is drawn where most of them differ."""

MOST_ROWS = 120
"""Rows of the picture at most."""

MOST_COLUMNS = 120
MOST_ENTRIES = 30_000_000
"""Entries of X (240 MB) up to which it is worked out for a picture."""


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """One column of X.

    Attributes
    ----------
    name
        As R names it: ``VarietyVictory``.
    term
        Label of the fixed effect that it belongs to, ``"1"`` for the intercept.
    short
        What tells it from the other columns of its term: ``Victory``; its name where it is the only one.
    reason
        Why the model leaves it out, empty for a column it keeps.
    """

    name: str
    term: str
    short: str
    reason: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class ModelMatrixFigure:
    """X, all of it or a part.

    Attributes
    ----------
    columns
        Its columns.
    values
        (m, p) the rows drawn.
    rows
        (m,) the row of the table each is, the first of those that read the same.
    counts
        (m,) how many rows used read the same; 1 except where ``manner`` is ``"distinct"``.
    labels
        What each row is, in the predictors' values: ``Victory · 0.2``.
    groups
        The group of each row where rows are drawn by group, else empty.
    predictors
        The columns of the table whose values the labels give.
    by
        What the groups are called.
    nrows
        Rows the model uses.
    manner
        Which rows are drawn: every one; one for each different row; evenly spaced ones in the order of the
        table; those of the first groups.
    problem
        Why X cannot be drawn, a sentence; there are no columns then.
    """

    columns: tuple[MatrixColumn, ...]
    values: FloatArray
    rows: IntArray
    counts: IntArray
    labels: tuple[str, ...]
    groups: tuple[str, ...]
    predictors: tuple[str, ...]
    by: str
    nrows: int
    manner: Manner
    problem: str = ""

    def table(self) -> FigureTable:
        """A line for each row drawn: where it stands in the table, how often, its group, its entries."""
        names = tuple(c.name for c in self.columns)
        head = ("Row", "Rows alike", *((self.by,) if self.groups else ()), *names)
        lines = []
        for i in range(len(self.rows)):
            group = (self.groups[i],) if self.groups else ()
            lines.append((int(self.rows[i]) + 1, int(self.counts[i]), *group, *self.values[i].tolist()))
        return FigureTable(head, tuple(lines))


def model_matrix_figure(spec: ModelSpec, table: Table, by: Sequence[str] = ()) -> ModelMatrixFigure | None:
    """The picture of a model's X; None where it has no fixed effects, not even the intercept.

    Parameters
    ----------
    spec
        The model, whole or still being built; it needs no response.
    table
        The table with its settings applied and derived columns made.
    by
        Columns whose combinations make groups: rows are drawn group by group, as many whole groups as there
        is room for. Empty for the rows as they stand in the table: all where they are few and most of
        them differ, else one for each different row of X, else evenly spaced ones.

    Returns
    -------
    ModelMatrixFigure or None
        With ``problem`` and no columns where X cannot be worked out or is too large.
    """
    if not spec.intercept and not spec.fixed:
        return None
    missing = [name for name in (*spec.columns(), *by) if name not in table]
    if missing:
        return _problem(f"The table has no column “{missing[0]}”.", by)
    try:
        facts = DesignFacts(spec, table)
        count = facts.parameter_count(_as_term(spec))
        if count > MOST_COLUMNS or count * facts.rows.count > MOST_ENTRIES:
            return _problem(f"X has {count:,} columns, too many to draw.", by)
        full = model_matrix(
            spec.fixed,
            intercept=spec.intercept,
            evaluator=facts.evaluator,
            nrows=facts.rows.count,
            what="The fixed effects",
        )
    except ModelError as error:
        return _problem(error.message, by)
    return _figure(spec, facts, full, tuple(by))


def _as_term(spec: ModelSpec) -> RandomTerm:
    """The fixed effects as a card of independent effects, one parameter a column: to count its columns."""
    return RandomTerm(GroupingFactor(()), spec.intercept, spec.fixed, Covariance.INDEPENDENT)


def _problem(message: str, by: Sequence[str]) -> ModelMatrixFigure:
    none = np.empty(0, dtype=np.int64)
    return ModelMatrixFigure((), np.empty((0, 0)), none, none, (), (), (), ":".join(by), 0, "all", message)


def _figure(spec: ModelSpec, facts: DesignFacts, full: ModelMatrix, by: tuple[str, ...]) -> ModelMatrixFigure:
    nrows = facts.rows.count
    counts = np.ones(nrows, dtype=np.int64)
    groups: tuple[str, ...] = ()
    manner: Manner = "all"
    if by:
        shown, groups = _by_group(facts, by)
        manner = "groups"
    else:
        shown, counts = _distinct(full.values)
        manner = "distinct"
        if nrows <= FEW_ROWS and 2 * len(shown) > nrows:
            shown, counts, manner = np.arange(nrows), np.ones(nrows, dtype=np.int64), "all"
        elif len(shown) > MOST_ROWS:
            shown = np.linspace(0, nrows - 1, MOST_ROWS).round().astype(np.int64)
            counts = np.ones(nrows, dtype=np.int64)
            manner = "sample"
    counts = counts[: len(shown)]
    predictors = tuple(dict.fromkeys(name for term in spec.fixed for name in term.columns()))
    places = facts.rows.positions[shown].astype(np.int64)
    return ModelMatrixFigure(
        columns=_columns(spec, full),
        values=np.ascontiguousarray(full.values[shown]),
        rows=places,
        counts=counts,
        labels=_labels(facts.table, predictors, places),
        groups=groups,
        predictors=predictors,
        by=":".join(by),
        nrows=nrows,
        manner=manner,
    )


def _distinct(x: FloatArray) -> tuple[IntArray, IntArray]:
    """The first row of each different one, in the order of the table, and how many there are of each."""
    # Rows as strings of bytes are sorted once, whatever their width; adding 0.0 makes -0.0 a zero.
    bytes_of_rows = np.ascontiguousarray(x + 0.0).view(np.dtype((np.void, 8 * x.shape[1]))).ravel()
    _, first, sizes = np.unique(bytes_of_rows, return_index=True, return_counts=True)
    order = np.argsort(first)
    return first[order].astype(np.int64), sizes[order].astype(np.int64)


def _by_group(facts: DesignFacts, by: tuple[str, ...]) -> tuple[IntArray, tuple[str, ...]]:
    """The rows of the first groups, as many whole ones as there is room for, and the group of each."""
    groups = facts.groups(by)
    order = np.argsort(groups.codes, kind="stable")
    order = order[groups.codes[order] >= 0]
    ends = np.cumsum(groups.sizes)
    whole = ends[ends <= MOST_ROWS]
    shown = order[: int(whole[-1]) if len(whole) else MOST_ROWS].astype(np.int64)
    columns = [facts.table[name] for name in by]
    labels = [[c.levels[k] for k in facts.rows.take(c.codes)[shown].tolist()] for c in columns]
    return shown, tuple(":".join(parts) for parts in zip(*labels, strict=True))


def _labels(table: Table, predictors: tuple[str, ...], places: IntArray) -> tuple[str, ...]:
    parts: list[list[str]] = []
    for name in predictors:
        column = table[name]
        if column.is_number and column.values is not None:
            parts.append([rounded_label(v) for v in column.values[places].tolist()])
        else:
            parts.append([column.levels[k] if k >= 0 else "" for k in column.codes[places].tolist()])
    return tuple(" · ".join(each) for each in zip(*parts, strict=True)) if parts else ("",) * len(places)


def _columns(spec: ModelSpec, full: ModelMatrix) -> tuple[MatrixColumn, ...]:
    labels = [INTERCEPT.label, *(term.label for term in spec.fixed)]
    kept = independent_columns(full.values)
    reasons = [""] * len(full.names)
    if len(kept) < len(full.names):
        names = [full.names[j] for j in kept.tolist()]
        others = np.setdiff1d(np.arange(len(full.names)), kept)
        for j, coefficients in zip(others.tolist(), dependencies(full.values, kept).T, strict=True):
            reasons[j] = _reason(full.names[j], coefficients, names)
    assign = full.assign.tolist()
    out = []
    for name, term, reason in zip(full.names, assign, reasons, strict=True):
        factors = spec.fixed[term - 1].factors if term else ()
        short = _short(name, [show(f, quoted=False) for f in factors]) if assign.count(term) > 1 else name
        out.append(MatrixColumn(name, labels[term], short, reason))
    return tuple(out)


def _short(name: str, factors: list[str]) -> str:
    """``Victory`` of ``nitro:VarietyVictory``: what stands behind the names of the factors."""
    parts, rest = [], name
    for k, factor in enumerate(factors):
        if not rest.startswith(factor):
            return name
        rest = rest[len(factor) :]
        following = f":{factors[k + 1]}" if k + 1 < len(factors) else ""
        end = rest.find(following) if following else len(rest)
        if end < 0:
            return name
        parts.append(rest[:end])
        rest = rest[end + 1 :]
    return ":".join(p for p in parts if p) or name


def rounded_label(value: float) -> str:
    """A number as a label, without digits that are mere rounding: ``0.3``, not ``0.30000000000000004``."""
    return number_label(float(f"{value:.6g}"))


def _reason(name: str, coefficients: FloatArray, names: list[str]) -> str:
    """In words what a column repeats: ``b = 2 × a − c``."""
    used = [(float(c), names[k]) for k, c in enumerate(coefficients.tolist()) if c != 0.0]
    if not used:
        return f"{name} is 0 in every row, so it is left out."
    if len(used) > 4:
        return f"{name} is a sum of {len(used)} other columns, so it is left out."
    text = ""
    for k, (value, other) in enumerate(used):
        sign = "−" if value < 0 else "+" if k else ""
        size = "" if abs(abs(value) - 1.0) < 1e-9 else f"{rounded_label(abs(value))} × "
        text += f" {sign} {size}{other}" if k else f"{sign}{size}{other}"
    return f"{name} says what other columns say already ({name} = {text}), so it is left out."
