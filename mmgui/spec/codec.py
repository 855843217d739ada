"""Sessions and models as JSON: plain values that a text editor shows, checked when they are read.

A model is kept as its formula, so that whoever opens the file reads what was fitted, and what is
read passes through the same parser as what a person types.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeGuard

from mmgui.errors import FormulaError, SessionError, Where
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.derived import DerivedColumn, read_derived
from mmgui.spec.document import Answer, ColumnSetting, Document, ShelfModel, TableRef, View
from mmgui.spec.edit import with_formula
from mmgui.spec.formula.printer import print_model
from mmgui.spec.model import ModelSpec

VERSION = 1

Json = dict[str, object]

MIGRATIONS: dict[int, Callable[[Json], Json]] = {}
"""For each older version, the function that makes the next version of it."""


def encode_document(document: Document) -> Json:
    """The document as values that ``json.dumps`` takes; ``"mmgui"`` holds the version."""
    table = document.table
    view = document.view
    looked: Json = {
        "selected": view.selected,
        "compared": list(view.compared),
        "page": view.page,
        "comparing": view.comparing,
    }
    if view.views:
        looked["views"] = [{"page": page, "view": chosen} for page, chosen in view.views]
    out: Json = {
        "mmgui": VERSION,
        "table": None
        if table is None
        else {
            "name": table.name,
            "source": table.source,
            "path": table.path,
            "fingerprint": table.fingerprint,
        },
        "columns": [{"name": c.name, "kind": c.kind, "levels": list(c.levels)} for c in document.columns],
        "draft": encode_model(document.draft),
        "models": [{"id": m.id, "data_key": m.data_key, **encode_model(m.spec)} for m in document.models],
        "view": looked,
        "next_id": document.next_id,
    }
    if document.derived:
        out["derived"] = [{"name": d.name, "definition": d.definition} for d in document.derived]
    if document.answers:
        out["answers"] = [
            {"question": a.question, "about": list(a.about), "reply": a.reply} for a in document.answers
        ]
    return out


def decode_document(data: Mapping[str, object]) -> Document:
    """The document that ``encode_document`` wrote, of this version or an older one.

    Raises
    ------
    SessionError
        If the values are no document, name a newer version, or hold a formula that cannot be read.
    """
    fields = _Fields(_migrated(data), "the session")
    table = fields.inner("table")
    models = tuple(_shelf_model(item) for item in fields.items("models"))
    ids = [model.id for model in models]
    if len(set(ids)) < len(ids):
        raise _damaged("two models have the same number")
    return Document(
        table=None if table is None else _table(table),
        columns=tuple(_column(item) for item in fields.items("columns")),
        draft=_model(fields.required("draft")),
        models=models,
        view=_view(fields.required("view"), frozenset(ids)),
        next_id=max([fields.whole("next_id"), *(i + 1 for i in ids)]),
        derived=tuple(_derived(item) for item in fields.items_if_any("derived")),
        answers=tuple(_answer(item) for item in fields.items_if_any("answers")),
    )


def encode_model(spec: ModelSpec) -> Json:
    """A model as its formula, and what no formula holds: ``reml``, ``weights`` and any ``codings``."""
    out: Json = {"formula": print_model(spec), "reml": spec.reml, "weights": spec.weights}
    if spec.codings:
        out["codings"] = [
            {"column": c.column, "contrast": c.contrast.value, "reference": c.reference} for c in spec.codings
        ]
    return out


def decode_model(data: Mapping[str, object]) -> ModelSpec:
    """The model that ``encode_model`` wrote.

    Raises
    ------
    SessionError
        If the values are no model.
    """
    return _model(_Fields(data, "a model"))


def spec_key(spec: ModelSpec) -> str:
    """A text that is the same for equal models, here and in every other run: a SHA-256 in hex."""
    plain = replace(spec, random=tuple(replace(term, joined=False) for term in spec.random))
    parts: list[object] = [print_model(plain), spec.reml, spec.weights]
    chosen = sorted((c.column, c.contrast.value, c.reference or "") for c in spec.codings if not c.usual)
    if chosen:
        parts.append(chosen)
    text = json.dumps(parts)
    return hashlib.sha256(text.encode()).hexdigest()


def _migrated(data: Mapping[str, object]) -> Json:
    values = dict(data)
    version = values.get("mmgui")
    if not _is_whole(version):
        raise SessionError("no_session", "This is not a session of mmgui; open a file that ends in .mmgui.")
    if version > VERSION:
        raise SessionError(
            "newer_version", "This session was written by a newer mmgui; update mmgui to open it."
        )
    while version < VERSION:
        if version not in MIGRATIONS:
            raise _damaged("its version is unknown")
        values = MIGRATIONS[version](values)
        version += 1
    return values


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _damaged(what: str, name: str = "") -> SessionError:
    return SessionError(
        "damaged", f"The session file is damaged: {what}. Open an earlier copy of it.", Where("session", name)
    )


class _Fields:
    """The values of one object of the file, each checked for its type."""

    def __init__(self, data: object, what: str) -> None:
        if not isinstance(data, Mapping):
            raise _damaged(f"{what} is not in the form it should have")
        self._data = data
        self._what = what

    def _wrong(self, key: str) -> SessionError:
        return _damaged(f"'{key}' of {self._what} is missing or not what it should be", key)

    def text(self, key: str) -> str:
        value = self._data.get(key)
        if not isinstance(value, str):
            raise self._wrong(key)
        return value

    def text_or_none(self, key: str) -> str | None:
        return None if self._data.get(key) is None else self.text(key)

    def switch(self, key: str) -> bool:
        value = self._data.get(key)
        if not isinstance(value, bool):
            raise self._wrong(key)
        return value

    def whole(self, key: str) -> int:
        value = self._data.get(key)
        if not _is_whole(value):
            raise self._wrong(key)
        return value

    def whole_or_none(self, key: str) -> int | None:
        return None if self._data.get(key) is None else self.whole(key)

    def _list(self, key: str) -> list[object]:
        value = self._data.get(key)
        if not isinstance(value, list):
            raise self._wrong(key)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        values = self._list(key)
        texts = tuple(value for value in values if isinstance(value, str))
        if len(texts) < len(values):
            raise self._wrong(key)
        return texts

    def wholes(self, key: str) -> tuple[int, ...]:
        values = self._list(key)
        wholes = tuple(value for value in values if _is_whole(value))
        if len(wholes) < len(values):
            raise self._wrong(key)
        return wholes

    def items(self, key: str) -> list[_Fields]:
        return [_Fields(value, f"an entry of '{key}'") for value in self._list(key)]

    def items_if_any(self, key: str) -> list[_Fields]:
        """As ``items``; none where the key is not there."""
        return [] if self._data.get(key) is None else self.items(key)

    def inner(self, key: str) -> _Fields | None:
        value = self._data.get(key)
        return None if value is None else _Fields(value, f"'{key}'")

    def required(self, key: str) -> _Fields:
        return _Fields(self._data.get(key), f"'{key}'")


def _table(fields: _Fields) -> TableRef:
    source = fields.text("source")
    if source not in ("file", "sample", "pasted"):
        raise _damaged("it does not say where its table is from", "source")
    return TableRef(fields.text("name"), source, fields.text("path"), fields.text("fingerprint"))


def _column(fields: _Fields) -> ColumnSetting:
    kind = fields.text_or_none("kind")
    if kind not in (None, "number", "category", "id"):
        raise _damaged("it has a column of unknown type", "kind")
    return ColumnSetting(fields.text("name"), kind, fields.texts("levels"))


def _derived(fields: _Fields) -> DerivedColumn:
    definition = fields.text("definition")
    try:
        return read_derived(fields.text("name"), definition)
    except FormulaError as error:
        raise _damaged(f"the derived column {definition[:80]} cannot be read", definition) from error


def _answer(fields: _Fields) -> Answer:
    return Answer(fields.text("question"), fields.texts("about"), fields.text("reply"))


def _model(fields: _Fields) -> ModelSpec:
    estimation = ModelSpec(reml=fields.switch("reml"), weights=fields.text_or_none("weights"))
    formula = fields.text("formula")
    try:
        spec = with_formula(estimation, formula)
    except FormulaError as error:
        raise _damaged(f"the formula {formula[:80]} cannot be read", formula) from error
    codings = tuple(_coding(item) for item in fields.items_if_any("codings"))
    if len({coding.column for coding in codings}) < len(codings):
        raise _damaged("a factor has two kinds of contrasts", "codings")
    return replace(spec, codings=codings)


def _coding(fields: _Fields) -> Coding:
    contrast = fields.text("contrast")
    if contrast not in list(Contrast):
        raise _damaged("it has contrasts of an unknown kind", "contrast")
    return Coding(fields.text("column"), Contrast(contrast), fields.text_or_none("reference"))


def _shelf_model(fields: _Fields) -> ShelfModel:
    return ShelfModel(fields.whole("id"), _model(fields), fields.text("data_key"))


def _view(fields: _Fields, ids: frozenset[int]) -> View:
    """The view; models that are not in the session cannot be looked at."""
    selected = fields.whole_or_none("selected")
    return View(
        selected=selected if selected in ids else None,
        compared=tuple(i for i in fields.wholes("compared") if i in ids),
        page=fields.text("page"),
        comparing=fields.switch("comparing"),
        views=tuple((item.text("page"), item.text("view")) for item in fields.items_if_any("views")),
    )
