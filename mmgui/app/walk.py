"""How many models of one response were tried on the same data, and what is to be said of that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mmgui.spec.document import Document, ShelfModel

if TYPE_CHECKING:
    from mmgui.figures.compare import CompareRemark


def models_tried(document: Document, model: ShelfModel) -> int:
    """Models on the shelf with the response of ``model``; by REML and by ML is one model."""
    same = [m.spec for m in document.models if m.spec.response == model.spec.response]
    return len({replace(spec, reml=True) for spec in same})


def walk_remarks(document: Document, model: ShelfModel) -> tuple[CompareRemark, ...]:
    """The remark on a long walk, if it is one."""
    from mmgui.advice.between.walk_rule import long_walk
    from mmgui.figures.compare import compare_remarks

    return compare_remarks(tuple(long_walk(models_tried(document, model))))
