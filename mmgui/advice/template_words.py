"""Titles, reasons and cautions of suggested structures."""

from __future__ import annotations

from collections.abc import Iterator

from mmgui.advice.design_questions import Design
from mmgui.advice.unit_plan import UnitPlan
from mmgui.spec.derived import DerivedColumn
from mmgui.spec.formula import print_random
from mmgui.spec.model import ModelSpec
from mmgui.words import listed_all

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six")
Columns = tuple[str, ...]


def template_id(design: Design) -> str:
    """Which template of the source it is: ``"1"``, ``"1.A"``, ``"1.B"``, ``"2"``, ``"2 with a quantity"``."""
    count, quantities = len(design.within_factors), bool(design.within_quantities)
    if count == 0:
        return "slopes" if quantities else "levels"
    if count == 1:
        letters = ("A" if quantities else "") + ("B" if design.replicated else "")
        return f"1.{letters}" if letters else "1"
    name = str(count) if count <= 3 else "beyond 3"
    return f"{name} with a quantity" if quantities else name


def template_title(design: Design) -> str:
    """``Two factors within Subj (template 2)``."""
    count, unit = len(design.within_factors), design.unit_label
    if count == 0:
        each = " and each ".join([unit, *(":".join(columns) for columns in design.others)])
        slopes = f"A level and a slope of {listed_all(design.within_quantities)} for each {each}"
        return slopes if design.within_quantities else f"A level for each {each}"
    what = f"{_NUMBERS[count] if count < len(_NUMBERS) else count} factor{'s' if count > 1 else ''}"
    if design.within_quantities:
        what += f" and {listed_all(design.within_quantities)}"
    title = f"{what} within {unit}"
    if design.replicated:
        title += ", several rows per cell"
    known = template_id(design)
    return f"{title} (template {known})" if known != "beyond 3" else f"{title} (as template 3, continued)"


def template_reasons(
    design: Design, plans: tuple[UnitPlan, ...], spec: ModelSpec, cells: str
) -> Iterator[str]:
    """Why the template looks as it does."""
    for plan in plans:
        if plan.larger:
            yield f"Each {design.unit_label} lies in one {plan.label}, whose level differs too."
    bare = [p.label for p in plans if not p.larger and not p.factors and not p.quantities]
    if bare:
        yield f"Rows of one {' or of one '.join(bare)} are alike: each has a level of its own."
    for plan in plans:
        if plan.factors or plan.quantities:
            own = plan.columns == design.unit
            if not own:
                yield f"{plan.label} is another unit beside {design.unit_label}, with terms of its own."
            yield from _of_unit(plan, cells if own else "")
    yield from _without_slopes(spec, plans)


def _of_unit(plan: UnitPlan, cells: str) -> Iterator[str]:
    unit, factors = plan.label, plan.factors
    if plan.quantities:
        yield f"The effect of {listed_all(plan.quantities)} may differ from {unit} to {unit}."
    if len(factors) > 1:
        yield (
            f"With {listed_all(factors)} within {unit}, a level for each {unit} alone is not enough: "
            f"a {unit} may respond to each of them in its own way."
        )
    whole = ":".join((*factors, unit))
    if factors and plan.replicated:
        yield f"{cells or 'Its cells are repeated.'} So a term of {whole} can be told from noise."
    elif factors:
        yield f"{cells or 'It has one row per cell.'} So a term of {whole} would be the residual."


def _without_slopes(spec: ModelSpec, plans: tuple[UnitPlan, ...]) -> Iterator[str]:
    quantities = {q for p in plans for q in p.quantities}
    own = {p.columns for p in plans}
    bare = [r for r in spec.random if quantities and not r.slopes and r.grouping.columns not in own]
    if bare:
        groups = listed_all([r.grouping.label for r in bare])
        yield f"{listed_all(sorted(quantities))} hardly varies within {groups}: no slope there."


def also(kind: str, found_less: bool) -> str:
    """What to say of a structure that turned out to be one that is offered already."""
    if kind == "maximal" and found_less:
        return (
            "What the maximal structure of Barr et al. (2013) has beyond this, these rows cannot tell apart."
        )
    if kind == "maximal":
        return "It is also the maximal structure that Barr et al. (2013) advise."
    return "It is also the least that keeps rows of one unit together."


def beyond(asked: int) -> str:
    """What the maximal structure would ask for where it is not laid out."""
    return (
        f"The maximal structure of Barr et al. (2013) would have {asked:,} variances and covariances here; "
        "it is not laid out."
    )


def centring(derived: tuple[DerivedColumn, ...]) -> Iterator[str]:
    """What centring within levels does."""
    for column in derived:
        yield (
            f"{column.name} is {column.words}: differences between levels are then told at the usual "
            f"{column.column} of each, not at {column.column} = 0."
        )


def offer_of_centring(design: Design) -> Iterator[str]:
    """What could be centred, where levels would else be compared at zero."""
    if design.within_factors and design.within_quantities and not design.centred:
        names = listed_all(design.within_quantities)
        levels = " × ".join(design.within_factors)
        yield f"Levels of {levels} are compared at {names} = 0; centre {names} if zero means nothing."


def maximal_words(design: Design, spec: ModelSpec) -> tuple[str, str]:
    """Who asks for it, and who warns of it."""
    terms = listed_all([print_random(r) for r in spec.random])
    reason = (
        f"Every effect within {design.unit_label} differs and all may correlate: {terms}. "
        "Barr et al. (2013) advise it, so that tests of effects within units keep their level."
    )
    caution = (
        "Bates et al. (2015) and Matuschek et al. (2017) warn that it often asks for more than the data "
        "tell, and then costs power."
    )
    return reason, caution


def intercept_words(design: Design) -> tuple[str, str]:
    """Who begins with it, and who warns of it."""
    unit, several = design.unit_label, len(design.within_factors) > 1
    caution = (
        f"Chen (AFNI) calls it inappropriate with {len(design.within_factors)} factors within {unit}."
        if several
        else f"Barr et al. (2013) warn that effects within {unit} then look surer than they are."
    )
    reason = (
        "The least that keeps rows of one unit together; a start from which terms are added that the data "
        "ask for (Bates et al. 2015, Matuschek et al. 2017)."
    )
    return reason, caution


def no_slope_words(design: Design) -> tuple[str, str]:
    """When slopes may be left aside, and what that takes for granted."""
    names = listed_all(design.within_quantities)
    return (
        f"The template with levels alone, where {names} is to be adjusted for rather than studied.",
        f"It takes the effect of {names} to be the same for each {design.unit_label}.",
    )
