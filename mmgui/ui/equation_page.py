"""Equation & code: the model in mathematics, piece by piece beside its formula, and for other programs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from mmgui.app.analysis_parts import EquationContent, Part
from mmgui.app.emphasis import EmphasisModel
from mmgui.app.equation_typesetter import Typesetter
from mmgui.app.scene import Scene
from mmgui.app.theme import Theme
from mmgui.figures.equation_parts import FormKind
from mmgui.figures.equation_table import PARAMETERS, notation_rows
from mmgui.ui.equation_table_view import EquationTable
from mmgui.ui.equation_view import EquationView
from mmgui.ui.page_head import PageHead
from mmgui.ui.pill import pill
from mmgui.ui.results_page import empty_box, heading, quiet
from mmgui.ui.view_choice import ViewChoice
from mmgui.ui.viewed_page import ViewedPage

_FORMS = (
    (FormKind.INDEX, "equationIndexButton", "Row by row", "One row of the table, with its indices"),
    (
        FormKind.LEVEL,
        "equationLevelButton",
        "Level by level",
        "An equation for the rows, and one for the groups",
    ),
    (
        FormKind.MATRIX,
        "equationMatrixButton",
        "In matrices",
        "All rows at once, with the sizes of the matrices",
    ),
)


class EquationPage(ViewedPage):
    """The equation large in three forms; below it its table, then the code with buttons that copy it."""

    key = "equation"
    title = "Equation && code"
    parts = (Part.EQUATION,)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        themes = scene.themes
        self.setAccessibleName("Equation and code")
        # The page speaks of a model that was fitted, which the one being built may have left behind.
        self.emphasis = EmphasisModel(self)
        self.typesetter = Typesetter(self)
        self.equation = EquationView(themes, self.emphasis, self.typesetter)
        self.equation.set_size(20)
        self.table = EquationTable("equationTable", themes, self.emphasis, self.typesetter)
        self.notation = EquationTable("notationTable", themes, EmphasisModel(self), self.typesetter)
        self._parameters = quiet(PARAMETERS, "parametersText")
        self._codes = QVBoxLayout()
        self.view_choice = ViewChoice("equationForms", "Form of the equation", [form[1:] for form in _FORMS])
        self.view_choice.chosen.connect(self._on_form)
        self.choose_views_by(self.view_choice)
        self._more = pill("notationButton", "All notations of formulas")
        inside = QWidget()
        inside.setProperty("role", "page")
        self._box = QVBoxLayout(inside)
        self._lay_out()
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

    def _lay_out(self) -> None:
        self._head = self._make_head()
        self._box.addWidget(self._head)
        self._box.addWidget(self.equation)
        self._box.addWidget(heading("Formula and equation"))
        self._box.addWidget(self.table)
        self._more.toggled.connect(self._on_more)
        row = QHBoxLayout()
        row.addWidget(self._more)
        row.addStretch(1)
        self._box.addLayout(row)
        self._box.addWidget(self.notation)
        self._box.addWidget(self._parameters)
        self._box.addLayout(self._codes)
        self._box.addStretch(1)
        self._on_more(False)

    def _make_head(self) -> PageHead:
        """The three forms, and the two ways to copy the one in sight."""
        latex = pill("copyLatexButton", "Copy LaTeX", "The form in sight for a paper", checkable=False)
        latex.clicked.connect(self.equation.copy_latex)
        text = pill("copyTextButton", "Copy text", "The form in sight as plain characters", checkable=False)
        text.clicked.connect(self.equation.copy_text)
        return PageHead(self.view_choice, latex, text)

    def show_part(self, part: Part, figure: object) -> None:
        if part is not Part.EQUATION or not isinstance(figure, EquationContent):
            return
        self.equation.set_data(figure.equation)
        self.table.set_data(figure.rows)
        empty_box(self._codes)
        for position, (program, code) in enumerate(figure.codes):
            self._codes.addWidget(_CodeBlock(position, program, code))

    @Slot(int)
    def _on_form(self, position: int) -> None:
        self.equation.show_form(_FORMS[position][0])

    @Slot(bool)
    def _on_more(self, shown: bool) -> None:
        text = "All notations of formulas"
        self._more.setText(f"{text} {'▾' if shown else '▸'}")
        self._more.setAccessibleName(text)
        if shown:
            self.notation.set_data(notation_rows())
        self.notation.setVisible(shown)
        self._parameters.setVisible(shown)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setContentsMargins(theme.air(18), theme.air(14), theme.air(18), theme.air(14))
        self._box.setSpacing(theme.air(14))
        self._head.dress(theme)
        self._codes.setSpacing(theme.air(14))


class _CodeBlock(QWidget):
    """A program's name, a button that copies the code, and the code."""

    def __init__(self, position: int, program: str, code: str) -> None:
        super().__init__()
        self._code = code
        copy = pill(f"copyCode{position}", "Copy", f"Copy the code for {program}", checkable=False)
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
