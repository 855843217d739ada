"""What each piece of a formula is in the equation and in words: of one model, and of all notations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mmgui.figures.equation import equation
from mmgui.figures.equation_names import shown
from mmgui.figures.equation_notation import Notation, notation, offset, plain, residual, response
from mmgui.figures.equation_parts import (
    NOTHING,
    About,
    EquationFigure,
    EquationForm,
    FormKind,
    Line,
    Piece,
    joined,
)
from mmgui.spec.expression import quote, show
from mmgui.spec.formula import parse, print_random
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import INTERCEPT, Covariance, GroupingFactor, RandomTerm, Term


@dataclass(frozen=True, slots=True)
class EquationRow:
    """One row of the table.

    Attributes
    ----------
    formula
        As the formula writes it; empty for what no formula writes.
    equation
        The pieces of the equation; None where there are none.
    words
        What it says.
    term
        The random-effects term, which gives the colour; None for none.
    about
        What lights up with it.
    same
        Another spelling of the same.
    """

    formula: str
    equation: EquationFigure | None
    words: str
    term: int | None = None
    about: About = NOTHING
    same: str = ""


def figure_of(pieces: Sequence[Piece]) -> EquationFigure | None:
    """A single line as a figure; None for no pieces."""
    if not pieces:
        return None
    return EquationFigure((EquationForm(FormKind.INDEX, (Line(tuple(pieces)),)),))


def model_rows(spec: ModelSpec, is_factor: Callable[[str], bool]) -> tuple[EquationRow, ...]:
    """A row for every piece of a model's formula, the residual last.

    Parameters
    ----------
    spec
        The model.
    is_factor
        Whether a column enters as labels.
    """
    notes = notation(spec, is_factor)
    rows = []
    if spec.response is not None:
        left = response(notes)
        rows.append(
            EquationRow(
                show(spec.response), figure_of([left]), "what the model is to explain", about=left.about
            )
        )
    rows += [_intercept(notes), *(_fixed(notes, effect) for effect in spec.fixed)]
    for value in spec.offset:
        piece = offset(notes, value)
        rows.append(EquationRow(f"offset({show(value)})", figure_of([piece]), piece.words, about=piece.about))
    rows += [_random(notes, k, term) for k, term in enumerate(spec.random)]
    left_over = residual(notes)
    words = left_over.words
    if spec.weights is not None:
        words += f"; with the variance σ² divided by {quote(spec.weights)}, the weight of the row"
    rows.append(EquationRow("", figure_of([left_over]), words, about=left_over.about))
    return tuple(rows)


def _intercept(notes: Notation) -> EquationRow:
    if not notes.spec.intercept:
        return EquationRow("0", None, "no common level: without an intercept")
    piece = notes.fixed_piece(INTERCEPT)
    return EquationRow("1", figure_of([piece]), piece.words, about=piece.about)


def _fixed(notes: Notation, effect: Term) -> EquationRow:
    piece = notes.fixed_piece(effect)
    return EquationRow(
        effect.label, figure_of(notes.product((piece,), effect)), piece.words, about=piece.about
    )


def _random(notes: Notation, k: int, term: RandomTerm) -> EquationRow:
    parts = [notes.product((notes.mode_piece(k, effect),), effect) for effect in term.effects]
    words = random_words(notes, term)
    about = About(random=frozenset({k}))
    return EquationRow(print_random(term), figure_of(joined(parts)), words, k, about)


_TOGETHER = {
    Covariance.DIAGONAL: "without correlations between them",
    Covariance.INDEPENDENT: "without any correlation",
    Covariance.IDENTITY: "all with one variance, without correlations",
    Covariance.COMPOUND_SYMMETRY: "with one correlation for every pair",
    Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY: "with one variance, and one correlation for every pair",
    Covariance.AR1: "with one variance, and correlations that fall with distance",
    Covariance.HETEROGENEOUS_AR1: "with correlations that fall with distance",
    Covariance.UNSTRUCTURED: "free to correlate",
}


def random_words(notes: Notation, term: RandomTerm) -> str:
    """“each Subject has its own level and its own slope of Days, free to correlate”."""
    if not term.has_effects:
        return f"nothing varies by {shown(term.grouping.label)}"
    owns = ["level"] if term.intercept else []
    owns += [_own(notes, effect, alone=not term.intercept) for effect in term.slopes]
    words = f"each {_group(term.grouping)} has its own " + _and(owns)
    if not term.intercept and all(map(notes.single, term.slopes)):
        words += ", and no level of its own"
    several = len(term.effects) > 1 or not all(map(notes.single, term.effects))
    if not several:
        return words
    covariance = term.settled().covariance
    if covariance is Covariance.DIAGONAL and not all(map(notes.single, term.slopes)):
        return f"{words}; only the columns of one effect are free to correlate"
    return f"{words}, {_TOGETHER[covariance]}"


def _own(notes: Notation, effect: Term, *, alone: bool) -> str:
    if notes.single(effect):
        return f"slope of {plain(effect)}"
    if alone and effect.order == 1 and notes.labels(effect):
        return f"value for every level of {plain(effect)}"
    return f"effect of {plain(effect)}"


def _and(words: Sequence[str]) -> str:
    if len(words) == 1:
        return words[0]
    return f"{', its own '.join(words[:-1])} and its own {words[-1]}"


def _group(grouping: GroupingFactor) -> str:
    names = [shown(c) for c in grouping.columns]
    if len(names) == 1:
        return names[0]
    return f"combination of {', '.join(names[:-1])} and {names[-1]}"


PARAMETERS = (
    "n effects that are free to vary together have n(n + 1)/2 variances and covariances: "
    "1 has 1, 2 have 3, 5 have 15, 12 have 78, 16 have 136. The intercept is one of the n."
)

_NOTATIONS = (
    ("y ~ x", "", "no groups: an ordinary regression"),
    ("y ~ x + (1 | g)", "", "each g has its own level: the lines of the groups are parallel"),
    (
        "y ~ x + (x | g)",
        "(1 + x | g)",
        "each g has its own level and its own slope, free to correlate: two variances and a covariance",
    ),
    (
        "y ~ x + (x || g)",
        "(1 | g) + (0 + x | g)",
        "own level and own slope, not correlated: two variances. What that means depends on where x is 0",
    ),
    ("y ~ x + (0 + x | g)", "", "each g has its own slope; at x = 0 all have the same level"),
    (
        "y ~ x + (1 | g) + (1 | h)",
        "",
        "crossed: each g and each h has its own level, whichever they meet; every row belongs to one of each",
    ),
    ("y ~ x + (x | g) + (1 | h)", "", "crossed, and the slope differs between the g alone"),
    ("y ~ x + (x || g) + (1 | h)", "(1 | g) + (0 + x | g) + (1 | h)", "the same without the correlation"),
    ("y ~ x + (0 + x | g) + (1 | h)", "", "each g has its own slope, each h its own level"),
    (
        "y ~ x + (1 | a/b)",
        "(1 | a) + (1 | a:b)",
        (
            "nested: each a has its own level, and each b within it. Where the labels of b do not recur in "
            "another a, (1 | a) + (1 | b) is the same"
        ),
    ),
    (
        "y ~ x + (1 | a*b)",
        "(1 | a) + (1 | b) + (1 | a:b)",
        "crossed, and each combination has its own level besides; needs several rows in a combination",
    ),
    ("y ~ x + (1 | a:b)", "", "only the combinations differ: nothing that all b of one a have in common"),
    (
        "y ~ f + (f | g)",
        "(0 + f | g)",
        "with f a factor of L levels: each g has its own value at every level: L variances, all covariances",
    ),
    (
        "y ~ f + (f || g)",
        "(1 | g) + (0 + f | g)",
        "of a factor, || sets apart the common level alone: the values at its levels still correlate",
    ),
    ("y ~ f + diag(0 + f | g)", "", "a variance for every level of f, no correlation"),
    ("y ~ f + homdiag(0 + f | g)", "", "one variance for all levels of f, no correlation: as (1 | f:g)"),
    ("y ~ f + cs(0 + f | g)", "", "a variance for every level of f, one correlation (compound symmetry)"),
    (
        "y ~ f + cs(0 + f | g, hom = TRUE)",
        "",
        "one variance, one correlation: as (1 | g) + (1 | f:g) where the correlation is not negative",
    ),
    ("y ~ f + ar1(0 + f | g)", "", "levels of f k steps apart correlate by ρᵏ; their order matters"),
)


def notation_rows() -> tuple[EquationRow, ...]:
    """The notations of formulas: y the response, x a number, f a factor, g h a b groups.

    After the table of Bolker's introduction to mixed models, from a question of Livius on
    stats.stackexchange.com/questions/13166, with its uncorrelated slopes written as they must be,
    ``(1 + X || Subject)``.
    """
    return tuple(_notation_row(*row) for row in _NOTATIONS)


def _notation_row(formula: str, same: str, words: str) -> EquationRow:
    figure = equation(parse(formula), lambda column: column == "f")
    line = None if figure is None else figure_of(figure.index.lines[0].pieces)
    return EquationRow(formula, line, words, same=same)
