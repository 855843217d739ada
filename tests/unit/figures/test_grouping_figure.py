"""The picture of the grouping structure, against the designs of the sample tables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmgui.data.frame import from_frame
from mmgui.data.read import read_text
from mmgui.data.samples import load_sample
from mmgui.figures.grouping import GroupingFigure, Part
from mmgui.figures.grouping_views import grouping_figure
from mmgui.spec.formula import parse


def _figure(sample: str, formula: str) -> GroupingFigure:
    figure = grouping_figure(parse(formula), load_sample(sample))
    assert figure is not None
    return figure


def _titles(figure: GroupingFigure) -> list[tuple[str, str]]:
    return [(view.title, view.reading) for view in figure.views]


def test_one_factor_is_a_column_a_group() -> None:
    (view,) = _figure("sleepstudy", "Reaction ~ Days + (Days | Subject)").views
    assert (view.layout, [f.label for f in view.factors]) == ("single", ["Subject"])
    assert view.factors[0].sizes.tolist() == [10] * 18
    assert view.factors[0].levels[0] == "308"


def test_two_terms_of_one_factor_are_one_factor() -> None:
    (view,) = _figure("sleepstudy", "Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)").views
    assert [(f.label, f.term) for f in view.factors] == [("Subject", 0)]


def test_nested_factors_stand_from_coarse_to_fine_whatever_the_order_of_the_terms() -> None:
    # Pastes: 10 batches of 3 casks, 2 rows each.
    (view,) = _figure("Pastes", "strength ~ 1 + (1 | sample) + (1 | batch)").views
    assert view.layout == "nested"
    assert [(f.label, f.term, len(f.levels)) for f in view.factors] == [("batch", 1, 10), ("sample", 0, 30)]
    assert view.factors[1].parent.tolist() == np.repeat(np.arange(10), 3).tolist()
    assert view.factors[1].levels[:4] == ("A:a", "A:b", "A:c", "B:a")


def test_recycled_labels_and_unique_ones_are_told_apart() -> None:
    (own,) = _figure("Pastes", "strength ~ 1 + (1 | batch) + (1 | sample)").views
    assert not own.factors[1].recycled
    assert own.factors[1].names[:4] == ("A:a", "A:b", "A:c", "B:a")
    (again,) = _figure("Pastes", "strength ~ 1 + (1 | batch/cask)").views
    assert again.factors[1].recycled
    assert (again.title, again.factors[1].name) == ("batch / cask", "cask")
    assert again.factors[1].names[:4] == ("a", "b", "c", "a")
    assert again.factors[1].levels[:4] == ("A:a", "A:b", "A:c", "B:a")


def test_groups_stand_with_their_parent_where_labels_are_out_of_order() -> None:
    lines = "g,u,y\n" + "".join(
        f"{g},{u},1\n{g},{u},2\n" for g, u in (("b", 1), ("a", 2), ("b", 3), ("a", 4))
    )
    figure = grouping_figure(parse("y ~ 1 + (1 | g) + (1 | u)"), read_text(lines, "t"))
    assert figure is not None
    (view,) = figure.views
    assert view.factors[0].levels == ("a", "b")
    assert view.factors[1].levels == ("2", "4", "1", "3")
    assert view.factors[1].parent.tolist() == [0, 0, 1, 1]
    assert view.factors[1].codes.tolist() == [2, 2, 0, 0, 3, 3, 1, 1]


def test_crossed_factors_are_counted_cell_by_cell() -> None:
    # Penicillin: 24 plates x 6 samples, one row each.
    (view,) = _figure("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)").views
    assert (view.layout, view.title, view.reading) == ("crossed", "plate × sample", "")
    assert view.cells.shape == (144, 3)
    assert set(view.cells[:, 2].tolist()) == {1}
    assert view.table().rows[0] == ("a", "A", 1)


def test_labels_that_leave_both_readings_open_are_drawn_both_ways() -> None:
    figure = _figure("Pastes", "strength ~ 1 + (1 | batch) + (1 | cask)")
    assert _titles(figure) == [("batch × cask", "crossed"), ("batch / cask", "nested")]
    crossed, nested = figure.views
    assert [len(f.levels) for f in crossed.factors] == [10, 3]
    assert [len(f.levels) for f in nested.factors] == [10, 30]
    # The model does not group by batch:cask: a leaf stands for a batch and a cask.
    leaf = Part(1, 3, 4)
    assert nested.keys((leaf,)) == {("batch", "B"), ("cask", "a")}
    assert nested.is_cell((leaf,))


def test_every_pair_has_a_view_and_lines_of_nested_factors_stand_as_one() -> None:
    figure = _figure("InstEval", "y ~ 1 + (1 | s) + (1 | d) + (1 | dept)")
    assert _titles(figure) == [("s × d", ""), ("s × dept", ""), ("dept / d", "")]
    assert len(figure.views[0].cells) == 73421
    figure = _figure(
        "sim_within_subject_factors", "y ~ A * B + (1 | Subj) + (1 | A:Subj) + (1 | B:Subj) + (1 | A:B:Subj)"
    )
    assert _titles(figure) == [("Subj / A / B", ""), ("Subj / B / A", ""), ("A:Subj × B:Subj", "")]
    assert [len(f.levels) for f in figure.views[0].factors] == [20, 60, 120]


def test_a_cell_and_a_branch_stand_for_their_rows_and_groups() -> None:
    (view,) = _figure("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)").views
    cell = (Part(0, 1, 2), Part(1, 2, 3))
    assert np.flatnonzero(view.mask(cell)).tolist() == [8]
    assert view.keys(cell) == {("plate", "b"), ("sample", "C")}
    (tree,) = _figure("Pastes", "strength ~ 1 + (1 | batch/cask)").views
    branch = (Part(0, 1, 2),)
    assert np.flatnonzero(tree.mask(branch)).tolist() == list(range(6, 12))
    assert tree.keys(branch) == {
        ("batch", "B"), ("batch:cask", "B:a"), ("batch:cask", "B:b"), ("batch:cask", "B:c"),
    }  # fmt: skip
    assert not tree.is_cell(branch)


def test_what_is_picked_elsewhere_is_found_among_the_rows() -> None:
    figure = _figure("Pastes", "strength ~ 1 + (1 | batch/cask)")
    picked = figure.members.picked({("batch", "C")}, ())
    assert picked is not None
    assert np.flatnonzero(picked).tolist() == list(range(12, 18))
    picked = figure.members.picked({("batch", "C")}, (12, 13))
    assert picked is not None
    assert np.flatnonzero(picked).tolist() == [12, 13]
    assert figure.members.picked({("somewhere", "C")}, ()) is None


def test_many_factors_are_named_where_not_drawn() -> None:
    names = [f"f{k}" for k in range(9)]
    rng = np.random.default_rng(2)
    table = from_frame({"y": rng.normal(size=200), **{n: rng.choice(list("pqr"), 200) for n in names}}, "t")
    formula = "y ~ 1" + "".join(f" + (1 | {n})" for n in names)
    figure = grouping_figure(parse(formula), table)
    assert figure is not None
    assert len(figure.views) == 12
    assert "f8" in figure.left_out


@pytest.mark.parametrize("formula", ["Reaction ~ Days", "Reaction ~ Days + (1 | nobody)"])
def test_without_groups_there_is_no_picture(formula: str) -> None:
    assert grouping_figure(parse(formula), load_sample("sleepstudy")) is None


def test_rows_the_model_leaves_out_do_not_count() -> None:
    table = read_text("g,y\na,1\na,\nb,2\nb,3\n", "t")
    figure = grouping_figure(parse("y ~ 1 + (1 | g)"), table)
    assert figure is not None
    assert figure.views[0].factors[0].sizes.tolist() == [1, 2]
    assert figure.members.rows.tolist() == [0, 2, 3]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("wxyz")), min_size=2, max_size=30))
def test_every_view_holds_every_row(rows: list[tuple[str, str]]) -> None:
    table = from_frame(
        {"y": np.arange(float(len(rows))), "g": [g for g, _ in rows], "h": [h for _, h in rows]}, "t"
    )
    figure = grouping_figure(parse("y ~ 1 + (1 | g) + (1 | h)"), table)
    assert figure is not None
    for view in figure.views:
        if view.layout == "crossed":
            assert int(view.cells[:, 2].sum()) == len(rows)
        for factor in view.factors:
            assert int(factor.sizes.sum()) == len(rows)
            assert np.bincount(factor.codes, minlength=len(factor.levels)).tolist() == factor.sizes.tolist()
            for k, (g, h) in enumerate(rows):
                assert set(factor.levels[factor.codes[k]].split(":")) <= {g, h}
