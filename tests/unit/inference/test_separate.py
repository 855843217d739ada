"""Each group's own regression, and the regression that ignores the groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from mmgui.engine.design import Design
from mmgui.inference.variance.separate import complete_pooling, counterpart, pulled_to, separate_fits

DesignOf = Callable[..., Design]


def test_own_lines_of_subjects_agree_with_lmlist(design: DesignOf) -> None:
    # lme4::lmList(Reaction ~ Days | Subject, sleepstudy), subjects 308, 309 and 335.
    fits = separate_fits(design("sleepstudy", "Reaction ~ Days + (Days | Subject)"), 0)
    assert fits.effects == ("(Intercept)", "Days")
    assert fits.estimates[[0, 1, 8]] == pytest.approx(
        np.array(
            [
                [244.192669090909, 21.764702424242],
                [205.054945454546, 2.261785454545],
                [263.034692727273, -2.881033939394],
            ]
        )
    )
    assert fits.sizes.tolist() == [10] * 18
    assert fits.removed == ()


def test_complete_pooling_ignores_the_subjects(design: DesignOf) -> None:
    # R: lm(Reaction ~ Days, sleepstudy)
    pooled = complete_pooling(design("sleepstudy", "Reaction ~ Days + (Days | Subject)"), 0)
    assert pooled == pytest.approx([251.405104848485, 10.467285959596])


def test_an_effect_without_fixed_counterpart_has_no_pooled_value(design: DesignOf) -> None:
    sleep = design("sleepstudy", "Reaction ~ 1 + (Days | Subject)")
    pooled = complete_pooling(sleep, 0)
    assert pooled[0] == pytest.approx(298.507891666667)
    assert np.isnan(pooled[1])
    assert pulled_to(sleep, 0, np.array([300.0])) == pytest.approx([300.0, 0.0])


def test_own_intercept_is_what_the_other_fixed_effects_leave(design: DesignOf) -> None:
    sleep = design("sleepstudy", "Reaction ~ Days + (1 | Subject)")
    fits = separate_fits(sleep, 0)
    first = sleep.random[0].codes == 0
    own_mean = float(np.mean(sleep.y[first])) - 4.5 * 10.467285959596
    assert fits.estimates[0, 0] == pytest.approx(own_mean)
    assert fits.removed == ("Days",)
    at_zero = separate_fits(sleep, 0, beta=np.array([0.0, 0.0]))
    assert at_zero.estimates[0, 0] == pytest.approx(float(np.mean(sleep.y[first])))


def test_all_effects_gives_every_group_its_own_line_beside_an_intercept_term(design: DesignOf) -> None:
    fits = separate_fits(design("sleepstudy", "Reaction ~ Days + (1 | Subject)"), 0, all_effects=True)
    assert fits.effects == ("(Intercept)", "Days")
    assert fits.estimates[0] == pytest.approx([244.192669090909, 21.764702424242])


def test_effects_constant_within_groups_are_taken_off_and_not_estimated(design: DesignOf) -> None:
    orthodont = design("Orthodont", "distance ~ age*Sex + (age | Subject)")
    for everything in (False, True):
        fits = separate_fits(orthodont, 0, all_effects=everything)
        assert fits.effects == ("(Intercept)", "age")
        assert fits.removed == ("SexMale", "age:SexMale")
    # nlme: what is left are the girls' means, 17.3727 + 0.4795 age, for girls and boys alike.
    assert fits.estimates.mean(axis=0) == pytest.approx([17.372727, 0.479545], rel=1e-6)


def test_cell_means_have_the_treatment_contrasts_as_counterpart(design: DesignOf) -> None:
    machines = design("Machines", "score ~ Machine + (0 + Machine | Worker)")
    assert counterpart(machines, 0).weights == pytest.approx(np.array([[1, 0, 0], [1, 1, 0], [1, 0, 1]]))
    # R: with(Machines, tapply(score, Machine, mean))
    assert complete_pooling(machines, 0) == pytest.approx([52.355556, 60.322222, 66.272222], rel=1e-6)
    worker_one = separate_fits(machines, 0).estimates[0]
    assert worker_one == pytest.approx([52.633333, 62.9, 67.2], rel=1e-6)


def test_groups_that_cannot_give_an_estimate_say_why(design: DesignOf) -> None:
    sleep = design("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    keep = np.concatenate([[0], [10, 10, 10], np.arange(20, 180)])
    term = replace(sleep.random[0], codes=sleep.random[0].codes[keep], columns=sleep.random[0].columns[keep])
    cut = replace(sleep, y=sleep.y[keep], x=sleep.x[keep], random=(term,), rows=keep)
    fits = separate_fits(cut, 0)
    assert np.isnan(fits.estimates[:2]).all()
    assert np.isfinite(fits.estimates[2:]).all()
    assert fits.reasons[0] == "Subject 308 has 1 row, too few for 2 coefficients of its own."
    assert fits.reasons[1] == "Days does not vary within Subject 309, so its effect there cannot be told."
    assert fits.reasons[2] == ""


def test_prior_weights_weight_the_separate_fits(design: DesignOf) -> None:
    sleep = design("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    heavy = np.where(sleep.random[0].columns[:, 1] < 2, 1e8, 1.0)
    first = separate_fits(replace(sleep, weights=heavy), 0).estimates[0]
    start = sleep.y[:2]
    assert first == pytest.approx([start[0], start[1] - start[0]], rel=1e-4)
