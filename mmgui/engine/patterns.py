"""Covariance matrices whose columns share a variance or a correlation: Σ = D R(ρ) D.

D holds the standard deviations relative to σ, one for all columns or one each, and R(ρ) is

- identity: I;
- compound symmetry: (1 - ρ) I + ρ J, with -1/(s - 1) ≤ ρ ≤ 1;
- first-order autoregression: ρ^|i - j| over the order of the columns, with -1 ≤ ρ ≤ 1.

θ is (standard deviations, ρ). Σ is a polynomial in θ, so its derivatives exist on the whole closed domain.
Searches use other coordinates x, one for each entry of θ, in which every x is allowed and a root of Σ is
smooth up to the boundary and beyond:

- one standard deviation for all: θ = u x, Σ being even in it;
- one of several: θ = u x² (Σ is not even in it unless ρ = 0);
- compound symmetry: ρ = 1 - sin²x · s/(s - 1), since R has the eigenvalues s cos²x on J/s and
  sin²x · s/(s - 1) on I - J/s;
- autoregression: ρ = sin x, since the Cholesky factor of R has ρ^(i-j) √(1 - ρ²) = sin^(i-j) x · cos x.

At a boundary point (a standard deviation of 0, a limit of ρ) the derivative in x vanishes, whatever the
criterion: whether it is an optimum must be asked of the derivative in θ.

References
----------
Pinheiro, J. C. & Bates, D. M. (2000). Mixed-Effects Models in S and S-PLUS. Springer, sections 4.2 and 5.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mmgui.spec.terms import Covariance

FloatArray = NDArray[np.float64]

_HOMOGENEOUS = (Covariance.IDENTITY, Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY, Covariance.AR1)
_AUTOREGRESSIVE = (Covariance.AR1, Covariance.HETEROGENEOUS_AR1)


@dataclass(frozen=True)
class Pattern:
    """A structure on s columns, s ≥ 2.

    Attributes
    ----------
    structure
        One of the patterned structures.
    size
        s.
    """

    structure: Covariance
    size: int

    @property
    def homogeneous(self) -> bool:
        """Whether all columns have one standard deviation."""
        return self.structure in _HOMOGENEOUS

    @property
    def autoregressive(self) -> bool:
        """Whether the correlation falls with the distance of the columns."""
        return self.structure in _AUTOREGRESSIVE

    @property
    def correlated(self) -> bool:
        """Whether there is a ρ."""
        return self.structure is not Covariance.IDENTITY

    @property
    def sds(self) -> int:
        """Number of standard deviations in θ."""
        return 1 if self.homogeneous else self.size

    @property
    def count(self) -> int:
        """Length of θ."""
        return self.sds + self.correlated

    @property
    def limits(self) -> tuple[float, float]:
        """The smallest and the largest ρ, where R is singular."""
        return (-1.0, 1.0) if self.autoregressive else (-1.0 / (self.size - 1), 1.0)

    @cached_property
    def _lags(self) -> NDArray[np.intp]:
        position = np.arange(self.size)
        lags: NDArray[np.intp] = np.abs(position[:, None] - position[None, :])
        return lags

    def correlation(self, rho: float) -> FloatArray:
        """(s, s) R; ``rho`` is ignored by the identity."""
        if not self.correlated:
            return np.eye(self.size)
        if self.autoregressive:
            powers: FloatArray = np.power(float(rho), self._lags)
            return powers
        out = np.full((self.size, self.size), rho)
        np.fill_diagonal(out, 1.0)
        return out

    def correlation_slope(self, rho: float) -> FloatArray:
        """(s, s) dR/dρ."""
        if not self.correlated:
            return np.zeros((self.size, self.size))
        if self.autoregressive:
            slope = self._lags * np.power(float(rho), np.maximum(self._lags - 1, 0))
            return np.asarray(slope, dtype=np.float64)
        return 1.0 - np.eye(self.size)

    def sd(self, theta: FloatArray) -> FloatArray:
        """(s,) the columns' relative standard deviations."""
        return np.broadcast_to(theta[: self.sds], (self.size,))

    def rho(self, theta: FloatArray) -> float:
        """ρ, 0 where there is none."""
        return float(theta[-1]) if self.correlated else 0.0

    def covariance(self, theta: FloatArray) -> FloatArray:
        """(s, s) Σ relative to σ²."""
        sd = self.sd(theta)
        out: FloatArray = sd[:, None] * self.correlation(self.rho(theta)) * sd
        return out

    def covariance_slopes(self, theta: FloatArray) -> FloatArray:
        """(count, s, s) ∂Σ/∂θ."""
        sd, rho = self.sd(theta), self.rho(theta)
        correlation = self.correlation(rho)
        half = correlation * sd
        if self.homogeneous:
            slopes = [2.0 * half]
        else:
            slopes = [np.zeros((self.size, self.size)) for _ in range(self.size)]
            for k, slope in enumerate(slopes):
                slope[k] += half[k]
                slope[:, k] += half[k]
        if self.correlated:
            slopes.append(sd[:, None] * self.correlation_slope(rho) * sd)
        return np.array(slopes)

    def factor(self, theta: FloatArray) -> FloatArray:
        """(s, s) a factor λ of Σ = λ λᵀ; not triangular."""
        root = self.root(self.angle(self.rho(theta))) if self.correlated else np.eye(self.size)
        out: FloatArray = self.sd(theta)[:, None] * root
        return out

    def angle(self, rho: float) -> float:
        """x with ρ = ρ(x), in [0, π/2] for compound symmetry, else in [-π/2, π/2]."""
        if self.autoregressive:
            return float(np.arcsin(np.clip(rho, -1.0, 1.0)))
        square = (1.0 - rho) * (self.size - 1) / self.size
        return float(np.arcsin(np.sqrt(np.clip(square, 0.0, 1.0))))

    def rho_at(self, angle: float) -> float:
        """ρ(x)."""
        if self.autoregressive:
            return float(np.sin(angle))
        return float(max(1.0 - np.sin(angle) ** 2 * (self.size / (self.size - 1)), self.limits[0]))

    def rho_slope(self, angle: float) -> float:
        """dρ/dx."""
        if self.autoregressive:
            return float(np.cos(angle))
        return float(-np.sin(2.0 * angle) * (self.size / (self.size - 1)))

    def root(self, angle: float) -> FloatArray:
        """(s, s) a factor of R that is smooth in x."""
        s, sine, cosine = self.size, float(np.sin(angle)), float(np.cos(angle))
        if self.autoregressive:
            out: FloatArray = np.tril(np.power(sine, self._lags))
            out[:, 1:] *= cosine
            return out
        mean = np.full((s, s), 1.0 / s)
        smooth: FloatArray = np.sqrt(s) * cosine * mean + np.sqrt(s / (s - 1)) * sine * (np.eye(s) - mean)
        return smooth

    def root_slope(self, angle: float) -> FloatArray:
        """(s, s) derivative of ``root``."""
        s, sine, cosine = self.size, float(np.sin(angle)), float(np.cos(angle))
        if self.autoregressive:
            lower = np.tril(np.power(sine, self._lags))
            slope = np.tril(self._lags * np.power(sine, np.maximum(self._lags - 1, 0))) * cosine
            slope[:, 1:] = slope[:, 1:] * cosine - lower[:, 1:] * sine
            return np.asarray(slope, dtype=np.float64)
        mean = np.full((s, s), 1.0 / s)
        turned: FloatArray = -np.sqrt(s) * sine * mean + np.sqrt(s / (s - 1)) * cosine * (np.eye(s) - mean)
        return turned


