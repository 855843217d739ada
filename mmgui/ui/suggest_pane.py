"""“Suggest a structure”: questions about the design, and the models that follow from the answers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from mmgui.app.proposal import Proposal
from mmgui.app.store import FitChanged
from mmgui.app.suggesting import Suggesting
from mmgui.app.theme import Theme
from mmgui.app.workspace import Workspace
from mmgui.ui.results_page import quiet
from mmgui.ui.suggest_card import SuggestCard
from mmgui.ui.suggest_questions import SuggestQuestions
from mmgui.ui.suggest_style import rules
from mmgui.ui.tab_order import order_tabs

BESIDE = 600
"""Width at scale 1 from which on questions stand beside the cards."""

SHARE, LEAST, MOST = 0.32, 205, 290
"""Their share of the width there, and its limits at scale 1."""

QWIDGETSIZE_MAX = (1 << 24) - 1
"""Qt's word for no limit."""


class SuggestPane(QFrame):
    """Takes the place of the results while it is open; changes nothing before a button is pressed."""

    closed = Signal()
    build_requested = Signal(object)
    shelve_requested = Signal(object)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("suggestPane")
        self.setAccessibleName("Suggest a structure")
        self.setProperty("role", "pane")
        self._workspace = workspace
        self.suggesting = Suggesting(workspace, self)
        self._cards: list[SuggestCard] = []
        self.questions = SuggestQuestions(self.suggesting, workspace.themes)
        self._missing = QLabel()
        self._missing.setObjectName("suggestMissing")
        self._missing.setProperty("role", "lead")
        self._missing.setWordWrap(True)
        self._lay_out()
        self._tab_timer = QTimer(self)
        self._tab_timer.setSingleShot(True)
        self._tab_timer.timeout.connect(self._order_tabs)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.close_panel)
        self.suggesting.proposed.connect(self._on_proposal)
        self.suggesting.waiting.connect(self._waiting.setVisible)
        self.suggesting.draft_changed.connect(self._show_states)
        workspace.store.fit_changed.connect(self._on_fit)
        workspace.themes.theme_changed.connect(self._on_theme)
        self._on_theme(workspace.themes.theme)

    def _lay_out(self) -> None:
        self._close = QPushButton("‹ Close")
        self._close.setObjectName("closeSuggestButton")
        self._close.setAccessibleName("Close the suggestions")
        self._close.setToolTip("Back to the results (Esc)")
        self._close.setProperty("role", "link")
        self._close.clicked.connect(lambda _=False: self.close_panel())
        title = QLabel("Suggest a structure")
        title.setProperty("role", "heading")
        self._waiting = quiet("looking at the rows …", "suggestWaiting")
        self._waiting.setWordWrap(False)
        self._waiting.hide()
        head = self._head = QHBoxLayout()
        head.addWidget(self._close)
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self._waiting)
        self._lead = quiet(
            "Say how the rows came about; every guess can be changed. The model stays as it is until you "
            "press a button.",
            "suggestLead",
        )
        inner = QWidget()
        inner.setProperty("role", "page")
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
        right = QWidget()
        right.setProperty("role", "page")
        self._list = QVBoxLayout(right)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.addWidget(self._missing)
        self._list.addStretch(1)
        self._body.addWidget(self.questions, 0)
        self._body.addWidget(right, 1)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("suggestScroll")
        self._scroll.setAccessibleName("Suggested structures")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inner)
        self._scroll.viewport().installEventFilter(self)
        self._box = QVBoxLayout(self)
        self._box.addLayout(head)
        self._box.addWidget(self._lead)
        self._box.addWidget(self._scroll, 1)

    # -- open and close

    def open_panel(self) -> None:
        """Look at the table and show what fits it."""
        self._scroll.verticalScrollBar().setValue(0)
        self.suggesting.open()
        self.questions.unit.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def close_panel(self) -> None:
        """Leave everything as it is."""
        self.suggesting.close()
        self.closed.emit()

    def cards(self) -> tuple[SuggestCard, ...]:
        """The cards shown, the recommended one first."""
        return tuple(self._cards)

    # -- show

    @Slot(object)
    def _on_proposal(self, proposal: Proposal) -> None:
        self.questions.show_proposal(proposal)
        self._missing.setText(proposal.missing)
        self._missing.setVisible(bool(proposal.missing))
        self._show_cards(proposal)
        self._tab_timer.start(0)

    def _show_cards(self, proposal: Proposal) -> None:
        figures = proposal.suggestions
        while len(self._cards) > len(figures):
            card = self._cards.pop()
            self._list.removeWidget(card)
            card.hide()
            # Found by name no more, although it lives until the event loop comes round.
            card.setParent(None)
            card.deleteLater()
        while len(self._cards) < len(figures):
            card = SuggestCard(self._workspace.themes)
            card.build_requested.connect(self.build_requested)
            card.shelve_requested.connect(self.shelve_requested)
            # Behind the sentence that says what is missing, before the stretch.
            self._list.insertWidget(1 + len(self._cards), card)
            self._cards.append(card)
        for place, (card, figure) in enumerate(zip(self._cards, figures, strict=True)):
            card.show_figure(figure, place)
            card.show()
        self._show_states()

    @Slot()
    def _show_states(self) -> None:
        draft = self.suggesting.draft
        for card in self._cards:
            if card.figure is not None:
                suggestion = card.figure.suggestion
                card.show_state(
                    built=suggestion.spec == draft, shelved=self.suggesting.is_shelved(suggestion)
                )

    @Slot(object)
    def _on_fit(self, _change: FitChanged) -> None:
        self._show_states()

    @Slot(object)
    def _on_theme(self, theme: Theme) -> None:
        self.setStyleSheet(rules(theme))
        margin = theme.px(14)
        self._box.setContentsMargins(1, theme.px(10), 1, theme.px(8))
        self._box.setSpacing(theme.px(6))
        self._head.setContentsMargins(theme.px(10), 0, margin, 0)
        self._lead.setContentsMargins(margin, 0, margin, 0)
        self._body.setContentsMargins(margin, theme.px(6), margin, theme.px(6))
        self._body.setSpacing(theme.px(20))
        self._list.setSpacing(theme.px(10))
        proposal = self.suggesting.proposal
        if proposal is not None:
            self._on_proposal(proposal)
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._arrange()
        return super().eventFilter(watched, event)

    def _arrange(self) -> None:
        """Questions beside the cards, or above them where there is no room."""
        theme, width = self._workspace.themes.theme, self._scroll.viewport().width()
        beside = width >= theme.px(BESIDE)
        way = QBoxLayout.Direction
        self._body.setDirection(way.LeftToRight if beside else way.TopToBottom)
        share = min(max(round(SHARE * width), theme.px(LEAST)), theme.px(MOST))
        self.questions.setMinimumWidth(share if beside else 0)
        self.questions.setMaximumWidth(share if beside else QWIDGETSIZE_MAX)

    @Slot()
    def _order_tabs(self) -> None:
        order_tabs(self)
