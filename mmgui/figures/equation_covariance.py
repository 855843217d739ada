"""Σ of one random-effects term, entry by entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mmgui.figures.equation_facts import TermFacts
from mmgui.figures.equation_names import Both, both, primed, sub, sup, upright
from mmgui.figures.equation_notation import Notation
from mmgui.spec.terms import Covariance, Term

LONGEST_GROUP = 16

_TAU, _RHO = Both(r"\tau", "τ"), Both(r"\rho", "ρ")
_ZERO = both("0")
_DOTS = {"h": Both(r"\cdots", "…"), "v": Both(r"\vdots", "⋮"), "d": Both(r"\ddots", "⋱")}
_HOMOGENEOUS = (Covariance.IDENTITY, Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY, Covariance.AR1)
_AUTOREGRESSIVE = (Covariance.AR1, Covariance.HETEROGENEOUS_AR1)


@dataclass(frozen=True, slots=True)
class TermCovariance:
    """The columns of a term and the entries of their Σ.

    Attributes
    ----------
    modes
        The signs of the columns' effects for one group.
    marks
        What tells their standard deviations apart.
    blocks
        Which block each column is in; columns of different blocks do not correlate.
    structure
        The structure within a block.
    prefix
        What tells this term's standard deviations from those of others; empty for the only term.
    effects
        Which effect of the term each column belongs to.
    primes
        Primes of the term.
    """

    modes: tuple[Both, ...]
    marks: tuple[Both, ...]
    blocks: tuple[int, ...]
    structure: Covariance
    prefix: Both
    effects: tuple[int, ...]
    primes: int = 0

    @property
    def size(self) -> int:
        """Number of columns."""
        return len(self.modes)

    def tau(self, i: int) -> Both:
        """The standard deviation of a column."""
        tau = primed(_TAU, self.primes)
        if self.size > 1 and self.structure in _HOMOGENEOUS:
            return sub(tau, self.prefix)
        alone = self.size == 1 and bool(self.prefix.latex)
        return sub(tau, self.prefix if alone else comma(self.prefix, self.marks[i]))

    def rho(self, i: int, j: int) -> Both:
        """The correlation of two columns, or the one that all share."""
        free = not self.structure.patterned and self.size > 2
        pair = comma(self.prefix, self.marks[i] + self.marks[j])
        return sub(primed(_RHO, self.primes), pair if free else self.prefix)

    def variance(self, i: int) -> Both:
        """An entry on the diagonal."""
        return sup(self.tau(i), "2")

    def entry(self, i: int, j: int) -> Both:
        """An entry of Σ."""
        if i == j:
            return self.variance(i)
        if self.blocks[i] != self.blocks[j] or self.structure is Covariance.IDENTITY:
            return _ZERO
        low, high = min(i, j), max(i, j)
        rho = self.rho(low, high)
        if self.structure in _AUTOREGRESSIVE and high - low > 1:
            rho = sup(rho, str(high - low))
        if self.structure in _HOMOGENEOUS:
            return Both(f"{rho.latex} {self.variance(0).latex}", rho.text + self.variance(0).text)
        pair = (rho, self.tau(low), self.tau(high))
        return Both(" ".join(p.latex for p in pair), " ".join(p.text for p in pair))

    def matrix(self, most: int) -> Both:
        """Σ written out; with dots where it has more than ``most`` columns."""
        if self.size <= most:
            shown_at = list(range(self.size))
            return matrix([[self.entry(i, j) for j in shown_at] for i in shown_at])
        at = [0, 1, self.size - 1]
        rows = []
        for i in at:
            row = [self.entry(i, j) for j in at]
            rows.append([*row[:2], _DOTS["h"], row[2]])
        dots = [_DOTS["v"], _DOTS["v"], _DOTS["d"], _DOTS["v"]]
        return matrix([*rows[:2], dots, rows[2]])

    def pattern(self) -> Both | None:
        """Σ as a formula, for a structure of many columns; None where its entries are free."""
        tau2 = self.variance(0)
        rho = self.rho(0, min(1, self.size - 1))
        compound = Both(
            rf"\left[(1-{rho.latex})\mathbf{{I}} + {rho.latex}\mathbf{{J}}\right]",
            f"[(1−{rho.text})𝐈 + {rho.text}𝐉]",
        )
        lag = Both(rf"\left[{rho.latex}^{{|r-c|}}\right]", f"[{rho.text}^|r−c|]")
        scale = Both(r"\mathbf{D}", "𝐃")
        match self.structure:
            case Covariance.IDENTITY:
                return tau2 + Both(r"\,\mathbf{I}", " 𝐈")
            case Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY:
                return tau2 + compound
            case Covariance.AR1:
                return tau2 + lag
            case Covariance.COMPOUND_SYMMETRY:
                return scale + compound + scale
            case Covariance.HETEROGENEOUS_AR1:
                return scale + lag + scale
            case _:
                return None


def comma(first: Both, second: Both) -> Both:
    if not first.latex or not second.latex:
        return first + second
    return Both(f"{first.latex},{second.latex}", f"{first.text},{second.text}")


def matrix(rows: Sequence[Sequence[Both]]) -> Both:
    """Entries in brackets; as text with semicolons between the rows."""
    latex = r" \\ ".join(" & ".join(e.latex for e in row) for row in rows)
    text = "; ".join(", ".join(e.text for e in row) for row in rows)
    return Both(rf"\begin{{bmatrix}}{latex}\end{{bmatrix}}", f"[{text}]")


def covariance_of(
    notes: Notation, k: int, facts: TermFacts | None, *, numbered: bool = False
) -> TermCovariance | None:
    """The columns of a term; None where only a table could say how many there are.

    Parameters
    ----------
    notes
        The notation.
    k
        Which term.
    facts
        The term on its table, or None.
    numbered
        Whether the term is called by its number, not by its grouping factor.
    """
    term = notes.spec.random[k]
    effects = term.effects
    if facts is None and not all(map(notes.single, effects)):
        return None
    columns = tuple(range(len(effects))) if facts is None else facts.effects
    plain = all(map(notes.single, effects))
    modes, marks = [], []
    for at, e in enumerate(columns):
        name = None if facts is None else facts.columns[at]
        modes.append(_mode(notes, k, effects[e], name))
        number = notes.numbers[notes.position(effects[e])] if plain else at + (0 if term.intercept else 1)
        marks.append(both(str(number)))
    structure = term.settled().covariance if facts is None else facts.structure
    structure = structure if len(columns) > 1 else Covariance.UNSTRUCTURED
    several = len(notes.spec.random) > 1
    prefix = both(str(k + 1)) if numbered else upright(term.grouping.label, LONGEST_GROUP)
    prefix = prefix if several else both("")
    blocks = _blocks(structure, columns) if facts is None else _membership(facts)
    # Two terms of one grouping factor are told apart by what varies, and by primes where that is the same.
    return TermCovariance(
        tuple(modes),
        tuple(marks),
        blocks,
        structure,
        prefix,
        tuple(columns),
        0 if numbered else notes.earlier(k),
    )


def _mode(notes: Notation, k: int, effect: Term, column: str | None) -> Both:
    piece = notes.mode_piece(k, effect)
    if column is None or notes.single(effect):
        return Both(piece.latex, piece.text)
    group = notes.group_letters(notes.spec.random[k].grouping)
    symbol = notes.mode_symbols(k)[0]
    return sub(symbol, comma(upright(column), both(group)))


def _blocks(structure: Covariance, effects: Sequence[int]) -> tuple[int, ...]:
    apart = structure in (Covariance.DIAGONAL, Covariance.INDEPENDENT)
    return tuple(effects) if apart else (0,) * len(effects)


def _membership(facts: TermFacts) -> tuple[int, ...]:
    block = {column: b for b, columns in enumerate(facts.blocks) for column in columns}
    return tuple(block[c] for c in range(len(facts.columns)))
