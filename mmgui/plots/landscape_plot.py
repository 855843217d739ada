"""The criterion as a landscape over one or two parameters: contours, the boundary, the optimiser's way."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.landscape import LandscapeFigure
from mmgui.figures.landscape_trail import Trail
from mmgui.figures.landscape_window import Window
from mmgui.figures.moved import Moved
from mmgui.figures.tabular import FigureTable
from mmgui.numbers import count, number
from mmgui.plots.landscape_panel import LandscapePanel, landscape_hue
from mmgui.plots.landscape_sight import Sight
from mmgui.plots.plot import Plot

CRAMPED, LOW = 250, 330
"""Below which heights, at scale 1, the legend moves to the tooltip, and the notes do."""
LARGE_STEP = 10
SAME = 5e-4
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class LandscapePlot(Plot):
    """Contours over two parameters, a curve over one, and a handle on the model shown.

    The handle is dragged with the mouse, or moved with the arrow keys, in larger steps with Shift.
    """

    title = "Landscape"
    empty = "After a fit, the criterion over its variance parameters stands here."
    wanted = Signal(object)
    """Where the hand takes the model: values by name."""
    grabbed = Signal()
    dropped = Signal()
    window_changed = Signal()
    """Another part of the landscape is in sight than is drawn; ``part`` says which."""

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: LandscapeFigure | None = None
        self._other: Trail | None = None
        self._moved: Moved | None = None
        self._trouble = ""
        self._was_noteless = False
        self._panel = LandscapePanel()
        self._sight = Sight(self._panel)
        super().__init__(themes, selection, parent)
        self._sight.changed.connect(self.window_changed)
        self._panel.hovered.connect(self._on_hovered)
        self._panel.dragged.connect(self._on_dragged)
        self._panel.grabbed.connect(self._on_grabbed)
        self._panel.dropped.connect(self.dropped)
        self.set_body(self._panel)

    def set_data(self, figure: LandscapeFigure | None, other: Trail | None = None) -> None:
        """Show a figure, with the way of another search if there is one; or the empty state."""
        self._figure, self._other, self._trouble = figure, other, ""
        self._sight.show(figure)
        self.show_figure(figure is not None)
        self.set_moved(self._moved)

    def forget_range(self) -> None:
        """Another model comes, or other axes: they have their own range."""
        self._panel.forget_range()
        self._sight.forget()

    @property
    def part(self) -> Window:
        """The part of the axes in sight, where the whole landscape does not cover it; else empty."""
        return self._sight.window

    def set_moved(self, moved: Moved | None) -> None:
        """Show the handle where the model was moved to; None: at the best fit."""
        self._moved = moved
        figure = self._figure
        if figure is None:
            return
        if moved is None or not all(any(p.name == n for p in moved.parameters) for n in figure.names):
            self._panel.set_handle(None)
            return
        x = moved.value(figure.names[0])
        above = moved.difference + figure.fit_difference
        y = moved.value(figure.names[1]) if len(figure.names) == 2 else above
        self._panel.set_handle((x, y), signed(moved.difference))

    def set_trouble(self, sentence: str) -> None:
        """Why the contours wished for are not there."""
        self._trouble = sentence
        self.refresh_words()

    def set_faded(self, faded: bool) -> None:
        """Whether the contours are of before the hand moved what they hold."""
        self._panel.set_faded(faded)

    def set_bead(self, k: int | None) -> None:
        """Where a film stands on the way: the k-th evaluation, from 0; None without a film."""
        figure = self._figure
        if figure is None or k is None or not 0 <= k < len(figure.trail):
            self._panel.set_bead(None)
            return
        place = figure.trail[k]
        up = place[1] if len(place) == 2 else figure.trail_difference[k]
        self._panel.set_bead((float(place[0]), float(up)))

    def table(self) -> FigureTable:
        return FigureTable((), ()) if self._figure is None else self._figure.table()

    def settle(self) -> None:
        self._panel.settle()

    def draw(self, theme: Theme) -> None:
        if self._figure is not None:
            self._panel.apply_theme(theme)
            self._panel.show_figure(self._figure, self._other)

    def legend(self, theme: Theme) -> str:
        figure = self._figure
        if figure is None:
            return ""
        hue = landscape_hue(figure, theme)
        way = f'<span style="color:{theme.no_pooling}">○━●</span> {count(len(figure.trail), "evaluation")}'
        # In words: a dash before −2 log-likelihood would read as another minus.
        drawn = "contours" if len(figure.axes) == 2 else "curve"
        level = f'<span style="color:{hue}">{drawn}</span>: {figure.criterion} above {figure.reference}'
        other = ""
        if self._other is not None:
            other = f' · <span style="color:{theme.accent}">○╌●</span> from the handle'
        return f"{level} · {way}{other}"

    def notes(self) -> tuple[str, ...]:
        if self._figure is None:
            return ()
        if self._trouble:
            return (self._trouble,)
        # Where there is little room the picture has it, and a tooltip has the words.
        return () if self._is_low() else self._figure.notes

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._sight.stop()

    def _is_low(self) -> bool:
        return self.height() < self._theme.px(LOW)

    def cramped(self) -> bool:
        return super().cramped() or self.height() < self._theme.px(CRAMPED)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_low() != self._was_noteless:
            self.refresh_words()

    def refresh_words(self) -> None:
        self._was_noteless = self._is_low()
        super().refresh_words()
        figure = self._figure
        if figure is None:
            return
        said = [] if figure.improving.all() else ["Faint dots are evaluations that were not lower."]
        if self._is_low():
            said = [self.legend(self._theme), *said, html.escape(" ".join(figure.notes))]
        self._caption.setToolTip("<br>".join(said))

    # -- the hand

    def handle_place(self) -> tuple[float, float]:
        """Where the handle is, on the axes; for one axis with the criterion's difference."""
        return self._panel.handle

    @Slot()
    def _on_grabbed(self) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.grabbed.emit()

    @Slot(float, float)
    def _on_dragged(self, x: float, y: float) -> None:
        figure = self._figure
        if figure is not None:
            self.wanted.emit(dict(zip(figure.names, (x, y), strict=False)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrow = _ARROWS.get(Qt.Key(event.key()))
        if arrow is None or self._figure is None:
            super().keyPressEvent(event)
            return
        step = LARGE_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        self._panel.set_held_by_key(True)
        self._panel.nudge(step * arrow[0], step * arrow[1])
        event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        super().keyReleaseEvent(event)
        if Qt.Key(event.key()) in _ARROWS and not event.isAutoRepeat():
            self.dropped.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._panel.set_held_by_key(False)

    # -- what the mouse finds

    @Slot(int)
    def _on_hovered(self, evaluation: int) -> None:
        if not self._panel.dragging:
            self._panel.show_tip(self.tip(evaluation))

    def tip(self, evaluation: int) -> str:
        """What an evaluation's tooltip says."""
        figure = self._figure
        if figure is None or not 0 <= evaluation < len(figure.trail):
            return ""
        lines = [f"<b>Evaluation {evaluation + 1} of {len(figure.trail)}</b>"]
        for axis, value in zip(figure.axes, figure.trail[evaluation], strict=True):
            lines.append(f"{html.escape(axis.parameter.title)}: {number(float(value))}")
        difference = number(float(figure.trail_difference[evaluation]))
        lines.append(f"{figure.criterion}: {difference} above {figure.reference}")
        return "<br>".join(lines)


def signed(difference: float) -> str:
    """``+12.3``, ``−0.4``; empty where nothing is to be seen of it."""
    if abs(difference) < SAME:
        return "+0"
    return f"{'+' if difference > 0 else '−'}{number(abs(difference))}"
