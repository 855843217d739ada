"""Labels keep off the marks they stand among; where they cannot, a leader leads to them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor

from mmgui.plots.label_places import nearest_point, place_aside, place_on_line
from mmgui.plots.shrinkage_plot import ShrinkagePlot
from tests.qt.plots.conftest import shrinkage

ROOM, SIZE = QRectF(0, 0, 400, 300), QSizeF(40, 16)
LINE = np.column_stack([np.full(9, 200.0), np.linspace(40.0, 280.0, 9)])


def test_that_a_label_takes_the_first_place_of_its_line_that_hides_nothing():
    nothing = np.empty((0, 2))
    assert place_on_line(LINE, SIZE, ROOM, nothing) == 0
    # A mark on the first place, another label on the second.
    marks, label = np.array([[205.0, 42.0]]), QRectF(180, 60, 40, 20)
    assert place_on_line(LINE, SIZE, ROOM, marks, [label]) == 2
    assert place_on_line(LINE, SIZE, ROOM, LINE) == -1


def test_that_a_label_goes_aside_where_marks_crowd():
    at = QPointF(200, 150)
    assert place_aside(at, SIZE, 10.0, ROOM, np.empty((0, 2))).left() > at.x()
    crowd = at.toTuple() + 30.0 * np.random.default_rng(1).standard_normal((60, 2))
    rect = place_aside(at, SIZE, 10.0, ROOM, crowd)
    hidden = [rect.contains(QPointF(*p)) for p in crowd]
    assert sum(hidden) <= 1
    assert ROOM.contains(rect)
    end = nearest_point(rect, at)
    assert np.hypot(end.x() - at.x(), end.y() - at.y()) > 20.0


def test_that_the_ellipses_are_seen(themes, selection, show):
    plot = show(ShrinkagePlot(themes, selection))
    plot.set_data(shrinkage())
    plot.settle()
    panel = plot.panels()[0]
    centre, root = panel.ellipse()
    picture = panel.viewport().grab().toImage()

    def at(share: float, angle: float) -> QColor:
        place = centre + share * root @ [np.cos(angle), np.sin(angle)]
        return picture.pixelColor(*(int(v) for v in place))

    inner, outer, outside = (
        {at(share, angle).name() for angle in np.linspace(0.0, 6.0, 25)} for share in (1.0, 2.0, 2.6)
    )
    assert themes.theme.surface.lower() not in inner | outer
    assert outside & {themes.theme.surface.lower(), "#ffffff"}
