"""Which columns can weight the rows, and what is wrong with the one that does."""

from __future__ import annotations

from mmgui.data.table import Table
from mmgui.engine.build.response import weights
from mmgui.engine.build.rows import complete_rows
from mmgui.errors import ModelError
from mmgui.spec.expression import Name
from mmgui.spec.model import ModelSpec


def weight_columns(spec: ModelSpec, table: Table | None) -> tuple[str, ...]:
    """The columns of numbers but the response; one that is chosen already in any case."""
    numbers = () if table is None else tuple(c.name for c in table.columns if c.is_number)
    names = tuple(n for n in numbers if spec.response != Name(n))
    chosen = spec.weights
    return names if chosen is None or chosen in names else (chosen, *names)


def weights_problem(spec: ModelSpec, table: Table | None) -> str:
    """Why the rows cannot be weighted so, in a sentence; empty where they can."""
    name = spec.weights
    if name is None or table is None:
        return ""
    if name not in table:
        return f"There is no column {name} in this table; choose another column of weights."
    try:
        weights(name, table, complete_rows(table, [c for c in spec.columns() if c in table]))
    except ModelError as error:
        return "" if error.code in ("no_rows", "no_complete_rows") else error.message
    return ""
