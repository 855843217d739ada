"""What the card of a suggested structure shows."""

from __future__ import annotations

from dataclasses import replace

from mmgui.advice.design_questions import guess_design
from mmgui.advice.templates import templates
from mmgui.data.samples import load_sample
from mmgui.figures.suggestion import suggestion_figure


def test_the_formula_is_cut_at_the_terms_that_have_a_colour() -> None:
    table = load_sample("Machines")
    figure = suggestion_figure(templates(guess_design(table).design, table)[0], table)
    assert figure.runs == (
        ("score ~ Machine + ", -1),
        ("(1 | Worker)", 0),
        (" + ", -1),
        ("(1 | Machine:Worker)", 1),
    )
    assert figure.formula == "score ~ Machine + (1 | Worker) + (1 | Machine:Worker)"
    assert figure.parameters == "3 variance parameters"
    assert figure.equation is not None


def test_terms_written_together_are_one_piece() -> None:
    table = load_sample("Pastes")
    figure = suggestion_figure(templates(guess_design(table).design, table)[0], table)
    assert figure.runs == (("strength ~ 1 + ", -1), ("(1 | batch/cask)", 0))


def test_a_column_still_to_be_made_enters_the_equation_as_a_quantity() -> None:
    table = load_sample("Oats")
    design = replace(guess_design(table).design, centred=True)
    suggestion = templates(design, table)[0]
    assert [d.name for d in suggestion.derived] == ["nitro_within_Variety"]
    figure = suggestion_figure(suggestion, table)
    assert figure.formula.endswith("(nitro_within_Variety | Variety:Block)")
    assert figure.equation is not None
