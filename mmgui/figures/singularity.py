"""Which effects, or which combination of them, have no variance: found on the correlation scale, in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import FittedTerm
from mmgui.figures.numbers import decimal
from mmgui.figures.wording import effect_name

FloatArray = NDArray[np.float64]

_FLAT = 1e-4


@dataclass(frozen=True, eq=False, slots=True)
class Flatness:
    """What has no variance in a singular term.

    Attributes
    ----------
    zero
        Positions of effects whose own variance is zero.
    varying
        Positions of the others.
    directions
        (d, len(varying)) combinations of the varying effects, each in units of its SD, that have no variance.
    """

    zero: tuple[int, ...]
    varying: tuple[int, ...]
    directions: FloatArray

    @property
    def lockstep(self) -> bool:
        """Whether exactly two effects vary, and only together."""
        return len(self.varying) == 2 and len(self.directions) == 1


def flatness(term: FittedTerm) -> Flatness:
    """Effects and directions of a term without variance.

    The rows of the relative factor, each divided by its length, are a factor of the correlation
    matrix; left singular vectors of singular values below 1e-4 are the combinations of standardised
    effects that do not vary (Bates, Kliegl, Vasishth & Baayen 2015, arXiv:1506.04967, whose
    principal components are those of the relative factor itself).
    """
    lengths = np.sqrt(np.sum(term.relative_factor**2, axis=1))
    zero = lengths <= _FLAT * max(float(lengths.max(initial=0.0)), np.finfo(float).tiny)
    # A term of one effect has nothing to be small against but the residual.
    zero |= lengths < (_FLAT if len(lengths) == 1 else 0.0)
    varying = np.flatnonzero(~zero)
    if len(varying) < 2:
        return Flatness(_positions(np.flatnonzero(zero)), _positions(varying), np.empty((0, len(varying))))
    scaled = term.relative_factor[varying] / lengths[varying, None]
    left, values, _ = np.linalg.svd(scaled)
    padded = np.zeros(len(varying))
    padded[: len(values)] = values
    missing = int(np.count_nonzero(padded <= _FLAT * padded[0]))
    expected = len(term.effects) - term.rank - int(np.count_nonzero(zero))
    missing = max(missing, expected)
    directions = left.T[len(varying) - missing :] if missing > 0 else np.empty((0, len(varying)))
    return Flatness(_positions(np.flatnonzero(zero)), _positions(varying), directions)


def _positions(found: NDArray[np.intp]) -> tuple[int, ...]:
    return tuple(int(k) for k in found)


def combination(weights: FloatArray, names: tuple[str, ...]) -> str:
    """``0.58 × x1 − 0.58 × x2 + 0.57 × x3``; the largest part positive, parts below 0.05 left out."""
    sign = np.sign(weights[int(np.argmax(np.abs(weights)))]) or 1.0
    text = ""
    for weight, name in zip(weights * sign, names, strict=True):
        if abs(weight) < 0.05:
            continue
        part = f"{decimal(abs(float(weight)), 2)} × {name}"
        if not text:
            text = part if weight > 0 else f"−{part}"
        else:
            text += f" {'+' if weight > 0 else '−'} {part}"
    return text


def flat_direction(term: FittedTerm) -> str:
    """A sentence that says what has no variance; empty where the term is not singular."""
    if not term.singular:
        return ""
    flat = flatness(term)
    names = tuple(effect_name(e) for e in term.effects)
    varying = tuple(names[k] for k in flat.varying)
    sentences = []
    if flat.zero:
        which = " and ".join(names[k] for k in flat.zero)
        verb = "has" if len(flat.zero) == 1 else "have"
        sentences.append(f"{which} {verb} no variance between the groups of {term.grouping}.")
    if flat.lockstep:
        one, other = flat.varying
        up = float(term.covariance[one, other]) > 0
        way = "rise and fall together" if up else "move in opposite ways"
        sentences.append(
            f"{varying[0]} and {varying[1]} {way} in lockstep: their correlation is at {'1' if up else '−1'}."
        )
    elif len(flat.directions):
        words = combination(flat.directions[-1], varying)
        sentences.append(f"No variance along the direction {words} (each effect in units of its SD).")
        more = len(flat.directions) - 1
        if more:
            sentences.append(
                f"{more} more {'direction has' if more == 1 else 'directions have'} none either."
            )
    return " ".join(sentences)
