"""The contrasts and reference levels that a factor can have in a model."""

from __future__ import annotations

from mmgui.advice.facts import DesignFacts
from mmgui.app.factor_choices import Choice
from mmgui.engine.build.variable import Labels
from mmgui.errors import ModelError
from mmgui.spec.coding import Coding, Contrast, coded_column
from mmgui.spec.expression import Expression
from mmgui.spec.model import ModelSpec

_SHORT = {Contrast.SUM: "sum", Contrast.HELMERT: "Helmert", Contrast.POLYNOMIAL: "trend"}


def levels_of(expression: Expression, facts: DesignFacts | None) -> tuple[str, ...]:
    """The levels of a factor in the rows used, none where it is no factor."""
    if facts is None or coded_column(expression) is None:
        return ()
    try:
        value = facts.evaluator.variable(expression)
    except (ModelError, KeyError):
        return ()
    return value.levels if isinstance(value, Labels) else ()


def coding_of(spec: ModelSpec, column: str) -> Coding:
    """The coding of a factor in a model, chosen or usual."""
    return next((c for c in spec.codings if c.column == column), Coding(column))


def contrasts(coding: Coding) -> tuple[Choice[Coding], ...]:
    """The families of contrasts, each keeping the reference level where it has one."""
    words = {
        Contrast.TREATMENT: "Treatment: each level against the reference",
        Contrast.SUM: "Sum: each level against the mean of all",
        Contrast.HELMERT: "Helmert: each level against those before it",
        Contrast.POLYNOMIAL: "Polynomial: trends over the ordered levels",
    }
    with_reference = (Contrast.TREATMENT, Contrast.SUM)
    return tuple(
        Choice(
            text,
            Coding(coding.column, contrast, coding.reference if contrast in with_reference else None),
        )
        for contrast, text in words.items()
    )


def references(coding: Coding, levels: tuple[str, ...]) -> tuple[Choice[Coding], ...]:
    """Each level as the one that the others are compared with."""
    reason = ""
    if coding.contrast in (Contrast.HELMERT, Contrast.POLYNOMIAL):
        kind = "Helmert" if coding.contrast is Contrast.HELMERT else "Polynomial"
        reason = f"{kind} contrasts have no reference level; choose treatment or sum contrasts first."
    usual = usual_reference(coding, levels)
    return tuple(
        Choice(level, Coding(coding.column, coding.contrast, None if level == usual else level), reason)
        for level in levels
    )


def usual_reference(coding: Coding, levels: tuple[str, ...]) -> str:
    """The reference level where none is chosen."""
    return levels[-1] if coding.contrast is Contrast.SUM else levels[0]


def coding_words(spec: ModelSpec, expression: Expression) -> str:
    """What was chosen for a factor, as short as a chip has room for; empty where nothing was."""
    column = coded_column(expression)
    coding = None if column is None else next((c for c in spec.codings if c.column == column), None)
    if coding is None:
        return ""
    words = [_SHORT[coding.contrast]] if coding.contrast in _SHORT else []
    if coding.reference is not None:
        words.append(f"ref. {coding.reference}")
    return ", ".join(words)
