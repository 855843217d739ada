"""The row of orders at the top of the window."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QToolButton, QWidget

from mmgui.app.theme import Theme
from mmgui.app.workspace import Workspace
from mmgui.ui.actions import Actions
from mmgui.ui.fit_progress import FitProgress
from mmgui.ui.sample_list import SamplePopup


class Toolbar(QFrame):
    """Buttons for the actions; in projector mode those that a lecture does not need fold away."""

    def __init__(self, workspace: Workspace, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolbar")
        self.setProperty("role", "toolbar")
        self._actions = actions
        self._icon_buttons: list[QToolButton] = []
        self._rules: list[QFrame] = []
        self._row = QHBoxLayout(self)
        self._brand = QLabel("mmgui", self)
        self._brand.setProperty("role", "brand")
        self.samples = SamplePopup(workspace.themes, self)
        self._samples_button = self._plain_button("samplesButton", "Samples", "Tables to begin with")
        self._samples_button.clicked.connect(self.open_samples)
        self.fit_button = self._push_button("fitButton", actions.fit, "primary")
        self.stop_button = self._push_button("stopButton", actions.stop, "plain")
        self.progress = FitProgress(workspace, self)
        self._fill()
        workspace.themes.theme_changed.connect(self._on_theme)
        self._on_theme(workspace.themes.theme)

    def _fill(self) -> None:
        row, actions = self._row, self._actions
        row.addWidget(self._brand)
        row.addSpacing(10)
        row.addWidget(self._button("openButton", actions.open))
        row.addWidget(self._samples_button)
        row.addWidget(self._rule())
        row.addWidget(self._button("undoButton", actions.undo, icon=True))
        row.addWidget(self._button("redoButton", actions.redo, icon=True))
        row.addWidget(self._rule())
        row.addWidget(self.fit_button)
        row.addWidget(self.stop_button)
        row.addWidget(self.progress)
        row.addWidget(self._rule())
        row.addWidget(self._button("compareButton", actions.compare))
        self._report_button = self._button("reportButton", actions.report)
        row.addWidget(self._report_button)
        row.addStretch(1)
        row.addWidget(self._button("projectorButton", actions.projector))
        self._dark_button = self._button("darkButton", actions.dark)
        row.addWidget(self._dark_button)
        row.addWidget(self._more_button())
        self._order_tabs()

    def _order_tabs(self) -> None:
        """Tab walks from left to right, whatever was made first."""
        widgets = [item.widget() for k in range(self._row.count()) if (item := self._row.itemAt(k))]
        stops = [w for w in widgets if w is not None and w.focusPolicy() & Qt.FocusPolicy.TabFocus]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _button(self, name: str, action: QAction, *, icon: bool = False) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setDefaultAction(action)
        button.setAccessibleName(action.text().removesuffix("…"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if icon else Qt.ToolButtonStyle.ToolButtonTextOnly
        button.setToolButtonStyle(style)
        if icon:
            self._icon_buttons.append(button)
        return button

    def _plain_button(self, name: str, text: str, hint: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setAccessibleName(text)
        button.setText(text)
        button.setToolTip(hint)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _push_button(self, name: str, action: QAction, role: str) -> QPushButton:
        button = QPushButton(action.text(), self)
        button.setObjectName(name)
        button.setAccessibleName(action.text())
        button.setProperty("role", role)
        button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(action.trigger)
        action.changed.connect(self._on_action_changed)
        return button

    def _more_button(self) -> QToolButton:
        button = self._plain_button("moreButton", "⋯", "More")
        button.setAccessibleName("More")
        menu = QMenu(button)
        menu.setObjectName("moreMenu")
        a = self._actions
        menu.addActions([a.paste, a.save_session])
        menu.addSeparator()
        menu.addActions([a.data_pane, a.model_pane, a.shelf, a.results_only])
        menu.addSeparator()
        menu.addActions([a.zoom_in, a.zoom_out, a.zoom_reset])
        menu.addSeparator()
        menu.addActions([a.about, a.quit])
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _rule(self) -> QFrame:
        rule = QFrame(self)
        rule.setProperty("role", "rule")
        rule.setFixedWidth(1)
        self._rules.append(rule)
        return rule

    @Slot()
    def open_samples(self) -> None:
        """Show the samples below their button."""
        self.samples.open_below(self._samples_button)

    @Slot()
    def _on_action_changed(self) -> None:
        for button, action in ((self.fit_button, self._actions.fit), (self.stop_button, self._actions.stop)):
            button.setEnabled(action.isEnabled())
            button.setToolTip(action.toolTip())
            button.setIcon(action.icon())

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        large = theme.scale > 1.5
        edge = theme.air(4 if large else 7)
        self._row.setContentsMargins(theme.air(14), edge, theme.air(14), edge)
        self._row.setSpacing(theme.air(6))
        side = QSize(theme.px(15), theme.px(15))
        for rule in self._rules:
            rule.setFixedHeight(theme.air(22))
        for button in self._icon_buttons:
            button.setIconSize(side)
            style = (
                Qt.ToolButtonStyle.ToolButtonIconOnly
                if large
                else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            )
            button.setToolButtonStyle(style)
        self.fit_button.setIconSize(side)
        self.stop_button.setIconSize(side)
        for widget in (self._brand, self._report_button, self._dark_button):
            widget.setVisible(not large)
        self._on_action_changed()
