"""The grouping structure of the model being built, in words and as a picture."""

from __future__ import annotations

from dataclasses import dataclass

from mmgui.app.grouping_sentences import Sentence, grouping_sentences
from mmgui.app.label_questions import LabelQuestion, label_questions
from mmgui.data.table import Table
from mmgui.figures.grouping import GroupingFigure
from mmgui.figures.grouping_views import grouping_figure
from mmgui.spec.model import ModelSpec


@dataclass(frozen=True, eq=False, slots=True)
class GroupingStructure:
    """Sentences, empty without grouping factors, their picture, and what labels leave open."""

    sentences: tuple[Sentence, ...] = ()
    figure: GroupingFigure | None = None
    questions: tuple[LabelQuestion, ...] = ()


def grouping_structure(spec: ModelSpec, table: Table) -> GroupingStructure:
    """How the grouping factors lie in the rows and to each other."""
    return GroupingStructure(
        grouping_sentences(spec, table), grouping_figure(spec, table), label_questions(spec, table)
    )
