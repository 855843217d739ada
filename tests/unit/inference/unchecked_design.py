"""Designs that ``build_design`` refuses, because they cannot be told apart: the certificate must say why."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mmgui.data.table import Table
from mmgui.engine.build.evaluate import Evaluator
from mmgui.engine.build.grouping import groups_of
from mmgui.engine.build.matrix import model_matrix
from mmgui.engine.build.random import effect_columns
from mmgui.engine.build.rank import independent_columns
from mmgui.engine.build.rows import complete_rows
from mmgui.engine.build.variable import Quantity
from mmgui.engine.design import Design, RandomDesign
from mmgui.spec.formula import parse
from mmgui.spec.terms import Covariance


def unchecked_design(formula: str, table: Table, reml: bool = True) -> Design:
    """The matrices of a model, whether or not anything can be learned from them."""
    spec = replace(parse(formula), reml=reml)
    rows = complete_rows(table, spec.columns())
    evaluator = Evaluator(table, rows)
    random = []
    for term in spec.random:
        groups = groups_of(term.grouping, table, rows)
        e = effect_columns(term, evaluator, rows.count)
        structure = term.settled().covariance
        every = tuple(range(len(e.names)))
        blocks = (every,) if structure.patterned else e.blocks
        if structure is Covariance.INDEPENDENT:
            blocks = tuple((k,) for k in every)
        random.append(
            RandomDesign(
                term.grouping.label,
                groups.levels,
                groups.codes,
                e.names,
                e.columns,
                blocks,
                e.dropped,
                structure,
            )
        )
    x = model_matrix(
        spec.fixed, intercept=spec.intercept, evaluator=evaluator, nrows=rows.count, what="The fixed effects"
    )
    kept = independent_columns(x.values)
    assert spec.response is not None
    y = evaluator.variable(spec.response)
    assert isinstance(y, Quantity)
    names = tuple(np.array(x.names)[kept])
    return Design(
        spec, y.values, x.values[:, kept], names, x.assign[kept], tuple(random), None, None, rows.positions, 0
    )
