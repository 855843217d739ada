"""The matrices of the model on chosen rows: X, Z, Λ, ZΛ and V."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mmgui.engine.result import Fit


@dataclass(frozen=True, eq=False, slots=True)
class MatricesFigure:
    """The matrices of a fit on chosen rows."""

    fit: Fit


def matrices_figure(fit: Fit, _choice: tuple[str, ...] = ()) -> MatricesFigure:
    """The matrices on the rows chosen."""
    return MatricesFigure(fit)
