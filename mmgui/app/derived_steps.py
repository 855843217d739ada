"""Steps that make columns from others, name them, put them into the model and take them out again."""

from __future__ import annotations

from dataclasses import replace

from mmgui.app.steps import Steps
from mmgui.data.table import Table
from mmgui.errors import DataError, Where
from mmgui.spec import edit, edit_fixed
from mmgui.spec.derived import Derivation, DerivedColumn, derived_column
from mmgui.spec.model import ModelSpec

_OF_NUMBERS = (
    Derivation.CENTER,
    Derivation.SCALE,
    Derivation.LOG,
    Derivation.SQUARE,
    Derivation.SHIFT,
)


class DerivedSteps(Steps):
    """What a person can do with derived columns; each raises DataError where it cannot be done."""

    @property
    def derived(self) -> tuple[DerivedColumn, ...]:
        """The derived columns there are."""
        return self._store.document.derived

    def derived_called(self, name: str) -> DerivedColumn | None:
        """The derived column of that name, None for a column of the file."""
        return next((d for d in self.derived if d.name == name), None)

    def proposed(self, derivation: Derivation, column: str, by: tuple[str, ...] = ()) -> DerivedColumn:
        """The derived column of that kind: the one there is, else a new one under a free name."""
        for known in self.derived:
            if (known.derivation, known.column, known.by) == (derivation, column, by):
                return known
        return derived_column(derivation, column, by, self._table().names)

    def derive(self, column: DerivedColumn) -> None:
        """Make a column, without putting it into the model."""
        if column not in self.derived:
            self._store.edit_draft(f"Derive {column.name}: {column.words}", self.draft, derived=(column,))

    def replace_by_derived(self, column: DerivedColumn, *, in_slopes: bool = True) -> None:
        """Make a column and put it in the place of the one it is made from."""
        spec = edit_fixed.replace_column(self.draft, column.column, column.name, in_slopes=in_slopes)
        where = "" if in_slopes else " in the fixed effects"
        label = f"Replace {column.column} by {column.name}{where}"
        self._store.edit_draft(label, spec, derived=(column,))

    def split(self, within: DerivedColumn, mean: DerivedColumn, *, in_slopes: bool = True) -> None:
        """Put a column's parts within and between groups in its place."""
        spec = edit_fixed.split_column(self.draft, within.column, within.name, mean.name, in_slopes=in_slopes)
        label = f"Split {within.column} into {within.name} and {mean.name}"
        self._store.edit_draft(label, spec, derived=(within, mean))

    def restore(self, column: DerivedColumn) -> None:
        """Put the column that a derived one is made from back in its place; of a split, of both parts."""
        made = [d.name for d in self.derived if _belongs(d, column)]
        spec = edit_fixed.join_columns(self.draft, made, column.column)
        self._store.edit_draft(f"Back to {column.column}", spec)

    def rename_derived(self, old: str, new: str) -> None:
        """Call a derived column otherwise, wherever it is read.

        Raises
        ------
        DataError
            ``no_name``, or ``name_taken``.
        """
        new = new.strip()
        if not new:
            raise DataError("no_name", "Write a name for the column.", Where("column", old))
        if new == old:
            return
        if new in self._table():
            message = f"There is a column “{new}” already; choose another name."
            raise DataError("name_taken", message, Where("column", new))
        document = self._store.document
        derived = tuple(_renamed(d, old, new) for d in document.derived)
        draft = edit.rename_column(document.draft, old, new)
        self._store.edit(f"Rename {old} to {new}", replace(document, derived=derived, draft=draft))

    def removal_effect(self, name: str) -> str:
        """What removing a derived column does to the model, to be said behind the column's name."""
        derived = self._derived(name)
        if name not in self.draft.columns():
            return ""
        if derived.derivation in _OF_NUMBERS:
            return f", with {derived.column} in its place"
        return ", from the model too"

    def remove_derived(self, name: str) -> None:
        """Remove a derived column, and see to the model where that reads it.

        Raises
        ------
        DataError
            ``derived_from`` where another derived column is made from it.
        """
        derived = self._derived(name)
        made = [d.name for d in self.derived if name in d.reads]
        if made:
            message = f"“{made[0]}” is made from “{name}”; remove “{made[0]}” first."
            raise DataError("derived_from", message, Where("column", name))
        document = self._store.document
        changed = replace(
            document,
            derived=tuple(d for d in document.derived if d.name != name),
            draft=_without(document.draft, derived),
        )
        self._store.edit(f"Remove the column {name}{self.removal_effect(name)}", changed)

    def _derived(self, name: str) -> DerivedColumn:
        derived = self.derived_called(name)
        if derived is None:
            raise DataError("not_derived", f"“{name}” is a column of the file.", Where("column", name))
        return derived

    def _table(self) -> Table:
        table = self._store.table()
        if table is None:
            raise DataError("no_table", "There is no table yet. Open a file or choose a sample first.")
        return table


def _belongs(other: DerivedColumn, column: DerivedColumn) -> bool:
    """Whether the two are one, or the parts within and between the same groups of one column."""
    parts = (Derivation.CENTER, Derivation.MEAN)
    split = other.derivation in parts and column.derivation in parts and bool(column.by)
    return other == column or (split and (other.column, other.by) == (column.column, column.by))


def _renamed(derived: DerivedColumn, old: str, new: str) -> DerivedColumn:
    name, *reads = (new if c == old else c for c in (derived.name, *derived.reads))
    return replace(derived, name=name, column=reads[0], by=tuple(reads[1:]))


def _without(draft: ModelSpec, derived: DerivedColumn) -> ModelSpec:
    if derived.name not in draft.columns():
        return draft
    if derived.derivation in _OF_NUMBERS:
        return edit.rename_column(draft, derived.name, derived.column)
    if derived.derivation is Derivation.COMBINE:
        draft = edit_fixed.group_by_parts(draft, derived.name, derived.reads)
    return edit_fixed.without_column(draft, derived.name)
