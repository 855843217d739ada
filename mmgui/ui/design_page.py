"""The design of the model being built, large: how its groups lie in the rows, and its model matrix."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mmgui.app.design_content import DesignContent, design_content
from mmgui.app.late_answer import LateAnswer
from mmgui.app.theme import Theme
from mmgui.app.workspace import Workspace
from mmgui.data.table import Table
from mmgui.plots.grouping_picture import GroupingPicture
from mmgui.plots.model_matrix_plot import ModelMatrixPlot
from mmgui.spec.model import ModelSpec
from mmgui.ui.calm_scroll_bar import keep_scroll_room
from mmgui.ui.choice_combo import ChoiceCombo
from mmgui.ui.results_page import heading

INVITATION = "Choose a response and what it depends on, add a grouping factor, and press Fit."
_AS_IN_TABLE = "different rows"
_LINE, _HEAD = 30, 130
"""Height, at scale 1, of a row of X that can be read, and of what stands above and below the rows."""
_LEAST = 200
_SMALL = 0.4
_NARROWEST = 360
_BETWEEN = 60
_UNBOUNDED = 16_777_215


class DesignPage(QWidget):
    """Follows the model being built, fitted or not; worked out only while it is in sight."""

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
        self._by: tuple[str, ...] = ()
        self._lines = 0
        self._invitation = QLabel(INVITATION)
        self._invitation.setObjectName("designInvitation")
        self._invitation.setProperty("role", "lead")
        self._invitation.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._invitation.setWordWrap(True)
        self.structure = GroupingPicture(workspace.themes, workspace.selection)
        self.structure.setObjectName("designStructure")
        self.matrix = ModelMatrixPlot(workspace.themes, workspace.selection, workspace.emphasis)
        self.matrix.setObjectName("designMatrix")
        self.matrix.set_titled(False)
        self._rows = ChoiceCombo("matrixRowsCombo", "Rows of X")
        self._rows.setProperty("role", "quiet")
        self._rows.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._rows.setToolTip("Rows of X that differ, each once, or the rows of each group")
        self._rows.chosen.connect(self._on_rows)
        self._reader = LateAnswer(self._work_out, self)
        self._reader.answered.connect(self._show)
        workspace.watch(self._reader, "design")
        self._lay_out()
        self._store.document_changed.connect(self._on_document)
        workspace.themes.theme_changed.connect(self._on_theme)
        self._on_theme(workspace.themes.theme)

    def _lay_out(self) -> None:
        self._groups = _section(heading("How the groups lie in the rows"), self.structure)
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(heading("Model matrix X"))
        row.addStretch(1)
        row.addWidget(self._rows)
        self._x = _section(head, self.matrix)
        self._halves = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._halves.addWidget(self._groups, 3)
        self._halves.addWidget(self._x, 2)
        inside = QWidget()
        inside.setLayout(self._halves)
        inside.setProperty("role", "page")
        scroll = QScrollArea()
        scroll.setObjectName("designScroll")
        scroll.setAccessibleName("Design")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        keep_scroll_room(scroll)
        scroll.setWidget(inside)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._invitation)
        self._stack.addWidget(scroll)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)

    def refresh(self) -> None:
        """Show the design of the draft, if it is in sight and another one than before."""
        document, table = self._store.document, self._store.table()
        shown = (document.table, document.columns, document.derived, document.draft, self._by)
        if shown == self._shown or not self.isVisible():
            return
        self._shown = shown
        draft = document.draft
        something = table is not None and bool(draft.random or draft.fixed)
        self._stack.setCurrentIndex(int(something))
        if table is not None and something:
            self._fill_rows(draft)
            self._reader.ask(draft, table)

    def _fill_rows(self, draft: ModelSpec) -> None:
        groups = dict.fromkeys(r.grouping.columns for r in draft.random if r.grouping.columns)
        if self._by not in groups:
            self._by = ()
        with self._rows.filling():
            self._rows.clear()
            self._rows.addItem(_AS_IN_TABLE, ())
            for columns in groups:
                self._rows.addItem(f"by {':'.join(columns)}", columns)
            self._rows.setCurrentIndex(([(), *groups]).index(self._by))

    def _work_out(self, spec: ModelSpec, table: Table) -> DesignContent:
        return design_content(spec, table, self._by)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self.refresh()

    def minimumSizeHint(self) -> QSize:
        """What it needs with one half below the other, however they stand now."""
        return QSize(self._themes.theme.px(_NARROWEST), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Beside each other where there is the width, unless X takes but a few lines: then below."""
        theme = self._themes.theme
        lines = theme.px(_LINE) * self._lines + theme.px(_HEAD)
        few = lines < _SMALL * self.height()
        least = self._groups.minimumSizeHint().width() + self._x.minimumSizeHint().width()
        wide = self.width() > max(1.5 * self.height(), least + theme.px(_BETWEEN))
        grouped = self._groups.isVisibleTo(self)
        across = wide and not (few and grouped)
        self._halves.setDirection(
            QBoxLayout.Direction.LeftToRight if across else QBoxLayout.Direction.TopToBottom
        )
        # Alone it starts at the top; bounded, it would stand in the middle.
        self._x.setMaximumHeight(round(lines) if few and grouped and not across else _UNBOUNDED)
        # In a low window the two scroll rather than shrink beyond what can be read.
        self._groups.setMinimumHeight(theme.px(_LEAST))
        self._x.setMinimumHeight(min(theme.px(_LEAST), round(lines)))

    @Slot(object)
    def _on_document(self, _change: object) -> None:
        self.refresh()

    def _on_rows(self, row: int) -> None:
        self._by = tuple(self._rows.itemData(row))
        self.refresh()

    @Slot(object)
    def _show(self, content: DesignContent) -> None:
        self.structure.set_data(content.structure)
        self._groups.setVisible(content.structure is not None)
        self.matrix.set_data(content.matrix)
        self._lines = 0 if content.matrix is None else len(content.matrix.rows)
        self._arrange()
        self._x.setVisible(content.matrix is not None)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        gap = theme.air(18)
        self._halves.setContentsMargins(gap, theme.air(14), gap, theme.air(14))
        self._halves.setSpacing(theme.air(18))
        self._invitation.setContentsMargins(*(4 * (theme.air(40),)))
        self._rows.setMinimumWidth(theme.px(150))
        self._arrange()


def _section(head: QWidget, picture: QWidget) -> QWidget:
    """A heading above a picture that takes what room there is."""
    picture.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    section = QWidget()
    column = QVBoxLayout(section)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(head)
    column.addWidget(picture, 1)
    return section
