"""How a factor enters the effects of a model as columns of numbers: its contrasts and its reference level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from mmgui.spec.expression import Call, Expression, Name
from mmgui.spec.terms import Term


class Contrast(StrEnum):
    """R's four families of contrasts."""

    TREATMENT = "treatment"
    """Every other level against the reference level (``contr.treatment``); R's default and ours."""

    SUM = "sum"
    """Every level but the last against the mean of all (``contr.sum``)."""

    HELMERT = "helmert"
    """Every level against the mean of those before it (``contr.helmert``)."""

    POLYNOMIAL = "polynomial"
    """Linear, quadratic, … trend over the levels in their order (``contr.poly``)."""


@dataclass(frozen=True, slots=True)
class Coding:
    """What was chosen for one factor.

    Attributes
    ----------
    column
        The factor.
    contrast
        Its contrasts.
    reference
        The level put first under treatment contrasts, and the level without a column of its own under
        sum contrasts; None for the first, and the last, of the levels' order. Without meaning for others.
    """

    column: str
    contrast: Contrast = Contrast.TREATMENT
    reference: str | None = None

    @property
    def usual(self) -> bool:
        """Whether this is what a factor has of which nothing is chosen."""
        return self.contrast is Contrast.TREATMENT and self.reference is None


def coded_column(expression: Expression) -> str | None:
    """The column whose coding an expression takes where it is a factor: that of ``f`` and ``factor(f)``."""
    match expression:
        case Name(name):
            return name
        case Call("factor" | "I", (inner,), ()):
            return coded_column(inner)
        case _:
            return None


def coded_columns(terms: Iterable[Term]) -> frozenset[str]:
    """The columns that have a coding in these terms where they are factors."""
    found = (coded_column(factor) for term in terms for factor in term.factors)
    return frozenset(name for name in found if name is not None)


def made_factors(terms: Iterable[Term]) -> frozenset[str]:
    """The columns that ``factor()`` makes factors of in these terms."""
    return coded_columns(
        Term(tuple(f for f in term.factors if isinstance(f, Call) and f.function == "factor"))
        for term in terms
    )
