"""Profiles: how fast the fit worsens away from each estimate, and what that leaves of each parameter."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import QRectF, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from mmgui.app.selection import SelectionModel
from mmgui.app.theme import Theme, ThemeModel
from mmgui.figures.moved import Moved
from mmgui.figures.profile import LEVELS, ParameterProfile, ProfileFigure
from mmgui.figures.profile_density import density_table
from mmgui.figures.profile_moved import moved_beads
from mmgui.figures.profile_pairs import pairs_table
from mmgui.figures.profile_scale import on_scale
from mmgui.figures.tabular import FigureTable
from mmgui.plots.canvas import Canvas
from mmgui.plots.plot import Plot
from mmgui.plots.profile_curves import DensityPanel, SignedPanel, ValleyPanel
from mmgui.plots.profile_pairs import PairsPainter
from mmgui.plots.profile_panel import Panel, ProfileLook
from mmgui.plots.profile_words import main_level, percent, tip, wald_words
from mmgui.plots.style import text_font

NARROWEST, LOWEST, PAIR = 208, 124, 76
PAIRED = 6
"""Parameters paired unless the person chooses others."""


class ProfileView(StrEnum):
    """How profiles are drawn."""

    INTERVALS = "intervals"
    SIGNED = "signed"
    DENSITY = "density"
    PAIRS = "pairs"


PANELS: dict[ProfileView, type[Panel]] = {
    ProfileView.INTERVALS: ValleyPanel,
    ProfileView.SIGNED: SignedPanel,
    ProfileView.DENSITY: DensityPanel,
}


class ProfilePlot(Plot):
    """A panel a parameter, or a matrix of their pairs."""

    title = "Profile likelihood"
    empty = "Profiles of the parameters are drawn here."
    view_changed = Signal(object)

    def __init__(
        self, themes: ThemeModel, selection: SelectionModel | None = None, parent: QWidget | None = None
    ) -> None:
        self._figure: ProfileFigure | None = None
        self._drawn: ProfileFigure | None = None
        self._moved: Moved | None = None
        self._view, self._look = ProfileView.INTERVALS, ProfileLook()
        self._paired: tuple[int, ...] | None = None
        super().__init__(themes, selection, parent)
        self._canvas = Canvas(self._paint)
        self.set_body(self._canvas)

    def set_data(self, figure: ProfileFigure | None) -> None:
        """Show the profiles, or the empty state."""
        before, self._figure = self._figure, figure
        if before is None or figure is None or before.wanted != figure.wanted:
            self._paired = None
        self._drawn = None if figure is None else on_scale(figure, self._look.scale)
        self.show_figure(figure is not None and bool(figure.profiles))

    def show_moved(self, moved: Moved | None) -> None:
        """Mark where the parameters were moved to; nothing else is drawn anew."""
        if moved is not self._moved:
            self._moved = moved
            self._canvas.update()

    # -- what is drawn

    @property
    def view(self) -> ProfileView:
        """How profiles are drawn."""
        return self._view

    @property
    def look(self) -> ProfileLook:
        """Scale, levels, and whether Wald intervals stand beside."""
        return self._look

    @property
    def shown(self) -> ProfileFigure | None:
        """The figure on the scale drawn."""
        return self._drawn

    @property
    def paired(self) -> tuple[int, ...]:
        """Positions of the parameters that pairs are drawn of."""
        count = len(self._profiles())
        if self._paired is None:
            return tuple(range(min(count, PAIRED)))
        return tuple(k for k in self._paired if k < count)

    def show_view(self, view: ProfileView) -> None:
        """Draw profiles otherwise."""
        if view is not self._view:
            self._view = view
            self.dress(self._theme)
            self.view_changed.emit(view)

    def show_look(self, look: ProfileLook) -> None:
        """Draw on another scale, at other levels."""
        if look != self._look:
            self._look = look
            self._drawn = None if self._figure is None else on_scale(self._figure, look.scale)
            self.dress(self._theme)

    def show_pairs_of(self, positions: Iterable[int]) -> None:
        """Draw pairs of these parameters."""
        self._paired = tuple(sorted(positions))
        self.dress(self._theme)

    # -- words

    def table(self) -> FigureTable:
        figure, look = self._figure, self._look
        if figure is None or self._drawn is None:
            return FigureTable((), ())
        match self._view:
            case ProfileView.DENSITY:
                return density_table(self._drawn)
            case ProfileView.PAIRS:
                return pairs_table(figure, look.levels, self.paired, look.scale)
            case _:
                return self._drawn.table()

    def legend(self, _theme: Theme) -> str:
        levels = " ".join(f"{100 * k:g}" for k in self._look.levels) + " %" if self._look.levels else "no"
        match self._view:
            case ProfileView.SIGNED:
                return "ζ, close to standard normal at the true value; a bent line is a skew estimate"
            case ProfileView.DENSITY:
                return f"the distribution that ζ stands for, shaded: {levels} intervals; ● estimate"
            case ProfileView.PAIRS:
                one = "lines: the best of one, the other held"
                return f"joint regions, {levels}: below in the parameters, above in ζ; {one}"
            case _:
                return f"bars: {levels} intervals; ● estimate"

    def notes(self) -> tuple[str, ...]:
        if self._drawn is None:
            return ()
        notes = self._drawn.notes()
        if self._look.wald:
            notes = (wald_words(self._drawn.profiles, main_level(self._look.levels)), *notes)
        if self._view is ProfileView.PAIRS and len(self.paired) < len(self._profiles()):
            notes = (f"{len(self.paired)} of {len(self._profiles())} parameters are paired.", *notes)
        return notes

    def menu(self) -> QMenu:
        menu = super().menu()
        action = menu.addAction("ζ with its sign")
        action.setObjectName("signedAction")
        action.setCheckable(True)
        action.setChecked(self._view is ProfileView.SIGNED)
        action.toggled.connect(self._on_signed)
        return menu

    @Slot(bool)
    def _on_signed(self, signed: bool) -> None:
        self.show_view(ProfileView.SIGNED if signed else ProfileView.INTERVALS)

    # -- the grid of panels

    def draw(self, theme: Theme) -> None:  # noqa: ARG002 - the theme is read while painting
        self._claim_room()
        self._canvas.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._claim_room()

    def _profiles(self) -> tuple[ParameterProfile, ...]:
        return () if self._drawn is None else self._drawn.profiles

    def _claim_room(self) -> None:
        """As tall as readable panels need; a page scrolls what does not fit."""
        n = len(self._profiles())
        if not n:
            return
        if self._view is ProfileView.PAIRS:
            self._canvas.setMinimumHeight(len(self.paired) * self._theme.px(PAIR))
            return
        most = max(1, int(self._canvas.width() // self._theme.px(NARROWEST)))
        self._canvas.setMinimumHeight(math.ceil(n / most) * self._theme.px(LOWEST))

    def shape(self, room: QRectF) -> tuple[int, int]:
        """Columns and rows that leave the panels readable, nearest to square, and few places empty."""
        # While curves come in, each keeps the place it will have.
        n, theme = self._places(), self._theme
        most = max(1, int(room.width() // theme.px(NARROWEST)))

        def cost(columns: int) -> float:
            rows = math.ceil(n / columns)
            ratio = (room.width() / columns) / max(room.height() / rows, 1.0)
            low = rows * theme.px(LOWEST) > room.height() + 1.0 and columns < most
            return abs(math.log(ratio / 1.4)) + 2.5 * (columns * rows - n) / n + (10.0 if low else 0.0)

        columns = min(range(1, min(most, n) + 1), key=cost)
        return columns, math.ceil(n / columns)

    def _places(self) -> int:
        figure = self._drawn
        return 1 if figure is None else figure.wanted if figure.under_way else max(len(figure.profiles), 1)

    def _paint(self, painter: QPainter, room: QRectF) -> None:
        figure, drawn, theme = self._figure, self._drawn, self._theme
        if figure is None or drawn is None or not drawn.profiles:
            return
        beads = moved_beads(figure, self._moved)
        if self._view is ProfileView.PAIRS:
            pairs = PairsPainter(theme, figure, self.paired, self._look, beads)
            self._canvas.spots.extend(pairs.paint(painter, room))
            return
        columns, rows = self.shape(room)
        edge, gap = self._edge(), theme.px(22)
        # The last number of the horizontal axis may reach over its panel.
        width = (room.width() - edge - theme.px(10) - gap * (columns - 1)) / columns
        height = room.height() / rows
        for k, profile in enumerate(drawn.profiles):
            place = profile.position if drawn.under_way and profile.position >= 0 else k
            row, column = divmod(place, columns)
            left = room.left() + edge + column * (width + gap)
            tile = QRectF(left, room.top() + row * height, width, height - theme.px(8))
            panel = PANELS[self._view](painter, theme, tile, profile, self._look, beads[k])
            panel.paint(scale=column == 0, edge=edge)
            self._canvas.spots.append((tile, tip(profile, wald=self._look.wald)))

    def _edge(self) -> float:
        texts = ("−2",) if self._view is ProfileView.SIGNED else tuple(percent(level) for level in LEVELS)
        if self._view is ProfileView.DENSITY:
            return float(self._theme.px(4))
        metrics = QFontMetricsF(text_font(self._theme))
        return max(metrics.horizontalAdvance(t) for t in texts) + self._theme.px(10)


def with_level(look: ProfileLook, level: float, *, shown: bool) -> ProfileLook:
    """The look with a level drawn or left out."""
    levels = {*look.levels, level} if shown else {*look.levels} - {level}
    return replace(look, levels=tuple(sorted(levels)))
