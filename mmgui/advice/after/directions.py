"""What has no variance in a singular term, in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.result import FittedTerm
from mmgui.inference.variance.singularity import Flatness
from mmgui.numbers import decimal
from mmgui.words import effect_name, listed

FloatArray = NDArray[np.float64]

_LEFT_OUT = 0.05


def combination(weights: FloatArray, names: Sequence[str]) -> str:
    """``0.58 × x1 − 0.58 × x2 + 0.57 × x3``; the largest part positive, parts below 0.05 left out."""
    sign = np.sign(weights[int(np.argmax(np.abs(weights)))]) or 1.0
    text = ""
    for weight, name in zip(weights * sign, names, strict=True):
        if abs(weight) < _LEFT_OUT:
            continue
        part = f"{decimal(abs(float(weight)), 2)} × {name}"
        if not text:
            text = part if weight > 0 else f"−{part}"
        else:
            text += f" {'+' if weight > 0 else '−'} {part}"
    return text


def direction_sentences(term: FittedTerm, flat: Flatness) -> str:
    """Sentences that say what has no variance in a term; empty where it is not singular."""
    if not term.singular:
        return ""
    names = [effect_name(e) for e in term.effects]
    sentences = []
    if flat.zero:
        verb = "has" if len(flat.zero) == 1 else "have"
        which = listed([names[k] for k in flat.zero])
        sentences.append(f"{which} {verb} no variance between the groups of {term.grouping}.")
    if flat.lockstep:
        one, other = flat.varying
        up = float(term.covariance[one, other]) > 0
        way = "rise and fall together" if up else "move in opposite ways"
        sentences.append(
            f"Across the groups of {term.grouping}, {names[one]} and {names[other]} {way} in lockstep: "
            f"their correlation is at {'1' if up else '−1'}."
        )
    elif len(flat.directions):
        sentences += _combinations(flat, names, term.grouping)
    return " ".join(sentences)


def _combinations(flat: Flatness, names: Sequence[str], grouping: str) -> list[str]:
    words = combination(flat.directions[-1], [names[k] for k in flat.varying])
    where = f"Across the groups of {grouping}, nothing varies along the direction {words}"
    sentences = [f"{where} (each effect in units of its SD)."]
    more = len(flat.directions) - 1
    if more:
        sentences.append(f"{more} more {'direction does' if more == 1 else 'directions do'} not vary either.")
    return sentences
