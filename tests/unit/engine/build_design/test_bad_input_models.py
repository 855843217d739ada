"""Tables and models that cannot be fitted, from the table to the sentence: one typed error, or a fit."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mmgui.data.frame import from_frame
from mmgui.engine.build import build_design
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.errors import FitError, MmguiError, ModelError
from mmgui.figures.statements import messages
from mmgui.inference.identifiability.certificate import identifiability
from mmgui.inference.variance.singularity import is_perfect
from mmgui.spec.expression import quote
from mmgui.spec.formula import parse

N = 60
RNG = np.random.default_rng(0)
GROUPS = np.repeat(list("abcdef"), 10)
COLUMNS: dict[str, Any] = {
    "y": RNG.normal(size=N) + np.repeat(RNG.normal(size=6), 10),
    "x": RNG.normal(size=N),
    "g": GROUPS,
    "h": np.tile(list("uvwxyz"), 10),
}
LEVEL = np.repeat(RNG.normal(size=6), 10)
SLOPE = np.repeat(RNG.normal(size=6), 10)
X = COLUMNS["x"]


def at(row: int, value: float, column: str = "x") -> Any:
    values = COLUMNS[column].copy()
    values[row] = value
    return values


def fit_with(formula: str, weights: str | None = None, **columns: Any) -> Fit:
    """A fit in which any warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        table = from_frame(pd.DataFrame(COLUMNS | columns), "t")
        return fit(FitJob(replace(parse(formula), weights=weights), table))


def refused(formula: str, weights: str | None = None, **columns: Any) -> MmguiError:
    with pytest.raises(MmguiError) as caught:
        fit_with(formula, weights, **columns)
    return caught.value


SIMPLE = "y ~ x + (1 | g)"


@pytest.mark.parametrize(
    ("formula", "columns", "code"),
    [
        (SIMPLE, {"y": at(3, np.inf, "y")}, "infinite_values"),
        (SIMPLE, {"x": at(3, -np.inf)}, "infinite_values"),
        (SIMPLE, {"x": [10**400] * N}, "infinite_values"),
        (SIMPLE, {"x": 1e200 * X}, "too_large_numbers"),
        (SIMPLE, {"y": 1e200 * X}, "too_large_numbers"),
        (SIMPLE, {"y": 1e-200 * X}, "too_small_numbers"),
        (SIMPLE, {"y": 1.0}, "response_is_constant"),
        (SIMPLE, {"y": 0.0}, "response_is_constant"),
        (SIMPLE, {"x": np.nan}, "no_complete_rows"),
        (SIMPLE, {"y": np.nan}, "no_complete_rows"),
        (SIMPLE, {"g": None}, "no_complete_rows"),
        (SIMPLE, {"y": GROUPS}, "response_not_a_number"),
        (SIMPLE, {"y": X > 0}, "response_not_a_number"),
        (SIMPLE, {"y": X + 0j}, "response_not_a_number"),
        (SIMPLE, {"g": "only"}, "one_group"),
        (SIMPLE, {"x": "only"}, "one_level"),
        (SIMPLE, {"g": np.arange(N).astype(str)}, "group_per_row"),
        ("y ~ x + (1 | g:h)", {"h": np.tile(list("uvwxyzabcd"), 6)}, "group_per_row"),
        ("y ~ x + (h | g)", {"h": np.tile(list("uvwxyzabcd"), 6)}, "more_effects_than_rows"),
        (SIMPLE, {"x": np.arange(N).astype(str)}, "more_coefficients_than_rows"),
        (SIMPLE, {"x": pd.date_range("2020-01-01", periods=N)}, "more_coefficients_than_rows"),
        ("y ~ z + (1 | g)", {}, "unknown_column"),
    ],
)
def test_a_model_that_cannot_be_fitted_gives_one_typed_error(
    formula: str, columns: dict[str, Any], code: str
) -> None:
    error = refused(formula, **columns)
    assert error.code == code
    assert isinstance(error, ModelError)
    assert error.message.endswith((".", "?"))
    assert "\n" not in error.message


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        (np.zeros(N), "weights_not_positive"),
        (np.r_[0.0, np.ones(N - 1)], "weights_not_positive"),
        (np.r_[-1.0, np.ones(N - 1)], "weights_not_positive"),
        (np.r_[np.inf, np.ones(N - 1)], "infinite_values"),
        (np.r_[1e300, np.ones(N - 1)], "too_large_numbers"),
        (np.full(N, 1e-300), "too_small_numbers"),
        (GROUPS, "weights_not_numbers"),
        (np.full(N, np.nan), "no_complete_rows"),
    ],
)
def test_weights_that_cannot_be_used_give_one_typed_error(weights: Any, code: str) -> None:
    assert refused(SIMPLE, "w", w=weights).code == code


