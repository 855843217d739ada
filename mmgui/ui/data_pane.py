"""The table of the session: its variables, their types and roles, and how the grouping factors lie in it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QPoint, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mmgui.app.column_edits import ColumnEditor
from mmgui.app.counted import counted
from mmgui.app.grouping_structure import GroupingStructure, grouping_structure
from mmgui.app.late_answer import LateAnswer
from mmgui.app.model_builder import ModelBuilder
from mmgui.app.plain_tip import plain_tip
from mmgui.app.selection import SelectionModel
from mmgui.app.store import Store
from mmgui.app.theme import Theme, ThemeModel
from mmgui.app.variable_model import VariableModel
from mmgui.data.table import Kind, Table
from mmgui.errors import DataError
from mmgui.spec.document import Document
from mmgui.ui.grouping_view import GroupingView
from mmgui.ui.variable_menu import VariableMenu
from mmgui.ui.variable_settings import VariableSettings
from mmgui.ui.variable_table import VariableTable

_INVITATION = "Drop a CSV file here, open one, or choose a sample."
_ROWS_KEPT = 5
"""Variables that stay in sight before the picture of the grouping structure gets room."""
_GAP = 6


class DataPane(QFrame):
    """Shows the document's table; every change goes through the store."""

    open_requested = Signal()
    samples_requested = Signal()

    def __init__(
        self, store: Store, selection: SelectionModel, themes: ThemeModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("dataPane")
        self.setProperty("role", "pane")
        self.setAccessibleName("Data")
        self.setMinimumWidth(180)
        self._store = store
        self._selection = selection
        self._themes = themes
        self._builder = ModelBuilder(store)
        self._columns = ColumnEditor(store)
        self._shown: tuple[object, ...] | None = None
        self._menu: VariableMenu | None = None
        self._variables = VariableModel(self)
        self._structure_reader = LateAnswer(grouping_structure, self)
        self._structure_reader.answered.connect(self._show_structure)
        self._title = _label("DATA", "paneTitle")
        self._summary = _label("", "", "tableSummary")
        self._notes = _label("", "muted", "importNotes")
        self._table = VariableTable(self._variables, themes)
        self._settings = VariableSettings()
        self._structure = GroupingView(store, themes, selection)
        self._room_timer = QTimer(self)
        self._room_timer.setSingleShot(True)
        self._room_timer.timeout.connect(self._share_room)
        self._pages = QStackedWidget()
        self._lay_out()
        self._table.menu_requested.connect(self._on_menu)
        self._table.variable_picked.connect(self._on_picked)
        self._settings.kind_chosen.connect(self._set_kind)
        self._settings.reference_chosen.connect(self._set_reference)
        store.document_changed.connect(self._on_document)
        themes.theme_changed.connect(self._on_theme)
        self._redraw()

    # -- layout

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 12, 1, 10)
        outer.setSpacing(6)
        self.title_row = QHBoxLayout()
        self.title_row.setContentsMargins(12, 0, 4, 0)
        self.title_row.addWidget(self._title, 1)
        outer.addLayout(self.title_row)
        outer.addWidget(self._pages, 1)
        self._pages.addWidget(self._invitation())
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(_padded(self._summary))
        column.addWidget(_padded(self._notes))
        column.addWidget(self._table, 1)
        column.addWidget(self._settings)
        column.addWidget(self._structure)
        self._pages.addWidget(full)

    def _invitation(self) -> QWidget:
        open_button = QPushButton("Open…")
        open_button.setObjectName("openFileButton")
        open_button.setAccessibleName("Open a table")
        open_button.setProperty("role", "pill")
        open_button.clicked.connect(lambda _=False: self.open_requested.emit())
        samples_button = QPushButton("Samples…")
        samples_button.setObjectName("chooseSampleButton")
        samples_button.setAccessibleName("Choose a sample")
        samples_button.setProperty("role", "pill")
        samples_button.clicked.connect(lambda _=False: self.samples_requested.emit())
        words = _label(_INVITATION, "muted", "dataInvitation")
        top = QWidget()
        column = QVBoxLayout(top)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(_padded(words, open_button, samples_button))
        column.addStretch(1)
        return top

    # -- redraw

    def _on_document(self, _change: object) -> None:
        self._redraw()
        # An answer changes what the question below needs, and nothing else here.
        self._room_timer.start(0)

    def _on_theme(self, _theme: Theme) -> None:
        self._shown = None
        self._redraw()
        self._table.verticalHeader().reset()
        self._table.viewport().update()

    def _redraw(self) -> None:
        document, table = self._store.document, self._store.table()
        shown = (document.table, document.columns, document.derived, document.draft)
        if shown == self._shown:
            return
        self._shown = shown
        self._pages.setCurrentIndex(0 if table is None else 1)
        self._variables.show(table, document.draft, document.derived)
        if table is not None:
            self._show_table(document, table)
        if table is None:
            self._show_structure(GroupingStructure())
        else:
            self._structure_reader.ask(document.draft, table)
        self._on_picked(self._table.picked() or "")

    def _show_table(self, document: Document, table: Table) -> None:
        missing = sum(int(c.missing.sum()) for c in table.columns)
        words = "nothing missing" if missing == 0 else f"{counted(missing, 'entry', 'entries')} missing"
        name = document.table.name if document.table is not None else table.name
        self._summary.setText(
            f"<b>{escape(name)}</b> · {counted(table.nrows, 'row')} · "
            f"{counted(len(table.columns), 'variable')} · {words}"
        )
        notes = list(table.notes)
        text = "" if not notes else notes[0] if len(notes) == 1 else f"{notes[0]} (+{len(notes) - 1} more)"
        self._notes.setText(_clipped(text))
        self._notes.setToolTip(plain_tip("\n".join(notes)))
        self._notes.setVisible(bool(notes))

    def _show_structure(self, structure: GroupingStructure) -> None:
        self._structure.show_structure(structure)
        # Once the layout knows how much the words take.
        self._room_timer.start(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._room_timer.start(0)

    @Slot()
    def _share_room(self) -> None:
        """The variables come first; the picture of the grouping structure takes what they leave."""
        header = self._table.verticalHeader()
        rows = sum(header.sectionSize(k) for k in range(min(header.count(), _ROWS_KEPT)))
        taken = self._structure.height_of_words(self._pages.width()) + rows + 3 * _GAP
        if self._settings.isVisible():
            taken += self._settings.height() + _GAP
        above = self._table.mapTo(self._pages, QPoint(0, 0)).y()
        self._structure.fit_picture(self._pages.width(), self._pages.height() - above - taken)

    # -- actions

    def _on_picked(self, name: str) -> None:
        table = self._store.table()
        known = table is not None and name in table
        self._settings.show_column(table[name] if table is not None and known else None)
        self._room_timer.start(0)

    def _on_menu(self, name: str, at: QPoint) -> None:
        table = self._store.table()
        if table is not None and name in table:
            menu = VariableMenu(self._builder, table, name, self._set_kind, self._set_reference, self)
            menu.refused.connect(self._settings.show_error)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(at)

    def _set_kind(self, name: str, kind: Kind) -> None:
        self._try(name, lambda: self._columns.set_kind(name, kind))

    def _set_reference(self, name: str, level: str) -> None:
        self._try(name, lambda: self._columns.set_reference(name, level))

    def _try(self, name: str, act: Callable[[], None]) -> None:
        self._table.pick(name)
        try:
            act()
        except DataError as error:
            self._on_picked(name)
            self._settings.show_error(error.message)
        else:
            self._settings.show_error("")


def _label(text: str, role: str, name: str = "") -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setObjectName(name)
    label.setWordWrap(True)
    return label


def _padded(*widgets: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(12, 0, 12, 0)
    column.setSpacing(6)
    for widget in widgets:
        column.addWidget(widget)
    return box


def _clipped(text: str) -> str:
    return text if len(text) <= 140 else f"{text[:139]}…"
