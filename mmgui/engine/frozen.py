"""Results that cannot be changed: a frozen dataclass does not protect the arrays it holds."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def freeze(value: Any) -> None:
    """Make every array that a dataclass or a tuple holds read-only, at any depth.

    Of a model's own description and of the table's columns nothing is looked at.
    """
    if isinstance(value, np.ndarray):
        value.setflags(write=False)
    elif isinstance(value, tuple):
        if value and not isinstance(value[0], (str, int, float)):
            for item in value:
                freeze(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            if field.name not in ("spec", "recipe", "table"):
                freeze(getattr(value, field.name))
