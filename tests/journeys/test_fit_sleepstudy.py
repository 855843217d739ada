"""The main job from end to end: a file, a model by pointing, its fit, a rival, the test between them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from tests.journeys.journey import SAMPLES, Journey


def test_that_a_person_gets_from_a_file_to_the_test_of_two_models(journey: Journey) -> None:
    journey.open(SAMPLES / "sleepstudy.csv")
    journey.choose("Reaction", "Use as response")
    journey.choose("Days", "Add as fixed effect")
    journey.choose("Subject", "Add as grouping factor")
    journey.click_slope(0, "Days")
    assert journey.formula == "Reaction ~ Days + (Days | Subject)"

    journey.fit()
    # lme4: VarCorr(lmer(Reaction ~ Days + (Days | Subject), sleepstudy))
    assert journey.column("varianceTable", "Group") == ["Subject", "Subject", "Residual"]
    assert journey.column("varianceTable", "SD") == ["24.74", "5.92", "25.59"]
    # lmerTest: 251.405 (6.825, 17 df), 10.467 (1.546, 17 df)
    assert journey.column("fixedTable", "Estimate") == ["251.41", "10.47"]
    assert journey.column("fixedTable", "SE") == ["6.825", "1.546"]
    assert journey.column("fixedTable", "df") == ["17.0", "17.0"]
    assert journey.control("staleLabel").isHidden()

    journey.trigger("undoAction")
    assert journey.formula == "Reaction ~ Days + (1 | Subject)"
    assert journey.text("staleLabel").startswith("Out of date")
    assert not journey.control("staleLabel").isHidden()
    assert journey.column("varianceTable", "SD") == ["24.74", "5.92", "25.59"]
    journey.trigger("redoAction")
    assert journey.control("staleLabel").isHidden()

    journey.pick("correlationCombo", "uncorrelated", journey.card(0))
    assert journey.formula == "Reaction ~ Days + (Days || Subject)"
    journey.fit()
    # lme4: VarCorr(lmer(Reaction ~ Days + (Days || Subject), sleepstudy))
    assert journey.column("varianceTable", "SD") == ["25.05", "5.99", "25.57"]

    journey.trigger("compareAction")
    journey.wait()
    assert journey.control("comparePane").isVisible()
    assert journey.column("compareTable", "Formula") == [
        "Reaction ~ Days + (Days | Subject)",
        "Reaction ~ Days + (Days || Subject)",
    ]
    # lme4: anova(..., refit = FALSE): χ² = 0.0411 on 1 df, p = 0.8393
    assert journey.cells("testsTable") == [["B – A", "0.04", "χ²(1)", "0.84", "0.84"]]
    journey.click("backButton")
    assert not journey.control("comparePane").isVisible()


def test_that_undo_brings_the_results_of_a_fitted_model_back_at_once(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (1 | Subject)")
    journey.choose("Days", "Add random slope within", "Subject")
    journey.fit()
    journey.trigger("undoAction")
    journey.wait()
    # lme4: VarCorr(lmer(Reaction ~ Days + (1 | Subject), sleepstudy))
    assert journey.column("varianceTable", "SD") == ["37.12", "30.99"]
    assert journey.control("staleLabel").isHidden()


def test_that_every_page_shows_its_picture_of_the_model(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    pictures = {
        "groupsPage": "groupsPlot",
        "shrinkagePage": "shrinkagePlot",
        "covariancePage": "correlationHeatmap",
        "residualsPage": "residualsPlot",
        "tracePage": "tracePlot",
    }
    for page, plot in pictures.items():
        widget = journey.control(plot, journey.show_page(page))
        assert widget.isVisible(), plot
        assert widget.table().rows, plot  # type: ignore[attr-defined]


def test_that_convergence_and_singularity_are_two_statements(journey: Journey) -> None:
    journey.open_sample("Dyestuff2")
    journey.fit_formula("Yield ~ 1 + (1 | Batch)")
    lines = journey.control("fitMessages").accessibleDescription().splitlines()
    assert lines[0].startswith("Converged:")
    assert lines[1].startswith("Singular fit:")
    # lme4 on Dyestuff2: batch SD 0, residual SD 3.7157
    assert journey.column("varianceTable", "SD") == ["0.000", "3.716"]
    assert "singular" in journey.control("statusLabel", journey.control("shelfCard1")).text()  # type: ignore[attr-defined]


@pytest.mark.parametrize("projector", [False, True])
def test_that_convergence_and_singularity_are_in_sight_in_a_small_window(
    journey: Journey, projector: bool
) -> None:
    journey.window.resize(1280, 800)
    journey.open_sample("Dyestuff2")
    journey.fit_formula("Yield ~ 1 + (1 | Batch)")
    if projector:
        journey.trigger("projectorAction")
        journey.wait()
    for name in ("statementconverged", "statementF1"):
        statement = journey.control(name)
        assert statement.visibleRegion().boundingRect() == statement.rect(), name
        # In full: the label is as tall as its words need.
        label = statement.findChild(QLabel)
        assert label is not None
        assert label.height() >= label.heightForWidth(label.width())


def test_that_shares_that_do_not_sum_to_everything_say_why(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    assert journey.column("varianceTable", "Share") == ["26 %", "42 %", "28 %"]
    assert "Shares sum to 96 %; the covariance of the random effects adds the other 4 %." in journey.text(
        "correlations"
    )
    header = (
        journey.control("varianceTable")
        .model()
        .headerData(  # type: ignore[attr-defined]
            4, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole
        )
    )
    assert "need not sum to 100 %" in header


@pytest.mark.parametrize("name", ["varianceTable", "fixedTable", "compareTable", "testsTable"])
def test_that_every_column_is_explained_where_it_first_stands(journey: Journey, name: str) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (1 | Subject)")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    journey.trigger("compareAction")
    journey.wait()
    model = journey.control(name).model()  # type: ignore[attr-defined]
    for k in range(model.columnCount()):
        title = model.headerData(k, Qt.Orientation.Horizontal)
        hint = model.headerData(k, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        assert hint or title in ("", "Formula"), title


def test_that_fitting_the_same_model_again_shows_it_and_keeps_one_card(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (1 | Subject)")
    journey.fit()
    assert len(journey.document.models) == 1


def test_that_maximum_likelihood_is_a_model_of_its_own(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    journey.window.workspace.refit(journey.document.models[0], reml=False)
    journey.wait()
    # lme4, REML = FALSE: SDs 23.781, 5.717, 25.592
    assert journey.column("varianceTable", "SD") == ["23.78", "5.72", "25.59"]
    assert [m.spec.reml for m in journey.document.models] == [True, False]
