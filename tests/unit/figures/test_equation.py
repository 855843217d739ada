"""The equation of a model that need not be fitted: the compact index form."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, reject, settings

from mmgui.errors import FormulaError
from mmgui.figures.equation import equation
from mmgui.figures.equation_drawing import drawing
from mmgui.figures.equation_parts import FormKind
from mmgui.spec.formula import parse
from mmgui.spec.model import ModelSpec
from tests.unit.spec.strategies import formulas


def _lines(formula: str, *factors: str) -> list[str]:
    figure = equation(parse(formula), lambda column: column in factors)
    assert figure is not None
    return figure.plain().splitlines()


def test_intercept_and_slope_that_vary_stand_beside_their_fixed_effects() -> None:
    assert _lines("Reaction ~ Days + (Days | Subject)") == [
        "Reactionᵢⱼ = (β₀ + b₀ⱼ) + (β₁ + b₁ⱼ) Daysᵢⱼ + εᵢⱼ",
        "(b₀ⱼ, b₁ⱼ) ~ N(0, 𝚺_Subject)",
        "εᵢⱼ ~ N(0, σ²)",
        "i: row, j: Subject",
    ]


def test_pieces_of_the_equation_know_latex_term_and_what_they_are_about() -> None:
    figure = equation(parse("Reaction ~ Days + (Days | Subject)"), lambda _: False)
    assert figure is not None
    model = figure.index.lines[0]
    assert model.latex == (
        r"\mathrm{Reaction}_{ij} = ( \beta_{0} + b_{0j} ) + ( \beta_{1} + b_{1j} ) \, \mathrm{Days}_{ij} "
        r"+ \varepsilon_{ij}"
    )
    slope = next(p for p in model.pieces if p.text == "b₁ⱼ")
    assert slope.term == 0
    assert slope.about.effects == {(0, "Days")}
    assert slope.words == "how far the slope of Days in Subject j lies from the average"
    assert next(p for p in model.pieces if p.text == "β₀").about.fixed == {"1"}
    assert model.pieces[-1].about.residual


def test_uncorrelated_effects_have_a_normal_each() -> None:
    assert _lines("y ~ x + (x || g)")[1:3] == ["b₀ⱼ ~ N(0, τ₀²)", "b₁ⱼ ~ N(0, τ₁²)"]


def test_a_factor_has_one_coefficient_per_level() -> None:
    assert _lines("score ~ Machine + (Machine | Worker)", "Machine") == [
        "scoreᵢⱼ = (β₀ + b₀ⱼ) + (β[Machine]ₘ + b[Machine]ₘⱼ) + εᵢⱼ",
        "(b₀ⱼ, 𝐛[Machine]ⱼ) ~ N(0, 𝚺_Worker)",
        "εᵢⱼ ~ N(0, σ²)",
        "i: row, j: Worker, m: Machine",
    ]


def test_crossed_factors_have_indices_of_their_own() -> None:
    assert _lines("diameter ~ 1 + (1 | plate) + (1 | sample)") == [
        "diameterᵢⱼₖ = (β₀ + b₀ⱼ + b₀ₖ) + εᵢⱼₖ",
        "b₀ⱼ ~ N(0, τ_plate²)",
        "b₀ₖ ~ N(0, τ_sample²)",
        "εᵢⱼₖ ~ N(0, σ²)",
        "i: row, j: plate, k: sample",
    ]


def test_nested_groups_carry_the_index_of_what_they_lie_in() -> None:
    lines = _lines("strength ~ 1 + (1 | batch/cask)")
    assert lines[0] == "strengthᵢⱼₖ = (β₀ + b₀ⱼ + b₀ⱼₖ) + εᵢⱼₖ"
    assert lines[-1] == "i: row, j: batch, k: cask in batch"


def test_template_2_of_seed_000_shares_the_indices_of_its_factors_with_its_groups() -> None:
    # y_abi = m_ab + δ_i + α_ai + β_bi; here i is the row and j the subject.
    assert _lines("y ~ A*B + (1 | Subj) + (1 | A:Subj) + (1 | B:Subj)", "A", "B") == [
        "y_ijab = (β₀ + b₀ⱼ + b₀ₐⱼ + b_0bj) + β[A]ₐ + β[B]_b + β[A:B]_ab + ε_ijab",
        "b₀ⱼ ~ N(0, τ_Subj²)",
        "b₀ₐⱼ ~ N(0, τ_(A:Subj)²)",
        "b_0bj ~ N(0, τ_(B:Subj)²)",
        "ε_ijab ~ N(0, σ²)",
        "i: row, j: Subj, a: A, b: B",
    ]


def test_an_effect_without_fixed_counterpart_stands_alone() -> None:
    assert _lines("y ~ 1 + (0 + a:x | g)", "a")[0] == "yᵢⱼ = β₀ + b[a:x]ₐⱼ xᵢⱼ + εᵢⱼ"


def test_without_an_intercept_the_first_slope_is_still_number_one() -> None:
    assert _lines("y ~ 0 + x + (0 + x | g)")[0] == "yᵢⱼ = (β₁ + b₁ⱼ) xᵢⱼ + εᵢⱼ"


def test_two_terms_of_one_grouping_factor_keep_their_modes_and_variances_apart() -> None:
    lines = _lines("y ~ 1 + (1 | g) + (1 + x | g)")
    assert lines[0] == "yᵢⱼ = (β₀ + b₀ⱼ + b′₀ⱼ) + b′₁ⱼ xᵢⱼ + εᵢⱼ"
    assert lines[1:3] == ["b₀ⱼ ~ N(0, τ_g²)", "(b′₀ⱼ, b′₁ⱼ) ~ N(0, 𝚺′_g)"]


def test_transformations_offsets_and_weights_are_part_of_it() -> None:
    spec = replace(parse("log(y) ~ I(x^2) + offset(z/2) + (1 | g)"), weights="w")
    figure = equation(spec, lambda _: False)
    assert figure is not None
    assert figure.plain().splitlines() == [
        "log(yᵢⱼ) = (β₀ + b₀ⱼ) + β₁ xᵢⱼ² + zᵢⱼ/2 + εᵢⱼ",
        "b₀ⱼ ~ N(0, τ₀²)",
        "εᵢⱼ ~ N(0, σ²/wᵢⱼ)",
        "i: row, j: g",
    ]


def test_several_columns_of_one_expression_have_a_vector_of_coefficients() -> None:
    assert _lines("y ~ poly(x, 2) + (1 | g)")[0] == "yᵢⱼ = (β₀ + b₀ⱼ) + 𝛃₁ · poly(xᵢⱼ, 2) + εᵢⱼ"


def test_without_a_response_there_is_no_equation() -> None:
    assert equation(ModelSpec(), lambda column: False) is None


def test_a_covariance_structure_is_said_beside_its_matrix() -> None:
    assert _lines("score ~ 1 + ar1(0 + Machine | Worker)", "Machine")[1] == (
        "𝐛[Machine]ⱼ ~ N(0, 𝚺_Worker), one variance, correlation falls with distance"
    )


def test_awkward_names_are_escaped_and_long_ones_cut() -> None:
    figure = equation(parse("y ~ `a_b $` + (1 | a_very_long_name_of_a_grouping_factor)"), lambda _: False)
    assert figure is not None
    assert r"\mathrm{a\_b\ \$}_{ij}" in figure.index.lines[0].latex
    assert figure.plain().splitlines()[-1] == "i: row, j: a_very_long…factor"


def _model(formula: str) -> ModelSpec:
    try:
        return parse(formula)
    except FormulaError:
        # Terms that cancel leave nothing to vary.
        reject()


@settings(max_examples=40, deadline=None)
@given(formulas())
def test_every_model_has_an_equation_in_all_forms(formula: str) -> None:
    figure = equation(_model(formula), lambda column: column in "ab")
    assert figure is not None
    assert [f.kind for f in figure.forms] == [FormKind.INDEX, FormKind.LEVEL, FormKind.MATRIX]
    for form in figure.forms:
        assert form.plain()
        assert form.latex()


@settings(max_examples=8, deadline=None)
@given(formulas())
def test_every_piece_is_drawn_or_shown_as_text(formula: str) -> None:
    figure = equation(_model(formula), lambda column: column in "ab")
    assert figure is not None
    for piece in (p for line in figure.index.lines for p in line.pieces if p.latex):
        drawn = drawing(piece.latex)
        assert piece.text.strip() if drawn is None else drawn.width > 0
