"""From what is typed to the model, and back: the formula line's side of the draft."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from mmgui.data.table import Table
from mmgui.errors import FormulaError, Where
from mmgui.spec.edit import with_formula
from mmgui.spec.formula import parse_random, parse_term, print_model
from mmgui.spec.formula.tokens import END, NAME, Token, tokenize
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Term


def formula_of(draft: ModelSpec) -> str:
    """The draft's formula; empty while nothing has been chosen at all."""
    return "" if replace(draft, reml=True) == ModelSpec() else print_model(draft)


def read_formula(text: str, draft: ModelSpec, table: Table | None) -> ModelSpec:
    """The draft as the text asks for it; what a formula does not say (REML, weights) stays.

    Raises
    ------
    FormulaError
        If it cannot be read, or names a column that the table does not have.
    """
    spec = with_formula(draft, text)
    if table is not None:
        _require_columns(text, spec.columns(), table)
    return spec


def read_terms(text: str, table: Table | None) -> tuple[Term, ...]:
    """Fixed effects typed on their own, such as ``log(x)`` or ``a*b``.

    Raises
    ------
    FormulaError
        If they cannot be read, or name a column that the table does not have.
    """
    terms = parse_term(text)
    if table is not None:
        _require_columns(text, tuple(c for t in terms for c in t.columns()), table)
    return terms


def _require_columns(text: str, names: tuple[str, ...], table: Table) -> None:
    unknown = {n for n in names if n not in table}
    if not unknown:
        return
    tokens = tokenize(text)
    for token, following in pairwise(tokens):
        function = following.is_sign("(") and not token.quoted
        if token.kind == NAME and token.text in unknown and not function:
            raise FormulaError(
                "unknown_column",
                f"There is no column “{token.text}” in {table.name}.{_nearest(token.text, table)}",
                Where("formula", token.text, token.position, token.length),
            )


def random_stretches(text: str) -> tuple[tuple[int, int, int], ...]:
    """Where random-effects terms stand in a text as typed: (start, end, index of the first term)."""
    try:
        tokens = tokenize(text)
    except FormulaError:
        return ()
    found: list[tuple[int, int, int]] = []
    index = 0
    for start, end in _parentheses_with_bar(tokens):
        try:
            count = len(parse_random(text[start:end]))
        except FormulaError:
            return tuple(found)
        found.append((start, end, index))
        index += count
    return tuple(found)


def _parentheses_with_bar(tokens: tuple[Token, ...]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    opened: list[tuple[int, bool]] = []
    for k, token in enumerate(tokens):
        if token.is_sign("("):
            # A structure's name belongs to its term: cs(0 + f | g).
            before = tokens[k - 1] if k else token
            named = before.kind == NAME and not before.quoted
            opened.append((before.position if named else token.position, False))
        elif token.is_sign("|", "||") and opened:
            opened[-1] = (opened[-1][0], True)
        elif token.is_sign(")") and opened:
            start, barred = opened.pop()
            if barred and not opened:
                out.append((start, token.end))
        elif token.kind == END:
            break
    return out


def _nearest(name: str, table: Table) -> str:
    import difflib

    lower = {n.lower(): n for n in table.names}
    close = difflib.get_close_matches(name.lower(), list(lower), n=1, cutoff=0.6)
    return f" Did you mean “{lower[close[0]]}”?" if close else ""
