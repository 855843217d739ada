"""What figures say in words: names of effects, directions, verdicts."""

from __future__ import annotations

from mmgui.engine.design import Design
from mmgui.spec.expression import show
from mmgui.spec.model import ModelSpec

INTERCEPT_NAME = "(Intercept)"


def effect_name(effect: str) -> str:
    """An effect for people: ``Intercept`` for R's ``(Intercept)``, others as they are."""
    return "Intercept" if effect == INTERCEPT_NAME else effect


def response_name(spec: ModelSpec) -> str:
    """The response as the person wrote it; empty while there is none."""
    return "" if spec.response is None else show(spec.response, quoted=False)


def effect_titles(design: Design, term_index: int) -> tuple[str, ...]:
    """The effects of a term as axis titles: ``Intercept``, ``Slope of Days``, ``MachineB``."""
    slopes = {t.label for t in design.spec.random[term_index].slopes}
    return tuple(
        f"Slope of {e}" if e in slopes else effect_name(e) for e in design.random[term_index].effects
    )
