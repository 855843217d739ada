"""What a null vector of the identifiability certificate means, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.design import Design, FloatArray, RandomDesign
from mmgui.inference.identifiability.covariance_parameters import CovarianceParameter, ParameterKind
from mmgui.spec.formula import print_random
from mmgui.spec.terms import INTERCEPT_NAME
from mmgui.words import listed_all

RESIDUAL_VARIANCE = "the residual variance"
# A term with more parameters than this in a trade-off is named as a whole.
_NAMED = 2


@dataclass(frozen=True, eq=False)
class _TradeOff:
    """A null vector taken apart: the parameters that move, by term, and the residual's weight."""

    design: Design
    parameters: tuple[CovarianceParameter, ...]
    weights: tuple[float, ...]
    residual: float
    project: bool

    @property
    def terms(self) -> tuple[int, ...]:
        return tuple(sorted({p.term for p in self.parameters}))

    def of(self, term: int) -> list[tuple[CovarianceParameter, float]]:
        return [(p, w) for p, w in zip(self.parameters, self.weights, strict=True) if p.term == term]

    def change(self, term: int) -> FloatArray:
        """(s, s) how the covariance matrix of a term's effects moves."""
        return np.asarray(sum(w * p.direction for p, w in self.of(term)))

    def title(self, term: int) -> str:
        """A term as the formula writes it, told apart from an equal one."""
        written = [print_random(t) for t in self.design.spec.random]
        equal = [k for k, text in enumerate(written) if text == written[term]]
        which = ("first ", "second ", "third ", "fourth ")[equal.index(term)] if 1 < len(equal) <= 4 else ""
        return f"{which}`{written[term]}`"


def sentence(
    design: Design, parameters: Sequence[CovarianceParameter], weights: FloatArray, *, project: bool
) -> str:
    """Which (co)variances trade off and, where it can be told, why.

    Parameters
    ----------
    design
        The model's matrices.
    parameters
        Its (co)variances without the residual's.
    weights
        (parameters + 1,) the null vector, the residual's weight last.
    project
        Whether fixed effects were projected off (REML).
    """
    moving = [(p, float(w)) for p, w in zip(parameters, weights[:-1], strict=True) if w != 0.0]
    case = _TradeOff(
        design, tuple(p for p, _ in moving), tuple(w for _, w in moving), float(weights[-1]), project
    )
    if len(moving) == 1 and case.residual == 0.0:
        return _without_information(case)
    verdict = f"{_capital(_everything(case))} cannot be told apart"
    reason = _reason(case)
    return f"{verdict}: {reason}." if reason else f"{verdict}: more of one makes up for less of another."


def named(design: Design, parameters: Sequence[CovarianceParameter], weights: FloatArray) -> str:
    """The (co)variances of other than no weight, as people call them; arguments as for :func:`sentence`."""
    moving = [(p, float(w)) for p, w in zip(parameters, weights[:-1], strict=True) if w != 0.0]
    case = _TradeOff(
        design, tuple(p for p, _ in moving), tuple(w for _, w in moving), float(weights[-1]), False
    )
    return _everything(case)


def _everything(case: _TradeOff) -> str:
    names = [text for term in case.terms for text in _names(case, term)]
    if case.residual != 0.0:
        names.append(RESIDUAL_VARIANCE)
    return listed_all(names)


def _names(case: _TradeOff, term: int) -> list[str]:
    """The parameters of a term that move, as people call them."""
    members = case.of(term)
    title, random = case.title(term), case.design.random[term]
    if len(random.effects) == 1:
        return [f"the variance of {_article(title)}{title}"]
    blocks = [[m for m in members if m[0].effects[0] in block] for block in random.blocks]
    blocks = [moving for moving in blocks if moving]
    if len(members) > _NAMED and len(blocks) > 1:
        parts = [_block_name([p for p, _ in moving], random) for moving in blocks]
        return [f"{listed_all(parts)} in {_article(title)}{title}"]
    if len(members) > _NAMED:
        return [f"the variances and covariances of {_article(title)}{title}"]
    return [f"{listed_all([_parameter(p, random) for p, _ in members])} in {_article(title)}{title}"]


def _block_name(moving: Sequence[CovarianceParameter], random: RandomDesign) -> str:
    """The parameters of one block of effects: by name, or as those of its effects."""
    if len(moving) <= _NAMED:
        return listed_all([_parameter(p, random) for p in moving])
    effects = sorted({k for p in moving for k in p.effects})
    return f"the variances and covariances of {listed_all([_effect(random.effects[k]) for k in effects])}"


def _parameter(parameter: CovarianceParameter, random: RandomDesign) -> str:
    effects = [_effect(random.effects[k]) for k in parameter.effects]
    if parameter.kind is ParameterKind.COVARIANCE:
        return f"the covariance of {effects[0]} and {effects[1]}"
    if parameter.kind is ParameterKind.CORRELATION:
        return "the correlation"
    return f"the variance of {effects[0]}" if len(effects) == 1 else "the variance"


def _effect(name: str) -> str:
    return "the intercept" if name == INTERCEPT_NAME else name


def _article(title: str) -> str:
    return "" if title.startswith("`") else "the "


def _without_information(case: _TradeOff) -> str:
    """One parameter alone makes no difference to the data."""
    parameter = case.parameters[0]
    random = case.design.random[parameter.term]
    name = _names(case, parameter.term)[0]
    if parameter.kind is ParameterKind.COVARIANCE:
        a, b = (random.columns[:, k] for k in parameter.effects)
        if not np.any(_reached(random, a) & _reached(random, b)):
            first, second = (_effect(random.effects[k]) for k in parameter.effects)
            return (
                f"{_capital(name)} cannot be estimated: no group of {random.grouping} has rows of both "
                f"{first} and {second}."
            )
    if case.project:
        return (
            f"{_capital(name)} cannot be estimated: the fixed effects already let every {_unit(random)} "
            "differ in this, so nothing is left of it."
        )
    return f"{_capital(name)} cannot be estimated: it makes no difference to the data."


