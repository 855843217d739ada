"""F tests of types I, II and III against lmerTest 3.1-3 (``term_tests.json``, made by R 4.2.2)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from thinned import thinned_fit

from mmgui.data.frame import from_frame
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.errors import FitError
from mmgui.inference.degrees_of_freedom.approximation import approximation
from mmgui.inference.fixed_effects.term_tests import term_tests
from mmgui.spec.formula import parse

FILE = Path(__file__).resolve().parents[2] / "data" / "lme4" / "term_tests.json"
REFERENCES = json.loads(FILE.read_text(encoding="utf-8"))


def fit_of(reference: dict[str, Any]) -> Fit:
    chosen = tuple(sorted((reference.get("contrasts") or {}).items()))
    return thinned_fit(
        reference["dataset"],
        reference["formula"],
        chosen,
        thinned=reference["thinned"],
        missing_cell=reference["missing_cell"],
    )


@pytest.mark.parametrize("method", ["satterthwaite", "kenward-roger"])
@pytest.mark.parametrize("reference", REFERENCES, ids=[r["id"] for r in REFERENCES])
def test_every_type_agrees_with_lmertest(reference: dict[str, Any], method: str) -> None:
    model = fit_of(reference)
    by = approximation(model, method)
    for type_ in ("I", "II", "III"):
        found, wanted = term_tests(model, type_, by), reference["tests"][f"{type_} {method}"]
        assert list(found.terms) == wanted["terms"]
        assert found.num_df.tolist() == wanted["num_df"]
        for name in ("sum_sq", "den_df", "f"):
            np.testing.assert_allclose(
                getattr(found, name), wanted[name], rtol=2e-5, err_msg=f"{type_} {name}"
            )
        np.testing.assert_allclose(found.p, wanted["p"], rtol=1e-3)
        np.testing.assert_allclose(found.mean_sq * found.num_df, found.sum_sq)


def test_of_nested_terms_the_outer_is_averaged_over_the_inner() -> None:
    """Type III of a in a + a:b is that of a in a * b, which spans the same space, as in SAS.

    lmerTest tests a at the first level of b instead: it does not see that a:b contains a.
    """
    nested = thinned_fit("Oats", "yield ~ Variety + Variety:factor(nitro) + (1 | Block/Variety)")
    crossed = thinned_fit("Oats", "yield ~ Variety * factor(nitro) + (1 | Block/Variety)")
    found, wanted = term_tests(nested, "III"), term_tests(crossed, "III")
    assert found.num_df.tolist() == [2, 9]
    assert found.f[0] == pytest.approx(wanted.f[0], rel=1e-6)
    assert found.den_df[0] == pytest.approx(wanted.den_df[0], rel=1e-6)


def test_wald_gives_chi_square() -> None:
    """R: (L b)ᵀ (L V Lᵀ)⁻¹ (L b) = 0.6753710109 for nitro:Variety, p = 0.7134196192 with 2 df."""
    found = term_tests(thinned_fit("Oats", "yield ~ nitro * Variety + (1 | Block/Variety)"), "III", "wald")
    assert np.isinf(found.den_df).all()
    assert 2 * found.f[2] == pytest.approx(0.6753710109, rel=1e-5)
    assert found.p[2] == pytest.approx(0.7134196192, rel=1e-5)


def test_type_three_does_not_depend_on_the_contrasts_chosen() -> None:
    formula = "yield ~ factor(nitro) * Variety + (1 | Block/Variety)"
    plain = term_tests(thinned_fit("Oats", formula), "III")
    for name in ("contr.sum", "contr.helmert", "contr.poly"):
        other = term_tests(thinned_fit("Oats", formula, (("Variety", name), ("nitro", name))), "III")
        np.testing.assert_allclose(other.f, plain.f, rtol=1e-6)
        np.testing.assert_allclose(other.den_df, plain.den_df, rtol=1e-5)


def test_a_term_left_out_entirely_has_no_test() -> None:
    rng = np.random.default_rng(2)
    x, g = rng.standard_normal(60), np.repeat(np.arange(12), 5)
    y = x + rng.standard_normal(12)[g] + rng.standard_normal(60)
    table = from_frame({"y": y, "x": x, "twice": 2 * x + 1, "g": [f"g{k}" for k in g]}, "t")
    model = fit(FitJob(parse("y ~ x + twice + (1 | g)"), table))
    for type_ in ("I", "II", "III"):
        found = term_tests(model, type_)
        assert found.num_df.tolist() == [1, 0]
        assert np.isnan([found.f[1], found.p[1], found.den_df[1], found.sum_sq[1]]).all()
        assert np.isfinite(found.p[0])


def test_without_terms_there_is_nothing_to_test() -> None:
    assert term_tests(thinned_fit("Oats", "yield ~ 1 + (1 | Block)")).terms == ()


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(FitError, match="choose one of I, II, III") as caught:
        term_tests(thinned_fit("Oats", "yield ~ 1 + (1 | Block)"), "IV")
    assert caught.value.code == "unknown_type"
