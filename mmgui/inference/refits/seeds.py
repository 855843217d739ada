"""Seeds of random numbers."""

from __future__ import annotations

from operator import index

import numpy as np

from mmgui.errors import FitError


def checked_seed(seed: int | None) -> int | None:
    """The seed as a plain whole number, None for none.

    Parameters
    ----------
    seed
        A whole number of at least 0, None to have one drawn.

    Raises
    ------
    FitError
        ``bad_seed``.
    """
    if seed is None:
        return None
    try:
        number = index(seed)
    except TypeError:
        number = -1
    if number < 0 or isinstance(seed, bool):
        raise FitError(
            "bad_seed", f"{seed!r} cannot seed random numbers; give a whole number of at least 0, such as 1."
        )
    return number


def drawn_seed(seed: int | None) -> int:
    """The seed, checked as by :func:`checked_seed`; a new one where there is none."""
    number = checked_seed(seed)
    if number is not None:
        return number
    return int(np.random.SeedSequence().generate_state(1, np.uint32)[0])
