"""Groups glide from model to model, and are at once where the hand moves them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QProxyStyle, QStyle

from mmgui.plots.caterpillar_plot import CaterpillarPlot
from mmgui.plots.marks import band_of_rows
from mmgui.plots.shrinkage_plot import ShrinkagePlot
from mmgui.plots.tween import Places, Tween, between, root_of
from tests.qt.plots.conftest import LEVELS, MODEL, SIGMA, caterpillar, shrinkage


class Still(QProxyStyle):
    """A style that asks for no motion."""

    def styleHint(self, hint, option=None, widget=None, data=None):  # noqa: N802
        if hint == QStyle.StyleHint.SH_Widget_Animation_Duration:
            return 0
        return super().styleHint(hint, option, widget, data)


def _plane(themes, selection, show):
    plot = show(ShrinkagePlot(themes, selection))
    plot.set_data(shrinkage())
    plot.settle()
    return plot


def test_that_groups_start_where_they_stood_and_arrive_where_they_belong(qtbot, themes, selection, show):
    plot = _plane(themes, selection, show)
    before = plot.panels()[0].pixels("model")
    # The same groups in another order and of another model: half as far from the average.
    order = [4, 3, 2, 1, 0]
    half = (MODEL + shrinkage().centre) / 2
    next_one = replace(
        shrinkage(), levels=tuple(LEVELS[k] for k in order), model=half[order], own=shrinkage().own[order]
    )
    plot.set_data(next_one)
    panel = plot.panels()[0]
    panel.arrive(0.0)
    np.testing.assert_allclose(panel.pixels("model")[::-1], before, atol=1.0)
    panel.arrive(0.5)
    middle = panel.pixels("model")
    qtbot.waitUntil(lambda: not plot.tween.running, timeout=3000)
    end = panel.pixels("model")
    np.testing.assert_allclose(end, panel.to_pixels(half[order]))
    assert np.abs(middle - end).max() > 1.0


def test_that_rows_become_a_plane_from_where_they_stood(themes, selection, show):
    plot = show(ShrinkagePlot(themes, selection))
    plot.set_data(shrinkage(1))
    plot.settle()
    rows = plot.panels()[0].places()
    plot.set_data(shrinkage(2))
    plane = plot.panels()[0]
    plane.arrive(0.0)
    np.testing.assert_allclose(plane.places().marks["own"], rows.marks["own"], atol=1e-6)
    plot.settle()
    assert not plot.tween.running
    np.testing.assert_allclose(plane.pixels("own"), plane.to_pixels(shrinkage(2).own))


def test_that_a_picture_is_settled_at_its_end(themes, selection, show):
    plot = _plane(themes, selection, show)
    plot.set_data(replace(shrinkage(), model=MODEL + 3.0))
    assert plot.tween.running
    plot.settle()
    assert not plot.tween.running
    panel = plot.panels()[0]
    np.testing.assert_allclose(panel.pixels("model"), panel.to_pixels(MODEL + 3.0))


def test_that_the_hand_is_followed_at_once_within_the_same_range(themes, selection, show):
    plot = _plane(themes, selection, show)
    panel = plot.panels()[0]
    shown = panel.shown()
    moved = replace(shrinkage(), model=MODEL + 0.5, covariance=SIGMA / 4, best=shrinkage())
    plot.show_moved(moved)
    assert not plot.tween.running
    np.testing.assert_allclose(panel.pixels("model"), panel.to_pixels(MODEL + 0.5))
    assert panel.shown() == shown
    far = replace(shrinkage(), model=MODEL + np.array([300.0, 0.0]))
    plot.show_moved(far)
    wide = panel.shown()
    assert wide.right() > (MODEL[:, 0] + 300.0).max()
    # It widens by whole steps, so that it need not do so with every move, and never narrows.
    steps = (wide.right() - shown.right()) / (0.25 * shown.width())
    assert steps == pytest.approx(round(steps))
    plot.show_moved(moved)
    assert panel.shown() == wide
    plot.set_data(shrinkage())
    plot.settle()


def test_that_nothing_moves_where_the_system_wants_no_motion(themes, selection, show):
    plot = _plane(themes, selection, show)
    plot.setStyle(Still())
    plot.set_data(replace(shrinkage(), model=MODEL + 3.0))
    assert not plot.tween.running
    panel = plot.panels()[0]
    np.testing.assert_allclose(panel.pixels("model"), panel.to_pixels(MODEL + 3.0))


def test_that_a_hidden_plot_arrives_and_rests(themes, selection, show):
    plot = _plane(themes, selection, show)
    plot.set_data(replace(shrinkage(), model=MODEL + 3.0))
    plot.hide()
    assert not plot.tween.running
    plot.set_data(shrinkage())
    assert not plot.tween.running
    plot.show()


def test_that_the_caterpillar_glides_to_another_order_and_keeps_it_under_the_hand(themes, selection, show):
    plot = show(CaterpillarPlot(themes, selection))
    plot.set_data(caterpillar())
    plot.settle()
    first = plot.panels()[0]
    before = first.pixels("mode")
    plot.set_sort("Days")
    first.arrive(0.0)
    np.testing.assert_allclose(first.pixels("mode"), before, atol=1.0)
    plot.settle()
    order = plot.order()
    moved = replace(caterpillar(), modes=-caterpillar().modes, sd=np.full((5, 2), np.nan), best=caterpillar())
    plot.show_moved(moved)
    assert plot.order() == order
    assert "to" not in plot.tip(0).partition("<br>")[2]


def test_that_ellipses_between_a_line_and_a_circle_are_ellipses():
    line, circle = root_of(np.array([[1.0, 1.0], [1.0, 1.0]])), root_of(np.eye(2))
    half = between(line, circle, 0.5)
    assert np.linalg.eigvalsh(half @ half.T).min() > 0
    np.testing.assert_allclose(line @ line.T, [[1, 1], [1, 1]], atol=1e-12)


def test_that_places_are_matched_by_name():
    places = Places(("a", "b"), {"x": np.array([[0.1, 0.2], [0.3, 0.4]])})
    np.testing.assert_array_equal(places.on(("b", "c")).marks["x"], [[0.3, 0.4], [np.nan, np.nan]])


def test_that_a_tween_ends_with_the_end(qtbot, themes, selection, show):
    plot = _plane(themes, selection, show)
    tween, told = Tween(plot), []
    tween.stepped.connect(told.append)
    tween.start()
    qtbot.waitUntil(lambda: not tween.running, timeout=3000)
    assert told[-1] == 1.0
    assert told == sorted(told)


def test_that_rows_on_one_line_of_pixels_keep_their_extremes():
    line, low, high = band_of_rows(
        np.array([0.2, 0.9, 1.5, np.nan]), np.array([3.0, 1.0, 5.0, 0.0]), np.array([4.0, 9.0, 6.0, 99.0])
    )
    np.testing.assert_array_equal(line, [0.5, 1.5])
    np.testing.assert_array_equal(low, [1.0, 5.0])
    np.testing.assert_array_equal(high, [9.0, 6.0])
