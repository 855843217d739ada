"""Derived columns of new rows: by the means of the table that the model was fitted to."""

from __future__ import annotations

import numpy as np
import pytest

import mmgui
from mmgui.data.derive import with_derived
from mmgui.data.derive_new import derived_like
from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample
from mmgui.data.table import Table
from mmgui.errors import MmguiError
from mmgui.spec.derived import DerivedColumn, read_derived


def labels(text: str) -> np.ndarray:
    return np.array(list(text), dtype=object)


@pytest.fixture
def fitted() -> Table:
    return from_frame({"x": np.array([1.0, 3.0, 4.0, 8.0]), "g": labels("aabb")}, "fitted")


def made(fitted: Table, definition: str, rows: dict[str, np.ndarray]) -> list[float]:
    one = read_derived("new", definition)
    found = derived_like(from_frame(rows, "rows"), with_derived(fitted, [one]), [one])["new"].values
    assert found is not None
    return [round(float(v), 6) for v in found]


def test_a_grand_mean_and_a_standard_deviation_are_those_fitted(fitted: Table) -> None:
    # 1, 3, 4, 8: mean 4, variance 26 / 3.
    rows = {"x": np.array([4.0, 10.0]), "g": labels("ab")}
    assert made(fitted, "center(x)", rows) == [0.0, 6.0]
    assert made(fitted, "scale(x)", rows) == [0.0, round(6.0 / (26 / 3) ** 0.5, 6)]


def test_means_of_groups_are_those_fitted_and_a_new_group_has_its_own(fitted: Table) -> None:
    rows = {"x": np.array([5.0, 5.0, 1.0, 9.0]), "g": labels("abcc")}
    assert made(fitted, "mean(x, g)", rows) == [2.0, 6.0, 5.0, 5.0]
    assert made(fitted, "center(x, g)", rows) == [3.0, -1.0, -4.0, 4.0]


def test_the_zero_that_was_moved_is_moved_on_new_rows_whatever_they_are(fitted: Table) -> None:
    rows = {"x": np.array([5.0, 100.0]), "g": labels("az")}
    assert made(fitted, "shift(x, 4.5)", rows) == [0.5, 95.5]
    assert made(fitted, "shift(x, -2)", rows) == [7.0, 102.0]


def test_rows_that_have_the_column_already_keep_it(fitted: Table) -> None:
    rows = {"x": np.array([5.0]), "g": labels("a"), "new": np.array([7.0])}
    assert made(fitted, "center(x)", rows) == [7.0]


def test_combined_labels_are_called_as_where_the_model_was_fitted() -> None:
    one = DerivedColumn("unit", read_derived("unit", "combine(a, b)").derivation, "a", ("b",))
    columns = {"a": np.array(["x:y", "x"], dtype=object), "b": np.array(["z", "y:z"], dtype=object)}
    trained = with_derived(from_frame(columns, "fitted"), [one])
    assert trained["unit"].levels == ("x:y:z", "x:y:z (2)") or len(set(trained["unit"].levels)) == 2
    rows = from_frame({name: values[::-1] for name, values in columns.items()}, "rows")
    found = derived_like(rows, trained, [one])["unit"]
    expected = [trained["unit"].levels[k] for k in trained["unit"].codes.tolist()][::-1]
    assert [found.levels[k] for k in found.codes.tolist()] == expected


def test_a_model_with_derived_columns_predicts_the_rows_it_was_fitted_to_as_fitted() -> None:
    model = mmgui.fit(
        "y ~ x_within_g + x_mean_g + (1 | g)",
        load_sample("sim_within_between"),
        derive={"x_within_g": "center(x, g)", "x_mean_g": "mean(x, g)"},
    )
    again = model.predict(load_sample("sim_within_between"))
    assert np.allclose(again.fit, model.predict().fit, rtol=1e-12)


def test_what_the_new_rows_lack_is_named() -> None:
    model = mmgui.fit("Reaction ~ d + (1 | Subject)", "sleepstudy", derive={"d": "center(Days)"})
    with pytest.raises(MmguiError) as caught:
        model.predict({"Subject": np.array(["308"], dtype=object)})
    assert "Days" in caught.value.message
