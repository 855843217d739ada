"""The design of the model being built, large: how its groups lie in the rows, and its model matrix."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from mmgui.app.grouping_structure import GroupingStructure, grouping_structure
from mmgui.app.late_answer import LateAnswer
from mmgui.app.theme import Theme
from mmgui.app.workspace import Workspace
from mmgui.plots.grouping_picture import GroupingPicture
from mmgui.ui.results_page import heading

INVITATION = "Choose a response and what it depends on, add a grouping factor, and press Fit."


class DesignPage(QWidget):
    """Follows the model being built, fitted or not; filled only while it is in sight."""

    key = "design"
    title = "Design"

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("designPage")
        self.setAccessibleName("Design")
        self.setProperty("role", "page")
        self._store = workspace.store
        self._themes = workspace.themes
        self._shown: tuple[object, ...] | None = None
        self._invitation = QLabel(INVITATION)
        self._invitation.setObjectName("designInvitation")
        self._invitation.setProperty("role", "lead")
        self._invitation.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._invitation.setWordWrap(True)
        self.structure = GroupingPicture(workspace.themes, workspace.selection)
        self._groups = _section("How the groups lie in the rows", self.structure)
        self._halves = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._halves.addWidget(self._groups, 3)
        inside = QWidget()
        inside.setLayout(self._halves)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._invitation)
        self._stack.addWidget(inside)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)
        self._reader = LateAnswer(grouping_structure, self)
        self._reader.answered.connect(self._show_structure)
        self._store.document_changed.connect(self._on_document)
        workspace.themes.theme_changed.connect(self._on_theme)
        self._on_theme(workspace.themes.theme)

    def refresh(self) -> None:
        """Show the design of the draft, if it is in sight and another one than before."""
        document, table = self._store.document, self._store.table()
        shown = (document.table, document.columns, document.derived, document.draft)
        if shown == self._shown or not self.isVisible():
            return
        self._shown = shown
        draft = document.draft
        something = table is not None and bool(draft.random or draft.fixed)
        self._stack.setCurrentIndex(int(something))
        if table is not None and something:
            self._reader.ask(draft, table)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() > 1.25 * event.size().height()
        self._halves.setDirection(
            QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        )

    @Slot(object)
    def _on_document(self, _change: object) -> None:
        self.refresh()

    @Slot(object)
    def _show_structure(self, structure: GroupingStructure) -> None:
        self.structure.set_data(structure.figure)
        self._groups.setVisible(structure.figure is not None)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        gap = theme.px(18)
        self._halves.setContentsMargins(gap, theme.px(14), gap, theme.px(14))
        self._halves.setSpacing(theme.px(18))
        self._invitation.setContentsMargins(*(4 * (theme.px(40),)))


def _section(title: str, picture: QWidget) -> QWidget:
    """A heading above a picture that takes what room there is."""
    picture.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    section = QWidget()
    column = QVBoxLayout(section)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(heading(title))
    column.addWidget(picture, 1)
    return section
