"""The landscape as a picture: what is drawn where, what the mouse finds, and the handle."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from mmgui.app.theme import make_theme
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.engine.result import Fit
from mmgui.figures.landscape import LandscapeFigure, landscape_figure
from mmgui.figures.landscape_trail import other_trail, trail
from mmgui.figures.moved import MovableFit, Moved
from mmgui.plots.export import save_picture
from mmgui.plots.landscape_handle import SECOND_CLICK_MS
from mmgui.plots.landscape_plot import LandscapePlot, signed
from mmgui.spec.formula import parse

MODELS = {
    "two": ("sleepstudy", "Reaction ~ Days + (Days | Subject)"),
    "nested": ("Pastes", "strength ~ 1 + (1 | batch/cask)"),
    "boundary": ("Dyestuff2", "Yield ~ 1 + (1 | Batch)"),
    "curve": ("Dyestuff", "Yield ~ 1 + (1 | Batch)"),
    "singular": ("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)"),
    "limited": ("Machines", "score ~ Machine + (Machine | Worker)"),
}
SD, SLOPE = "Subject: SD of Intercept", "Subject: SD of Days"


@cache
def fit_of(model: str) -> Fit:
    sample, formula = MODELS[model]
    return fit(FitJob(parse(formula), load_sample(sample)))


@cache
def figure(model: str, chosen: tuple[str, ...] = (), profiled: bool = False) -> LandscapeFigure:
    return landscape_figure(fit_of(model), chosen, points=21, profiled=profiled)


def moved_to(model: str, values: dict[str, float]) -> Moved:
    movable = MovableFit(fit_of(model))
    return movable.moved(movable.with_values(movable.best, values, sigma_follows=True), sigma_follows=True)


def shown(plot: LandscapePlot, data: LandscapeFigure) -> LandscapePlot:
    plot.set_data(data)
    plot.settle()
    return plot


def share_of(plot: LandscapePlot, wanted: str) -> float:
    """How much of the picture has about this colour."""
    image = plot.grab().toImage()
    target = QColor(wanted)
    near = 0
    for x in range(0, image.width(), 2):
        for y in range(0, image.height(), 2):
            c = image.pixelColor(x, y)
            off = abs(c.red() - target.red()), abs(c.green() - target.green()), abs(c.blue() - target.blue())
            near += max(off) < 24
    return near / (image.width() * image.height() / 4)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("look", [{}, {"dark": True}, {"projector": True}])
def test_that_every_kind_of_fit_draws_in_every_look(themes, selection, show, model, look):
    themes.set_theme(make_theme(**look))
    plot = shown(show(LandscapePlot(themes, selection), 700, 520), figure(model))
    image = plot.grab().toImage()
    colours = {image.pixel(x, y) for x in range(0, 700, 3) for y in range(0, 520, 3)}
    assert len(colours) > 20
    # The handle is in sight.
    assert share_of(plot, make_theme(**look).accent) > 1e-4


def test_that_the_best_fit_and_the_boundary_lie_inside_the_panel(themes, selection, show):
    plot = shown(show(LandscapePlot(themes, selection)), figure("boundary"))
    panel = plot._panel
    room = panel.inside()
    # Dyestuff2: the batch SD is 0, on the boundary; a strip beyond it is hatched.
    at = panel.pixel(0.0, 0.0)
    assert room.left() + 8 < at.x() < room.left() + 40
    assert room.top() < at.y() < room.bottom() - 8


def test_that_a_limited_correlation_is_shown_whole(themes, selection, show):
    chosen = ("Worker: SD of Intercept", "Worker: correlation of MachineB and MachineC")
    plot = shown(show(LandscapePlot(themes, selection)), figure("limited", chosen))
    shown_range = plot._panel.shown()
    assert shown_range.top() < -1.0
    assert shown_range.bottom() > 1.0


def test_that_an_evaluation_is_found_by_the_mouse_and_explained(themes, selection, show):
    data = figure("nested")
    plot = shown(show(LandscapePlot(themes, selection)), data)
    panel = plot._panel
    assert panel.find(panel.pixel(*data.trail[1])) == 1
    tip = plot.tip(1)
    assert tip.startswith(f"<b>Evaluation 2 of {len(data.trail)}</b>")
    assert "SD of intercept, batch: " in tip
    assert "above the fit" in tip
    assert plot.tip(-1) == ""


def test_that_the_picture_says_what_is_held_and_what_is_drawn(themes, selection, show):
    plot = shown(show(LandscapePlot(themes, selection)), figure("two"))
    notes = plot.findChild(QLabel, "plotNotes").text()
    assert "held as in the fit: correlation of intercept and slope of Days, Subject" in notes
    caption = plot.findChild(QLabel, "plotCaption").text()
    assert "REML criterion above the fit" in caption
    assert plot.table().rows[0][0] == "Fit"


def test_that_in_a_low_room_the_picture_comes_before_the_words(themes, selection, show):
    plot = shown(show(LandscapePlot(themes, selection), 640, 220), figure("two"))
    assert plot.findChild(QLabel, "plotNotes").text() == ""
    caption = plot.findChild(QLabel, "plotCaption")
    assert "evaluations" not in caption.text()
    assert "evaluations" in caption.toolTip()
    assert "take their best values" in caption.toolTip()
    assert plot._panel.inside().height() > 80
    plot.resize(640, 500)
    plot.settle()
    assert "take their best values" in plot.findChild(QLabel, "plotNotes").text()


def test_that_the_empty_state_comes_back(themes, selection, show):
    plot = shown(show(LandscapePlot(themes, selection)), figure("two"))
    plot.set_data(None)
    assert plot.findChild(QLabel, "plotEmpty").isVisible()
    assert plot.table().rows == ()


@pytest.mark.parametrize("chosen", [(SD, ""), (SD, SLOPE)])
def test_that_what_was_stopped_before_its_first_point_has_a_range(themes, selection, show, chosen):
    data = landscape_figure(fit_of("two"), chosen, profiled=True, should_stop=lambda: True)
    assert np.isnan(data.difference).all()
    plot = shown(show(LandscapePlot(themes, selection)), data)
    home = plot._panel.home()
    # The range of the SD of the intercept around its estimate, 24.74.
    assert home.left() < 24.74 < home.right()
    assert home.height() > 0.5
    assert "Where nothing is drawn the criterion was not worked out." in plot.notes()


def test_that_an_evaluation_without_a_place_is_left_out(themes, selection, show):
    data = figure("two", (SLOPE, "Subject: correlation of Intercept and Days"))
    places = data.trail.copy()
    places[0, 1] = np.nan
    plot = shown(show(LandscapePlot(themes, selection)), replace(data, trail=places))
    plot.grab()
    assert plot._panel.find(plot._panel.pixel(*places[-1])) > 0


def test_that_the_handle_is_at_the_best_fit_until_the_model_is_moved(themes, selection, show):
    plot = shown(show(LandscapePlot(themes, selection)), figure("two"))
    assert plot.handle_place() == pytest.approx((24.7405, 5.9221), abs=1e-3)
    moved = moved_to("two", {SLOPE: 2.0})
    plot.set_moved(moved)
    assert plot.handle_place() == pytest.approx((24.7405, 2.0), abs=1e-3)
    assert plot._panel._label == signed(moved.difference)
    plot.set_moved(None)
    assert plot.handle_place()[1] == pytest.approx(5.9221, abs=1e-3)
    one = shown(show(LandscapePlot(themes, selection)), figure("curve"))
    one.set_moved(moved := moved_to("curve", {"Batch: SD of Intercept": 10.0}))
    assert one.handle_place() == pytest.approx((10.0, moved.difference))


def test_that_the_mouse_drags_the_handle_and_stops_at_the_boundary(themes, selection, show, qtbot):
    plot = shown(show(LandscapePlot(themes, selection), 700, 520), figure("two"))
    panel = plot._panel
    wanted: list[dict[str, float]] = []
    plot.wanted.connect(wanted.append)
    viewport = panel.viewport()
    start = panel.pixel(*plot.handle_place()).toPoint()
    # Taken a few pixels beside its middle the handle does not jump.
    grip = start + QPoint(5, 4)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=grip)
    QTest.mouseMove(viewport, grip)
    assert wanted[-1] == pytest.approx({SD: 24.7405, SLOPE: 5.9221}, abs=0.1)
    QTest.mouseMove(viewport, QPoint(-200, grip.y()))
    assert wanted[-1][SD] == 0.0
    assert wanted[-1][SLOPE] == pytest.approx(5.9221, abs=0.1)
    with qtbot.waitSignal(plot.dropped):
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(0, grip.y()))
    assert plot.hasFocus() or not plot.isActiveWindow()


@pytest.mark.parametrize("then", ["nothing", "other axes", "arrow key", "away"])
def test_that_a_click_moves_the_handle_unless_something_else_came_first(themes, selection, show, qtbot, then):
    plot = shown(show(LandscapePlot(themes, selection), 700, 520), figure("two"))
    told: list[dict[str, float]] = []
    plot.wanted.connect(told.append)
    panel, place = plot._panel, (30.0, 9.0)
    qtbot.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=panel.pixel(*place).toPoint())
    assert told == []
    if then == "other axes":
        plot.forget_range()
        plot.set_data(figure("curve"))
    elif then == "arrow key":
        qtbot.keyClick(plot, Qt.Key.Key_Right)
        told.clear()
    elif then == "away":
        plot.hide()
    qtbot.wait(SECOND_CLICK_MS + 100)
    if then == "nothing":
        assert [tuple(values.values()) for values in told] == [pytest.approx(place, abs=0.3)]
    else:
        assert told == []


def test_that_arrow_keys_move_it_by_hundredths_and_with_shift_by_tenths(themes, selection, show):
    data = figure("two")
    plot = shown(show(LandscapePlot(themes, selection), 700, 520), data)
    wanted: list[dict[str, float]] = []
    plot.wanted.connect(wanted.append)
    length = data.axes[0].values[-1] - data.axes[0].values[0]
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert wanted[-1][SD] == pytest.approx(24.7405 - length / 100, abs=1e-3)
    QTest.keyClick(plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert wanted[-1][SD] == pytest.approx(24.7405 + length / 10, abs=1e-3)
    QTest.keyClick(plot, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert wanted[-1][SLOPE] < 5.9221


def test_that_a_bead_stands_on_the_way(themes, selection, show):
    data = figure("two")
    plot = shown(show(LandscapePlot(themes, selection)), data)
    plot.set_bead(2)
    assert plot._panel._bead == pytest.approx(tuple(data.trail[2]))
    for nowhere in (None, -1, len(data.trail)):
        plot.set_bead(nowhere)
        assert plot._panel._bead is None


def test_that_the_way_from_another_start_is_drawn_beside_the_first(themes, selection, show):
    movable = MovableFit(fit_of("two"))
    again = fit(FitJob(parse(MODELS["two"][1]), load_sample("sleepstudy"), start=np.array([0.2, 0.0, 0.1])))
    other = other_trail(figure("two"), movable, again)
    assert len(other.places) == len(again.log.objective)
    assert other.difference.min() == pytest.approx(0.0, abs=1e-4)
    plot = show(LandscapePlot(themes, selection), 700, 520)
    plot.set_data(figure("two"), other)
    plot.settle()
    assert "from the handle" in plot.findChild(QLabel, "plotCaption").text()
    assert trail(figure("two")).improving.tolist() == figure("two").improving.tolist()


def test_that_the_range_stays_while_the_same_axes_are_drawn_again(themes, selection, show):
    fit = fit_of("two")
    space = MovableFit(fit)
    plot = shown(show(LandscapePlot(themes, selection)), figure("two"))
    home = plot._panel.home()
    near = space.with_values(
        space.best, {"Subject: correlation of Intercept and Days": 0.6}, sigma_follows=True
    )
    shown(plot, landscape_figure(fit, base=near, points=9))
    assert plot._panel.home() == home
    far = space.with_values(space.best, {SD: 120.0}, sigma_follows=True)
    shown(plot, landscape_figure(fit, base=far, points=9))
    assert plot._panel.home().right() > 130.0


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_that_the_picture_can_be_saved(themes, selection, show, tmp_path, ending):
    plot = shown(show(LandscapePlot(themes, selection)), figure("two"))
    plot.set_moved(moved_to("two", {SLOPE: 2.0}))
    path = tmp_path / f"landscape.{ending}"
    save_picture(plot, path)
    assert path.stat().st_size > 2000
    if ending == "svg":
        text = path.read_text(encoding="utf-8")
        assert "<image" not in text
        assert "best fit" in text
        assert "no variance" in text


def test_that_differences_have_their_sign():
    assert signed(12.34) == "+12.3"
    assert signed(-0.4) == "−0.400"
    assert signed(0.0) == "+0"
