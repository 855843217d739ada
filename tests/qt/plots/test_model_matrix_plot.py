"""The picture of X: shades, tips, the pointer and the chips, what stands there where nothing can be drawn."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from mmgui.app.emphasis import NOTHING, Emphasis, EmphasisModel
from mmgui.app.theme import DARK, LIGHT, ThemeModel, make_theme
from mmgui.data.samples import load_sample
from mmgui.figures.model_matrix import model_matrix_figure
from mmgui.plots.model_matrix_plot import ModelMatrixPlot
from mmgui.spec import edit
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.formula import parse


def figure(sample: str, formula: str, *by: str, contrast: Contrast | None = None):
    spec = parse(formula, partial=True)
    if contrast is not None:
        spec = edit.set_coding(spec, Coding("Variety", contrast))
    return model_matrix_figure(spec, load_sample(sample), by)


def at(plot: ModelMatrixPlot, column: int) -> QPoint:
    return plot.column_rect(column).center().toPoint()


@pytest.fixture
def oats(themes, show):
    plot = show(ModelMatrixPlot(themes))
    plot.set_data(figure("Oats", "yield ~ nitro * Variety"))
    plot.grab()
    return plot


def test_zero_is_the_ground_and_the_largest_entry_is_the_full_hue(oats) -> None:
    # Rows: Victory at 0, 0.2, 0.4, 0.6, Golden Rain, Marvellous.
    nitro = [oats.fill_of(row, 1) for row in range(4)]
    assert nitro[0] == oats.fill_of(4, 2)
    saturation = [c.hsvSaturation() for c in nitro]
    assert saturation == sorted(saturation)
    assert oats.fill_of(3, 1) == oats.fill_of(11, 2)


def test_negative_entries_are_of_the_other_hue(themes, show) -> None:
    plot = show(ModelMatrixPlot(themes))
    plot.set_data(figure("Oats", "yield ~ Variety", contrast=Contrast.SUM))
    # Victory, the last level, is -1 in both columns of sum contrasts.
    assert plot.fill_of(0, 1).hue() < 60
    assert plot.fill_of(1, 1).hue() > 180


def test_a_column_far_from_zero_shows_how_it_differs(themes, show) -> None:
    plot = show(ModelMatrixPlot(themes))
    plot.set_data(figure("cake", "angle ~ temp"))
    assert plot.fill_of(0, 1).hsvSaturation() < plot.fill_of(5, 1).hsvSaturation() / 2


def test_an_entry_tells_its_row_its_value_and_what_the_row_is(oats) -> None:
    assert (
        oats.tip_of(1, 1)
        == "<b>nitro</b> = 0.2<br>row 2 and 5 rows like it<br>nitro · Variety: 0.2 · Victory"
    )
    assert oats.tip_of(-1, 3) == "<b>VarietyVictory</b><br>of the effect Variety"


def test_the_pointer_on_a_column_lights_up_its_effect_and_a_click_keeps_it(themes, show) -> None:
    emphasis = EmphasisModel()
    plot = show(ModelMatrixPlot(themes, None, emphasis))
    plot.set_data(figure("Oats", "yield ~ nitro * Variety"))
    plot.grab()
    canvas = plot._canvas
    QTest.mouseMove(canvas, at(plot, 1))
    assert emphasis.emphasis == Emphasis(fixed=frozenset({"nitro"}))
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at(plot, 3))
    plot.point(None)
    assert emphasis.emphasis == Emphasis(fixed=frozenset({"Variety"}))
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at(plot, 2))
    plot.point(None)
    assert emphasis.emphasis == NOTHING


def test_a_column_that_says_nothing_new_says_why(themes, show) -> None:
    plot = show(ModelMatrixPlot(themes))
    plot.set_data(figure("cake", "angle ~ temp + temperature"))
    sentence = "temperature says what other columns say already (temperature = temp), so it is left out."
    assert plot.notes() == (sentence,)
    assert sentence in plot.tip_of(0, 2)


@pytest.mark.parametrize(
    ("formula", "by", "words"),
    [
        ("Reaction ~ Days", (), "180 rows × 2 columns; 10 different rows"),
        ("Reaction ~ Days", ("Subject",), "180 rows × 2 columns; the first 12 groups of Subject"),
        ("Days ~ Reaction", (), "180 rows × 2 columns; 120 rows evenly spaced"),
    ],
)
def test_the_legend_says_which_rows_are_drawn(themes, show, formula, by, words) -> None:
    plot = show(ModelMatrixPlot(themes))
    plot.set_data(figure("sleepstudy", formula, *by))
    assert plot.legend(LIGHT) == words


def test_where_nothing_can_be_drawn_a_sentence_stands(themes, show) -> None:
    plot = show(ModelMatrixPlot(themes))
    quiet = plot.findChild(QLabel, "plotEmpty")
    plot.set_data(figure("sleepstudy", "~ log(Days)"))
    assert quiet.isVisible()
    assert quiet.text().startswith("Days is zero or negative in 18 rows")
    plot.set_data(None)
    assert quiet.text() == "Once the model has a fixed effect, its columns stand here."
    plot.set_data(figure("sleepstudy", "~ Days"))
    assert not quiet.isVisible()
    assert plot.table().rows[3] == (4, 18, 1.0, 3.0)


@pytest.mark.parametrize(
    "theme", [LIGHT, DARK, make_theme(projector=True)], ids=["light", "dark", "projector"]
)
@pytest.mark.parametrize("size", [(320, 160), (900, 600), (60, 40)])
@pytest.mark.parametrize(
    ("sample", "formula", "by"),
    [
        ("sleepstudy", "Reaction ~ Days", ("Subject",)),
        ("cake", "angle ~ recipe * temperature + temp", ()),
        ("Oats", "yield ~ poly(nitro, 3) * Variety * Block", ()),
        ("InstEval", "y ~ service * lectage", ("dept",)),
        ("Pastes", "strength ~ 1", ()),
    ],
)
def test_it_is_drawn_at_every_size_in_every_look(show, theme, size, sample, formula, by) -> None:
    plot = show(ModelMatrixPlot(ThemeModel(theme)), *size)
    plot.set_data(figure(sample, formula, *by))
    assert not plot.grab().isNull()
