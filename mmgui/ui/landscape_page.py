"""Landscape: the criterion over one or two covariance parameters, with a handle to take hold of."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from mmgui.app.analysis_parts import Part
from mmgui.app.fit_service import Tried
from mmgui.app.scene import Scene
from mmgui.app.surfaces import SurfaceWish
from mmgui.app.theme import Theme
from mmgui.figures.landscape import LandscapeFigure
from mmgui.figures.landscape_trail import Trail, other_trail
from mmgui.plots.landscape_plot import LandscapePlot
from mmgui.ui.landscape_companions import Companions
from mmgui.ui.landscape_controls import LandscapeControls
from mmgui.ui.landscape_side import LandscapeSide
from mmgui.ui.picture_frame import PictureFrame
from mmgui.ui.results_page import ResultsPage

if TYPE_CHECKING:
    from mmgui.figures.moved import Moved

NARROW = 760
SIDE, SIDE_WIDE = 200, 240
BESIDE, BESIDE_LOW, BESIDE_FLAT, FLAT = 1000, 820, 640, 580
"""Width of the page, at scale 1, from which the pictures that follow stand beside the landscape; of one that
is no higher than the last, and of one that has no room for pictures below."""
LOW = 460
"""Height below which the side has no words."""
LOWEST, PICTURE, PICTURE_BESIDE = 430, 300, 240
"""Height from which pictures stand below, and what one takes across and up."""
SHARES, SHARES_TIGHT = (13, 10), (1, 1)
"""How the room for pictures is divided between the landscape and those that follow."""
TIGHT = 640
"""Height below which pictures below the landscape need the room of their legends."""
REST_MS = 250
"""How long a hand rests before contours that it made obsolete are drawn anew."""


class LandscapePage(ResultsPage):
    """Sliders, the landscape, and pictures that follow."""

    key = "landscape"
    vacant = "This model has no random effects, so there is no variance to draw a landscape of."
    title = "Landscape"
    parts = (Part.LANDSCAPE, Part.SHRINKAGE, Part.GROUPS)

    def __init__(self, scene: Scene, parent: QWidget | None = None) -> None:
        super().__init__(scene, parent)
        self._home: LandscapeFigure | None = None
        self._figure: LandscapeFigure | None = None
        self._wish: SurfaceWish | None = None
        self._chosen: tuple[str, ...] = ()
        self._moved: Moved | None = None
        self._tried: Tried | None = None
        self._shown_of: object = None
        self.controls = LandscapeControls()
        self.plot = LandscapePlot(scene.themes, scene.selection)
        self.side = LandscapeSide(scene.play, scene.themes)
        self.companions = Companions(scene)
        self.plot.set_titled(False)
        self._pictures = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._follow = PictureFrame(self.companions)
        self._pictures.addWidget(PictureFrame(self.plot), SHARES[0])
        self._pictures.addWidget(self._follow, SHARES[1])
        self._body = QHBoxLayout()
        self._body.addWidget(self.side)
        self._body.addLayout(self._pictures, 1)
        self._box = QVBoxLayout(self)
        self._box.addWidget(self.controls)
        self._box.addLayout(self._body, 1)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._draw_surface)
        self.controls.hide()
        self._connect()
        self._on_theme(scene.themes.theme)

    def _connect(self) -> None:
        play, film = self.scene.play, self.scene.film
        self.controls.axes_chosen.connect(self._on_axes)
        self.controls.others_chosen.connect(self._on_others)
        self.controls.stop_wanted.connect(play.surfaces.stop)
        self.plot.wanted.connect(play.move)
        self.plot.window_changed.connect(self._draw_surface)
        self.plot.grabbed.connect(self._on_grabbed)
        self.plot.dropped.connect(self._on_dropped)
        self.side.sliders.released.connect(self._on_dropped)
        self.companions.plot_made.connect(self.plot_made)
        play.ready_changed.connect(self._on_ready)
        play.others_follow_changed.connect(self.controls.show_others)
        play.tried.connect(self._on_tried)
        play.surfaces.done.connect(self._on_surface)
        play.surfaces.failed.connect(self._on_no_surface)
        play.surfaces.advanced.connect(self._on_advanced)
        play.surfaces.busy_changed.connect(self._on_drawing)
        film.position_changed.connect(self._on_film)
        film.opened_changed.connect(self._on_film)
        self.themes.theme_changed.connect(self._on_theme)

    # -- the fit

    def choice(self, part: Part) -> tuple[str, ...]:
        return self._chosen if part is Part.LANDSCAPE else ()

    def show_part(self, part: Part, figure: object) -> None:
        if part is not Part.LANDSCAPE:
            self.companions.show_part(part, figure)
        elif isinstance(figure, LandscapeFigure) and figure is not self._home:
            self._home = figure
            if self.scene.play.fit is not self._shown_of:
                self._shown_of = self.scene.play.fit
                self._tried = None
                self.side.forget_outcome()
                self.plot.forget_range()
            self._wish = None
            self._draw_surface()

    def show_moved(self, moved: Moved | None) -> None:
        self._moved = moved
        self.scene.play.prepare()
        self.plot.set_moved(moved)
        self.side.show_moved(moved)
        self.companions.show_moved(moved)
        self._check_surface()
        if moved is None and self._rest.isActive():
            # Back at the best fit, whose contours are known.
            self._draw_surface()

    @Slot(bool)
    def _on_ready(self, ready: bool) -> None:
        if ready and self.isVisible():
            self.show_moved(self.scene.play.current)

    # -- which landscape

    def _wished(self) -> SurfaceWish:
        wish = _wish(self._chosen, self._home, self._moved, others_follow=self.scene.play.others_follow)
        return replace(wish, window=self.plot.part) if self.plot.part else wish

    def _check_surface(self) -> None:
        """Contours that no longer belong to where the model is fade until the hand rests."""
        before, now = self._wish, self._wished()
        stale = self._figure is not None and now != before
        # Of another part of the same landscape what is drawn is still right.
        self.plot.set_faded(stale and (before is None or replace(before, window=now.window) != now))
        if stale:
            self._rest.start()
        else:
            self._rest.stop()

    @Slot()
    def _draw_surface(self) -> None:
        if self._home is None:
            return
        wish = self._wished()
        if not wish.profiled and not wish.held and not wish.window:
            self.scene.play.surfaces.forget()
            self._show_surface(wish, self._home)
            return
        base = None if self._moved is None else self._moved.point
        figure = self.scene.play.surfaces.request(wish, base)
        if figure is not None:
            self._show_surface(wish, figure)
        elif self._figure is None:
            self._show_surface(SurfaceWish(self._home.chosen), self._home)

    @Slot(object, object)
    def _on_surface(self, wish: SurfaceWish, figure: LandscapeFigure) -> None:
        if wish == self._wished():
            self._show_surface(wish, figure)

    def _show_surface(self, wish: SurfaceWish, figure: LandscapeFigure) -> None:
        self._wish = wish
        if figure is not self._figure or self._tried is not None:
            self._figure = figure
            self.controls.setVisible(True)
            self.controls.fill(figure)
            self.plot.set_data(figure, self._other_trail(figure))
            shown = [a.parameter for a in figure.axes if a.parameter.term >= 0]
            term = shown[0].term if shown else 0
            self.companions.show_term(term, tuple(k for p in shown if p.term == term for k in p.effects))
        self._on_film()
        self._check_surface()

    @Slot(str)
    def _on_no_surface(self, sentence: str) -> None:
        self._rest.stop()  # Else what cannot be drawn would be tried for ever.
        self.plot.set_trouble(sentence)

    @Slot(int, int)
    def _on_advanced(self, done: int, total: int) -> None:
        self.controls.show_progress(done, total)

    @Slot(bool)
    def _on_drawing(self, busy: bool) -> None:
        if not busy:
            self.controls.show_progress(0, 0)
            if self.isVisible():
                # Another page of this kind may have had its landscape drawn in place of this one's.
                self._check_surface()

    @Slot(str, str)
    def _on_axes(self, across: str, up: str) -> None:
        self._chosen = (across, up)
        self.plot.forget_range()
        self.choice_changed.emit()
        self._draw_surface()

    @Slot(bool)
    def _on_others(self, follow: bool) -> None:
        self.scene.play.set_others_follow(follow)
        self._check_surface()
        self._draw_surface()

    # -- the hand

    @Slot()
    def _on_grabbed(self) -> None:
        # What is drawn in the background would take the hand's time.
        self.scene.play.surfaces.forget()

    @Slot()
    def _on_dropped(self) -> None:
        if self._rest.isActive():
            self._rest.stop()
            self._draw_surface()

    # -- another start, and films

    @Slot(object)
    def _on_tried(self, tried: Tried) -> None:
        self._tried = tried if tried.kept else None
        if self._figure is not None:
            self.plot.set_data(self._figure, self._other_trail(self._figure))

    def _other_trail(self, figure: LandscapeFigure) -> Trail | None:
        movable = self.scene.play.movable
        if self._tried is None or self._tried.fit is None or movable is None:
            return None
        return other_trail(figure, movable, self._tried.fit)

    @Slot()
    def _on_film(self) -> None:
        place = self.scene.film.place
        self.plot.set_bead(None if place is None else round(place) - 1)

    # -- room

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._rest.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._adapt()

    def _adapt(self) -> None:
        """What hangs on the page's size alone: where the pictures stand, and how many there are."""
        theme = self.themes.theme
        width, height = self.width() / theme.scale, self.height() / theme.scale
        flat = height <= FLAT if width >= BESIDE_LOW else height <= LOWEST
        beside = width >= (BESIDE_FLAT if flat else BESIDE)
        if beside:
            pictures = max(int((height - 60) // PICTURE_BESIDE), 0)
        else:
            pictures = int((width - SIDE) // PICTURE) if height >= LOWEST else 0
        row, column = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._pictures.setDirection(row if beside else column)
        tight = not beside and height < TIGHT
        for k, share in enumerate(SHARES_TIGHT if tight else SHARES):
            self._pictures.setStretch(k, share)
        self.companions.set_terse(tight)
        self._follow.setVisible(pictures > 0)
        self.companions.set_room(pictures, beside=beside)
        self.side.set_low(height < LOW)
        self.side.setFixedWidth(theme.px(SIDE_WIDE if width >= BESIDE else SIDE))
        self.controls.adapt(theme, narrow=width < NARROW)

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self._box.setContentsMargins(theme.air(18), theme.air(12), theme.air(18), theme.air(12))
        self._box.setSpacing(theme.air(10))
        self._body.setSpacing(theme.air(16))
        self._pictures.setSpacing(theme.air(12))
        self.side.apply_theme(theme)
        self.companions.apply_theme(theme)
        self._adapt()


def _wish(
    chosen: tuple[str, ...], home: LandscapeFigure | None, moved: Moved | None, *, others_follow: bool
) -> SurfaceWish:
    """The landscape that belongs to what was chosen and to where the model is."""
    names = chosen or (() if home is None else home.chosen)
    if others_follow:
        return SurfaceWish(names, profiled=True)
    if home is None or moved is None:
        return SurfaceWish(names)
    names = home.chosen
    sigma = next(p.name for p in moved.parameters if p.kind == "sigma")
    follows = moved.sigma_follows or sigma in names
    held = [p for p in moved.parameters if p.name not in names and not (follows and p.name == sigma)]
    if follows and all(abs(p.value - p.estimate) <= 1e-9 * max(1.0, abs(p.estimate)) for p in held):
        return SurfaceWish(names)
    return SurfaceWish(names, sigma_follows=follows, held=tuple((p.name, p.value) for p in held))
