"""Pages in windows of their own, pages as pictures, and the numbers behind a picture."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QScrollArea, QTableView

from mmgui.plots.landscape_plot import LandscapePlot
from mmgui.plots.plot import Plot
from mmgui.plots.shrinkage_plot import ShrinkagePlot
from mmgui.ui.page_windows import PageWindow
from tests.journeys.journey import Journey
from tests.leaks import settle

SLEEP = "Reaction ~ Days + (Days | Subject)"
SD = "Subject: SD of Days"


def fitted(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula(SLEEP)


def detached(journey: Journey, page: str) -> PageWindow:
    journey.show_page(page)
    journey.action("pageWindowAction").trigger()
    journey.wait()
    return journey.window.results.windows.open_windows[-1]


def test_that_a_page_in_its_own_window_follows_the_model_and_the_hand(journey: Journey) -> None:
    fitted(journey)
    shrinkage = detached(journey, "shrinkagePage")
    journey.show_page("landscapePage")
    assert shrinkage.isVisible()
    assert shrinkage.windowTitle() == f"Shrinkage – {SLEEP}"
    plot = shrinkage.findChild(ShrinkagePlot)
    assert plot is not None
    best = plot.table()
    # The window is of one piece with its pictures, in the dark too.
    for dark in (False, True):
        journey.window.look.set_dark(dark)
        settle()
        surface = journey.window.workspace.themes.theme.surface
        assert shrinkage.grab().toImage().pixelColor(3, 3).name() == surface.lower()
    journey.window.look.set_dark(False)
    journey.window.workspace.play.move({SD: 0.0})
    journey.wait()
    moved = plot.table()
    at = moved.columns.index("Days model")
    assert len({round(float(row[at] or 0.0), 9) for row in moved.rows}) == 1
    assert len({round(float(row[at] or 0.0), 9) for row in best.rows}) == 18
    journey.click("backToFitButton")
    journey.wait()
    assert plot.table().rows == best.rows

    journey.fit_formula("Reaction ~ Days + (1 | Subject)")
    journey.wait()
    assert shrinkage.windowTitle() == "Shrinkage – Reaction ~ Days + (1 | Subject)"
    assert len(plot.table().columns) < len(best.columns)
    shrinkage.close()
    settle()
    assert journey.window.results.windows.open_windows == []


def test_that_windows_of_pages_close_with_the_main_window(journey: Journey) -> None:
    fitted(journey)
    window = detached(journey, "groupsPage")
    gone = []
    window.destroyed.connect(lambda: gone.append(True))
    journey.close_window(journey.window)
    assert gone


def test_that_a_page_is_saved_as_a_picture_with_its_caption(journey: Journey, tmp_path) -> None:
    fitted(journey)
    journey.show_page("landscapePage")
    journey.action("savePageAction").trigger()
    dialog = journey.window.findChild(QFileDialog, "savePageDialog")
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "page.svg"))
    text = (tmp_path / "page.svg").read_text(encoding="utf-8")
    assert "REML · sleepstudy, 180 rows" in text
    dialog.fileSelected.emit(str(tmp_path / "page.png"))
    assert QImage(str(tmp_path / "page.png")).width() > 600
    dialog.fileSelected.emit(str(tmp_path / "no" / "page.png"))
    assert "could not be written" in journey.window.message_bar.text
    dialog.close()


def test_that_the_caption_says_that_the_model_was_moved(journey: Journey) -> None:
    fitted(journey)
    page = journey.show_page("landscapePage")
    plot = page.findChild(LandscapePlot)
    assert plot is not None
    assert plot.caption() == f"{SLEEP}, REML · sleepstudy, 180 rows"
    journey.window.workspace.play.move({SD: 0.0})
    journey.wait()
    assert "moved by hand, REML criterion" in plot.caption()


def test_that_the_numbers_of_a_picture_open_as_a_table(journey: Journey) -> None:
    fitted(journey)
    page = journey.show_page("shrinkagePage")
    plot = page.findChild(ShrinkagePlot)
    assert isinstance(plot, Plot)
    menu = plot.menu()
    next(a for a in menu.actions() if a.objectName() == "showTableAction").trigger()
    settle()
    table = journey.window.findChild(QTableView, "numbersTable")
    assert table is not None
    model = table.model()
    assert model.rowCount() == 18
    assert model.index(0, 0).data() == "308"
    table.window().copy()
    assert QGuiApplication.clipboard().text().count("\n") >= 18
    table.window().close()


@pytest.mark.parametrize("key", ["shrinkage", "groups", "sigma", "variance"])
def test_that_a_picture_beside_the_landscape_has_its_caption_and_its_numbers(
    journey: Journey, key: str
) -> None:
    journey.window.resize(1600, 1000)
    fitted(journey)
    page = journey.show_page("landscapePage")
    chip = journey.control(f"{key}Chip", page)
    assert isinstance(chip, QAbstractButton)
    if not chip.isChecked():
        QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
        journey.wait()
    plot = journey.control(f"{key}Companion", page)
    assert isinstance(plot, Plot)
    assert plot.caption() == f"{SLEEP}, REML · sleepstudy, 180 rows"
    menu = plot.menu()
    next(a for a in menu.actions() if a.objectName() == "showTableAction").trigger()
    settle()
    table = journey.window.findChild(QTableView, "numbersTable")
    assert table is not None
    assert table.model().rowCount() == len(plot.table().rows) > 0
    table.window().close()


def test_that_a_page_of_the_dark_look_is_saved_in_the_light_one(journey: Journey, tmp_path: Path) -> None:
    fitted(journey)
    journey.window.look.set_dark(True)
    journey.wait()
    for name in ("summaryPage", "equationPage"):
        page = journey.show_page(name)
        menu = journey.window.results.page_menu
        menu.save_to(str(tmp_path / f"{name}.png"))
        image = QImage(str(tmp_path / f"{name}.png"))
        assert QColor(image.pixel(image.width() - 3, image.height() - 3)) == QColor("#FFFFFF")
        seen = [QColor(image.pixel(x, y)) for x in range(0, image.width(), 2) for y in range(image.height())]
        inks = {c.name() for c in seen}
        # The light look's text and first term, and nothing of the dark look's ground and text.
        assert {"#1b2430", "#0072b2"} <= inks
        assert not {"#1c222b", "#14181f", "#e6eaf0"} & inks
        assert page.isVisible()
        shown = journey.window.results.grab().toImage()
        assert QColor(shown.pixel(shown.width() // 2, shown.height() // 2)).lightness() < 128
        assert QColor(shown.pixel(shown.width() // 2, 4)) == QColor("#1C222B")
    journey.window.results.page_menu.save_to(str(tmp_path / "equation.svg"))
    drawn = (tmp_path / "equation.svg").read_text(encoding="utf-8")
    assert re.search(r'fill="#0072b2"', drawn)
    # No outline makes the signs bold.
    assert not re.search(r'fill="#(0072b2|1b2430)" fill-opacity="1" stroke="#000000"', drawn)


@pytest.mark.parametrize("dark", [False, True])
def test_that_what_is_scrolled_away_is_in_the_saved_page(
    journey: Journey, tmp_path: Path, dark: bool
) -> None:
    fitted(journey)
    journey.window.look.set_dark(dark)
    journey.window.resize(1280, 700)
    journey.wait()
    page = journey.show_page("summaryPage")
    bar = next(a for a in page.findChildren(QScrollArea) if a.isVisible()).verticalScrollBar()
    hidden, size = bar.maximum(), page.size()
    assert hidden > 100
    bar.setValue(40)
    journey.window.results.page_menu.save_to(str(tmp_path / "whole.png"))
    image = QImage(str(tmp_path / "whole.png"))
    assert image.height() * page.width() >= 0.97 * image.width() * (size.height() + hidden)
    # On the screen all is where it was.
    settle()
    assert (page.size(), bar.value()) == (size, 40)


def test_that_the_saved_profile_page_holds_its_table(journey: Journey, tmp_path: Path) -> None:
    fitted(journey)
    journey.window.resize(1280, 800)
    journey.wait()
    page = journey.show_page("profilePage")
    journey.wait()
    (bar,) = (a.verticalScrollBar() for a in page.findChildren(QScrollArea, "profileScroll"))
    hidden, size = bar.maximum(), page.size()
    assert hidden > 100
    journey.window.results.page_menu.save_to(str(tmp_path / "profile.png"))
    image = QImage(str(tmp_path / "profile.png"))
    assert image.height() * page.width() >= 0.97 * image.width() * (size.height() + hidden)
    settle()
    assert (page.size(), bar.maximum()) == (size, hidden)
