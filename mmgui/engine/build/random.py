"""The random-effects terms of a model: their groups and effect columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mmgui.engine.build.checks import group_per_row, more_effects_than_rows, one_group
from mmgui.engine.build.evaluate import Evaluator
from mmgui.engine.build.matrix import ModelMatrix, model_matrix
from mmgui.engine.build.rows import Rows
from mmgui.engine.design import RandomDesign
from mmgui.errors import ModelError, Where
from mmgui.spec.terms import Covariance, RandomTerm

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Effects:
    """A term's s effects: names, (n, s) columns, blocks of those free to correlate, names left out.

    ``kept`` holds the positions of the s among all effects of the term.
    """

    names: tuple[str, ...]
    columns: FloatArray
    blocks: tuple[tuple[int, ...], ...]
    dropped: tuple[str, ...]
    kept: NDArray[np.intp]


def random_design(term: RandomTerm, rows: Rows, evaluator: Evaluator) -> RandomDesign:
    """The groups and effect columns of one term.

    Raises
    ------
    ModelError
        ``one_group``, ``group_per_row``, ``no_effects``, ``more_effects_than_rows``, ``same_effect_twice``,
        or what building its columns raises.
    """
    groups = evaluator.groups(term.grouping)
    if len(groups.levels) < 2:
        raise one_group(term)
    if len(groups.levels) >= rows.count:
        raise group_per_row(term)
    effects = effect_columns(term, evaluator, rows.count)
    _check_effects(term, effects, groups.codes, len(groups.levels))
    evaluator.learned.effects[term] = effects.kept
    return RandomDesign(
        grouping=term.grouping.label,
        levels=groups.levels,
        codes=groups.codes.copy(),
        effects=effects.names,
        columns=effects.columns,
        blocks=effects.blocks,
        dropped_effects=effects.dropped,
        structure=term.covariance if len(effects.names) > 1 else Covariance.UNSTRUCTURED,
    )


def effect_columns(term: RandomTerm, evaluator: Evaluator, nrows: int) -> Effects:
    """The effects of a term on the rows used.

    Their columns are the model matrix of the term's own left side. For ``||`` each effect of the left side
    is expanded on its own, without an intercept, as lme4 1.1 does: a factor gets one column per level, and
    these stay free to correlate. Under ``diag()`` every column is a block of its own. An effect that is zero
    in every row (a combination of levels that does not occur) has no variance to estimate and is left out.
    """
    names: list[str] = []
    dropped: list[str] = []
    kept: list[FloatArray] = []
    blocks: list[tuple[int, ...]] = []
    there_at: list[NDArray[np.bool_]] = []
    for piece in effect_matrices(term, evaluator, nrows):
        occurs = np.any(piece.values, axis=0)
        there_at.append(occurs)
        first = len(names)
        for name, there in zip(piece.names, occurs.tolist(), strict=True):
            (names if there else dropped).append(name)
        kept.append(piece.values if occurs.all() else np.asfortranarray(piece.values[:, occurs]))
        if term.covariance is Covariance.INDEPENDENT:
            blocks += [(k,) for k in range(first, len(names))]
        elif len(names) > first:
            blocks.append(tuple(range(first, len(names))))
    columns = kept[0] if len(kept) == 1 else np.asfortranarray(np.hstack(kept))
    at = np.flatnonzero(np.concatenate(there_at))
    return Effects(tuple(names), columns, tuple(blocks), tuple(dropped), at)


def effect_matrices(term: RandomTerm, evaluator: Evaluator, nrows: int) -> list[ModelMatrix]:
    """The model matrices of the left side: one, or for ``||`` one for each of its effects."""
    what = f"The random effects of {term.grouping.label}"
    if term.covariance is not Covariance.DIAGONAL:
        lefts = [(term.intercept, term.slopes)]
    else:
        lefts = [(True, ())] if term.intercept else []
        lefts += [(False, (slope,)) for slope in term.slopes]
    return [
        model_matrix(slopes, intercept=intercept, evaluator=evaluator, nrows=nrows, what=what)
        for intercept, slopes in lefts
    ]


def _check_effects(term: RandomTerm, effects: Effects, codes: NDArray[np.int32], levels: int) -> None:
    where = Where("term", term.grouping.label)
    n = effects.columns.shape[0]
    if not effects.names:
        raise ModelError(
            "no_effects",
            f"Every effect that varies by {term.grouping.label} is zero in all rows; take the term out.",
            where,
        )
    largest = max(len(block) for block in effects.blocks)
    if levels * largest >= n and _row_for_row(term, effects, codes, levels):
        raise more_effects_than_rows(term, largest, levels, n)
    twin = _same_columns(effects.columns)
    if twin is not None:
        first, second = effects.names[twin[0]], effects.names[twin[1]]
        raise ModelError(
            "same_effect_twice",
            f"Among the effects that vary by {term.grouping.label}, {first} and {second} are the same in "
            "every row; take one of them out.",
            where,
        )


def _row_for_row(term: RandomTerm, effects: Effects, codes: NDArray[np.int32], levels: int) -> bool:
    """Whether at least as many random effects as rows cannot be told apart from the residuals.

    An autoregression, or one correlation for columns of different variances, mark their rows even then.
    One variance does not if every row has an effect of its own: then I is part of Z Zᵀ.
    """
    if not term.covariance.patterned or len(effects.names) == 1:
        return True
    if term.covariance not in (Covariance.IDENTITY, Covariance.HOMOGENEOUS_COMPOUND_SYMMETRY):
        return False
    z = effects.columns
    own = np.einsum("ns,ns->n", z, z)
    sums = np.array(
        [np.bincount(codes, z[:, i] * z[:, j], levels) for i in range(z.shape[1]) for j in range(i + 1)]
    )
    twice = np.array([1.0 if i == j else 2.0 for i in range(z.shape[1]) for j in range(i + 1)])
    together = float(twice @ np.sum(sums**2, axis=1))
    alone = float(own @ own)
    return together - alone <= 1e-10 * together and float(np.ptp(own)) <= 1e-10 * float(own.max())


def _same_columns(columns: FloatArray) -> tuple[int, int] | None:
    """The first two columns that are equal in every row."""
    if columns.shape[1] == 1:
        return None
    seen: dict[bytes, int] = {}
    for j in range(columns.shape[1]):
        # + 0.0 makes the zeros that are products with a negative number equal to the others.
        first = seen.setdefault((columns[:, j] + 0.0).tobytes(), j)
        if first != j:
            return first, j
    return None
