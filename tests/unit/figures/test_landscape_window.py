"""Which part of its axes a landscape is worked out for."""

from __future__ import annotations

import math

import pytest

from mmgui.figures.landscape_window import window_in_sight

HOME = ((0.0, 40.0), (-1.0, 1.0))
BOUNDS = ((0.0, math.inf), (-1.0, 1.0))


def test_that_within_the_whole_landscape_there_is_no_window():
    assert window_in_sight(HOME, ((10.0, 20.0), (-1.0, 0.5)), BOUNDS, ()) == ()
    assert window_in_sight(HOME, HOME, BOUNDS, ((30.0, 90.0), (0.0, 1.0))) == ()


def test_that_beyond_it_there_is_one_somewhat_wider_than_the_view_and_within_what_can_be():
    window = window_in_sight(HOME, ((20.0, 60.0), (-0.4, 1.4)), BOUNDS, ())
    # A quarter of 40 on both sides; of a correlation from -0.4 to 1 a quarter of 1.4, and no more than 1.
    assert window == (pytest.approx((10.0, 70.0)), pytest.approx((-0.75, 1.0)))
    assert window_in_sight(HOME, ((-30.0, 10.0), (-1.0, 1.0)), BOUNDS, ())[0] == pytest.approx((0.0, 12.5))


def test_that_a_window_stays_while_it_covers_the_view_finely_enough():
    window = window_in_sight(HOME, ((20.0, 60.0), (-1.0, 1.0)), BOUNDS, ())
    assert window_in_sight(HOME, ((25.0, 65.0), (-1.0, 1.0)), BOUNDS, window) == window
    further = window_in_sight(HOME, ((45.0, 85.0), (-1.0, 1.0)), BOUNDS, window)
    assert further[0] == pytest.approx((35.0, 95.0))
    close = window_in_sight(HOME, ((60.0, 65.0), (-1.0, 1.0)), BOUNDS, window)
    assert close[0] == pytest.approx((58.75, 66.25))


def test_that_a_view_beyond_what_can_be_asks_for_nothing_new():
    now = ((10.0, 70.0), (-1.0, 1.0))
    assert window_in_sight(HOME, ((-40.0, -10.0), (-1.0, 1.0)), BOUNDS, now) == now
    assert window_in_sight(HOME, ((-40.0, -10.0), (-1.0, 1.0)), BOUNDS, ()) == ()
