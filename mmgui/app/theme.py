"""Colours, type and metrics of the light and the dark look, and the model that tells when they change."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True, slots=True)
class Theme:
    """Tokens of one look. Colours are ``#RRGGBB``; sizes are in pixels at scale 1."""

    name: str
    background: str
    surface: str
    line: str
    grid: str
    text: str
    muted: str
    accent: str
    accent_soft: str
    terms: tuple[str, ...]
    residual: str
    complete_pooling: str
    no_pooling: str
    good: str
    warn: str
    warn_soft: str
    scale: float = 1.0
    line_width: float = 1.5

    @property
    def dark(self) -> bool:
        return self.name == "dark"

    def term_color(self, index: int) -> str:
        """Colour of the index-th random-effects term; the residual's for a negative index."""
        return self.residual if index < 0 else self.terms[index % len(self.terms)]

    def px(self, size: float) -> int:
        """A length in pixels at the theme's scale."""
        return round(size * self.scale)

    def air(self, size: float) -> int:
        """Room around things in pixels: it grows less than text, for the pictures need the room."""
        return round(size * min(self.scale, 1 + 0.2 * (self.scale - 1)))


LIGHT = Theme(
    name="light", background="#F4F6F9", surface="#FFFFFF", line="#E1E5EB", grid="#EEF0F4",
    text="#1B2430", muted="#667085", accent="#2F6FDE", accent_soft="#EEF3FC",
    terms=("#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#D55E00"),
    residual="#A7AFBD", complete_pooling="#8A94A6", no_pooling="#D55E00",
    good="#0E8A5F", warn="#B25E00", warn_soft="#FFF4E5",
)  # fmt: skip

DARK = Theme(
    name="dark", background="#14181F", surface="#1C222B", line="#2C3440", grid="#262D38",
    text="#E6EAF0", muted="#97A1B0", accent="#6EA3FF", accent_soft="#22304A",
    terms=("#56B4E9", "#3CC9A0", "#E39CC4", "#F2C14E", "#8CCBF0", "#F08A3C"),
    residual="#6B7482", complete_pooling="#8A94A6", no_pooling="#F08A3C",
    good="#3CC98F", warn="#F0B45C", warn_soft="#3A2D18",
)  # fmt: skip


def make_theme(*, dark: bool = False, projector: bool = False, zoom: float = 1.0) -> Theme:
    """The light or dark look; for a projector text is at least 18 pt and lines are 3 px wide."""
    base = DARK if dark else LIGHT
    if projector:
        return replace(base, scale=1.85 * zoom, line_width=3.0)
    return replace(base, scale=zoom)


class ThemeModel(QObject):
    """The look of one window."""

    theme_changed = Signal(object)

    def __init__(self, theme: Theme = LIGHT, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    @property
    def theme(self) -> Theme:
        return self._theme

    def set_theme(self, theme: Theme) -> None:
        if theme != self._theme:
            self._theme = theme
            self.theme_changed.emit(theme)
