"""G12: a column that is not in the model and groups what the model leaves unexplained.

Nothing is fitted: the response is cleared of the fixed effects and of what every grouping factor of the model
could explain, both by least squares, and an analysis of variance asks how much of what is left lies between
the groups of the column.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from mmgui.advice.before import remedies
from mmgui.advice.facts import DesignFacts, Groups
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.advice.predictor_facts import is_built_at_once
from mmgui.advice.relations import relation_of
from mmgui.advice.rule import Rule
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.data.table import Kind
from mmgui.engine.design import Design, FloatArray
from mmgui.errors import DataError
from mmgui.spec.edit import nest
from mmgui.spec.formula import print_random
from mmgui.spec.terms import INTERCEPT_NAME

Columns = tuple[str, ...]

# Numbers that the effects of a model's groups and rows may come to while a person waits for a click.
_MOST_WORK = 50_000_000
_MOST_ROUNDS = 200
_STILL = 1e-6
# A response of which the model leaves no larger share than this is left with rounding.
_NOTHING_LEFT = 1e-9


@dataclass(frozen=True, slots=True)
class _LeftOut:
    """A column, or the combinations of two, with the share of the unexplained variance it groups."""

    columns: Columns
    share: float
    groups: int


def can_judge(facts: DesignFacts) -> bool:
    """Whether the response can say what its rows share: the model can be built and is not too large."""
    design = facts.design if is_built_at_once(facts) else None
    if design is None:
        return False
    width: int = design.x.shape[1] + sum(r.columns.shape[1] ** 2 for r in design.random) + 1
    return design.nobs * width**2 <= _MOST_WORK


def left_out(facts: DesignFacts) -> Iterator[Finding]:
    """G12: rows of a column that the model does not read are alike beyond what the model explains.

    The column is an id or a category (a number would be a predictor), with more than
    ``THRESHOLDS.repeated_levels`` groups and at least two rows a group on average (``repeats``); where its
    labels start anew in each group of the model's, the combinations count. It fires where the analysis of
    variance puts more than ``left_out_share`` of the unexplained variance between its groups and chance
    would do so in fewer than ``left_out_p`` of studies, divided by the number of columns looked at. Weights
    are not looked at.

    The sums of squares are those of the residuals as they are, without taking off again what the groups share
    with the rest of the model, and the degrees of freedom are counted in the column's disfavour: where the
    design is unbalanced, the share is too small rather than too large.
    """
    if not can_judge(facts):
        return
    candidates = list(_candidates(facts))
    cleared: dict[tuple[int, ...], tuple[FloatArray, int]] = {}
    found = [one for columns in candidates if (one := _judged(facts, columns, len(candidates), cleared))]
    told: list[Columns] = []
    for one in sorted(found, key=lambda f: -f.share):
        if any(facts.inside(one.columns, c) or facts.inside(c, one.columns) for c in told):
            continue
        told.append(one.columns)
        label = ":".join(one.columns)
        whole = (
            "what the model leaves unexplained" if facts.spec.fixed or facts.spec.random else "the variation"
        )
        yield Finding(
            "G12",
            Severity.INFO,
            f"Rows that share {label} ({one.groups:,} groups) are alike: about {one.share:.0%} of {whole} "
            f"lies between them. Without a term for {label} they count as independent.",
            (label, *(one.columns if len(one.columns) > 1 else ())),
            (_added(facts, one.columns),),
        )


def _added(facts: DesignFacts, columns: Columns) -> Fix:
    """A random intercept for the groups; inside the term whose groups these divide, where it is one too."""
    for index, term in enumerate(facts.spec.random):
        if term.grouping.columns == columns[:-1] and not term.slopes:
            nested = nest(facts.spec, index, columns[-1])
            return Fix(f"Add {print_random(nested.random[index + 1])}", nested)
    return remedies.with_grouping(facts.spec, columns)


def _candidates(facts: DesignFacts) -> Iterator[Columns]:
    """Columns, or a group's own labels, whose groups are new to the model and come with repeats."""
    known = [t.grouping.columns for t in facts.spec.random]
    asked = _asked_about(facts, known)
    read = set(facts.spec.columns())
    seen: list[Columns] = []
    for column in facts.table.columns:
        if column.name in read or column.kind is Kind.NUMBER:
            continue
        columns = _own_labels(facts, (column.name,), known)
        groups = facts.groups(columns)
        rows = int(groups.sizes.sum())
        if groups.count <= THRESHOLDS.repeated_levels or rows < THRESHOLDS.repeats * groups.count:
            continue
        if any(facts.same_partition(columns, other) for other in (*known, *asked, *seen)):
            continue
        seen.append(columns)
        yield columns


def _asked_about(facts: DesignFacts, known: list[Columns]) -> list[Columns]:
    """Combinations of the model's own groups in which labels may start anew, of which N1 asks."""
    out = []
    for a, b in combinations(known, 2):
        try:
            if relation_of(facts.table, a, b).may_be_nested:
                out.append((*a, *b))
        except DataError:
            continue
    return out


def _own_labels(facts: DesignFacts, columns: Columns, known: list[Columns]) -> Columns:
    """The column with the grouping factor in each group of which its labels may start anew."""
    for outer in known:
        try:
            found = relation_of(facts.table, outer, columns)
        except DataError:
            continue
        if found.may_be_nested and found.inner == columns[0]:
            return (*outer, *columns)
    return columns


