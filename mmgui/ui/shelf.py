"""The shelf: every fitted model as a card, in the order in which they were built; or all in one line."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QWidget,
)

from mmgui.app.analysis import Analysis
from mmgui.app.analysis_parts import Part
from mmgui.app.formula_difference import shortened
from mmgui.app.shelf_status import comparable_key, figures_of, status_of
from mmgui.app.store import DocumentChanged, FitChanged
from mmgui.app.theme import Theme
from mmgui.app.workspace import Workspace
from mmgui.spec.document import ShelfModel
from mmgui.spec.formula import print_model
from mmgui.ui.shelf_card import CardContent, ShelfCard


class _Sideways(QScrollArea):
    """The wheel scrolls sideways."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        bar, turned = self.horizontalScrollBar(), event.angleDelta()
        bar.setValue(bar.value() - (turned.y() or turned.x()))


class ModelShelf(QFrame):
    """Cards side by side; scrolls sideways. Slim, each model takes one line: its mark and its formula."""

    compare_requested = Signal()
    model_shown = Signal()
    """The person asked for the results of a model."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelShelf")
        self.setAccessibleName("Models")
        self.setProperty("role", "pane")
        self._workspace = workspace
        self._store = workspace.store
        self._cards: dict[int, ShelfCard] = {}
        self._last: int | None = None
        self._slim = False
        title = QLabel("MODELS")
        title.setProperty("role", "paneTitle")
        self._hint = QLabel("Every model you fit is kept here.")
        self._hint.setProperty("role", "muted")
        inner = QWidget()
        inner.setProperty("role", "page")
        self._row = QHBoxLayout(inner)
        self._row.addWidget(self._hint)
        self._row.addStretch(1)
        self._scroll = _Sideways()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        # Cards grow when their fits end.
        self._scroll.horizontalScrollBar().rangeChanged.connect(self._reveal_selected)
        self._compare = QPushButton("Compare")
        self._compare.setObjectName("compareSelectedButton")
        self._compare.setProperty("role", "pill")
        self._compare.setProperty("strong", True)
        self._compare.clicked.connect(self.compare_requested)
        self._outer = QHBoxLayout(self)
        self._outer.addWidget(title)
        self._outer.addWidget(self._scroll, 1)
        self._outer.addWidget(self._compare)
        self.fold_button = QToolButton()
        self.fold_button.setObjectName("foldShelfButton")
        self.fold_button.setProperty("role", "fold")
        self._outer.addWidget(self.fold_button)
        workspace.store.document_changed.connect(self._on_document)
        workspace.store.fit_changed.connect(self._on_fit)
        workspace.analyses.analysis_changed.connect(self._on_analysis)
        workspace.themes.theme_changed.connect(self._on_theme)
        self._on_theme(workspace.themes.theme)

    def card(self, model_id: int) -> ShelfCard | None:
        """The card of a model."""
        return self._cards.get(model_id)

    def set_slim(self, slim: bool) -> None:
        """One line for all models, or a card for each."""
        self._slim = slim
        self._on_theme(self._workspace.themes.theme)

    def refresh(self) -> None:
        """Make the cards agree with the document and the fits."""
        document = self._store.document
        known = {m.id for m in document.models}
        for gone in [i for i in self._cards if i not in known]:
            old = self._cards.pop(gone)
            focused = QApplication.focusWidget()
            if focused is not None and (focused is old or old.isAncestorOf(focused)):
                self._focus_beside(gone)
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        contents = self._contents()
        for place, content in enumerate(contents):
            card = self._cards.get(content.model.id)
            if card is None:
                card = self._new_card(content)
                self._cards[content.model.id] = card
            self._row.insertWidget(place, card)
            card.show_content(content, slim=self._slim)
        self._hint.setVisible(not contents)
        self._show_count()
        latest = document.view.selected
        if latest is not None and latest != self._last and latest in self._cards:
            # Once the layout knows where the card is.
            QTimer.singleShot(0, self._reveal_selected)
        self._last = latest

    def _focus_beside(self, gone: int) -> None:
        """The keyboard goes on at the next card, or at the last one."""
        later = [i for i in sorted(self._cards) if i > gone] or sorted(self._cards)[-1:]
        if later:
            self._cards[later[0]].setFocus(Qt.FocusReason.OtherFocusReason)

    def _contents(self) -> list[CardContent]:
        document = self._store.document
        records = {m.id: self._store.record(m) for m in document.models}
        keys = {m.id: comparable_key(m, records[m.id]) for m in document.models}
        contents, before = [], None
        for model in document.models:
            record, formula = records[model.id], print_model(model.spec)
            alike = [
                r.fit.aic for i, r in records.items() if r is not None and r.fit and keys[i] == keys[model.id]
            ]
            contents.append(
                CardContent(
                    model=model,
                    formula=formula,
                    runs=shortened(formula, before),
                    status=status_of(record),
                    figures=figures_of(record, min(alike, default=None), several=len(alike) > 1),
                    selected=model.id == document.view.selected,
                    compared=model.id in document.view.compared,
                )
            )
            before = formula
        return contents

    def _new_card(self, content: CardContent) -> ShelfCard:
        card = ShelfCard(content, self._workspace.themes)
        card.chosen.connect(self._show_model)
        card.compare_toggled.connect(self._workspace.set_compared)
        card.removal_requested.connect(self._workspace.remove_model)
        card.menu_requested.connect(self._open_menu)
        return card

    def _show_count(self) -> None:
        compared = len(self._store.document.view.compared)
        text = f"Compare {compared} models" if compared > 1 else "Compare"
        self._compare.setText(text)
        self._compare.setAccessibleName(text)
        able = len(self._workspace.comparable()) >= 2
        self._compare.setEnabled(able)
        self._compare.setVisible(able)
        self._compare.setToolTip("Show the ticked models side by side (Ctrl+K)")

    def menu(self, model: ShelfModel) -> QMenu:
        """What can be done with a model."""
        menu = QMenu(self)
        menu.setObjectName("shelfMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        workspace = self._workspace

        def add(name: str, text: str) -> None:
            action = menu.addAction(text)
            action.setObjectName(name)
            action.setData((name, model))

        add("showModelAction", "Show")
        other = "ML" if model.spec.reml else "REML"
        add("refitAction", f"Refit by {other}")
        add("copyFormulaAction", "Copy formula")
        compared = model.id in workspace.store.document.view.compared
        add("toggleCompareAction", "Leave out of the comparison" if compared else "Choose for the comparison")
        menu.addSeparator()
        add("removeModelAction", "Remove from the shelf")
        menu.triggered.connect(self._on_menu)
        return menu

    @Slot(object, QPoint)
    def _open_menu(self, model: ShelfModel, place: QPoint) -> None:
        self.menu(model).popup(place)

    @Slot(object)
    def _on_menu(self, action: object) -> None:
        name, model = action.data()  # type: ignore[attr-defined]
        workspace = self._workspace
        match name:
            case "showModelAction":
                self._show_model(model)
            case "refitAction":
                workspace.refit(model, reml=not model.spec.reml)
            case "copyFormulaAction":
                QGuiApplication.clipboard().setText(print_model(model.spec))
            case "toggleCompareAction":
                workspace.set_compared(model, model.id not in workspace.store.document.view.compared)
            case "removeModelAction":
                workspace.remove_model(model)

    @Slot(object)
    def _show_model(self, model: ShelfModel) -> None:
        self._workspace.show_model(model)
        self.model_shown.emit()

    @Slot()
    def _reveal_selected(self) -> None:
        card = self._cards.get(self._store.document.view.selected or -1)
        if card is not None:
            self._scroll.ensureWidgetVisible(card, 20, 0)

    @Slot(object)
    def _on_document(self, change: DocumentChanged) -> None:
        if change.previous.models != change.document.models or change.previous.view != change.document.view:
            self.refresh()

    @Slot(object)
    def _on_fit(self, change: FitChanged) -> None:
        if not change.events or change.record.fit is not None or change.record.error is not None:
            self.refresh()

    @Slot(object)
    def _on_analysis(self, analysis: Analysis) -> None:
        """Of a large model the Summary knows better whether its variances can be told apart."""
        if analysis.topic.part is Part.SUMMARY:
            self.refresh()

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        edge, between = (theme.air(2), theme.air(3)) if self._slim else (theme.px(4), theme.px(6))
        self._outer.setContentsMargins(theme.air(14), edge, theme.air(6), edge)
        self._outer.setSpacing(theme.air(12))
        self._row.setContentsMargins(0, between, 0, between)
        self._row.setSpacing(theme.air(8))
        shown = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if self._slim else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self._scroll.setHorizontalScrollBarPolicy(shown)
        self.setFixedHeight(theme.px(16) + theme.air(24) if self._slim else theme.px(86))
        words = "Show the models as cards" if self._slim else "Show the models in one line"
        self.fold_button.setText("⌃" if self._slim else "⌄")
        self.fold_button.setAccessibleName(words)
        self.fold_button.setToolTip(f"{words} (F9)")
        self.refresh()
        QTimer.singleShot(0, self._reveal_selected)
