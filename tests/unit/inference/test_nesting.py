"""Which models contain which is decided from the spaces they span."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mmgui.engine.design import Design
from mmgui.inference.comparison.nesting import Embedding, embed

DesignOf = Callable[..., Design]

SLEEP = {
    "null": "Reaction ~ 1 + (1 | Subject)",
    "intercepts": "Reaction ~ Days + (1 | Subject)",
    "slopes only": "Reaction ~ Days + (0 + Days | Subject)",
    "uncorrelated": "Reaction ~ Days + (Days || Subject)",
    "correlated": "Reaction ~ Days + (Days | Subject)",
    "shifted": "Reaction ~ Days + (I(Days - 4.5) | Subject)",
    "far origin": "Reaction ~ Days + (I(Days + 2000) | Subject)",
    "uncorrelated, shifted": "Reaction ~ Days + (I(Days - 4.5) || Subject)",
    "curved": "Reaction ~ Days + (Days + I(Days^2) | Subject)",
}


@pytest.mark.parametrize(
    ("small", "big", "expected"),
    [
        ("intercepts", "uncorrelated", Embedding(0, 1, (1,))),
        ("intercepts", "correlated", Embedding(0, 2, (1,))),
        ("intercepts", "curved", Embedding(0, 5, (2,))),
        ("correlated", "curved", Embedding(0, 3, (1,))),
        ("uncorrelated", "correlated", Embedding(0, 1, ())),
        ("uncorrelated, shifted", "correlated", Embedding(0, 1, ())),
        ("uncorrelated", "far origin", Embedding(0, 1, ())),
        ("slopes only", "correlated", Embedding(0, 2, (1,))),
        ("null", "intercepts", Embedding(1, 0, ())),
        ("null", "correlated", Embedding(1, 2, (1,))),
        ("correlated", "shifted", Embedding(0, 0, ())),
        ("shifted", "far origin", Embedding(0, 0, ())),
    ],
)
def test_a_special_case_is_found_with_its_extra_parameters(
    design: DesignOf, small: str, big: str, expected: Embedding
) -> None:
    assert embed(design("sleepstudy", SLEEP[small]), design("sleepstudy", SLEEP[big])) == expected


@pytest.mark.parametrize(
    ("small", "big"),
    [
        ("intercepts", "slopes only"),
        ("slopes only", "intercepts"),
        ("uncorrelated", "uncorrelated, shifted"),
        ("slopes only", "uncorrelated, shifted"),
        ("correlated", "intercepts"),
        ("intercepts", "null"),
    ],
)
def test_other_pairs_are_no_special_case(design: DesignOf, small: str, big: str) -> None:
    assert embed(design("sleepstudy", SLEEP[small]), design("sleepstudy", SLEEP[big])) is None


@pytest.mark.parametrize(
    ("small", "big", "expected"),
    [
        # Cell means and treatment contrasts of a factor are one model; so is compound symmetry in it.
        ("(Machine | Worker)", "(0 + Machine | Worker)", Embedding(0, 0, ())),
        ("(1 | Worker) + (1 | Worker:Machine)", "(Machine | Worker)", Embedding(0, 4, ())),
        ("(1 | Worker:Machine)", "(0 + Machine | Worker)", Embedding(0, 5, ())),
        ("(1 | Worker)", "(1 | Worker/Machine)", Embedding(0, 1, (1,))),
        ("(1 | Worker)", "(Machine | Worker)", Embedding(0, 5, (2,))),
    ],
)
def test_factors_nest_however_their_columns_are_coded(
    design: DesignOf, small: str, big: str, expected: Embedding
) -> None:
    first, second = (design("Machines", f"score ~ Machine + {f}") for f in (small, big))
    assert embed(first, second) == expected


def test_variances_that_cannot_be_told_apart_are_noticed(design: DesignOf) -> None:
    small = design("Machines", "score ~ Machine + (1 | Worker)")
    big = design("Machines", "score ~ Machine + (1 | Worker) + (0 + Machine | Worker)")
    found = embed(small, big)
    assert found is not None
    assert (found.extra_covariance, found.identified) == (5, False)


def test_groups_are_compared_by_their_rows_and_not_by_their_names(design: DesignOf) -> None:
    by_label = design("Pastes", "strength ~ 1 + (1 | batch) + (1 | sample)")
    by_product = design("Pastes", "strength ~ 1 + (1 | batch/cask)")
    assert embed(by_label, by_product) == Embedding(0, 0, ())
    assert embed(design("Pastes", "strength ~ 1 + (1 | cask)"), by_product) is None


def test_a_negative_variance_is_no_special_case() -> None:
    """In pairs of rows coded -½ and ½ the slope's directions are the intercept's, but with opposite sign."""
    import numpy as np

    from mmgui.engine.design import RandomDesign
    from mmgui.spec.model import ModelSpec

    def pairs(columns: np.ndarray) -> Design:
        codes = np.repeat(np.arange(6, dtype=np.int32), 2)
        levels = tuple("abcdef")
        term = RandomDesign("g", levels, codes, ("x",), columns[:, None], ((0,),))
        y = np.arange(12.0)
        spec = ModelSpec()
        return Design(
            spec, y, np.ones((12, 1)), ("1",), np.zeros(1, int), (term,), None, None, np.arange(12), 0
        )

    level, contrast = pairs(np.ones(12)), pairs(np.tile([-0.5, 0.5], 6))
    assert embed(contrast, level) is None
    assert embed(level, contrast) is None
