"""The signs of one model: letters of indices, numbers of effects, coefficients and what they multiply.

A numeric effect has a number, β₁, and multiplies its column. An effect of a factor has one coefficient for
each level, β with the factor's name above and the level's letter below, whatever its contrasts are: contrasts
choose coordinates for these coefficients, and which constraint holds among them, not what they mean in the
equation. An effect with several columns, as ``poly(x, 2)``, has a vector of coefficients.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from mmgui.figures.equation_names import Both, both, expression, named, primed, shown, sub, upright
from mmgui.figures.equation_parts import DOT, SPACE, About, Piece
from mmgui.spec.coding import coded_column
from mmgui.spec.expression import Call, Expression, columns_of, show
from mmgui.spec.functions import MANY_COLUMNS
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import INTERCEPT, GroupingFactor, RandomTerm, Term

ROW = "i"
GROUP_LETTERS = "jklqrstuvw"
LEVEL_LETTERS = "abcdfghmnpxyz"
LONGEST_LABEL = 22

BETA, MODE = Both(r"\beta", "β"), Both("b", "b")
BOLD_BETA, BOLD_MODE = Both(r"\boldsymbol{\beta}", "𝛃"), Both(r"\mathbf{b}", "𝐛")


@dataclass(frozen=True, slots=True)
class Notation:
    """How the parts of one model are written; made by ``notation``.

    Attributes
    ----------
    spec
        The model.
    is_factor
        Whether a column enters as labels.
    letters
        The index letter of every grouping column and of every factor.
    effects
        Every effect once: the fixed ones, the intercept first, then those that only vary.
    numbers
        The number of each effect that has one, by its position in ``effects``.
    row
        The index of a row, as ``"ij"``.
    mode
        The letter of the random effects, and its bold twin.
    mode_numbers
        The numbers of random effects that have another one than their effect: by term and effect.
    """

    spec: ModelSpec
    is_factor: Callable[[str], bool]
    letters: dict[str, str]
    effects: tuple[Term, ...]
    numbers: dict[int, int] = field(default_factory=dict)
    row: str = ROW
    mode: tuple[Both, Both] = (MODE, BOLD_MODE)
    mode_numbers: Mapping[tuple[int, Term], str] = field(default_factory=dict)

    # -- effects

    def is_label(self, value: Expression) -> bool:
        """Whether an expression enters as labels."""
        if isinstance(value, Call) and value.function == "factor":
            return True
        column = coded_column(value)
        return column is not None and self.is_factor(column)

    def labels(self, effect: Term) -> tuple[Expression, ...]:
        """The factors among what interacts in an effect."""
        return tuple(dict.fromkeys(f for f in effect.factors if self.is_label(f)))

    def quantities(self, effect: Term) -> tuple[Expression, ...]:
        """What an effect multiplies."""
        return tuple(dict.fromkeys(f for f in effect.factors if not self.is_label(f)))

    def several_columns(self, effect: Term) -> bool:
        """Whether a coefficient of the effect is a vector: ``poly(x, 2)``."""
        return any(isinstance(f, Call) and f.function in MANY_COLUMNS for f in self.quantities(effect))

    def single(self, effect: Term) -> bool:
        """Whether the effect is one column whatever the table holds."""
        return not self.labels(effect) and not self.several_columns(effect)

    def position(self, effect: Term) -> int:
        """Where an effect stands in ``effects``."""
        return next(k for k, e in enumerate(self.effects) if e.same_effect(effect))

    def is_fixed(self, effect: Term) -> bool:
        """Whether an effect has a fixed part."""
        if not effect.factors:
            return self.spec.intercept
        return any(effect.same_effect(f) for f in self.spec.fixed)

    def effect_name(self, effect: Term) -> Both:
        """The name that stands above the coefficients of a factor's effect."""
        return upright(":".join(show(f, quoted=False) for f in effect.factors), LONGEST_LABEL)

    def level_letters(self, effect: Term) -> str:
        """The letters of the factors in an effect."""
        return "".join(self.letter(f) for f in self.labels(effect))

    def letter(self, label: Expression) -> str:
        """The letter of a factor's levels."""
        return self.letters[coded_column(label) or next(columns_of(label))]

    # -- coefficients

    def coefficient(
        self, symbol: Both, bold: Both, effect: Term, group: str = "", number: str | None = None
    ) -> Both:
        """The sign of an effect's coefficient, with the letters of the groups it belongs to."""
        base = bold if self.several_columns(effect) else symbol
        if self.labels(effect):
            letters = "".join(dict.fromkeys(self.level_letters(effect) + group))
            return named(base, self.effect_name(effect), letters)
        number = str(self.numbers[self.position(effect)]) if number is None else number
        return sub(base, f"{number}{group}")

    def fixed_piece(self, effect: Term) -> Piece:
        """``β₁``."""
        what = self.coefficient(BETA, BOLD_BETA, effect)
        about = About(fixed=frozenset({effect.label}))
        return Piece(what.latex, what.text, about=about, words=self.fixed_words(effect))

    def mode_piece(self, k: int, effect: Term) -> Piece:
        """``b₁ⱼ``: what the k-th random-effects term adds to an effect."""
        symbol, bold = self.mode_symbols(k)
        group = self.group_letters(self.spec.random[k].grouping)
        what = self.coefficient(symbol, bold, effect, group, self.mode_numbers.get((k, effect)))
        about = About(effects=frozenset({(k, effect.label)}))
        return Piece(what.latex, what.text, k, about, self.mode_words(k, effect))

    def mode_symbols(self, k: int) -> tuple[Both, Both]:
        """``b`` and its bold twin; with primes where an earlier term has the same groups."""
        primes = self.earlier(k)
        letter, bold = self.mode
        return primed(letter, primes), primed(bold, primes)

    def earlier(self, k: int) -> int:
        """How many earlier random-effects terms have the same grouping factor."""
        label = self.spec.random[k].grouping.label
        return sum(r.grouping.label == label for r in self.spec.random[:k])

    def group_letters(self, grouping: GroupingFactor) -> str:
        """The index of a group: the letters of its columns."""
        return "".join(dict.fromkeys(self.letters[c] for c in grouping.columns))

    # -- what they multiply

    def multiplied(self, quantities: Iterable[Expression], index: Callable[[str], str]) -> Both | None:
        """``Daysᵢⱼ``: the columns an effect multiplies, as a product; None for none."""
        parts = [expression(q, index) for q in quantities]
        if not parts:
            return None
        return Both(r"\, ".join(p.latex for p in parts), " · ".join(p.text for p in parts))

    def product(self, coefficient: tuple[Piece, ...], effect: Term) -> tuple[Piece, ...]:
        """A coefficient and what it multiplies in row ``i``."""
        return self.times(coefficient, effect, self.quantities(effect), lambda _: self.row)

    def times(
        self,
        coefficient: tuple[Piece, ...],
        effect: Term,
        quantities: Iterable[Expression],
        index: Callable[[str], str],
    ) -> tuple[Piece, ...]:
        """A coefficient and the quantities it multiplies."""
        what = self.multiplied(quantities, index)
        if what is None:
            return coefficient
        dot = DOT if self.several_columns(effect) else SPACE
        about = About(columns=frozenset(effect.columns()))
        for piece in coefficient:
            about = about.also(piece.about)
        column = Piece(what.latex, what.text, about=about, words=f"the value of {plain(effect)} in the row")
        return (*coefficient, dot, column)

    # -- words

    def fixed_words(self, effect: Term) -> str:
        """What a fixed effect means."""
        y = "the response" if self.spec.response is None else shown(show(self.spec.response, quoted=False))
        if not effect.factors:
            if not self.spec.fixed:
                return f"the average of {y}"
            zero = "where every predictor is 0"
            zero += " or at its reference level" if any(map(self.labels, self.spec.fixed)) else ""
            return f"the expected {y} {zero}"
        if effect.order > 1:
            first, *others = (shown(show(f, quoted=False)) for f in effect.factors)
            return f"how the effect of {first} on {y} differs with {' and '.join(others)}"
        if self.labels(effect):
            return f"what each level of {plain(effect)} adds to {y}, on average"
        if self.several_columns(effect):
            return f"how {y} follows {plain(effect)}, on average"
        return f"how much {y} changes, on average, with one unit of {plain(effect)}"

    def mode_words(self, k: int, effect: Term) -> str:
        """What a random effect means."""
        group = shown(self.spec.random[k].grouping.label)
        what = f"{group} {self.group_letters(self.spec.random[k].grouping)}"
        mean = "the average" if self.is_fixed(effect) else "0"
        if not effect.factors:
            return f"how far the level of {what} lies from {mean}"
        if self.single(effect):
            return f"how far the slope of {plain(effect)} in {what} lies from {mean}"
        return f"how far the effect of {plain(effect)} in {what} lies from {mean}"


