"""``import mmgui``: fit, compare, print."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mmgui
from mmgui.cli import main
from mmgui.errors import DataError, ModelError

TABLE = Path(__file__).resolve().parents[1] / "data" / "lme4" / "sleepstudy.csv"
RIS = "Reaction ~ Days + (Days | Subject)"
RI = "Reaction ~ Days + (1 | Subject)"


def test_importing_is_quick_because_it_loads_nothing_large() -> None:
    code = (
        "import sys, mmgui\n"
        "large = ('PySide6', 'pyqtgraph', 'pandas', 'statsmodels', 'scipy', 'numpy', 'matplotlib')\n"
        "print([m for m in large if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_data_frame_a_dict_a_path_and_a_sample_give_one_fit() -> None:
    frame = pd.read_csv(TABLE)
    columns = {name: frame[name].to_numpy() for name in frame.columns}
    fits = [mmgui.fit(RIS, data) for data in (frame, columns, TABLE, str(TABLE), "sleepstudy")]
    assert [f.objective for f in fits] == pytest.approx([1743.62827195995] * 5, abs=1e-5)
    assert mmgui.fit(RIS, fits[0].table).objective == fits[0].objective


def test_maximum_likelihood_is_chosen_by_reml_false() -> None:
    assert mmgui.fit(RIS, TABLE, reml=False).objective == pytest.approx(1751.93934448899, abs=1e-5)
    assert mmgui.fit(RIS, TABLE).refit(reml=False).objective == pytest.approx(1751.93934448899, abs=1e-5)


def test_results_are_frozen_arrays() -> None:
    model = mmgui.fit(RIS, TABLE)
    assert model.beta == pytest.approx([251.4051, 10.46729], rel=1e-5)
    assert model.terms[0].modes.shape == (18, 2)
    with pytest.raises(FrozenInstanceError):
        model.sigma = 1.0  # type: ignore[misc]
    held = (model.beta, model.terms[0].modes, model.log.theta, model.design.y, model.design.random[0].columns)
    for array in held:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0


def test_to_dict_is_the_object_of_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", str(TABLE), RIS, "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    ours = json.loads(json.dumps(mmgui.fit(RIS, TABLE).to_dict()))
    assert printed.pop("seconds") > 0
    assert ours.pop("seconds") > 0
    assert ours == printed


def test_print_reads_like_lme4s_summary() -> None:
    text = str(mmgui.fit(RIS, TABLE))
    assert text.startswith("Linear mixed model fit by REML\nFormula: Reaction ~ Days + (Days | Subject)\n")
    assert " Residual                 654.94    25.592" in text.splitlines()
    assert repr(mmgui.fit(RIS, TABLE)) == f"<FittedModel '{RIS}' by REML, 180 rows>"


def test_printed_numbers_have_the_digits_that_lme4_prints() -> None:
    # lme4 1.1-31: summary(lmer(y ~ Days + (Days | Subject), transform(sleepstudy, y = Reaction / 1e4)))
    frame = pd.read_csv(TABLE)
    text = str(mmgui.fit("y ~ Days + (Days | Subject)", frame.assign(y=frame.Reaction / 1e4)))
    printed = [" ".join(line.split()) for line in text.splitlines()]
    assert "Days 3.507e-07 0.0005922 0.07" in printed
    assert "Residual 6.549e-06 0.0025592" in printed
    assert printed[-1] == "Days -0.138"


def test_a_singular_fit_says_so_when_printed() -> None:
    text = str(mmgui.fit("Yield ~ 1 + (1 | Batch)", TABLE.with_name("Dyestuff2.csv")))
    assert "Singular fit. Intercept has no variance between the groups of Batch." in text


def test_a_model_without_fixed_effects_can_be_printed() -> None:
    assert "\nNo fixed effects." in str(mmgui.fit("Reaction ~ 0 + (1 | Subject)", TABLE))


def test_weights_are_a_column_or_an_array() -> None:
    frame = pd.read_csv(TABLE)
    weights = 1.0 + np.arange(180) % 3
    by_array = mmgui.fit(RIS, frame, weights=weights)
    by_name = mmgui.fit(RIS, frame.assign(w=weights), weights="w")
    assert by_array.objective == pytest.approx(by_name.objective)
    assert by_array.objective != pytest.approx(mmgui.fit(RIS, frame).objective, abs=1.0)
    with pytest.raises(DataError, match="3 weights for 180 rows"):
        mmgui.fit(RIS, frame, weights=[1.0, 2.0, 3.0])
    with pytest.raises(DataError, match="no numbers"):
        mmgui.fit(RIS, frame, weights=["heavy"] * 180)


def test_compare_tests_nested_models() -> None:
    found = mmgui.compare(mmgui.fit(RI, TABLE), mmgui.fit(RIS, TABLE))
    assert found.tests[0].statistic == pytest.approx(42.836813434969, abs=2e-5)
    assert "½ χ²(1) + ½ χ²(2)" in str(found)
    assert [t["p"] for t in found.to_dict()["tests"]] == pytest.approx([2.792529817115e-10], rel=1e-4)
    # lme4: lm against lmer, REML, statistic 107.1986 (half a χ² with 1 df).
    alone = mmgui.compare(mmgui.fit("Reaction ~ Days", TABLE), mmgui.fit(RI, TABLE)).tests[0]
    assert alone.statistic == pytest.approx(107.198578077188, abs=2e-5)
    assert alone.weights == {0: 0.5, 1: 0.5}


def test_one_model_cannot_be_compared() -> None:
    with pytest.raises(ModelError, match=r"A str cannot be compared; give results of mmgui.fit"):
        mmgui.compare("y ~ x", "y ~ 1")  # type: ignore[arg-type]
    with pytest.raises(ModelError, match="at least two"):
        mmgui.compare(mmgui.fit(RI, TABLE))


def test_errors_are_the_sentences_of_the_command_line() -> None:
    with pytest.raises(ModelError, match="did you mean Days"):
        mmgui.fit("Reaction ~ days + (1 | Subject)", TABLE)


def test_a_response_of_whole_numbers_that_all_differ_is_no_id() -> None:
    rows = {"y": list(range(1, 13)), "x": [1, 5, 2, 4, 3, 6] * 2, "g": ["a", "b", "c", "d"] * 3}
    model = mmgui.fit("y ~ x + (1 | g)", rows)
    assert model.fitted.mean() == pytest.approx(6.5)


PETROL = TABLE.parents[1] / "petrol.csv"
DOSES = {
    "len": [4.2, 11.5, 16.5, 17.3, 23.6, 32.5, 15.2, 21.5, 19.7, 25.2, 25.5, 26.4],
    "dose": [0.5, 0.5, 1, 1, 2, 2] * 2,
    "supp": ["VC"] * 6 + ["OJ"] * 6,
}
YIELD = "Y ~ SG + VP + V10 + EP + (1 | No)"


def test_a_column_can_be_a_number_although_it_looks_like_codes() -> None:
    """MASS::petrol (Prater 1954): V10, temperatures from 190, is taken for codes; lme4 1.1-31 fits it so."""
    m = mmgui.fit(YIELD, PETROL, types={"V10": "number"})
    assert m.objective == pytest.approx(152.3819537, abs=1e-5)
    assert m.beta == pytest.approx([-6.13479, 0.219398, 0.545863, -0.154243, 0.157177], abs=2e-5)
    assert "V10236" in mmgui.fit(YIELD, pd.read_csv(PETROL)).design.fixed_names


def test_a_number_can_be_a_category() -> None:
    m = mmgui.fit("len ~ dose + (1 | supp)", DOSES, types={"dose": "category"})
    assert m.design.fixed_names == ("(Intercept)", "dose1", "dose2")


@pytest.mark.parametrize(
    ("types", "sentence"),
    [
        ({"V11": "number"}, "petrol has no column V11; did you mean V10"),
        ({"V10": "factor"}, "“V10” cannot be a “factor”; choose number, category or id."),
        ({"No": "number"}, "“No” cannot be a number: 32 of 32 entries are not numbers"),
    ],
)
def test_a_type_that_cannot_be_is_refused(types: dict[str, str], sentence: str) -> None:
    with pytest.raises((DataError, ModelError), match=sentence):
        mmgui.fit(YIELD, PETROL, types=types)


def test_the_command_line_takes_types_of_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", str(PETROL), YIELD, "--column-type", "V10=number", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["objective"] == pytest.approx(152.3819537, abs=1e-5)
    assert main(["describe", str(PETROL), "--column-type", "V10=number"]) == 0
    assert "V10       number" in capsys.readouterr().out
    assert main(["fit", str(PETROL), YIELD, "--column-type", "V10"]) == 2
    assert "'V10' must be written like NAME=VALUE" in capsys.readouterr().err


def test_the_exact_test_of_one_variance_is_a_method() -> None:
    small, big = mmgui.fit("Yield ~ 1", "Dyestuff"), mmgui.fit("Yield ~ 1 + (1 | Batch)", "Dyestuff")
    found = big.exact_test(small, 20_000, seed=1)
    # RLRsim 3.1-8: exactRLRT: statistic 6.368955, p 0.00463 from 100,000 simulations.
    assert found.statistic == pytest.approx(6.368955, abs=1e-5)
    assert found.p == pytest.approx(0.00463, abs=0.0015)


def test_the_covariance_of_a_group_and_estimates_without_a_row_are_methods() -> None:
    model = mmgui.fit(RIS, TABLE)
    # lme4's VarCorr: 612.1 + 654.9 at day 0, 612.1 + 9.604 between days 0 and 1.
    covariance = model.group_covariance("Subject", "308").covariance
    assert covariance[0, :2] == pytest.approx([1267.04, 621.70], rel=1e-4)
    without = model.without_rows([56])
    # lme4 (bobyqa, rhoend 1e-9): fixef of the fit without row 57.
    assert without.without.beta[0] == pytest.approx([251.25243460, 10.31461571], rel=1e-7)
