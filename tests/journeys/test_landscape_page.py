"""The landscape in the window: it comes with the fit, and two lists choose what it shows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QComboBox

from mmgui.plots.landscape_plot import LandscapePlot
from tests.journeys.journey import SAMPLES, Journey


def plot_of(journey: Journey) -> LandscapePlot:
    plot = journey.control("landscapePlot", journey.control("landscapePage"))
    assert isinstance(plot, LandscapePlot)
    return plot


def combo(journey: Journey, name: str) -> QComboBox:
    found = journey.control(name)
    assert isinstance(found, QComboBox)
    return found


def offered(box: QComboBox) -> list[str]:
    return [box.itemText(k) for k in range(box.count())]


def test_that_a_person_chooses_what_the_landscape_shows(journey: Journey) -> None:
    journey.open_sample("sleepstudy")
    journey.fit_formula("Reaction ~ Days + (Days | Subject)")
    page = journey.show_page("landscapePage")
    assert page.isVisible()
    across, up = combo(journey, "landscapeX"), combo(journey, "landscapeY")
    names = ["Subject: SD of Intercept", "Subject: SD of Days", "Subject: correlation of Intercept and Days"]
    assert offered(across) == names
    assert offered(up) == names[1:]
    assert plot_of(journey).table().columns[1:3] == (names[0], names[1])

    journey.pick("landscapeY", names[2])
    journey.wait()
    assert plot_of(journey).table().columns[1:3] == (names[0], names[2])
    # lme4: SD 24.7405, correlation 0.0656
    fit = plot_of(journey).table().rows[0]
    assert [round(float(v or 0), 3) for v in fit[1:3]] == [24.74, 0.066]

    # What stands upwards, chosen across, swaps the two.
    journey.pick("landscapeX", names[2])
    journey.wait()
    assert (across.currentText(), up.currentText()) == (names[2], names[0])
    assert plot_of(journey).table().columns[1:3] == (names[2], names[0])


def test_that_another_model_shows_its_own_parameters(journey: Journey) -> None:
    journey.open_sample("Pastes")
    journey.fit_formula("strength ~ 1 + (1 | batch/cask)")
    journey.show_page("landscapePage")
    journey.pick("landscapeX", "batch:cask: SD of Intercept")
    journey.wait()
    assert combo(journey, "landscapeY").currentText() == "batch: SD of Intercept"
    journey.fit_formula("strength ~ 1 + (1 | batch)")
    journey.wait()
    assert not combo(journey, "landscapeX").isVisible()
    assert plot_of(journey).table().columns[1] == "batch: SD of Intercept"


def test_that_a_fit_on_the_boundary_has_its_curve(journey: Journey) -> None:
    journey.open_sample("Dyestuff2")
    journey.fit_formula("Yield ~ 1 + (1 | Batch)")
    journey.show_page("landscapePage")
    table = plot_of(journey).table()
    assert table.rows[0] == ("Fit", 0.0, 0.0)
    assert plot_of(journey).isVisible()


def test_that_the_page_is_drawn_without_a_window(tmp_path: Path) -> None:
    path = tmp_path / "landscape.png"
    formula = "Yield ~ 1 + (1 | Batch)"
    command = [sys.executable, "-m", "mmgui", "picture", str(SAMPLES / "Dyestuff.csv"), formula]
    command += ["-o", str(path), "--page", "landscape", "--size", "800x600"]
    subprocess.run(command, check=True, capture_output=True, timeout=120, cwd=SAMPLES.parent)
    assert path.stat().st_size > 5000
