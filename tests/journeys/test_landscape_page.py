"""The landscape in the window: two lists choose what it shows, and a hand moves the model on it."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton, QSlider, QWidget

from mmgui.errors import FitError
from mmgui.figures.moved import Moved
from mmgui.plots.landscape_plot import LandscapePlot
from mmgui.ui.landscape_page import REST_MS, LandscapePage
from tests.journeys.journey import SAMPLES, Journey
from tests.leaks import settle

RIS = "Reaction ~ Days + (Days | Subject)"
SD, SLOPE = "Subject: SD of Intercept", "Subject: SD of Days"
CORRELATION, SIGMA = "Subject: correlation of Intercept and Days", "Residual: SD (σ)"


def plot_of(journey: Journey) -> LandscapePlot:
    plot = journey.control("landscapePlot", journey.control("landscapePage"))
    assert isinstance(plot, LandscapePlot)
    return plot


def combo(journey: Journey, name: str) -> QComboBox:
    found = journey.control(name)
    assert isinstance(found, QComboBox)
    return found


def offered(box: QComboBox) -> list[str]:
    return [box.itemText(k) for k in range(box.count())]


def test_that_a_person_chooses_what_the_landscape_shows(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    page = journey.show_page("landscapePage")
    assert page.isVisible()
    across, up = combo(journey, "landscapeX"), combo(journey, "landscapeY")
    names = [SD, SLOPE, CORRELATION, SIGMA]
    assert offered(across) == names
    assert offered(up) == [*names[1:], "nothing: a curve"]
    assert plot_of(journey).table().columns[1:3] == (names[0], names[1])

    journey.pick("landscapeY", names[2])
    journey.wait()
    assert plot_of(journey).table().columns[1:3] == (names[0], names[2])
    # lme4: SD 24.7405, correlation 0.0656
    fit = plot_of(journey).table().rows[0]
    assert [round(float(v or 0), 3) for v in fit[1:3]] == [24.74, 0.066]

    # What stands upwards, chosen across, swaps the two.
    journey.pick("landscapeX", names[2])
    journey.wait()
    assert (across.currentText(), up.currentText()) == (names[2], names[0])
    assert plot_of(journey).table().columns[1:3] == (names[2], names[0])


def test_that_another_model_shows_its_own_parameters(journey: Journey) -> None:
    journey.open_sample("Pastes")
    journey.fit_formula("strength ~ 1 + (1 | batch/cask)")
    journey.show_page("landscapePage")
    journey.pick("landscapeX", "batch:cask: SD of Intercept")
    journey.wait()
    assert combo(journey, "landscapeY").currentText() == "batch: SD of Intercept"
    journey.fit_formula("strength ~ 1 + (1 | batch)")
    journey.wait()
    assert offered(combo(journey, "landscapeX")) == ["batch: SD of Intercept", SIGMA]
    assert combo(journey, "landscapeY").currentText() == "nothing: a curve"
    assert plot_of(journey).table().columns[1] == "batch: SD of Intercept"
    journey.pick("landscapeY", SIGMA)
    journey.wait()
    assert plot_of(journey).table().columns[2] == SIGMA


def test_that_a_fit_on_the_boundary_has_its_curve(journey: Journey) -> None:
    journey.open_sample("Dyestuff2")
    journey.fit_formula("Yield ~ 1 + (1 | Batch)")
    journey.show_page("landscapePage")
    table = plot_of(journey).table()
    assert table.rows[0] == ("Fit", 0.0, 0.0)
    assert plot_of(journey).isVisible()


def moved(journey: Journey) -> Moved:
    found = journey.window.workspace.play.current
    assert found is not None
    return found


def landscape_of_sleep(journey: Journey, formula: str = RIS) -> LandscapePlot:
    journey.window.resize(1600, 1000)
    journey.open_sample("sleepstudy")
    journey.fit_formula(formula)
    journey.show_page("landscapePage")
    return plot_of(journey)


def drag(plot: LandscapePlot, *places: tuple[float, float], release: bool = True) -> None:
    """Take the handle with the mouse and carry it over these places of the axes."""
    panel = plot._panel
    viewport = panel.viewport()
    start = panel.pixel(*plot.handle_place()).toPoint()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for place in places:
        QTest.mouseMove(viewport, panel.pixel(*place).toPoint())
        settle()
    if release:
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=panel.pixel(*places[-1]).toPoint())
        settle()


def pixel_of(plot: LandscapePlot) -> float:
    """How much one pixel is, upwards."""
    panel = plot._panel
    return float(panel.shown().height() / panel.inside().height())


def test_that_a_person_drags_the_handle_and_everything_follows(journey: Journey) -> None:
    plot = landscape_of_sleep(journey)
    assert plot.handle_place() == pytest.approx((24.7405, 5.9221), abs=1e-3)
    before = journey.window.workspace.play.fit
    assert before is not None
    # teaching.json sleepstudy.shrinkage_matrix_ris: W = T (T + σ²(X'X)⁻¹)⁻¹, its weight of the slope 0.838.
    assert weight_of_slope(before.terms[0].covariance, before.sigma) == pytest.approx(
        0.838241611696, abs=1e-5
    )

    drag(plot, (24.74, 4.0), (24.74, 2.0))
    here = moved(journey)
    assert here.value(SLOPE) == pytest.approx(2.0, abs=pixel_of(plot))
    assert here.value(SD) == pytest.approx(24.74, abs=0.2)
    # Modes, criterion and weight at that point.
    modes, own = here.fit.terms[0].modes[:, 1], before.terms[0].modes[:, 1]
    assert abs(modes).max() < 0.75 * abs(own).max()
    assert here.difference > 10.0
    assert weight_of_slope(here.fit.terms[0].covariance, here.fit.sigma) < 0.5
    assert journey.text("movedWords") == f"REML criterion {here.difference:.1f} above the best fit"
    assert plot._panel._label == f"+{here.difference:.1f}"
    # The pictures beside it show the same modes.
    page = journey.control("landscapePage")
    assert isinstance(page, LandscapePage)
    shrinkage = page.companions._plots["shrinkage"].table()
    model, weight = (shrinkage.columns.index(title) for title in ("Days model", "Weight Days, Days"))
    shown = sorted(float(row[model] or 0.0) for row in shrinkage.rows)
    assert shown == pytest.approx(sorted(here.fit.beta[1] + modes), abs=1e-9)
    expected = weight_of_slope(here.fit.terms[0].covariance, here.fit.sigma)
    assert [row[weight] for row in shrinkage.rows] == pytest.approx([expected] * 18, abs=1e-6)

    # To the wall, and not beyond.
    drag(plot, (24.74, 1.0), (24.74, -30.0))
    assert moved(journey).value(SLOPE) == 0.0
    assert abs(moved(journey).fit.terms[0].modes[:, 1]).max() == 0.0
    QTest.mouseClick(journey.control("backToFitButton"), Qt.MouseButton.LeftButton)
    settle()
    assert journey.window.workspace.play.current is None
    assert plot.handle_place() == pytest.approx((24.7405, 5.9221), abs=1e-3)


def weight_of_slope(covariance: object, sigma: float) -> float:
    """The slope's weight on its own estimate, for 10 days a subject."""
    import numpy as np

    x = np.column_stack([np.ones(10), np.arange(10.0)])
    total = np.asarray(covariance) + sigma**2 * np.linalg.inv(x.T @ x)
    return float((np.asarray(covariance) @ np.linalg.inv(total))[1, 1])


