"""What is wrong with a model before any matrix is built, each in one sentence."""

from __future__ import annotations

from mmgui.data.table import Table
from mmgui.errors import ModelError, Where
from mmgui.spec.expression import show
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import RandomTerm, Term


def check_spec(spec: ModelSpec, table: Table) -> None:
    """Raise for a model without response, unknown columns, or the response among its own predictors.

    Raises
    ------
    ModelError
        ``no_response``, ``unknown_column`` or ``response_as_effect``.
    """
    if spec.response is None:
        raise ModelError(
            "no_response", "The model has no response yet; choose the column it explains.", Where("formula")
        )
    for name in spec.columns():
        if name not in table:
            raise _unknown_column(name, table)
    effects = [*spec.fixed, *(slope for random in spec.random for slope in random.slopes)]
    for term in effects:
        if term.factors == (spec.response,):
            raise ModelError(
                "response_as_effect",
                f"{show(spec.response)} is the response, so it cannot be an effect too; take it out of the "
                "effects.",
                Where("term", term.label),
            )


def _unknown_column(name: str, table: Table) -> ModelError:
    import difflib

    folded = {other.casefold(): other for other in table.names}
    close = [folded[name.casefold()]] if name.casefold() in folded else []
    close += [n for n in difflib.get_close_matches(name, table.names, n=3) if n not in close]
    if close:
        hint = f"did you mean {' or '.join(close)}?"
    else:
        shown = ", ".join(table.names[:8])
        hint = f"its columns are {shown}{', …' if len(table.names) > 8 else ''}."
    return ModelError(
        "unknown_column", f"{table.name or 'The table'} has no column {name}; {hint}", Where("column", name)
    )


def check_term(term: RandomTerm) -> None:
    """Raise for a card without grouping factor or effect, or with an effect twice.

    Raises
    ------
    ModelError
        ``no_grouping``, ``no_effects`` or ``same_effect_twice``.
    """
    if not term.grouping.columns:
        raise ModelError(
            "no_grouping",
            "A random-effects term has no grouping factor; choose the column that defines its groups.",
        )
    where = Where("term", term.grouping.label)
    if not term.has_effects:
        raise ModelError(
            "no_effects",
            f"Nothing varies by {term.grouping.label} yet; let its intercept or a slope vary, or remove the "
            "term.",
            where,
        )
    seen: list[Term] = []
    for slope in term.slopes:
        if any(slope.same_effect(other) for other in seen):
            raise ModelError(
                "same_effect_twice",
                f"{slope.label} stands twice among the effects that vary by {term.grouping.label}; "
                "take one of them out.",
                where,
            )
        seen.append(slope)


def check_group_count(term: RandomTerm, levels: tuple[str, ...], nrows: int) -> None:
    """Raise for one group, or a group for every row.

    Raises
    ------
    ModelError
        ``one_group`` or ``group_per_row``.
    """
    label = term.grouping.label
    where = Where("term", label)
    if len(levels) < 2:
        raise ModelError(
            "one_group",
            f"{label} has only one group ({levels[0]!r}) in the rows used, so nothing can vary between "
            "groups; remove this term or choose another grouping factor.",
            where,
        )
    if len(levels) >= nrows:
        raise ModelError(
            "group_per_row",
            f"Every row is its own group of {label}, so its variation cannot be told apart from the "
            "residuals; choose a grouping factor that repeats.",
            where,
        )
