"""Advice on a model before and after its fit, and on models beside each other: one rule, one function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mmgui.advice.advise import advise
from mmgui.advice.finding import Finding, Fix, Severity

if TYPE_CHECKING:
    from mmgui.advice.after.advise import advise_fit
    from mmgui.advice.between.advise import advise_comparison

__all__ = ["Finding", "Fix", "Severity", "advise", "advise_comparison", "advise_fit"]

# What is said of fits brings the inference along, which a window that has fitted nothing does not wait for.
_HOMES = {
    "advise_fit": "mmgui.advice.after.advise",
    "advise_comparison": "mmgui.advice.between.advise",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
