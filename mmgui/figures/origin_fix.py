"""The model with the zero of a variable where a person put it: a column made for that, in its place."""

from __future__ import annotations

from mmgui.advice.finding import Fix
from mmgui.figures.origin import OriginFigure
from mmgui.spec.derived import Derivation, DerivedColumn, derived_column
from mmgui.spec.edit_fixed import replace_column
from mmgui.spec.expression import columns_of

_SAME = 1e-9


def origin_fix(figure: OriginFigure, origin: float) -> Fix | None:
    """The column centred at its mean, or with its zero at ``origin``; None where it would stay as it is.

    None too where the column is the response or makes groups, which cannot be replaced.
    """
    spec, column = figure.spec, figure.column
    response = set() if spec.response is None else set(columns_of(spec.response))
    groups = {c for r in spec.random for c in r.grouping.columns}
    if abs(origin) <= _SAME * (figure.data[1] - figure.data[0]) or column in response | groups:
        return None
    derived = _column(figure, origin)
    return Fix(
        f"Put the zero of {column} at {figure.tidy(origin)}",
        replace_column(spec, column, derived.name),
        (derived,),
    )


def _column(figure: OriginFigure, origin: float) -> DerivedColumn:
    taken = tuple(figure.spec.columns())
    if figure.whole and abs(origin - figure.mean) <= _SAME * (figure.data[1] - figure.data[0]):
        return derived_column(Derivation.CENTER, figure.column, (), taken)
    constant = figure.rounded(origin)
    return derived_column(Derivation.SHIFT, figure.column, (), taken, constant)
