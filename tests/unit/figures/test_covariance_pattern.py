"""The picture of a covariance matrix before the fit: what is free, tied or zero, and how many parameters."""

from __future__ import annotations

import pytest

from mmgui.advice.facts import DesignFacts
from mmgui.data.read import read_text
from mmgui.data.samples import load_sample
from mmgui.engine.build.evaluate import Evaluator
from mmgui.engine.build.random import effect_columns
from mmgui.figures.covariance_pattern import Cell, CovariancePattern, covariance_pattern
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.edit import set_coding
from mmgui.spec.formula import parse
from mmgui.spec.terms import Covariance


def _pattern(sample: str, formula: str) -> CovariancePattern:
    spec = parse(formula)
    return covariance_pattern(spec.random[0], DesignFacts(spec, load_sample(sample)))


@pytest.mark.parametrize(
    ("left", "rule", "count", "kinds", "parameters"),
    [
        ("(0 + Machine | Worker)", "n(n+1)/2", 6, [[1, 1, 1]] * 3, [[0, 1, 2], [1, 3, 4], [2, 4, 5]]),
        ("diag(0 + Machine | Worker)", "n", 3, [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
         [[0, -1, -1], [-1, 1, -1], [-1, -1, 2]]),
        ("diag(0 + Machine | Worker, hom = TRUE)", "one σ for all", 1, [[2, 0, 0], [0, 2, 0], [0, 0, 2]],
         [[0, -1, -1], [-1, 0, -1], [-1, -1, 0]]),
        ("cs(0 + Machine | Worker)", "n + 1: each a σ, one ρ", 4, [[1, 2, 2], [2, 1, 2], [2, 2, 1]],
         [[0, 3, 3], [3, 1, 3], [3, 3, 2]]),
        ("homcs(0 + Machine | Worker)", "one σ, one ρ", 2, [[2] * 3] * 3, [[0, 1, 1], [1, 0, 1], [1, 1, 0]]),
        ("ar1(0 + Machine | Worker)", "one σ, one ρ", 2, [[2] * 3] * 3, [[0, 1, 1], [1, 0, 1], [1, 1, 0]]),
        ("ar1(0 + Machine | Worker, hom = FALSE)", "n + 1: each a σ, one ρ", 4,
         [[1, 2, 2], [2, 1, 2], [2, 2, 1]], [[0, 3, 3], [3, 1, 3], [3, 3, 2]]),
        ("(1 | Worker)", "one σ", 1, [[1]], [[0]]),
    ],
)  # fmt: skip
def test_every_structure_has_its_cells_and_parameters(
    left: str, rule: str, count: int, kinds: list[list[int]], parameters: list[list[int]]
) -> None:
    pattern = _pattern("Machines", f"score ~ Machine + {left}")
    assert (pattern.rule, pattern.count) == (rule, count)
    assert pattern.kinds().tolist() == kinds
    assert pattern.parameters().tolist() == parameters


def test_a_factor_after_two_bars_keeps_its_levels_together() -> None:
    pattern = _pattern("Machines", "score ~ Machine + (Machine || Worker)")
    assert pattern.names == ("Intercept", "MachineA", "MachineB", "MachineC")
    assert (pattern.blocks, pattern.rule, pattern.count) == ((1, 3), "1 + 6", 7)
    assert pattern.cell(1, 0) is Cell.ZERO
    assert pattern.cell(3, 1) is Cell.FREE


def test_the_power_of_the_correlation_grows_with_the_distance() -> None:
    pattern = _pattern("sleepstudy", "Reaction ~ Days + ar1(0 + factor(Days) | Subject)")
    assert pattern.size == 10
    assert [pattern.power(i, 0) for i in range(4)] == [0, 1, 2, 3]
    assert pattern.meaning(2, 0) == (
        "Covariance of factor(Days)0 and factor(Days)2: follows from the shared correlation ρ to the power "
        "of 2."
    )


@pytest.mark.parametrize(
    ("sample", "formula"),
    [
        ("sleepstudy", "Reaction ~ Days + (Days + I(Days^2) || Subject)"),
        ("sleepstudy", "Reaction ~ Days + (poly(Days, 3) | Subject)"),
        ("Machines", "score ~ Machine + hetar1(0 + Machine | Worker)"),
        ("Oats", "yield ~ nitro + (nitro * Variety | Block)"),
        ("Oats", "yield ~ nitro + diag(nitro:Variety | Block)"),
        ("Oats", "yield ~ nitro + (0 + Variety:factor(nitro) | Block)"),
        ("ergoStool", "effort ~ Type + (0 + Type || Subject)"),
    ],
)
def test_names_and_counts_are_those_of_the_design(sample: str, formula: str) -> None:
    table = load_sample(sample)
    spec = parse(formula)
    facts = DesignFacts(spec, table)
    effects = effect_columns(spec.random[0], Evaluator(table, facts.rows), facts.rows.count)
    pattern = covariance_pattern(spec.random[0], facts)
    assert pattern.names == tuple(n.replace("(Intercept)", "Intercept") for n in effects.names)
    assert pattern.blocks == tuple(len(block) for block in effects.blocks)
    assert pattern.count == facts.parameter_count(spec.random[0])


def test_names_follow_the_contrasts_that_were_chosen() -> None:
    spec = set_coding(parse("score ~ Machine + (Machine | Worker)"), Coding("Machine", Contrast.SUM))
    pattern = covariance_pattern(spec.random[0], DesignFacts(spec, load_sample("Machines")))
    assert pattern.names == ("Intercept", "Machine1", "Machine2")


def test_sixteen_effects_have_136_parameters() -> None:
    rows = "\n".join(f"{i},{i // 32},c{i % 16:02}" for i in range(640))
    table = read_text(f"y,g,f\n{rows}\n", "many")
    spec = parse("y ~ 1 + (0 + f | g)")
    pattern = covariance_pattern(spec.random[0], DesignFacts(spec, table))
    assert (pattern.size, pattern.count, pattern.rule) == (16, 136, "n(n+1)/2")
    assert len(pattern.table().rows) == 136
    assert pattern.parameters().max() == 135


def test_a_card_without_an_effect_has_an_empty_picture() -> None:
    spec = parse("Reaction ~ Days + (0 | Subject)", partial=True)
    pattern = covariance_pattern(spec.random[0], DesignFacts(spec, load_sample("sleepstudy")))
    assert (pattern.size, pattern.count) == (0, 0)
    assert pattern.kinds().shape == (0, 0)
    assert pattern.structure is Covariance.UNSTRUCTURED
