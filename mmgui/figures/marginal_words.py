"""Why two rows vary together, in words and in the person's numbers, term by term."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mmgui.figures.marginal_parts import TermRows
from mmgui.figures.matrices import MatricesFigure, Matrix
from mmgui.figures.wording import effect_name
from mmgui.numbers import decimal, number
from mmgui.spec.terms import INTERCEPT_NAME
from mmgui.words import listed_all

RESIDUAL = -1
MOST_PRODUCTS = 4
"""Beyond so many products a term's part is not written out."""
LONGEST = 12
"""Letters of an effect's name that can stand in a formula."""

_SMALL = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a sentence; ``term`` gives its colour: a random-effects term, -1 the residual, None none."""

    text: str
    term: int | None = None


Words = tuple[Word, ...]


def plain(words: Words) -> str:
    """A sentence without its colours."""
    return "".join(w.text for w in words)


def size_words(value: float) -> str:
    """Four digits, and one decimal at least: the parts of a sum are seen to add up."""
    return decimal(value, 1) if 1000 <= abs(value) < 1e6 else number(value, 4)


def entry_words(figure: MatricesFigure, i: int, j: int) -> Words:
    """Why V has its entry (i, j): through which groups, and by what sum."""
    rows = figure.rows
    i, j = _in_order(figure, i, j)
    value = float(figure.parts.total[i, j])
    shared = [(k, t) for k, t in enumerate(rows.terms) if t.codes[i] == t.codes[j]]
    parts = [(t.term, *_products(figure, k, i, j)) for k, t in shared]
    parts = [p for p in parts if p[1]]
    if i == j:
        opening, what = f"Row {rows.names[i]}{_of(shared, i)}: variance", True
        parts.append((RESIDUAL, *_residual(figure, i)))
    else:
        pair = f"Rows {rows.names[i]} and {rows.names[j]}"
        if not shared:
            return (Word(f"{pair} share no group: they vary independently, cov = 0."),)
        opening, what = f"{pair} are both{_of(shared, i)}", False
        if not parts:
            return (Word(f"{opening}, but no effect that varies is in both rows: cov = 0."),)
        opening += ": cov"
    out = [Word(opening), *_joined([(term, symbols) for term, symbols, _ in parts])]
    result = size_words(value)
    if [numbers for _, _, numbers in parts] != [result]:
        out += _joined([(term, numbers) for term, _, numbers in parts])
    out.append(Word(f" = {result}"))
    correlation = float(figure.correlation_parts.total[i, j])
    out.append(Word("." if what else f"; correlation {decimal(correlation, 2)}."))
    return tuple(out)


def part_words(figure: MatricesFigure, k: int | None, i: int, j: int) -> Words:
    """What one term (None: the residual) gives to the entry (i, j) of V."""
    rows = figure.rows
    i, j = _in_order(figure, i, j)
    pair = f"row {rows.names[i]}" if i == j else f"rows {rows.names[i]} and {rows.names[j]}"
    if k is None:
        if i != j:
            return (Word("Residuals of different rows are independent: σ² stands on the diagonal alone."),)
        symbols, numbers = _residual(figure, i)
        text = f"The residual of {pair}: "
        return (Word(text), Word(f"{symbols} = {numbers}", RESIDUAL))
    term = rows.terms[k]
    if term.codes[i] != term.codes[j]:
        one, other = (term.levels[int(term.codes[r])] for r in (i, j))
        return (
            Word(term.name, term.term),
            Word(f" gives nothing to {pair}: {term.grouping} {one} and {other} are different groups."),
        )
    symbols, numbers = _products(figure, k, i, j)
    value = size_words(float(figure.parts.terms[k][i, j]))
    text = " = ".join(dict.fromkeys((symbols or "0", numbers or "0", value)))
    level = term.levels[int(term.codes[i])]
    return (
        Word(term.name, term.term),
        Word(f" gives to {pair} of {term.grouping} {level}: "),
        Word(f"{text}.", term.term),
    )


def column_words(figure: MatricesFigure, matrix: Matrix, column: int, row: int | None = None) -> Words:
    """What a column of X, Z or ZΛ holds, and what it does."""
    rows = figure.rows
    value = "" if row is None else f" Row {rows.names[row]}: {_entry(figure, matrix, row, column)}."
    if matrix is Matrix.X:
        return (Word(f"{rows.fixed[column].name}, a fixed effect: in the mean, not in V.{value}"),)
    of = rows.effects[column]
    k = next(k for k, t in enumerate(rows.terms) if t.term == of.term)
    builds = f"it builds the block of V of {of.group}"
    if len(rows.terms[k].effects) > 1:
        builds = f"with the other effects of {of.group} {builds}"
    if matrix is Matrix.Z:
        what = "1 in the rows" if of.effect == INTERCEPT_NAME else f"{of.effect} in the rows"
        words = f": {what} of {of.group}, 0 elsewhere; {builds}.{value}"
    else:
        words = f": a column of Z through Λ, in units of σ; {builds}.{value}"
    return (Word(of.title, of.term), Word(words))


def factor_words(figure: MatricesFigure, i: int, j: int) -> Words:
    """What an entry of Λ is."""
    row, column = figure.rows.effects[i], figure.rows.effects[j]
    if (row.term, row.level) != (column.term, column.level):
        return (Word(f"{row.title} and {column.title} are independent: Λ is 0 between groups and terms."),)
    k = next(k for k, t in enumerate(figure.rows.terms) if t.term == row.term)
    value = number(float(figure.lam[i, j]), 3)
    names = figure.rows.terms[k].effects
    at = names.index(row.effect), names.index(column.effect)
    spread = float(figure.covariances[k][at[0], at[0]]) ** 0.5
    sign = "λ" if len(names) == 1 else f"λ{_sub(at[0], names)}{_sub(at[1], names)}"
    what = (
        f" of {row.group}: {sign} = {value}; the rows of λ give the SD of {effect_name(row.effect)}, "
        f"{number(spread, 3)}, in units of σ = {number(figure.sigma, 3)}."
    )
    return (Word(f"{effect_name(row.effect)} × {effect_name(column.effect)}", row.term), Word(what))


def _in_order(figure: MatricesFigure, i: int, j: int) -> tuple[int, int]:
    """Two rows in the order of the table."""
    return (i, j) if figure.rows.places[i] <= figure.rows.places[j] else (j, i)


def _entry(figure: MatricesFigure, matrix: Matrix, row: int, column: int) -> str:
    return number(float(figure.values(matrix)[row, column]), 3)


def _of(shared: list[tuple[int, TermRows]], row: int) -> str:
    """The groups that a row is in, each once: `` of Subject 308``."""
    names = dict.fromkeys(f"{t.grouping} {t.levels[int(t.codes[row])]}" for _, t in shared)
    return f" of {listed_all(tuple(names))}" if names else ""


def _joined(parts: list[tuple[int, str]]) -> Iterator[Word]:
    for k, (term, text) in enumerate(parts):
        yield Word(" + " if k else " = ")
        yield Word(text, term)


def _residual(figure: MatricesFigure, row: int) -> tuple[str, str]:
    weights, variance = figure.rows.weights, figure.sigma**2
    if weights is None:
        return "σ²", size_words(variance)
    return f"σ²/w{_sub_of(figure.rows.names[row])}", f"{size_words(variance)}/{_value(float(weights[row]))}"


def _products(figure: MatricesFigure, k: int, i: int, j: int) -> tuple[str, str]:
    """A term's part of an entry as symbols and as numbers; empty where it is 0 by design."""
    term, sigma = figure.rows.terms[k], figure.covariances[k]
    own, other = term.values[i].tolist(), term.values[j].tolist()
    rows = figure.rows.names[i], figure.rows.names[j]
    symbols, numbers = [], []
    for a in range(len(own)):
        for b in range(a, len(own)):
            weight = own[a] * other[b] + (own[b] * other[a] if a != b else 0.0)
            if weight == 0.0 or (a != b and sigma[a, b] == 0.0):
                continue
            first, second = _factor(term, a, b, rows, own, other)
            tau = f"τ{_pair(term, a, b)}"
            symbols.append(f"{first}·{tau}" if first else tau)
            size = size_words(float(sigma[a, b])).lstrip("−")
            sign = "− " if sigma[a, b] < 0 else "+ "
            numbers.append(f"{sign}{second}·{size}" if second else f"{sign}{size}")
    if len(symbols) > MOST_PRODUCTS:
        value = size_words(float(figure.parts.terms[k][i, j]))
        return f"z{_sub_of(rows[0])}′Σz{_sub_of(rows[1])}", value
    return " + ".join(symbols), " ".join(numbers).removeprefix("+ ")


