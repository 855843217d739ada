"""The tabs of the results: closer where there is little room, and a menu for those out of sight."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QTabWidget, QToolButton, QWidget

from mmgui.app import glossary
from mmgui.app.theme import Theme, ThemeModel

ROOMY, TIGHT = 13, 6
"""Room on both sides of a tab's words, at scale 1."""


class ResultsTabs(QTabWidget):
    """A tab bar without arrows: every page can be reached by its tab, by the arrow keys, or by the menu."""

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resultsTabs")
        self.setAccessibleName("Results")
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self.tabBar().setExpanding(False)
        self.tabBar().setAccessibleName("Pages of the results")
        self._themes = themes
        self._taken = 0
        self._menu = QMenu(self)
        self._menu.setObjectName("pagesMenu")
        self._menu.aboutToShow.connect(self._fill_menu)
        self._menu.triggered.connect(self._on_page)
        self._more = QToolButton(self)
        self._more.setObjectName("pagesButton")
        self._more.setText("More ▾")
        self._more.setAccessibleName("All pages")
        self._more.setToolTip("All pages of the results")
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setMenu(self._menu)
        corner = QWidget(self)
        row = self._corner = QHBoxLayout(corner)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._more)
        self.setCornerWidget(corner)
        self._more.hide()
        themes.theme_changed.connect(self._on_theme)

    def add_corner(self, control: QWidget) -> None:
        """A control at the end of the tabs."""
        self._corner.addWidget(control)
        self._taken += control.sizeHint().width()

    def add_page(self, page: QWidget, position: int, title: str, key: str) -> None:
        """A tab more, without turning to it."""
        self.blockSignals(True)
        self.setTabToolTip(self.insertTab(position, page, title), glossary.PAGES.get(key, ""))
        self.blockSignals(False)

    def tabInserted(self, index: int) -> None:
        super().tabInserted(index)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Shorten the words and move the tabs together before the menu is needed."""
        self._name(short=False)
        room = self.width() - self._taken
        tight = self._needed(ROOMY) > room
        self._name(short=tight)
        if bool(self.tabBar().property("tight")) != tight:
            self.tabBar().setProperty("tight", tight)
            self.tabBar().style().unpolish(self.tabBar())
            self.tabBar().style().polish(self.tabBar())
        self._more.setVisible(self._needed(TIGHT) > room)

    def _name(self, *, short: bool) -> None:
        for k in range(self.count()):
            page = self.widget(k)
            name = getattr(page, "title", "") if page is not None else ""
            wanted = name.partition(" && ")[0] if short else name
            if wanted and self.tabText(k) != wanted:
                self.setTabText(k, wanted)

    def _needed(self, side: float) -> int:
        theme = self._themes.theme
        font = QFont(self.font())
        font.setPixelSize(theme.px(13))
        font.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetrics(font)
        shown = [k for k in range(self.count()) if self.isTabVisible(k)]
        words = sum(metrics.horizontalAdvance(self.tabText(k)) for k in shown)
        return words + len(shown) * 2 * theme.px(side)

    @Slot()
    def _fill_menu(self) -> None:
        self._menu.clear()
        for k in (k for k in range(self.count()) if self.isTabVisible(k)):
            action = self._menu.addAction(self.tabText(k))
            page = self.widget(k)
            action.setObjectName(f"{page.objectName() if page is not None else 'page'}Action")
            action.setCheckable(True)
            action.setChecked(k == self.currentIndex())
            action.setData(k)

    @Slot(QAction)
    def _on_page(self, action: QAction) -> None:
        self.setCurrentIndex(action.data())

    @Slot(object)
    def _on_theme(self, _theme: Theme) -> None:
        self._arrange()
