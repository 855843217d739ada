"""Which names stand at an axis that has no room for all."""

from __future__ import annotations

from itertools import pairwise

from mmgui.plots.axis import _picked_names


def test_that_the_first_and_last_of_thinned_names_stand_at_an_axis():
    assert _picked_names(24, 3, 0, 23) == [0, 3, 7, 10, 13, 16, 20, 23]
    assert _picked_names(5, 1, 0, 4) == [0, 1, 2, 3, 4]
    assert _picked_names(1, 1, 0, 0) == [0]
    assert _picked_names(0, 1, 0, -1) == []
    for count in range(2, 120):
        for every in range(1, count):
            picked = _picked_names(count, every, 0, count - 1)
            assert (picked[0], picked[-1]) == (0, count - 1)
            assert min(b - a for a, b in pairwise(picked)) >= every


def test_that_a_part_of_an_axis_has_the_names_that_it_has_of_the_whole():
    for every in (1, 2, 3, 7):
        whole = _picked_names(47, every, 0, 46)
        for first in range(47):
            for last in range(first, 47):
                assert _picked_names(47, every, first, last) == [k for k in whole if first <= k <= last]
    # Beyond what there is, as after panning past the ends.
    assert _picked_names(47, 3, 0, -2) == []
