"""The tabs of the results: closer where there is little room, and a menu for those out of sight."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QFontMetrics,
    QLinearGradient,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMenu, QTabBar, QTabWidget, QToolButton, QWidget

from mmgui.app import glossary
from mmgui.app.theme import Theme, ThemeModel

ROOMY, TIGHT = 13, 6
"""Room on both sides of a tab's words, at scale 1."""
FADE = 28
"""Over how many pixels, at scale 1, tabs fade at an edge beyond which there are more."""


class FadingTabBar(QTabBar):
    """Where tabs go on beyond an edge, they fade towards it."""

    def __init__(self, themes: ThemeModel) -> None:
        super().__init__()
        self._themes = themes

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        shown = [self.tabRect(k) for k in range(self.count()) if self.isTabVisible(k)]
        if not shown:
            return
        theme, painter = self._themes.theme, QPainter(self)
        side = theme.px(FADE)
        # The page in sight is named in full.
        current = self.tabRect(self.currentIndex())
        if shown[0].left() < 0 and current.left() >= side:
            self._fade(painter, theme, 0, side)
        if shown[-1].right() > self.width() and current.right() <= self.width() - side:
            self._fade(painter, theme, self.width(), self.width() - side)
        painter.end()

    def _fade(self, painter: QPainter, theme: Theme, edge: int, inner: int) -> None:
        ground, clear = QColor(theme.surface), QColor(theme.surface)
        clear.setAlpha(0)
        shade = QLinearGradient(edge, 0, inner, 0)
        shade.setColorAt(0, ground)
        shade.setColorAt(1, clear)
        painter.fillRect(min(edge, inner), 0, abs(edge - inner), self.height(), shade)


class ResultsTabs(QTabWidget):
    """A tab bar without arrows: every page can be reached by its tab, by the arrow keys, or by the menu."""

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("resultsTabs")
        self.setAccessibleName("Results")
        self.setTabBar(FadingTabBar(themes))
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self.tabBar().setExpanding(False)
        self.tabBar().setAccessibleName("Pages of the results")
        self._themes = themes
        self._controls: list[QToolButton] = []
        self._wordy: list[QToolButton] = []
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

    def add_corner(self, control: QToolButton, *, wordy: bool = False) -> None:
        """A control at the end of the tabs; a wordy one has an icon and, where there is room, its words."""
        self._corner.addWidget(control)
        self._controls.append(control)
        if wordy:
            self._wordy.append(control)
        self._arrange()

    def _taken(self, *, words: bool) -> int:
        """Room that the controls need, whichever of them are to be seen now."""
        taken = sum(c.sizeHint().width() for c in self._controls if c not in self._wordy)
        for control in self._wordy:
            taken += control.iconSize().width() + self._themes.theme.px(2 * 4 + 6)
            taken += control.fontMetrics().horizontalAdvance(control.text()) if words else 0
        return taken

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
        words = self._needed(ROOMY) + self._taken(words=True) <= self.width()
        style = (
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon if words else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        for control in self._wordy:
            control.setToolButtonStyle(style)
        room = self.width() - self._taken(words=False)
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
