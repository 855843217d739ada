"""A linear mixed model as it is asked for, whole or still being built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mmgui.spec.coding import Coding
from mmgui.spec.expression import Expression, columns_of
from mmgui.spec.terms import RandomTerm, Term


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A linear mixed model.

    Attributes
    ----------
    response
        The response, a column or a transformation of one; None while it has not been chosen.
    intercept
        Whether there is a fixed intercept.
    fixed
        Fixed-effect terms without the intercept, expanded (``a*b`` is ``a``, ``b``, ``a:b``) and
        sorted by order as in R.
    random
        Random-effects terms, expanded (``a/b`` is ``a``, ``a:b``), in the order of the formula.
    offset
        Expressions added to the linear predictor with coefficient 1.
    weights
        The column of prior weights, or None.
    reml
        True to fit by restricted maximum likelihood, False by maximum likelihood.
    codings
        Contrasts and reference levels of factors, at most one for a column; treatment contrasts against
        the first level where a factor is not named.
    """

    response: Expression | None = None
    intercept: bool = True
    fixed: tuple[Term, ...] = ()
    random: tuple[RandomTerm, ...] = ()
    offset: tuple[Expression, ...] = ()
    weights: str | None = None
    reml: bool = True
    codings: tuple[Coding, ...] = ()

    def effects(self) -> Iterator[Term]:
        """Every term that makes columns: the fixed effects, then what varies between groups."""
        yield from self.fixed
        for random in self.random:
            yield from random.slopes

    def columns(self) -> tuple[str, ...]:
        """Every column the model reads, each once, in order of first use."""
        return tuple(dict.fromkeys(self._columns()))

    def _columns(self) -> Iterator[str]:
        if self.response is not None:
            yield from columns_of(self.response)
        for term in self.fixed:
            yield from term.columns()
        for expression in self.offset:
            yield from columns_of(expression)
        for random in self.random:
            for effect in random.slopes:
                yield from effect.columns()
            yield from random.grouping.columns
        if self.weights is not None:
            yield self.weights
