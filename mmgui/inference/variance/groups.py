"""Which rows belong to the groups that are asked for by name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design
from mmgui.errors import ModelError, Where

IntArray = NDArray[np.intp]


def rows_of_groups(design: Design, grouping: str, levels: Sequence[str] | None = None) -> dict[str, IntArray]:
    """The rows, positions in the design, of groups of a grouping factor, in the order asked for.

    Parameters
    ----------
    design
        The model's matrices.
    grouping
        A grouping factor of the model: ``"Subject"``, ``"batch:cask"``.
    levels
        The groups; all if None.

    Raises
    ------
    ModelError
        ``no_such_grouping``, ``no_such_group``.
    """
    random = next((r for r in design.random if r.grouping == grouping), None)
    if random is None:
        known = ", ".join(dict.fromkeys(r.grouping for r in design.random)) or "none"
        raise ModelError(
            "no_such_grouping",
            f"The model has no grouping factor {grouping}; it has {known}.",
            Where("term", grouping),
        )
    order = np.argsort(random.codes, kind="stable")
    rows = np.split(order, np.flatnonzero(np.diff(random.codes[order])) + 1)
    by_name = dict(zip(random.levels, rows, strict=True))
    for name in () if levels is None else levels:
        if name not in by_name:
            raise ModelError(
                "no_such_group",
                f"{grouping} has no group {name} among the rows used; choose one that it has.",
                Where("term", grouping),
            )
    return by_name if levels is None else {name: by_name[name] for name in levels}
