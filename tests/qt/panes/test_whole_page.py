"""A picture of a page holds what is scrolled away, and leaves the page as it was."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from mmgui.ui.look import catch_up
from mmgui.ui.whole_page import HIGHEST, whole_meanwhile


def page_of(qtbot, height: int) -> tuple[QWidget, QWidget, QScrollArea]:
    """A window, its page, and the area of the page that is scrolled."""
    window, page, area, content = QWidget(), QWidget(), QScrollArea(), QLabel("content")
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(page)
    QVBoxLayout(page).addWidget(area)
    content.setMinimumHeight(height)
    area.setWidgetResizable(True)
    area.setWidget(content)
    window.resize(500, 400)
    with qtbot.waitExposed(window):
        window.show()
    return window, page, area


def test_that_nothing_is_scrolled_away_in_the_picture(qtbot):
    _window, page, area = page_of(qtbot, 1500)
    assert page.grab().height() < 400
    with whole_meanwhile(page, catch_up):
        assert area.verticalScrollBar().maximum() == 0
        assert page.grab().height() > 1500
    assert page.height() < 400


def test_that_a_page_is_as_it_was_when_the_picture_cannot_be_saved(qtbot):
    _window, page, area = page_of(qtbot, 1500)
    size, bar = page.size(), area.verticalScrollBar()
    bar.setValue(123)
    with pytest.raises(OSError, match="no room"), whole_meanwhile(page, catch_up):
        raise OSError("no room")
    assert (page.size(), bar.value()) == (size, 123)


def test_that_what_is_too_high_for_a_picture_is_drawn_as_it_stands(qtbot):
    _window, page, area = page_of(qtbot, HIGHEST + 100)
    size = page.size()
    area.verticalScrollBar().setValue(50)
    with whole_meanwhile(page, catch_up):
        assert page.size() == size
        assert area.verticalScrollBar().value() == 50
