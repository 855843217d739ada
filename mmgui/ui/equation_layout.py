"""Where the pieces of an equation stand: on common baselines, in lines that break at + signs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mmgui.figures.equation_parts import Break, EquationForm, Line, Piece

SMALLEST_SCALE = 0.45
"""What is wider than the room is made smaller, down to this."""


@dataclass(frozen=True, slots=True)
class Size:
    """A piece's extent in pixels, above and below its baseline."""

    width: float
    ascent: float
    descent: float


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece, where its left end on the baseline stands, and how much smaller it is drawn."""

    piece: Piece
    x: float
    baseline: float
    size: Size
    scale: float = 1.0

    def contains(self, x: float, y: float, slack: float) -> bool:
        """Whether a point is on the piece, or as near as ``slack`` above or below."""
        across = self.x <= x <= self.x + self.size.width * self.scale
        above = self.baseline - self.size.ascent * self.scale - slack
        return across and above <= y <= self.baseline + self.size.descent * self.scale + slack


@dataclass(frozen=True, slots=True)
class Heading:
    """Words over a line, and where their baseline is."""

    text: str
    baseline: float


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Everything in its place."""

    placed: tuple[Placed, ...] = ()
    headings: tuple[Heading, ...] = ()
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class _Row:
    """Pieces side by side, ``indent`` from the left."""

    pieces: tuple[Piece, ...]
    indent: float = 0.0


class Layout:
    """Arranges a form in a width."""

    def __init__(self, em: float, heading_height: float, measure: Callable[[Piece], Size]) -> None:
        self._em = em
        self._heading = heading_height
        self._measure = measure

    def arrange(self, form: EquationForm, width: float) -> Arrangement:
        """Lines below each other; short ones side by side where the form is flowing."""
        placed: list[Placed] = []
        headings: list[Heading] = []
        y = 0.0
        right = width + 1.0
        beside: tuple[float, float] | None = None
        for number, line in enumerate(form.lines):
            if line.heading:
                y += self._heading * (1.5 if y else 1.0)
                headings.append(Heading(line.heading, y))
                y += self._em * 0.35
            rows = self._rows(line, width)
            own = self._width(rows[0].pieces)
            gap = self._em * 1.5
            if form.flowing and number > 1 and len(rows) == 1 and beside and right + gap + own <= width:
                placed_row = self._place(_Row(rows[0].pieces, right + gap), beside[0], width)
                placed += placed_row
                right += gap + own
                beside = (beside[0], max(beside[1], _below(placed_row)))
                y = max(y, beside[1])
                continue
            for row in rows:
                top = y + (self._em * 0.42 if placed or headings else 0.0)
                baseline = top + self._ascent(row, width)
                in_row = self._place(row, baseline, width)
                placed += in_row
                y = max(_below(in_row), baseline + self._em * 0.3)
                right, beside = row.indent + self._width(row.pieces), (baseline, y)
        return Arrangement(tuple(placed), tuple(headings), y)

    def _rows(self, line: Line, width: float) -> list[_Row]:
        """The line broken where it is too wide: before a + outside brackets, else inside."""
        if self._width(line.pieces) <= width:
            return [_Row(line.pieces)]
        indent = min(self._em * 1.6, width / 8)
        rows: list[_Row] = []
        current: list[Piece] = []

        def room() -> float:
            return width - (indent if rows else 0.0)

        def close() -> None:
            nonlocal current
            if current:
                rows.append(_Row(tuple(current), indent if rows else 0.0))
                current = []

        for run in _split(line.pieces, (Break.HERE,)):
            if self._width((*current, *run)) <= room():
                current += run
                continue
            if self._width(run) > width - indent:
                for part in _split(run, (Break.HERE, Break.INSIDE)):
                    if current and self._width((*current, *part)) > room():
                        close()
                    current += part
                continue
            close()
            current += run
        close()
        return rows

    def _width(self, pieces: Sequence[Piece]) -> float:
        return sum(self._measure(p).width + 2 * p.room * self._em for p in pieces)

    def _scale(self, row: _Row, width: float) -> float:
        wanted = self._width(row.pieces)
        room = max(width - row.indent, 1.0)
        return 1.0 if wanted <= room else max(room / wanted, SMALLEST_SCALE)

    def _ascent(self, row: _Row, width: float) -> float:
        tallest = max((self._measure(p).ascent for p in row.pieces), default=0.0)
        return max(tallest, self._em * 0.7) * self._scale(row, width)

    def _place(self, row: _Row, baseline: float, width: float) -> list[Placed]:
        scale = self._scale(row, width)
        x = row.indent
        out = []
        for k, piece in enumerate(row.pieces):
            size = self._measure(piece)
            # A row begins where its first sign does.
            x += 0.0 if k == 0 else piece.room * self._em * scale
            out.append(Placed(piece, x, baseline, size, scale))
            x += (size.width + piece.room * self._em) * scale
        return out


def _split(pieces: Sequence[Piece], where: tuple[Break, ...]) -> list[list[Piece]]:
    """Runs that each begin with a piece before which a line may break; the relation stays with the left."""
    runs: list[list[Piece]] = [[]]
    for piece in pieces:
        relation = piece.text.strip() == "="
        if piece.breaks in where and runs[-1] and not relation:
            runs.append([])
        runs[-1].append(piece)
    return runs


def _below(row: Sequence[Placed]) -> float:
    """The lowest point of a row."""
    return max((p.baseline + p.size.descent * p.scale for p in row), default=0.0)
