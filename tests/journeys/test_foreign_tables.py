"""Tables with names, ranges and holes that no sample has: everything reads right all the same."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QWidget

from mmgui.spec.formula import parse
from tests.journeys.journey import Journey
from tests.leaks import settle

GARDENER = "A very long name of a gardener that goes on and on, <b>bold</b> & 'quoted', "
DOSED = "`Größe der Pflanze` ~ `50 % dose` + (`50 % dose` + `Süß & sauer` | `Gärtner/in`)"


def _write(path: Path, head: list[str], rows: list[list[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([head, *rows])
    return path


@pytest.fixture
def garden(tmp_path: Path) -> Path:
    """Umlauts, signs and long names, groups of one row, holes, a column that never changes."""
    rng = np.random.default_rng(3)
    rows: list[list[object]] = []
    for g, n in enumerate((12, 9, 8, 1, 7, 1, 10, 6, 15, 3, 5, 8, 4)):
        level, slope = rng.normal(0, 4), rng.normal(0, 1)
        for i in range(n):
            dose = round(float(rng.uniform(0, 10)), 2)
            y = 20 + level + (0.6 + slope) * dose + rng.normal(0, 2)
            hole = i == 2 and g % 3 == 0
            size = "" if hole else f"{y:.3f}"
            rows.append([size, dose, 100 + g, f"{GARDENER}{g}", 7, round(float(rng.normal()), 3)])
    head = ["Größe der Pflanze", "50 % dose", "Beet Nr.", "Gärtner/in", "konst", "Süß & sauer"]
    return _write(tmp_path / "garden.csv", head, rows)


@pytest.fixture
def laboratory(tmp_path: Path) -> Path:
    """Responses of millions on concentrations of millionths."""
    rng = np.random.default_rng(4)
    rows: list[list[object]] = []
    for g in range(20):
        level, slope = rng.normal(0, 3e5), rng.normal(0, 4e10)
        for _ in range(8):
            conc = rng.uniform(1e-6, 9e-6)
            y = 2.5e6 + level + (1e11 + slope) * conc + rng.normal(0, 2e5)
            rows.append([f"{y:.1f}", f"{conc:.4e}", f"L{g:02d}"])
    return _write(tmp_path / "laboratory.csv", ["income", "conc", "lab"], rows)


def _fit(journey: Journey, table: Path, formula: str) -> None:
    journey.window.resize(1600, 1000)
    journey.open(table)
    journey.store.edit_draft("Write the formula", parse(formula, partial=True))
    settle()
    journey.fit()


def test_names_with_an_ampersand_stand_as_they_are_in_the_list_of_orders(
    journey: Journey, garden: Path
) -> None:
    _fit(journey, garden, DOSED)
    page = journey.show_page("groupsPage")
    order = journey.control("groupsOrder", page)
    assert isinstance(order, QComboBox)
    assert "By Süß & sauer" in [order.itemText(k) for k in range(order.count())]
    # Lines over one another have no order, which the list says by being off.
    QTest.mouseClick(journey.control("groupsViewOverlay", page), Qt.MouseButton.LeftButton)
    journey.wait()
    assert not order.isEnabled()
    assert order.toolTip() == "Lines over one another stand in no order."
    QTest.mouseClick(journey.control("groupsViewTiles", page), Qt.MouseButton.LeftButton)
    journey.wait()
    assert order.isEnabled()


def test_long_names_leave_every_effect_of_the_caterpillar_the_same_room(
    journey: Journey, garden: Path
) -> None:
    _fit(journey, garden, DOSED)
    page = journey.show_page("shrinkagePage")
    plot = journey.control("caterpillarPlot", page)
    panels = plot.panels()  # type: ignore[attr-defined]
    widths = [panel.inside().width() for panel in panels]
    assert len(widths) == 3
    assert min(widths) > 80
    assert max(widths) - min(widths) < 0.25 * max(widths)
    # Groups whose names begin alike are told apart by their ends.
    shown = [text for _, text in panels[0].left.ticks()]
    assert len(set(shown)) > 1
    assert shown[0].startswith("A very")
    assert shown[0][-1].isdigit()


def test_a_model_whose_variances_trade_off_is_not_profiled_unasked(journey: Journey, garden: Path) -> None:
    # konst is 7 in every row, so its slopes are the intercepts once more.
    formula = "`Größe der Pflanze` ~ 1 + (konst | `Beet Nr.`)"
    _fit(journey, garden, formula)
    page = journey.show_page("profilePage")
    button = journey.control("profileButton", page)
    assert isinstance(button, QPushButton)
    assert button.isVisible()
    words = journey.control("profileWords", page)
    assert isinstance(words, QLabel)
    assert words.text().startswith("The data cannot tell these variances apart")
    # Asked for, it begins, and can be stopped.
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    settle()
    QTest.mouseClick(journey.control("profileStopButton", page), Qt.MouseButton.LeftButton)
    journey.wait()
    assert button.isVisible()


def test_numbers_of_millions_are_whole_beside_their_sliders(journey: Journey, laboratory: Path) -> None:
    _fit(journey, laboratory, "income ~ conc + (conc | lab)")
    page = journey.show_page("landscapePage")
    for k in range(4):
        field = journey.control(f"sliderField{k}", page)
        assert isinstance(field, QLineEdit)
        assert field.fontMetrics().horizontalAdvance(field.text()) < field.width() - 6
    # A number that is too long all the same shows how it begins.
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "123456789012")
    QTest.keyClick(field, Qt.Key.Key_Return)
    journey.wait()
    assert field.text() == "1.23 × 10¹¹"
    assert field.cursorPosition() == 0


def test_fit_again_shows_the_best_fit_of_a_model_moved_by_hand(journey: Journey, laboratory: Path) -> None:
    _fit(journey, laboratory, "income ~ conc + (conc | lab)")
    page = journey.show_page("landscapePage")
    play = journey.window.workspace.play
    slider: QWidget = journey.control("slider0", page)
    at = QPoint(int(0.9 * slider.width()), slider.height() // 2)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
    journey.wait()
    assert play.current is not None
    journey.fit()
    assert play.current is None
    assert journey.text("criterionWords").endswith("the best fit.")


def test_fit_leads_out_of_a_film_and_out_of_a_comparison(journey: Journey, laboratory: Path) -> None:
    _fit(journey, laboratory, "income ~ conc + (1 | lab)")
    journey.fit_formula("income ~ conc + (conc | lab)")
    workspace = journey.window.workspace
    journey.trigger("compareAction")
    assert workspace.store.document.view.comparing
    journey.fit()
    assert not workspace.store.document.view.comparing
    journey.show_page("landscapePage")
    QTest.mouseClick(journey.control("replayButton"), Qt.MouseButton.LeftButton)
    journey.wait()
    assert workspace.film.film is not None
    journey.fit()
    assert workspace.film.film is None
    assert workspace.play.current is None


def test_a_window_of_a_page_says_what_is_missing_while_another_table_has_no_fit(
    journey: Journey, garden: Path, laboratory: Path
) -> None:
    _fit(journey, laboratory, "income ~ conc + (conc | lab)")
    journey.show_page("shrinkagePage")
    journey.trigger("pageWindowAction")
    window = journey.window.results.windows.open_windows[-1]
    words = window.findChild(QLabel, "pageWindowWords")
    assert words is not None
    assert not words.isVisible()
    journey.open(garden)
    assert words.isVisible()
    assert words.text() == "After a fit, Shrinkage stands here."
    _fit(journey, garden, DOSED)
    assert not words.isVisible()
    assert window.page.isVisible()
