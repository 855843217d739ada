"""The equation in the window: drawn, linked to what else shows the model, copied."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QPushButton, QWidget

from mmgui.app.analysis_parts import CHOSEN_TABLED, Part
from mmgui.app.emphasis import NOTHING, Emphasis, EmphasisModel
from mmgui.app.equation_typesetter import Typesetter
from mmgui.app.runner import ThreadRunner
from mmgui.app.scene import Scene
from mmgui.app.theme import ThemeModel, make_theme
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.figures.equation import equation
from mmgui.figures.equation_drawing import drawing, is_drawn
from mmgui.figures.equation_parts import EquationFigure, Piece
from mmgui.spec.formula import parse
from mmgui.ui.equation_page import EquationPage
from mmgui.ui.equation_view import EquationView

SLEEP = "Reaction ~ Days + (Days | Subject)"


def _figure(formula: str = SLEEP) -> EquationFigure:
    figure = equation(parse(formula), lambda _: False)
    assert figure is not None
    return figure


def _view(qtbot, emphasis: EmphasisModel | None = None, width: int = 600) -> EquationView:
    view = EquationView(ThemeModel(), emphasis)
    qtbot.addWidget(view)
    view.resize(width, 300)
    view.show()
    return view


def _move_to(view: EquationView, text: str) -> Piece:
    piece = next(p for line in view.form.lines for p in line.pieces if p.text == text)
    place = view.canvas.place_of(piece)
    assert place is not None
    at = QPointF(place.center())
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(
        QMouseEvent.Type.MouseMove,
        at,
        view.canvas.mapToGlobal(at),
        none,
        none,
        Qt.KeyboardModifier.NoModifier,
    )
    QGuiApplication.sendEvent(view.canvas, event)
    return piece


def test_the_pointer_on_a_piece_lights_up_what_it_is_about_and_leaving_clears_it(qtbot) -> None:
    emphasis = EmphasisModel()
    view = _view(qtbot, emphasis)
    view.set_data(_figure())
    _move_to(view, "b₁ⱼ")
    assert emphasis.emphasis == Emphasis(effects=frozenset({(0, "Days")}))
    _move_to(view, "β₀")
    assert emphasis.emphasis == Emphasis(fixed=frozenset({"1"}))
    view.hide()
    assert emphasis.emphasis == NOTHING


def test_what_is_lit_up_elsewhere_stands_out_in_the_equation(qtbot) -> None:
    emphasis = EmphasisModel()
    view = _view(qtbot, emphasis)
    view.set_data(_figure())
    alike = view.canvas.grab().toImage()
    emphasis.emphasise(Emphasis(random=frozenset({0})))
    lit = view.canvas.grab().toImage()
    assert lit != alike
    emphasis.clear()
    assert view.canvas.grab().toImage() == alike


def test_a_narrow_pane_breaks_the_line_and_is_not_widened(qtbot) -> None:
    view = _view(qtbot, width=260)
    view.set_data(_figure("an_unusually_long_response ~ another_long_predictor * x + (x + z | g) + (1 | h)"))
    assert view.minimumSizeHint().width() <= 30
    assert view.canvas.heightForWidth(260) > view.canvas.heightForWidth(2000)
    for line in view.form.lines:
        for piece in (p for p in line.pieces if p.latex):
            place = view.canvas.place_of(piece)
            assert place is not None
            assert place.right() <= view.canvas.width() + 1


def test_what_cannot_be_drawn_is_shown_as_text(qtbot) -> None:
    view = _view(qtbot)
    view.set_data(_figure("反応 ~ 1 + (1 | g)"))
    response = view.form.lines[0].pieces[0]
    assert response.text == "反応ᵢⱼ"
    assert drawing(response.latex) is None
    assert view.canvas.place_of(response).width() > 10


def test_equation_is_told_to_screen_readers_and_copied_as_text_and_latex(qtbot) -> None:
    view = _view(qtbot)
    view.set_data(_figure())
    assert view.canvas.accessibleDescription().startswith("Reactionᵢⱼ = (β₀ + b₀ⱼ)")
    view.copy_menu().actions()[0].trigger()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("\\begin{aligned}\n\\mathrm{Reaction}_{ij} &= ( \\beta_{0} + b_{0j} )")
    view.copy_menu().actions()[1].trigger()
    assert QGuiApplication.clipboard().text() == view.form.plain()


def test_without_a_model_nothing_is_shown(qtbot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    view = EquationView(ThemeModel(), parent=parent)
    parent.show()
    view.set_data(_figure())
    assert view.isVisible()
    view.set_data(None)
    assert not view.isVisible()


def test_pieces_are_drawn_on_a_thread_and_the_view_hears_of_it(qtbot) -> None:
    names = []

    class Remember(ThreadRunner):
        def start(self, name, work):
            def noted() -> None:
                names.append(threading.current_thread().name)
                work()

            return super().start(name, noted)

    typesetter = Typesetter(runner=Remember())
    wanted = [r"\mathrm{never drawn before}_{ij}"]
    assert not typesetter.ready(wanted)
    with qtbot.waitSignal(typesetter.drawn, timeout=10_000):
        pass
    assert is_drawn(wanted[0])
    assert typesetter.ready(wanted)
    assert names == ["equation"]


@pytest.fixture
def page(qtbot) -> EquationPage:
    result = fit(FitJob(parse(SLEEP), load_sample("sleepstudy")))
    out = EquationPage(Scene.alone(ThemeModel(make_theme(dark=True))))
    qtbot.addWidget(out)
    out.resize(900, 700)
    out.show()
    out.show_part(Part.EQUATION, CHOSEN_TABLED[Part.EQUATION](result, None, ()))
    return out


def test_the_page_switches_between_the_forms_and_copies_the_one_in_sight(page: EquationPage) -> None:
    def press(name: str) -> None:
        button = page.findChild(QPushButton, name)
        assert button is not None
        button.click()

    assert page.equation.form.plain().startswith("Reactionᵢⱼ")
    press("equationLevelButton")
    assert page.equation.form.plain().startswith("Level 1: rows")
    press("equationMatrixButton")
    press("copyTextButton")
    assert QGuiApplication.clipboard().text().startswith("𝐲 (180×1) = 𝐗 (180×2) 𝛃 (2×1)")
    press("equationIndexButton")
    press("copyLatexButton")
    assert r"\begin{bmatrix}" in QGuiApplication.clipboard().text()


def test_the_table_has_a_row_for_each_piece_and_all_notations_on_demand(page: EquationPage) -> None:
    assert [row.formula for row in page.table.rows] == ["Reaction", "1", "Days", "(Days | Subject)", ""]
    assert (
        page.table.rows[3].words
        == "each Subject has its own level and its own slope of Days, free to correlate"
    )
    assert not page.notation.isVisible()
    page.findChild(QPushButton, "notationButton").click()
    assert page.notation.isVisible()
    assert ("y ~ x + (x || g)", "(1 | g) + (0 + x | g)") in [(r.formula, r.same) for r in page.notation.rows]
