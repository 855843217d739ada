"""What a drag carries from one place of the window to another: a variable or a term."""

from __future__ import annotations

import json

from PySide6.QtCore import QMimeData

from mmgui.errors import FormulaError
from mmgui.spec.formula import parse_term
from mmgui.spec.terms import INTERCEPT, Term

VARIABLE_MIME = "application/x-mmgui-variable"
TERM_MIME = "application/x-mmgui-term"


def variable_mime(name: str) -> QMimeData:
    """A column on its way to the model."""
    mime = QMimeData()
    mime.setData(VARIABLE_MIME, json.dumps(name).encode())
    return mime


def term_mime(term: Term) -> QMimeData:
    """A fixed effect on its way to another place of the model."""
    mime = QMimeData()
    mime.setData(TERM_MIME, json.dumps(term.label).encode())
    return mime


def carried_variable(mime: QMimeData) -> str | None:
    """The column carried, None if the payload is something else."""
    return _text(mime, VARIABLE_MIME)


def carried_term(mime: QMimeData) -> Term | None:
    """The term carried, None if the payload is something else or cannot be read."""
    text = _text(mime, TERM_MIME)
    if text is None or text == INTERCEPT.label:
        return None
    try:
        terms = parse_term(text)
    except FormulaError:
        return None
    return terms[-1] if terms else None


def _text(mime: QMimeData, kind: str) -> str | None:
    if not mime.hasFormat(kind):
        return None
    try:
        value = json.loads(bytes(mime.data(kind).data()).decode())
    except ValueError:
        return None
    return value if isinstance(value, str) else None