@dataclass(frozen=True, eq=False)
class Coordinates:
    """The search coordinates x of one patterned term.

    Attributes
    ----------
    pattern
        The structure.
    units
        (sds,) relative standard deviation of each entry at x = 1.
    """

    pattern: Pattern
    units: FloatArray

    def theta(self, x: FloatArray) -> FloatArray:
        """θ(x)."""
        p = self.pattern
        sd = x[: p.sds]
        sd = np.abs(sd) if p.homogeneous else sd * sd
        sd = self.units * sd
        return np.append(sd, p.rho_at(float(x[-1]))) if p.correlated else sd

    def slopes(self, x: FloatArray) -> FloatArray:
        """(count,) dθ/dx, entry by entry (for one SD that of u x, whose sign does not matter)."""
        p = self.pattern
        sd = x[: p.sds]
        slope = self.units * (np.where(sd < 0.0, -1.0, 1.0) if p.homogeneous else 2.0 * sd)
        return np.append(slope, p.rho_slope(float(x[-1]))) if p.correlated else slope

    def x(self, theta: FloatArray) -> FloatArray:
        """An x with θ(x) = θ."""
        p = self.pattern
        sd = np.abs(theta[: p.sds]) / self.units
        sd = sd if p.homogeneous else np.sqrt(sd)
        return np.append(sd, p.angle(float(theta[-1]))) if p.correlated else sd

    def factor(self, x: FloatArray) -> FloatArray:
        """(s, s) λ(x), smooth."""
        out: FloatArray = self._sd(x)[:, None] * self._root(x)
        return out

    def factor_slopes(self, x: FloatArray) -> FloatArray:
        """(count, s, s) ∂λ/∂x."""
        p = self.pattern
        root = self._root(x)
        if p.homogeneous:
            slopes = [self.units[0] * root]
        else:
            slopes = [np.zeros_like(root) for _ in range(p.size)]
            for k, slope in enumerate(slopes):
                slope[k] = 2.0 * self.units[k] * x[k] * root[k]
        if p.correlated:
            slopes.append(self._sd(x)[:, None] * p.root_slope(float(x[-1])))
        return np.array(slopes)

    def _sd(self, x: FloatArray) -> FloatArray:
        p = self.pattern
        sd = x[: p.sds]
        sd = sd if p.homogeneous else sd * sd
        return np.broadcast_to(self.units * sd, (p.size,))

    def _root(self, x: FloatArray) -> FloatArray:
        p = self.pattern
        return p.root(float(x[-1])) if p.correlated else np.eye(p.size)


def coordinates_of(pattern: Pattern, columns: FloatArray) -> Coordinates:
    """Coordinates in whose unit an effect is about as large as the residual; ``columns`` (n, s)."""
    scale = np.sqrt(np.mean(columns**2, axis=0))
    scale = np.where(scale > 0.0, scale, 1.0)
    if pattern.homogeneous:
        return Coordinates(pattern, np.array([1.0 / np.sqrt(np.mean(scale**2))]))
    return Coordinates(pattern, 1.0 / scale)
