"""Which level of a hierarchy each grouping factor and each predictor belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from mmgui.figures.equation_facts import EquationFacts
from mmgui.figures.equation_names import shown
from mmgui.figures.equation_notation import Notation
from mmgui.spec.expression import Expression, columns_of
from mmgui.spec.terms import GroupingFactor, Term

Path = tuple[tuple[Expression, ...], ...]
"""An effect cut into what interacts in it at each level, rows first."""


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Levels over the rows, the finest first.

    Attributes
    ----------
    notes
        The notation.
    facts
        The model on its table, or None.
    levels
        The grouping factors of each level: one where they are nested, all of them where they are crossed.
    """

    notes: Notation
    facts: EquationFacts | None
    levels: tuple[tuple[GroupingFactor, ...], ...]

    @property
    def depth(self) -> int:
        """Number of levels over the rows."""
        return len(self.levels)

    @property
    def crossed(self) -> bool:
        """Whether grouping factors share a level."""
        return any(len(level) > 1 for level in self.levels)

    def level_of(self, value: Expression) -> int:
        """The highest level within whose groups an expression is constant; 0 for one that varies in them."""
        return max((p for p, _ in self._constant(value)), default=0)

    def path(self, effect: Term) -> Path:
        """An effect's expressions by level."""
        factors = tuple(dict.fromkeys(effect.factors))
        at = [self.level_of(f) for f in factors]
        return tuple(
            tuple(f for f, p in zip(factors, at, strict=True) if p == q) for q in range(self.depth + 1)
        )

    def level_of_grouping(self, grouping: GroupingFactor) -> int:
        """Which level a grouping factor is."""
        return next(p for p, level in enumerate(self.levels, start=1) if grouping in level)

    def index(self, level: int) -> str:
        """The index of what belongs to a level: the letters of its groups and of all above."""
        if level == 0:
            return self.notes.row
        letters = {c for above in self.levels[level - 1 :] for g in above for c in self._letters(g)}
        return "".join(c for c in self._ordered() if c in letters)

    def index_of(self, value: Expression) -> str:
        """The index of an expression: that of the groups within which it is constant."""
        constant = self._constant(value)
        if not constant:
            return self.notes.row
        level = max(p for p, _ in constant)
        if not self.crossed:
            return self.index(level)
        return self.notes.group_letters(next(g for p, g in constant if p == level))

    def title(self, level: int) -> str:
        """A level's name."""
        if level == 0:
            return "Level 1: rows"
        names = [self._name(g, level) for g in self.levels[level - 1]]
        words = " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
        return f"Level {level + 1}: {words}{', crossed' if self.crossed else ''}"

    def _name(self, grouping: GroupingFactor, level: int) -> str:
        """``cask in batch`` where the formula nests it so."""
        outer = self.levels[level][0].columns if level < self.depth else ()
        own = grouping.columns[len(outer) :]
        if outer and own and grouping.columns[: len(outer)] == outer:
            return f"{shown(':'.join(own))} in {shown(':'.join(outer))}"
        return shown(grouping.label)

    def _letters(self, grouping: GroupingFactor) -> list[str]:
        return [self.notes.letters[c] for c in grouping.columns]

    def _ordered(self) -> list[str]:
        columns = [c for r in self.notes.spec.random for c in r.grouping.columns]
        return list(dict.fromkeys(self.notes.letters[c] for c in columns))

    def _constant(self, value: Expression) -> list[tuple[int, GroupingFactor]]:
        """The levels and grouping factors within whose groups an expression is constant."""
        columns = frozenset(columns_of(value))
        known = frozenset() if self.facts is None else self.facts.constant
        return [
            (p, g)
            for p, level in enumerate(self.levels, start=1)
            for g in level
            if columns <= frozenset(g.columns) or (value, g.label) in known
        ]


def hierarchy(notes: Notation, facts: EquationFacts | None) -> Hierarchy:
    """The levels of a model's grouping factors: a chain where each lies in the next, else one level."""
    groupings = list(dict.fromkeys(r.grouping for r in notes.spec.random if r.has_effects))

    def inside(a: GroupingFactor, b: GroupingFactor) -> bool:
        if frozenset(b.columns) < frozenset(a.columns):
            return True
        within = frozenset() if facts is None else facts.within
        return (a.label, b.label) in within and (b.label, a.label) not in within

    chain = sorted(groupings, key=lambda g: -sum(inside(g, other) for other in groupings))
    nested = all(inside(a, b) for a, b in pairwise(chain))
    if not groupings:
        levels: tuple[tuple[GroupingFactor, ...], ...] = ()
    else:
        levels = tuple((g,) for g in chain) if nested else (tuple(groupings),)
    return Hierarchy(notes, facts, levels)
