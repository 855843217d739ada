"""The model in mathematics: index form, level form and matrix form, in pieces coloured by term."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mmgui.figures.equation_facts import EquationFacts, facts_of
from mmgui.figures.equation_index import index_form
from mmgui.figures.equation_level import level_form
from mmgui.figures.equation_matrix import matrix_form
from mmgui.figures.equation_notation import notation
from mmgui.figures.equation_parts import EquationFigure
from mmgui.spec.model import ModelSpec

# Imported where they are needed: the first window shows equations and does not wait for the engine.
if TYPE_CHECKING:
    from mmgui.data.table import Table
    from mmgui.engine.design import Design

__all__ = ["EquationFigure", "equation", "equation_of", "equations"]


def equation(spec: ModelSpec, is_factor: Callable[[str], bool]) -> EquationFigure | None:
    """The equation of a model that need not have been fitted, brief; None while it has no response.

    Parameters
    ----------
    spec
        The model.
    is_factor
        Whether a column enters as labels: such an effect has one coefficient per level.
    """
    if spec.response is None:
        return None
    return _figure(spec, is_factor, None, compact=True)


def equations(spec: ModelSpec, table: Table) -> EquationFigure:
    """The equations of a model on a table: with its numbers of rows, groups and columns.

    Parameters
    ----------
    spec
        The model.
    table
        The table.

    Raises
    ------
    ModelError
        Where the model cannot be laid out on the table.
    """
    from mmgui.engine.build import build_design

    return equation_of(build_design(spec, table))


def equation_of(design: Design) -> EquationFigure:
    """The equations of a model that was laid out on a table."""
    return _figure(design.spec, design.labelled.__contains__, facts_of(design), compact=False)


def _figure(
    spec: ModelSpec, is_factor: Callable[[str], bool], facts: EquationFacts | None, *, compact: bool
) -> EquationFigure:
    notes = notation(spec, is_factor)
    return EquationFigure(
        (index_form(notes, facts, compact=compact), level_form(notes, facts), matrix_form(notes, facts))
    )
