"""One suggested structure as a card: title, formula, equation, reasons, and the two ways to take it."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.suggestion import SuggestionFigure
from mmgui.ui.drag import set_state
from mmgui.ui.equation_view import EquationView
from mmgui.ui.flow_layout import FlowLayout
from mmgui.ui.inline_code import with_code
from mmgui.ui.stylesheet import FORMULA_FONT

_IN_ONE_PIECE = 44
"""Letters of a term up to which it is not broken."""


class SuggestCard(QFrame):
    """Shows a suggestion in place; asks the window to build it or to put it on the shelf."""

    build_requested = Signal(object)
    shelve_requested = Signal(object)

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "suggestion")
        self._themes = themes
        self._figure: SuggestionFigure | None = None
        self._make_labels()
        self._shelve = _button("Put on the shelf", "shelveButton")
        self._shelve.setToolTip("Make it the model being built, fit it, and keep it on the shelf")
        self._shelve.clicked.connect(lambda _=False: self._ask(self.shelve_requested))
        self._build = _button("Build it", "buildButton")
        self._build.setToolTip("Make it the model being built; one undo takes it back")
        self._build.clicked.connect(lambda _=False: self._ask(self.build_requested))
        self._lay_out()

    def _make_labels(self) -> None:
        self._title = _label("suggestionTitle", "suggestionTitle")
        self._badge = _label("recommendedBadge", "recommended")
        self._badge.setText("Recommended")
        self._badge.setWordWrap(False)
        self._facts = _label("suggestionFacts", "muted")
        self._formula = _label("suggestionFormula", "suggestionFormula")
        self._formula.setTextFormat(Qt.TextFormat.RichText)
        self._formula.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._formula.setMinimumWidth(1)
        self._equation = EquationView(self._themes)
        self._equation.setObjectName("suggestionEquation")
        self._equation.set_size(14)
        self._toggle = _button("Show equation", "equationToggle")
        self._toggle.setProperty("role", "link")
        self._toggle.setCheckable(True)
        self._toggle.setToolTip("Show the model in mathematics")
        self._toggle.toggled.connect(self._show_equation)
        self._words = _label("suggestionReasons", "")
        self._words.setTextFormat(Qt.TextFormat.RichText)
        self._words.setMinimumWidth(1)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignTop)
        buttons = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        buttons.setSizePolicy(policy)
        flow = FlowLayout(buttons, spacing=8)
        for button in (self._shelve, self._build, self._toggle):
            flow.addWidget(button)
        self._column = QVBoxLayout(self)
        self._column.addLayout(head)
        self._column.addWidget(self._formula)
        self._column.addWidget(self._facts)
        self._column.addWidget(self._words)
        self._column.addWidget(buttons)
        self._column.addWidget(self._equation)

    @property
    def figure(self) -> SuggestionFigure | None:
        """What is shown."""
        return self._figure

    def show_figure(self, figure: SuggestionFigure, place: int) -> None:
        """Show a suggestion."""
        before = None if self._figure is None else self._figure.suggestion.id
        self._figure = figure
        suggestion, theme = figure.suggestion, self._themes.theme
        self.setObjectName(f"suggestionCard{place}")
        self.setAccessibleName(f"{suggestion.title}: {figure.formula}")
        set_state(self, "recommended", suggestion.recommended)
        set_state(self, "blocked", bool(suggestion.blocked))
        self._title.setText(suggestion.title)
        self._badge.setVisible(suggestion.recommended)
        self._formula.setText(_formula(figure, theme))
        self._formula.setAccessibleName(figure.formula)
        if suggestion.id != before:
            self._toggle.setChecked(suggestion.recommended)
        self._toggle.setAccessibleName(f"Equation of {figure.formula}")
        self._show_equation()
        self._words.setText(_words(figure, theme))
        role = "primary" if suggestion.recommended else "pill"
        set_state(self._shelve, "role", role)
        for button, verb in ((self._shelve, "Put on the shelf"), (self._build, "Build")):
            button.setEnabled(not suggestion.blocked)
            button.setAccessibleName(f"{verb}: {figure.formula}")
        margin = theme.px(14)
        self._column.setContentsMargins(margin, theme.px(11), margin, theme.px(11))
        self._column.setSpacing(theme.px(7))

    def show_state(self, *, built: bool, shelved: bool) -> None:
        """Say how large it is, and where it is already."""
        figure = self._figure
        parts = [figure.parameters] if figure is not None and figure.parameters else []
        parts += ["✓ the model being built"] if built else []
        parts += ["✓ on the shelf"] if shelved else []
        self._facts.setText(" · ".join(parts))

    def _show_equation(self) -> None:
        on = self._toggle.isChecked() and self._figure is not None
        self._equation.set_data(self._figure.equation if on and self._figure is not None else None)
        self._equation.setVisible(on)
        self._toggle.setText("Hide equation" if on else "Show equation")

    def _ask(self, signal: object) -> None:
        if self._figure is not None:
            signal.emit(self._figure.suggestion)  # type: ignore[attr-defined]


def _formula(figure: SuggestionFigure, theme: Theme) -> str:
    """The formula, each random-effects term in its colour and in one piece where it has room."""
    parts = []
    for text, term in figure.runs:
        if term < 0:
            parts.append(escape(text))
        else:
            # Qt would break the line behind a bar, whatever space follows.
            whole = escape(text).replace("|", "|\N{WORD JOINER}")
            if len(text) <= _IN_ONE_PIECE:
                whole = whole.replace(" ", "&nbsp;")
            parts.append(f"<span style='color:{theme.term_color(term)}; font-weight:600'>{whole}</span>")
    size = theme.px(13)
    return f"<span style='font-family:\"{FORMULA_FONT}\"; font-size:{size}px'>{''.join(parts)}</span>"


def _words(figure: SuggestionFigure, theme: Theme) -> str:
    suggestion = figure.suggestion
    lines = [("·", theme.muted, r) for r in suggestion.reasons]
    lines += [("−", theme.warn, r) for r in suggestion.left_out]
    lines += [("!", theme.warn, r) for r in suggestion.cautions]
    lines += [("✕", theme.warn, r) for r in ((suggestion.blocked,) if suggestion.blocked else ())]
    gap = theme.px(3)
    rows = "".join(
        f"<tr><td width='{theme.px(14)}' style='color:{color}; font-weight:600'>{mark}</td>"
        f"<td style='padding-bottom:{gap}px'>{with_code(text)}</td></tr>"
        for mark, color, text in lines
    )
    return f"<table cellspacing='0' cellpadding='0'>{rows}</table>"


def _label(name: str, role: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setProperty("role", role)
    label.setWordWrap(True)
    return label


def _button(text: str, name: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setProperty("role", "pill")
    return button
