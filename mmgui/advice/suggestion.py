"""A structure that is offered: the model, why it looks so, and what speaks against it."""

from __future__ import annotations

from dataclasses import dataclass

from mmgui.spec.derived import DerivedColumn
from mmgui.spec.model import ModelSpec


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One model that fits what was said about the design.

    Attributes
    ----------
    id
        ``"template 2"``, ``"no slopes"``, ``"maximal"``, ``"intercepts"``.
    title
        What it is, in a few words.
    spec
        The model, as far as the data carry it.
    derived
        Columns that it needs and the table does not have.
    reasons
        Sentences that say why it looks so.
    cautions
        Sentences that say what to mind, or who would do otherwise.
    recommended
        Whether it is the template for the design; the others stand beside it because people disagree.
    parameters
        Number of variances and covariances, the residual variance among them; None where unknown.
    left_out
        What the data cannot carry and was left out of it, with the reason.
    blocked
        Why it cannot be built on the table; empty if it can.
    """

    id: str
    title: str
    spec: ModelSpec
    derived: tuple[DerivedColumn, ...] = ()
    reasons: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    recommended: bool = False
    parameters: int | None = None
    left_out: tuple[str, ...] = ()
    blocked: str = ""
