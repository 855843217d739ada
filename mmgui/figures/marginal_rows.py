"""Which rows of a model its matrices are drawn on: all where they are few, else those of a few groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.numbers import count

IntArray = NDArray[np.int64]
Codes = NDArray[np.integer]

MOST_ROWS, MOST_COLUMNS = 240, 400
"""Up to how many rows, and columns of Z, the matrices of all rows can be drawn."""
WHOLE = 60
"""Up to how many rows all are drawn where nothing is chosen: of more, single entries cannot be told apart."""
HANDFUL, HANDFUL_ROWS = 5, 120
"""How many groups a few are, and how many rows of them at most are drawn."""
WEIGHTY = 12
"""From how many rows on a group says something."""

ALL, SOME, PICKED, ROWS = "all", "some", "picked", "rows"


@dataclass(frozen=True, slots=True)
class RowOffer:
    """A choice of rows that the model allows: what to ask for, and what it is called."""

    choice: tuple[str, ...]
    text: str


@dataclass(frozen=True, eq=False, slots=True)
class RowChoice:
    """The rows drawn.

    Attributes
    ----------
    rows
        (m,) positions among the rows of the model, sorted by group.
    order
        Positions of the terms by whose grouping factors the rows are sorted, the outermost first; each
        factor once.
    chain
        How many of these, from the first, are each nested in the one before.
    words
        Which rows they are: ``all 180 rows``, ``120 of 73,421 rows: 5 groups of s``.
    taken
        The choice that was carried out.
    offers
        What else can be chosen.
    """

    rows: IntArray
    order: tuple[int, ...]
    chain: int
    words: str
    taken: tuple[str, ...]
    offers: tuple[RowOffer, ...]


def choose_rows(design: Design, choice: Sequence[str] = ()) -> RowChoice:
    """The rows asked for; what fits best where nothing, or what the model does not have, is asked for.

    ``choice`` is empty, or one of: ``all``; ``some`` and a grouping factor; ``picked`` and pairs of a
    grouping factor and a level; ``rows`` and positions in the table.
    """
    factors = _factors(design)
    offers = _offers(design, factors)
    asked = tuple(choice) if _possible(design, tuple(choice), offers) else offers[0].choice
    rows = _asked(design, asked)
    if not len(rows):
        asked = offers[0].choice
        rows = _asked(design, asked)
    rows = _affordable(design, rows)
    lead = next((k for k in factors if asked[:2] == (SOME, design.random[k].grouping)), None)
    order, chain = _order(design, rows, factors, lead)
    keys = [design.random[k].codes[rows] for k in order]
    rows = rows[np.lexsort(keys[::-1])] if keys else rows
    return RowChoice(rows, order, chain, _words(design, asked, rows), asked, offers)


def _factors(design: Design) -> tuple[int, ...]:
    """The first term of each grouping factor, the factor of the fewest groups first."""
    first = sorted(design.first_terms.values())
    return tuple(sorted(first, key=lambda k: len(design.random[k].levels)))


def _offers(design: Design, factors: Sequence[int]) -> tuple[RowOffer, ...]:
    columns = sum(len(r.levels) * len(r.effects) for r in design.random)
    some = [
        RowOffer((SOME, design.random[k].grouping), f"A few groups of {design.random[k].grouping}")
        for k in reversed(factors)
    ]
    if design.nobs <= MOST_ROWS and columns <= MOST_COLUMNS:
        every = RowOffer((ALL,), f"All {design.nobs:,} rows")
        return (every, *some) if design.nobs <= WHOLE else (*some, every)
    if some:
        return tuple(some)
    return (RowOffer((ALL,), f"The first {min(design.nobs, HANDFUL_ROWS)} rows"),)


def _possible(design: Design, choice: tuple[str, ...], offers: Sequence[RowOffer]) -> bool:
    if not choice:
        return False
    if choice[0] == PICKED:
        known = {r.grouping for r in design.random}
        return len(choice) > 2 and any(g in known for g in choice[1::2])
    return choice[0] == ROWS or any(o.choice == choice for o in offers)


def _asked(design: Design, asked: tuple[str, ...]) -> IntArray:
    if asked[0] == SOME:
        return _some(design, asked[1])
    if asked[0] == PICKED:
        pairs = set(zip(asked[1::2], asked[2::2], strict=False))
        mask = np.zeros(design.nobs, dtype=np.bool_)
        for random in design.random:
            wanted = [k for k, level in enumerate(random.levels) if (random.grouping, level) in pairs]
            mask |= np.isin(random.codes, wanted)
        return np.flatnonzero(mask)[:MOST_ROWS].astype(np.int64)
    if asked[0] == ROWS:
        wanted_rows = [int(text) for text in asked[1:] if text.isdecimal()]
        return np.flatnonzero(np.isin(design.rows, wanted_rows))[:MOST_ROWS].astype(np.int64)
    return np.arange(design.nobs if design.nobs <= MOST_ROWS else HANDFUL_ROWS, dtype=np.int64)


def _some(design: Design, grouping: str) -> IntArray:
    """The rows of a handful of groups that have as much in common as can be, and of large ones some rows."""
    lead = next(r for r in design.random if r.grouping == grouping)
    sizes = np.bincount(lead.codes, minlength=len(lead.levels))
    fair = HANDFUL_ROWS // HANDFUL
    large = np.flatnonzero(sizes >= min(WEIGHTY, sizes.max()))
    fitting = large[sizes[large] <= fair]
    chosen = [int(fitting[0] if len(fitting) else large[0])]
    others = [r for r in design.random if r.grouping != grouping]
    shared = [_Sharing(r.codes, len(r.levels), lead.codes, len(lead.levels)) for r in others]
    while len(chosen) < min(HANDFUL, len(lead.levels)):
        scores = np.zeros(len(lead.levels))
        for sharing in shared:
            scores += sharing.score(chosen)
        # The first of the best; where groups share nothing, those that follow in the order of the levels.
        scores = np.where(sizes <= fair, scores + 1.0, scores) - 1e-9 * np.arange(len(scores))
        scores[chosen] = -1.0
        chosen.append(int(np.argmax(scores)))
    kept = [_spread(np.flatnonzero(lead.codes == k), fair) for k in sorted(chosen)]
    return np.sort(np.concatenate(kept)).astype(np.int64)


def _spread(rows: IntArray, most: int) -> IntArray:
    """From the first to the last: in a sorted table the first alone would be all of one condition."""
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).round().astype(np.int64)]


class _Sharing:
    """How much groups have in common by another factor: what few rows have counts most."""

    def __init__(self, codes: Codes, levels: int, lead: Codes, groups: int) -> None:
        self._codes, self._lead, self._groups = codes, lead, groups
        self._rarity = 1.0 / np.maximum(np.bincount(codes, minlength=levels), 1)

    def score(self, chosen: Sequence[int]) -> NDArray[np.float64]:
        """(groups,) how much each has in common with those chosen."""
        seen = np.zeros(len(self._rarity))
        seen[self._codes[np.isin(self._lead, chosen)]] = 1.0
        weights = (seen * self._rarity)[self._codes]
        return np.asarray(np.bincount(self._lead, weights, minlength=self._groups), dtype=np.float64)


def _affordable(design: Design, rows: IntArray) -> IntArray:
    """As many of the rows, from the first, as leave Z its number of columns."""
    while len(rows) > 2:
        columns = sum(len(np.unique(r.codes[rows])) * len(r.effects) for r in design.random)
        if columns <= MOST_COLUMNS:
            break
        rows = rows[: len(rows) // 2]
    return rows


def _order(
    design: Design, rows: IntArray, factors: Sequence[int], lead: int | None
) -> tuple[tuple[int, ...], int]:
    """Factors in which the lead is nested, the lead, the others; and how long the chain of nesting is."""
    if not factors:
        return (), 0
    codes = {k: design.random[k].codes[rows] for k in factors}
    first = factors[0] if lead is None else lead
    above = [k for k in factors if k != first and _nested(codes[first], codes[k])]
    order = [*above, first, *(k for k in factors if k != first and k not in above)]
    chain = 1
    while chain < len(order) and _nested(codes[order[chain]], codes[order[chain - 1]]):
        chain += 1
    return tuple(order), chain


def _nested(inner: Codes, outer: Codes) -> bool:
    """Whether every inner group lies within one outer group, and they are not the same groups."""
    pairs = len(np.unique(np.column_stack([inner, outer]), axis=0))
    return pairs == len(np.unique(inner)) > len(np.unique(outer))


def _words(design: Design, asked: tuple[str, ...], rows: IntArray) -> str:
    of = f"{len(rows):,} of {design.nobs:,} rows"
    if len(rows) == design.nobs:
        return f"all {design.nobs:,} rows"
    if asked[0] == SOME:
        random = next(r for r in design.random if r.grouping == asked[1])
        groups = np.unique(random.codes[rows])
        several = count(len(groups), "group")
        partly = "some rows of " if len(rows) < np.isin(random.codes, groups).sum() else ""
        return f"{of}: {partly}{several} of {random.grouping}"
    if asked[0] in (PICKED, ROWS):
        return f"{of}: those picked"
    return f"the first {of}"
