"""lme4's formula language: text to model and back."""

from mmgui.spec.formula.parser import parse, parse_random, parse_response, parse_term
from mmgui.spec.formula.printer import Span, formula_spans, print_effects, print_model, print_random

__all__ = [
    "Span",
    "formula_spans",
    "parse",
    "parse_random",
    "parse_response",
    "parse_term",
    "print_effects",
    "print_model",
    "print_random",
]
