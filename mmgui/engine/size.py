"""What the engine's blocks take: a model that memory cannot hold is refused before they are built."""

from __future__ import annotations

from collections.abc import Sequence

from mmgui.engine.design import Design
from mmgui.engine.memory import available_bytes, in_words
from mmgui.engine.structure import Factor
from mmgui.errors import FitError

# Copies held at once: of the trailing block (T, T + Σ⁻¹ and its factor, its inverse, one in between), of a
# chain factor's blocks (cross products, whitened, reversed), of the columns (given, whitened, products).
TRAILING, CHAIN, COLUMNS = 5.0, 8.0, 3.0
# Smaller models are not looked at.
SMALL = 1e8
# The columns of the trailing block are numbered in 32 bits, squared.
WIDEST = 46_000


def ensure_memory(
    design: Design, factors: Sequence[Factor], chain: Sequence[int], rest: Sequence[int]
) -> None:
    """Raise where the cross products of a design do not fit into the memory that is free.

    Parameters
    ----------
    design, factors
        The model, and its grouping factors.
    chain, rest
        The factors eliminated in turn, and those kept together densely.

    Raises
    ------
    FitError
        ``too_large``, naming the part that needs most and its size.
    """
    n, p = design.x.shape
    crossed = sum(factors[i].effects for i in rest)
    needs = {
        _rows(design): 8.0 * COLUMNS * n * (p + 1 + sum(f.size for f in factors)),
        _parameters(design): 16.0 * sum(float(f.size) ** 2 for f in factors) * design.theta_count,
        _crossed(design, factors, rest): 8.0 * TRAILING * float(crossed + p + 1) ** 2,
    }
    for i in chain:
        f = factors[i]
        other = p + 1 + sum(factors[j].size for j in chain)
        need = 8.0 * CHAIN * f.effects * (f.size + other)
        what = f"The {f.levels:,} groups of {_name(design, f)} with {f.size:,} effects each"
        needs[what] = max(need, needs.get(what, 0.0))
    total = sum(needs.values())
    if crossed + p + 1 <= WIDEST and (total <= SMALL or total <= available_bytes()):
        return
    what, largest = max(needs.items(), key=lambda item: item[1])
    raise FitError(
        "too_large",
        f"{what} would need {in_words(largest)} of memory, more than is free; leave out an effect or a "
        "grouping factor, or use factors with fewer levels.",
    )


def _name(design: Design, factor: Factor) -> str:
    return design.random[factor.terms[0]].grouping


def _rows(design: Design) -> str:
    return f"The {design.nobs:,} rows with all their effects"


def _parameters(design: Design) -> str:
    return f"The {design.theta_count:,} variances and correlations"


def _crossed(design: Design, factors: Sequence[Factor], rest: Sequence[int]) -> str:
    names = " and ".join(_name(design, factors[i]) for i in rest) or "fixed effects"
    effects = sum(factors[i].effects for i in rest)
    return f"The {effects:,} random effects of the crossed grouping factor {names}"
