"""Formula beside equation beside words."""

from __future__ import annotations

from mmgui.figures.equation_table import PARAMETERS, model_rows, notation_rows
from mmgui.spec.formula import parse


def _words(formula: str, *factors: str) -> dict[str, str]:
    return {r.formula: r.words for r in model_rows(parse(formula), lambda c: c in factors)}


def test_a_random_term_is_said_with_what_it_assumes() -> None:
    words = _words("y ~ A + (1 | g) + (x || h) + (0 + x | k) + cs(0 + A | m) + (1 | a:b)", "A")
    assert words["(1 | g)"] == "each g has its own level"
    assert words["(x || h)"] == (
        "each h has its own level and its own slope of x, without correlations between them"
    )
    assert words["(0 + x | k)"] == "each k has its own slope of x, and no level of its own"
    assert words["cs(0 + A | m)"] == (
        "each m has its own value for every level of A, with one correlation for every pair"
    )
    assert words["(1 | a:b)"] == "each combination of a and b has its own level"


def test_a_model_without_an_intercept_says_so() -> None:
    assert _words("y ~ 0 + x + (1 | g)")["0"] == "no common level: without an intercept"


def test_the_table_of_notations_is_that_of_seed_003_without_its_misprint() -> None:
    rows = {r.formula: r for r in notation_rows()}
    equations = {f: r.equation.plain() for f, r in rows.items() if r.equation is not None}
    # The source prints (1 || Subject), which has no slope, for uncorrelated level and slope.
    assert equations["y ~ x + (x || g) + (1 | h)"] == "yᵢⱼₖ = (β₀ + b₀ⱼ + b₀ₖ) + (β₁ + b₁ⱼ) xᵢⱼₖ + εᵢⱼₖ"
    assert rows["y ~ x + (x || g)"].same == "(1 | g) + (0 + x | g)"
    assert equations["y ~ x + (0 + x | g) + (1 | h)"] == "yᵢⱼₖ = (β₀ + b₀ₖ) + (β₁ + b₁ⱼ) xᵢⱼₖ + εᵢⱼₖ"
    assert rows["y ~ x + (1 | a*b)"].same == "(1 | a) + (1 | b) + (1 | a:b)"
    assert all(parse(r.formula) for r in rows.values())


def test_other_spellings_mean_the_same_model() -> None:
    for row in notation_rows():
        if row.same and "f" not in row.formula:
            fixed = row.formula.split(" + (")[0]
            same, first = parse(f"{fixed} + {row.same}"), parse(row.formula)
            assert sorted(_effects(same)) == sorted(_effects(first))


def _effects(spec) -> list[tuple[str, str]]:
    return [(r.grouping.label, e.label) for r in spec.random for e in r.effects]


def test_counts_of_parameters_include_the_intercept() -> None:
    # n(n + 1)/2; the source counts 4 effects without the intercept as 10, which makes 5 and 15.
    assert "5 have 15, 12 have 78, 16 have 136" in PARAMETERS
