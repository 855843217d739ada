"""The grouping structure as a picture: every layout draws at every size, and what a click or a key picks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from mmgui.app.selection import Selection
from mmgui.app.theme import make_theme
from mmgui.data.read import read_text
from mmgui.data.samples import load_sample
from mmgui.figures.grouping_views import grouping_figure
from mmgui.plots.grouping_picture import GroupingPicture
from mmgui.spec.formula import parse

DESIGNS = {
    "single": ("sleepstudy", "Reaction ~ Days + (Days | Subject)"),
    "uneven": ("Hsb82", "mAch ~ 1 + (1 | school)"),
    "nested": ("Pastes", "strength ~ 1 + (1 | batch/cask)"),
    "unique": ("Pastes", "strength ~ 1 + (1 | batch) + (1 | sample)"),
    "open": ("Pastes", "strength ~ 1 + (1 | batch) + (1 | cask)"),
    "crossed": ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
    "many": ("InstEval", "y ~ 1 + (1 | s) + (1 | d) + (1 | dept)"),
}


def _figure(name: str):
    sample, formula = DESIGNS[name]
    return grouping_figure(parse(formula), load_sample(sample))


def _colours(picture) -> int:
    image = picture.grab().toImage()
    return len({image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)})


def _click(picture, row: int, column: int, *, control: bool = False, canvas: int = 0) -> None:
    surface = picture.canvases()[canvas]
    at = surface.scene().mark(row, column).rect.center()
    held = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(surface, Qt.MouseButton.LeftButton, held, QPoint(int(at.x()), int(at.y())))


def _tip(picture, row: int, column: int, canvas: int = 0) -> str:
    surface = picture.canvases()[canvas]
    return surface.words(surface.scene().mark(row, column))


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("size", [(40, 20), (230, 120), (1100, 700)])
def test_that_every_layout_draws_at_every_size(themes, selection, show, name, size):
    picture = show(GroupingPicture(themes, selection), *size)
    picture.set_data(_figure(name))
    if size != (40, 20):
        assert _colours(picture) > 1
    themes.set_theme(make_theme(dark=True, projector=True))
    picture.grab()


def test_that_a_column_a_cell_and_a_branch_tell_their_rows(themes, show):
    picture = show(GroupingPicture(themes), 300, 130)
    picture.set_data(_figure("single"))
    assert _tip(picture, 0, 0) == "Subject <b>308</b> · 10 rows"
    picture.set_data(_figure("crossed"))
    assert _tip(picture, 0, 0) == "plate <b>a</b> × sample <b>A</b> · 1 row"
    picture.set_data(_figure("nested"))
    assert _tip(picture, 0, 0) == "batch <b>A</b> · 6 rows"
    assert _tip(picture, 1, 4) == "batch:cask <b>B:b</b> · 2 rows"


def test_that_neighbours_share_a_cell_where_groups_are_too_many(themes, show):
    picture = show(GroupingPicture(themes), 200, 110)
    picture.set_data(_figure("many"))
    scene = picture.canvases()[0].scene()
    assert scene.rows.size < 2000
    assert int(scene.rows.sum()) == 73421
    assert "combinations" in _tip(picture, 0, 0)


def test_that_no_group_of_a_crowded_tree_is_left_out(themes, show):
    picture = show(GroupingPicture(themes), 230, 120)
    picture.set_data(_figure("many"))
    picture.choose_view("dept / d")
    outer, inner = picture.canvases()[0].scene().ranks
    assert (outer.count, int((outer.ends - outer.starts).sum())) == (14, 14)
    assert inner.count < 100
    assert int((inner.ends - inner.starts).sum()) == 1128
    parents = picture.shown_view().factors[1].parent
    # No box reaches across two departments.
    assert all(parents[s] == parents[e - 1] for s, e in zip(inner.starts, inner.ends, strict=True))


def test_that_a_branch_spans_what_lies_inside_it(themes, show):
    text = "g,u,y\n" + "".join(f"{g},{u},1\n{g},{u},2\n" for g, u in (("a", 1), ("b", 2), ("b", 3), ("b", 4)))
    picture = show(GroupingPicture(themes), 300, 120)
    picture.set_data(grouping_figure(parse("y ~ 1 + (1 | g/u)"), read_text(text, "t")))
    outer, inner = picture.canvases()[0].scene().ranks
    width = outer.right - outer.left
    assert width[1] == pytest.approx(3 * width[0])
    assert outer.left[1] == pytest.approx(inner.left[1])


def test_that_a_click_on_a_cell_picks_its_rows_and_another_lets_go(themes, selection, show):
    picture = show(GroupingPicture(themes, selection), 700, 300)
    picture.set_data(_figure("crossed"))
    # Down run the samples: C of plate b is the ninth row of the table.
    _click(picture, 2, 1)
    assert selection.selection == Selection(frozenset({("plate", "b"), ("sample", "C")}), None, (8,))
    _click(picture, 3, 1, control=True)
    assert selection.selection.rows == (8, 9)
    assert selection.selection.groups == {("plate", "b"), ("sample", "C"), ("sample", "D")}
    _click(picture, 2, 1, control=True)
    assert selection.selection == Selection(frozenset({("plate", "b"), ("sample", "D")}), None, (9,))
    _click(picture, 3, 1)
    assert selection.selection == Selection()


def test_that_a_click_on_a_branch_picks_the_groups_inside_it(themes, selection, show):
    picture = show(GroupingPicture(themes, selection), 700, 300)
    picture.set_data(_figure("nested"))
    _click(picture, 0, 1)
    inside = {("batch:cask", "B:a"), ("batch:cask", "B:b"), ("batch:cask", "B:c")}
    assert selection.selection == Selection(frozenset({("batch", "B"), *inside}))
    _click(picture, 1, 0)
    assert selection.selection == Selection(frozenset({("batch:cask", "A:a")}))


def test_that_a_leaf_of_the_nested_reading_picks_the_rows_of_its_cell(themes, selection, show):
    picture = show(GroupingPicture(themes, selection), 1100, 500)
    picture.set_data(_figure("open"))
    assert [v.reading for v in picture.views()] == ["crossed", "nested"]
    _click(picture, 1, 3, canvas=1)
    assert selection.selection == Selection(frozenset({("batch", "B"), ("cask", "a")}), None, (6, 7))


def test_that_a_name_beside_the_grid_picks_the_whole_group(themes, selection, show):
    picture = show(GroupingPicture(themes, selection), 700, 300)
    picture.set_data(_figure("crossed"))
    _click(picture, 2, -1)
    assert selection.selection == Selection(frozenset({("sample", "C")}))


def test_that_what_is_picked_elsewhere_is_marked(themes, selection, show):
    picture = show(GroupingPicture(themes, selection), 700, 300)
    picture.set_data(_figure("crossed"))
    before = picture.grab().toImage()
    selection.pick("plate", "c")
    scene = picture.canvases()[0].scene()
    assert scene._picked[:, 2].tolist() == [1.0] * 6
    assert scene._picked.sum() == 6.0
    assert picture.grab().toImage() != before


def test_that_the_keyboard_walks_and_picks(themes, selection, show):
    picture = show(GroupingPicture(themes, selection), 700, 300)
    picture.set_data(_figure("nested"))
    picture.setFocus()
    QTest.keyClick(picture, Qt.Key.Key_Right)
    assert picture.accessibleDescription() == "batch A · 6 rows"
    QTest.keyClick(picture, Qt.Key.Key_Right)
    QTest.keyClick(picture, Qt.Key.Key_Down)
    assert picture.accessibleDescription() == "batch:cask B:a · 2 rows"
    QTest.keyClick(picture, Qt.Key.Key_Return)
    assert selection.selection.groups == {("batch:cask", "B:a")}
    QTest.keyClick(picture, Qt.Key.Key_Up)
    assert picture.accessibleDescription() == "batch B · 6 rows"
    QTest.keyClick(picture, Qt.Key.Key_Escape)
    assert selection.selection == Selection()


def test_that_small_pictures_switch_between_the_readings(themes, show):
    picture = show(GroupingPicture(themes), 230, 140)
    picture.set_data(_figure("open"))
    assert [v.title for v in picture.views()] == ["batch × cask"]
    picture.chooser.readings.setCurrentIndex(1)
    assert [v.title for v in picture.views()] == ["batch / cask"]
    assert len(picture.table().rows) == 40


def test_that_more_pairs_have_tabs_or_a_list(themes, show):
    picture = show(GroupingPicture(themes), 700, 300)
    picture.set_data(_figure("many"))
    assert [picture.chooser.tabs.tabText(k) for k in range(picture.chooser.tabs.count())] == [
        "s × d",
        "s × dept",
        "dept / d",
    ]
    picture.chooser.tabs.setCurrentIndex(2)
    assert picture.shown_view().title == "dept / d"
    picture.resize(130, 140)
    picture.grab()
    assert picture.chooser.combo.isVisible()
    assert picture.chooser.combo.currentText() == "dept / d"
    # Another figure with the same view keeps to it.
    picture.set_data(_figure("many"))
    assert picture.shown_view().title == "dept / d"