def test_a_row_without_a_weight_is_left_out() -> None:
    found = fit_with(SIMPLE, "w", w=np.r_[np.nan, np.ones(N - 1)])
    assert (found.nobs, found.design.dropped_rows) == (59, 1)


@pytest.mark.parametrize(
    ("formula", "columns", "dropped"),
    [
        ("y ~ x + z + (1 | g)", {"z": 2.0 * X + 1.0}, ("z",)),
        ("y ~ x + z + (1 | g)", {"z": 3.0}, ("z",)),
        ("y ~ x + z + (1 | g)", {"z": X + 1e-9 * np.sin(np.arange(N))}, ("z",)),
        ("y ~ h + z + (1 | g)", {"z": np.tile(list("uuuwww"), 10)}, ("zw",)),
    ],
)
def test_collinear_fixed_effects_are_left_out_and_named(
    formula: str, columns: dict[str, Any], dropped: tuple[str, ...]
) -> None:
    assert fit_with(formula, **columns).design.dropped_columns == dropped


def test_levels_that_no_row_has_make_no_coefficient_and_no_group() -> None:
    f = pd.Categorical(np.tile(["p", "q"], 30), categories=["none", "p", "unused", "q"])
    found = fit_with("y ~ f + (1 | g)", f=f)
    assert found.design.fixed_names == ("(Intercept)", "fq")
    # Level p and group a occur only in rows that have no x.
    gone = np.where(GROUPS == "a", np.nan, X)
    found = fit_with("y ~ x + f + (1 | g)", x=gone, f=np.where(GROUPS == "a", "p", COLUMNS["h"]))
    assert found.design.fixed_names[2:] == ("fv", "fw", "fx", "fy", "fz")
    assert found.terms[0].levels == tuple("bcdef")


def test_groups_of_one_row_are_fitted_beside_larger_ones() -> None:
    few = np.where(np.arange(N) < 6, [f"single {k}" for k in range(N)], GROUPS)
    found = fit_with(SIMPLE, g=few)
    assert found.convergence.converged
    assert len(found.terms[0].levels) == 12


def test_a_response_that_the_fixed_effects_reproduce_is_refused() -> None:
    error = refused(SIMPLE, y=2.0 * X + 1.0)
    assert isinstance(error, FitError)
    assert error.code == "perfect_fit"
    assert error.message == (
        "The fixed effects reproduce the response exactly, so there is no variation left to divide; check "
        "the response column or leave out fixed effects."
    )


@pytest.mark.parametrize(
    ("formula", "y"),
    [
        ("y ~ 1 + (1 | g)", LEVEL),
        ("y ~ x + (1 | g)", 2.0 * X + LEVEL),
        ("y ~ x + (x | g)", 2.0 * X + LEVEL + SLOPE * X),
        ("y ~ x + (x || g)", 2.0 * X + LEVEL + SLOPE * X),
        ("y ~ 1 + (1 | g) + (1 | h)", LEVEL + np.tile(SLOPE[::10], 10)),
        ("y ~ 1 + (1 | g)", LEVEL + 1e-9 * X),
    ],
)
def test_a_response_that_the_random_effects_reproduce_is_refused(formula: str, y: Any) -> None:
    """σ goes to 0 and the criterion falls without end; it took 160 to 420 evaluations and gave numbers."""
    error = refused(formula, y=y)
    assert isinstance(error, FitError)
    assert error.code == "perfect_fit"
    assert error.message == (
        "The random effects can reproduce the response exactly, so that no residual variance is left and the "
        "likelihood has no maximum; check whether the response follows from the other columns, or take out "
        "random effects."
    )


