"""Names in sentences, for advice and figures alike."""

from __future__ import annotations

from collections.abc import Sequence

from mmgui.spec.terms import INTERCEPT_NAME


def effect_name(effect: str) -> str:
    """An effect for people: ``Intercept`` for R's ``(Intercept)``, others as they are."""
    return "Intercept" if effect == INTERCEPT_NAME else effect


def listed(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``, ``a, b and 7 more``."""
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} more"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def listed_all(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``, however many there are."""
    return "".join(names) if len(names) < 2 else f"{', '.join(names[:-1])} and {names[-1]}"
