"""A person at random: every way to change a model in the two panes, and what must hold after each."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QPushButton, QWidget

from mmgui.app.carried_slope import CarriedSlope, slope_mime
from mmgui.app.formula_text import read_formula
from mmgui.app.model_outline import outline
from mmgui.data.table import Table
from mmgui.errors import FormulaError
from mmgui.figures.covariance_words import covariance_name
from mmgui.spec.document import Document
from mmgui.spec.terms import INTERCEPT
from mmgui.ui.grouping_popup import GroupingPopup
from tests.qt.panes.driver import Panes, drop, settle

PICK = st.integers(0, 9_999)
BROKEN = ("y ~", "~ (", "~ log(", "~ 1 + (1 |", "~ a b", "~ nowhere + (1 | nowhere)", "x ~ x + (x | x)")
MOST_FIXED, MOST_CARDS, MOST_SLOPES = 8, 5, 4


class Walk(RuleBasedStateMachine):
    """Acts through the controls alone; remembers every state to be able to check undo and redo."""

    panes: Panes
    tables: Sequence[Table]
    actions = 0
    kinds: ClassVar[dict[str, int]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.raised: list[BaseException] = []
        self.sound = False
        self._hook = sys.excepthook
        sys.excepthook = lambda _kind, error, _trace: self.raised.append(error)

    @initialize(pick=PICK)
    def open(self, pick: int) -> None:
        store = self.panes.store
        store.reset(Document(), ())
        self.panes.model._formula.edit.clearFocus()
        self.panes.open_table(self.tables[pick % len(self.tables)])
        self.first = store.undo_stack.index()
        self.states = {self.first: self.state()}

    def state(self) -> tuple[Document, str]:
        return self.panes.store.document, self.panes.formula

    # -- what a person does

    @rule(pick=PICK, path=PICK)
    def variable_menu(self, pick: int, path: int) -> None:
        self.did("variable menu")
        self.choose(self.panes.variable_menu(self.name(pick)), path)

    @rule(pick=PICK, where=PICK, answer=PICK)
    def drop_variable(self, pick: int, where: int, answer: int) -> None:
        self.did("drop of a variable")
        self.panes.drop_variable(self.name(pick), self.place(where))
        self.answer(answer)

    @precondition(lambda self: self.panes.store.document.draft.fixed)
    @rule(pick=PICK, where=PICK, answer=PICK)
    def drop_term(self, pick: int, where: int, answer: int) -> None:
        self.did("drop of a chip")
        fixed = self.draft.fixed
        self.panes.drop_term(fixed[pick % len(fixed)].label, self.place(where))
        self.answer(answer)

    @precondition(lambda self: self.panes.store.document.draft.random)
    @rule(card=PICK, pick=PICK, where=PICK, copy=st.booleans())
    def drop_slope(self, card: int, pick: int, where: int, copy: bool) -> None:
        self.did("drop of a slope")
        index = card % len(self.draft.random)
        rows = self.outline()[index].slopes
        effects = [INTERCEPT, *(row.term for row in rows)]
        slope = CarriedSlope(index, effects[pick % len(effects)])
        zones = self.panes.control("dropZones", self.panes.card(index))
        zones.offer(slope)
        places = [zone for zone in zones.children() if isinstance(zone, QWidget) and zone.isVisible()]
        places += [self.place(where)] * max(len(places), 2)
        action = Qt.DropAction.CopyAction if copy else Qt.DropAction.MoveAction
        mime = slope_mime(slope)
        drop(mime, places[where % len(places)], action)
        self.answer(where)
        for shown in self.panes.model._random.cards():
            self.panes.control("dropZones", shown).hide()

    @precondition(lambda self: self.panes.store.document.draft.random)
    @rule(card=PICK, pick=PICK)
    def tick(self, card: int, pick: int) -> None:
        self.did("tick")
        index = card % len(self.draft.random)
        rows = self.outline()[index].slopes
        if pick % 4 == 0 or not rows:
            self.panes.click("interceptCheck", self.panes.card(index))
            return
        row = rows[pick % len(rows)]
        if not row.checked and len(self.draft.random[index].slopes) >= MOST_SLOPES:
            return
        slopes = self.panes.control("slopesList", self.panes.card(index))
        if slopes.item(self.panes.slope_row(index, row.term.label)).isHidden():
            self.panes.click("moreSlopesButton", self.panes.card(index))
        item = slopes.item(self.panes.slope_row(index, row.term.label))
        slopes.scrollToItem(item)
        at = slopes.visualItemRect(item).center()
        QTest.mouseClick(slopes.viewport(), Qt.MouseButton.LeftButton, pos=at)

    @precondition(lambda self: self.panes.store.document.draft.random)
    @rule(card=PICK, pick=PICK, path=PICK)
    def effect_menu(self, card: int, pick: int, path: int) -> None:
        self.did("menu of an effect")
        index = card % len(self.draft.random)
        rows = self.outline()[index].slopes
        if pick % 3 == 0 or not rows:
            self.panes.click("interceptMenuButton", self.panes.card(index))
        else:
            slopes = self.panes.control("slopesList", self.panes.card(index))
            slopes.setCurrentRow(pick % len(rows))
            event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
            QApplication.sendEvent(slopes, event)
        self.answer(path)

    @precondition(lambda self: self.panes.store.document.draft.random)
    @rule(card=PICK, button=st.sampled_from(["cardMenuButton", "cardMenuButton", "nestButton"]), path=PICK)
    def card_menu(self, card: int, button: str, path: int) -> None:
        self.did("menu of a card")
        shown = self.panes.card(card % len(self.draft.random))
        if not self.panes.control(button, shown).isHidden():
            self.panes.click(button, shown)
            self.answer(path)

    @precondition(lambda self: self.panes.store.document.draft.random)
    @rule(card=PICK, pick=PICK)
    def structure(self, card: int, pick: int) -> None:
        self.did("structure")
        combo = self.panes.control("correlationCombo", self.panes.card(card % len(self.draft.random)))
        assert isinstance(combo, QComboBox)
        rows = [i for i in range(combo.count()) if combo.model().item(i).isEnabled()]
        if not combo.isHidden():
            combo.setCurrentIndex(rows[pick % len(rows)])

    @precondition(lambda self: self.panes.store.document.draft.random)
    @rule(card=PICK)
    def remove_card(self, card: int) -> None:
        self.did("removal of a card")
        self.panes.click("removeTermButton", self.panes.card(card % len(self.draft.random)))

    @rule(ticks=st.lists(PICK, max_size=3), pick=PICK)
    def add_groups(self, ticks: list[int], pick: int) -> None:
        self.did("list of groups")
        if len(self.draft.random) < MOST_CARDS:
            self.panes.click("addGroupingButton")
            self.use_popup(ticks, pick)

    @rule(pick=PICK, path=PICK)
    def chip(self, pick: int, path: int) -> None:
        self.did("chip")
        chips = self.panes.model._fixed.chips()
        if not chips:
            return
        chip = chips[pick % len(chips)]
        if path % 3 == 0:
            QTest.keyClick(chip, Qt.Key.Key_Delete)
            return
        at = chip.rect().center()
        QApplication.sendEvent(
            chip, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, chip.mapToGlobal(at))
        )
        self.answer(path)

    @rule(name=st.sampled_from(["responseCombo", "estimationCombo", "weightsCombo"]), pick=PICK)
    def combo(self, name: str, pick: int) -> None:
        self.did(name)
        combo = self.panes.control(name)
        assert isinstance(combo, QComboBox)
        if combo.count() and not combo.isHidden():
            combo.setCurrentIndex(pick % combo.count())

    @rule(pick=PICK)
    def remedy(self, pick: int) -> None:
        self.did("remedy")
        buttons = [
            b
            for b in self.panes.control("adviceList").findChildren(QPushButton)
            if b.objectName().startswith("fixButton") and not b.isHidden()
        ]
        if buttons:
            QTest.mouseClick(buttons[pick % len(buttons)], Qt.MouseButton.LeftButton)

    @rule(pick=PICK, broken=st.booleans())
    def type_formula(self, pick: int, broken: bool) -> None:
        self.did("typing")
        before = self.state()
        edit = self.panes.model._formula.edit
        edit.setFocus()
        if broken:
            edit.setText(BROKEN[pick % len(BROKEN)])
            self.checked_while_typing()
        else:
            edit.setText(before[1] or "~ 1")
        self.panes.control("addGroupingButton").setFocus()
        settle()

    @rule(back=st.integers(1, 4))
    def undo(self, back: int) -> None:
        self.did("undo")
        stack = self.panes.store.undo_stack
        for _ in range(back):
            if stack.index() > self.first:
                stack.undo()
                assert self.state() == self.states[stack.index()]

    @rule(forth=st.integers(1, 4))
    def redo(self, forth: int) -> None:
        self.did("redo")
        stack = self.panes.store.undo_stack
        for _ in range(forth):
            if stack.canRedo():
                stack.redo()
                assert self.state() == self.states[stack.index()]

    # -- how

    def did(self, kind: str) -> None:
        type(self).actions += 1
        self.kinds[kind] = self.kinds.get(kind, 0) + 1

    @property
    def draft(self) -> Any:
        return self.panes.store.document.draft

    def outline(self) -> tuple[Any, ...]:
        return outline(self.draft, self.panes.store.table())

    def name(self, pick: int) -> str:
        names = self.panes.store.table().names
        return names[pick % len(names)]

    def place(self, pick: int) -> QWidget:
        """Somewhere to drop; large models are left alone, so that the walk stays quick."""
        model = self.panes.model
        places: list[QWidget] = [self.panes.control("responseCombo"), *model._random.cards() * 2]
        if len(self.draft.fixed) < MOST_FIXED:
            places += [self.panes.control("fixedTermsView"), *model._fixed.chips()]
        if len(self.draft.random) < MOST_CARDS:
            places.append(self.panes.control("randomTermsView"))
        return places[pick % len(places)]

    def choose(self, menu: QMenu, pick: int) -> None:
        """Choose one of the entries that can be chosen, in whatever submenu."""
        entries = list(_leaves(menu, small=self.small()))
        if entries:
            entries[pick % len(entries)].trigger()
        menu.close()
        settle()
        popup = QApplication.activePopupWidget()
        if popup is not None:
            self.use_popup([pick // 7], pick)

    def small(self) -> bool:
        draft = self.draft
        many = len(draft.fixed) >= MOST_FIXED or len(draft.random) >= MOST_CARDS
        return not many and all(len(r.slopes) < MOST_SLOPES for r in draft.random)

    def answer(self, pick: int) -> None:
        """Answer the menu or the list that is open, if one is."""
        settle()
        popup = QApplication.activePopupWidget()
        if isinstance(popup, QMenu):
            self.choose(popup, pick)
        elif popup is not None:
            self.use_popup([pick // 7], pick)

    def use_popup(self, ticks: list[int], pick: int) -> None:
        popup = QApplication.activePopupWidget()
        if isinstance(popup, GroupingPopup):
            for tick in ticks:
                item = popup.list.item(tick % popup.list.count()) if popup.list.count() else None
                if item is not None:
                    on = item.checkState() == Qt.CheckState.Checked
                    item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)
            buttons = [b for b in popup.findChildren(QPushButton) if not b.isHidden()]
            if buttons:
                QTest.mouseClick(buttons[pick % len(buttons)], Qt.MouseButton.LeftButton)
        # What else may open is put away again.
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
            settle()

    # -- what must hold

    def checked_while_typing(self) -> None:
        """What is typed is a model, or a sentence stands below it."""
        line = self.panes.model._formula
        try:
            spec = read_formula(line.edit.text(), self.draft, self.panes.store.table())
        except FormulaError:
            assert not line.error.isHidden()
            assert line.error.text()
        else:
            assert spec == self.draft

    @invariant()
    def everything_agrees(self) -> None:
        if not hasattr(self, "first"):
            return
        self.sound = False
        settle()
        popup = QApplication.activePopupWidget()
        assert popup is None, (popup.objectName(), type(popup).__name__)
        assert not self.raised, "".join(traceback.format_exception(self.raised[0]))
        self.check_views()
        self.check_advice()
        self.remember()
        self.sound = True

    def check_views(self) -> None:
        panes, draft, table = self.panes, self.draft, self.panes.store.table()
        line = panes.model._formula
        text = line.edit.text()
        if line.error.isHidden():
            assert text == panes.formula or (text, panes.formula) == ("~ 1", "")
            assert (read_formula(text, draft, table) if text else draft) == draft
        else:
            # What cannot be read stays for correction, with the sentence that says why.
            assert text.strip()
            assert line.error.text()
        chips = [*([INTERCEPT] if draft.intercept else []), *draft.fixed]
        assert [c.term for c in panes.model._fixed.chips()] == chips
        cards, outlines = panes.shown_cards(), self.outline()
        assert len(cards) == len(outlines) == len(draft.random)
        for k, (shown, term) in enumerate(zip(cards, draft.random, strict=True)):
            assert shown[0] == term.grouping.label
            assert shown[1] == term.intercept
            assert len(shown[2]) == len(term.slopes)
            assert shown[3] == covariance_name(term.covariance)
            self.check_numbers(k, outlines[k])

    def check_numbers(self, index: int, card: Any) -> None:
        shown = self.panes.card(index)
        assert self.panes.control("parameterCount", shown).text() == card.parameters
        triangle = self.panes.control("covarianceTriangle", shown)
        if card.pattern is None or not card.pattern.size:
            assert triangle.isHidden()
        elif card.pattern.size < 40:
            numbers = {row[3] for row in triangle.table().rows if row[3] is not None}
            assert len(numbers) == card.pattern.count

    def check_advice(self) -> None:
        """A model that stands whole, or a sentence that says what is missing."""
        findings = self.panes.model._findings
        assert findings or self.draft.response is not None
        assert all(f.text.strip() for f in findings)

    def remember(self) -> None:
        stack = self.panes.store.undo_stack
        for later in [i for i in self.states if i > stack.count()]:
            del self.states[later]
        self.states[stack.index()] = self.state()

    def teardown(self) -> None:
        try:
            # What went wrong on the way has been told.
            if self.sound:
                self.walk_back_and_forth()
        finally:
            sys.excepthook = self._hook
            while (popup := QApplication.activePopupWidget()) is not None:
                popup.close()
                QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def walk_back_and_forth(self) -> None:
        stack = self.panes.store.undo_stack
        steps: list[tuple[Callable[[], bool], Callable[[], None]]] = [
            (lambda: stack.index() > self.first, stack.undo),
            (stack.canRedo, stack.redo),
        ]
        for more, step in steps:
            while more():
                step()
                assert self.state() == self.states[stack.index()]
        self.check_views()
        assert self.raised == []


def _leaves(menu: QMenu, *, small: bool) -> list[QAction]:
    """The entries that can be chosen; of a large model only those that make it smaller."""
    out: list[QAction] = []
    for action in menu.actions():
        if not action.isEnabled() or action.isSeparator():
            continue
        inner = action.menu()
        if inner is not None:
            out += _leaves(inner, small=small) if small else []
        elif small or action.text().startswith("Remove"):
            out.append(action)
    return out
