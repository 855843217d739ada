"""Panels that paint their groups in pixels, and let them glide from where they stood before."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from mmgui.plots.group_plot import GroupPanel
from mmgui.plots.style import color, text_font
from mmgui.plots.tween import Places, between, root_of

FloatArray = NDArray[np.float64]

STEP = 0.25
"""By which part of its width a picture widens when what is drawn leaves it."""


class GlidingPanel(GroupPanel):
    """Marks by kind, one for each group, and at most one ellipse.

    Nothing is kept but arrays: a move of the model is new arrays and one repaint.
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[str, ...] = ()
        self._at: dict[str, FloatArray] = {}
        self._centre: FloatArray | None = None
        self._matrix: FloatArray | None = None
        self._from: Places | None = None
        self._share = 1.0

    # -- content

    def put(
        self,
        keys: tuple[str, ...],
        marks: Mapping[str, FloatArray],
        centre: FloatArray | None = None,
        matrix: FloatArray | None = None,
    ) -> None:
        """Marks by kind at (L, 2) positions, and the matrix (2, 2) of an ellipse about ``centre``."""
        self._keys, self._at = keys, dict(marks)
        self._centre, self._matrix = centre, matrix
        self._share = 1.0
        self.viewport().update()

    def depart(self, places: Places | None) -> None:
        """Start from places on a panel that showed the same things before."""
        self._from = None if places is None else places.on(self._keys)
        self._share = 0.0

    def arrive(self, share: float) -> None:
        """Be so far on the way."""
        self._share = share
        if share >= 1.0:
            self._from = None
        self.viewport().update()

    @property
    def freshness(self) -> float:
        """How visible that is which was not there before: it fades in."""
        return self._share

    def make_room(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Widen the picture, in steps, until it holds these ranges; it never narrows."""
        home = self.home()
        across = _widened((home.left(), home.right()), x)
        up = _widened((home.top(), home.bottom()), y)
        if across == (home.left(), home.right()) and up == (home.top(), home.bottom()):
            return
        follow = not self.away_from_home
        self._home = QRectF(across[0], up[0], across[1] - across[0], up[1] - up[0])
        if follow:
            self.reset_view()

    def find_marks(self, *kinds: str) -> None:
        """Let the mouse find marks of these kinds, the one put first where two are equally near."""
        at = [self._at[kind] for kind in kinds]
        groups = len(self._keys)
        self.find_among(lambda: (np.vstack(at), np.tile(np.arange(groups), len(at))))

    # -- where things are now

    def pixels(self, kind: str) -> FloatArray:
        """(L, 2) pixels of the marks of a kind, on their way or there."""
        end = self.to_pixels(self._at[kind])
        start = None if self._from is None else self._from.marks.get(kind)
        if start is None or self._share >= 1.0:
            return end
        return between(self._on_screen(start), end, self._share)

    def ellipse(self) -> tuple[FloatArray, FloatArray] | None:
        """Middle and root of the ellipse in pixels."""
        if self._centre is None or self._matrix is None:
            return None
        centre, root = self.ellipse_of(self._centre, self._matrix)
        before = self._from
        if before is None or self._share >= 1.0 or before.centre is None or before.root is None:
            return centre, root
        room = self.inside()
        size = np.array([room.width(), room.height()])
        old = self._on_screen(before.centre[None, :])[0]
        scaled = root_of((before.root * size[:, None]) @ (before.root * size[:, None]).T)
        return between(old, centre, self._share), between(scaled, root, self._share)

    def ellipse_of(self, centre: FloatArray, matrix: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Middle and root in pixels of an ellipse in data coordinates."""
        scale = self.per_unit()
        return self.to_pixels(centre), root_of(matrix * scale * scale[:, None])

    def places(self) -> Places:
        """Where everything stands now, for the panel that comes next."""
        room = self.inside()
        size = np.array([max(room.width(), 1.0), max(room.height(), 1.0)])
        corner = np.array([room.left(), room.top()])
        marks = {kind: (self.pixels(kind) - corner) / size for kind in self._at}
        drawn = self.ellipse()
        if drawn is None:
            return Places(self._keys, marks)
        centre, root = drawn
        return Places(self._keys, marks, (centre - corner) / size, root / size[:, None])

    def _on_screen(self, shares: FloatArray) -> FloatArray:
        room = self.inside()
        size, corner = np.array([room.width(), room.height()]), np.array([room.left(), room.top()])
        return np.asarray(corner + shares * size)

    # -- painting

    def emphasise(self) -> None:
        """Picked groups are painted on top of the others, which step back."""

    @property
    def strength(self) -> float:
        """How strongly groups are drawn: less while some others are picked."""
        return 0.5 if self.picked else 1.0

    def paint_sentence(self, painter: QPainter, text: str, tint: str) -> None:
        """A sentence at the foot of the picture, on as many lines as it needs."""
        font, inside = text_font(self.theme), self.inside()
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap)
        room = inside.adjusted(self.theme.px(8), self.theme.px(6), -self.theme.px(8), -self.theme.px(6))
        needed = QFontMetricsF(font).boundingRect(room, flags, text)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(self.theme.surface, 0.86))
        painter.drawRoundedRect(needed.adjusted(-5, -2, 5, 2), 5, 5)
        painter.setFont(font)
        painter.setPen(color(tint))
        painter.drawText(room, flags, text)


def _widened(home: tuple[float, float], wanted: tuple[float, float]) -> tuple[float, float]:
    step = STEP * (home[1] - home[0])
    if step <= 0.0 or not all(map(math.isfinite, wanted)):
        return home
    below = math.ceil(max(home[0] - wanted[0], 0.0) / step - 1e-9)
    above = math.ceil(max(wanted[1] - home[1], 0.0) / step - 1e-9)
    return (home[0] - below * step, home[1] + above * step)
