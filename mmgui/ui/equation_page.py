"""Equation & code: the model in mathematics, coloured by term, and as calls of other programs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from mmgui.app.analysis_parts import EquationContent, Part
from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.ui.equation_view import EquationView
from mmgui.ui.results_page import ResultsPage, empty_box, heading


class EquationPage(ResultsPage):
    """The equation large; below it the code, each piece with a button that copies it."""

    key = "equation"
    title = "Equation && code"
    parts = (Part.EQUATION,)

    def __init__(self, themes: ThemeModel, selection: SelectionModel, parent: QWidget | None = None) -> None:
        super().__init__(themes, selection, parent)
        self.setAccessibleName("Equation and code")
        self.equation = EquationView(themes)
        self.equation.set_size(20)
        self._codes = QVBoxLayout()
        inside = QWidget()
        inside.setProperty("role", "page")
        self._box = QVBoxLayout(inside)
        self._box.addWidget(heading("Equation"))
        self._box.addWidget(self.equation)
        self._box.addLayout(self._codes)
        self._box.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("equationScroll")
        scroll.setAccessibleName("Equation and code")
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def show_part(self, part: Part, figure: object) -> None:
        if part is not Part.EQUATION or not isinstance(figure, EquationContent):
            return
        self.equation.set_data(figure.equation)
        empty_box(self._codes)
        for position, (program, code) in enumerate(figure.codes):
            self._codes.addWidget(_CodeBlock(position, program, code))

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setContentsMargins(theme.px(18), theme.px(14), theme.px(18), theme.px(14))
        self._box.setSpacing(theme.px(14))
        self._codes.setSpacing(theme.px(14))


class _CodeBlock(QWidget):
    """A program's name, a button that copies the code, and the code."""

    def __init__(self, position: int, program: str, code: str) -> None:
        super().__init__()
        self._code = code
        copy = QPushButton("Copy")
        copy.setObjectName(f"copyCode{position}")
        copy.setAccessibleName(f"Copy the code for {program}")
        copy.setProperty("role", "pill")
        copy.clicked.connect(self._copy)
        top = QHBoxLayout()
        top.addWidget(heading(program))
        top.addStretch(1)
        top.addWidget(copy)
        text = QLabel(code)
        text.setObjectName(f"code{position}")
        text.setAccessibleName(f"Code for {program}")
        text.setProperty("role", "code")
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(top)
        box.addWidget(text)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._code)
