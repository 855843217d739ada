"""Advice on a model before and after its fit, and on models beside each other: one rule, one function."""

from mmgui.advice.advise import advise
from mmgui.advice.after.advise import advise_fit
from mmgui.advice.between.advise import advise_comparison
from mmgui.advice.finding import Finding, Fix, Severity

__all__ = ["Finding", "Fix", "Severity", "advise", "advise_comparison", "advise_fit"]
