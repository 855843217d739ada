"""The session file: everything a person did, as JSON that a text editor can read."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from mmgui.app.store import Store
from mmgui.data.assemble import make_table, number_column
from mmgui.data.derive import prepared
from mmgui.data.table import CodeArray, Column, FloatArray, Kind, Table
from mmgui.errors import DataError, SessionError, Where
from mmgui.spec.codec import decode_document, encode_document
from mmgui.spec.document import Document, TableRef

SUFFIX = ".mmgui"
EMBED_BYTES = 5_000_000
"""A larger table stays in its own file; the session then holds its path and SHA-256."""

LARGEST_BYTES = 500_000_000


@dataclass(frozen=True, eq=False, slots=True)
class Session:
    """What a session file holds: the document and the table as imported."""

    document: Document
    table: Table | None


def write_session(store: Store, path: Path) -> None:
    """Write the session, either whole or not at all."""
    document = _with_columns_of_models(store)
    content: dict[str, object] = dict(encode_document(document))
    table = store.imported_table()
    if table is not None and document.table is not None:
        content["data"] = _encode_data(table, document.table)
    content["history"] = [store.undo_stack.text(k) for k in range(store.undo_stack.index())]
    _write_atomically(path, _to_text(content))


def _with_columns_of_models(store: Store) -> Document:
    """The document with the derived columns that models of the shelf read, be their making undone since."""
    document, table = store.document, store.imported_table()
    if table is None:
        return document
    for model in document.models:
        names = {d.name for d in document.derived}
        missing = tuple(d for d in store.derived_for(model.spec) if d.name not in names)
        derived = (*document.derived, *missing)
        try:
            prepared(table, document.columns, derived)
        except DataError:
            # They can be made no more from the columns as they are; the model is opened without its results.
            continue
        document = replace(document, derived=derived)
    return document


def read_session(path: Path) -> Session:
    """Read a session file; ``SessionError`` or ``DataError`` says in one sentence what is wrong."""
    content = _read_json(path)
    document = decode_document(content)
    if document.table is None:
        return Session(document, None)
    data = content.get("data")
    if not isinstance(data, Mapping):
        raise _broken(path, "it names a table but holds no data")
    table = _decode_data(data, document.table, path)
    try:
        prepared(table, document.columns, document.derived)
    except DataError as error:
        raise _broken(path, f"its columns cannot be made as it says. {error.message}") from error
    return Session(document, table)


def restore(store: Store, session: Session) -> None:
    """Make a session the store's state, with an empty history."""
    document, table = session.document, session.table
    if table is None or document.table is None:
        store.reset(document, ())
        return
    document = replace(document, table=replace(document.table, fingerprint=table.fingerprint))
    store.reset(document, (table,))
    # A model whose data are nowhere in the session, be it edited by hand or written by an older version,
    # goes with the data as they are.
    applied = store.table()
    models = tuple(
        m
        if store.table_of(m) is not None or applied is None or any(c not in applied for c in m.spec.columns())
        else replace(m, data_key=store.key_of(m.spec))
        for m in document.models
    )
    if models != document.models:
        store.install(replace(store.document, models=models), "")


def _encode_data(table: Table, ref: TableRef) -> dict[str, object]:
    columns = [_encode_column(c) for c in table.columns]
    if ref.source == "file" and sum(len(json.dumps(c, ensure_ascii=False)) for c in columns) > EMBED_BYTES:
        return {"name": table.name, "path": ref.path, "sha256": _sha256(Path(ref.path))}
    return {"name": table.name, "columns": columns}


def _encode_column(column: Column) -> dict[str, object]:
    encoded: dict[str, object] = {"name": column.name, "kind": column.kind.value}
    if column.values is not None and _rebuilt(column.values)[1] == column.levels:
        return encoded | {"numbers": [_encode_number(v) for v in column.values.tolist()]}
    if column.values is not None:
        number = np.full(len(column.levels), np.nan)
        number[column.codes[column.codes >= 0]] = column.values[column.codes >= 0]
        encoded["level_numbers"] = [_encode_number(v) for v in number.tolist()]
    entries = [None if code < 0 else column.levels[code] for code in column.codes.tolist()]
    return encoded | {"levels": list(column.levels), "entries": entries}


def _encode_number(value: float) -> float | str | None:
    # JSON has no infinity.
    return None if value != value else value if abs(value) != float("inf") else str(value)


