"""What figures say in words: names of effects, directions, verdicts."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mmgui.engine.design import Design
from mmgui.spec.expression import show
from mmgui.spec.model import ModelSpec
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


def response_name(spec: ModelSpec) -> str:
    """The response as the person wrote it; empty while there is none."""
    return "" if spec.response is None else show(spec.response, quoted=False)


def effect_title(effect: str, slopes: Collection[str]) -> str:
    """An effect as an axis title, given which effects are slopes: ``Intercept``, ``Slope of Days``."""
    return f"Slope of {effect}" if effect in slopes else effect_name(effect)


def effect_titles(design: Design, term_index: int) -> tuple[str, ...]:
    """The effects of a term as axis titles: ``Intercept``, ``Slope of Days``, ``MachineB``."""
    slopes = {t.label for t in design.spec.random[term_index].slopes}
    return tuple(effect_title(e, slopes) for e in design.random[term_index].effects)