def test_a_perfect_fit_is_recognised_within_tens_of_evaluations() -> None:
    events: list[Any] = []
    table = from_frame(pd.DataFrame(COLUMNS | {"y": 2.0 * X + LEVEL + SLOPE * X}), "t")
    with pytest.raises(FitError):
        fit(FitJob(parse("y ~ x + (x | g)"), table), events.append)
    assert len(events) < 60


def test_a_residual_variance_that_is_tiny_but_an_optimum_is_a_fit() -> None:
    """10⁻⁴ of the groups' SD converges; 10⁻⁶ is found, but rounding hides how near; both keep σ."""
    found = fit_with("y ~ 1 + (1 | g)", y=LEVEL + 1e-4 * X)
    assert found.convergence.converged
    assert found.sigma == pytest.approx(1.008764e-4, rel=1e-5)
    assert [m.id for m in messages(found)] == []
    found = fit_with("y ~ 1 + (1 | g)", y=LEVEL + 1e-6 * X)
    assert found.sigma == pytest.approx(1.0087e-6, rel=1e-3)
    assert (found.convergence.converged, found.convergence.reason) == (False, "rounding")
    found = fit_with("y ~ 1 + (1 | g)", y=LEVEL + 4e-7 * X)
    assert is_perfect(found)
    assert [m.id for m in messages(found)] == ["F5"]


def test_numbers_too_large_beside_their_spread_say_that_rounding_hides_the_optimum() -> None:
    """Without an intercept the groups' effects hold the whole size of the response."""
    found = fit_with("y ~ 0 + (1 | g)", y=1e6 + COLUMNS["y"])
    assert (found.convergence.converged, found.convergence.reason) == (False, "rounding")
    (message,) = messages(found)
    assert message.id == "F6"
    assert message.text == (
        "What the model leaves of the response is so little beside the size of its numbers that rounding "
        "hides the optimum. Subtract a constant from the response, or check whether it follows from the "
        "other columns."
    )
    error = refused("y ~ 0 + (1 | g)", y=1e8 + COLUMNS["y"])
    assert error.code == "varies_too_little"
    assert error.message == (
        "The response lies around 1e+08 and varies so little beside that size that its digits are lost in "
        "the computation; subtract a constant from it first."
    )


@pytest.mark.parametrize("origin", [0.0, 1e4, 1e6])
def test_slopes_far_from_their_origin_pose_the_same_problem(origin: float) -> None:
    """From 10⁴ spreads on the columns were not orthogonalised: 2,866 evaluations, not converged."""
    found = fit_with("y ~ x + (x | g)", x=origin + X)
    assert found.objective == pytest.approx(166.5736123, abs=1e-6)
    assert found.convergence.converged


def test_a_response_of_numbers_but_for_a_few_entries_says_which() -> None:
    mixed = [f"{v:.3f}" for v in X]
    mixed[6] = "broken"
    assert refused(SIMPLE, y=mixed).message == (
        "The response must be a number, and y holds numbers but for “broken” (row 7); correct or delete it."
    )
    mixed[3] = "1,2,3"
    assert refused(SIMPLE, y=mixed).message.endswith(
        "and y holds numbers but for “1,2,3” (row 4) and 1 more; correct or delete them."
    )


def test_a_response_that_varies_less_than_its_digits_is_refused() -> None:
    assert refused(SIMPLE, y=1e15 + X).code == "varies_too_little"


