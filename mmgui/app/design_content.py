"""What the design page shows of a model on a table, worked out together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mmgui.data.table import Table
from mmgui.figures.grouping import GroupingFigure
from mmgui.figures.grouping_views import grouping_figure
from mmgui.figures.model_matrix import ModelMatrixFigure, model_matrix_figure
from mmgui.spec.model import ModelSpec


@dataclass(frozen=True, eq=False, slots=True)
class DesignContent:
    """How the groups lie, None without grouping factors; and X, None without fixed effects."""

    structure: GroupingFigure | None
    matrix: ModelMatrixFigure | None


def design_content(spec: ModelSpec, table: Table, by: Sequence[str] = ()) -> DesignContent:
    """The design of a model, whole or still being built; ``by`` groups the rows of X."""
    return DesignContent(grouping_figure(spec, table), model_matrix_figure(spec, table, by))
