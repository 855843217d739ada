"""The look of a window: light or dark, zoom, projector. Writes it to the application and to the settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal, Slot
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from mmgui.app import settings
from mmgui.app.settings import Settings
from mmgui.app.theme import LIGHT, Theme, ThemeModel, make_theme
from mmgui.ui.stylesheet import UI_FONT, palette, stylesheet

ZOOM_STEP = 1.1
SMALLEST_ZOOM, LARGEST_ZOOM = 0.8, 2.0


class Look(QObject):
    """Makes the theme from what the person chose; the window and every plot follow the ``ThemeModel``."""

    projector_changed = Signal(bool)

    def __init__(self, themes: ThemeModel, window: QWidget, file: Path) -> None:
        super().__init__(window)
        self._themes = themes
        self._window = window
        self._file = file
        self._settings = settings.load(file)
        self._projector = False

    @property
    def settings(self) -> Settings:
        return self._settings

    @property
    def projector(self) -> bool:
        return self._projector

    @Slot(bool)
    def set_dark(self, dark: bool) -> None:
        self._settings = replace(self._settings, dark=dark)
        self.apply()

    @Slot(bool)
    def set_projector(self, on: bool) -> None:
        if on != self._projector:
            self._projector = on
            self.apply()
            self.projector_changed.emit(on)

    @Slot()
    def zoom_in(self) -> None:
        self._set_zoom(self._settings.zoom * ZOOM_STEP)

    @Slot()
    def zoom_out(self) -> None:
        self._set_zoom(self._settings.zoom / ZOOM_STEP)

    @Slot()
    def zoom_reset(self) -> None:
        self._set_zoom(1.0)

    def _set_zoom(self, zoom: float) -> None:
        zoom = min(max(round(zoom, 3), SMALLEST_ZOOM), LARGEST_ZOOM)
        self._settings = replace(self._settings, zoom=zoom)
        self.apply()

    def apply(self) -> None:
        """Dress the application and the window."""
        theme = make_theme(dark=self._settings.dark, projector=self._projector, zoom=self._settings.zoom)
        _dress(self._themes, self._window, theme)

    def remember(self, **chosen: Any) -> None:
        """Take what else the person chose into the settings."""
        self._settings = replace(self._settings, **chosen)

    def keep(self) -> None:
        """Write the settings with the window's size."""
        if not self._window.isMaximized() and not self._window.isFullScreen():
            size = self._window.size()
            self._settings = replace(self._settings, width=size.width(), height=size.height())
        self._settings = replace(self._settings, maximized=self._window.isMaximized())
        settings.save(self._settings, self._file)


@contextmanager
def light_meanwhile(themes: ThemeModel, page: QWidget) -> Iterator[None]:
    """The light look while a picture of a page is taken; what is on the screen stays as it is."""
    worn, window = themes.theme, page.window()
    if not worn.dark:
        yield
        return
    try:
        _dress(themes, window, replace(LIGHT, scale=worn.scale, line_width=worn.line_width))
        catch_up(page)
        yield
    finally:
        # Before the event loop paints anything.
        _dress(themes, window, worn)


def _dress(themes: ThemeModel, window: QWidget, theme: Theme) -> None:
    dress_application(theme)
    window.setStyleSheet(stylesheet(theme))
    themes.set_theme(theme)


def catch_up(page: QWidget) -> None:
    """What the page built anew is laid out, and what it took away is gone, without the event loop."""
    deleted, shown, laid_out = QEvent.Type.DeferredDelete, QEvent.Type.MetaCall, QEvent.Type.LayoutRequest
    for kind in (deleted, shown, laid_out, shown, laid_out):
        for widget in (page, *page.findChildren(QWidget)):
            # One may have gone with another.
            if shiboken6.isValid(widget):
                QCoreApplication.sendPostedEvents(widget, kind)


def dress_application(theme: Theme) -> None:
    """Palette and font, which pop-ups and dialogs take from the application."""
    colors = palette(theme)
    font = QFont(UI_FONT)
    font.setPixelSize(theme.px(13))
    QApplication.setPalette(colors)
    QApplication.setFont(font)
    QToolTip.setPalette(colors)
