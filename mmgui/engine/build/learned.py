"""What building a model's matrices learned from its table, so that new rows get the same columns."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.build.grouping import KnownGroups
from mmgui.engine.build.rules import Rule
from mmgui.spec.expression import Call, Expression
from mmgui.spec.terms import GroupingFactor, RandomTerm


@dataclass(eq=False, slots=True)
class Learned:
    """Filled while the matrices are built.

    Attributes
    ----------
    numbers
        The columns that are computed with as quantities.
    levels
        The levels used of each factor, by the expression of the formula.
    rules
        The constants of each transformation that has some.
    groups
        The groups of each grouping factor.
    effects
        For each random-effects term, the positions of the effects kept among all of its effects.
    """

    numbers: set[str] = field(default_factory=set)
    levels: dict[Expression, tuple[str, ...]] = field(default_factory=dict)
    rules: dict[Call, Rule] = field(default_factory=dict)
    groups: dict[GroupingFactor, KnownGroups] = field(default_factory=dict)
    effects: dict[RandomTerm, NDArray[np.intp]] = field(default_factory=dict)
