"""The simpler models below a singular fit."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from mmgui.advice.finding import Fix
from mmgui.app.theme import ThemeModel
from mmgui.figures.simpler import SimplerRow
from mmgui.spec.formula import parse
from mmgui.ui.simpler_models import NARROW, SimplerModels
from tests.leaks import settle

NAME = "cs(0 + treatment | plot, hom = TRUE)"


def test_that_a_name_is_whole_again_once_there_is_room(qtbot):
    models = SimplerModels(ThemeModel())
    qtbot.addWidget(models)
    models.resize(400, 200)
    models.set_room(400)
    row = SimplerRow(
        NAME, "costs 11.2 on the criterion", "y ~ treatment", same=False, fix=Fix("Try", parse("y ~ 1"))
    )
    models.show_rows("No simpler model fits quite the same.", (row,))
    with qtbot.waitExposed(models):
        models.show()
    settle()
    models.resize(NARROW + 300, 200)
    models.set_room(NARROW + 300)
    settle()
    assert models.findChild(QPushButton, "simplerButton0").text() == NAME