def _rebuilt(values: FloatArray) -> tuple[CodeArray, tuple[str, ...]]:
    plain = number_column("", values)
    return plain.codes, plain.levels


def _decode_column(content: Mapping[str, Any]) -> Column:
    name, kind = str(content["name"]), Kind(content["kind"])
    if "numbers" in content:
        values = _decode_numbers(content["numbers"])
        codes, levels = _rebuilt(values)
        return Column(name, kind, values, codes, levels)
    levels = tuple(str(level) for level in content["levels"])
    place: dict[str | None, int] = {level: k for k, level in enumerate(levels)} | {None: -1}
    codes = np.array([place[entry] for entry in content["entries"]], dtype=np.int32)
    if "level_numbers" not in content:
        return Column(name, kind, None, codes, levels)
    # The last position, -1, is that of a missing entry.
    numbers = np.append(_decode_numbers(content["level_numbers"]), np.nan)
    return Column(name, kind, numbers[codes], codes, levels)


def _decode_numbers(content: Sequence[Any]) -> FloatArray:
    return np.array([np.nan if v is None else float(v) for v in content], dtype=np.float64)


def _to_text(content: Mapping[str, object]) -> str:
    """Indented JSON with one line for each column of the data."""
    parts = []
    for key, value in content.items():
        if key == "data" and isinstance(value, dict) and "columns" in value:
            lines = ",\n".join("   " + json.dumps(c, ensure_ascii=False) for c in value["columns"])
            head = json.dumps(value["name"], ensure_ascii=False)
            text = f'{{\n  "name": {head},\n  "columns": [\n{lines}\n  ]\n }}'
        else:
            text = json.dumps(value, ensure_ascii=False, indent=1).replace("\n", "\n ")
        parts.append(f" {json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _read_json(path: Path) -> Mapping[str, Any]:
    name = path.name
    where = Where("session", str(path))
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise SessionError("too_large", f"“{name}” is too large to be a session.", where)
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise SessionError("unreadable", f"“{name}” cannot be opened: {reason.lower()}.", where) from error
    except (ValueError, RecursionError) as error:
        raise _broken(path, "it is not complete JSON") from error
    if not isinstance(content, Mapping):
        raise _broken(path, "it does not hold a session")
    return content


def _decode_data(data: Mapping[str, Any], ref: TableRef, path: Path) -> Table:
    if "columns" in data:
        return _decode_columns(data, ref, path)
    from mmgui.data.read import read_table

    source = Path(str(data.get("path", "")))
    if not source.is_absolute():
        source = path.parent / source
    if not source.is_file():
        message = f"The session needs the table “{source}”, which is not there. Put it back and try again."
        raise SessionError("missing_table", message, Where("file", str(source)))
    if _sha256(source) != data.get("sha256"):
        message = (
            f"The table “{source.name}” changed since the session was saved. Open the table itself instead."
        )
        raise SessionError("changed_table", message, Where("file", str(source)))
    return read_table(source)


def _decode_columns(data: Mapping[str, Any], ref: TableRef, path: Path) -> Table:
    try:
        columns = tuple(_decode_column(c) for c in data["columns"])
    except (KeyError, TypeError, ValueError, IndexError, OverflowError, AttributeError) as error:
        raise _broken(path, "one of its columns cannot be read") from error
    lengths = {len(c.codes) for c in columns}
    if len(lengths) != 1 or len({c.name for c in columns}) != len(columns):
        raise _broken(path, "its columns differ in length or share a name")
    return make_table(ref.name, columns)


def _broken(path: Path, why: str) -> SessionError:
    return SessionError(
        "broken", f"“{path.name}” is not a usable session: {why.rstrip('.')}.", Where("session", str(path))
    )


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        message = f"The table “{path}” cannot be read, so that the session cannot refer to it."
        raise SessionError("missing_table", message, Where("file", str(path))) from error


def _write_atomically(path: Path, text: str) -> None:
    """Write beside the target, flush to the disk, then take the target's place."""
    temporary = ""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as stream:
            temporary = stream.name
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        reason = (error.strerror or "unknown reason").lower()
        message = f"The session could not be saved as “{path.name}”: {reason}. Choose another place."
        raise SessionError("not_saved", message, Where("session", str(path))) from error
