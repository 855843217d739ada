"""The numbers of Σ: one format within one matrix."""

from __future__ import annotations

from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.figures.covariance import covariance_figures
from mmgui.plots.covariance_cells import cell_forms, cell_places
from mmgui.spec.formula import parse


def forms(sample: str, formula: str, mode: str) -> list[list[str]]:
    figure = covariance_figures(fit(FitJob(parse(formula), load_sample(sample))))[0]
    lower = [(i, j) for i in range(len(figure.effects)) for j in range(i + 1)]
    return [list(f.values()) for f in cell_forms(figure, mode, lower, cell_places(figure, mode))]


def test_that_all_numbers_of_a_matrix_have_the_same_decimals():
    # lme4: VarCorr of sleepstudy: 612.10, 9.60, 35.07; relative to σ 0.9667, 0.0152, 0.2309.
    slopes = "Reaction ~ Days + (Days | Subject)"
    assert forms("sleepstudy", slopes, "covariance")[0] == ["612.1", "9.6", "35.1"]
    assert forms("sleepstudy", slopes, "factor")[0] == ["0.967", "0.015", "0.231"]
    assert forms("sleepstudy", slopes, "correlation")[0] == ["1.00", "0.07", "1.00"]


def test_that_in_narrow_cells_all_become_shorter_together():
    found = forms("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)", "covariance")
    assert [f[3] for f in found] == ["−0.040", "−.040", "−.04"]
    assert [f[0] for f in found] == ["0.929", ".929", ".93"]


def test_that_one_decimal_is_the_least_and_makes_no_zero_of_a_number():
    # lme4: getME(fit, "theta") by column: 4.2423, 2.9583, −1.4006, 5.3489, 2.0754, 2.9079
    found = forms("Machines", "score ~ Machine + (Machine | Worker)", "factor")
    assert found[-1] == ["4.2", "3.0", "5.3", "−1.4", "2.1", "2.9"]
    slopes = forms("sleepstudy", "Reaction ~ Days + (Days | Subject)", "factor")
    assert slopes[-1] == [".97", ".02", ".23"]
