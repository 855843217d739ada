"""The profile page in the real window: small fits at once; large ones on demand, with progress and Stop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication

from mmgui.app import analysis_parts
from mmgui.app.analysis_parts import Part
from mmgui.figures.profile import ProfileFigure, profile_figure
from mmgui.plots.profile_plot import ProfilePlot, ProfileView
from mmgui.ui.choice_combo import ChoiceCombo
from tests.journeys.journey import Journey


def test_that_a_small_fit_is_profiled_when_its_page_is_opened(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    page = journey.show_page("profilePage")
    # lme4: confint(profile(fit)) of the model by ML
    assert journey.cells("profileTable") == [
        ["Subject", "SD of Intercept", "23.8", "14.4", "37.7"],
        ["Subject", "cor. Intercept, Days", "0.08", "−0.48", "0.68"],
        ["Subject", "SD of Days", "5.72", "3.80", "8.75"],
        ["Residual", "SD (σ)", "25.59", "22.90", "28.86"],
        ["Fixed", "Intercept", "251.4", "237.7", "265.1"],
        ["Fixed", "Days", "10.47", "7.36", "13.58"],
    ]
    plot = journey.control("profilePlot", page)
    assert plot.isVisible()
    assert len(plot.table().rows) == 6  # type: ignore[attr-defined]
    assert not journey.control("profileOffer").isVisible()

    journey.control("profileTable").copy()  # type: ignore[attr-defined]
    copied = QGuiApplication.clipboard().text().splitlines()
    assert copied[0] == "Group\tParameter\tML estimate\t2.5 %\t97.5 %"
    assert copied[3] == "Subject\tSD of Days\t5.72\t3.80\t8.75"

    journey.click("profileSignedButton")
    assert plot.view is ProfileView.SIGNED  # type: ignore[attr-defined]


def test_that_views_levels_and_scales_are_chosen_and_a_moved_parameter_is_seen(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    page = journey.show_page("profilePage")
    plot = journey.control("profilePlot", page)
    assert isinstance(plot, ProfilePlot)
    journey.click("profileLevel95Button")
    journey.click("profileLevel99Button")
    # lme4: confint(profile(fit), level = 0.9): sd_Days|Subject 4.06590 to 8.14534
    assert journey.cells("profileTable")[2] == ["Subject", "SD of Days", "5.72", "4.07", "8.15"]
    journey.click("profileLevel95Button")
    journey.click("profileWaldButton")
    # 5.7168 ± 1.96 · 1.1870, by the curvature of the profile at the estimate
    assert journey.cells("profileTable")[2][5:] == ["3.39", "8.04"]
    scale = journey.control("profileScaleCombo", page)
    assert isinstance(scale, ChoiceCombo)
    scale.setCurrentText("variance")
    # squares of the limits of lme4
    assert journey.cells("profileTable")[2][:5] == ["Subject", "variance of Days", "32.7", "14.4", "76.6"]
    for name, view in (("Density", ProfileView.DENSITY), ("Pairs", ProfileView.PAIRS)):
        journey.click(f"profile{name}Button")
        assert plot.view is view
        assert len(plot.table().rows) > 100
    journey.window.workspace.play.move({"Subject: SD of Days": 9.0})
    journey.wait()
    still = plot.grab().toImage()
    journey.click("backToFitButton")
    journey.wait()
    assert plot.grab().toImage() != still


def test_that_the_page_follows_the_model_that_is_shown(journey: Journey) -> None:
    journey.open_sample("Dyestuff2")
    journey.fit_formula("Yield ~ 1 + (1 | Batch)")
    journey.show_page("profilePage")
    # lme4: batch SD 0, its interval 0 to 2.084043
    assert journey.cells("profileTable")[0] == ["Batch", "SD of Intercept", "0", "0", "2.08"]
    journey.window.workspace.refit(journey.document.models[0], reml=False)
    journey.wait()
    notes = journey.control("plotNotes", journey.control("profilePlot"))
    assert notes.text().startswith("Batch: SD of Intercept reaches 0")  # type: ignore[attr-defined]
    journey.window.workspace.show_model(journey.document.models[0])
    journey.wait()
    assert notes.text().startswith("Profiles are by maximum likelihood")  # type: ignore[attr-defined]


def _slowly(gate: threading.Semaphore) -> Callable[..., ProfileFigure]:
    """The real work, of which each parameter waits until the test lets it go on."""

    def build(
        fit: object, should_stop: Callable[[], bool], advance: Callable[[int, int, str], None]
    ) -> ProfileFigure:
        def tell(done: int, total: int) -> None:
            advance(done, total, "")
            assert gate.acquire(timeout=30)

        return profile_figure(fit, should_stop=should_stop, progress=tell)  # type: ignore[arg-type]

    return build


def test_that_a_large_fit_is_profiled_on_demand_and_can_be_stopped(
    journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Semaphore(0)
    monkeypatch.setitem(analysis_parts.LONG_BUILDERS, Part.PROFILE, _slowly(gate))  # type: ignore[arg-type]
    monkeypatch.setattr("mmgui.figures.profile.QUICK_PARAMETERS", 2)
    journey.open_sample("Pastes")
    journey.fit_formula("strength ~ 1 + (1 | batch/cask)")
    page = journey.show_page("profilePage")
    assert journey.control("profileButton").isVisible()
    assert "4 parameters" in journey.text("profileWords")
    assert not journey.control("profilePlot", page).isVisible()

    journey.click("profileButton")
    words = journey.control("profileWords")
    journey.qtbot.waitUntil(
        lambda: words.property("text") == "Profiling: 0 of 4 parameters done", timeout=10_000
    )
    assert journey.window.property("busy")
    gate.release()
    journey.qtbot.waitUntil(lambda: "1 of 4" in words.property("text"), timeout=10_000)
    # Other pages do not wait for it.
    journey.store.look(replace(journey.document.view, page="residuals"))
    residuals = journey.control("residualsPlot")
    journey.qtbot.waitUntil(lambda: bool(residuals.table().rows), timeout=10_000)  # type: ignore[attr-defined]
    journey.store.look(replace(journey.document.view, page="profile"))

    journey.click("profileStopButton")
    assert "Stopping" in words.property("text")
    assert not journey.control("profileStopButton").isEnabled()
    gate.release()
    journey.wait()
    assert [line[:2] for line in journey.cells("profileTable")] == [["batch", "SD of Intercept"]]
    assert "1 of 4 parameters" in journey.control("plotNotes", journey.control("profilePlot", page)).text()  # type: ignore[attr-defined]
    assert journey.control("profileButton").isVisible()

    gate.release(10)
    journey.click("profileButton")
    journey.wait()
    assert len(journey.cells("profileTable")) == 4
    assert not journey.control("profileOffer").isVisible()
