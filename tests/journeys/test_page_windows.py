"""Pages in windows of their own, pages as pictures, and the numbers behind a picture."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QTableView

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
