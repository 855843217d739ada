"""What figures say in words: names of effects, directions, verdicts."""

from __future__ import annotations

from collections.abc import Collection

from mmgui.engine.design import Design
from mmgui.numbers import number
from mmgui.spec.expression import show
from mmgui.spec.model import ModelSpec
from mmgui.words import effect_name, listed

__all__ = ["above", "effect_name", "effect_title", "effect_titles", "listed", "response_name"]


def response_name(spec: ModelSpec) -> str:
    """The response as the person wrote it; empty while there is none."""
    return "" if spec.response is None else show(spec.response, quoted=False)


def above(criterion: str, difference: float) -> str:
    """``REML criterion 12.3 above the best fit``."""
    if abs(difference) < 5e-4:
        return f"{criterion} as at the best fit"
    side = "above" if difference > 0.0 else "below"
    return f"{criterion} {number(abs(difference))} {side} the best fit"


def effect_title(effect: str, slopes: Collection[str]) -> str:
    """An effect as an axis title, given which effects are slopes: ``Intercept``, ``Slope of Days``."""
    return f"Slope of {effect}" if effect in slopes else effect_name(effect)


def effect_titles(design: Design, term_index: int) -> tuple[str, ...]:
    """The effects of a term as axis titles: ``Intercept``, ``Slope of Days``, ``MachineB``."""
    slopes = {t.label for t in design.spec.random[term_index].slopes}
    return tuple(effect_title(e, slopes) for e in design.random[term_index].effects)
