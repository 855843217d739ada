"""Results that cannot be changed: a frozen dataclass does not protect the arrays it holds."""

from __future__ import annotations

import numpy as np

from mmgui.engine.result import Fit


def freeze(fit: Fit) -> None:
    """Make every array of a fit, of its terms, its log and its design read-only."""
    for part in (fit, fit.log, fit.design, *fit.terms, *fit.design.random):
        for value in vars(part).values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)
