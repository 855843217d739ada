"""Every likelihood-ratio test of the reference (teaching.json, sections ``lrt``), with both p-values."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mmgui.engine.result import Fit
from mmgui.inference.comparison.lrt import compare, describe_reference
from mmgui.spec.model import ModelSpec

FitOf = Callable[..., Fit]
RefitOf = Callable[[str], Callable[[ModelSpec], Fit]]

LM = "Reaction ~ Days"
RI = "Reaction ~ Days + (1 | Subject)"
ZCP = "Reaction ~ Days + (Days || Subject)"
RIS = "Reaction ~ Days + (Days | Subject)"
ZCP_CENTRED = "Reaction ~ I(Days - 4.5) + (I(Days - 4.5) || Subject)"
RIS_CENTRED = "Reaction ~ I(Days - 4.5) + (I(Days - 4.5) | Subject)"
YIELD = ("Yield ~ 1", "Yield ~ 1 + (1 | Batch)")
PLATE, SAMPLE = "diameter ~ 1 + (1 | plate)", "diameter ~ 1 + (1 | sample)"
CROSSED = "diameter ~ 1 + (1 | plate) + (1 | sample)"
PASTES = ("strength ~ 1 + (1 | sample)", "strength ~ 1 + (1 | batch) + (1 | sample)")
WORKER, CS = "score ~ Machine + (1 | Worker)", "score ~ Machine + (1 | Worker/Machine)"
FULL, CELL = "score ~ Machine + (Machine | Worker)", "score ~ Machine + (0 + Machine | Worker)"
ONE, TWO = "½ χ²(0) + ½ χ²(1)", "½ χ²(1) + ½ χ²(2)"

# Name in teaching.json, table, small, big, REML, statistic, df, p_naive, p_mixture (None: interior, where
# the plain χ² holds, or not given), reference distribution.
TESTS = [
    ("lm_vs_ri_ML", "sleepstudy", LM, RI, False, 106.214413351138, 1, 6.617359458282e-25, 3.308679729141e-25,
     ONE),
    ("lm_vs_ri_REML", "sleepstudy", LM, RI, True, 107.198578077188, 1, 4.027255453864e-25, None, ONE),
    ("ri_vs_zcp_ML", "sleepstudy", RI, ZCP, False, 42.075387860625, 1, 8.782158506476e-11, 4.391079253238e-11,
     ONE),
    ("ri_vs_zcp_REML", "sleepstudy", RI, ZCP, True, 42.79579181344, 1, 6.076273099428e-11, 3.038136549714e-11,
     ONE),
    ("ri_vs_ris_ML", "sleepstudy", RI, RIS, False, 42.139298516235, 2, 7.072412638399e-10, 3.961195359141e-10,
     TWO),
    ("ri_vs_ris_REML", "sleepstudy", RI, RIS, True, 42.836813434969, 2, 4.990041430607e-10,
     2.792529817115e-10, TWO),
    ("zcp_vs_ris_ML", "sleepstudy", ZCP, RIS, False, 0.06391065560979, 1, 0.8004184641892, None, "χ²(1)"),
    ("zcp_vs_ris_REML", "sleepstudy", ZCP, RIS, True, 0.04102162152913, 1, 0.8394961926583, None, "χ²(1)"),
    ("zcpc_vs_risc_ML", "sleepstudy", ZCP_CENTRED, RIS_CENTRED, False, 10.504132151757, 1, 0.001191078866348,
     None, "χ²(1)"),
    ("lrt_ML", "Dyestuff", *YIELD, False, 5.402826093646, 1, 0.02010417230406, 0.01005208615203, ONE),
    ("lrt_REML", "Dyestuff", *YIELD, True, 6.368955313621, 1, 0.01161339443545, 0.005806697217727, ONE),
    ("lrt_ML", "Dyestuff2", *YIELD, False, 0.0, 1, 1.0, 1.0, ONE),
    ("lrt_REML", "Dyestuff2", *YIELD, True, 0.0, 1, 1.0, 1.0, ONE),
    ("drop_plate", "Penicillin", SAMPLE, CROSSED, False, 105.001727181967, 1, 1.220294228124e-24,
     6.101471140619e-25, ONE),
    ("drop_sample", "Penicillin", PLATE, CROSSED, False, 279.441204469863, 1, 9.939574466624e-63,
     4.969787233312e-63, ONE),
    ("drop_batch_ML", "Pastes", *PASTES, False, 0.4072339418938, 1, 0.5233767964613, 0.2616883982306, ONE),
    ("drop_batch_REML", "Pastes", *PASTES, True, 0.6576559268726, 1, 0.4173887109591, 0.2086943554795, ONE),
    ("ri_vs_cs_REML", "Machines", WORKER, CS, True, 71.190633969498, 1, 3.243240442733e-17,
     1.621620221367e-17, ONE),
    ("cs_vs_full_REML", "Machines", CS, FULL, True, 7.37634968059, 4, 0.1172869839285, None, "χ²(4)"),
    # Three variances and their covariances begin at 0: the weights depend on the design, the reference
    # gives none; the mixture used bounds the p-value from above.
    ("ri_vs_full_REML", "Machines", WORKER, FULL, True, 78.566983650088, 5, 1.67320935847e-15, None,
     "½ χ²(4) + ½ χ²(5)"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "dataset", "small", "big", "reml", "statistic", "df", "p_naive", "p_mixture", "reference"),
    TESTS,
    ids=[f"{t[1]}-{t[0]}" for t in TESTS],
)
def test_statistic_and_both_p_values_are_those_of_the_reference(
    fitted: FitOf,
    refit: RefitOf,
    name: str,
    dataset: str,
    small: str,
    big: str,
    reml: bool,
    statistic: float,
    df: int,
    p_naive: float,
    p_mixture: float | None,
    reference: str,
) -> None:
    del name
    (found,) = compare([fitted(dataset, f, reml) for f in (small, big)], refit(dataset)).tests
    assert (found.small, found.big, found.df, found.refitted) == (0, 1, df, False)
    assert found.statistic == pytest.approx(statistic, abs=2e-5)
    assert found.p_naive == pytest.approx(p_naive, rel=1e-4)
    assert describe_reference(found) == reference
    if p_mixture is not None:
        assert found.p == pytest.approx(p_mixture, rel=1e-4)
    elif found.reference == "chi2":
        assert found.p == found.p_naive
    else:
        assert found.p < p_naive


def test_the_pairs_of_the_reference_that_are_no_tests_are_refused(fitted: FitOf, refit: RefitOf) -> None:
    # Pastes.lrt.nonnested_batch_vs_sample: lme4 prints 54.197 on 0 df.
    formulas = ("strength ~ 1 + (1 | batch)", "strength ~ 1 + (1 | sample)")
    found = compare([fitted("Pastes", f, False) for f in formulas], refit("Pastes"))
    assert ([r.code for r in found.refused], found.tests) == (["C4"], ())
    # Machines.lrt.full_vs_cell: -1.1e-9, one model written twice.
    found = compare([fitted("Machines", f) for f in (FULL, CELL)], refit("Machines"))
    assert ([r.code for r in found.refused], found.tests) == (["C5"], ())
    assert fitted("Machines", FULL).objective == pytest.approx(fitted("Machines", CELL).objective, abs=1e-6)
