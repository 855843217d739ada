"""Models that cannot be held are refused with their size, before anything of that size is made."""

from __future__ import annotations

import numpy as np
import pytest
from dense_likelihood import term

from mmgui.engine import memory
from mmgui.engine.blocks import build_blocks
from mmgui.engine.build import build_design
from mmgui.engine.design import Design
from mmgui.errors import FitError
from mmgui.spec.formula import parse
from mmgui.spec.model import ModelSpec


def design(*terms, n):
    y = np.arange(n) % 7.0
    one = np.ones((n, 1))
    return Design(ModelSpec(), y, one, ("(Intercept)",), np.zeros(1, int), terms, None, None, np.arange(n), 0)


def test_crossed_factors_too_large_for_a_dense_block():
    n = 1_000_000
    rng = np.random.default_rng(1)
    one = np.ones((n, 1))
    a, b = term("a", rng.integers(0, 100_000, n), one), term("b", rng.integers(0, 200_000, n), one)
    with pytest.raises(FitError) as caught:
        build_blocks(design(a, b, n=n))
    assert caught.value.code == "too_large"
    # About 99,996 levels of a occur; 5 blocks of that order squared are 400 GB.
    assert "random effects of the crossed grouping factor a would need 400.0 GB" in caught.value.message


def test_more_covariance_parameters_than_memory_holds():
    n, s = 4_000, 600
    columns = np.random.default_rng(1).normal(size=(n, s))
    with pytest.raises(FitError) as caught:
        build_blocks(design(term("g", np.arange(n) % 6, columns), n=n))
    assert caught.value.code == "too_large"
    # 600 x 601 / 2 parameters on 360,000 entries, twice, 8 bytes each: 1.04 TB.
    assert caught.value.message.startswith(
        "The 180,300 variances and correlations would need 1.0 TB of memory, more than is free"
    )


def test_what_the_machine_has_decides(monkeypatch):
    n = 200_000
    rng = np.random.default_rng(1)
    g, h = rng.integers(0, 3_000, n), rng.integers(0, 3_000, n)
    crossed = design(term("g", g, np.ones((n, 1))), term("h", h, np.ones((n, 1))), n=n)
    monkeypatch.setattr("mmgui.engine.size.available_bytes", lambda: 3e8)
    with pytest.raises(FitError) as caught:
        build_blocks(crossed)
    assert caught.value.code == "too_large"
    monkeypatch.setattr("mmgui.engine.size.available_bytes", lambda: 1e9)
    assert build_blocks(crossed).q == 3_000


def test_combinations_of_many_levels_do_not_overflow():
    """100,000 x 100,000 possible combinations do not fit into 32 bits."""
    from mmgui.data.frame import from_frame

    n = 200_000
    rng = np.random.default_rng(1)
    a, b = np.arange(n) // 2, (np.arange(n) // 2 * 7_919) % 100_000
    table = from_frame({"y": rng.normal(size=n), "a": a.astype(str), "b": b.astype(str)}, "t")
    built = build_design(parse("y ~ 1 + (1 | a:b)"), table).random[0]
    assert len(built.levels) == 100_000
    assert np.array_equal(np.bincount(built.codes), np.full(100_000, 2))
    first = built.levels[built.codes[199_999]]
    assert first == f"99999:{(99_999 * 7_919) % 100_000}"


def test_available_memory_is_a_plausible_number_of_bytes():
    assert 1e7 < memory.available_bytes() < 1e15
    assert memory.in_words(2.5e9) == "2.5 GB"
    assert memory.in_words(1.25e12) == "1.2 TB"
