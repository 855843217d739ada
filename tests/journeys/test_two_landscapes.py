"""Landscapes in two windows at once, and how long a hand rests before one is drawn anew."""

from __future__ import annotations

from mmgui.ui.landscape_page import REST_MS, LandscapePage
from tests.journeys.journey import Journey
from tests.leaks import settle

SD, SLOPE = "Subject: SD of Intercept", "Subject: SD of Days"
CORRELATION = "Subject: correlation of Intercept and Days"


def test_that_landscapes_of_two_windows_are_both_drawn_where_the_hand_left_the_model(
    journey: Journey,
) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    one = journey.show_page("landscapePage")
    assert isinstance(one, LandscapePage)
    journey.action("pageWindowAction").trigger()
    journey.wait()
    window = journey.window.results.windows.open_windows[-1]
    other = window.page
    assert isinstance(other, LandscapePage)
    other._on_axes(SD, "")
    journey.wait()
    journey.window.workspace.play.move({CORRELATION: -0.6, SLOPE: 3.0})
    settle()
    journey.qtbot.waitUntil(lambda: not (one.plot._panel._faded or other.plot._panel._faded), timeout=30_000)
    figures = one.plot._figure, other.plot._figure
    assert figures[0] is not None
    assert figures[1] is not None
    assert [f.names for f in figures if f is not None] == [(SD, SLOPE), (SD,)]
    assert [f.base[CORRELATION] for f in figures if f is not None] == [-0.6, -0.6]
    window.close()
    settle()


def test_that_a_hand_that_let_go_once_rests_as_long_the_next_time(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    page = journey.show_page("landscapePage")
    assert isinstance(page, LandscapePage)
    journey.window.workspace.play.move({CORRELATION: -0.6})
    settle()
    page.plot.dropped.emit()
    journey.wait()
    assert not page.plot._panel._faded
    assert page._rest.interval() == REST_MS
