"""What the log of a fit tells of every evaluation."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.data.samples import load_sample
from mmgui.engine.events import Evaluated, FitEvent
from mmgui.engine.fit import FitJob, fit
from mmgui.spec.formula import parse


def test_that_every_evaluation_has_the_residual_sd_that_is_best_there() -> None:
    events: list[FitEvent] = []
    job = FitJob(
        parse("Reaction ~ Days + (Days | Subject)"), load_sample("sleepstudy"), np.array([1.0, 0.0, 1.0])
    )
    found = fit(job, events.append)
    told = [e for e in events if isinstance(e, Evaluated)]
    assert found.log.sigma.tolist() == [e.sigma for e in told]
    assert found.log.sigma[-1] == pytest.approx(found.sigma, rel=1e-9)
    # lme4: sigma 25.5918; at theta (1, 0, 1) it is smaller, since the modes take up more.
    assert found.log.sigma[0] == pytest.approx(23.9, abs=0.5)
    assert set(found.log.start.tolist()) == {0}


def test_that_the_log_tells_where_a_search_began_again() -> None:
    # Singular, so that other sizes of the variance are looked at after the first descent.
    found = fit(FitJob(parse("Yield ~ 1 + (1 | Batch)"), load_sample("Dyestuff2")))
    assert found.log.start[0] == 0
    assert found.log.start[-1] == 1
    assert np.all(np.diff(found.log.start) >= 0)
    # The second descent is a ladder of relative SDs from 0.01 to 100.
    assert abs(found.log.theta[np.searchsorted(found.log.start, 1), 0]) == pytest.approx(0.01)
