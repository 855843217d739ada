"""What the parser makes of the text before the terms are worked out: a tree whose nodes know their place."""

from __future__ import annotations

from dataclasses import dataclass

from mmgui.spec.expression import Expression
from mmgui.spec.formula.tokens import Token
from mmgui.spec.terms import Covariance


@dataclass(frozen=True, slots=True)
class Leaf:
    """A column or a call of a function."""

    expression: Expression
    position: int
    length: int


@dataclass(frozen=True, slots=True)
class Literal:
    """The 1 or 0 that stands for the intercept."""

    one: bool
    position: int
    length: int


@dataclass(frozen=True, slots=True)
class Offset:
    """``offset(expression)``."""

    expression: Expression
    position: int
    length: int


@dataclass(frozen=True, slots=True)
class Step:
    """An operator and what stands on its right."""

    operator: str
    sign: Token
    right: Node


@dataclass(frozen=True, slots=True)
class Chain:
    """Operators of one precedence in a row, from the left; without ``first`` it begins with a sign."""

    first: Node | None
    steps: tuple[Step, ...]
    position: int
    length: int


@dataclass(frozen=True, slots=True)
class Power:
    """``(a + b)^2``."""

    base: Node
    exponent: int
    position: int
    length: int


@dataclass(frozen=True, slots=True)
class Bar:
    """``(effects | groups)``, with ``||``, or in the call of a covariance structure."""

    effects: Node
    covariance: Covariance
    groups: Node
    position: int
    length: int


Node = Leaf | Literal | Offset | Chain | Power | Bar