def _factor(
    term: TermRows, a: int, b: int, rows: tuple[str, str], own: list[float], other: list[float]
) -> tuple[str, str]:
    """What multiplies an entry of Σ: as symbols and as numbers; empty for 1."""
    constant = [e == INTERCEPT_NAME for e in term.effects]
    if a == b:
        if constant[a]:
            return "", ""
        name = _variable(term, a)
        symbol = f"{name}{_sub_of(rows[0])}²" if rows[0] == rows[1] else "·".join(_both(name, rows))
        symbol = symbol.replace("·", "") if len(name) == 1 else symbol
        shown = f"{_value(own[a])}²" if rows[0] == rows[1] else f"{_value(own[a])}·{_value(other[a])}"
        return symbol, shown
    if constant[a] or constant[b]:
        at = b if constant[a] else a
        name = _variable(term, at)
        if rows[0] == rows[1]:
            return f"2{'·' if len(name) > 1 else ''}{_both(name, rows)[0]}", f"2·{_value(own[at])}"
        return f"({' + '.join(_both(name, rows))})", f"({_value(own[at])} + {_value(other[at])})"
    (x, x2), (z, z2) = _both(_variable(term, a), rows), _both(_variable(term, b), rows)
    return (
        f"({x}·{z2} + {z}·{x2})",
        f"({_value(own[a])}·{_value(other[b])} + {_value(own[b])}·{_value(other[a])})",
    )


def _variable(term: TermRows, effect: int) -> str:
    """``x`` for the only slope, else its name where that is short."""
    slopes = [e for e in term.effects if e != INTERCEPT_NAME]
    name = term.effects[effect]
    if len(slopes) == 1:
        return "x"
    return name if len(name) <= LONGEST else f"x{_sub(effect, term.effects)}"


def _both(name: str, rows: tuple[str, str]) -> tuple[str, str]:
    return f"{name}{_sub_of(rows[0])}", f"{name}{_sub_of(rows[1])}"


def _pair(term: TermRows, a: int, b: int) -> str:
    if len(term.effects) == 1:
        return "²"
    return f"{_sub(a, term.effects)}²" if a == b else f"{_sub(a, term.effects)}{_sub(b, term.effects)}"


def _sub(effect: int, names: tuple[str, ...]) -> str:
    """Effects count from 0 where the first is the intercept, else from 1."""
    return _sub_of(str(effect if names[0] == INTERCEPT_NAME else effect + 1))


def _sub_of(digits: str) -> str:
    return digits.translate(_SMALL)


def _value(value: float) -> str:
    text = f"{value:.4g}".replace("-", "−")
    return f"({text})" if value < 0 else text
