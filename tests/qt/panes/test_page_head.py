"""The head of a page: pills where there is room, a list where there is not, and the keyboard reaches both."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from mmgui.app.ghosts import GhostModel
from mmgui.app.theme import ThemeModel
from mmgui.ui.choice_combo import ChoiceCombo
from mmgui.ui.ghost_chip import GhostChip
from mmgui.ui.line_chips import LineChips
from mmgui.ui.page_head import PageHead
from mmgui.ui.pill import pill
from mmgui.ui.view_choice import ViewChoice
from tests.leaks import settle

CHOICES = (
    ("oneButton", "One of the views", "The first"),
    ("twoButton", "Two", "The second"),
    ("threeButton", "Three", "The third"),
)


@pytest.fixture
def views(qtbot):
    views = ViewChoice("someViews", "View", CHOICES, list_name="someList")
    qtbot.addWidget(views)
    views.resize(views.sizeHint())
    with qtbot.waitExposed(views):
        views.show()
    settle()
    views.heard = []
    views.chosen.connect(views.heard.append)
    return views


def button(views: ViewChoice, name: str) -> QPushButton:
    return views.findChild(QPushButton, name)


def test_that_a_pill_chooses_once(views):
    assert not views.listed
    for _ in range(2):
        QTest.mouseClick(button(views, "twoButton"), Qt.MouseButton.LeftButton)
    assert (views.heard, views.index) == ([1], 1)


def test_that_arrow_keys_and_space_choose_among_pills(views):
    views.activateWindow()
    button(views, "oneButton").setFocus()
    QTest.keyClick(button(views, "oneButton"), Qt.Key.Key_Right)
    if views.index == 0:
        QTest.keyClick(button(views, "twoButton"), Qt.Key.Key_Space)
    assert (views.heard, views.index) == ([1], 1)


def test_that_a_choice_too_narrow_for_its_pills_is_a_list(views):
    wide = views.sizeHint()
    views.resize(wide.width() - 1, wide.height())
    settle()
    assert views.listed
    assert views.list.isVisible()
    assert not button(views, "oneButton").isVisible()
    assert views.sizeHint() == wide
    views.list.setFocus()
    QTest.keyClick(views.list, Qt.Key.Key_Down)
    assert (views.heard, views.index) == ([1], 1)
    views.resize(wide)
    settle()
    assert button(views, "twoButton").isChecked()
    assert button(views, "twoButton").isVisible()


def test_that_choices_that_are_not_offered_are_in_neither(views):
    views.offer((0, 2), 2)
    assert not button(views, "twoButton").isVisible()
    assert [views.list.itemText(k) for k in range(views.list.count())] == ["One of the views", "Three"]
    views.resize(60, views.height())
    views.list.setCurrentIndex(0)
    assert (views.heard, views.index) == ([0], 0)
    views.offer((), 0)
    assert not views.isVisible()


def head_of(qtbot, width: int, *, low: bool = False) -> tuple[PageHead, ViewChoice, QPushButton, QPushButton]:
    views = ViewChoice("someViews", "View", CHOICES)
    one, other = pill("oneChoice", "A choice"), pill("otherChoice", "Another choice")
    head = PageHead(views, one, other)
    head.dress(ThemeModel().theme)
    head.set_low(low)
    qtbot.addWidget(head)
    wide = sum(w.sizeHint().width() for w in (views, one, other)) + 20
    head.resize(wide + width, head.heightForWidth(wide + width))
    with qtbot.waitExposed(head):
        head.show()
    settle()
    return head, views, one, other


def test_that_views_stand_left_and_choices_right(qtbot):
    head, views, one, other = head_of(qtbot, 100)
    assert views.x() == 0
    assert other.geometry().right() == head.width() - 1
    assert one.x() - views.geometry().right() > 100
    assert len({w.geometry().center().y() for w in (views, one, other)}) == 1


def test_that_what_has_no_room_beside_the_views_goes_below(qtbot):
    _, views, one, other = head_of(qtbot, -1)
    assert not views.listed
    assert one.y() == views.y()
    assert other.y() > views.geometry().bottom()
    assert other.x() == 0


def test_that_a_chip_folds_to_its_mark_before_it_takes_a_line(qtbot):
    views, chips = ViewChoice("someViews", "View", CHOICES), GhostChip(GhostModel())
    head = PageHead(views, chips)
    head.dress(ThemeModel().theme)
    qtbot.addWidget(head)
    wide = views.sizeHint().width() + chips.minimumSizeHint().width() + 10
    assert chips.minimumSizeHint().width() < chips.sizeHint().width()
    chips.show()
    head.resize(wide, head.heightForWidth(wide))
    with qtbot.waitExposed(head):
        head.show()
    settle()
    chip = chips.buttons["ghost"]
    assert chips.geometry().center().y() == views.geometry().center().y()
    assert chip.text() == " "
    assert not chip.isVisible()
    assert chip.toolTip().startswith("The fit without the group")
    head.resize(wide + 200, head.height())
    settle()
    assert chip.text() == "Without picked"


def test_that_a_list_gives_up_a_little_before_a_chip_gives_up_its_words(qtbot):
    views, chips, order = (
        ViewChoice("someViews", "View", CHOICES),
        GhostChip(GhostModel()),
        ChoiceCombo("someOrder", "Order"),
    )
    order.addItems(["By the spread of the residuals"])
    head = PageHead(views, order, chips)
    head.dress(ThemeModel().theme)
    qtbot.addWidget(head)
    chips.show()
    head.resize(1000, 60)
    with qtbot.waitExposed(head):
        head.show()
    settle()
    head.resize(sum(w.sizeHint().width() for w in (views, order, chips)) + 2 * 10 - 10, 60)
    settle()
    assert order.sizeHint().width() - 20 < order.width() < order.sizeHint().width()
    assert chips.buttons["ghost"].text() == "Without picked"
    assert chips.geometry().center().y() == views.geometry().center().y()


def test_that_a_low_page_keeps_to_one_line(qtbot):
    _, views, one, other = head_of(qtbot, -1, low=True)
    assert views.listed
    assert one.geometry().center().y() == other.geometry().center().y() == views.geometry().center().y()


def test_that_a_hidden_choice_leaves_its_room(qtbot):
    _, views, one, other = head_of(qtbot, -1)
    one.hide()
    settle()
    assert other.geometry().center().y() == views.geometry().center().y()


def test_that_chips_say_it_in_a_word_before_a_line_is_taken_for_them(qtbot):
    views, lines = ViewChoice("someViews", "View", CHOICES), LineChips("own", "complete", "partial")
    ghosts = GhostModel()
    ghost = GhostChip(ghosts)
    head = PageHead(views, lines, ghost)
    head.dress(ThemeModel().theme)
    qtbot.addWidget(head)
    ghost.show()
    wide = views.sizeHint().width() + lines.short_width() + ghost.short_width() + 2 * 10
    head.resize(wide, head.heightForWidth(wide))
    with qtbot.waitExposed(head):
        head.show()
    settle()
    said = {key: chip.text() for key, chip in lines.buttons.items()}
    assert said == {"own": "No pooling", "complete": "Complete", "partial": "Partial"}
    chip = ghost.buttons["ghost"]
    # Its words would say little while nobody is picked: only its place is kept.
    assert not chip.isVisible()
    place = ghost.geometry()
    ghosts.picked_changed.emit(True)
    settle()
    assert (chip.isVisible(), chip.text()) == (True, "Without")
    assert ghost.geometry() == place
    assert {w.geometry().center().y() for w in (views, lines, ghost)} == {place.center().y()}
