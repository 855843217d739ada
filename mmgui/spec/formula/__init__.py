"""lme4's formula language: text to model and back."""

from mmgui.spec.formula.parser import parse, parse_random, parse_response, parse_term

__all__ = ["parse", "parse_random", "parse_response", "parse_term"]
