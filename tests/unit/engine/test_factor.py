"""The pieces of a large factorization fit together."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.engine import factor
from mmgui.errors import FitError


@pytest.fixture
def positive_definite(monkeypatch):
    monkeypatch.setattr(factor, "PIECE", 16)
    a = np.random.default_rng(0).normal(size=(101, 130))
    return a @ a.T + np.eye(101)


def test_cholesky_in_pieces(positive_definite):
    expected = np.linalg.cholesky(positive_definite)
    np.testing.assert_allclose(factor.cholesky(positive_definite.copy(order="F")), expected, atol=1e-10)


def test_inverse_in_pieces(positive_definite):
    l = np.asfortranarray(np.linalg.cholesky(positive_definite))
    np.testing.assert_allclose(factor.inverse_gram(l), np.linalg.inv(positive_definite), atol=1e-10)


def test_a_long_factorization_asks_between_its_pieces(positive_definite):
    asked = []
    l = factor.cholesky(positive_definite.copy(order="F"), lambda: asked.append(1))
    assert len(asked) > 5
    factor.inverse_gram(l, lambda: asked.append(1))
    assert len(asked) > 10


def test_an_indefinite_matrix_is_an_error_for_people(positive_definite):
    with pytest.raises(FitError) as caught:
        factor.cholesky(np.asfortranarray(positive_definite - 500.0 * np.eye(101)))
    assert caught.value.code == "not_positive_definite"
