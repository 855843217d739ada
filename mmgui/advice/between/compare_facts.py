"""What the rules between fits look at: the fits, the tests between them, how many models were tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from mmgui.advice.finding import Finding
from mmgui.engine.result import Fit
from mmgui.inference.comparison.lrt import Comparison, NestedTest
from mmgui.inference.comparison.nesting import same_columns
from mmgui.words import effect_name, listed


class CompareFacts:
    """Facts about fitted models beside each other.

    Parameters
    ----------
    fits
        The models.
    comparison
        The tests between them of ``inference.lrt.compare``, on the same models in the same order.
    tried
        How many models of this response were fitted to these data in all.
    """

    def __init__(self, fits: Sequence[Fit], comparison: Comparison, tried: int = 0) -> None:
        self.fits = tuple(fits)
        self.comparison = comparison
        self.tried = tried

    def same_fixed(self, a: int, b: int) -> bool:
        """Whether two models have the same columns of fixed effects."""
        return same_columns(self.fits[a].design.x, self.fits[b].design.x)

    def added(self, test: NestedTest) -> str:
        """What the larger model of a test has more, in words."""
        small, big = self.fits[test.small].design, self.fits[test.big].design
        fixed = [effect_name(n) for n in big.fixed_names if n not in small.fixed_names]
        return listed(fixed) or "what the larger model adds"


CompareRule = Callable[[CompareFacts], Iterator[Finding]]
