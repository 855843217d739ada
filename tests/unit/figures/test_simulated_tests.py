"""Tests by simulation, in words."""

from __future__ import annotations

import math

import pytest

from mmgui.engine.result import Fit
from mmgui.figures.simulated_tests import SimulatedTestsFigure, simulated_tests
from mmgui.inference.comparison.lrt import compare
from mmgui.spec.model import ModelSpec


def _no_refit(spec: ModelSpec) -> Fit:
    raise AssertionError(spec)


def _judge(fits: list[Fit], **options: object) -> SimulatedTestsFigure:
    return simulated_tests(fits, compare(fits, _no_refit).tests, _no_refit, **options)  # type: ignore[arg-type]


def test_that_a_seed_repeats_the_result(fitted) -> None:
    fits = [fitted("Dyestuff2", "Yield ~ 1"), fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)")]
    one, other = (_judge(fits, responses=50, seed=7) for _ in range(2))
    assert one == other
    assert one.seed == 7
    assert one.words() == (
        "50 responses were simulated from the smaller model of the pair and both models fitted to each. "
        "Seed 7."
    )
    # Dyestuff2's batches vary no more than by chance: the statistic is 0, which every response reaches.
    assert (one.tests[0].p, one.tests[0].exact_p) == (1.0, 1.0)
    assert one.tests[0].error == 0.0
    assert "Exact test of the variance of 1 | Batch" in one.tests[0].text


def test_that_a_stop_leaves_the_pairs_that_were_begun(fitted) -> None:
    fits = [
        fitted("sleepstudy", f"Reaction ~ Days + {r}")
        for r in ("(1 | Subject)", "(Days || Subject)", "(Days | Subject)")
    ]
    told: list[tuple[int, int, str]] = []
    found = _judge(
        fits, responses=20, seed=1, progress=lambda *n: told.append(n), should_stop=lambda: len(told) > 8
    )
    assert not found.complete
    assert (found.pairs, found.wanted) == (3, 20)
    (test,) = found.tests
    assert 0 < test.done < 20
    assert test.p == pytest.approx(1 / (1 + test.done))
    assert found.words() == (
        f"Stopped: the p-values rest on the {test.done} responses simulated so far, of 60. Seed 1."
    )
    assert told[0] == (0, 60, "A – B")
    assert found.of(1, 2) is None


def test_that_a_stop_before_the_first_response_says_so(fitted) -> None:
    fits = [fitted("sleepstudy", f"Reaction ~ Days + {r}") for r in ("(Days || Subject)", "(Days | Subject)")]
    told: list[int] = []
    found = _judge(
        fits, responses=20, seed=3, progress=lambda d, *_: told.append(d), should_stop=lambda: bool(told)
    )
    assert found.words() == "Stopped before the first response was simulated. Seed 3."
    assert math.isnan(found.tests[0].p)
    assert found.tests[0].text == ""
