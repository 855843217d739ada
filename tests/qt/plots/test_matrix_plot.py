"""The pictures of the matrices: what lights up, what is picked, how far one goes in, what is exported."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mmgui.app.emphasis import Emphasis, EmphasisModel
from mmgui.app.theme import LIGHT, make_theme
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.figures.marginal_words import plain
from mmgui.figures.matrices import MatricesFigure, Matrix, matrices_figure, moved_matrices
from mmgui.figures.matrix_links import Axis
from mmgui.figures.moved import MovableFit
from mmgui.plots.export import save_picture
from mmgui.plots.matrix_layout import RESIDUAL, SUM, TRANSPOSED
from mmgui.plots.matrix_plot import MatrixPlot
from mmgui.spec.formula import parse
from tests.leaks import settle

MODELS = {
    "sleepstudy": "Reaction ~ Days + (Days | Subject)",
    "Penicillin": "diameter ~ 1 + (1 | plate) + (1 | sample)",
    "Pastes": "strength ~ 1 + (1 | batch/cask)",
}


@cache
def fitted(sample: str):
    return fit(FitJob(parse(MODELS[sample]), load_sample(sample)))


@cache
def figure_of(sample: str) -> MatricesFigure:
    return matrices_figure(fitted(sample), ("all",))


@pytest.fixture
def emphasis(qtbot):
    return EmphasisModel()


@pytest.fixture
def plot(themes, selection, emphasis, show):
    plot = show(MatrixPlot(themes, selection, emphasis), 900, 640)
    plot.set_data(figure_of("sleepstudy"))
    return plot


def said(plot: MatrixPlot, key: str, row: int, column: int) -> str:
    heard: list[str] = []
    plot.pointed.connect(lambda words: heard.append(plain(words)))
    plot.point(plot.position_of(key, row, column))
    return heard[-1]


def test_that_the_product_has_every_matrix_with_shared_axes(plot):
    panels = {p.key: p for p in plot.panels()}
    assert set(panels) == {"X", "Z", "Λ", "ZΛ", TRANSPOSED, "V"}
    # As one multiplies by hand: Λ stands over ZΛ, the transposed over V, the rows are the same.
    assert panels["Λ"].rect.left() == panels["ZΛ"].rect.left()
    assert panels[TRANSPOSED].rect.width() == panels["V"].rect.width()
    assert len({panels[k].rect.top() for k in ("X", "Z", "ZΛ", "V")}) == 1
    room = plot.canvas.rect()
    assert all(room.contains(p.rect.toAlignedRect()) for p in panels.values())


def test_that_an_entry_of_v_lights_its_rows_and_the_columns_in_which_they_meet(plot):
    assert "cov = τ₀²" in said(plot, "V", 2, 6)
    assert plot.lit.rows == {2, 6}
    assert plot.lit.effects == {0, 1}
    assert plot.lit.across == {6}


def test_that_rows_without_a_common_group_meet_nowhere(plot):
    assert "share no group" in said(plot, "V", 2, 60)
    assert plot.lit.effects == frozenset()


def test_that_a_column_of_z_lights_its_effect_and_the_block_it_builds(plot, emphasis):
    said(plot, "Z", 0, 3)
    assert emphasis.emphasis == Emphasis(effects=frozenset({(0, "Days")}))
    assert plot.lit.blocks == {(0, 1)}
    plot.point(None)
    assert emphasis.emphasis == Emphasis()
    said(plot, "Λ", 4, 4)
    assert emphasis.emphasis == Emphasis(effects=frozenset({(0, "1")}))
    said(plot, "X", 5, 1)
    assert emphasis.emphasis == Emphasis(fixed=frozenset({"Days"}))


def test_that_an_effect_hovered_elsewhere_lights_its_columns(plot, emphasis):
    emphasis.emphasise(Emphasis(effects=frozenset({(0, "Days")}), fixed=frozenset({"Days"})))
    assert plot.lit.effects == set(range(1, 36, 2))
    assert plot.lit.fixed == {1}
    emphasis.emphasise(Emphasis(random=frozenset({0})))
    assert plot.lit.effects == set(range(36))
    emphasis.clear()
    assert plot.lit.effects == frozenset()


def test_that_a_click_picks_the_group_and_control_adds(plot, selection):
    canvas = plot.canvas
    at = plot.position_of("V", 14, 3).toPoint()
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    assert selection.selection.groups == {("Subject", "309")}
    at = plot.position_of("Z", 100, 7).toPoint()
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, at)
    assert selection.selection.groups == {("Subject", "309"), ("Subject", "330")}


def test_that_a_part_of_v_picks_the_group_of_its_own_term(themes, selection, show):
    plot = show(MatrixPlot(themes, selection), 1100, 500)
    plot.set_data(figure_of("Penicillin"))
    plot.set_shown(SUM)
    plot.pick(plot.position_of("part 0", 2, 2), extend=False)
    assert selection.selection.groups == {("plate", "c")}
    plot.pick(plot.position_of("part 1", 2, 2), extend=False)
    assert selection.selection.groups == {("sample", "A")}


def test_that_picked_groups_are_outlined(plot, selection):
    before = plot.canvas.grab().toImage()
    selection.pick("Subject", "309")
    after = plot.canvas.grab().toImage()
    accent = QColor(LIGHT.accent).rgb()
    panel = next(p for p in plot.panels() if p.key == "X")
    bar = (round(panel.rect.left()) - 4, round(plot.position_of("X", 15, 0).y()))
    assert before.pixel(*bar) != accent
    assert after.pixel(*bar) == accent


def test_that_the_sum_shows_each_term_the_residuals_and_v(themes, selection, show):
    plot = show(MatrixPlot(themes, selection), 1100, 500)
    plot.set_data(figure_of("Pastes"))
    plot.set_shown(SUM)
    panels = plot.panels()
    assert [p.key for p in panels] == ["part 0", "part 1", RESIDUAL, SUM]
    assert [p.sign for p in panels] == ["", "+", "+", "="]
    assert len({(round(p.rect.width()), round(p.rect.height())) for p in panels}) == 1
    image = plot.canvas.grab().toImage()

    def color(key: str, i: int, j: int) -> QColor:
        return QColor(image.pixel(plot.position_of(key, i, j).toPoint()))

    # Rows of one batch but of different casks: something by batch, nothing by cask.
    assert color("part 0", 0, 4).blue() > color("part 0", 0, 4).red() + 30
    assert color("part 1", 0, 4) == color("part 1", 0, 40)
    assert color("part 1", 0, 1).green() > color("part 1", 0, 1).red() + 60
    assert color(RESIDUAL, 3, 3) != color(RESIDUAL, 3, 4)


@pytest.mark.parametrize("size", [(420, 300), (1100, 420), (640, 900)])
@pytest.mark.parametrize("shown", ["product", SUM, *Matrix])
@pytest.mark.parametrize("projector", [False, True])
def test_that_pictures_stay_inside_their_room(themes, selection, show, size, shown, projector):
    themes.set_theme(make_theme(projector=projector))
    plot = show(MatrixPlot(themes, selection), *size)
    plot.set_data(figure_of("Penicillin"))
    plot.set_shown(shown)
    room = plot.canvas.rect().adjusted(-1, -1, 1, 1)
    rects = [p.rect.toAlignedRect() for p in plot.panels()]
    assert all(r.width() > 3 and r.height() > 3 for r in rects)
    assert all(room.contains(r) for r in rects)
    assert not any(a.intersects(b) for k, a in enumerate(rects) for b in rects[:k])


@pytest.mark.parametrize("height", range(560, 700, 20))
def test_that_upright_names_push_no_square_out_of_its_room(themes, selection, show, height):
    plot = show(MatrixPlot(themes, selection), 1240, height)
    plot.set_data(figure_of("Pastes"))
    for shown in (Matrix.LAMBDA, Matrix.V):
        plot.set_shown(shown)
        (panel,) = plot.panels()
        assert panel.rect.bottom() <= plot.canvas.height()
        assert panel.rect.width() == pytest.approx(panel.rect.height())


def test_that_beside_a_large_v_no_name_is_cut_to_a_sliver(themes, selection, show):
    rows = matrices_figure(fitted("Penicillin"), ("some", "plate"))
    plot = show(MatrixPlot(themes, selection), 1240, 700)
    plot.set_data(rows)
    plot.set_shown(SUM)
    v = plot.panels()[-1]
    image = plot.canvas.grab().toImage()
    ratio = image.devicePixelRatio()
    left, right = (round(x * ratio) for x in (v.rect.left() - v.beside, v.rect.left() - 2))
    inked = [
        any(image.pixelColor(x, y).lightness() < 190 for x in range(left, right))
        for y in range(round(v.rect.top() * ratio), round(v.rect.bottom() * ratio))
    ]
    # The five plates; not the six samples of each, for which there is no room.
    assert sum(now and not before for before, now in pairwise([False, *inked])) == 5


def wheel(plot: MatrixPlot, at: QPointF, steps: int, modifiers: Qt.KeyboardModifier) -> None:
    event = QWheelEvent(
        at, plot.canvas.mapToGlobal(at), QPoint(), QPoint(0, 120 * steps), Qt.MouseButton.NoButton,
        modifiers, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(plot.canvas, event)


def test_that_control_and_the_wheel_go_into_all_pictures_that_share_an_axis(plot):
    windows, none = plot.stage.windows, Qt.KeyboardModifier.NoModifier
    at = plot.position_of("V", 30, 90)
    wheel(plot, at, 5, none)
    assert windows.whole
    wheel(plot, at, 5, Qt.KeyboardModifier.ControlModifier)
    assert windows.span(Axis.ROWS) < 90
    assert windows[Axis.ROWS][0] < 30.5 < windows[Axis.ROWS][1]
    assert windows.span(Axis.EFFECTS) == 36
    assert plot.position_of("V", 30, 90).y() == pytest.approx(at.y(), abs=2)
    low = windows[Axis.ROWS][0]
    start = at.toPoint()
    QTest.mousePress(plot.canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(plot.canvas, start - QPoint(0, 20))
    QTest.mouseMove(plot.canvas, start - QPoint(0, 40))
    QTest.mouseRelease(plot.canvas, Qt.MouseButton.LeftButton, none, start - QPoint(0, 40))
    assert windows[Axis.ROWS][0] > low + 3
    QTest.mouseDClick(plot.canvas, Qt.MouseButton.LeftButton, none, start)
    assert windows.whole


def test_that_the_arrow_keys_go_from_entry_to_entry(plot, selection):
    heard: list[str] = []
    plot.pointed.connect(lambda words: heard.append(plain(words)))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(plot, key)
    # From the first entry of V, one down and one to the right.
    assert heard[-2].startswith("Rows 1 and 2 are both of Subject 308")
    assert heard[-1].startswith("Row 2 of Subject 308")
    QTest.keyClick(plot, Qt.Key.Key_Return)
    assert selection.selection.groups == {("Subject", "308")}
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert heard[-1] == ""


def test_that_moving_the_model_changes_entries_and_words(plot):
    model = fitted("sleepstudy")
    movable = MovableFit(model)
    name = next(iter(movable.coordinates))
    point = movable.with_values(movable.best, {name: 0.0}, sigma_follows=False)
    before = plot.canvas.grab().toImage()
    heard: list[str] = []
    plot.pointed.connect(lambda words: heard.append(plain(words)))
    plot.point(plot.position_of("V", 0, 1))
    assert "= 621.7" in heard[-1]
    plot.follow(moved_matrices(plot.figure, movable.moved(point, sigma_follows=False)))
    assert heard[-1].startswith("Rows 1 and 2 are both of Subject 308")
    assert heard[-1].endswith("= 0; correlation 0.00.")
    plot.point(None)
    after = plot.canvas.grab().toImage()
    inside = plot.position_of("V", 1, 4).toPoint()
    assert before.pixel(inside) != after.pixel(inside)
    fixed = plot.position_of("X", 9, 1).toPoint()
    assert before.pixel(fixed) == after.pixel(fixed)


def test_that_the_table_is_that_of_the_picture_shown(plot):
    plot.set_shown(Matrix.Z)
    assert len(plot.table().columns) == 2 + 36
    plot.set_shown(SUM)
    assert plot.table().columns[-1] == "Sum"
    plot.set_correlation(True)
    assert plot.table().rows[0][-1] == 1.0


def test_that_svg_has_shapes_and_names_and_no_bitmaps(plot, tmp_path):
    plot.set_shown(SUM)
    path = tmp_path / "v.svg"
    save_picture(plot, path)
    text = path.read_text(encoding="utf-8")
    assert "<image" not in text
    assert "(Days | Subject)" in text
    assert text.count("<rect") + text.count("<path") > 1000


def test_that_png_has_the_colours_of_the_light_look_after_a_move(plot, themes, tmp_path):
    themes.set_theme(make_theme(dark=True))
    plot.follow(plot.figure)
    plot.canvas.grab()
    save_picture(plot, tmp_path / "v.png")
    image = QImage(str(tmp_path / "v.png"))
    hues = {image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
    assert QColor("#FFFFFF").rgb() in hues
    assert QColor("#1C222B").rgb() not in hues


def test_that_the_tooltip_says_what_the_pointer_is_on(plot):
    at = plot.position_of("Z", 4, 1)
    plot.point(at)
    assert plot.tip().startswith("Subject 308: Days")
    QApplication.sendEvent(plot.canvas, QEvent(QEvent.Type.Leave))
    assert plot.tip() == ""


def test_that_in_a_high_room_v_stands_large_beside_its_parts(plot):
    plot.set_shown("sum")
    plot.resize(900, 300)
    settle()
    part, residual, v = plot.panels()
    assert part.rect.size() == residual.rect.size() == v.rect.size()
    assert part.rect.top() == v.rect.top()
    plot.resize(1000, 700)
    settle()
    part, residual, v = plot.panels()
    assert residual.rect.top() > part.rect.bottom()
    assert (v.rect.top(), v.rect.bottom()) == pytest.approx((part.rect.top(), residual.rect.bottom()))
    assert v.rect.height() > 0.7 * plot.canvas.height()
    assert v.rect.right() <= plot.canvas.width()
    assert v.rect.left() > part.rect.right()
    assert said(plot, "sum", 0, 4).startswith("Rows 1 and 5 are both of Subject 308")
