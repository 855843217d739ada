"""Profiles as valleys: what is written over them, where they end, and ζ with its sign."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QColor, QGuiApplication, QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QToolTip

from mmgui.app.theme import LIGHT, make_theme
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.figures.profile import LEVELS, ParameterProfile, ProfileFigure, profile_figure
from mmgui.plots.profile_plot import CUTS, ProfilePlot, headline, tip, x_range
from mmgui.spec.formula import parse


@cache
def sleepstudy() -> ProfileFigure:
    return profile_figure(fit(FitJob(parse("Reaction ~ Days + (Days | Subject)"), load_sample("sleepstudy"))))


@cache
def dyestuff2() -> ProfileFigure:
    return profile_figure(fit(FitJob(parse("Yield ~ 1 + (1 | Batch)"), load_sample("Dyestuff2"))))


def undefined() -> ParameterProfile:
    nothing, limits = np.empty(0), np.full((len(LEVELS), 2), np.nan)
    words = ("<b>g</b>", "correlation of Intercept and x", "cor. Intercept, x")
    return ParameterProfile(*words, "correlation", 0, np.nan, nothing, nothing, limits, (-1.0, 1.0))


@pytest.fixture
def plot(themes, selection, show):
    plot = show(ProfilePlot(themes, selection), 900, 560)
    plot.set_data(sleepstudy())
    return plot


def _painted(plot) -> set[str]:
    image = plot.grab().toImage()
    return {
        QColor(image.pixel(x, y)).name() for x in range(0, image.width(), 2) for y in range(image.height())
    }


def test_that_a_plot_has_its_names_its_table_and_the_colours_of_its_terms(plot):
    assert plot.objectName() == "profilePlot"
    assert plot.accessibleName() == "Profile likelihood"
    assert len(plot.table().rows) == 6
    assert {LIGHT.terms[0].lower(), LIGHT.residual.lower(), LIGHT.text.lower()} <= _painted(plot)


def test_that_cuts_are_the_normal_quantiles_of_the_levels():
    # R: qnorm(c(0.75, 0.9, 0.95, 0.975, 0.995))
    assert pytest.approx([0.6744898, 1.2815516, 1.6448536, 1.9599640, 2.5758293], abs=1e-7) == CUTS


def test_that_estimate_and_interval_are_written_with_the_digits_that_matter():
    written = [headline(p, LIGHT)[0][0] for p in sleepstudy().profiles]
    # lme4: ML estimates and confint(profile(fit))
    assert written == [
        "23.8, 95 %: 14.4 to 37.7",
        "0.08, 95 %: −0.48 to 0.68",
        "5.72, 95 %: 3.80 to 8.75",
        "25.59, 95 %: 22.90 to 28.86",
        "251.4, 95 %: 237.7 to 265.1",
        "10.47, 95 %: 7.36 to 13.58",
    ]


def test_that_reaching_zero_is_said_in_words(plot):
    batch = dyestuff2().profiles[0]
    assert headline(batch, LIGHT) == (("0, 95 %: 0 to 2.08", LIGHT.muted), (" · reaches 0", LIGHT.warn))
    plot.set_data(dyestuff2())
    assert LIGHT.warn.lower() in _painted(plot)
    assert "Batch: SD of Intercept reaches 0" in plot.findChild(QLabel, "plotNotes").text()


def test_that_the_tooltip_tells_every_interval(plot):
    words = tip(sleepstudy().profiles[2])
    # lme4: confint(profile(fit), level = 0.5) and 0.99
    assert "50 %: 4.974 to 6.587" in words
    assert "99 %: 3.313 to 10.131" in words
    plot.grab()
    canvas = plot._canvas
    at = canvas.spots[2][0].center().toPoint()
    QApplication.sendEvent(canvas, QHelpEvent(QEvent.Type.ToolTip, at, canvas.mapToGlobal(QPoint(at))))
    assert "Subject: SD of Days" in QToolTip.text()
    QToolTip.hideText()


def test_that_a_parameter_without_a_curve_says_why(plot):
    words = tip(undefined())
    assert "&lt;b&gt;g" in words
    assert "does not vary" in words
    assert headline(undefined(), LIGHT) == ()
    plot.set_data(ProfileFigure((undefined(),), 1, False))
    assert len(_painted(plot)) > 5


def test_that_panels_hold_the_widest_interval():
    for profile in (*sleepstudy().profiles, *dyestuff2().profiles):
        low, high = x_range(profile)
        assert low < profile.limits[-1, 0] <= profile.limits[-1, 1] < high


def test_that_zeta_is_drawn_with_its_sign_on_demand(plot):
    before = plot.grab().toImage()
    action = next(a for a in plot.menu().actions() if a.objectName() == "signedAction")
    action.setChecked(True)
    assert plot.signed
    assert plot.grab().toImage() != before
    assert "standard normal" in plot.findChild(QLabel, "plotCaption").text()


def test_that_many_panels_ask_for_room_instead_of_shrinking(plot):
    plot.set_data(ProfileFigure(sleepstudy().profiles * 4, 24, False))
    plot.resize(500, 300)
    rows = 12
    assert plot._canvas.minimumHeight() == rows * 150


@pytest.mark.parametrize("size", [(380, 300), (1600, 1000)])
@pytest.mark.parametrize("projector", [False, True])
def test_that_it_draws_at_every_size_in_both_looks(plot, themes, size, projector):
    plot.resize(*size)
    for dark in (False, True):
        themes.set_theme(make_theme(dark=dark, projector=projector))
        assert len(_painted(plot)) > 20


def test_that_the_menu_copies_every_level(plot):
    plot.deeds.copy_table()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].startswith("Group,Parameter,ML estimate,0.5 %,2.5 %")
    assert len(lines) == 7


def test_that_without_a_figure_a_quiet_sentence_stands_there(plot):
    plot.set_data(None)
    assert plot.findChild(QLabel, "plotEmpty").isVisible()
    assert plot.table().rows == ()
