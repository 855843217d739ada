"""The level form: an equation for the rows, and one for every coefficient that differs between groups.

An effect is cut at the levels within whose groups its expressions are constant. ``x:w`` with ``w`` constant
within groups makes the coefficient of ``x`` depend on ``w``: it stands in that coefficient's equation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from mmgui.figures.equation_distributions import distributions, residual_distribution
from mmgui.figures.equation_facts import EquationFacts
from mmgui.figures.equation_hierarchy import Hierarchy, Path, hierarchy
from mmgui.figures.equation_index import factor_words, index_words, term_facts
from mmgui.figures.equation_names import Both, named, sub
from mmgui.figures.equation_notation import (
    BETA,
    BOLD_BETA,
    Notation,
    offset,
    residual,
    response,
)
from mmgui.figures.equation_parts import EQUALS, NOTHING, About, EquationForm, FormKind, Line, Piece, joined
from mmgui.spec.expression import Expression
from mmgui.spec.terms import Term

_GAMMA = (Both(r"\gamma", "γ"), Both(r"\boldsymbol{\gamma}", "𝛄"))
_BETA = (BETA, BOLD_BETA)
_U = (Both("u", "u"), Both(r"\mathbf{u}", "𝐮"))


def level_form(notes: Notation, facts: EquationFacts | None) -> EquationForm:
    """The model level by level; crossed grouping factors share a level."""
    notes = replace(notes, mode=_U)
    levels = hierarchy(notes, facts)
    writer = _Levels(notes, levels)
    # The equations and the distributions below them call a random effect the same.
    notes = writer.notes
    lines = list(writer.lines())
    of_terms = term_facts(notes, facts)
    spread = [
        line for k, of_term in enumerate(of_terms) for line in distributions(notes, k, of_term, compact=False)
    ]
    spread.append(residual_distribution(notes, residual(notes)))
    spread[0] = replace(spread[0], heading="Distributions")
    remarks = [index_words(notes, facts)]
    if levels.depth:
        remarks.append("γ are the fixed effects (β in the index form), u the random effects (b there).")
    if facts is None and levels.depth and notes.spec.fixed:
        remarks.append("Without a table every predictor is taken to vary from row to row.")
    remarks += factor_words(notes, facts, "γ" if levels.depth else "β")
    return EquationForm(FormKind.LEVEL, (*lines, *spread), tuple(remarks))


@dataclass(frozen=True, slots=True)
class _Mode:
    """A random effect: where it enters, and what it multiplies there."""

    k: int
    effect: Term
    path: Path
    level: int


class _Levels:
    """Writes the equations, the rows' first, then level by level."""

    def __init__(self, notes: Notation, levels: Hierarchy) -> None:
        self._notes = notes
        self._levels = levels
        self._fixed = {levels.path(e): e for e in notes.effects if notes.is_fixed(e)}
        self._modes = [
            _Mode(k, effect, levels.path(effect), levels.level_of_grouping(random.grouping))
            for k, random in enumerate(notes.spec.random)
            for effect in random.effects
        ]
        self._paths = list(dict.fromkeys(levels.path(e) for e in notes.effects))
        numbers = {(m.k, m.effect): self._digits(m.path[: m.level]) + self._own(m) for m in self._modes}
        self._notes = replace(notes, mode_numbers=numbers)
        self._wanted: list[tuple[Path, tuple[Piece, ...]]] = []
        self._started = -1

    @property
    def notes(self) -> Notation:
        """The notation, with the number that every random effect has from its coefficient."""
        return self._notes

    def lines(self) -> Iterator[Line]:
        """Every equation."""
        parts = self._parts((), 0)
        spec = self._notes.spec
        parts += [(offset(self._notes, value),) for value in spec.offset]
        parts.append((residual(self._notes),))
        yield self._line(0, (response(self._notes), EQUALS, *joined(parts)))
        while self._wanted:
            self._wanted.sort(key=lambda w: len(w[0]))
            path, left = self._wanted.pop(0)
            level = len(path)
            yield self._line(level, (*left, EQUALS, *joined(self._parts(path, level))))

    def _line(self, level: int, pieces: tuple[Piece, ...]) -> Line:
        heading = self._levels.title(level) if level > self._started and self._levels.depth else ""
        self._started = max(level, self._started)
        return Line(pieces, heading)

    def _parts(self, path: Path, level: int) -> list[tuple[Piece, ...]]:
        """What a coefficient is (a row, for the empty path): this level's predictors and its modes."""
        children = dict.fromkeys(p[level] for p in self._paths if p[:level] == path)
        parts = []
        for child in children:
            coefficient = self._coefficient((*path, child))
            if coefficient is not None:
                parts.append(self._times((coefficient,), Term(child)))
        for mode in self._modes:
            if mode.level == level and mode.path[:level] == path:
                rest = Term(tuple(f for part in mode.path[level:] for f in part))
                parts.append(self._times((self._notes.mode_piece(mode.k, mode.effect),), rest))
        return parts

    def _times(self, coefficient: tuple[Piece, ...], what: Term) -> tuple[Piece, ...]:
        quantities = self._notes.quantities(what)
        out = coefficient
        for k, quantity in enumerate(quantities):
            single = Term((quantity,)) if k == 0 else Term(())
            index = self._levels.index_of(quantity)
            out = self._notes.times(out, single, (quantity,), lambda _, i=index: i)  # type: ignore[misc]
        return out

    def _own(self, mode: _Mode) -> str:
        """The number of what the mode multiplies at its own level, where it multiplies anything there."""
        rest = any(mode.path[mode.level :])
        return self._digits(mode.path)[mode.level :] if rest else ""

    def _coefficient(self, path: Path) -> Piece | None:
        """γ where nothing above changes it, else β, whose equation is then wanted; None for none."""
        below = self._below(path)
        if below == NOTHING:
            return None
        level = len(path)
        full = path
        while level <= self._levels.depth and not self._changes(full, level):
            full, level = (*full, ()), level + 1
        if level > self._levels.depth:
            return self._named(_GAMMA if self._levels.depth else _BETA, full, "", below)
        piece = self._named(_BETA, full, self._levels.index(level), below)
        self._wanted.append((full, (piece,)))
        return piece

    def _changes(self, path: Path, level: int) -> bool:
        """Whether predictors or modes of a level enter a coefficient's equation."""
        predictors = any(p[:level] == path and p[level] for p in self._paths)
        return predictors or any(m.level == level and m.path[:level] == path for m in self._modes)

    def _below(self, path: Path) -> About:
        """Everything that a coefficient is made of."""
        about = NOTHING
        for p, effect in self._fixed.items():
            if p[: len(path)] == path:
                about = about.also(About(fixed=frozenset({effect.label})))
        for m in self._modes:
            if m.path[: len(path)] == path and m.level >= len(path):
                about = about.also(About(effects=frozenset({(m.k, m.effect.label)})))
        return about

    def _named(self, symbols: tuple[Both, Both], path: Path, index: str, about: About) -> Piece:
        effect = self._effect(path)
        symbol = symbols[self._notes.several_columns(effect)]
        labels = self._notes.level_letters(effect)
        if labels:
            letters = "".join(dict.fromkeys(labels + index))
            what = named(symbol, self._notes.effect_name(effect), letters)
        else:
            what = sub(symbol, self._digits(path) + index)
        fixed = self._fixed.get((*path, *((),) * (self._levels.depth + 1 - len(path))))
        words = "a coefficient that differs between groups: its equation stands below"
        words = self._notes.fixed_words(fixed) if symbols is not _BETA and fixed is not None else words
        return Piece(what.latex, what.text, about=about, words=words)

    def _effect(self, path: Path) -> Term:
        """The effect that a path is, in the order the model writes it."""
        factors = Term(tuple(f for part in path for f in part))
        return next((e for e in self._notes.effects if e.same_effect(factors)), factors)

    def _digits(self, path: Path) -> str:
        """The number of each part among those that a coefficient of its level has."""
        out = ""
        for level, part in enumerate(path):
            siblings = dict.fromkeys(p[level] for p in self._paths if p[:level] == path[:level])
            numbered = [s for s in siblings if s and not self._labelled(s)]
            out += str(numbered.index(part) + 1) if part in numbered else "0"
        return out

    def _labelled(self, part: tuple[Expression, ...]) -> bool:
        return bool(self._notes.labels(Term(part)))