def plain(effect: Term) -> str:
    """An effect's name in a sentence."""
    return shown(":".join(show(f, quoted=False) for f in effect.factors), LONGEST_LABEL) or "intercept"


def notation(spec: ModelSpec, is_factor: Callable[[str], bool]) -> Notation:
    """The notation of a model."""
    fixed = ([INTERCEPT] if spec.intercept else []) + list(spec.fixed)
    effects: list[Term] = []
    for effect in [*fixed, *(e for r in spec.random for e in r.effects)]:
        if not any(effect.same_effect(e) for e in effects):
            effects.append(effect)
    bare = Notation(spec, is_factor, {}, tuple(effects))
    factors = [coded_column(f) or next(columns_of(f), "") for e in effects for f in bare.labels(e)]
    letters = _letters([c for r in spec.random for c in r.grouping.columns], factors)
    numbers: dict[int, int] = {}
    for k, effect in enumerate(effects):
        if not effect.factors:
            numbers[k] = 0
        elif not bare.labels(effect):
            numbers[k] = 1 + sum(n > 0 for n in numbers.values())
    groups = dict.fromkeys(letters[c] for r in spec.random for c in r.grouping.columns)
    return replace(bare, letters=letters, numbers=numbers, row=ROW + "".join(groups))


def _letters(groups: Iterable[str], factors: Iterable[str]) -> dict[str, str]:
    """A letter for each column: a factor's initial where it is free, j, k, … for what only groups."""
    out: dict[str, str] = {}
    factors = list(dict.fromkeys(factors))
    for column in factors:
        initial = next((c for c in column.lower() if c in LEVEL_LETTERS), "")
        wanted = initial if column.lower().startswith(initial) else ""
        out[column] = _free(wanted + LEVEL_LETTERS, out)
    for column in groups:
        if column not in out:
            out[column] = _free(GROUP_LETTERS, out)
    return out


