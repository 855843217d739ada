"""The model's equation: drawn mathematics, each random-effects term in its colour, linked to its chips."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QHideEvent
from PySide6.QtWidgets import QLabel, QMenu, QVBoxLayout, QWidget

from mmgui.app.emphasis import Emphasis, EmphasisModel
from mmgui.app.equation_typesetter import Typesetter
from mmgui.app.theme import ThemeModel
from mmgui.figures.equation_parts import NOTHING, About, EquationFigure, EquationForm, FormKind
from mmgui.ui.equation_canvas import EquationCanvas

LETTER = 1.16
"""The drawn letters are smaller than those of the window's type at the same height."""


class EquationView(QWidget):
    """Shows one form of an equation; its accessible text is the equation in plain characters.

    Parameters
    ----------
    themes
        Its colours.
    emphasis
        What lights up here and elsewhere; a model of its own where none is given.
    typesetter
        Draws the pieces; views that stand together share one.
    """

    def __init__(
        self,
        themes: ThemeModel,
        emphasis: EmphasisModel | None = None,
        typesetter: Typesetter | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("equationView")
        self._themes = themes
        self._emphasis = emphasis if emphasis is not None else EmphasisModel(self)
        self._typesetter = typesetter if typesetter is not None else Typesetter(self)
        self._figure: EquationFigure | None = None
        self._kind = FormKind.INDEX
        self._size = 16.0
        self._leading = False
        self._canvas = EquationCanvas(themes.theme)
        self._canvas.setAccessibleName("Equation of the model")
        self._notes = QLabel()
        self._notes.setObjectName("equationNotes")
        self._notes.setAccessibleName("What the letters mean")
        self._notes.setTextFormat(Qt.TextFormat.RichText)
        self._notes.setWordWrap(True)
        self._notes.setProperty("role", "muted")
        # A long name must not widen the pane beyond its room.
        self._notes.setMinimumWidth(1)
        self._lay_out()
        themes.theme_changed.connect(self._redraw)
        self._emphasis.emphasis_changed.connect(self._on_emphasis)
        self._typesetter.drawn.connect(self._redraw)
        self._canvas.hovered.connect(self._on_hovered)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._canvas)
        layout.addWidget(self._notes)

    # -- what is shown

    def set_size(self, size: float) -> None:
        """Height of the letters in pixels at scale 1."""
        self._size = size
        self._redraw()

    def set_data(self, figure: EquationFigure | None) -> None:
        """Show an equation, or nothing."""
        if figure != self._figure:
            self._figure = figure
            self._redraw()

    def show_form(self, kind: FormKind) -> None:
        """Show another form of the same equation."""
        if kind is not self._kind:
            self._kind = kind
            self._redraw()

    @property
    def form(self) -> EquationForm | None:
        """The form in sight."""
        return None if self._figure is None else self._figure.form(self._kind)

    @property
    def canvas(self) -> EquationCanvas:
        """The drawn part."""
        return self._canvas

    @Slot()
    def _redraw(self, _theme: object = None) -> None:
        form, theme = self.form, self._themes.theme
        if self.parentWidget() is not None:
            # On its own it would open a window.
            self.setVisible(form is not None)
        if form is None:
            self._canvas.show_form(None, theme, 1.0)
            self._notes.clear()
            return
        self._canvas.setAccessibleDescription(form.plain())
        self._notes.setText("".join(f"<div>{escape(n)}</div>" for n in form.notes))
        self._notes.setVisible(bool(form.notes))
        if self._typesetter.ready(p.latex for line in form.lines for p in line.pieces):
            self._canvas.show_form(form, theme, theme.px(self._size * LETTER))

    # -- links

    @Slot(object)
    def _on_hovered(self, about: About) -> None:
        self._leading = about != NOTHING
        # A column is lit up as such only where nothing of the model is meant.
        told = replace(about, columns=frozenset()) if about.fixed or about.effects or about.random else about
        self._emphasis.emphasise(Emphasis(told.fixed, told.random, told.effects, told.columns))
        self._canvas.mark(told)

    @Slot(object)
    def _on_emphasis(self, emphasis: Emphasis) -> None:
        if not self._leading:
            self._canvas.mark(About(emphasis.fixed, emphasis.effects, emphasis.random, emphasis.columns))

    def hideEvent(self, event: QHideEvent) -> None:
        if self._leading:
            self._on_hovered(NOTHING)
        super().hideEvent(event)

    # -- copying

    @Slot()
    def copy_latex(self) -> None:
        """Put the form on the clipboard as LaTeX."""
        if self.form is not None:
            QGuiApplication.clipboard().setText(self.form.latex())

    @Slot()
    def copy_text(self) -> None:
        """Put the form on the clipboard as plain text."""
        if self.form is not None:
            QGuiApplication.clipboard().setText(self.form.plain())

    def copy_menu(self) -> QMenu:
        """The menu with both."""
        menu = QMenu(self)
        menu.setObjectName("equationMenu")
        for name, text, action in (
            ("copyLatexAction", "Copy as LaTeX", self.copy_latex),
            ("copyTextAction", "Copy as text", self.copy_text),
        ):
            entry = QAction(text, menu)
            entry.setObjectName(name)
            entry.triggered.connect(action)
            menu.addAction(entry)
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.form is not None:
            menu = self.copy_menu()
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(event.globalPos())
