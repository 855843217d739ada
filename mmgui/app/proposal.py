"""The answer to “suggest a structure”: what is guessed of the design, and the models that follow."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from mmgui.advice.design_questions import Design, Guess, Role, guess_design, replicates
from mmgui.advice.templates import MOST_FACTORS, templates
from mmgui.data.grouping import Variation, varies
from mmgui.data.table import Table
from mmgui.errors import DataError, MmguiError
from mmgui.figures.suggestion import SuggestionFigure, suggestion_figure
from mmgui.spec.derived import DerivedColumn
from mmgui.spec.model import ModelSpec


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked.

    Attributes
    ----------
    response, unit
        What the person chose; None to guess.
    design
        What the person said about the columns; None to guess. Its replicates are those of the table,
        unless ``single`` says that a unit's rows under one combination are not to count as repeats.
    single
        As above.
    base
        The parts of the model being built that a suggestion keeps.
    derived
        The derived columns of the table.
    same
        Pairs of grouping factors whose recurring labels the person said to mean the same.
    """

    response: str | None = None
    unit: tuple[str, ...] | None = None
    design: Design | None = None
    single: bool = False
    base: ModelSpec = field(default_factory=ModelSpec)
    derived: tuple[DerivedColumn, ...] = ()
    same: frozenset[tuple[str, ...]] = frozenset()


@dataclass(frozen=True, eq=False, slots=True)
class Proposal:
    """What is answered.

    Attributes
    ----------
    inquiry
        The question.
    guess
        The guesses, with their reasons and alternatives.
    design
        The design in force: the guess, or what the person made of it.
    repeats
        Whether the table has several rows per cell of it, and the sentence that says so.
    suggestions
        The models that follow, the recommended one first.
    missing
        Why there are none, as one sentence; empty where there are some.
    """

    inquiry: Inquiry
    guess: Guess
    design: Design
    repeats: tuple[bool, str]
    suggestions: tuple[SuggestionFigure, ...]
    missing: str = ""


def propose(inquiry: Inquiry, table: Table) -> Proposal:
    """Guess the design, or take what the person said, and lay out what fits it."""
    derived = tuple(d.name for d in inquiry.derived)
    # The type of a column may have been changed since it was chosen.
    response = inquiry.response if inquiry.response in _numbers(table) else None
    unit = None if _numbers(table) & {*(inquiry.unit or ())} else inquiry.unit
    guess = guess_design(table, response, unit, derived, inquiry.same)
    said = inquiry.design
    if said is None or (said.response, said.unit) != (guess.design.response, guess.design.unit):
        design = guess.design
    else:
        design = _fitting(said, guess)
    if guess.missing:
        return Proposal(inquiry, guess, design, (False, ""), (), guess.missing)
    still = _constant_within(design, table)
    if still:
        return Proposal(inquiry, guess, design, (False, ""), (), still)
    repeats = replicates(design, table)
    design = replace(design, replicated=repeats[0] and not inquiry.single)
    if len(design.within_factors) > MOST_FACTORS:
        many = 2 ** len(design.within_factors) - 1
        missing = (
            f"{len(design.within_factors)} factors would make {many:,} random terms, more than data can "
            f"tell; untick those that are not of interest, until {MOST_FACTORS} are left."
        )
        return Proposal(inquiry, guess, design, repeats, (), missing)
    try:
        found = templates(design, table, inquiry.base, inquiry.derived)
        figures = tuple(suggestion_figure(s, table) for s in found)
    except MmguiError as error:
        return Proposal(inquiry, guess, design, repeats, (), error.message)
    missing = "" if figures else "The rows carry no random effect of this design; choose another unit."
    return Proposal(inquiry, guess, design, repeats, figures, missing)


def _constant_within(design: Design, table: Table) -> str:
    """Why nothing can be told within the unit, where its rows all have the same response."""
    try:
        found = varies(table, design.response, design.unit)
    except DataError:
        return ""
    if found.kind is not Variation.BETWEEN or found.groups == table.nrows:
        return ""
    return (
        f"{design.response} has one value for each {design.unit_label}, so its rows tell nothing of what "
        "happens within; choose a response that was measured anew in each row, or a larger unit."
    )


def _numbers(table: Table) -> set[str]:
    return {c.name for c in table.columns if c.is_number}


def _fitting(design: Design, guess: Guess) -> Design:
    """What was said of columns that are still what they were."""
    there = {role: {c.columns for c in guess.of(role)} for role in Role}

    def still(names: tuple[str, ...], role: Role) -> tuple[str, ...]:
        return tuple(n for n in names if (n,) in there[role])

    return replace(
        design,
        within_factors=still(design.within_factors, Role.FACTOR),
        within_quantities=still(design.within_quantities, Role.QUANTITY),
        between=still(design.between, Role.BETWEEN),
        others=tuple(c for c in design.others if c in there[Role.UNIT]),
    )
