"""The certificate from cross products is the one from dense n × n matrices, on designs at random."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unchecked_design import unchecked_design

from mmgui.data.frame import from_frame
from mmgui.engine.design import Design, FloatArray
from mmgui.inference.identifiability.certificate import identifiability
from mmgui.inference.identifiability.covariance_parameters import covariance_parameters

FORMULAS = [
    "y ~ x + (1 | g)",
    "y ~ x + (x | g) + (1 | h)",
    "y ~ x * f + (x || g) + (1 | g:f)",
    "y ~ 0 + f + (0 + f | g) + (1 | h) + (1 | g:h)",
    "y ~ 1 + (x + z | g) + (0 + x | h)",
    "y ~ x + diag(f | g) + (1 | h)",
    "y ~ x + cs(0 + f | g) + (1 | g:f)",
    "y ~ x + ar1(0 + f | g) + (1 | h)",
    "y ~ x + homdiag(0 + f | g) + (1 | g:f) + (1 | h)",
    "y ~ g + (1 | g) + (x | h)",
]


def dense_gram(design: Design) -> FloatArray:
    """tr(M B_a M B_b), the residual last, of matrices over rows scaled by the square roots of the weights."""
    n = design.nobs
    root = np.ones(n) if design.weights is None else np.sqrt(design.weights)
    matrices = []
    for p in covariance_parameters(design):
        random = design.random[p.term]
        b = random.columns @ p.direction @ random.columns.T
        same = random.codes[:, None] == random.codes[None, :]
        matrices.append(root[:, None] * np.where(same, b, 0.0) * root)
    matrices.append(np.eye(n))
    if design.spec.reml:
        q = np.linalg.qr(design.x * root[:, None])[0]
        m = np.eye(n) - q @ q.T
        matrices = [m @ b @ m for b in matrices]
    return np.array([[np.sum(a * b) for b in matrices] for a in matrices])


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    formula=st.sampled_from(FORMULAS),
    reml=st.booleans(),
    weighted=st.booleans(),
    n=st.integers(14, 60),
)
def test_eigenvalues_and_rank_are_those_of_dense_matrices(
    seed: int, formula: str, reml: bool, weighted: bool, n: int
) -> None:
    rng = np.random.default_rng(seed)
    f = np.array(list("ABC") * n)[:n]
    table = from_frame(
        {
            "y": rng.normal(size=n),
            "x": rng.normal(2.0, 1.0, n).round(2),
            "z": rng.integers(0, 3, n) + 0.5,
            "f": rng.permutation(f),
            "g": [f"g{k}" for k in rng.integers(0, 5, n)],
            "h": [f"h{k}" for k in rng.integers(0, 4, n)],
        },
        "random",
    )
    design = unchecked_design(formula, table, reml)
    if weighted:
        design = replace(design, weights=rng.uniform(0.2, 5.0, n))
    gram = dense_gram(design)
    diagonal = np.diag(gram)
    scale = np.sqrt(np.where(diagonal > 1e-10 * diagonal.max(), diagonal, np.inf))
    expected = np.sort(np.linalg.eigvalsh(gram / np.outer(scale, scale)))[::-1]
    found = identifiability(design)
    np.testing.assert_allclose(found.eigenvalues, expected, atol=1e-8)
    # Where the parameters' own directions leave no doubt; the certificate works in better ones.
    if expected.min() > 1e-6:
        assert found.identified
    assert found.n_par - found.rank == len(found.null_vectors) == len(found.sentences)
    for vector in found.null_vectors:
        weights = np.array(list(vector.values()))
        assert weights @ gram @ weights == pytest.approx(0.0, abs=1e-7 * diagonal.max())
