"""Which grouping factors there are, and in which order they are eliminated.

Terms that share a grouping factor become one factor. Factors of which each is nested in the next
form a chain: eliminating them in turn leaves every diagonal block block-diagonal, so they cost time
linear in their levels. The factors outside the chain (crossed with it) are kept together densely.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

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
    order
        The level of the design that each level here is, where the engine changes their order; else None.
    """

    codes: IntArray
    levels: int
    terms: tuple[int, ...]
    offsets: tuple[int, ...]
    size: int
    order: NDArray[np.intp] | None = None

    def by_design(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """(L, …) values by the engine's levels, in the order of the design's levels."""
        if self.order is None:
            return values
        out = np.empty_like(values)
        out[self.order] = values
        return out

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


def reordered(factor: Factor, order: NDArray[np.intp]) -> Factor:
    """The factor with its levels in this order."""
    place = np.empty(factor.levels, dtype=factor.codes.dtype)
    place[order] = np.arange(factor.levels)
    return replace(factor, codes=place[factor.codes], order=order)


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
