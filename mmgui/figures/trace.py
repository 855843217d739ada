"""The optimiser's path: criterion, standard deviations and parameters by evaluation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design, RandomDesign
from mmgui.engine.result import Fit, FitLog
from mmgui.figures.shared_parameters import pair_words, shared_names
from mmgui.figures.tabular import FigureTable
from mmgui.figures.wording import effect_name
from mmgui.spec.model import ModelSpec

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

RESIDUAL_NAME = "Residual"


@dataclass(frozen=True, eq=False, slots=True)
class TraceSds:
    """The standard deviations at each evaluation.

    Attributes
    ----------
    names
        ``Subject: Intercept``, …, ``Residual`` last.
    terms
        The term each belongs to; -1 for the residual.
    values
        (k, n) in the response's units.
    """

    names: tuple[str, ...]
    terms: tuple[int, ...]
    values: FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class TraceFigure:
    """(k,) criterion and (k, m) parameters at each evaluation, live or after the fit.

    ``terms`` gives for each parameter the term it belongs to (its colour); ``running`` is True while
    the fit goes on; ``criterion`` is ``"REML criterion"`` or ``"−2 log-likelihood"``; ``starts`` (k,) counts
    the places where the search began; ``sds`` is None where they are not known.
    """

    criterion: str
    parameters: tuple[str, ...]
    terms: tuple[int, ...]
    objective: FloatArray
    theta: FloatArray
    running: bool
    starts: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    sds: TraceSds | None = None

    @property
    def lower(self) -> BoolArray:
        """(k,) whether each evaluation is lower than all before it since the search began (again)."""
        return lower_than_before(self.objective, self.starts)

    @property
    def best(self) -> float:
        """The lowest criterion."""
        return float(np.min(self.objective))

    def table(self) -> FigureTable:
        """One line an evaluation."""
        sds = self.sds
        names = () if sds is None else tuple(f"{n}: SD" for n in sds.names)
        rows = tuple(
            (
                k + 1,
                float(self.objective[k]),
                *(float(t) for t in self.theta[k]),
                *(() if sds is None else (float(v) for v in sds.values[k])),
                *((int(self.starts[k]) + 1,) if len(self.starts) else ()),
            )
            for k in range(len(self.objective))
        )
        start = ("Start",) if len(self.starts) else ()
        return FigureTable(("Evaluation", self.criterion, *self.parameters, *names, *start), rows)


def criterion_name(reml: bool) -> str:
    """``REML criterion`` or ``−2 log-likelihood``."""
    return "REML criterion" if reml else "−2 log-likelihood"


def lower_than_before(objective: FloatArray, starts: IntArray) -> BoolArray:
    """(k,) whether each value is lower than all before it of its start."""
    lower = np.zeros(len(objective), dtype=np.bool_)
    for start in np.unique(starts) if len(starts) else (0,):
        own = np.flatnonzero(starts == start) if len(starts) else np.arange(len(objective))
        lowest = np.fmin.accumulate(np.append(np.inf, objective[own]))[:-1]
        lower[own] = objective[own] < lowest
    return lower


def starts_of(log: FitLog) -> IntArray:
    """(k,) which start each evaluation descends from; zeros where it was not recorded."""
    return log.start if len(log.start) else np.zeros(len(log.objective), dtype=np.int64)


def starts_number(figure: TraceFigure) -> int:
    """At how many places the search began."""
    return len(np.unique(figure.starts)) if len(figure.starts) else 1


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


def trace_sds(design: Design, theta: FloatArray, sigma: FloatArray) -> TraceSds:
    """The standard deviations at (k, m) theta and (k,) σ, the residual's last."""
    names, terms, columns = [], [], []
    for t, term in enumerate(design.random):
        relative = _relative_sds(term, theta[:, design.theta_slice(t)])
        shared = "" if term.pattern is None else shared_names(term).sd
        for i in range(relative.shape[1]):
            names.append(f"{term.grouping}: {shared or effect_name(term.effects[i])}")
            terms.append(t)
            columns.append(relative[:, i] * sigma)
    values = np.column_stack([*columns, sigma])
    return TraceSds((*names, RESIDUAL_NAME), (*terms, -1), values)


def _relative_sds(term: RandomDesign, theta: FloatArray) -> FloatArray:
    if term.pattern is not None:
        return np.abs(theta[:, : term.pattern.sds])
    squares = np.zeros((len(theta), len(term.effects)))
    for k, (i, _) in enumerate(term.parameter_positions):
        squares[:, i] += theta[:, k] ** 2
    return np.sqrt(squares)


def fit_trace(fit: Fit) -> TraceFigure:
    """The whole path of a fit."""
    return log_trace(fit.design, fit.log)


def log_trace(design: Design, log: FitLog) -> TraceFigure:
    """The path that a log tells of."""
    return trace_figure(
        design.spec,
        parameter_names(design),
        log.objective,
        log.theta,
        terms=parameter_terms(design),
        starts=starts_of(log),
        sds=trace_sds(design, log.theta, log.sigma) if len(log.sigma) else None,
    )


def trace_figure(
    spec: ModelSpec,
    parameters: Sequence[str],
    objective: Sequence[float] | FloatArray,
    theta: Sequence[FloatArray] | FloatArray,
    *,
    terms: Sequence[int] | None = None,
    running: bool = False,
    starts: Sequence[int] | IntArray = (),
    sds: TraceSds | None = None,
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
    begun = np.asarray(starts, dtype=np.int64)
    criterion = criterion_name(spec.reml)
    return TraceFigure(criterion, tuple(parameters), owners, values, path, running, begun, sds)


def _owner(parameter: str, groups: list[str]) -> int:
    fitting = [k for k, g in enumerate(groups) if g in parameter]
    return max(fitting, key=lambda k: len(groups[k]), default=0)
