"""What ``*`` stands for: products of a formula whose main effects and interactions are all in the model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from mmgui.spec.expression import Expression, show
from mmgui.spec.terms import Term

MOST_FACTORS = 6
"""Of more factors nobody reads a product, and its terms are too many to write out (2⁷ - 1 = 127)."""


@dataclass(frozen=True, slots=True)
class Product:
    """``a * b * c``.

    Attributes
    ----------
    factors
        What is multiplied, in the order of the formula.
    """

    factors: tuple[Expression, ...]

    @property
    def label(self) -> str:
        """``a * b * c``."""
        return " * ".join(show(f) for f in self.factors)

    @property
    def terms(self) -> tuple[Term, ...]:
        """Every term it stands for, main effects first: ``a``, ``b``, ``a:b``."""
        return tuple(Term(chosen) for chosen in _subsets(self.factors))

    @property
    def interactions(self) -> tuple[Term, ...]:
        """Its terms without the main effects."""
        return tuple(term for term in self.terms if term.order > 1)


def product_of(*terms: Term) -> Product:
    """The product of several effects: of ``a:b`` and ``c`` it is ``a * b * c``."""
    return Product(tuple(dict.fromkeys(factor for term in terms for factor in term.factors)))


def complete_products(terms: Iterable[Term]) -> tuple[Product, ...]:
    """The largest products whose every term is among ``terms``, in the order of their interactions.

    Parameters
    ----------
    terms
        The fixed effects of a model, without the intercept.

    Returns
    -------
    tuple of Product
        Each of two to ``MOST_FACTORS`` factors, none contained in another.
    """
    given = list(terms)
    known = {frozenset(term.factors) for term in given}
    found: list[frozenset[Expression]] = []
    for term in sorted(given, key=lambda t: -t.order):
        factors = frozenset(term.factors)
        if not 2 <= len(factors) <= MOST_FACTORS or any(factors <= larger for larger in found):
            continue
        if all(frozenset(chosen) in known for chosen in _subsets(tuple(factors))):
            found.append(factors)
    kept = set(found)
    return tuple(Product(term.factors) for term in given if frozenset(term.factors) in kept)


def _subsets(factors: tuple[Expression, ...]) -> Iterator[tuple[Expression, ...]]:
    for count in range(1, len(factors) + 1):
        yield from combinations(factors, count)
