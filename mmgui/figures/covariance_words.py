"""Covariance structures in words: a short name to choose by, and what it holds for the effects."""

from __future__ import annotations

from mmgui.spec.terms import Covariance

_WORDS = {
    Covariance.UNSTRUCTURED: (
        "correlated",
        (
            "Correlated: every effect has its own variance and every pair its own correlation, so "
            "that groups with a high intercept may tend to have high, or low, slopes."
        ),
    ),
    Covariance.DIAGONAL: (
        "uncorrelated",
        (
            "Uncorrelated: correlations between different effects are held at zero; the levels of a "
            "factor may still correlate."
        ),
    ),
    Covariance.INDEPENDENT: (
        "all separate",
        (
            "All separate: every correlation is held at zero, also between the levels of a factor; "
            "each effect has its own variance."
        ),
    ),
    Covariance.IDENTITY: (
        "one variance",
        "One variance: all effects vary equally much and every correlation is held at zero.",
    ),
    Covariance.COMPOUND_SYMMETRY: (
        "compound symmetry",
        "Compound symmetry: every effect has its own variance, and all pairs share one correlation.",
    ),
    Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY: (
        "compound, one SD",
        (
            "Compound symmetry with one variance: all effects vary equally much, and all pairs share "
            "one correlation."
        ),
    ),
    Covariance.AR1: (
        "AR(1)",
        (
            "Autoregressive: all effects vary equally much, and those k steps apart correlate by ρ to"
            " the power of k, in the order of their columns."
        ),
    ),
    Covariance.HETEROGENEOUS_AR1: (
        "AR(1), own SDs",
        (
            "Autoregressive with own variances: effects k steps apart correlate by ρ to the power of "
            "k, in the order of their columns."
        ),
    ),
}


def covariance_name(covariance: Covariance) -> str:
    """The structure in a word or two."""
    return _WORDS[covariance][0]


def covariance_explained(covariance: Covariance) -> str:
    """The structure in a sentence."""
    return _WORDS[covariance][1]
