"""Columns made from other columns: centred, scaled, group means, logarithms, squares, combined labels."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from mmgui.errors import FormulaError, Where
from mmgui.numbers import number
from mmgui.spec.expression import quote
from mmgui.spec.formula.tokens import END, NAME, NUMBER, Token, tokenize


class Derivation(StrEnum):
    """How a column is made; the value is the name of the function that writes it."""

    CENTER = "center"
    """``center(x)``: less the mean of all rows; ``center(x, g)``: less the mean of the row's group."""

    SCALE = "scale"
    """``scale(x)``: less the mean, divided by the standard deviation."""

    MEAN = "mean"
    """``mean(x, g)``: the mean of the row's group."""

    LOG = "log"
    """``log(x)``: the natural logarithm."""

    SQUARE = "square"
    """``square(x)``."""

    SHIFT = "shift"
    """``shift(x, 4.5)``: less a constant, so that zero stands there."""

    COMBINE = "combine"
    """``combine(a, b)``: the labels of both, so that each combination has a name of its own."""


# How many grouping columns each takes beside the column it is made from: at least, at most.
_BY = {
    Derivation.CENTER: (0, 8),
    Derivation.SCALE: (0, 0),
    Derivation.MEAN: (1, 8),
    Derivation.LOG: (0, 0),
    Derivation.SQUARE: (0, 0),
    Derivation.SHIFT: (0, 0),
    Derivation.COMBINE: (1, 8),
}


@dataclass(frozen=True, slots=True)
class DerivedColumn:
    """A column that is made from others whenever the table is prepared.

    Attributes
    ----------
    name
        What it is called; the model reads it by this name like any other column.
    derivation
        How it is made.
    column
        The column it is made from.
    by
        The grouping columns, whose combinations make the groups (for ``combine``: the other columns).
    constant
        For ``shift``: what is taken off.
    """

    name: str
    derivation: Derivation
    column: str
    by: tuple[str, ...] = ()
    constant: float = 0.0

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns it is made from."""
        return (self.column, *self.by)

    @property
    def definition(self) -> str:
        """``center(rating, Subj)``."""
        arguments = [quote(c) for c in self.reads]
        if self.derivation is Derivation.SHIFT:
            arguments.append(repr(self.constant))
        return f"{self.derivation.value}({', '.join(arguments)})"

    @property
    def words(self) -> str:
        """``rating less its mean in each Subj``: for people."""
        groups = ":".join(self.by)
        match self.derivation:
            case Derivation.CENTER:
                return f"{self.column} less its mean{f' in each {groups}' if groups else ''}"
            case Derivation.SCALE:
                return f"{self.column} less its mean, in standard deviations"
            case Derivation.MEAN:
                return f"mean of {self.column} in each {groups}"
            case Derivation.LOG:
                return f"logarithm of {self.column}"
            case Derivation.SQUARE:
                return f"{self.column} squared"
            case Derivation.SHIFT:
                return f"{self.column} with its zero at {number(self.constant, 6)}"
            case Derivation.COMBINE:
                return f"each combination of {' and '.join(self.reads)} under a name of its own"


def derived_column(
    derivation: Derivation,
    column: str,
    by: tuple[str, ...] = (),
    taken: Collection[str] = (),
    constant: float = 0.0,
) -> DerivedColumn:
    """A derived column under the name people would give it, told apart from the names taken.

    ``rating_within_Subj``, ``rating_mean_Subj``, ``rating_centered``, ``rating_scaled``, ``log_rating``,
    ``rating_squared``, ``rating_from_4.5``, ``batch_cask``.
    """
    groups = "_".join(by)
    stem = {
        Derivation.CENTER: f"{column}_within_{groups}" if by else f"{column}_centered",
        Derivation.SCALE: f"{column}_scaled",
        Derivation.MEAN: f"{column}_mean_{groups}",
        Derivation.LOG: f"log_{column}",
        Derivation.SQUARE: f"{column}_squared",
        Derivation.SHIFT: f"{column}_from_{_in_a_name(constant)}",
        Derivation.COMBINE: f"{column}_{groups}",
    }[derivation]
    name, k = stem, 1
    while name in taken:
        k += 1
        name = f"{stem}_{k}"
    return DerivedColumn(name, derivation, column, by, constant)


def _in_a_name(constant: float) -> str:
    """``4.5``, ``minus_2``."""
    return f"{'minus_' if constant < 0.0 else ''}{abs(constant):g}"


def read_derived(name: str, definition: str) -> DerivedColumn:
    """The derived column that ``center(rating, Subj)`` describes, under a name.

    Raises
    ------
    FormulaError
        ``not_derived`` if the text is not of that form; nothing of it is evaluated.
    """
    tokens = [t for t in tokenize(definition) if t.kind != END]
    words = {d.value: d for d in Derivation}
    head = tokens[0] if tokens else None
    if head is None or head.kind != NAME or head.text not in words:
        raise _unread(name, definition)
    if words[head.text] is Derivation.SHIFT:
        return _read_shift(name, definition, tokens)
    names = tokens[2:-1:2]
    signs = [tokens[1:2], *(tokens[k : k + 1] for k in range(3, len(tokens), 2))]
    wanted = ["(", *[","] * (len(names) - 1), ")"]
    shaped = len(tokens) == 2 * len(names) + 2 and len(signs) == len(wanted) and bool(names)
    if not shaped or any(t.kind != NAME for t in names):
        raise _unread(name, definition)
    if any(not (s and s[0].is_sign(w)) for s, w in zip(signs, wanted, strict=True)):
        raise _unread(name, definition)
    derivation = words[head.text]
    least, most = _BY[derivation]
    if not least <= len(names) - 1 <= most:
        raise _unread(name, definition)
    return DerivedColumn(name, derivation, names[0].text, tuple(t.text for t in names[1:]))


def _read_shift(name: str, definition: str, tokens: list[Token]) -> DerivedColumn:
    """``shift(x, 4.5)``, ``shift(x, -2)``."""
    minus = len(tokens) == 7 and tokens[4].is_sign("-")
    if len(tokens) != 6 + minus:
        raise _unread(name, definition)
    column, value = tokens[2], tokens[4 + minus]
    shaped = tokens[1].is_sign("(") and tokens[3].is_sign(",") and tokens[-1].is_sign(")")
    if not shaped or column.kind != NAME or value.kind != NUMBER:
        raise _unread(name, definition)
    constant = float(value.text)
    return DerivedColumn(name, Derivation.SHIFT, column.text, (), -constant if minus else constant)


def _unread(name: str, definition: str) -> FormulaError:
    return FormulaError(
        "not_derived",
        f"“{definition}” does not say how the column {name} is made; write center(x), center(x, group), "
        "mean(x, group), scale(x), log(x), square(x), shift(x, 4.5) or combine(a, b).",
        Where("column", name),
    )
