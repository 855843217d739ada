"""The fixed effects of a split plot, by mouse in the window: polynomial, contrasts, reference level, undo."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from mmgui.spec.coding import Coding, Contrast
from mmgui.ui.fixed_terms_view import FixedTermsView
from tests.journeys.journey import Journey
from tests.qt.panes.driver import popup_of_type, trigger


def choose(journey: Journey, label: str, *path: str) -> None:
    """Choose an entry of a chip's menu, opened by its triangle."""
    view = journey.control("fixedTermsView")
    assert isinstance(view, FixedTermsView)
    chip = next(c for c in view.chips() if c.term.label == label)
    QTest.mouseClick(journey.control("chipMenuButton", chip), Qt.MouseButton.LeftButton)
    trigger(popup_of_type(QMenu), *path)


def test_oats_with_a_curve_and_other_contrasts_then_all_undone(journey: Journey) -> None:
    journey.open_sample("Oats")
    journey.fit_formula("yield ~ nitro * Variety + (1 | Block/Variety)")
    begun = journey.document
    choose(journey, "nitro", "As polynomial", "Degree 2: poly(nitro, 2)")
    assert journey.formula == "yield ~ poly(nitro, 2) * Variety + (1 | Block/Variety)"
    choose(journey, "Variety", "Contrasts in this model", "Sum: each level against the mean of all")
    choose(journey, "Variety", "Reference level in this model", "Marvellous")
    assert journey.document.draft.codings == (Coding("Variety", Contrast.SUM, "Marvellous"),)
    journey.fit()
    names = journey.column("fixedTable", "Effect")
    assert names[:5] == ["(Intercept)", "poly(nitro, 2)1", "poly(nitro, 2)2", "Variety1", "Variety2"]
    stack = journey.store.undo_stack
    texts = [stack.text(k) for k in range(stack.count())][-3:]
    assert texts == [
        "Replace nitro by poly(nitro, 2)",
        "Use sum contrasts for Variety",
        "Use Marvellous as reference of Variety in this model",
    ]
    for _ in range(3):
        journey.trigger("undoAction")
    journey.wait()
    assert journey.document.draft == begun.draft
    assert journey.formula == "yield ~ nitro * Variety + (1 | Block/Variety)"
