"""What a model being built still lacks before it can be fitted, in sentences; no table is needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from mmgui.errors import Where
from mmgui.spec.expression import columns_of, show
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import RandomTerm, Term


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps a description from being a model.

    Attributes
    ----------
    code
        ``"no_response"``, ``"no_grouping"``, ``"no_effect"``, ``"same_effect"``, ``"response_explains"``
        or ``"same_term"``.
    message
        A sentence that says what is wrong and what to do.
    where
        The term concerned, as the formula writes it.
    index
        The random term concerned, None if it is none.
    """

    code: str
    message: str
    where: Where
    index: int | None = None


def problems(spec: ModelSpec) -> tuple[Problem, ...]:
    """Everything that keeps the description from being a model; empty if nothing does."""
    return (
        *_no_response(spec),
        *_response_explains(spec),
        *_no_grouping(spec),
        *_no_effect(spec),
        *_same_effect(spec),
        *_same_term(spec),
    )


def _no_response(spec: ModelSpec) -> Iterator[Problem]:
    if spec.response is None:
        yield Problem(
            "no_response",
            "No response is chosen yet; choose the column that the model is to explain.",
            Where("formula"),
        )


def _response_explains(spec: ModelSpec) -> Iterator[Problem]:
    if spec.response is None:
        return
    # A change such as I(after - before) may well be explained by one of its two columns.
    own = frozenset(columns_of(spec.response))
    alone = own if len(own) == 1 else frozenset()

    def reads_it(term: Term) -> bool:
        return spec.response in term.factors or not alone.isdisjoint(term.columns())

    name = next(iter(alone), show(spec.response))
    for term in spec.fixed:
        if reads_it(term):
            yield _explains(name, f"take {term.label} out of the fixed effects", term.label)
    for expression in spec.offset:
        if not alone.isdisjoint(columns_of(expression)):
            yield _explains(name, f"take offset({show(expression)}) out", show(expression))
    for index, card in enumerate(spec.random):
        groups = card.grouping.formula
        for slope in card.slopes:
            if reads_it(slope):
                yield _explains(name, f"take {slope.label} out of the random term of {groups}", groups, index)
        if not alone.isdisjoint(card.grouping.columns):
            yield _explains(name, f"take out the random term of {groups}", groups, index)
    if spec.weights in alone:
        yield _explains(name, "choose another column of weights", name)


def _explains(name: str, remedy: str, label: str, index: int | None = None) -> Problem:
    message = f"{name} is the response and cannot also explain it; {remedy}."
    return Problem("response_explains", message, Where("term", label), index)


def _no_grouping(spec: ModelSpec) -> Iterator[Problem]:
    for index, card in enumerate(spec.random):
        if not card.grouping.columns:
            message = "A random term has no grouping factor; choose the column that defines its groups."
            yield Problem("no_grouping", message, Where("term"), index)


def _no_effect(spec: ModelSpec) -> Iterator[Problem]:
    for index, card in enumerate(spec.random):
        if not card.has_effects:
            groups = card.grouping.label
            message = f"Nothing varies between the groups of {groups}; tick the intercept or a slope."
            yield Problem("no_effect", message, Where("term", groups), index)


def _same_effect(spec: ModelSpec) -> Iterator[Problem]:
    for index, card in enumerate(spec.random):
        for a, b in combinations(card.slopes, 2):
            if a.same_effect(b):
                groups = card.grouping.label
                message = (
                    f"{b.label} is there twice among what varies between the groups of {groups}; remove one."
                )
                yield Problem("same_effect", message, Where("term", groups), index)


def _same_term(spec: ModelSpec) -> Iterator[Problem]:
    for a, b in combinations(spec.fixed, 2):
        if a.same_effect(b):
            message = f"The fixed effect {b.label} is there twice; remove one of the two."
            yield Problem("same_term", message, Where("term", b.label))
    seen: set[object] = set()
    for index, card in enumerate(spec.random):
        identity = _identity(card)
        if identity in seen:
            groups = card.grouping.label
            message = (
                f"The random term of {groups} is there twice with the same effects; remove one of the two."
            )
            yield Problem("same_term", message, Where("term", groups), index)
        seen.add(identity)


def _identity(card: RandomTerm) -> object:
    return (
        frozenset(card.grouping.columns),
        card.intercept,
        frozenset(frozenset(slope.factors) for slope in card.slopes),
    )
