"""Where the groups of a line of nested factors stand: a row of boxes a factor, leaves at the foot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mmgui.figures.grouping import FactorGroups, IntArray
from mmgui.plots.grouping_marks import FloatArray, bins


@dataclass(frozen=True, eq=False, slots=True)
class Rank:
    """The boxes of one factor.

    Attributes
    ----------
    starts, ends
        (b,) the groups that each box stands for.
    left, right
        (b,) pixels of the room that all that lies inside a box takes.
    above
        (b,) the box of the rank above that it hangs on; zeros in the first rank.
    rows
        (b,) rows of a group in the box, of several the most.
    """

    starts: IntArray
    ends: IntArray
    left: FloatArray
    right: FloatArray
    above: IntArray
    rows: IntArray

    @property
    def count(self) -> int:
        """Number of boxes."""
        return len(self.starts)

    def single(self, box: int) -> bool:
        """Whether a box stands for one group."""
        return bool(self.ends[box] - self.starts[box] == 1)


def ranks(factors: tuple[FactorGroups, ...], left: float, pitch: float, least: float) -> tuple[Rank, ...]:
    """Boxes from the coarsest factor to the finest; neighbours share one that were narrower than ``least``.

    A box never reaches across two boxes of the rank above, so that branches stay branches.
    """
    edges = _edges(factors)
    out: list[Rank] = []
    for level, factor in enumerate(factors):
        starts: list[int] = []
        above: list[int] = []
        outer = out[-1] if out else None
        for box in range(outer.count if outer is not None else 1):
            first, last = 0, len(factor.levels)
            if outer is not None:
                first, last = (
                    int(k) for k in np.searchsorted(factor.parent, (outer.starts[box], outer.ends[box]))
                )
            if last == first:
                continue
            room = float(edges[level][last] - edges[level][first]) * pitch
            new = first + bins(last - first, max(1, int(room // least)))
            starts += new.tolist()
            above += [box] * len(new)
        begin = np.array(starts, dtype=np.int64)
        stop = np.append(begin[1:], len(factor.levels))
        rows = np.maximum.reduceat(factor.sizes, begin)
        place = edges[level]
        out.append(
            Rank(begin, stop, left + place[begin] * pitch, left + place[stop] * pitch, np.array(above), rows)
        )
    return tuple(out)


def _edges(factors: tuple[FactorGroups, ...]) -> list[FloatArray]:
    """How many of the finest groups lie before each group, for every factor."""
    edges = [np.arange(len(factors[-1].levels) + 1, dtype=np.float64)]
    for factor, coarser in zip(factors[:0:-1], factors[-2::-1], strict=True):
        first = np.searchsorted(factor.parent, np.arange(len(coarser.levels) + 1))
        edges.insert(0, edges[0][first])
    return edges
