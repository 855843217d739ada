"""Made tables: every unit under every combination of its factors, so many times."""

from __future__ import annotations

from itertools import product

import numpy as np

from mmgui.data.frame import from_frame
from mmgui.data.table import Table


def within_table(factors: dict[str, int], *, units: int = 12, rows: int = 1, rating: bool = False) -> Table:
    """``Subj``, the factors with so many levels each, perhaps a rating, and ``y``."""
    generator = np.random.default_rng(20260721)
    levels = [[f"{name.lower()}{k + 1}" for k in range(count)] for name, count in factors.items()]
    cells = [
        (f"s{unit + 1:02d}", *combination)
        for unit in range(units)
        for combination in product(*levels)
        for _ in range(rows)
    ]
    columns: dict[str, object] = {
        name: [cell[k] for cell in cells] for k, name in enumerate(["Subj", *factors])
    }
    if rating:
        columns["rating"] = generator.normal(4, 1, len(cells)).round(3)
    columns["y"] = generator.normal(0, 1, len(cells)).round(4)
    return from_frame(columns, "made")
