"""What of a model can be profiled: standard deviations, correlations, σ, fixed effects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mmgui.engine.design import Design, RandomDesign


@dataclass(frozen=True, slots=True)
class Parameter:
    """What is profiled.

    Attributes
    ----------
    kind
        ``"sd"``, ``"correlation"``, ``"sigma"`` or ``"fixed"``.
    term
        Position of the random-effects term, -1 where there is none.
    effects
        The effect, or all that share the standard deviation; the two effects of a correlation, for the
        correlation of a patterned term its first two; for a fixed effect its position among the β.
    name
        As lme4 names it: ``sd_Days|Subject``, ``cor_Days.(Intercept)|Subject``, ``sigma``, ``Days``; what
        all effects of a patterned term share is ``sd|Worker`` and ``cor|Worker``.
    """

    kind: str
    term: int
    effects: tuple[int, ...]
    name: str


def parameters_of(design: Design) -> tuple[Parameter, ...]:
    """Everything that can be profiled, in lme4's order: each term, then σ, then the fixed effects."""
    out: list[Parameter] = []
    for t, term in enumerate(design.random):
        out += _free(t, term) if term.pattern is None else _patterned(t, term)
    out.append(Parameter("sigma", -1, (), "sigma"))
    return (*out, *(Parameter("fixed", -1, (k,), name) for k, name in enumerate(design.fixed_names)))


def _free(t: int, term: RandomDesign) -> Iterator[Parameter]:
    for i, j in term.parameter_positions:
        first, second = term.effects[j], term.effects[i]
        if i == j:
            yield Parameter("sd", t, (i,), f"sd_{first}|{term.grouping}")
        else:
            yield Parameter("correlation", t, (j, i), f"cor_{second}.{first}|{term.grouping}")


def _patterned(t: int, term: RandomDesign) -> Iterator[Parameter]:
    assert term.pattern is not None
    if term.pattern.homogeneous:
        yield Parameter("sd", t, tuple(range(len(term.effects))), f"sd|{term.grouping}")
    else:
        for i, name in enumerate(term.effects):
            yield Parameter("sd", t, (i,), f"sd_{name}|{term.grouping}")
    if term.pattern.correlated:
        yield Parameter("correlation", t, (0, 1), f"cor|{term.grouping}")
