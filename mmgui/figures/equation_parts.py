"""What an equation is made of: pieces that know their LaTeX, their plain text, and what they speak of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from mmgui.figures.equation_names import both


class FormKind(StrEnum):
    """The three ways to write one model."""

    INDEX = "index"
    LEVEL = "level"
    MATRIX = "matrix"


@dataclass(frozen=True, slots=True)
class About:
    """What a piece speaks of, in the words of the model: labels as the formula writes them.

    Attributes
    ----------
    fixed
        Labels of fixed effects, ``"1"`` for the intercept.
    effects
        (position of a random-effects term, label of an effect) pairs.
    random
        Positions of random-effects terms that it speaks of as a whole.
    columns
        Columns of the table.
    residual
        Whether it is about the residuals.
    """

    fixed: frozenset[str] = frozenset()
    effects: frozenset[tuple[int, str]] = frozenset()
    random: frozenset[int] = frozenset()
    columns: frozenset[str] = frozenset()
    residual: bool = False

    def also(self, other: About) -> About:
        """Both."""
        return About(
            self.fixed | other.fixed,
            self.effects | other.effects,
            self.random | other.random,
            self.columns | other.columns,
            self.residual or other.residual,
        )


NOTHING = About()


class Break(StrEnum):
    """Whether a line may break before a piece."""

    NO = "no"
    INSIDE = "inside"
    """Between the coefficients of one effect: only where nothing else helps."""
    HERE = "here"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of signs of one colour.

    Attributes
    ----------
    latex
        As LaTeX with amsmath reads it in mathematics.
    text
        As plain Unicode text.
    term
        The random-effects term it belongs to, which gives its colour; None for none.
    about
        What lights up with it.
    words
        What it means, in words; empty for signs.
    breaks
        Whether a line may break before it.
    room
        Space on both sides, in heights of a letter.
    """

    latex: str
    text: str
    term: int | None = None
    about: About = NOTHING
    words: str = ""
    breaks: Break = Break.NO
    room: float = 0.0


def sign(latex: str, text: str | None = None, term: int | None = None, room: float = 0.0) -> Piece:
    """An operator or a bracket."""
    return Piece(latex, latex if text is None else text, term, room=room)


PLUS = Piece("+", " + ", breaks=Break.HERE, room=0.24)
EQUALS = Piece("=", " = ", breaks=Break.HERE, room=0.3)


def equals(term: int) -> Piece:
    """An equals sign in a term's colour."""
    return Piece("=", " = ", term, room=0.3)


def similar(term: int | None = None) -> Piece:
    """``~``: is distributed as."""
    return Piece(r"\sim", " ~ ", term, room=0.3)


SPACE = Piece("", " ", room=0.09)
DOT = Piece(r"\cdot", " · ", room=0.14)


@dataclass(frozen=True, slots=True)
class Line:
    """One line: pieces, or words where there are no pieces.

    Attributes
    ----------
    pieces
        From left to right.
    heading
        Words over the line.
    """

    pieces: tuple[Piece, ...]
    heading: str = ""

    @property
    def text(self) -> str:
        """The line as plain text."""
        return "".join(p.text for p in self.pieces)

    @property
    def latex(self) -> str:
        """The line as LaTeX."""
        return _spaced(p.latex for p in self.pieces)


@dataclass(frozen=True, slots=True)
class EquationForm:
    """One way to write the model.

    Attributes
    ----------
    kind
        Which.
    lines
        The equations and distributions.
    notes
        What the letters mean, one sentence each.
    flowing
        Whether short lines may stand side by side.
    """

    kind: FormKind
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()
    flowing: bool = False

    def plain(self) -> str:
        """The form as plain text, for the clipboard and for screen readers."""
        out: list[str] = []
        for line in self.lines:
            out += [line.heading] if line.heading else []
            out.append(line.text)
        return "\n".join([*out, *self.notes])

    def latex(self) -> str:
        """The form as LaTeX, aligned at its equals signs."""
        rows = []
        for line in self.lines:
            if line.heading:
                rows.append(rf"&\text{{{both(line.heading).escaped}}}")
            rows.append(_aligned(line.pieces))
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def _spaced(latex: Iterable[str]) -> str:
    return " ".join(piece or r"\," for piece in latex)


def _aligned(pieces: Sequence[Piece]) -> str:
    """The line with a mark before its first relation."""
    latex = [p.latex for p in pieces]
    for k, text in enumerate(latex):
        if text in ("=", r"\sim"):
            return _spaced([*latex[:k], "&" + text, *latex[k + 1 :]])
    return "& " + _spaced(latex)


@dataclass(frozen=True, slots=True)
class EquationFigure:
    """A model in mathematics, in all its forms.

    Attributes
    ----------
    forms
        Index form, level form, matrix form.
    """

    forms: tuple[EquationForm, ...] = field(default=())

    def form(self, kind: FormKind) -> EquationForm:
        """One of the forms."""
        return next(f for f in self.forms if f.kind is kind)

    @property
    def index(self) -> EquationForm:
        """The index form."""
        return self.form(FormKind.INDEX)

    def plain(self) -> str:
        """The index form as plain text."""
        return self.index.plain()


def joined(
    parts: Iterable[Sequence[Piece]], between: Piece = PLUS, empty: Piece | None = None
) -> tuple[Piece, ...]:
    """The parts with a sign between them; ``empty`` where there are none."""
    out: list[Piece] = []
    for part in parts:
        out += [between, *part] if out else part
    return tuple(out) if out or empty is None else (empty,)


def bracketed(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces in parentheses; the pluses between them break a line only in need."""
    inner = tuple(replace(p, breaks=Break.INSIDE) if p.breaks is Break.HERE else p for p in pieces)
    return (sign("("), *inner, sign(")"))
