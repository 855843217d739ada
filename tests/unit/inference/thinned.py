"""Fits to tables from which rows, or a whole cell, were taken so that nothing is balanced."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from mmgui.data.assemble import make_table
from mmgui.data.read import read_table
from mmgui.data.table import Table
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.formula import parse

TABLES = Path(__file__).resolve().parents[2] / "data" / "lme4"

CONTRASTS = {
    "contr.sum": Contrast.SUM,
    "contr.helmert": Contrast.HELMERT,
    "contr.poly": Contrast.POLYNOMIAL,
}


@cache
def thinned_table(name: str, thinned: bool = True, missing_cell: bool = False) -> Table:
    """The table without the rows i (from 0) with (i² + 3 ⌊i/7⌋) mod 5 = 1, as ``term_tests.json`` has it.

    ``missing_cell`` also takes Victory with 0.6 of nitrogen out of Oats.
    """
    table = read_table(TABLES / f"{name}.csv")
    i = np.arange(table.nrows)
    keep = (i * i + 3 * (i // 7)) % 5 != 1 if thinned else np.ones(table.nrows, dtype=bool)
    if missing_cell:
        variety, nitro = table["Variety"], table["nitro"]
        keep &= ~((variety.codes == variety.levels.index("Victory")) & (nitro.values == 0.6))
    columns = [
        replace(c, values=None if c.values is None else c.values[keep], codes=c.codes[keep])
        for c in table.columns
    ]
    return make_table(name, columns)


@cache
def thinned_fit(
    name: str,
    formula: str,
    contrasts: tuple[tuple[str, str], ...] = (),
    *,
    thinned: bool = True,
    missing_cell: bool = False,
    reml: bool = True,
) -> Fit:
    """The fit of a formula, with R's names of contrasts for some factors."""
    codings = tuple(Coding(column, CONTRASTS[name]) for column, name in contrasts)
    spec = replace(parse(formula), codings=codings, reml=reml)
    return fit(FitJob(spec, thinned_table(name, thinned, missing_cell)))
