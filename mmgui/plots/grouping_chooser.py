"""Which view of the grouping structure is drawn: tabs, or a list where they lack room; and the reading."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QTabBar, QWidget

from mmgui.app.theme import Theme


class ViewChooser(QWidget):
    """A choice for each pair or line of factors, and a switch from crossed to nested where both can be."""

    view_chosen = Signal(int)
    reading_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tabs = _tab_bar("groupingViewTabs", "Which grouping factors are drawn")
        self.readings = _tab_bar("readingTabs", "Drawn as crossed or as nested")
        self.readings.addTab("as crossed")
        self.readings.addTab("as nested")
        self.combo = QComboBox()
        self.combo.setObjectName("groupingViewCombo")
        self.combo.setAccessibleName("Which grouping factors are drawn")
        self.combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        for control, stretch in ((self.tabs, 1), (self.combo, 1), (self.readings, 0)):
            self._row.addWidget(control, stretch)
        self.tabs.currentChanged.connect(self._on_view)
        self.combo.currentIndexChanged.connect(self._on_view)
        self.readings.currentChanged.connect(self.reading_chosen)

    def set_titles(self, titles: list[str], chosen: int) -> None:
        """Offer these views."""
        for control in (self.tabs, self.combo):
            control.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        self.combo.clear()
        for text in titles:
            self.tabs.addTab(text)
            self.combo.addItem(text)
        for control in (self.tabs, self.combo):
            control.blockSignals(False)
        self.set_chosen(chosen)

    def set_chosen(self, index: int) -> None:
        """Show a choice as the one made."""
        for control in (self.tabs, self.combo):
            control.blockSignals(True)
            control.setCurrentIndex(index)
            control.blockSignals(False)

    def dress(self, theme: Theme, width: int, *, readings: bool) -> None:
        """Show what is needed and has room in the given width."""
        self._row.setSpacing(theme.px(4))
        for control in (self.tabs, self.readings, self.combo):
            control.setStyleSheet(_style(theme))
        for k, word in enumerate(("crossed", "nested")):
            self.readings.setTabText(k, f"as {word}" if width >= theme.px(260) else word)
        self.readings.setVisible(readings)
        room = width - theme.px(12) - (self.readings.sizeHint().width() if readings else 0)
        several = self.tabs.count() > 1
        fits = self.tabs.sizeHint().width() <= room
        self.tabs.setVisible(several and fits)
        self.combo.setVisible(several and not fits)
        self.setVisible(several or readings)

    @Slot(int)
    def _on_view(self, index: int) -> None:
        if index >= 0:
            self.set_chosen(index)
            self.view_chosen.emit(index)


def _tab_bar(name: str, words: str) -> QTabBar:
    bar = QTabBar()
    bar.setObjectName(name)
    bar.setAccessibleName(words)
    bar.setDrawBase(False)
    bar.setExpanding(False)
    bar.setElideMode(Qt.TextElideMode.ElideNone)
    bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return bar


def _style(theme: Theme) -> str:
    return (
        f"QTabBar {{ font-size: {theme.px(12)}px; background: transparent; }}"
        f"QTabBar::tab {{ color: {theme.muted}; background: transparent; border: 1px solid {theme.line};"
        f" border-radius: {theme.px(9)}px; padding: {theme.px(2)}px {theme.px(8)}px;"
        f" margin-right: {theme.px(4)}px; min-width: 0; }}"
        f"QTabBar::tab:selected {{ color: {theme.text}; background: {theme.accent_soft};"
        f" border-color: {theme.accent}; }}"
        f"QTabBar::tab:focus {{ border-color: {theme.accent}; }}"
        f"QComboBox {{ font-size: {theme.px(12)}px; padding: 1px {theme.px(6)}px; min-width: 0; }}"
    )
