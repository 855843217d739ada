"""The three forms of models on tables: literal equations with the tables' own numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmgui.data.samples import load_sample
from mmgui.figures.equation import equations
from mmgui.figures.equation_parts import FormKind
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.formula import parse


def _lines(sample: str, formula: str, kind: FormKind) -> list[str]:
    return equations(parse(formula), load_sample(sample)).form(kind).plain().splitlines()


def test_index_form_writes_the_matrix_of_two_effects_out() -> None:
    form = equations(parse("Reaction ~ Days + (Days | Subject)"), load_sample("sleepstudy")).index
    assert form.lines[1].text == "[b₀ⱼ; b₁ⱼ] ~ N(0, [τ₀², ρ τ₀ τ₁; ρ τ₀ τ₁, τ₁²])"
    assert form.lines[1].latex == (
        r"\begin{bmatrix}b_{0j} \\ b_{1j}\end{bmatrix} \sim N\left(\mathbf{0}, "
        r"\begin{bmatrix}\tau_{0}^{2} & \rho \tau_{0} \tau_{1} \\ \rho \tau_{0} \tau_{1} & \tau_{1}^{2}"
        r"\end{bmatrix}\right)"
    )


def test_level_form_of_one_grouping_factor() -> None:
    assert _lines("sleepstudy", "Reaction ~ Days + (Days | Subject)", FormKind.LEVEL)[:5] == [
        "Level 1: rows",
        "Reactionᵢⱼ = β₀ⱼ + β₁ⱼ Daysᵢⱼ + εᵢⱼ",
        "Level 2: Subject",
        "β₀ⱼ = γ₀₀ + u₀ⱼ",
        "β₁ⱼ = γ₁₀ + u₁ⱼ",
    ]


def test_what_is_constant_within_groups_stands_on_their_level_also_where_it_changes_a_slope() -> None:
    # Sex is constant within Subject; age is not.
    assert _lines("Orthodont", "distance ~ age * Sex + (age | Subject)", FormKind.LEVEL)[:5] == [
        "Level 1: rows",
        "distanceᵢⱼ = β₀ⱼ + β₁ⱼ ageᵢⱼ + εᵢⱼ",
        "Level 2: Subject",
        "β₀ⱼ = γ₀₀ + γ[Sex]ₐ + u₀ⱼ",
        "β₁ⱼ = γ₁₀ + γ[age:Sex]ₐ + u₁ⱼ",
    ]


def test_nested_groups_have_three_levels_whether_the_formula_or_the_labels_nest_them() -> None:
    assert _lines("Pastes", "strength ~ 1 + (1 | batch/cask)", FormKind.LEVEL)[:6] == [
        "Level 1: rows",
        "strengthᵢⱼₖ = β₀ⱼₖ + εᵢⱼₖ",
        "Level 2: cask in batch",
        "β₀ⱼₖ = β₀₀ⱼ + u₀ⱼₖ",
        "Level 3: batch",
        "β₀₀ⱼ = γ₀₀₀ + u₀₀ⱼ",
    ]
    by_labels = _lines("Pastes", "strength ~ 1 + (1 | batch) + (1 | sample)", FormKind.LEVEL)
    assert by_labels[2:4] == ["Level 2: sample", "β₀ⱼₖ = β₀₀ⱼ + u₀ₖ"]
    assert "i: row, j: batch, k: sample in batch" in by_labels


def test_crossed_groups_share_a_level() -> None:
    lines = _lines("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", FormKind.LEVEL)
    assert lines[2:4] == ["Level 2: plate and sample, crossed", "β₀ⱼₖ = γ₀₀ + u₀ⱼ + u₀ₖ"]


def test_a_split_plot_keeps_the_slope_of_the_plots_below_the_blocks() -> None:
    lines = _lines("Oats", "yield ~ nitro * Variety + (1 | Block/Variety)", FormKind.LEVEL)
    assert lines[:7] == [
        "Level 1: rows",
        "yieldᵢⱼₐ = β₀ⱼₐ + β₁ⱼₐ nitroᵢⱼₐ + εᵢⱼₐ",
        "Level 2: Variety in Block",
        "β₀ⱼₐ = β₀₀ⱼ + γ[Variety]ₐ + u₀ⱼₐ",
        "β₁ⱼₐ = γ₁₀₀ + γ[nitro:Variety]ₐ",
        "Level 3: Block",
        "β₀₀ⱼ = γ₀₀₀ + u₀₀ⱼ",
    ]


def test_matrix_form_has_the_numbers_of_the_table() -> None:
    assert _lines("sleepstudy", "Reaction ~ Days + (Days | Subject)", FormKind.MATRIX)[:5] == [
        "𝐲 (180×1) = 𝐗 (180×2) 𝛃 (2×1) + 𝐙 (180×36) 𝐛 (36×1) + 𝛆 (180×1)",
        "𝐛 ~ N(0, 𝐈₁₈ ⊗ 𝚺)",
        "𝛆 ~ N(0, σ² 𝐈₁₈₀)",
        "𝚺 = [τ₀², ρ τ₀ τ₁; ρ τ₀ τ₁, τ₁²]",
        "𝐕 = Var(𝐲) = 𝐙 (𝐈₁₈ ⊗ 𝚺) 𝐙ᵀ + σ² 𝐈₁₈₀",
    ]
    two = _lines("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", FormKind.MATRIX)
    assert two[0] == "𝐲 (144×1) = 𝐗 (144×1) 𝛃 (1×1) + 𝐙₁ (144×24) 𝐛₁ (24×1) + 𝐙₂ (144×6) 𝐛₂ (6×1) + 𝛆 (144×1)"
    assert two[-5] == "𝐕 = Var(𝐲) = 𝐙₁ (𝐈₂₄ ⊗ 𝚺₁) 𝐙₁ᵀ + 𝐙₂ (𝐈₆ ⊗ 𝚺₂) 𝐙₂ᵀ + σ² 𝐈₁₄₄"


@pytest.mark.parametrize(
    ("term", "sigma"),
    [
        ("(0 + Machine | Worker)",
         "[τ₁², ρ₁₂ τ₁ τ₂, ρ₁₃ τ₁ τ₃; ρ₁₂ τ₁ τ₂, τ₂², ρ₂₃ τ₂ τ₃; ρ₁₃ τ₁ τ₃, ρ₂₃ τ₂ τ₃, τ₃²]"),
        ("diag(0 + Machine | Worker)", "[τ₁², 0, 0; 0, τ₂², 0; 0, 0, τ₃²]"),
        ("homdiag(0 + Machine | Worker)", "[τ², 0, 0; 0, τ², 0; 0, 0, τ²]"),
        ("cs(0 + Machine | Worker)", "[τ₁², ρ τ₁ τ₂, ρ τ₁ τ₃; ρ τ₁ τ₂, τ₂², ρ τ₂ τ₃; ρ τ₁ τ₃, ρ τ₂ τ₃, τ₃²]"),
        ("cs(0 + Machine | Worker, hom = TRUE)", "[τ², ρτ², ρτ²; ρτ², τ², ρτ²; ρτ², ρτ², τ²]"),
        ("ar1(0 + Machine | Worker)", "[τ², ρτ², ρ²τ²; ρτ², τ², ρτ²; ρ²τ², ρτ², τ²]"),
        ("hetar1(0 + Machine | Worker)",
         "[τ₁², ρ τ₁ τ₂, ρ² τ₁ τ₃; ρ τ₁ τ₂, τ₂², ρ τ₂ τ₃; ρ² τ₁ τ₃, ρ τ₂ τ₃, τ₃²]"),
        ("(Machine || Worker)",
         ("[τ₀², 0, 0, 0; 0, τ₁², ρ₁₂ τ₁ τ₂, ρ₁₃ τ₁ τ₃; 0, ρ₁₂ τ₁ τ₂, τ₂², ρ₂₃ τ₂ τ₃; "
          "0, ρ₁₃ τ₁ τ₃, ρ₂₃ τ₂ τ₃, τ₃²]")),
    ],
)  # fmt: skip
def test_sigma_of_every_structure(term: str, sigma: str) -> None:
    assert f"𝚺 = {sigma}" in _lines("Machines", f"score ~ Machine + {term}", FormKind.MATRIX)


def test_a_factors_columns_are_named_where_the_table_is_known() -> None:
    line = _lines("Machines", "score ~ Machine + (Machine | Worker)", FormKind.INDEX)[1]
    assert line.startswith("[b₀ⱼ; b_(MachineB,j); b_(MachineC,j)] ~ N(0, [τ₀², ρ₀₁ τ₀ τ₁, ")


def test_contrasts_decide_which_constraint_a_factors_coefficients_keep() -> None:
    machines = load_sample("Machines")
    spec = parse("score ~ Machine + (1 | Worker)")
    usual = equations(spec, machines).index.notes
    meaning = "β with Machine above it has one value for each level m of Machine:"
    assert usual[1] == f"{meaning} it is 0 at the reference level, A."
    summed = equations(replace(spec, codings=(Coding("Machine", Contrast.SUM),)), machines).index.notes
    assert summed[1].endswith("over the levels they add up to 0 (sum contrasts).")
    means = equations(parse("score ~ 0 + Machine + (1 | Worker)"), machines).index.notes
    assert means[1].endswith("each level has its own.")


def test_weights_divide_the_residual_variance_row_by_row() -> None:
    spec = replace(parse("Days ~ 1 + (1 | Subject)"), weights="Reaction")
    figure = equations(spec, load_sample("sleepstudy"))
    assert "𝛆 ~ N(0, σ² 𝐖⁻¹)" in figure.form(FormKind.MATRIX).plain()
    assert "εᵢⱼ ~ N(0, σ²/Reactionᵢⱼ)" in figure.plain()


def test_level_form_calls_a_random_effect_the_same_where_it_enters_and_where_it_is_distributed() -> None:
    lines = _lines("Pastes", "strength ~ 1 + (1 | batch/cask)", FormKind.LEVEL)
    assert lines[lines.index("Distributions") + 1] == "u₀₀ⱼ ~ N(0, τ_batch²)"
    both = _lines("Machines", "score ~ 1 + (1 | Worker) + (1 | Worker:Machine)", FormKind.LEVEL)
    entering = {word for line in both for word in line.split() if "=" in line and word.startswith("u")}
    assert entering == {"u₀₀ⱼ", "u₀ⱼₖ"}
    assert {line.split()[0] for line in both if " ~ " in line} == {*entering, "εᵢⱼₖ"}


def test_what_ties_a_factors_coefficients_is_said_effect_by_effect() -> None:
    # R's model.matrix: Variety and nitro:Variety, whose main effect of nitro is not there, have columns for
    # two and for all three varieties.
    notes = equations(parse("yield ~ Variety + nitro:Variety + (1 | Block)"), load_sample("Oats")).index.notes
    assert notes[1].endswith(
        "it is 0 at the reference level, Golden Rain; in Variety:nitro each level has its own."
    )
    alone = equations(parse("yield ~ nitro:Variety + (1 | Block)"), load_sample("Oats")).index.notes
    assert alone[1].endswith("one value for each level a of Variety: each level has its own.")
