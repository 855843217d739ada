"""The model's equation as text with subscripts, each random-effects term in its colour."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.equation import EquationFigure, Line, Piece


class EquationView(QWidget):
    """Shows an equation; its accessible text is the equation in plain characters."""

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("equationView")
        self._themes = themes
        self._figure: EquationFigure | None = None
        self._size = 16.0
        self._label = QLabel(self)
        self._label.setObjectName("equationText")
        self._label.setAccessibleName("Equation of the model")
        self._label.setTextFormat(Qt.TextFormat.RichText)
        self._label.setWordWrap(True)
        self._label.setProperty("role", "equation")
        # A long name must not widen the pane beyond its room.
        self._label.setMinimumWidth(1)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._label)
        themes.theme_changed.connect(self._redraw)

    def set_size(self, size: float) -> None:
        """Height of the letters in pixels at scale 1."""
        self._size = size
        self._redraw()

    def set_data(self, figure: EquationFigure | None) -> None:
        """Show an equation, or nothing."""
        if figure != self._figure:
            self._figure = figure
            self._redraw()

    def _redraw(self, _theme: object = None) -> None:
        figure, theme = self._figure, self._themes.theme
        self.setVisible(figure is not None)
        if figure is None:
            self._label.clear()
            return
        lines = [_line(line, theme) for line in (figure.model, *figure.distributions)]
        indices = (
            f"<div style='color:{theme.muted}; font-size:{theme.px(12)}px'>{escape(figure.indices)}</div>"
        )
        body = "".join(f"<div style='margin-bottom:{theme.px(6)}px'>{line}</div>" for line in lines)
        style = f'font-family:"Inter"; font-size:{theme.px(self._size)}px; color:{theme.text}'
        self._label.setText(f"<div style='{style}'>{body}{indices}</div>")
        self._label.setAccessibleDescription(figure.plain())


def _line(line: Line, theme: Theme) -> str:
    return "".join(_piece(piece, theme) for piece in line)


def _piece(piece: Piece, theme: Theme) -> str:
    sub = f"<sub>{escape(piece.sub)}</sub>" if piece.sub else ""
    # A line may break before a sign and within a remark, not between a coefficient and what it multiplies.
    breaks = piece.text in (" + ", " = ") or piece.text.startswith(",  ")
    text = escape(piece.text) if breaks else escape(piece.text).replace(" ", "&nbsp;")
    words = f"{text}{sub}"
    if piece.term is None:
        return words
    return f"<span style='color:{theme.term_color(piece.term)}; font-weight:600'>{words}</span>"
