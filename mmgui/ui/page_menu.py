"""What a person can do with a whole page of the results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QMenu, QToolButton, QWidget

from mmgui.app.theme import ThemeModel
from mmgui.errors import MmguiError
from mmgui.plots.export import FILTERS, copy_picture, save_picture
from mmgui.ui.look import catch_up, light_meanwhile
from mmgui.ui.whole_page import whole_meanwhile


class PageMenu(QObject):
    """The menu at the end of the tabs."""

    window_wanted = Signal()
    """Open the page in sight in a window of its own."""
    failed = Signal(object)
    """An ``MmguiError``."""

    def __init__(
        self,
        page: Callable[[], QWidget | None],
        caption: Callable[[], str],
        themes: ThemeModel,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._page, self._caption, self._themes, self._parent = page, caption, themes, parent
        self.button = QToolButton(parent)
        self.button.setObjectName("pageMenuButton")
        self.button.setText("⋯")
        self.button.setAutoRaise(True)
        self.button.setProperty("role", "corner")
        self.button.setAccessibleName("This page")
        self.button.setToolTip("Copy or save this page, or open it in a window of its own")
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.button)
        menu.setObjectName("pageMenu")
        self.button.setMenu(menu)
        self.detach = menu.addAction("Open in a window of its own")
        self.detach.setObjectName("pageWindowAction")
        self.detach.triggered.connect(self.window_wanted)
        menu.addSeparator()
        for name, text, slot in (
            ("copyPageAction", "Copy page as picture", self.copy),
            ("savePageAction", "Save page as picture…", self.ask_to_save),
        ):
            action = menu.addAction(text)
            action.setObjectName(name)
            action.triggered.connect(slot)

    @Slot()
    def copy(self) -> None:
        """Put a picture of the page, in the light look, on the clipboard."""
        page = self._page()
        if page is not None:
            with light_meanwhile(self._themes, page), whole_meanwhile(page, catch_up):
                copy_picture(page, caption=self._caption())

    @Slot()
    def ask_to_save(self) -> None:
        """Ask for a file without blocking the window."""
        page = self._page()
        if page is None:
            return
        dialog = QFileDialog(self._parent, "Save page as picture")
        dialog.setObjectName("savePageDialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(list(FILTERS))
        dialog.setDefaultSuffix("png")
        dialog.selectFile(f"{page.accessibleName().lower().replace(' ', '-')}.png")
        dialog.fileSelected.connect(self.save_to)
        dialog.open()

    @Slot(str)
    def save_to(self, path: str) -> None:
        """Save the page in sight; ``failed`` tells where the file cannot be written."""
        page = self._page()
        if page is None:
            return
        try:
            with light_meanwhile(self._themes, page), whole_meanwhile(page, catch_up):
                save_picture(page, Path(path), caption=self._caption())
        except MmguiError as error:
            self.failed.emit(error)
