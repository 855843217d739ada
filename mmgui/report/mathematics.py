"""An equation as HTML: drawn signs on the text's baseline, in the colours of the terms."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from mmgui.figures.equation_drawing import drawing
from mmgui.figures.equation_parts import Break, EquationForm, Line, Piece
from mmgui.report.svg import TEXT, term_color

LETTER = 1.25
"""Height of a drawn letter, in heights of the text around it."""

STYLE = """
.equation{line-height:2.3;margin:6px 0}.equation .muted{line-height:1.4}
.equation span.run{white-space:nowrap}
"""


def equation_html(form: EquationForm) -> str:
    """A form, its lines below each other, then what its letters mean."""
    lines = "".join(_line(line) for line in form.lines)
    notes = "<br>".join(map(escape, form.notes))
    return (
        f"<div class='equation' role='math' aria-label='{escape(form.plain(), quote=True)}'>{lines}"
        f"<p class='muted'>{notes}</p></div>"
    )


def _line(line: Line) -> str:
    heading = f"<div class='muted'>{escape(line.heading)}</div>" if line.heading else ""
    return f"{heading}<div>{' '.join(map(_run, _runs(line.pieces)))}</div>"


def _runs(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces that stay together; the line may break between runs."""
    runs: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.breaks is not Break.NO and runs[-1]:
            runs.append([])
        runs[-1].append(piece)
    return runs


def _run(pieces: Sequence[Piece]) -> str:
    return f"<span class='run'>{''.join(map(_piece, pieces))}</span>"


def _piece(piece: Piece) -> str:
    color = TEXT if piece.term is None else term_color(piece.term)
    title = f" title='{escape(piece.words, quote=True)}'" if piece.words else ""
    style = f"color:{color};margin:0 {piece.room * LETTER:.2f}em"
    drawn = drawing(piece.latex) if piece.latex else None
    inside = escape(piece.text.strip()) if drawn is None else drawn.inline(color, LETTER)
    return f"<span style='{style}'{title}>{inside}</span>"