def test_that_the_criterion_at_the_handle_is_lme4s(journey: Journey) -> None:
    plot = landscape_of_sleep(journey)
    journey.pick("estimationCombo", "ML")
    journey.fit()
    play = journey.window.workspace.play
    play.prepare()
    settle()
    assert play.movable is not None
    # teaching.json sleepstudy.deviance_at_theta
    import numpy as np

    for theta, deviance in (((1.0, 0.0, 1.0), 1784.64229619245), ((0.5, 0.0, 0.5), 1770.17560648536)):
        play.go(play.movable.space.point(np.array(theta)))
        settle()
        assert moved(journey).fit.objective == pytest.approx(deviance, abs=1e-6)
        x, y = plot.handle_place()
        assert (x, y) == pytest.approx((moved(journey).value(SD), moved(journey).value(SLOPE)))


def test_that_the_others_take_their_best_values_while_the_handle_is_dragged(journey: Journey) -> None:
    plot = landscape_of_sleep(journey)
    journey.pick("estimationCombo", "ML")
    journey.fit()
    journey.pick("landscapeY", "nothing: a curve")
    journey.pick("landscapeX", SLOPE)
    journey.pick("landscapeOthers", "take their best values")
    journey.wait()
    # teaching.json sleepstudy.profile_ML_ris.zeta, sd_Days|Subject: ζ = -2.2128 at 3.5968
    field = journey.control("sliderField1")
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "3.596767488679")
    QTest.keyClick(field, Qt.Key.Key_Return)
    journey.wait()
    assert moved(journey).difference == pytest.approx(2.212764244983**2, abs=1e-4)
    assert moved(journey).value(CORRELATION) != pytest.approx(0.0813, abs=0.01)
    # The handle is on the curve.
    figure = plot._figure
    assert figure is not None
    import numpy as np

    curve = np.interp(3.5968, figure.axes[0].values, figure.difference)
    assert curve == pytest.approx(moved(journey).difference, abs=0.05)


