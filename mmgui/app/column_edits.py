"""Changes of a column's type and reference level, each one undo step."""

from __future__ import annotations

from dataclasses import replace

from mmgui.app.store import Store
from mmgui.data.table import Kind, Table
from mmgui.errors import DataError, Where
from mmgui.spec.derived import Derivation
from mmgui.spec.document import ColumnSetting


class ColumnEditor:
    """Edits the column settings of the store's document."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def set_kind(self, name: str, kind: Kind) -> None:
        """Take a column as a number, a category or an id.

        Raises
        ------
        DataError
            If the column cannot be of that kind, or is derived; the document stays as it is.
        """
        imported = self._imported()
        self._refuse_derived(name, "type")
        self._refuse_source(name, kind)
        wanted = None if imported[name].kind is kind else kind.value
        self._edit(f"Use {name} as {_with_article(kind)}", replace(self._setting(name), kind=wanted))

    def set_reference(self, name: str, level: str) -> None:
        """Make a level the one that others are compared with.

        Raises
        ------
        DataError
            If the column has no such level, or is derived; the document stays as it is.
        """
        imported = self._imported()
        self._refuse_derived(name, "order of levels")
        levels = () if imported[name].levels[:1] == (level,) else (level,)
        self._edit(f"Use {level} as reference of {name}", replace(self._setting(name), levels=levels))

    def _imported(self) -> Table:
        table = self._store.imported_table()
        if table is None:
            raise RuntimeError("a column cannot be edited without a table")
        return table

    def _refuse_derived(self, name: str, what: str) -> None:
        derived = next((d for d in self._store.document.derived if d.name == name), None)
        if derived is not None:
            raise DataError(
                "derived_setting",
                f"The {what} of “{name}” follows from how it is made ({derived.words}); "
                "change the columns that it is made from.",
                Where("column", name),
            )

    def _refuse_source(self, name: str, kind: Kind) -> None:
        """Numbers that other columns are made of stay numbers."""
        made = [
            d.name
            for d in self._store.document.derived
            if d.column == name and d.derivation is not Derivation.COMBINE
        ]
        if made and kind is not Kind.NUMBER:
            those = f"“{made[0]}”" if len(made) == 1 else f"“{made[0]}” and {len(made) - 1} more"
            raise DataError(
                "source_of_derived",
                f"“{name}” has to stay a number, because {those} {'is' if len(made) == 1 else 'are'} made "
                "from it; remove what is made from it first.",
                Where("column", name),
            )

    def _setting(self, name: str) -> ColumnSetting:
        settings = self._store.document.columns
        return next((s for s in settings if s.name == name), ColumnSetting(name))

    def _edit(self, label: str, setting: ColumnSetting) -> None:
        document = self._store.document
        others = [s for s in document.columns if s.name != setting.name]
        plain = setting.kind is None and not setting.levels
        order = {n: i for i, n in enumerate(self._imported().names)}
        new = tuple(sorted(others if plain else [*others, setting], key=lambda s: order[s.name]))
        changed = replace(document, columns=new)
        # Raises before the document is touched.
        self._store.check(changed)
        self._store.edit(label, changed)


def _with_article(kind: Kind) -> str:
    return {Kind.NUMBER: "a number", Kind.CATEGORY: "a category", Kind.ID: "an id"}[kind]
