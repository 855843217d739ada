"""The picture of the grouping structure, against the designs of the sample tables."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.data.read import read_text
from mmgui.data.samples import load_sample
from mmgui.figures.grouping import GroupingFigure, grouping_figure
from mmgui.spec.formula import parse


def _figure(sample: str, formula: str) -> GroupingFigure:
    figure = grouping_figure(parse(formula), load_sample(sample))
    assert figure is not None
    return figure


def test_one_factor_is_a_column_a_group() -> None:
    figure = _figure("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    assert (figure.layout, [f.label for f in figure.factors]) == ("single", ["Subject"])
    assert figure.factors[0].sizes.tolist() == [10] * 18
    assert figure.factors[0].levels[0] == "308"


def test_two_terms_of_one_factor_are_one_factor() -> None:
    figure = _figure("sleepstudy", "Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)")
    assert [(f.label, f.term) for f in figure.factors] == [("Subject", 0)]


def test_nested_factors_stand_from_coarse_to_fine_whatever_the_order_of_the_terms() -> None:
    # Pastes: 10 batches of 3 casks, 2 rows each.
    figure = _figure("Pastes", "strength ~ 1 + (1 | sample) + (1 | batch)")
    assert figure.layout == "nested"
    assert [(f.label, f.term, len(f.levels)) for f in figure.factors] == [("batch", 1, 10), ("sample", 0, 30)]
    assert figure.factors[1].parent.tolist() == np.repeat(np.arange(10), 3).tolist()
    assert figure.factors[1].levels[:4] == ("A:a", "A:b", "A:c", "B:a")


def test_groups_stand_with_their_parent_where_labels_are_out_of_order() -> None:
    lines = "g,u,y\n" + "".join(
        f"{g},{u},1\n{g},{u},2\n" for g, u in (("b", 1), ("a", 2), ("b", 3), ("a", 4))
    )
    figure = grouping_figure(parse("y ~ 1 + (1 | g) + (1 | u)"), read_text(lines, "t"))
    assert figure is not None
    assert figure.factors[0].levels == ("a", "b")
    assert figure.factors[1].levels == ("2", "4", "1", "3")
    assert figure.factors[1].parent.tolist() == [0, 0, 1, 1]


def test_crossed_factors_are_counted_cell_by_cell() -> None:
    # Penicillin: 24 plates x 6 samples, one row each.
    figure = _figure("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)")
    assert figure.layout == "crossed"
    assert figure.cells.shape == (144, 3)
    assert set(figure.cells[:, 2].tolist()) == {1}
    assert figure.table().rows[0] == ("a", "A", 1)


def test_factors_left_out_are_named() -> None:
    figure = _figure("InstEval", "y ~ 1 + (1 | s) + (1 | d) + (1 | dept)")
    assert (figure.layout, figure.others) == ("crossed", ("dept",))
    assert [len(f.levels) for f in figure.factors] == [2972, 1128]


@pytest.mark.parametrize("formula", ["Reaction ~ Days", "Reaction ~ Days + (1 | nobody)"])
def test_without_groups_there_is_no_picture(formula: str) -> None:
    assert grouping_figure(parse(formula), load_sample("sleepstudy")) is None


def test_rows_the_model_leaves_out_do_not_count() -> None:
    table = read_text("g,y\na,1\na,\nb,2\nb,3\n", "t")
    figure = grouping_figure(parse("y ~ 1 + (1 | g)"), table)
    assert figure is not None
    assert figure.factors[0].sizes.tolist() == [1, 2]
