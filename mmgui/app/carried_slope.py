"""An effect on its way from a card: to another one, to a block of its own, to the fixed effects, or away."""

from __future__ import annotations

import json
from dataclasses import dataclass

from PySide6.QtCore import QMimeData

from mmgui.app.carried import term_mime
from mmgui.errors import FormulaError
from mmgui.spec.formula import parse_term
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import INTERCEPT, Term

SLOPE_MIME = "application/x-mmgui-slope"


@dataclass(frozen=True, slots=True)
class CarriedSlope:
    """An effect and the position of the card it comes from."""

    card: int
    effect: Term

    def held(self, spec: ModelSpec) -> bool:
        """Whether the card has the effect, so that it can be taken away there; it may be offered only."""
        if not 0 <= self.card < len(spec.random):
            return False
        return any(self.effect.same_effect(other) for other in spec.random[self.card].effects)


def slope_mime(slope: CarriedSlope) -> QMimeData:
    """An effect of a card as a drag carries it; places that take terms take it as one."""
    mime = QMimeData() if slope.effect == INTERCEPT else term_mime(slope.effect)
    mime.setData(SLOPE_MIME, json.dumps([slope.card, slope.effect.label]).encode())
    return mime


def carried_slope(mime: QMimeData) -> CarriedSlope | None:
    """The effect carried, None if the payload is something else or cannot be read."""
    if not mime.hasFormat(SLOPE_MIME):
        return None
    try:
        value = json.loads(bytes(mime.data(SLOPE_MIME).data()).decode())
        card, text = value
        terms = parse_term(text) if isinstance(text, str) else ()
    except (ValueError, TypeError, FormulaError):
        return None
    # True is a number to Python.
    if type(card) is not int or card < 0 or not terms:
        return None
    return CarriedSlope(card, terms[-1])
