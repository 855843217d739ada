"""The index form: what one row is, and how the effects of the groups are distributed."""

from __future__ import annotations

from collections.abc import Sequence

from mmgui.figures.equation_distributions import distributions, matrix_notes, residual_distribution
from mmgui.figures.equation_facts import EquationFacts, TermFacts
from mmgui.figures.equation_names import shown
from mmgui.figures.equation_notation import Notation, offset, plain, residual, response, terms_of
from mmgui.figures.equation_parts import EQUALS, EquationForm, FormKind, Line, Piece, bracketed, joined
from mmgui.spec.coding import Coding, Contrast, coded_column
from mmgui.spec.expression import columns_of
from mmgui.spec.terms import Term
from mmgui.words import listed


def index_form(notes: Notation, facts: EquationFacts | None, *, compact: bool) -> EquationForm:
    """The model row by row.

    Parameters
    ----------
    notes
        The notation.
    facts
        The model on its table, or None.
    compact
        Whether to keep to few lines: Σ by its name, notes on the indices alone.
    """
    of_terms = term_facts(notes, facts)
    lines = [Line((response(notes), EQUALS, *right_side(notes)))]
    for k in range(len(notes.spec.random)):
        lines += distributions(notes, k, of_terms[k], compact=compact)
    lines.append(residual_distribution(notes, residual(notes)))
    remarks = [index_words(notes, facts)]
    if not compact:
        remarks += [*factor_words(notes, facts), *matrix_notes(notes, of_terms), *independence(notes)]
    return EquationForm(FormKind.INDEX, tuple(lines), tuple(remarks), flowing=compact)


def term_facts(notes: Notation, facts: EquationFacts | None) -> Sequence[TermFacts | None]:
    """The facts of each random-effects term; None where there is no table."""
    return [None] * len(notes.spec.random) if facts is None else facts.terms


def right_side(notes: Notation) -> tuple[Piece, ...]:
    """Effects, offsets, residual, with pluses."""
    parts = [effect_pieces(notes, effect) for effect in notes.effects]
    parts += [(offset(notes, value),) for value in notes.spec.offset]
    return joined([*parts, (residual(notes),)])


def effect_pieces(notes: Notation, effect: Term) -> tuple[Piece, ...]:
    """``(β₁ + b₁ⱼ) Daysᵢⱼ``: all coefficients of one effect, and what they multiply."""
    coefficients = [notes.fixed_piece(effect)] if notes.is_fixed(effect) else []
    coefficients += [notes.mode_piece(k, effect) for k, _ in terms_of(notes, effect)]
    line = joined((c,) for c in coefficients)
    return notes.product(bracketed(line) if len(coefficients) > 1 else line, effect)


def index_words(notes: Notation, facts: EquationFacts | None) -> str:
    """“i: row, j: Subject, m: Machine”."""
    grouping = [c for r in notes.spec.random for c in r.grouping.columns]
    words = ["i: row"]
    for column in dict.fromkeys([*grouping, *notes.letters]):
        inside = _lies_in(notes, facts, column)
        words.append(f"{notes.letters[column]}: {shown(column)}{f' in {shown(inside)}' if inside else ''}")
    return ", ".join(words)


def _lies_in(notes: Notation, facts: EquationFacts | None, column: str) -> str:
    """The grouping factor that a column's groups lie in: by the formula (``a/b``), or by the table."""
    groupings = [r.grouping for r in notes.spec.random]
    with_column = [g.columns for g in groupings if column in g.columns]
    if with_column and all(len(c) > 1 and c[-1] == column for c in with_column):
        outer = with_column[0][:-1]
        if any(g.columns == outer for g in groupings) and column not in _fixed_columns(notes):
            return ":".join(outer)
    if facts is None:
        return ""
    within = facts.within
    outers = [outer for inner, outer in within if inner == column and (outer, inner) not in within]
    # The smallest of those it lies in lies in all the others.
    finest = [o for o in outers if not any((other, o) in facts.within for other in outers if other != o)]
    return finest[0] if finest else ""


def _fixed_columns(notes: Notation) -> set[str]:
    return {c for effect in notes.effects for c in effect.columns()}


def factor_words(notes: Notation, facts: EquationFacts | None, symbol: str = "β") -> list[str]:
    """How the fixed coefficients of each factor are tied, which its contrasts decide."""
    fixed = [e for e in notes.effects if e.factors and notes.is_fixed(e)]
    if facts is None or not any(map(notes.labels, fixed)):
        return []
    # The engine comes with it, which the first window does not wait for.
    from mmgui.engine.build.contrasts import full_dummies

    free = full_dummies(notes.spec.fixed, notes.spec.intercept, notes.is_label)
    coded = list(zip(notes.spec.fixed, free, strict=True))
    out = []
    for factor in dict.fromkeys(f for e in fixed for f in notes.labels(e)):
        column = coded_column(factor) or next(columns_of(factor))
        name, letter = shown(column), notes.letters[column]
        own = [term for term, full in coded if factor in full]
        how = "each level has its own"
        if any(factor in term.factors and factor not in full for term, full in coded):
            where = f"; in {listed([plain(t) for t in own])} {how}" if own else ""
            how = _constraint(notes, facts, column) + where
        out.append(f"{symbol} with {name} above it has one value for each level {letter} of {name}: {how}.")
    return out


def _constraint(notes: Notation, facts: EquationFacts | None, column: str) -> str:
    coding = next((c for c in notes.spec.codings if c.column == column), Coding(column))
    if coding.contrast is not Contrast.TREATMENT:
        return f"over the levels they add up to 0 ({coding.contrast} contrasts)"
    level = coding.reference or dict(() if facts is None else facts.first_levels).get(column)
    return "it is 0 at the reference level" + ("" if level is None else f", {shown(level)}")


def independence(notes: Notation) -> list[str]:
    """Said once, where there is something to be independent of."""
    if not notes.spec.random:
        return []
    return ["Effects on different lines are independent of each other and of the residuals."]
