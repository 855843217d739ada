"""Advice after the fit and between fits: simpler models, other starts, remarks, one word on the shelf."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from mmgui.app.store import FitKey, FitRecord, FitStatus
from mmgui.engine.result import Convergence
from tests.journeys.journey import Journey

HIDDEN = "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)"


def _labels(journey: Journey, kind: type[QWidget], prefix: str) -> list[str]:
    page = journey.control("summaryPage")
    found = [w for w in page.findChildren(kind) if w.objectName().startswith(prefix) and w.isVisibleTo(page)]
    return [str(w.property("text")) for w in sorted(found, key=lambda w: w.objectName())]


def test_that_the_model_without_a_zero_variance_is_one_click_away(journey: Journey) -> None:
    journey.open_sample("Dyestuff2")
    journey.fit_formula("Yield ~ 1 + (1 | Batch)")
    assert _labels(journey, QPushButton, "simplerButton") == ["Without (1 | Batch)"]
    assert "fits the same with 1 parameter fewer" in _labels(journey, QLabel, "simplerPrice")[0]
    assert "Yield ~ 1" in journey.control("simplerButton0").toolTip()
    journey.click("simplerButton0")
    journey.wait()
    assert journey.formula == "Yield ~ 1"
    journey.trigger("undoAction")
    journey.wait()
    assert journey.formula == "Yield ~ 1 + (1 | Batch)"


def test_that_both_are_fitted_and_shown_side_by_side(journey: Journey) -> None:
    journey.open_sample("Dyestuff2")
    journey.fit_formula("Yield ~ 1 + (1 | Batch)")
    journey.click("simplerCompareButton0")
    journey.wait()
    assert journey.control("comparePane").isVisible()
    # lme4 and lm: REML criterion 161.828 of both
    assert journey.column("compareTable", "Criterion") == ["161.83", "161.83"]
    assert (
        "nothing changes but AIC, by 2 per parameter"
        in journey.control("compareAdvice").accessibleDescription()
    )


def test_that_the_cheapest_simpler_models_are_in_sight_and_the_others_on_demand(journey: Journey) -> None:
    journey.open_sample("sim_hidden_singular")
    journey.fit_formula(HIDDEN)
    assert _labels(journey, QPushButton, "simplerButton") == [
        "(x1 + x3 | g)",
        "(x1 + x2 + x3 || g)",
        "(x1 + x2 | g)",
    ]
    # lme4: REMLcrit 322.557 against 307.995
    assert "costs 14.6 on the criterion, saves 4 parameters" in _labels(journey, QLabel, "simplerPrice")[0]
    journey.click("moreSimplerButton")
    assert len(_labels(journey, QPushButton, "simplerButton")) == 6


def test_that_a_good_fit_shows_no_simpler_models(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    assert not journey.control("simplerModels").isVisible()


def test_that_other_starts_settle_a_warning_and_their_fit_can_be_adopted(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    store = journey.window.workspace.store
    model = store.selected_model()
    assert model is not None
    record = store.record(model)
    assert record is not None
    assert record.fit is not None
    stuck = replace(record.fit, convergence=Convergence(False, 1e-3, 0.1, "evaluations"))
    store.set_record(FitKey(model.spec, model.data_key), FitRecord(FitStatus.DONE, stuck))
    journey.wait()
    assert "not converged" in journey.control("shelfCard1").accessibleDescription()
    journey.click("otherStartsButton")
    journey.wait()
    said = journey.control("fitMessages").accessibleDescription()
    assert "All 6 starts end at the same criterion" in said
    journey.click("adoptFitButton")
    journey.wait()
    assert "Converged" in journey.control("fitMessages").accessibleDescription()
    assert "converged" in journey.control("shelfCard1").accessibleDescription()


def test_that_the_shelf_says_not_identifiable_as_the_summary_does(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (1 | Subject) + (Days | Subject)")
    assert "not identifiable" in journey.control("shelfCard1").accessibleDescription()
    assert "Not identifiable" in journey.control("fitMessages").accessibleDescription()
    journey.click("fixG40")
    journey.wait()
    assert journey.formula == "Reaction ~ Days + (Days | Subject)"


def test_that_a_remark_offers_fits_by_ml(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ 1 + (Days | Subject)")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    journey.trigger("compareAction")
    journey.wait()
    assert "their criteria differ by 26.2" in journey.control("compareAdvice").accessibleDescription()
    journey.click("compareByMlButton")
    journey.wait()
    # lme4: deviances 1775.476 and 1751.939
    assert journey.column("compareTable", "Criterion") == ["1775.48", "1751.94"]
    assert "REML" not in journey.control("compareAdvice").accessibleDescription()


def test_that_a_long_walk_is_mentioned_once_it_is_long(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    terms = ("(1 | Subject)", "(Days || Subject)", "(0 + Days | Subject)", "(Days | Subject)")
    for k, term in enumerate(terms):
        journey.fit_formula(f"Reaction ~ Days + {term}")
        if k:
            journey.trigger("compareAction")
            journey.wait()
            said = "models of this response" in journey.control("compareAdvice").accessibleDescription()
            assert said is (k == 3)
            journey.click("backButton")


def test_that_a_group_that_stands_apart_is_shown_on_every_page(journey: Journey, tmp_path: Path) -> None:
    noise = np.random.default_rng(2).normal(size=(24, 7))
    names = [*(f"P{k}" for k in range(23)), "Nils"]
    lines = [
        f"{name},{10 * (name == 'Nils') + noise[g, 0] + 0.5 * noise[g, k]:.4f}"
        for g, name in enumerate(names)
        for k in range(1, 7)
    ]
    file = tmp_path / "people.csv"
    file.write_text("\n".join(["person,score", *lines]))
    journey.open(file)
    journey.fit_formula("score ~ 1 + (1 | person)")
    button = journey.control("showGroupsF12")
    assert isinstance(button, QPushButton)
    assert button.accessibleName() == "Show Nils"
    assert button.toolTip() == "Pick person Nils on every page"
    assert button.focusPolicy() == Qt.FocusPolicy.StrongFocus
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert journey.window.workspace.selection.selection.groups == {("person", "Nils")}