def test_that_sliders_move_every_parameter(journey: Journey) -> None:
    landscape_of_sleep(journey)
    names = [SD, SLOPE, CORRELATION, SIGMA]
    for k, name in enumerate(names):
        slider = journey.control(f"slider{k}")
        assert isinstance(slider, QSlider)
        assert slider.accessibleName() == name
        before = moved(journey).value(name) if k else None
        slider.setFocus()
        QTest.keyClick(slider, Qt.Key.Key_Right)
        settle()
        assert moved(journey).value(name) != before
    check = journey.control("sigmaFollowsCheck")
    assert isinstance(check, QCheckBox)
    # The hand on σ took it from the others.
    assert not check.isChecked()
    check.click()
    settle()
    assert moved(journey).sigma_follows
    # A double click on its name returns a parameter to the fit.
    QTest.mouseDClick(journey.control("sliderName1"), Qt.MouseButton.LeftButton)
    settle()
    assert moved(journey).value(SLOPE) == pytest.approx(5.9221, abs=1e-3)


def test_that_contours_are_drawn_anew_where_the_hand_moved_what_they_hold(journey: Journey) -> None:
    plot = landscape_of_sleep(journey)
    journey.window.workspace.play.move({CORRELATION: -0.9})
    settle()
    assert plot._panel._faded
    journey.qtbot.waitUntil(lambda: not plot._panel._faded, timeout=20_000)
    figure = plot._figure
    assert figure is not None
    assert figure.base[CORRELATION] == pytest.approx(-0.9)
    assert float(figure.difference.min()) > 5.0
    journey.window.workspace.play.reset()
    settle()
    # Back at the best fit its own contours are there at once.
    assert not plot._panel._faded
    assert plot._figure is not None
    assert float(plot._figure.difference.min()) < 0.1


