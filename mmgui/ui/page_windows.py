"""Pages of the results in windows of their own, so that several can be watched at once."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mmgui.app.workspace import Workspace
from mmgui.spec.document import ShelfModel
from mmgui.spec.formula import print_model
from mmgui.ui.page_feed import PageFeed
from mmgui.ui.results_page import ResultsPage, quiet

SIZE = (820, 640)


class PageWindow(QWidget):
    """One page, of the model whose results the main window shows."""

    closed = Signal(object)
    """With the window itself: when ``destroyed`` comes, what it hands on is no longer this object."""

    def __init__(self, page: ResultsPage, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName(f"{page.key}Window")
        self.setAccessibleName(f"{page.title}, in a window of its own")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # The ground that pictures have.
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "surface")
        self.page = page
        self._model: ShelfModel | None = None
        self._feed = PageFeed(workspace, self)
        self._feed.serve(page)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(page)
        self._words = quiet(name="pageWindowWords")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setText(f"After a fit, {page.title} stands here.")
        box.addWidget(self._words)
        close = QShortcut(QKeySequence.StandardKey.Close, self)
        close.activated.connect(self.close)
        self.resize(*(round(side * workspace.themes.theme.scale) for side in SIZE))

    def show_model(self, model: ShelfModel | None) -> None:
        """Show another model, or nothing where there are no results."""
        self._model = model
        formula = "" if model is None else f" – {print_model(model.spec)}"
        self.setWindowTitle(f"{self.page.title}{formula}")
        self.page.setVisible(model is not None)
        self._words.setVisible(model is None)
        self._feed.show(self.page, model)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._feed.show(None, None)
        super().closeEvent(event)
        self.closed.emit(self)


class PageWindows(QObject):
    """The windows that are open; they close with the main window."""

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace, self._parent = workspace, parent
        self._model: ShelfModel | None = None
        self._open: list[PageWindow] = []

    @property
    def open_windows(self) -> list[PageWindow]:
        """In the order in which they were opened."""
        return list(self._open)

    def open(self, page: ResultsPage) -> PageWindow:
        """Another instance of a page, in a window of its own."""
        window = PageWindow(type(page)(self._workspace.scene), self._workspace, self._parent.window())
        window.closed.connect(self._on_closed)
        self._open.append(window)
        window.show_model(self._model)
        window.show()
        return window

    def show_model(self, model: ShelfModel | None) -> None:
        """The main window shows another model, or other results of the same."""
        self._model = model
        for window in self._open:
            window.show_model(model)

    @Slot(object)
    def _on_closed(self, gone: PageWindow) -> None:
        self._open = [w for w in self._open if w is not gone]
