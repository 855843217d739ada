"""The summary of one model: components, coefficients, fit facts, and what the fit says in words."""

from __future__ import annotations

from dataclasses import dataclass

from mmgui.figures.fixed import FixedFigure
from mmgui.figures.variance import VarianceFigure


@dataclass(frozen=True, slots=True)
class FitFact:
    """A named figure of the fit, formatted for people: (“AIC”, “1755.6”)."""

    name: str
    value: str
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing the fit says: ``id`` as in the advice catalogue, severity ``good``, ``info``, ``warning`` or ``error``.

    ``title`` is the verdict in a few words, ``text`` what it means and what can be done.
    """

    id: str
    severity: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class SummaryFigure:
    """Everything on the summary page."""

    formula: str
    estimation: str
    variance: VarianceFigure
    fixed: FixedFigure
    facts: tuple[FitFact, ...]
    statements: tuple[Statement, ...]
