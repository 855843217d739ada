"""The picture a person would see, made without a display: a page, the comparison, or the whole window."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from mmgui.app.store import FitStatus
from mmgui.app.theme import make_theme
from mmgui.data.read import read_table
from mmgui.data.samples import load_sample, samples
from mmgui.data.table import Table
from mmgui.errors import FitError, ModelError
from mmgui.plots.export import save_picture
from mmgui.spec.derived import DerivedColumn
from mmgui.spec.document import ColumnSetting
from mmgui.spec.formula import parse
from mmgui.ui import create_app
from mmgui.ui.main_window import MainWindow
from mmgui.ui.stylesheet import stylesheet

WHOLE = ("window", "compare")
PATIENCE_MS = 600_000


def save_page(
    table_path: str, formulas: Sequence[str], output: Path, page: str, *,
    theme: str = "light", projector: bool = False, size: tuple[int, int] = (1600, 1000), ml: bool = False,
    columns: tuple[ColumnSetting, ...] = (), derived: tuple[DerivedColumn, ...] = (),
) -> None:  # fmt: skip
    """Fit the formulas to a table and write the picture of one page; the last formula is the one shown.

    ``page`` is ``"window"``, ``"compare"`` or the key of a results page; ``columns`` and ``derived`` are
    settings of the table's columns and columns made from them. Raises the errors of reading, parsing and
    fitting, and ModelError for a page that does not exist.
    """
    if "QT_QPA_PLATFORM" not in os.environ:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    create_app(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder:
        window = MainWindow(settings_file=Path(folder) / "settings.json")
        try:
            window.look.set_dark(theme == "dark")
            window.look.set_projector(projector)
            window.resize(*size)
            window.show()
            _open(window, table_path, columns, derived)
            _fit_all(window, formulas, ml=ml)
            widget = _page(window, page, size)
            _settle(window)
            save_picture(widget, output, theme=make_theme(dark=theme == "dark", projector=projector))
            if widget is not window:
                widget.close()
        finally:
            window.close()


def _table(path: str) -> Table:
    known = {s.key for s in samples()}
    return load_sample(path) if path in known and not Path(path).exists() else read_table(path)


def _open(
    window: MainWindow, path: str, columns: tuple[ColumnSetting, ...], derived: tuple[DerivedColumn, ...]
) -> None:
    store = window.workspace.store
    store.open_table(_table(path), "file", path)
    document = replace(store.document, columns=columns, derived=derived)
    store.check(document)
    store.edit("Columns", document)


def _fit_all(window: MainWindow, formulas: Sequence[str], *, ml: bool) -> None:
    store = window.workspace.store
    for formula in formulas:
        store.edit_draft("Formula", replace(parse(formula), reml=not ml))
        window.workspace.fit_draft()
        _settle(window)
        record = store.record(store.selected_model())
        if record is None or record.status is FitStatus.FAILED:
            error = record.error if record is not None else None
            raise error or FitError("no_result", f"{formula} gave no result.")


def _page(window: MainWindow, page: str, size: tuple[int, int]) -> QWidget:
    store = window.workspace.store
    if page == "window":
        return window
    if page == "compare":
        document = store.document
        ids = tuple(m.id for m in document.models)[-4:]
        store.look(replace(document.view, compared=ids))
        window.workspace.compare()
        return window.compare_pane
    design = window.results.design
    if page == "design" and design is not None:
        store.look(replace(store.document.view, page=page))
        _settle(window)
        return _alone(window, design, size)
    keys = [p.key for p in window.results.pages]
    if page not in keys:
        known = ", ".join((*WHOLE, *keys, "design"))
        raise ModelError("unknown_page", f"There is no page “{page}”. Choose one of {known}.")
    store.look(replace(store.document.view, page=page))
    _settle(window)
    shown = window.results.pages[keys.index(page)]
    shown.complete()
    _settle(window)
    return _alone(window, shown, size)


def _alone(window: MainWindow, widget: QWidget, size: tuple[int, int]) -> QWidget:
    """On its own the page fills the picture, in the window's dress."""
    widget.setParent(None)
    widget.setStyleSheet(stylesheet(window.workspace.themes.theme))
    widget.resize(*size)
    widget.show()
    return widget


def _settle(window: MainWindow) -> None:
    """Let the window work until nothing is under way and everything is laid out."""
    loop = QEventLoop()
    quiet = QTimer()
    quiet.setInterval(60)
    calm = 0

    def look() -> None:
        nonlocal calm
        calm = 0 if window.workspace.busy else calm + 1
        if calm >= 3:
            loop.quit()

    quiet.timeout.connect(look)
    quiet.start()
    QTimer.singleShot(PATIENCE_MS, loop.quit)
    loop.exec()
    quiet.stop()