def test_as_many_coefficients_as_rows_are_refused() -> None:
    columns = {
        "y": [1.0, 2, 3, 5],
        "x": [1.0, 2, 4, 3],
        "z": [0.0, 1, 1, 2],
        "q": [5.0, 3, 2, 9],
        "g": list("aabb"),
    }
    table = from_frame(columns, "t")
    with pytest.raises(ModelError) as caught:
        fit(FitJob(parse("y ~ x + z + q + (1 | g)"), table))
    assert caught.value.message == (
        "The fixed effects have 4 coefficients for 4 rows, which leaves nothing to estimate the residual "
        "variance from; take terms out."
    )


def test_one_row_more_than_coefficients_leaves_one_variance_for_two() -> None:
    """One residual degree of freedom: the certificate says that two variances cannot be had of it."""
    columns = {"y": [1.0, 2, 3, 5], "x": [1.0, 2, 4, 3], "z": [0.0, 1, 1, 2], "g": list("aabb")}
    found = fit(FitJob(parse("y ~ x + z + (1 | g)"), from_frame(columns, "t")))
    certificate = identifiability(found.design)
    assert (certificate.n_par, certificate.rank) == (2, 1)


@pytest.mark.parametrize(
    "names",
    [
        ("größe (cm)", "длина", "组"),
        ("a b", "x|y", "g~h"),
        ("1st", "if", "class"),
        ("__import__('os')", "x; y", "`"),
        ("🙂", "%s", "{g}"),
        ("y" * 300, "x.1", "_"),
    ],
)
def test_any_name_of_a_column_can_be_used(names: tuple[str, str, str]) -> None:
    plain = fit_with(SIMPLE)
    frame = pd.DataFrame({new: COLUMNS[old] for new, old in zip(names, ("y", "x", "g"), strict=True)})
    y, x, g = (quote(name) for name in names)
    spec = parse(f"{y} ~ {x} + (1 | {g})")
    found = fit(FitJob(spec, from_frame(frame, "t")))
    assert found.objective == pytest.approx(plain.objective, abs=1e-8)
    assert parse(found.formula) == spec


def test_combinations_of_many_levels_do_not_overflow() -> None:
    """Five factors of 10⁴ levels have 10²⁰ combinations, more than 64 bits can count; 10,000 occur."""
    n = 20_000
    half = np.arange(n) // 2
    columns = {f"f{k}": (half * (2 * k + 1) + k) % 10_000 for k in range(5)}
    table = from_frame({"y": np.sin(np.arange(n)), **{k: v.astype(str) for k, v in columns.items()}}, "t")
    design = build_design(parse("y ~ 1 + (1 | f0:f1:f2:f3:f4)"), table)
    assert len(design.random[0].levels) == 10_000
    np.testing.assert_array_equal(np.bincount(design.random[0].codes), 2)


@pytest.mark.parametrize(
    ("formula", "size"),
    [
        ("y ~ a * b * c + (1 | g)", "1,000,000 columns"),
        ("y ~ 1 + (a:b:c | g)", "1,000,001 columns"),
        ("y ~ poly(y2, 19999) + (1 | g)", "19,999 columns"),
    ],
)
def test_a_matrix_larger_than_memory_is_refused_with_its_size(formula: str, size: str) -> None:
    n = 60_000
    rng = np.random.default_rng(1)
    labels = {name: rng.integers(0, 100, n).astype(str) for name in "abc"}
    table = from_frame(
        {"y": rng.normal(size=n), "y2": rng.normal(size=n), "g": rng.integers(0, 9, n), **labels}, "t"
    )
    with pytest.raises(ModelError) as caught:
        fit(FitJob(parse(formula), table))
    assert caught.value.code == "too_large"
    assert size in caught.value.message


def test_more_covariances_than_memory_holds_are_refused() -> None:
    """(f | g) with 1,000 levels has 500,500 variances and covariances."""
    rng = np.random.default_rng(1)
    n = 20_000
    table = from_frame(
        {
            "y": rng.normal(size=n),
            "f": rng.integers(0, 1000, n).astype(str),
            "g": rng.integers(0, 6, n).astype(str),
        },
        "t",
    )
    with pytest.raises(MmguiError) as caught:
        fit(FitJob(parse("y ~ 1 + (f | g)"), table))
    assert caught.value.code in ("memory", "too_large")
