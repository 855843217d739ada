"""What a person can do with any picture: copy it, save it, see and keep its numbers, zoom."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu

from mmgui.errors import DataError, MmguiError, Where
from mmgui.plots.area import PlotArea
from mmgui.plots.export import FILTERS, copy_picture, save_picture

if TYPE_CHECKING:
    from mmgui.plots.plot import Plot

TABLE_FILTERS = ("Table, comma-separated (*.csv)",)
ZOOM_STEP = 1.25


class PlotMenu(QObject):
    """The menu of one plot, and what it does."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot)
        self._plot = plot

    def fill(self, menu: QMenu, *, filled: bool) -> None:
        """Everything that can be done with the picture as it is."""
        plot = self._plot
        self._add(menu, "copyPictureAction", "Copy picture", self.copy_picture, filled)
        self._add(menu, "savePictureAction", "Save picture…", self.ask_to_save, filled)
        menu.addSeparator()
        self._add(menu, "showTableAction", "Show the numbers", plot.table_wanted.emit, filled)
        self._add(menu, "copyTableAction", "Copy the numbers", self.copy_table, filled)
        self._add(menu, "saveTableAction", "Save the numbers…", self.ask_to_save_table, filled)
        areas = self.areas()
        if areas:
            menu.addSeparator()
            self._add(menu, "zoomPictureInAction", "Zoom in\t+", self.zoom_in, filled)
            self._add(menu, "zoomPictureOutAction", "Zoom out\t−", self.zoom_out, filled)
            moved = any(area.away_from_home for area in areas)
            self._add(menu, "wholePictureAction", "Whole picture\t0", self.whole, filled and moved)

    def areas(self) -> list[PlotArea]:
        """The panels with axes in sight."""
        return [a for a in self._plot.findChildren(PlotArea) if a.isVisible()]

    @Slot()
    def zoom_in(self) -> None:
        for area in self.areas():
            area.zoom(ZOOM_STEP)

    @Slot()
    def zoom_out(self) -> None:
        for area in self.areas():
            area.zoom(1.0 / ZOOM_STEP)

    @Slot()
    def whole(self) -> None:
        """Show the whole picture again."""
        for area in self.areas():
            area.reset_view()

    @Slot()
    def copy_table(self) -> None:
        """Put the table on the clipboard, as comma-separated text."""
        QGuiApplication.clipboard().setText(self._plot.table().to_csv())

    @Slot()
    def copy_picture(self) -> None:
        """Put the picture on the clipboard, in the light look, with its caption."""
        copy_picture(self._plot, caption=self._plot.caption())

    @Slot()
    def ask_to_save(self) -> None:
        """Ask for a file without blocking the window."""
        self._ask("Save picture", "savePictureDialog", FILTERS, "png", self.save_to)

    @Slot()
    def ask_to_save_table(self) -> None:
        """The same for the numbers."""
        self._ask("Save the numbers", "saveTableDialog", TABLE_FILTERS, "csv", self.save_table_to)

    @Slot(str)
    def save_to(self, path: str) -> None:
        """Save the picture; says so under it where the file cannot be written."""
        try:
            save_picture(self._plot, Path(path), caption=self._plot.caption())
        except MmguiError as error:
            self._plot.show_failure(str(error))

    @Slot(str)
    def save_table_to(self, path: str) -> None:
        """Save the numbers as UTF-8 text; says so under the picture where the file cannot be written."""
        try:
            Path(path).write_text(self._plot.table().to_csv(), encoding="utf-8")
        except OSError:
            place = Where("file", path)
            error = DataError(
                "table_not_written",
                f"The numbers could not be written to {path}. Choose another folder.",
                place,
            )
            self._plot.show_failure(str(error))

    def _ask(
        self, title: str, name: str, filters: tuple[str, ...], suffix: str, then: Callable[[str], None]
    ) -> None:
        plot = self._plot
        dialog = QFileDialog(plot, title)
        dialog.setObjectName(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(list(filters))
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(f"{plot.title.lower().replace(' ', '-')}.{suffix}")
        dialog.fileSelected.connect(then)
        dialog.open()

    @staticmethod
    def _add(menu: QMenu, name: str, text: str, slot: Callable[[], None], enabled: bool) -> None:
        action = menu.addAction(text)
        action.setObjectName(name)
        action.setEnabled(enabled)
        action.triggered.connect(lambda _checked=False: slot())
