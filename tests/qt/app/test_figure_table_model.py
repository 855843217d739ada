"""Tables behind table views."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from mmgui.app.figure_table_model import RAW_ROLE, FigureTableModel, Marks
from mmgui.app.theme import ThemeModel
from mmgui.figures.tabular import FigureTable
from mmgui.ui.figure_table_view import FigureTableView

TABLE = FigureTable(
    ("Effect", "Estimate", "p"), (("(Intercept)", 251.4051, 1.2e-17), ("Days", 10.4673, None))
)


def test_that_cells_are_formatted_and_raw_values_kept(qtmodeltester: ModelTester) -> None:
    model = FigureTableModel()
    model.set_table(TABLE)
    qtmodeltester.check(model)
    assert [model.index(r, 1).data() for r in (0, 1)] == ["251.41", "10.47"]
    assert [model.index(r, 2).data() for r in (0, 1)] == ["1 × 10⁻¹⁷", "–"]
    assert model.index(0, 1).data(RAW_ROLE) == 251.4051
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Estimate"


def test_that_a_column_still_awaited_shows_an_ellipsis(qtbot: QtBot) -> None:
    model = FigureTableModel()
    model.set_table(TABLE, Marks(waiting=frozenset({"p"})))
    assert [model.index(r, 2).data() for r in (0, 1)] == ["…", "…"]


def test_that_copying_gives_lines_with_tabs_and_a_header(qtbot: QtBot) -> None:
    view = FigureTableView("fixedTable", "Fixed effects", ThemeModel())
    qtbot.addWidget(view)
    view.set_table(TABLE)
    view.copy()
    assert QGuiApplication.clipboard().text() == (
        "Effect\tEstimate\tp\n(Intercept)\t251.41\t1 × 10⁻¹⁷\nDays\t10.47\t–\n"
    )
    view.select_row(1)
    view.copy()
    assert QGuiApplication.clipboard().text() == "Effect\tEstimate\tp\nDays\t10.47\t–\n"
