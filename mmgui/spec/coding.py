"""How a factor enters the fixed effects as columns of numbers: its contrasts and its reference level."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