def _free(letters: str, taken: dict[str, str]) -> str:
    """The first letter that is free, with primes where all are taken."""
    used = set(taken.values())
    for primes in range(len(taken) + 1):
        for letter in letters:
            if letter + "'" * primes not in used:
                return letter + "'" * primes
    raise AssertionError("there are more letters than columns")


def response(notes: Notation) -> Piece:
    """The response of a row."""
    value = notes.spec.response
    what = sub(both("y"), notes.row) if value is None else expression(value, lambda _: notes.row)
    columns = frozenset(() if value is None else columns_of(value))
    return Piece(what.latex, what.text, about=About(columns=columns), words="the response in one row")


def residual(notes: Notation) -> Piece:
    """The residual of a row."""
    what = sub(Both(r"\varepsilon", "ε"), notes.row)
    words = "what is left in the row: what the model does not say"
    return Piece(what.latex, what.text, about=About(residual=True), words=words)


def offset(notes: Notation, value: Expression) -> Piece:
    """A part of the prediction that is known."""
    what = expression(value, lambda _: notes.row)
    about = About(columns=frozenset(columns_of(value)))
    return Piece(what.latex, what.text, about=about, words="an offset: added as it is, with no coefficient")


def terms_of(notes: Notation, effect: Term) -> list[tuple[int, RandomTerm]]:
    """The random-effects terms in which an effect varies."""
    return [(k, r) for k, r in enumerate(notes.spec.random) if any(effect.same_effect(e) for e in r.effects)]
