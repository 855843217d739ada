"""Tests by simulation of the models compared, in the background, with a stop that keeps what is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mmgui.app.analysis_parts import Comparison, comparison_refit

if TYPE_CHECKING:
    from mmgui.app.lane import Reins
    from mmgui.figures.simulated_tests import SimulatedTestsFigure


def build_simulation(wish: Comparison, reins: Reins) -> SimulatedTestsFigure:
    """Every nested pair of the comparison, judged by simulation."""
    from mmgui.figures.simulated_tests import simulated_tests
    from mmgui.inference.comparison.lrt import compare

    refit = comparison_refit(wish)
    fits = [f for _, f in wish.fits]
    return simulated_tests(
        fits, compare(fits, refit).tests, refit, progress=reins.advance, should_stop=reins.should_stop
    )
