"""The picture a person would see, made without a display: a page, the comparison, or the whole window."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from mmgui.app.caption import caption_of
from mmgui.app.store import FitStatus
from mmgui.app.theme import make_theme
from mmgui.data.read import read_table
from mmgui.data.samples import load_sample, samples
from mmgui.data.table import Table
from mmgui.errors import FitError, ModelError
from mmgui.page_views import WINDOW, check_view
from mmgui.plots.export import save_picture
from mmgui.spec.derived import DerivedColumn
from mmgui.spec.document import ColumnSetting
from mmgui.spec.formula import parse
from mmgui.ui import create_app
from mmgui.ui.design_page import DesignPage
from mmgui.ui.main_window import MainWindow
from mmgui.ui.results_page import ResultsPage
from mmgui.ui.stylesheet import stylesheet
from mmgui.words import listed_all

WHOLE = (WINDOW, "compare")
PATIENCE_MS = 600_000


def save_page(
    table_path: str, formulas: Sequence[str], output: Path, page: str, *,
    view: str = "", at: Mapping[str, float] | None = None,
    theme: str = "light", projector: bool = False, size: tuple[int, int] = (1600, 1000), ml: bool = False,
    columns: tuple[ColumnSetting, ...] = (), derived: tuple[DerivedColumn, ...] = (),
) -> None:  # fmt: skip
    """Fit the formulas to a table and write the picture of one page; the last formula is the one shown.

    As ``Pictures`` and its ``save``; ``ml`` fits by maximum likelihood. Raises the errors of reading,
    parsing and fitting, and those of ``Pictures.save``.
    """
    with pictures_of(table_path, formulas, ml=ml, columns=columns, derived=derived) as pictures:
        pictures.save(output, page, view=view, at=at, theme=theme, projector=projector, size=size)


@contextmanager
def pictures_of(
    table_path: str, formulas: Sequence[str], *, ml: bool = False,
    columns: tuple[ColumnSetting, ...] = (), derived: tuple[DerivedColumn, ...] = (),
) -> Iterator[Pictures]:  # fmt: skip
    """A window with the formulas fitted to a table, of which pictures can be made.

    ``columns`` and ``derived`` are settings of the table's columns and columns made from them.
    """
    if "QT_QPA_PLATFORM" not in os.environ:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    create_app(sys.argv[:1])
    with tempfile.TemporaryDirectory() as folder:
        window = MainWindow(settings_file=Path(folder) / "settings.json")
        try:
            window.show()
            _open(window, table_path, columns, derived)
            _fit_all(window, formulas, ml=ml)
            yield Pictures(window)
        finally:
            window.close()


class Pictures:
    """Writes pictures of the pages of one window, one after the other."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def save(
        self, output: Path, page: str, *, view: str = "", at: Mapping[str, float] | None = None,
        theme: str = "light", projector: bool = False, size: tuple[int, int] = (1600, 1000),
    ) -> None:  # fmt: skip
        """Write the picture of a page: ``"window"``, ``"compare"``, ``"design"`` or the key of a page.

        ``view`` is the key of one of its views, ``at`` says where covariance parameters, by the names of
        their sliders, have been moved to: then the picture has a caption. Raises ModelError for a page, a
        view or a parameter that does not exist.
        """
        window = self._window
        window.look.set_dark(theme == "dark")
        window.look.set_projector(projector)
        if window.size().toTuple() != size:
            window.resize(*size)
        with self._widget(page, view, size) as widget:
            self._move(at or {})
            # A picture shows no place for the keyboard.
            focused = widget.focusWidget()
            if focused is not None:
                focused.clearFocus()
            caption = self._caption() if at and page not in WHOLE else ""
            save_picture(
                widget, output, theme=make_theme(dark=theme == "dark", projector=projector), caption=caption
            )

    @contextmanager
    def _widget(self, page: str, view: str, size: tuple[int, int]) -> Iterator[QWidget]:
        window, store = self._window, self._window.workspace.store
        keys = [p.key for p in window.results.pages]
        if page not in (*WHOLE, *keys, "design"):
            known = ", ".join((*WHOLE, *keys, "design"))
            raise ModelError("unknown_page", f"There is no page “{page}”. Choose one of {known}.")
        if view:
            check_view(page, view)
        if page == "compare":
            ids = tuple(m.id for m in store.document.models)[-4:]
            store.look(replace(store.document.view, compared=ids))
            window.workspace.compare()
            settle(window)
            yield window.compare_pane
            store.look(replace(store.document.view, comparing=False))
        elif page == WINDOW:
            inner, _, rest = (view or keys[0]).partition(":")
            store.look(replace(store.document.view, page=inner))
            settle(window)
            self._show_view(window.results.pages[keys.index(inner)], rest)
            yield window
        elif page == "design":
            design = self._design(size)
            yield design
            design.close()
            design.deleteLater()
        else:
            shown = window.results.windows.open(window.results.pages[keys.index(page)])
            shown.resize(*size)
            settle(window)
            self._show_view(shown.page, view)
            yield shown.page
            shown.close()
        self._window.workspace.play.reset()

    def _show_view(self, page: ResultsPage, view: str) -> None:
        if view and view not in dict(page.views()):
            there = listed_all([key for key, _ in page.views()])
            raise ModelError(
                "unknown_view", f"Of this model the page {page.key} has no view “{view}”, but {there}."
            )
        if view:
            page.show_view(view)
            settle(self._window)
        page.complete()
        settle(self._window)

    def _caption(self) -> str:
        workspace = self._window.workspace
        return caption_of(workspace.store, workspace.store.selected_model(), workspace.play.current)

    def _design(self, size: tuple[int, int]) -> QWidget:
        """Alone it fills the picture, in the window's dress; it has no window of its own."""
        design = DesignPage(self._window.workspace)
        design.setStyleSheet(stylesheet(self._window.workspace.themes.theme))
        design.resize(*size)
        design.show()
        settle(self._window)
        return design

    def _move(self, at: Mapping[str, float]) -> None:
        if not at:
            return
        play = self._window.workspace.play
        play.prepare()
        settle(self._window)
        known = () if play.best is None else tuple(p.name for p in play.best.parameters)
        for name in at:
            if name not in known:
                there = "; ".join(known) if known else "none"
                raise ModelError(
                    "unknown_parameter", f"The model has no parameter “{name}”. It has: {there}."
                )
        play.move(dict(at))
        settle(self._window)


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
        settle(window)
        record = store.record(store.selected_model())
        if record is None or record.status is FitStatus.FAILED:
            error = record.error if record is not None else None
            raise error or FitError("no_result", f"{formula} gave no result.")


def settle(window: MainWindow) -> None:
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
