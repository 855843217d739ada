"""Which effect of a random-effects term each of its columns belongs to, read from the columns' names."""

from __future__ import annotations

from collections.abc import Sequence

from mmgui.spec.expression import show
from mmgui.spec.terms import INTERCEPT_NAME, RandomTerm, Term


def effect_of_columns(term: RandomTerm, names: Sequence[str]) -> tuple[int, ...]:
    """(s,) position among ``term.effects`` of each column.

    Columns stand in the order of the effects, and an effect's columns are named after its expressions:
    ``Machine`` makes ``MachineB``, ``A:x`` makes ``A2:x``. Where a name fits several effects, it is the
    earliest's for which the columns that follow fit too.

    Parameters
    ----------
    term
        The term.
    names
        Its columns as R names them.
    """
    effects = term.effects
    last = len(effects) - 1
    # ends[e][c]: whether the columns from c on can be those of effects e, e + 1, …
    ends = [[False] * len(names) + [True] for _ in range(len(effects) + 1)]
    for c in range(len(names) - 1, -1, -1):
        for e in range(last, -1, -1):
            ends[e][c] = (_fits(effects[e], names[c]) and ends[e][c + 1]) or ends[e + 1][c]
    out: list[int] = []
    effect = 0
    for c, name in enumerate(names):
        while effect < last and not (_fits(effects[effect], name) and ends[effect][c + 1]):
            effect += 1
        out.append(effect)
    return tuple(out)


def _fits(effect: Term, name: str) -> bool:
    """Whether a column can be one of an effect's."""
    if not effect.factors:
        return name == INTERCEPT_NAME
    at = 0
    for factor in dict.fromkeys(effect.factors):
        found = name.find(show(factor, quoted=False), at)
        if found < 0 or (at == 0 and found > 0):
            return False
        at = found + len(show(factor, quoted=False))
    return True
