"""The landscape as a picture: what is drawn where, and what the mouse finds."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel

from mmgui.app.theme import make_theme
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.figures.landscape import LandscapeFigure, landscape_figure
from mmgui.plots.export import save_picture
from mmgui.plots.landscape_plot import LandscapePlot
from mmgui.spec.formula import parse

MODELS = {
    "two": ("sleepstudy", "Reaction ~ Days + (Days | Subject)"),
    "nested": ("Pastes", "strength ~ 1 + (1 | batch/cask)"),
    "boundary": ("Dyestuff2", "Yield ~ 1 + (1 | Batch)"),
    "curve": ("Dyestuff", "Yield ~ 1 + (1 | Batch)"),
    "singular": ("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)"),
}


@cache
def figure(model: str, chosen: tuple[str, ...] = ()) -> LandscapeFigure:
    sample, formula = MODELS[model]
    return landscape_figure(fit(FitJob(parse(formula), load_sample(sample))), chosen, points=21)


def shown(plot: LandscapePlot, data: LandscapeFigure) -> LandscapePlot:
    plot.set_data(data)
    plot.settle()
    return plot


def share_of(plot: LandscapePlot, wanted: str) -> float:
    """How much of the picture has about this colour."""
    image = plot.grab().toImage()
    target = QColor(wanted)
    near = 0
    for x in range(0, image.width(), 2):
        for y in range(0, image.height(), 2):
            c = image.pixelColor(x, y)
            off = abs(c.red() - target.red()), abs(c.green() - target.green()), abs(c.blue() - target.blue())
            near += max(off) < 24
    return near / (image.width() * image.height() / 4)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("look", [{}, {"dark": True}, {"projector": True}])
def test_that_every_kind_of_fit_draws_in_every_look(themes, selection, show, model, look):
    themes.set_theme(make_theme(**look))
    plot = shown(show(LandscapePlot(themes, selection), 700, 520), figure(model))
    image = plot.grab().toImage()
    colours = {image.pixel(x, y) for x in range(0, 700, 3) for y in range(0, 520, 3)}
    assert len(colours) > 20
    # The ring around the best fit is in sight.
    assert share_of(plot, make_theme(**look).accent) > 1e-4


def test_that_the_best_fit_and_the_boundary_lie_inside_the_panel(themes, selection, show):
    plot = shown(show(LandscapePlot(themes, selection)), figure("boundary"))
    panel = plot._panel
    room = panel.inside()
    # Dyestuff2: the batch SD is 0, on the boundary; a strip beyond it is hatched.
    at = panel.pixel(0.0, 0.0)
    assert room.left() + 8 < at.x() < room.left() + 40
    assert room.top() < at.y() < room.bottom() - 8


def test_that_an_evaluation_is_found_by_the_mouse_and_explained(themes, selection, show):
    data = figure("nested")
    plot = shown(show(LandscapePlot(themes, selection)), data)
    panel = plot._panel
    assert panel.find(panel.pixel(*data.trail[1])) == 1
    tip = plot.tip(1)
    assert tip.startswith(f"<b>Evaluation 2 of {len(data.trail)}</b>")
    assert "SD of intercept, batch: " in tip
    assert "above the fit" in tip
    assert plot.tip(-1) == ""


def test_that_the_picture_says_what_is_held_and_what_is_drawn(themes, selection, show):
    plot = shown(show(LandscapePlot(themes, selection)), figure("two"))
    notes = plot.findChild(QLabel, "plotNotes").text()
    assert "held at its estimate: correlation of intercept and slope of Days, Subject" in notes
    caption = plot.findChild(QLabel, "plotCaption").text()
    assert "REML criterion above the fit" in caption
    assert "boundary hatched" in caption
    assert plot.table().rows[0][0] == "Fit"


def test_that_in_a_low_room_the_picture_comes_before_the_words(themes, selection, show):
    plot = shown(show(LandscapePlot(themes, selection), 640, 220), figure("two"))
    assert plot.findChild(QLabel, "plotNotes").text() == figure("two").notes[0]
    caption = plot.findChild(QLabel, "plotCaption")
    assert "evaluations" not in caption.text()
    assert "evaluations" in caption.toolTip()
    assert "SD is the relative SD" in caption.toolTip()
    assert plot._panel.inside().height() > 80
    plot.resize(640, 500)
    plot.settle()
    assert "SD is the relative SD" in plot.findChild(QLabel, "plotNotes").text()


def test_that_the_empty_state_comes_back(themes, selection, show):
    plot = shown(show(LandscapePlot(themes, selection)), figure("two"))
    plot.set_data(None)
    assert plot.findChild(QLabel, "plotEmpty").isVisible()
    assert plot.table().rows == ()


def test_that_an_evaluation_without_a_place_is_left_out(themes, selection, show):
    data = figure("two", ("Subject: SD of Days", "Subject: correlation of Intercept and Days"))
    trail = data.trail.copy()
    trail[0, 1] = np.nan
    plot = shown(show(LandscapePlot(themes, selection)), replace(data, trail=trail))
    assert not plot._panel._begins()
    assert plot._panel.find(plot._panel.pixel(*trail[-1])) > 0


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_that_the_picture_can_be_saved(themes, selection, show, tmp_path, ending):
    plot = shown(show(LandscapePlot(themes, selection)), figure("two"))
    path = tmp_path / f"landscape.{ending}"
    save_picture(plot, path)
    assert path.stat().st_size > 2000
    if ending == "svg":
        text = path.read_text(encoding="utf-8")
        assert "<image" not in text
        assert "best fit" in text
