"""Which grouping factors there are, and in which order they are eliminated.

Terms that share a grouping factor become one factor. Factors of which each is nested in the next
form a chain: eliminating them in turn leaves every diagonal block block-diagonal, so they cost time
linear in their levels. The factors outside the chain (crossed with it) are kept together densely.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design, IntArray


@dataclass(frozen=True, eq=False)
class Factor:
    """A grouping factor with all random effects that vary over it.

    Attributes
    ----------
    codes
        (n,) the group of each row.
    levels
        Number of groups.
    terms
        The design's random-effects terms that use it.
    offsets
        For each of these terms, where its effects start among the factor's.
    size
        Number of effects, s.
    """

    codes: IntArray
    levels: int
    terms: tuple[int, ...]
    offsets: tuple[int, ...]
    size: int

    @property
    def effects(self) -> int:
        """Number of random effects: levels × size."""
        return self.levels * self.size


def amalgamate(design: Design) -> tuple[Factor, ...]:
    """The design's grouping factors, by number of random effects, descending."""
    members: dict[str, list[int]] = {}
    for k, term in enumerate(design.random):
        members.setdefault(term.grouping, []).append(k)
    factors = []
    for terms in members.values():
        sizes = [len(design.random[k].effects) for k in terms]
        first = design.random[terms[0]]
        offsets = tuple(sum(sizes[:i]) for i in range(len(sizes)))
        factors.append(Factor(first.codes, len(first.levels), tuple(terms), offsets, sum(sizes)))
    return tuple(sorted(factors, key=lambda f: -f.effects))


def parents(inner: Factor, outer: Factor) -> NDArray[np.intp] | None:
    """(inner.levels,) the outer group that each inner group lies in, or None if not nested."""
    if inner.levels < outer.levels:
        return None
    parent = np.empty(inner.levels, dtype=np.intp)
    parent[inner.codes] = outer.codes
    return parent if np.array_equal(parent[inner.codes], outer.codes) else None


def elimination_order(factors: tuple[Factor, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The chain (finest first) that eliminates most random effects, and the factors left over."""
    order = sorted(range(len(factors)), key=lambda i: -factors[i].levels)
    best: dict[int, tuple[int, tuple[int, ...]]] = {}
    for position, j in enumerate(order):
        candidates = [(0, ())] + [
            best[i] for i in order[:position] if parents(factors[i], factors[j]) is not None
        ]
        total, chain = max(candidates, key=lambda c: c[0])
        best[j] = (total + factors[j].effects, (*chain, j))
    chain = max(best.values(), key=lambda c: c[0])[1] if best else ()
    return chain, tuple(i for i in range(len(factors)) if i not in chain)