def _reason(case: _TradeOff) -> str:
    """Why; empty where no simple reason is seen."""
    if case.residual != 0.0:
        return _residual_reason(case)
    if len(case.terms) == 1:
        return _one_term_reason(case)
    return _same_effect_reason(case) or _contained_reason(case)


def _residual_reason(case: _TradeOff) -> str:
    if len(case.terms) != 1:
        return ""
    term = case.terms[0]
    random = case.design.random[term]
    sizes = np.bincount(random.codes)
    largest, effects = int(sizes.max()), len(random.effects)
    if largest == 1:
        columns = case.design.spec.random[term].grouping.columns
        if len(columns) == 1:
            return f"every {columns[0]} has one row"
        return f"every combination of {listed_all(columns)} has one row"
    if largest <= effects:
        rows = f"{largest} rows" if sizes.min() == largest else f"at most {largest} rows"
        return (
            f"each {_unit(random)} has {rows} for {effects} effects of its own, so these can follow every "
            "row and leave nothing to the residual"
        )
    return "together they can follow every row, and leave nothing to the residual"


def _one_term_reason(case: _TradeOff) -> str:
    random = case.design.random[case.terms[0]]
    effects = sorted({k for p in case.parameters for k in p.effects})
    constant = [k for k in effects if _constant(random, k) and random.effects[k] != INTERCEPT_NAME]
    if constant:
        names = listed_all([random.effects[k] for k in constant])
        have = "has one value" if len(constant) == 1 else "have one value each"
        return f"{names} {have} in every group of {random.grouping}, so no group shows its own effect of it"
    inside = _contained_block(case, case.terms[0])
    if inside:
        return inside
    if np.linalg.matrix_rank(random.columns) < random.columns.shape[1]:
        return "some of these effects are combinations of the others in every row"
    return ""


def _same_effect_reason(case: _TradeOff) -> str:
    """Two terms in which one and the same effect varies over the same groups."""
    if len(case.parameters) != 2 or len(case.terms) != 2:
        return ""
    first, second = (case.design.random[t] for t in case.terms)
    a, b = case.parameters
    same_groups = _same_groups(first, second)
    if not same_groups or a.kind is not b.kind or len(a.effects) != len(b.effects) or len(a.effects) > 1:
        return ""
    x, z = first.columns[:, a.effects[0]], second.columns[:, b.effects[0]]
    if not np.allclose(x * np.abs(z).max(), z * np.abs(x).max(), rtol=1e-9, atol=0.0):
        return ""
    both = "both" if len(set(case.terms)) == 2 else ""
    what = _effect(first.effects[a.effects[0]])
    groups = (
        f"over the groups of {first.grouping}"
        if first.grouping == second.grouping
        else f"over the groups of {first.grouping}, which are those of {second.grouping}"
    )
    return f"{both} let {what} vary {groups}, and only the sum of the two can be known"


def _contained_reason(case: _TradeOff) -> str:
    """A term whose one variance the (co)variances of another could take over."""
    if len(case.terms) != 2:
        return ""
    for small, large in (case.terms, case.terms[::-1]):
        if len(case.of(small)) != 1 or case.design.random[large].structure.patterned:
            continue
        weight = case.of(small)[0][1]
        taken = -case.change(large) / weight
        if np.linalg.eigvalsh(taken).min() >= -1e-6 * np.abs(taken).max():
            return (
                f"whatever {_article(case.title(small))}{case.title(small)} can describe, "
                f"{case.title(large)} can describe without it"
            )
    return ""


def _contained_block(case: _TradeOff, term: int) -> str:
    """An effect, uncorrelated with the others of its term, that these could take over."""
    random = case.design.random[term]
    moving = case.of(term)
    for p, weight in moving:
        block = next(b for b in random.blocks if p.effects[0] in b)
        if len(block) > 1 or p.kind is not ParameterKind.VARIANCE:
            continue
        taken = -(case.change(term) - weight * p.direction) / weight
        if np.linalg.eigvalsh(taken).min() >= -1e-6 * np.abs(taken).max():
            others = sorted({k for q, _ in moving if q is not p for k in q.effects})
            names = listed_all([_effect(random.effects[k]) for k in others])
            effect = _effect(random.effects[p.effects[0]])
            return f"whatever {effect} can describe, {names} can describe without it"
    return ""


def _constant(random: RandomDesign, effect: int) -> bool:
    """Whether an effect's column has one value within every group."""
    column = random.columns[:, effect]
    first = np.empty(len(random.levels))
    first[random.codes] = column
    return bool(np.array_equal(first[random.codes], column))


def _reached(random: RandomDesign, column: FloatArray) -> NDArray[np.bool_]:
    """(L,) whether a column is other than zero in any row of each group."""
    return np.asarray(np.bincount(random.codes, np.abs(column), len(random.levels)) > 0.0)


def _same_groups(a: RandomDesign, b: RandomDesign) -> bool:
    if len(a.levels) != len(b.levels):
        return False
    partner = np.empty(len(a.levels), dtype=np.intp)
    partner[a.codes] = b.codes
    return bool(np.array_equal(partner[a.codes], b.codes))


def _unit(random: RandomDesign) -> str:
    """One group: ``Subject``, ``combination of batch and cask``."""
    columns = random.grouping.split(":")
    return columns[0] if len(columns) == 1 else f"combination of {listed_all(columns)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
