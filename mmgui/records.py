"""Results of inference as plain dicts: every field by its name, arrays as lists."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from mmgui.payload import Payload, plain


def record(result: Any) -> Payload:
    """A result, a frozen dataclass, as the command line's JSON has it."""
    out: Payload = plain(_open(result))
    return out


def _open(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _open(getattr(value, f.name)) for f in fields(value) if not f.name.startswith("_")}
    if isinstance(value, dict):
        return {k if isinstance(k, str) else _key(k): _open(v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return [_open(v) for v in value]
    if isinstance(value, (set, frozenset)):
        return sorted(_open(v) for v in value)
    return str(value) if isinstance(value, Enum) else value


def _key(key: Any) -> str:
    return ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)
