"""What is wrong with a model on a table, each in one sentence that the advice before a fit shows, too."""

from __future__ import annotations

from mmgui.data.table import Table, no_such_column
from mmgui.errors import ModelError, Where
from mmgui.spec.check import problems
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import RandomTerm


def check_spec(spec: ModelSpec, table: Table) -> None:
    """Raise for a description that is no model, or one of columns that the table does not have.

    Raises
    ------
    ModelError
        ``unknown_column``, or the first of :func:`mmgui.spec.check.problems`. A random term that is there
        twice is let pass, as in lme4: it can be fitted, though nothing tells its two variances apart.
    """
    for problem in problems(spec):
        if problem.code != "same_term":
            raise ModelError(problem.code, problem.message, problem.where)
    for name in spec.columns():
        if name not in table:
            raise unknown_column(name, table)


def unknown_column(name: str, table: Table) -> ModelError:
    """The table has no column of that name."""
    return ModelError("unknown_column", no_such_column(table, name), Where("column", name))


def one_group(term: RandomTerm) -> ModelError:
    """The rows used are all of one group."""
    label = term.grouping.label
    return ModelError(
        "one_group",
        f"{label} has only one group in the rows used, so there is nothing to vary between groups; remove "
        "this term or choose another grouping factor.",
        Where("term", label),
    )


def group_per_row(term: RandomTerm) -> ModelError:
    """No two rows are of one group."""
    label = term.grouping.label
    return ModelError(
        "group_per_row",
        f"Every row is its own group of {label}, so its variation cannot be told apart from the residuals; "
        "choose a grouping factor that repeats.",
        Where("term", label),
    )


def more_effects_than_rows(term: RandomTerm, effects: int, groups: int, nrows: int) -> ModelError:
    """A block of ``effects`` that may correlate has as many random effects as there are rows, or more."""
    label = term.grouping.label
    return ModelError(
        "more_effects_than_rows",
        f"{effects} effects for each of {groups:,} groups of {label} are {effects * groups:,} random "
        f"effects, but there are only {nrows:,} rows, so they cannot be told apart from the residuals; take "
        "slopes out.",
        Where("term", label),
    )
