"""Null distributions of likelihood-ratio statistics: mixtures of χ² distributions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_FRACTIONS = {
    0.5: "½", 0.25: "¼", 0.75: "¾", 0.125: "⅛", 0.375: "⅜", 0.625: "⅝", 0.875: "⅞",
}  # fmt: skip
_NO_DIFFERENCE = 1e-7


def chi_squared_tail(statistic: float, df: int) -> float:
    """P(χ²_df ≥ statistic); χ²_0 is the constant 0, for which a statistic of 0 gives 1."""
    from scipy.special import gammaincc

    if statistic <= _NO_DIFFERENCE:
        return 1.0
    return float(gammaincc(df / 2.0, statistic / 2.0)) if df > 0 else 0.0


def mixture_tail(statistic: float, weights: Mapping[int, float]) -> float:
    """P(X ≥ statistic) for X a mixture of χ² distributions, ``weights`` by degrees of freedom."""
    return sum(w * chi_squared_tail(statistic, df) for df, w in weights.items())


def boundary_weights(interior: int, boundary: Sequence[int]) -> dict[int, float]:
    """The mixture for a null model on the boundary of the big one.

    Parameters
    ----------
    interior
        Added parameters that are free in both directions under the null: fixed effects, and
        covariances with effects that vary already.
    boundary
        For each block of effects the number q of directions whose variance is 0 under the null.

    Returns
    -------
    dict
        Weight by degrees of freedom. One variance (q = 1) gives ½χ²_m + ½χ²_{m+1}, which is exact;
        r blocks with q = 1 give the binomial weights of r independent variances. A block with q > 1
        is a cone of q × q matrices whose weights depend on the design; of any such cone the largest
        weight of the full dimension D is ½, so ½χ²_{m+D-1} + ½χ²_{m+D} is never too optimistic.

    References
    ----------
    Self & Liang (1987) JASA 82, 605-610; Stram & Lee (1994) Biometrics 50, 1171-1177; Shapiro (1988)
    International Statistical Review 56, 49-62 (weights of even and of odd degree both sum to ½).
    """
    weights = {interior: 1.0}
    for q in boundary:
        full = q * (q + 1) // 2
        weights = _convolve(weights, {full - 1: 0.5, full: 0.5})
    return dict(sorted(weights.items()))


def _convolve(a: Mapping[int, float], b: Mapping[int, float]) -> dict[int, float]:
    out: dict[int, float] = {}
    for i, u in a.items():
        for j, v in b.items():
            out[i + j] = out.get(i + j, 0.0) + u * v
    return out


def describe_mixture(weights: Mapping[int, float]) -> str:
    """The distribution as people write it: ``½ χ²(1) + ½ χ²(2)``."""
    parts = []
    for df, weight in sorted(weights.items()):
        share = "" if weight == 1.0 else f"{_FRACTIONS.get(weight) or format(weight, '.4g')} "
        parts.append(f"{share}χ²({df})")
    return " + ".join(parts)
