"""Which random-effects term a page shows, where the model has several: a row of pills in their colours."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from mmgui.app.theme import Theme, ThemeModel


class TermChooser(QWidget):
    """Hidden for a single term. Keeps its choice while the terms stay the same."""

    chosen = Signal(int)

    def __init__(self, themes: ThemeModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("termChooser")
        self.setAccessibleName("Random-effects term")
        self._themes = themes
        self._names: tuple[str, ...] = ()
        self._colors: tuple[int, ...] = ()
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.idClicked.connect(self.chosen)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addStretch(1)
        themes.theme_changed.connect(self._on_theme)

    @property
    def index(self) -> int:
        """The term chosen."""
        return max(self._group.checkedId(), 0)

    def set_terms(self, names: tuple[str, ...], colors: tuple[int, ...] = ()) -> None:
        """Offer these terms, by their grouping factor and effects; ``colors`` are their positions."""
        self._colors = colors or tuple(range(len(names)))
        if names != self._names:
            self._names = names
            for button in self._group.buttons():
                self._group.removeButton(button)
                self._row.removeWidget(button)
                button.hide()
                button.deleteLater()
            for k, name in enumerate(names):
                self._add(k, name)
        self.setVisible(len(names) > 1)
        self._on_theme(self._themes.theme)

    def _add(self, k: int, name: str) -> None:
        button = QPushButton(name, self)
        button.setObjectName(f"termButton{k}")
        button.setAccessibleName(f"Show {name}")
        button.setProperty("role", "pill")
        button.setCheckable(True)
        button.setChecked(k == 0)
        self._group.addButton(button, k)
        self._row.insertWidget(k, button)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        for k, button in enumerate(self._group.buttons()):
            button.setStyleSheet(
                f"QPushButton:checked {{ color: {theme.term_color(self._colors[k])}; font-weight: 600; }}"
            )


def term_names(groupings: tuple[str, ...], effects: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """The grouping factor alone where that says which term is meant, else with its effects."""
    return tuple(
        g if groupings.count(g) == 1 else f"{g}: {', '.join(e)}"
        for g, e in zip(groupings, effects, strict=True)
    )
