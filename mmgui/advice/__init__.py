"""Advice on a model before it is fitted: one rule, one function."""

from mmgui.advice.advise import advise
from mmgui.advice.finding import Finding, Fix, Severity

__all__ = ["Finding", "Fix", "Severity", "advise"]
