"""Contrasts by name: what they mean, and errors that point at the place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from thinned import thinned_fit

from mmgui.data.frame import from_frame
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.errors import FormulaError, MmguiError, ModelError
from mmgui.inference.fixed_effects.contrast_language import parse_contrast
from mmgui.inference.fixed_effects.contrasts import joint_test
from mmgui.inference.fixed_effects.marginal_means import marginal_means, slopes
from mmgui.inference.fixed_effects.named_contrasts import named, named_contrast, named_joint_test
from mmgui.spec.formula import parse


@pytest.fixture
def oats() -> Fit:
    return thinned_fit("Oats", "yield ~ nitro * Variety + (1 | Block/Variety)")


@pytest.fixture
def crossed() -> Fit:
    return thinned_fit("Oats", "yield ~ factor(nitro) * Variety + (1 | Block/Variety)")


def test_a_difference_of_levels_is_that_of_their_marginal_means(oats: Fit) -> None:
    # emmeans(m, "Variety") and pairs() of it: Marvellous - Victory
    found = named_contrast(oats, "Variety : 1*Marvellous -1*Victory")
    assert found.estimate == pytest.approx(10.184096824, rel=1e-6)
    assert (found.se, found.df) == pytest.approx((6.953908825, 9.433691279), rel=1e-5)


def test_a_quantity_can_be_held_at_a_value(oats: Fit) -> None:
    # pairs(emmeans(m, ~ Variety | nitro, at = list(nitro = .6))): Golden Rain - Victory
    found = named_contrast(oats, "Variety : 1*'Golden Rain' -1*Victory nitro : 0.6")
    assert (found.estimate, found.se) == pytest.approx((0.635452534, 9.912639421), rel=1e-6)
    assert named(oats, "Variety : 1*Victory nitro : 0.6").held == {"nitro": 0.6}


def test_a_quantity_without_a_value_is_its_slope(oats: Fit) -> None:
    # emtrends(m, "Variety", var = "nitro") and pairs() of it: Marvellous - Victory
    found = named_contrast(oats, "Variety : 1*Marvellous -1*Victory nitro :")
    assert (found.estimate, found.se, found.df) == pytest.approx(
        (-17.493883336, 22.57930847, 36.12207854), rel=1e-5
    )
    average = named_contrast(oats, "nitro :")
    assert average.estimate == pytest.approx(np.mean(slopes(oats, "nitro", by="Variety").estimates.estimate))
    assert named(oats, "nitro :").averaged == ("Variety",)
    assert named(oats, "nitro :").slope == "nitro"


def test_weights_may_be_parts_and_one_level_alone_is_its_mean(oats: Fit) -> None:
    golden, marvellous, victory = marginal_means(oats, "Variety").estimates.estimate
    found = named_contrast(oats, "Variety : 0.5*Marvellous +0.5*Victory -1*`Golden Rain`")
    assert found.estimate == pytest.approx(0.5 * (marvellous + victory) - golden)
    assert named_contrast(oats, "Variety : 1*Victory").estimate == pytest.approx(victory)


def test_factors_that_are_not_named_are_averaged_over(crossed: Fit) -> None:
    means = marginal_means(crossed, "Variety").estimates.estimate
    assert named_contrast(crossed, "Variety : 1*Victory").estimate == pytest.approx(means[2])
    cells = marginal_means(crossed, ["nitro", "Variety"])
    at = cells.cells.index(("0.4", "Victory"))
    found = named_contrast(crossed, "nitro : 1*0.4 Variety : 1*Victory")
    assert found.estimate == pytest.approx(cells.estimates.estimate[at])
    assert named_contrast(crossed, "nitro : 1*0.40 Variety : 1*Victory").estimate == found.estimate


def test_several_rows_are_tested_jointly(oats: Fit) -> None:
    text = "Variety : 1*'Golden Rain' -1*Marvellous & 1*'Golden Rain' -1*Victory nitro : 0.3"
    found = named_joint_test(oats, text, "kenward-roger")
    rows = [[0, 0, 1, 0, 0.3, 0], [0, 0, 0, 1, 0, 0.3]]
    # KRmodcomp(m, L) of the same hypothesis: F = 1.0729287766 on 2 and 9.8913579445 df.
    assert (found.f, found.den_df) == pytest.approx((1.0729287766, 9.8913579445), rel=1e-5)
    assert found.f == pytest.approx(joint_test(oats, rows, "kenward-roger").f)


def test_rows_of_two_factors_are_combined_each_with_each(crossed: Fit) -> None:
    """Together they are the interaction: 2 × 3 df, with the F of type III."""
    text = (
        "Variety : 1*Victory -1*Marvellous & 1*Victory -1*'Golden Rain' "
        "nitro : 1*0 -1*0.2 & 1*0 -1*0.4 & 1*0 -1*0.6"
    )
    from mmgui.inference.fixed_effects.term_tests import term_tests

    found = named_joint_test(crossed, text)
    assert found.num_df == 6
    assert found.f == pytest.approx(term_tests(crossed).f[2], rel=1e-6)


def test_awkward_names_go_between_quotes() -> None:
    rng = np.random.default_rng(8)
    kind, g = rng.integers(0, 4, 80), rng.integers(0, 9, 80)
    labels = ["a : b", "1*c & d", "it's", "-1"]
    columns = {
        "my response": rng.standard_normal(80) + kind,
        "which : kind": [labels[k] for k in kind],
        "g": [f"g{k}" for k in g],
    }
    model = fit(FitJob(parse("`my response` ~ `which : kind` + (1 | g)"), from_frame(columns, "t")))
    means = marginal_means(model, "which : kind")
    values = {cell[0]: v for cell, v in zip(means.cells, means.estimates.estimate, strict=True)}
    found = named_contrast(model, "'which : kind' : 1*'a : b' -1*`1*c & d` +2*\"it's\" - 2 * -1")
    wanted = values["a : b"] - values["1*c & d"] + 2 * values["it's"] - 2 * values["-1"]
    assert found.estimate == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("text", "code", "at", "length"),
    [
        ("", "contrast_syntax", 0, 1),
        ("Variety", "contrast_syntax", 0, 7),
        (": 1*A", "contrast_syntax", 0, 1),
        ("Variety : Victory", "contrast_syntax", 10, 7),
        ("Variety : 1*", "contrast_syntax", 12, 1),
        ("Variety : & 1*Victory", "contrast_syntax", 10, 1),
        ("Variety : 1*Victory &", "contrast_syntax", 21, 1),
        ("Variety : 1*Victory & & 1*Victory", "contrast_syntax", 22, 1),
        ("Variety : 1*Victory 3", "contrast_syntax", 20, 1),
        ("Variety : 1*'Victory", "contrast_syntax", 12, 1),
        ("Variety : 1*'' ", "contrast_syntax", 12, 2),
        ("Variety : 1*Victory Variety : 1*Victory", "contrast_syntax", 20, 7),
        ("Sort : 1*Victory", "unknown_column", 0, 4),
        ("Block : 1*I", "unknown_column", 0, 5),
        ("Variety : 1*Victory -1*Best", "unknown_level", 23, 4),
        ("Variety : 1*Victory-1*Marvellous", "unknown_level", 12, 20),
        ("Variety : 1*Victory -1*Victory", "level_twice", 23, 7),
        ("Variety : 0*Victory", "nothing_to_test", 0, 7),
        ("Variety : 5", "not_a_quantity", 0, 7),
        ("Variety :", "not_a_quantity", 0, 7),
        ("Variety : 1*Victory nitro : 1*0.2", "not_a_factor", 20, 5),
    ],
)
def test_errors_point_at_the_place(oats: Fit, text: str, code: str, at: int, length: int) -> None:
    with pytest.raises(MmguiError) as caught:
        named(oats, text)
    where = caught.value.where
    assert (caught.value.code, where.part, where.position, where.length) == (code, "contrast", at, length)


def test_two_slopes_at_once_are_refused() -> None:
    rng = np.random.default_rng(1)
    columns = {"y": rng.standard_normal(40), "a": rng.standard_normal(40), "b": rng.standard_normal(40)}
    groups = {"g": [f"g{k % 8}" for k in range(40)]}
    model = fit(FitJob(parse("y ~ a * b + (1 | g)"), from_frame({**columns, **groups}, "t")))
    with pytest.raises(ModelError, match="one slope at most; give b a value") as caught:
        named(model, "a : b :")
    assert caught.value.where.position == 4


def test_several_contrasts_have_no_single_estimate(oats: Fit) -> None:
    with pytest.raises(ModelError, match="names 2 contrasts at once") as caught:
        named_contrast(oats, "Variety : 1*Victory & 1*Marvellous")
    assert caught.value.code == "joint_contrast"


def test_what_no_row_tells_is_refused() -> None:
    formula = "yield ~ factor(nitro) * Variety + (1 | Block/Variety)"
    lacking = thinned_fit("Oats", formula, missing_cell=True)
    with pytest.raises(ModelError, match="cannot tell “Variety : 1") as caught:
        named_contrast(lacking, "Variety : 1*Victory -1*Marvellous")
    assert caught.value.code == "not_estimable"
    within = named_contrast(lacking, "Variety : 1*Victory -1*Marvellous nitro : 1*0.4")
    assert np.isfinite(within.p)


_NAMES = st.text(st.characters(codec="utf-8", exclude_characters="'", exclude_categories=["Cs"]), min_size=1)


@given(_NAMES, st.lists(st.tuples(st.floats(-1e3, 1e3), _NAMES), min_size=1, max_size=4))
def test_what_is_written_with_quotes_is_read_back(column: str, terms: list[tuple[float, str]]) -> None:
    text = f"'{column}' : " + " ".join(f"{w:+.4f}*'{level}'" for w, level in terms)
    (part,) = parse_contrast(text)
    assert part.column == column
    assert [(t.weight, t.level) for t in part.rows[0]] == [(round(w, 4), level) for w, level in terms]
    for term in part.rows[0]:
        assert text[term.position : term.position + term.length] == f"'{term.level}'"


def place_refused(text: str) -> tuple[str, int, int] | None:
    try:
        parse_contrast(text)
    except FormulaError as error:
        return error.code, error.where.position, error.where.length
    return None


@given(st.text("AB 1.5*&:+-'`\"e", max_size=25))
def test_any_text_is_read_or_refused_with_a_place_in_it(text: str) -> None:
    refused = place_refused(text)
    if refused is not None:
        code, position, length = refused
        assert code == "contrast_syntax"
        assert 0 <= position <= len(text)
        assert length >= 1
