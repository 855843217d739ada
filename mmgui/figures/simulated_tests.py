"""Likelihood-ratio tests judged by simulation, beside what the χ² distributions say."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.comparison.exact_rlrt import ExactTest, exact_lrt
from mmgui.inference.comparison.lrt import NestedTest, tested_fits
from mmgui.inference.refits.seeds import drawn_seed
from mmgui.inference.simulation.bootstrap import BootstrapTest, bootstrap_test
from mmgui.numbers import count, number, p_value
from mmgui.spec.model import ModelSpec

Progress = Callable[[int, int, str], None]
ShouldStop = Callable[[], bool]

RESPONSES = 1000
"""Responses simulated for each pair."""

EXACT = 10_000
"""Statistics simulated for the exact distribution, which take no fit."""

# What the exact test refuses because it is no question for it; other refusals are worth a sentence.
_OTHER_QUESTION = ("not_one_variance", "not_exact", "no_variance", "stopped")
LETTERS = "ABCD"


@dataclass(frozen=True, slots=True)
class SimulatedTest:
    """A nested pair judged by simulation.

    Attributes
    ----------
    small, big
        Positions of the two models.
    p
        By parametric bootstrap; NaN where nothing was simulated.
    error
        Standard error of ``p``, which more responses would make smaller.
    done, failed
        Simulated responses that count, and those to which a model could not be fitted.
    exact_p
        From the exact distribution; NaN where there is none for this pair.
    text
        All of it in sentences.
    """

    small: int
    big: int
    p: float
    error: float
    done: int
    failed: int
    exact_p: float
    text: str


@dataclass(frozen=True, slots=True)
class SimulatedTestsFigure:
    """The pairs that were judged, after a stop those begun; ``wanted`` responses for each of ``pairs``."""

    tests: tuple[SimulatedTest, ...]
    pairs: int
    wanted: int
    seed: int

    @property
    def complete(self) -> bool:
        """Whether everything asked for was done."""
        return len(self.tests) == self.pairs and all(t.done + t.failed == self.wanted for t in self.tests)

    def of(self, small: int, big: int) -> SimulatedTest | None:
        """The test of a pair."""
        return next((t for t in self.tests if (t.small, t.big) == (small, big)), None)

    def words(self) -> str:
        """What was done, and how it can be repeated."""
        seed = f"Seed {self.seed}."
        if not any(t.done for t in self.tests):
            return f"Stopped before the first response was simulated. {seed}"
        if not self.complete:
            done = sum(t.done for t in self.tests)
            return (
                f"Stopped: the p-values rest on the {count(done, 'response')} simulated so far, of "
                f"{self.pairs * self.wanted:,}. {seed}"
            )
        pairs = "each pair" if self.pairs > 1 else "the pair"
        failed = sum(t.failed for t in self.tests)
        left_out = f" {failed} of them could not be fitted and are left out." if failed else ""
        return (
            f"{count(self.wanted, 'response')} were simulated from the smaller model of {pairs} and both "
            f"models fitted to each.{left_out} {seed}"
        )


def simulated_tests(
    fits: Sequence[Fit],
    tests: Sequence[NestedTest],
    refit: Callable[[ModelSpec], Fit],
    *,
    responses: int | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    should_stop: ShouldStop | None = None,
) -> SimulatedTestsFigure:
    """Judge every nested pair by simulation; after a stop, what was done of it.

    Parameters
    ----------
    fits, tests
        The models, and the tests between them of ``inference.lrt.compare``.
    refit
        Fits a specification by ML, for pairs that were refitted.
    responses, seed
        How many are simulated for each pair, ``RESPONSES`` unless told, and what repeats them; a seed is
        drawn where there is none.
    progress
        Told the responses done, of how many, and the pair under way.
    should_stop
        Polled.
    """
    seed = drawn_seed(seed)
    responses = RESPONSES if responses is None else responses
    found: list[SimulatedTest] = []
    for k, test in enumerate(tests):
        if should_stop is not None and should_stop():
            break
        pair = f"{LETTERS[test.small]} – {LETTERS[test.big]}"

        def tell(done: int, of: int, begun: int = k * responses, pair: str = pair) -> None:
            if progress is not None:
                progress(begun + min(done, of), len(tests) * responses, pair)

        tell(0, responses)
        small, big = tested_fits(fits, test, refit)
        exact = _exact(small, big, seed, should_stop)
        try:
            simulated = bootstrap_test(small, big, responses, seed, tell, should_stop)
        except FitError as error:
            found.append(_without_simulation(test, exact, error))
            continue
        found.append(_judged(test, simulated, exact))
    return SimulatedTestsFigure(tuple(found), len(tests), responses, seed)


def _exact(small: Fit, big: Fit, seed: int, should_stop: ShouldStop | None) -> ExactTest | str:
    """The exact test, or why there is none; empty where it is not meant for such a pair."""
    try:
        return exact_lrt(small, big, EXACT, seed, should_stop=should_stop)
    except FitError as error:
        return "" if error.code in _OTHER_QUESTION else f"There is no exact test: {error.message}"


def _judged(test: NestedTest, simulated: BootstrapTest, exact: ExactTest | str) -> SimulatedTest:
    done = len(simulated.replicates)
    error = math.sqrt(simulated.p * (1.0 - simulated.p) / (1 + done))
    larger = round(simulated.p * (1 + done)) - 1
    text = (
        f"By simulation: of {count(done, 'response')} drawn from the smaller model, {larger} had a statistic "
        f"at least as large: {p_value(simulated.p)} (± {number(error, 1)}); no smaller p than "
        f"{number(1 / (1 + done), 2)} is possible."
    )
    return _with_exact(test, simulated.p, error, done, simulated.failed, text, exact)


def _without_simulation(test: NestedTest, exact: ExactTest | str, error: FitError) -> SimulatedTest:
    nan = float("nan")
    return _with_exact(test, nan, nan, 0, 0, "" if error.code == "stopped" else error.message, exact)


def _with_exact(
    test: NestedTest, p: float, error: float, done: int, failed: int, text: str, exact: ExactTest | str
) -> SimulatedTest:
    if isinstance(exact, str):
        return SimulatedTest(
            test.small, test.big, p, error, done, failed, float("nan"), f"{text} {exact}".strip()
        )
    said = (
        f"Exact test of the variance of {exact.tested}, from {len(exact.replicates):,} statistics drawn from "
        f"its own distribution on these rows: {p_value(exact.p)}. {exact.note}"
    )
    return SimulatedTest(test.small, test.big, p, error, done, failed, exact.p, f"{text} {said}".strip())
