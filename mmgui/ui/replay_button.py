"""The quiet button at the end of the tabs that replays the fit."""

from __future__ import annotations

from PySide6.QtCore import QSize, Slot
from PySide6.QtWidgets import QStyle, QToolButton

from mmgui.app.film import FilmModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.ui.icons import again, icon


class ReplayButton(QToolButton):
    """Seen where there are results that can be replayed, and no film is open."""

    def __init__(self, film: FilmModel, themes: ThemeModel) -> None:
        super().__init__()
        self.setObjectName("replayButton")
        self.setText("Replay the fit")
        self.setAccessibleName("Replay the fit")
        self.setToolTip(
            "Replay the fit: play what the optimiser did, or a collapse to a singular fit, on all pages"
        )
        self.setProperty("role", "link")
        self._film, self._offered = film, False
        self.hide()
        self.clicked.connect(self._on_clicked)
        film.opened_changed.connect(self._show_state)
        film.busy_changed.connect(self._show_state)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def offer(self, offered: bool) -> None:
        """Whether there are results in sight that can be replayed."""
        self._offered = offered
        self._show_state()

    @Slot()
    def _show_state(self) -> None:
        self.setVisible(self._offered and self._film.film is None)
        self.setEnabled(not self._film.busy)

    @Slot()
    def _on_clicked(self) -> None:
        duration = self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self)
        self._film.animated = duration > 0
        self._film.open()

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        side = theme.px(15)
        self.setIcon(icon(again, theme.accent, theme.residual, side))
        self.setIconSize(QSize(side, side))
