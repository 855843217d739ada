"""The window before there is data, with bad files, in its looks, and from session to session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QComboBox, QLabel, QListWidget, QToolButton, QWidget

from mmgui.data.samples import samples
from mmgui.ui import open_window
from tests.journeys.journey import SAMPLES, Journey
from tests.leaks import settle

BAD_FILES: dict[str, bytes] = {
    "empty.csv": b"",
    "header.csv": b"a,b,c\n",
    "one_column.csv": b"a\n1\n2\n3\n",
    "binary.csv": bytes(range(256)) * 20,
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "broken.xlsx": b"PK\x03\x04 not a workbook",
    "broken.mmgui": b'{"mmgui": 1, ',
}


def test_that_a_new_window_offers_three_ways_to_begin(journey: Journey) -> None:
    assert journey.control("welcomePage").isVisible()
    assert not journey.action("fitAction").isEnabled()
    listed = journey.control("welcomeSamplesList")
    assert isinstance(listed, QListWidget)
    assert [listed.item(k).text() for k in range(listed.count())] == [s.key for s in samples()]
    assert all(listed.item(k).toolTip() for k in range(listed.count()))
    row = next(k for k in range(listed.count()) if listed.item(k).text() == "Pastes")
    listed.setCurrentRow(row)
    QTest.keyClick(listed, Qt.Key.Key_Return)
    journey.wait()
    assert journey.document.table is not None
    assert journey.document.table.name == "Pastes"
    assert not journey.control("welcomePage").isVisible()


def test_that_samples_open_from_the_toolbar(journey: Journey) -> None:
    journey.click("samplesButton")
    popup = journey.control("samplesPopup")
    assert popup.isVisible()
    listed = journey.control("samplesList", popup)
    QTest.keyClick(listed, Qt.Key.Key_Down)
    QTest.keyClick(listed, Qt.Key.Key_Return)
    journey.wait()
    assert not popup.isVisible()
    assert journey.document.table is not None
    assert journey.document.table.name == samples()[1].key


def test_that_a_file_can_be_dropped_on_the_window(journey: Journey) -> None:
    journey.drop_file(SAMPLES / "Penicillin.csv")
    assert journey.document.table is not None
    assert journey.document.table.name == "Penicillin"


def test_that_a_copied_table_can_be_pasted(journey: Journey) -> None:
    QGuiApplication.clipboard().setText("y\tg\n" + "".join(f"{k * 3 % 7}\t{k % 4}\n" for k in range(20)))
    journey.trigger("pasteAction")
    journey.wait()
    table = journey.store.table()
    assert table is not None
    assert table.names == ("y", "g")


def test_that_an_empty_clipboard_gives_a_sentence(journey: Journey) -> None:
    QGuiApplication.clipboard().clear()
    journey.trigger("pasteAction")
    assert "no text on the clipboard" in journey.message()


@pytest.mark.parametrize("name", BAD_FILES)
def test_that_a_bad_file_gives_one_sentence_and_nothing_is_lost(
    journey: Journey, tmp_path: Path, name: str
) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (1 | Subject)")
    before = journey.document
    path = tmp_path / name
    path.write_bytes(BAD_FILES[name])
    journey.open(path)
    assert journey.message().endswith(".")
    assert "\n" not in journey.message()
    assert journey.control("messageBar").isVisible()
    assert journey.document == before
    assert journey.column("varianceTable", "SD") == ["37.12", "30.99"]


def test_that_a_folder_or_a_missing_file_gives_a_sentence(journey: Journey, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.csv", tmp_path / "nothing.mmgui"):
        journey.open(path)
        assert journey.message().endswith(".")
    assert journey.control("welcomePage").isVisible()


def test_that_opening_another_table_can_be_undone(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (1 | Subject)")
    journey.open_sample("Pastes")
    assert journey.document.models == ()
    journey.trigger("undoAction")
    journey.wait()
    assert journey.formula == "Reaction ~ Days + (1 | Subject)"
    assert journey.column("varianceTable", "SD") == ["37.12", "30.99"]


def test_that_a_session_comes_back_with_its_models_fitted(
    journey: Journey, new_journey: Callable[..., Journey], tmp_path: Path
) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (1 | Subject)")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    assert journey.window.isWindowModified()
    path = tmp_path / "work.mmgui"
    journey.window.files.save_path(str(path))
    assert not journey.window.isWindowModified()
    again = new_journey()
    again.open(path)
    again.qtbot.waitUntil(lambda: len(again.window.workspace.comparable()) == 2, timeout=30_000)
    again.wait()
    assert again.document == journey.document
    assert again.column("varianceTable", "SD") == ["24.74", "5.92", "25.59"]


def test_that_a_session_that_cannot_be_saved_says_so(journey: Journey, tmp_path: Path) -> None:
    journey.open_sample("sleepstudy")
    journey.window.files.save_path(str(tmp_path / "nowhere" / "s.mmgui"))
    assert "could not be saved" in journey.message()


def test_that_the_look_is_kept_from_window_to_window(new_journey: Callable[..., Journey]) -> None:
    first = new_journey()
    first.trigger("darkThemeAction")
    first.trigger("zoomInAction")
    first.window.resize(1111, 777)
    settle()
    first.window.close()
    settle()
    second = new_journey()
    theme = second.window.workspace.themes.theme
    assert theme.dark
    assert theme.scale == pytest.approx(1.1)
    assert (second.window.width(), second.window.height()) == (1111, 777)
    assert second.action("darkThemeAction").isChecked()


def test_that_a_projector_gets_large_type_and_no_data_pane(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.trigger("projectorAction")
    theme = journey.window.workspace.themes.theme
    # 18 pt at 96 dots an inch
    assert theme.px(13) >= 24
    assert theme.line_width == 3.0
    assert not journey.control("dataPane").isVisible()
    journey.trigger("projectorAction")
    assert journey.control("dataPane").isVisible()


def test_that_the_report_is_written_in_the_background(
    journey: Journey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "mmgui.ui.files.QDesktopServices.openUrl", lambda url: opened.append(url.toLocalFile())
    )
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    path = tmp_path / "report.html"
    journey.window.files.reports.write(str(path))
    journey.wait()
    assert "24.74" in path.read_text(encoding="utf-8")
    assert opened == [str(path)]


def test_that_every_control_that_takes_the_focus_has_an_accessible_name(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (1 | Subject)")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    journey.trigger("compareAction")
    journey.wait()
    nameless = []
    for widget in journey.window.findChildren(QWidget):
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or _is_inside_another_control(widget):
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        named = interface is None or interface.text(QAccessible.Text.Name)
        if not named:
            nameless.append(f"{type(widget).__name__} {widget.objectName()!r} in {_path(widget)}")
    assert not nameless, "\n".join(nameless)


def _is_inside_another_control(widget: QWidget) -> bool:
    """A scroll area's viewport and a combo box's list speak through their owner."""
    parent = widget.parentWidget()
    viewport = isinstance(parent, QAbstractScrollArea) and parent.viewport() is widget
    owner = None if parent is None else parent.parentWidget()
    return viewport or isinstance(owner, QComboBox) or widget.objectName().startswith("qt_")


def _path(widget: QWidget) -> str:
    names, parent = [], widget.parentWidget()
    while parent is not None:
        names.append(parent.objectName() or type(parent).__name__)
        parent = parent.parentWidget()
    return " < ".join(names[:4])


def test_that_a_window_opens_on_a_file(journey: Journey) -> None:
    window = open_window(SAMPLES / "Dyestuff.csv")
    settle()
    assert window.workspace.store.document.table is not None
    assert window.windowTitle().startswith("Dyestuff")
    window.close()
    settle()


def test_that_a_new_window_is_no_larger_than_the_screen(journey: Journey) -> None:
    window = open_window()
    room = window.screen().availableSize().expandedTo(window.minimumSize())
    assert window.size().boundedTo(room) == window.size()
    window.close()
    settle()


def test_that_what_was_missing_for_a_fit_is_said_until_something_changes(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.trigger("fitAction")
    assert journey.message().startswith("No response is chosen yet")
    journey.choose("Reaction", "Use as response")
    assert journey.message() == ""


def test_that_the_model_before_is_not_fitted_while_the_formula_cannot_be_read(
    journey: Journey,
) -> None:
    journey.open_sample("sleepstudy")
    journey.type_formula("Reaction ~ Days + (1 | Subject)")
    journey.type_formula("Reaction ~ Days + (1 | Subject")
    journey.fit()
    assert journey.document.models == ()
    assert "This parenthesis is never closed" in journey.message()
    journey.type_formula("Reaction ~ Days + (Days | Subject)")
    journey.fit()
    assert journey.message() == ""
    assert len(journey.document.models) == 1


def test_that_a_file_that_cannot_be_opened_is_told_of_until_the_person_closes_it(
    journey: Journey, tmp_path: Path
) -> None:
    journey.open_sample("sleepstudy")
    (tmp_path / "empty.csv").write_bytes(b"")
    journey.open(tmp_path / "empty.csv")
    told = journey.message()
    journey.choose("Reaction", "Use as response")
    assert journey.message() == told != ""


def test_that_every_page_can_be_reached_where_its_tab_is_out_of_sight(journey: Journey) -> None:
    journey.window.resize(1280, 800)
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (1 | Subject)")
    more = journey.control("pagesButton")
    assert isinstance(more, QToolButton)
    journey.trigger("resultsOnlyAction")
    assert not more.isVisible()
    journey.trigger("resultsOnlyAction")
    journey.trigger("projectorAction")
    journey.wait()
    assert more.isVisible()
    menu = more.menu()
    menu.aboutToShow.emit()
    next(a for a in menu.actions() if a.text() == "Fit trace").trigger()
    journey.wait()
    assert journey.control("tracePage").isVisible()


def test_that_a_window_closes_by_the_keyboard(journey: Journey) -> None:
    journey.trigger("quitAction")
    assert not shiboken6.isValid(journey.window) or not journey.window.isVisible()


@pytest.mark.parametrize("width", [1180, 1280, 1340, 1500])
def test_that_the_number_of_parameters_is_never_cut(journey: Journey, width: int) -> None:
    journey.open_sample("sim_hidden_singular")
    journey.window.resize(width, 800)
    journey.type_formula("y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)")
    settle()
    count = journey.control("parameterCount", journey.control("randomTermCard0"))
    assert isinstance(count, QLabel)
    assert count.text() == "4 effects → 10 parameters"
    assert count.contentsRect().width() >= count.fontMetrics().horizontalAdvance(count.text())


def test_tab_walks_the_toolbar_from_left_to_right(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    buttons = ["openButton", "samplesButton", "undoButton", "fitButton", "projectorButton"]
    here = journey.control("openButton")
    seen = []
    for _ in range(14):
        name = here.objectName()
        if here.isVisible() and here.isEnabled() and name in buttons:
            seen.append(name)
        here = here.nextInFocusChain()
    assert seen == buttons


def test_the_design_leaves_the_columns_beside_it_their_width(journey: Journey) -> None:
    journey.window.resize(1280, 800)
    journey.open_sample("sleepstudy")
    journey.type_formula("Reaction ~ 1")
    assert journey.model.width() > 300


def test_closing_the_suggestions_gives_the_keyboard_back(journey: Journey) -> None:
    journey.open_sample("Machines")
    journey.fit_formula("score ~ Machine + (1 | Worker)")
    button = journey.control("suggestButton")
    button.setFocus()
    journey.click("suggestButton")
    QTest.keyClick(journey.control("unitCombo"), Qt.Key.Key_Escape)
    settle()
    assert button.hasFocus()
