"""Adjusted p-values and the studentized range against R 4.2.2."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmgui.inference.fixed_effects.multiplicity import adjusted_p, critical_value, tukey_p


@pytest.mark.parametrize(
    ("t", "means", "df", "p"),
    [
        # ptukey(t * sqrt(2), means, df, lower.tail = FALSE)
        (2.5, 5, 20.3, 0.1298240653),
        (3.1, 5, 1e7, 0.0165799858),
        (8.0, 3, 10.0, 3.183541252e-05),
        (0.0, 4, 5.0, 1.0),
        (40.0, 4, 30.0, 0.0),
    ],
)
def test_the_studentized_range_is_rs(t: float, means: int, df: float, p: float) -> None:
    assert tukey_p(t, means, df) == pytest.approx(p, rel=3e-6, abs=1e-12)


def test_two_means_need_no_adjustment() -> None:
    one = np.array([0.03])
    assert adjusted_p(np.array([2.3]), np.array([17.0]), one, "tukey", 2) == pytest.approx([0.03])
    assert tukey_p(2.109815578, 2, 17.0) == pytest.approx(0.05, rel=1e-7)


def test_the_critical_value_is_rs() -> None:
    # qtukey(.95, 5, 20.3) / sqrt(2); qt(1 - .05 / 6, 9.5); qt(.975, 9.5)
    assert critical_value(20.3, 0.95, "tukey", 5, 10) == pytest.approx(2.988227236, rel=1e-7)
    assert critical_value(9.5, 0.95, "bonferroni", 3, 3) == pytest.approx(2.899741844, rel=1e-7)
    assert critical_value(9.5, 0.95, "none", 3, 3) == pytest.approx(2.244137461, rel=1e-7)


def test_holm_steps_down_and_leaves_out_what_is_not_known() -> None:
    # p.adjust(c(.01, .04, .03, .2, NA), "holm")
    p = np.array([0.01, 0.04, 0.03, 0.2, np.nan])
    found = adjusted_p(np.zeros(5), np.ones(5), p, "holm", 4)
    assert found[:4] == pytest.approx([0.04, 0.09, 0.09, 0.2])
    assert np.isnan(found[4])


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12))
def test_adjusting_never_makes_a_p_value_smaller_nor_changes_their_order(values: list[float]) -> None:
    p = np.array(values)
    for adjust in ("holm", "bonferroni"):
        found = adjusted_p(np.zeros(len(p)), np.ones(len(p)), p, adjust, 3)
        assert (found >= p).all()
        assert (found <= 1.0).all()
        assert (np.diff(found[np.argsort(p, kind="stable")]) >= 0.0).all()
