"""What a running fit tells: frozen events, in the order they happen."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.engine.result import Fit
from mmgui.errors import MmguiError


@dataclass(frozen=True, eq=False, slots=True)
class Started:
    """The matrices are built and the optimiser begins.

    ``parameters`` names theta's entries; ``design`` is what is fitted, for those who name them otherwise.
    """

    parameters: tuple[str, ...]
    nobs: int
    design: Design | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Evaluated:
    """The k-th evaluation (from 1): criterion, theta (a copy), scaled gradient norm (NaN if not computed).

    ``sigma`` is the residual standard deviation that is best at theta; ``start`` counts the places at which
    the search began, 0 the first.
    """

    k: int
    objective: float
    theta: NDArray[np.float64]
    gradient_norm: float
    sigma: float = math.nan
    start: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class Finished:
    """The fit is complete."""

    fit: Fit


@dataclass(frozen=True, eq=False, slots=True)
class Stopped:
    """The person stopped the fit; ``best`` is the fit at the best point so far, None if there was none."""

    best: Fit | None


@dataclass(frozen=True, eq=False, slots=True)
class Failed:
    """The fit cannot be done; the error has the sentence for people."""

    error: MmguiError


FitEvent = Started | Evaluated | Finished | Stopped | Failed
OnEvent = Callable[[FitEvent], None]
ShouldStop = Callable[[], bool]
