"""What a card of a suggested structure shows: its formula in the colours of its terms, its equation."""

from __future__ import annotations

from dataclasses import dataclass

from mmgui.advice.suggestion import Suggestion
from mmgui.data.derive import with_derived
from mmgui.data.table import Table
from mmgui.figures.equation import EquationFigure, equation
from mmgui.spec.formula import formula_spans, print_model


@dataclass(frozen=True, slots=True)
class SuggestionFigure:
    """A suggestion as it is shown.

    Attributes
    ----------
    suggestion
        What is suggested.
    runs
        The formula in pieces, each with the random-effects term whose colour it wears, -1 for none.
    equation
        The model in mathematics; None where it has none.
    parameters
        How many variances and covariances it has, in words; empty where unknown.
    """

    suggestion: Suggestion
    runs: tuple[tuple[str, int], ...]
    equation: EquationFigure | None
    parameters: str

    @property
    def formula(self) -> str:
        """The formula."""
        return "".join(text for text, _ in self.runs)


def suggestion_figure(suggestion: Suggestion, table: Table) -> SuggestionFigure:
    """A suggestion on a table as its card shows it."""
    ready = with_derived(table, (d for d in suggestion.derived if d.name not in table))
    count = suggestion.parameters
    return SuggestionFigure(
        suggestion,
        _runs(suggestion),
        equation(suggestion.spec, lambda name: name in ready and not ready[name].is_number),
        "" if count is None else f"{count} variance parameter{'' if count == 1 else 's'}",
    )


def _runs(suggestion: Suggestion) -> tuple[tuple[str, int], ...]:
    text = print_model(suggestion.spec)
    runs: list[tuple[str, int]] = []
    at = 0
    for span in formula_spans(suggestion.spec):
        if span.kind == "random":
            runs += [(text[at : span.start], -1), (text[span.start : span.end], span.index)]
            at = span.end
    return tuple(run for run in (*runs, (text[at:], -1)) if run[0])
