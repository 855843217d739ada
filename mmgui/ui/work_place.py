"""Where one works: the data, the model, the results, the shelf, and what of them is folded away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSplitter, QToolButton, QVBoxLayout, QWidget

from mmgui.app.theme import Theme, ThemeModel
from mmgui.ui.actions import Actions
from mmgui.ui.alone_button import AloneButton
from mmgui.ui.data_pane import DataPane
from mmgui.ui.folding import DATA, MODEL, SHELF, Folding
from mmgui.ui.model_pane import ModelPane
from mmgui.ui.pane_rail import PaneHandle, PaneRail
from mmgui.ui.results_pane import ResultsPane
from mmgui.ui.shelf import ModelShelf

SHARES = {DATA: 0.17, MODEL: 0.27, f"projector {DATA}": 0.26, f"projector {MODEL}": 0.38}
"""Of the width, before the person moves a boundary."""
WHOLE = 1000


@dataclass(frozen=True, slots=True)
class Panes:
    """What the window is made of; ``results_place`` holds the results, or what stands in their place."""

    data: DataPane
    model: ModelPane
    results_place: QWidget
    results: ResultsPane
    shelf: ModelShelf


class WorkPlace(QWidget):
    """Follows ``Folding``: a folded pane leaves a handle at the edge, the shelf a line."""

    def __init__(
        self,
        panes: Panes,
        folding: Folding,
        actions: Actions,
        themes: ThemeModel,
        columns: Mapping[str, float],
    ) -> None:
        super().__init__()
        data, model = panes.data, panes.model
        self._folding, self._themes = folding, themes
        self._results, self._shelf = panes.results, panes.shelf
        self._shares = SHARES | dict(columns)
        self._columns: dict[str, QWidget] = {DATA: data, MODEL: model}
        self._shown: tuple[object, ...] | None = None
        self._actions = {DATA: actions.data_pane, MODEL: actions.model_pane, SHELF: actions.shelf}
        self._handles = {
            DATA: PaneHandle("showDataButton", "Data", actions.data_pane, themes),
            MODEL: PaneHandle("showModelButton", "Model", actions.model_pane, themes),
        }
        self._rail = PaneRail(*self._handles.values())
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setObjectName("columns")
        self._splitter.setChildrenCollapsible(False)
        for column, share in ((data, 17), (model, 27), (panes.results_place, 56)):
            self._splitter.addWidget(column)
            self._splitter.setStretchFactor(self._splitter.count() - 1, share)
        self._folders = {
            DATA: _fold_button("foldDataButton", "Fold the data away", actions.data_pane),
            MODEL: _fold_button("foldModelButton", "Fold the model away", actions.model_pane),
        }
        data.title_row.addWidget(self._folders[DATA])
        model.title_row.addWidget(self._folders[MODEL])
        self._row = QHBoxLayout()
        self._row.addWidget(self._rail)
        self._row.addWidget(self._splitter, 1)
        self._box = QVBoxLayout(self)
        self._box.addLayout(self._row, 1)
        self._box.addWidget(self._shelf)
        self._connect(actions)
        themes.theme_changed.connect(self._on_theme)
        self._on_theme(themes.theme)

    def _connect(self, actions: Actions) -> None:
        folding, results = self._folding, self._results
        self._splitter.splitterMoved.connect(self._on_moved)
        for pane, action in self._actions.items():
            action.triggered.connect(partial(self._on_pane, pane, action))
        actions.results_only.triggered.connect(folding.set_alone)
        self._alone_action = actions.results_only
        results.add_corner(AloneButton(actions.results_only, self._themes))
        results.refreshed.connect(self._on_results)
        self._shelf.fold_button.clicked.connect(actions.shelf.trigger)
        folding.changed.connect(self._arrange)

    def _on_pane(self, pane: str, action: QAction) -> None:
        self._folding.fold(pane, not action.isChecked())

    @Slot()
    def _on_results(self) -> None:
        self._folding.set_results(self._results.shown is not None)
        if self._folding.alone and self._results.stuck:
            self._folding.show_all()

    @property
    def columns(self) -> dict[str, float]:
        """What share of the width the person gave to the data and the model, where it was moved."""
        return {k: round(v, 4) for k, v in self._shares.items() if v != SHARES.get(k)}

    @Slot()
    def _arrange(self) -> None:
        """Show what is not folded; what has the keyboard hands it on where it goes out of sight."""
        folding = self._folding
        hidden = {p: folding.alone or folding.folded(p) for p in self._columns}
        shown = (folding.mode, folding.alone, *hidden.values(), folding.folded(SHELF))
        if shown == self._shown:
            return
        self._shown = shown
        focus = QApplication.focusWidget()
        for pane, column in self._columns.items():
            self._hand_on(pane, focus, hidden=hidden[pane])
            column.setVisible(not hidden[pane])
        self._rail.show_handles(tuple(h and not folding.alone for h in hidden.values()))
        self._shelf.set_slim(folding.folded(SHELF))
        self._shelf.setVisible(not folding.alone)
        for pane, action in self._actions.items():
            action.setChecked(not (folding.alone or folding.folded(pane)))
        self._alone_action.setChecked(folding.alone)
        self._share_out(hidden)
        self._space()

    def _hand_on(self, pane: str, focus: QWidget | None, *, hidden: bool) -> None:
        column, handle = self._columns[pane], self._handles[pane]
        if hidden and focus is not None and column.isAncestorOf(focus):
            if self._folding.alone:
                self.window().setFocus()
            else:
                handle.setVisible(True)
                self._rail.show()
                handle.setFocus()
        elif not hidden and focus is handle:
            column.show()
            self._folders[pane].setFocus()

    def _share_out(self, hidden: Mapping[str, bool]) -> None:
        shares = [0.0 if hidden[p] else self._shares[self._folding.mode + p] for p in self._columns]
        self._splitter.setSizes([round(WHOLE * s) for s in (*shares, 1 - sum(shares))])

    @Slot()
    def _on_moved(self) -> None:
        sizes = self._splitter.sizes()
        for size, pane in zip(sizes, self._columns, strict=False):
            if size:
                self._shares[self._folding.mode + pane] = size / sum(sizes)

    @Slot(object)
    def _on_theme(self, _theme: Theme) -> None:
        self._space()
        self._shown = None
        self._arrange()

    def _space(self) -> None:
        theme = self._themes.theme
        gap, edge = theme.air(10), theme.air(6 if self._folding.alone else 10)
        self._box.setContentsMargins(edge, edge, edge, edge)
        self._box.setSpacing(gap)
        self._row.setSpacing(gap)
        self._splitter.setHandleWidth(gap)


def _fold_button(name: str, words: str, action: QAction) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setAccessibleName(words)
    button.setToolTip(f"{words} ({action.shortcut().toString()})")
    button.setText("‹")
    button.setProperty("role", "fold")
    button.clicked.connect(action.trigger)
    return button
