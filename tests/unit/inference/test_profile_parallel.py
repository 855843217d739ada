"""Profiles shared between processes are those of one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.profile.curves import parameters_of, profile
from mmgui.inference.profile.parallel import profile_all

FitOf = Callable[..., Fit]

RIS = "Reaction ~ Days + (Days | Subject)"


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("reml", [True, False])
def test_the_curves_are_those_of_profile(fitted: FitOf, workers: int, reml: bool) -> None:
    result = fitted("sleepstudy", RIS, reml)
    told: list[tuple[int, int]] = []
    found = profile_all(result, workers=workers, on_progress=lambda done, total: told.append((done, total)))
    expected = profile(result)
    assert [c.parameter for c in found] == [c.parameter for c in expected]
    assert np.array([c.interval() for c in found]) == pytest.approx(
        np.array([c.interval() for c in expected]), rel=1e-5
    )
    # lme4: confint(profile(fit)) of the slope's SD.
    assert found[2].interval() == pytest.approx((3.801164762383, 8.753386766561), rel=1e-5)
    assert told[-1] == (6, 6)


def test_only_what_is_asked_for_is_profiled(fitted: FitOf) -> None:
    result = fitted("sleepstudy", RIS)
    wanted = (parameters_of(result.design)[3], parameters_of(result.design)[0])
    found = profile_all(result, wanted, workers=1)
    assert [c.parameter.name for c in found] == ["sigma", "sd_(Intercept)|Subject"]


def test_a_stop_keeps_the_curves_that_are_complete(fitted: FitOf) -> None:
    result = fitted("sleepstudy", RIS, False)
    asked = 0

    def after_a_while() -> bool:
        nonlocal asked
        asked += 1
        return asked > 400

    found = profile_all(result, workers=1, should_stop=after_a_while)
    assert 0 < len(found) < 6
    assert [c.parameter for c in found] == list(parameters_of(result.design)[: len(found)])
    assert profile_all(fitted("sleepstudy", RIS), should_stop=lambda: True) == ()


def test_a_better_fit_met_on_the_way_is_told_from_a_process_too(fitted: FitOf) -> None:
    from dataclasses import replace

    result = fitted("sleepstudy", RIS, False)
    short = replace(result, theta=np.array([0.5, 0.0, 0.1]))
    for workers in (1, 2):
        with pytest.raises(FitError) as told:
            profile_all(short, workers=workers)
        assert told.value.code == "profile_found_better"
