"""Everything a session holds, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from mmgui.spec.derived import DerivedColumn
from mmgui.spec.model import ModelSpec


@dataclass(frozen=True, slots=True)
class TableRef:
    """Which table the session works on.

    Attributes
    ----------
    name
        Short name for people: ``sleepstudy``.
    source
        ``"file"``, ``"sample"`` or ``"pasted"``.
    path
        Where a file was read from; the sample's key for a sample; empty for a pasted table.
    fingerprint
        SHA-256 (hex) of the table's content; the key under which the store keeps it.
    """

    name: str
    source: str
    path: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ColumnSetting:
    """What a person decided about a column, where it differs from what the import found.

    ``kind`` is ``"number"``, ``"category"`` or ``"id"``, None for as imported; ``levels`` an order
    of the levels whose first is the reference level, empty for as imported.
    """

    name: str
    kind: str | None = None
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered to a question that only they can answer.

    Attributes
    ----------
    question
        The id of the rule that asks: ``"N1"``.
    about
        What it is about, in alphabetical order: names of columns or grouping factors.
    reply
        What was chosen: ``"same"`` where recurring labels mean the same thing.
    """

    question: str
    about: tuple[str, ...]
    reply: str


@dataclass(frozen=True, slots=True)
class ShelfModel:
    """A model that was fitted, as kept on the shelf; ``id`` is unique in the document and never reused.

    ``data_key`` tells the data it was fitted to: what ``mmgui.data.settings.data_key`` says of the columns
    it reads.
    """

    id: int
    spec: ModelSpec
    data_key: str


@dataclass(frozen=True, slots=True)
class View:
    """What is being looked at; changes of it are no undo steps.

    ``views`` are pages with the view chosen on them, where one was chosen: ``(("groups", "overlay"),)``.
    """

    selected: int | None = None
    compared: tuple[int, ...] = ()
    page: str = "summary"
    comparing: bool = False
    views: tuple[tuple[str, str], ...] = ()

    def view_of(self, page: str) -> str:
        """The view chosen on a page; empty where none was."""
        return dict(self.views).get(page, "")

    def with_view_of(self, page: str, view: str) -> View:
        """The same with a view chosen on a page."""
        return replace(self, views=tuple(sorted({**dict(self.views), page: view}.items())))


@dataclass(frozen=True, slots=True)
class Document:
    """The session: the table, column settings, the model being built, the fitted models, the view.

    ``derived`` are the columns made from others, ``answers`` what the person said that no table says.
    """

    table: TableRef | None = None
    columns: tuple[ColumnSetting, ...] = ()
    draft: ModelSpec = field(default_factory=ModelSpec)
    models: tuple[ShelfModel, ...] = ()
    view: View = field(default_factory=View)
    next_id: int = 1
    derived: tuple[DerivedColumn, ...] = ()
    answers: tuple[Answer, ...] = ()

    def model(self, model_id: int | None) -> ShelfModel | None:
        """The shelf's model with this id, if it is there."""
        return next((m for m in self.models if m.id == model_id), None)
