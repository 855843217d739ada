"""A handle that a slider or a number took beyond the edge of the landscape is still to be found."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from mmgui.app.theme import make_theme
from mmgui.plots.landscape_plot import LandscapePlot
from tests.qt.plots.test_landscape_plot import SD, SLOPE, figure, moved_to, share_of, shown


def test_that_an_arrow_at_the_edge_leads_to_the_handle_and_brings_it_back(themes, selection, show):
    plot = shown(show(LandscapePlot(themes, selection), 700, 520), figure("two"))
    panel = plot._panel
    without = share_of(plot, make_theme().accent)
    # Four times the fit's: the axis ends near twice.
    plot.set_moved(moved_to("two", {SD: 99.0}))
    assert panel.pixel(*plot.handle_place()).x() > panel.inside().right() + 50
    seen = panel.seen()
    assert panel.inside().contains(seen)
    assert seen.x() > panel.inside().center().x()
    assert share_of(plot, make_theme().accent) > 0.3 * without > 0.0

    wanted: list[dict[str, float]] = []
    plot.wanted.connect(wanted.append)
    grip, to = seen.toPoint(), panel.pixel(24.7405, 5.9221).toPoint()
    QTest.mousePress(panel.viewport(), Qt.MouseButton.LeftButton, pos=grip)
    QTest.mouseMove(panel.viewport(), QPoint(to.x(), grip.y()))
    QTest.mouseMove(panel.viewport(), to)
    QTest.mouseRelease(panel.viewport(), Qt.MouseButton.LeftButton, pos=to)
    assert wanted[-1] == pytest.approx({SD: 24.7405, SLOPE: 5.9221}, abs=0.3)