def _judged(
    facts: DesignFacts,
    columns: Columns,
    candidates: int,
    cleared: dict[tuple[int, ...], tuple[FloatArray, int]],
) -> _LeftOut | None:
    design = facts.design
    assert design is not None
    groups = facts.groups(columns)
    # Groups of the model that lie within those of the column would explain all that lies between these.
    within = [k for k, t in enumerate(facts.spec.random) if facts.inside(t.grouping.columns, columns)]
    others = tuple(k for k in range(len(design.random)) if k not in within)
    if others not in cleared:
        cleared[others] = _cleared(design, others)
    residuals, spent = cleared[others]
    if within:
        coarsest = min(within, key=lambda k: len(design.random[k].levels))
        layout = _means(residuals, design.random[coarsest].codes, groups)
    else:
        known = groups.codes >= 0
        layout = _Layout(residuals[known], groups.codes[known], float(spent))
    crossing = [facts.spec.random[k].grouping.columns for k in others]
    share, chance = _between(layout, _new_groups(facts, columns, crossing))
    if share <= THRESHOLDS.left_out_share or chance >= THRESHOLDS.left_out_p / candidates:
        return None
    return _LeftOut(columns, share, groups.count)


@dataclass(frozen=True, slots=True)
class _Layout:
    """A one-way layout: (m,) values, (m,) their groups, and degrees of freedom used up before."""

    values: FloatArray
    codes: NDArray[np.int32]
    spent: float


def _means(residuals: FloatArray, units: NDArray[np.int32], groups: Groups) -> _Layout:
    """The mean of each unit, for units that lie within the groups."""
    known = groups.codes >= 0
    sizes = np.bincount(units[known])
    here = sizes > 0
    means = np.bincount(units[known], residuals[known])[here] / sizes[here]
    of_unit = np.zeros(len(sizes), dtype=np.int32)
    of_unit[units[known]] = groups.codes[known]
    return _Layout(means, of_unit[here], 1.0)


def _new_groups(facts: DesignFacts, columns: Columns, others: list[Columns]) -> int:
    """At most how many independent differences between groups are new beside those of the model."""
    return facts.groups(columns).count - max((_pieces(facts, columns, o) for o in others), default=1)


def _pieces(facts: DesignFacts, a: Columns, b: Columns) -> int:
    """Connected pieces of the graph in which groups of a and of b that share a row are joined."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first, second = facts.groups(a), facts.groups(b)
    known = (first.codes >= 0) & (second.codes >= 0)
    total = first.count + second.count
    rows, columns = first.codes[known], second.codes[known] + first.count
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(total, total))
    pieces, _ = connected_components(graph, directed=False)
    return int(pieces)


def _between(layout: _Layout, new: int) -> tuple[float, float]:
    """Share of the variance between groups by the method of moments, and the chance of an F as large."""
    from scipy.special import fdtrc

    values, codes = layout.values, layout.codes
    sizes = np.bincount(codes).astype(np.float64)
    sums = np.bincount(codes, values)
    here = sizes > 0.0
    n = float(sizes.sum())
    mean = float(values.mean())
    between = float(np.sum(sums[here] ** 2 / sizes[here])) - n * mean**2
    rest_df = n - layout.spent - new
    rest = float(np.sum((values - mean) ** 2)) - between
    if new < 1 or rest_df < 1.0 or rest <= 0.0:
        return 0.0, 1.0
    noise = rest / rest_df
    per_group = (n - float(np.sum(sizes**2)) / n) / (np.count_nonzero(here) - 1)
    variance = (between / new - noise) / per_group
    return max(variance, 0.0) / (max(variance, 0.0) + noise), float(
        fdtrc(new, rest_df, between / new / noise)
    )


def _cleared(design: Design, terms: tuple[int, ...]) -> tuple[FloatArray, int]:
    """(n,) the response without X and the effects of these terms' groups, and the columns that took.

    Each in turn is taken off by groups, over and over until nothing changes (alternating projections).
    """
    y = design.y if design.offset is None else design.y - design.offset
    projectors = [_Projector(design.random[k].codes, design.random[k].columns) for k in terms]
    basis = np.linalg.qr(design.x)[0] if design.x.shape[1] else design.x
    left = y - basis @ (basis.T @ y)
    levels = [INTERCEPT_NAME in design.random[k].effects for k in terms]
    # One mean is in each of these and in the fixed intercept.
    shared = sum(levels) - (INTERCEPT_NAME not in design.fixed_names and any(levels))
    spent = design.x.shape[1] + sum(p.rank for p in projectors) - shared
    for _ in range(_MOST_ROUNDS if projectors else 0):
        before = left
        for projector in projectors:
            left = projector.off(left)
        left = left - basis @ (basis.T @ left)
        if float(np.abs(left - before).max()) <= _STILL * float(np.abs(left).max()):
            break
    if np.linalg.norm(left) <= _NOTHING_LEFT * np.linalg.norm(y):
        left = np.zeros_like(left)
    return left, spent


class _Projector:
    """Takes off the least-squares fit of a term's effect columns within each of its groups."""

    def __init__(self, codes: NDArray[np.int32], columns: FloatArray) -> None:
        self._codes, self._columns = codes, columns
        width, groups = columns.shape[1], int(codes.max()) + 1
        grams = np.empty((groups, width, width))
        for i in range(width):
            for j in range(width):
                grams[:, i, j] = np.bincount(codes, columns[:, i] * columns[:, j], groups)
        self._inverses = np.linalg.pinv(grams, rcond=1e-10, hermitian=True)
        self.rank = round(float(np.einsum("gij,gji->", self._inverses, grams)))

    def off(self, values: FloatArray) -> FloatArray:
        """The values without that fit."""
        groups = len(self._inverses)
        sums = [np.bincount(self._codes, column * values, groups) for column in self._columns.T]
        effects = np.einsum("gij,jg->gi", self._inverses, np.array(sums))
        fitted: FloatArray = np.einsum("ni,ni->n", self._columns, effects[self._codes])
        return values - fitted


RULES: dict[str, Rule] = {"G12": left_out}
