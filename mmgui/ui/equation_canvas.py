"""The drawn signs of an equation: measured, arranged, painted, lit up under the pointer."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mmgui.app.theme import Theme
from mmgui.figures.equation_drawing import EM, drawing, is_drawn
from mmgui.figures.equation_parts import NOTHING, About, EquationForm, Piece
from mmgui.ui.equation_layout import Arrangement, Layout, Placed, Size
from mmgui.ui.stylesheet import UI_FONT

DIMMED = 0.32
MARK_ALPHA = 38


@lru_cache(maxsize=1024)
def _renderer(latex: str, color: str) -> QSvgRenderer | None:
    drawn = drawing(latex)
    return None if drawn is None else QSvgRenderer(drawn.svg(color).encode())


class EquationCanvas(QWidget):
    """Paints one form of an equation; emits what the pointer is on."""

    hovered = Signal(object)
    """An ``About``; ``NOTHING`` when the pointer leaves."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("equationCanvas")
        self.setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._theme = theme
        self._em = 16.0
        self._form: EquationForm | None = None
        self._marked = NOTHING
        self._arranged: tuple[int, Arrangement] | None = None
        self._under: Piece | None = None

    def show_form(self, form: EquationForm | None, theme: Theme, em: float) -> None:
        """Show a form with letters ``em`` pixels high."""
        self._form, self._theme, self._em = form, theme, em
        self._arranged = None
        self._under = None
        self.updateGeometry()
        self.update()

    def mark(self, about: About) -> None:
        """Light up what speaks of this, and dim the rest; ``NOTHING`` shows all alike."""
        if about != self._marked:
            self._marked = about
            self.update()

    def place_of(self, piece: Piece) -> QRectF | None:
        """Where a piece stands."""
        found = next((p for p in self._arrange(self.width()).placed if p.piece == piece), None)
        return None if found is None else _box(found)

    # -- sizes

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._arrange(width).height + self._em * 0.25)

    def sizeHint(self) -> QSize:
        width = max(self.width(), 1)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        # A long equation must not widen its pane.
        return QSize(1, self.heightForWidth(max(self.width(), 1)))

    def _arrange(self, width: int) -> Arrangement:
        if self._form is None:
            return Arrangement()
        if self._arranged is None or self._arranged[0] != width:
            layout = Layout(self._em, self._theme.px(14), self._measure)
            self._arranged = (width, layout.arrange(self._form, float(width)))
        return self._arranged[1]

    def _measure(self, piece: Piece) -> Size:
        if not piece.latex:
            return Size(0.0, 0.0, 0.0)
        drawn = drawing(piece.latex) if is_drawn(piece.latex) else None
        if drawn is None:
            metrics = QFontMetricsF(self._font())
            return Size(metrics.horizontalAdvance(piece.text.strip()), metrics.ascent(), metrics.descent())
        scale = self._em / EM
        return Size(drawn.width * scale, -drawn.top * scale, (drawn.top + drawn.height) * scale)

    def _font(self) -> QFont:
        font = QFont(UI_FONT)
        font.setPixelSize(max(round(self._em * 0.92), 1))
        return font

    # -- painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        arrangement = self._arrange(self.width())
        self._paint_headings(painter, arrangement)
        for placed in arrangement.placed:
            self._paint(painter, placed)

    def _paint_headings(self, painter: QPainter, arrangement: Arrangement) -> None:
        font = QFont(UI_FONT)
        font.setPixelSize(self._theme.px(12))
        painter.setFont(font)
        painter.setPen(QColor(self._theme.muted))
        for heading in arrangement.headings:
            painter.drawText(QPointF(0.0, heading.baseline), heading.text)

    def _paint(self, painter: QPainter, placed: Placed) -> None:
        piece = placed.piece
        if not piece.latex:
            return
        color = self._theme.text if piece.term is None else self._theme.term_color(piece.term)
        marked = self._marked != NOTHING and speaks_of(piece, self._marked)
        painter.setOpacity(1.0 if marked or self._marked == NOTHING else DIMMED)
        if marked:
            soft = QColor(self._theme.accent if piece.term is None else color)
            soft.setAlpha(MARK_ALPHA)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(soft)
            painter.drawRoundedRect(_box(placed).adjusted(-1.5, -1.5, 1.5, 1.5), 3, 3)
        renderer = _renderer(piece.latex, color) if is_drawn(piece.latex) else None
        if renderer is not None:
            renderer.render(painter, _box(placed))
        else:
            font = self._font()
            font.setPixelSize(max(round(font.pixelSize() * placed.scale), 1))
            painter.setFont(font)
            painter.setPen(QColor(color))
            painter.drawText(QPointF(placed.x, placed.baseline), piece.text.strip())
        painter.setOpacity(1.0)

    # -- the pointer

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._go_to(event.position())
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if self._under is not None:
            self._under = None
            self.hovered.emit(NOTHING)
        super().leaveEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            piece = self._piece_at(QPointF(event.pos()))
            if piece is not None and piece.words:
                QToolTip.showText(event.globalPos(), f"{piece.text.strip()}: {piece.words}", self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _go_to(self, at: QPointF) -> None:
        piece = self._piece_at(at)
        if piece != self._under:
            self._under = piece
            self.hovered.emit(NOTHING if piece is None else piece.about)

    def _piece_at(self, at: QPointF) -> Piece | None:
        """The piece under a point that speaks of something."""
        slack = self._em * 0.2
        for placed in self._arrange(self.width()).placed:
            if placed.piece.about != NOTHING and placed.contains(at.x(), at.y(), slack):
                return placed.piece
        return None


def speaks_of(piece: Piece, wanted: About) -> bool:
    """Whether a piece is about any of what is wanted."""
    about = piece.about
    terms = about.random | {k for k, _ in about.effects}
    return bool(
        about.fixed & wanted.fixed
        or about.effects & wanted.effects
        or about.columns & wanted.columns
        or terms & wanted.random
        or (about.residual and wanted.residual)
    )


def _box(placed: Placed) -> QRectF:
    size, scale = placed.size, placed.scale
    top = placed.baseline - size.ascent * scale
    return QRectF(placed.x, top, size.width * scale, (size.ascent + size.descent) * scale)
