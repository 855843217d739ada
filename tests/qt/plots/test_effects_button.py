"""Up to six effects of a term stand in the scatter matrix."""

from __future__ import annotations

from PySide6.QtGui import QAction

from mmgui.ui.shrinkage_effects import EffectsButton


def test_that_of_many_effects_six_are_chosen_at_most_and_one_at_least(qtbot):
    button, told = EffectsButton(), []
    qtbot.addWidget(button)
    button.chosen.connect(told.append)
    button.set_effects(tuple(f"x{k}" for k in range(8)))
    assert button.effects() == (0, 1, 2, 3, 4, 5)
    ticks = [button.findChild(QAction, f"shrinkageEffect{k}") for k in range(8)]
    assert not ticks[7].isEnabled()
    ticks[0].setChecked(False)
    assert ticks[7].isEnabled()
    ticks[7].setChecked(True)
    assert told[-1] == (1, 2, 3, 4, 5, 7)
    for k in (1, 2, 3, 4, 5):
        ticks[k].setChecked(False)
    assert button.effects() == (7,)
    assert not ticks[7].isEnabled()
    button.set_effects(("Intercept", "Days"))
    assert not button.isVisibleTo(None)
    assert button.effects() == (0, 1)
