"""The grouping structure as a picture: every layout draws, and every cell says what it stands for."""

from __future__ import annotations

import pytest

from mmgui.app.theme import make_theme
from mmgui.data.read import read_text
from mmgui.data.samples import load_sample
from mmgui.figures.grouping import grouping_figure
from mmgui.plots.grouping_picture import GroupingPicture
from mmgui.spec.formula import parse

DESIGNS = {
    "single": ("sleepstudy", "Reaction ~ Days + (Days | Subject)"),
    "nested": ("Pastes", "strength ~ 1 + (1 | batch/cask)"),
    "crossed": ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
    "many": ("InstEval", "y ~ 1 + (1 | s) + (1 | d)"),
}


def _figure(name: str):
    sample, formula = DESIGNS[name]
    return grouping_figure(parse(formula), load_sample(sample))


def _colours(picture) -> int:
    image = picture.grab().toImage()
    return len({image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)})


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("size", [(40, 20), (200, 110), (900, 400)])
def test_that_every_layout_draws_at_every_size(themes, show, name, size):
    picture = show(GroupingPicture(themes), *size)
    picture.set_data(_figure(name))
    assert _colours(picture) > 1
    themes.set_theme(make_theme(dark=True, projector=True))
    picture.grab()


def _tips(picture) -> list[str]:
    picture.grab()
    return [text for _, text in picture._canvas.spots]


def test_that_a_column_a_cell_and_a_strip_tell_their_rows(themes, show):
    picture = show(GroupingPicture(themes), 300, 110)
    picture.set_data(_figure("single"))
    assert _tips(picture)[0] == "<b>308</b> · 10 rows"
    picture.set_data(_figure("crossed"))
    assert _tips(picture)[0] == "a × A: 1 row"
    picture.set_data(_figure("nested"))
    tips = _tips(picture)
    assert (tips[0], tips[10]) == ("<b>A</b> · 6 rows", "<b>A:a</b> · 2 rows")


def test_that_neighbours_share_a_cell_where_groups_are_too_many(themes, show):
    picture = show(GroupingPicture(themes), 200, 110)
    picture.set_data(_figure("many"))
    tips = _tips(picture)
    assert len(tips) < 2000
    assert "combinations" in tips[0]


def test_that_a_strip_lies_over_its_parts(themes, show):
    # b holds three units, a holds one: b's strip is three times as wide.
    text = "g,u,y\n" + "".join(f"{g},{u},1\n{g},{u},2\n" for g, u in (("a", 1), ("b", 2), ("b", 3), ("b", 4)))
    picture = show(GroupingPicture(themes), 300, 80)
    picture.set_data(grouping_figure(parse("y ~ 1 + (1 | g/u)"), read_text(text, "t")))
    picture.grab()
    places = {text: rect for rect, text in picture._canvas.spots}
    assert places["<b>b</b> · 6 rows"].width() == pytest.approx(3 * places["<b>a</b> · 2 rows"].width())
    assert places["<b>b</b> · 6 rows"].left() == pytest.approx(places["<b>b:2</b> · 2 rows"].left())
