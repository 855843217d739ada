"""The strip that replays a fit."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mmgui.app.film import FilmModel
from mmgui.app.play import PlayModel
from mmgui.app.theme import ThemeModel, make_theme
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.spec.formula import parse
from mmgui.ui.film_bar import FilmBar
from mmgui.ui.film_scrub import PER_FRAME
from mmgui.ui.moved_bar import MovedBar
from tests.leaks import settle


@pytest.fixture
def play(qtbot):
    model = PlayModel()
    model.show(fit(FitJob(parse("Reaction ~ Days + (Days | Subject)"), load_sample("sleepstudy"))))
    yield model
    model.shutdown()


@pytest.fixture
def film(play):
    model = FilmModel(play)
    yield model
    model.shutdown()


@pytest.fixture
def bar(qtbot, play, film):
    window = QWidget()
    qtbot.addWidget(window)
    bar = FilmBar(film, ThemeModel(), MovedBar(play, film))
    box = QVBoxLayout(window)
    box.addWidget(bar.replay)
    box.addStretch(1)
    box.addWidget(bar)
    window.resize(620, 800)
    window.show()
    bar.replay.offer(True)
    # The window lives as long as the test.
    yield bar
    window.close()


def opened(bar, film, qtbot, key):
    with qtbot.waitSignal(film.opened_changed, timeout=10_000):
        film.open(key)
    film.pause()
    film.scrub(0.0)


def test_that_a_quiet_button_is_all_until_it_is_wanted(bar, film, qtbot):
    assert bar.replay.isVisible()
    # The pages have all the room.
    assert not bar.isVisible()
    with qtbot.waitSignal(film.opened_changed, timeout=10_000):
        QTest.mouseClick(bar.replay, Qt.MouseButton.LeftButton)
    # It plays at once; the strip is there, the button is not.
    assert film.playing
    assert not bar.replay.isVisible()
    assert bar.scrub.isVisible()
    QTest.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    assert not film.playing
    QTest.mouseClick(bar.close_film, Qt.MouseButton.LeftButton)
    assert bar.replay.isVisible()
    assert not bar.isVisible()
    bar.replay.offer(False)
    assert not bar.replay.isVisible()


def test_that_keys_play_step_and_close(bar, film, qtbot):
    opened(bar, film, qtbot, "far")
    QTest.keyClick(bar.scrub, Qt.Key.Key_Right)
    QTest.keyClick(bar.scrub, Qt.Key.Key_Right)
    QTest.keyClick(bar.scrub, Qt.Key.Key_Left)
    assert film.position == 1.0
    assert bar.caption.text().startswith("Evaluation 2 of ")
    QTest.keyClick(bar.scrub, Qt.Key.Key_Space)
    assert film.playing
    QTest.keyClick(bar.scrub, Qt.Key.Key_Space)
    assert not film.playing
    QTest.keyClick(bar.scrub, Qt.Key.Key_End)
    assert film.position == film.film.last
    assert bar.caption.text().endswith("REML criterion 1743.63")
    assert not bar.forward.isEnabled()
    QTest.keyClick(bar.scrub, Qt.Key.Key_Home)
    assert film.position == 0.0
    QTest.keyClick(bar.scrub, Qt.Key.Key_Escape)
    assert film.film is None


def test_that_a_click_on_the_line_goes_there_and_a_frame_draws_the_hand(bar, film, qtbot):
    opened(bar, film, qtbot, "collapse:0:0")
    settle()
    left, right = bar.scrub._ends()
    apart = (right - left) / film.film.last
    middle = bar.scrub.height() // 2
    QTest.mouseClick(bar.scrub, Qt.MouseButton.LeftButton, pos=QPoint(round(left + 5 * apart + 2), middle))
    assert film.position == 5.0
    QTest.mouseClick(bar.scrub, Qt.MouseButton.LeftButton, pos=QPoint(round(left + 5.5 * apart), middle))
    assert film.position == pytest.approx(5.5, abs=0.1)
    assert bar.scrub.value() == round(film.position * PER_FRAME)


def test_that_another_film_can_be_chosen(bar, film, qtbot):
    opened(bar, film, qtbot, "fit")
    bar.menu.aboutToShow.emit()
    titles = [a.text() for a in bar.menu.actions()]
    assert titles[:3] == ["The fit", "A fit that begins far off", "Collapse of Subject"]
    assert [a.isChecked() for a in bar.menu.actions()][:3] == [True, False, False]
    with qtbot.waitSignal(film.opened_changed, timeout=10_000):
        bar.menu.actions()[2].trigger()
    assert bar.choose.text() == "Collapse of Subject ▾"
    assert film.film.key == "collapse:0:0"


def test_that_the_speed_goes_round(bar, film, qtbot):
    opened(bar, film, qtbot, "fit")
    seen = []
    for _ in range(3):
        QTest.mouseClick(bar.speed, Qt.MouseButton.LeftButton)
        seen.append((bar.speed.text(), film.speed))
    assert seen == [("2×", 2.0), ("0.5×", 0.5), ("1×", 1.0)]
    assert bar.speed.accessibleName() == "Speed: 1×"


def test_that_it_says_why_there_is_no_film(bar, film):
    film.failed.emit("The model without it cannot be fitted.")
    assert bar._said.text() == "The model without it cannot be fitted."


def test_that_in_a_low_window_all_stands_in_one_line(bar, film, qtbot):
    opened(bar, film, qtbot, "fit")
    settle()
    two_lines = bar.height()
    assert bar.choose.y() > bar.scrub.y()
    bar._themes.set_theme(make_theme(dark=True, projector=True))
    settle()
    for control in (bar.play, bar.scrub, bar.choose, bar.caption, bar.close_film):
        assert control.isVisible()
        assert bar.rect().contains(control.mapTo(bar, control.rect().center()))
    assert not bar.speed.isVisible()
    assert bar.scrub.width() > 60
    assert abs(bar.caption.geometry().center().y() - bar.scrub.geometry().center().y()) <= 2
    assert bar.height() < 1.85 * two_lines
    bar.window().resize(1400, 1200)
    settle()
    for control in (bar.back, bar.play, bar.forward, bar.scrub, bar.speed, bar.close_film):
        assert control.isVisible()
    assert bar.choose.y() > bar.scrub.y()


def test_that_the_hands_words_stand_where_the_films_were(bar, film, play, qtbot):
    hand = bar.findChild(MovedBar)

    def move(sd: float) -> None:
        with qtbot.waitSignal(play.moved, timeout=10_000):
            play.move({"Subject: SD of Days": sd})

    assert not hand.isVisible()
    move(12.0)
    assert hand.isVisible()
    settle()
    # It has all of the line while nothing else is said.
    assert hand.width() > 0.9 * bar.width()
    assert bar.replay.isVisible()
    opened(bar, film, qtbot, "far")
    assert bar.caption.isVisible()
    assert not hand.isVisible()
    move(13.0)
    assert hand.isVisible()
    assert not bar.caption.isVisible()
    with qtbot.waitSignal(play.moved, timeout=10_000):
        QTest.mouseClick(hand.back, Qt.MouseButton.LeftButton)
    assert not hand.isVisible()
    assert bar.caption.isVisible()
