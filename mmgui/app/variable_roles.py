"""What each column does in the model being built."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mmgui.spec.expression import columns_of
from mmgui.spec.model import ModelSpec

RESPONSE = "response"
FIXED = "fixed"
SLOPE = "slope"
GROUPS = "groups"
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Role:
    """One thing a column does; ``term`` is the random-effects term whose colour it wears, or -1."""

    kind: str
    text: str
    term: int = -1


def roles(spec: ModelSpec) -> Mapping[str, tuple[Role, ...]]:
    """The roles of every column the model uses, each once."""
    found: dict[str, dict[Role, None]] = defaultdict(dict)
    for column, role in _roles(spec):
        found[column][role] = None
    return {column: tuple(each) for column, each in found.items()}


def _roles(spec: ModelSpec) -> Iterator[tuple[str, Role]]:
    if spec.response is not None:
        for column in columns_of(spec.response):
            yield column, Role(RESPONSE, "response")
    for term in spec.fixed:
        for column in term.columns():
            yield column, Role(FIXED, "fixed")
    for index, random in enumerate(spec.random):
        for slope in random.slopes:
            for column in slope.columns():
                yield column, Role(SLOPE, f"slope of {random.grouping.label}", index)
    # A column in several cards groups rows once; its first card gives the colour.
    grouping: dict[str, int] = {}
    for index, random in enumerate(spec.random):
        for column in random.grouping.columns:
            grouping.setdefault(column, index)
    for column, index in grouping.items():
        yield column, Role(GROUPS, "groups", index)
    for expression in spec.offset:
        for column in columns_of(expression):
            yield column, Role(OTHER, "offset")
    if spec.weights is not None:
        yield spec.weights, Role(OTHER, "weights")
