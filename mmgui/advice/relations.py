"""How the grouping factors of a model lie to each other, worked out once a table."""

from __future__ import annotations

from collections import OrderedDict

from mmgui.data.relation import Relation, relation
from mmgui.data.table import Table

Columns = tuple[str, ...]

_MOST_KEPT = 512
_known: OrderedDict[tuple[str, Columns, Columns], Relation] = OrderedDict()


def relation_of(table: Table, a: Columns, b: Columns) -> Relation:
    """The relation of two grouping factors, remembered by the table's fingerprint.

    Raises
    ------
    DataError
        ``unknown_column``; ``no_rows`` where no row has both.
    """
    key = (table.fingerprint, a, b)
    found = _known.get(key)
    if found is None:
        found = relation(table, a, b)
        _known[key] = found
        if len(_known) > _MOST_KEPT:
            _known.popitem(last=False)
    return found
