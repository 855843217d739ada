"""The optimiser's path: criterion and parameters by evaluation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design, RandomDesign
from mmgui.figures.shared_parameters import pair_words, shared_names
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_name
from mmgui.spec.model import ModelSpec

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class TraceFigure:
    """(k,) criterion and (k, m) parameters at each evaluation, live or after the fit.

    ``terms`` gives for each parameter the term it belongs to (its colour); ``running`` is True while
    the fit goes on; ``criterion`` is ``"REML criterion"`` or ``"−2 log-likelihood"``.
    """

    criterion: str
    parameters: tuple[str, ...]
    terms: tuple[int, ...]
    objective: FloatArray
    theta: FloatArray
    running: bool

    def table(self) -> FigureTable:
        """One line an evaluation."""
        rows = tuple(
            (k + 1, float(self.objective[k]), *(float(t) for t in self.theta[k]))
            for k in range(len(self.objective))
        )
        return FigureTable(("Evaluation", self.criterion, *self.parameters), rows)


def criterion_name(reml: bool) -> str:
    """``REML criterion`` or ``−2 log-likelihood``."""
    return "REML criterion" if reml else "−2 log-likelihood"


def parameter_names(design: Design) -> tuple[str, ...]:
    """Names of theta's entries for people: ``Subject: Intercept``, ``Subject: Days with Intercept``."""
    return tuple(f"{term.grouping}: {name}" for term in design.random for name in _names(term))


def _names(term: RandomDesign) -> Iterator[str]:
    if term.pattern is None:
        for i, j in term.parameter_positions:
            with_other = "" if i == j else f" with {effect_name(term.effects[j])}"
            yield effect_name(term.effects[i]) + with_other
        return
    shared = shared_names(term)
    if shared.sd:
        yield shared.sd
    else:
        yield from map(effect_name, term.effects)
    if term.pattern.correlated:
        yield pair_words((term.effects[0], term.effects[1]), shared.pairs, brief=True)


def parameter_terms(design: Design) -> tuple[int, ...]:
    """The term each entry of theta belongs to."""
    return tuple(k for k, term in enumerate(design.random) for _ in range(term.theta_count))


def trace_figure(
    spec: ModelSpec,
    parameters: Sequence[str],
    objective: Sequence[float] | FloatArray,
    theta: Sequence[FloatArray] | FloatArray,
    *,
    terms: Sequence[int] | None = None,
    running: bool = False,
) -> TraceFigure:
    """The path so far.

    ``parameters`` name theta's entries (of the event ``Started``, or ``parameter_names``); ``terms``
    are theirs (``parameter_terms``). While a fit runs and its design is not at hand, leave ``terms``
    out: a parameter then goes to the term whose grouping factor its name begins with.
    """
    count = len(parameters)
    path = np.asarray(theta, dtype=np.float64).reshape(-1, count) if count else np.empty((len(objective), 0))
    groups = [r.grouping.label for r in spec.random]
    owners = tuple(terms) if terms is not None else tuple(_owner(name, groups) for name in parameters)
    values = np.asarray(objective, dtype=np.float64)
    return TraceFigure(criterion_name(spec.reml), tuple(parameters), owners, values, path, running)


def _owner(parameter: str, groups: list[str]) -> int:
    fitting = [k for k, g in enumerate(groups) if g in parameter]
    return max(fitting, key=lambda k: len(groups[k]), default=0)