def test_that_where_the_view_is_taken_the_landscape_is_drawn(journey: Journey) -> None:
    plot = landscape_of_sleep(journey)
    panel = plot._panel
    whole, home = plot.table(), panel.home()
    assert max(float(row[1] or 0) for row in whole.rows) < 60
    panel.view.translateBy((40.0, 0.0))
    journey.qtbot.waitUntil(lambda: plot.table() != whole, timeout=20_000)
    journey.wait()
    shown = panel.shown()
    grid = [row for row in plot.table().rows if row[0] == "Grid"]
    assert min(float(row[1] or 0) for row in grid) <= shown.left() + 1e-6
    assert max(float(row[1] or 0) for row in grid) >= shown.right()
    # The view stays where it was taken, a double click brings the whole picture back and moves nothing.
    assert panel.home() == home
    assert shown.left() > 35
    middle = panel.inside().center().toPoint()
    QTest.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseDClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseRelease(panel.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    QTest.qWait(QGuiApplication.styleHints().mouseDoubleClickInterval() + 50)
    journey.wait()
    assert journey.window.workspace.play.current is None
    assert not panel.away_from_home
    journey.qtbot.waitUntil(lambda: plot.table() == whole, timeout=20_000)
    # A single click takes the model there.
    QTest.mouseClick(panel.viewport(), Qt.MouseButton.LeftButton, pos=panel.pixel(30.0, 9.0).toPoint())
    journey.qtbot.waitUntil(lambda: journey.window.workspace.play.current is not None, timeout=5_000)
    journey.wait()
    assert moved(journey).value(SD) == pytest.approx(30.0, abs=0.3)


def test_that_a_landscape_that_cannot_be_drawn_is_not_tried_for_ever(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    plot = landscape_of_sleep(journey)
    tried: list[object] = []

    def refuse(*_: object, **__: object) -> None:
        tried.append(None)
        raise FitError("no_landscape", "There is no landscape here.")

    monkeypatch.setattr("mmgui.figures.landscape.landscape_figure", refuse)
    journey.window.workspace.play.move({CORRELATION: -0.9})
    journey.qtbot.waitUntil(lambda: plot._trouble == "There is no landscape here.", timeout=20_000)
    QTest.qWait(4 * REST_MS)
    assert len(tried) == 1


def test_that_the_optimiser_starts_from_the_handle(journey: Journey) -> None:
    plot = landscape_of_sleep(journey)
    start = journey.control("startHereButton")
    assert isinstance(start, QPushButton)
    assert not start.isEnabled()
    drag(plot, (40.0, 9.0))
    journey.wait()
    fit = journey.window.workspace.play.fit
    QTest.mouseClick(start, Qt.MouseButton.LeftButton)
    journey.wait()
    said = journey.text("startHereWords")
    assert said.startswith("From here the optimiser ends at the best fit again, after ")
    assert journey.window.workspace.play.fit is fit
    other = plot._other
    assert other is not None
    # The way begins at the handle's θ, drawn as every evaluation with the σ that is best at its θ.
    assert tuple(other.places[0]) == pytest.approx(plot.handle_place(), rel=0.08)


def test_that_many_sliders_stay_in_reach_and_a_limited_one_says_so(journey: Journey) -> None:
    journey.open_sample("Machines")
    journey.fit_formula("score ~ Machine + (Machine | Worker)")
    journey.show_page("landscapePage")
    sliders = journey.control("parameterSliders")
    assert len(sliders.findChildren(QSlider)) == 7
    last = journey.control("slider5")
    assert last.accessibleName() == "Worker: correlation of MachineB and MachineC"
    journey.window.workspace.play.move({"Worker: correlation of MachineB and MachineC": 0.99})
    settle()
    # It stops where the others leave it no room.
    limit = moved(journey).value("Worker: correlation of MachineB and MachineC")
    assert limit == pytest.approx(0.638, abs=2e-3)


def test_that_pictures_beside_it_are_chosen(journey: Journey) -> None:
    landscape_of_sleep(journey)
    page = journey.control("landscapePage")
    assert isinstance(page, LandscapePage)
    room = page.companions._room
    assert room >= 1
    assert page.companions.shown()[0] == "shrinkage"
    chip = journey.control("varianceChip")
    assert isinstance(chip, QPushButton)
    chip.click()
    settle()
    assert "variance" in page.companions.shown()
    assert len(page.companions.shown()) <= room


def test_that_another_model_leaves_the_hand_and_words_behind(journey: Journey) -> None:
    plot = landscape_of_sleep(journey)
    drag(plot, (40.0, 9.0))
    QTest.mouseClick(journey.control("startHereButton"), Qt.MouseButton.LeftButton)
    journey.wait()
    journey.fit_formula("Reaction ~ Days + (1 | Subject)")
    journey.wait()
    assert journey.control("slider0", page_of(journey)).accessibleName() == SD
    assert not journey.control("startHereWords").isVisible()
    assert plot._other is None
    assert math.isclose(plot.handle_place()[0], 37.124, abs_tol=1e-2)


def page_of(journey: Journey) -> QWidget:
    return journey.control("landscapePage")


def test_that_the_page_is_drawn_without_a_window(tmp_path: Path) -> None:
    path = tmp_path / "landscape.png"
    formula = "Yield ~ 1 + (1 | Batch)"
    command = [sys.executable, "-m", "mmgui", "picture", str(SAMPLES / "Dyestuff.csv"), formula]
    command += ["-o", str(path), "--page", "landscape", "--size", "800x600"]
    subprocess.run(command, check=True, capture_output=True, timeout=120, cwd=SAMPLES.parent)
    assert path.stat().st_size > 5000


def test_that_the_slider_of_sigma_ends_before_the_criterion_has_no_value(journey: Journey) -> None:
    landscape_of_sleep(journey)
    slider = journey.control("slider3")
    assert slider.accessibleName() == SIGMA
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    journey.wait()
    # A twentieth of lme4's 25.5918.
    assert moved(journey).value(SIGMA) == pytest.approx(0.05 * 25.5918, abs=1e-3)
    assert moved(journey).difference < 1e5
    assert journey.text("criterionWords").endswith(": restricted likelihood practically zero.")
