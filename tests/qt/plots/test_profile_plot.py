"""Profiles as valleys: what is written over them, where they end, and ζ with its sign."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRectF
from PySide6.QtGui import QColor, QGuiApplication, QHelpEvent, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QToolTip

from mmgui.app.theme import LIGHT, make_theme
from mmgui.data.samples import load_sample
from mmgui.engine.fit import FitJob, fit
from mmgui.figures.moved import MovableFit
from mmgui.figures.normal import cut
from mmgui.figures.profile import LEVELS, ParameterProfile, ProfileFigure, profile_figure
from mmgui.figures.profile_scale import Scale
from mmgui.plots.profile_curves import DensityPanel
from mmgui.plots.profile_panel import ProfileLook
from mmgui.plots.profile_plot import ProfilePlot, ProfileView, with_level
from mmgui.plots.profile_words import headline, tip, wald_words, x_range
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
    quantiles = [0.6744898, 1.2815516, 1.6448536, 1.9599640, 2.5758293]
    assert [cut(level) for level in LEVELS] == pytest.approx(quantiles, abs=1e-7)


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
    assert plot.view is ProfileView.SIGNED
    assert plot.grab().toImage() != before
    assert "standard normal" in plot.findChild(QLabel, "plotCaption").text()


def test_that_many_panels_ask_for_room_instead_of_shrinking(plot):
    plot.set_data(ProfileFigure(sleepstudy().profiles * 4, 24, False))
    plot.resize(500, 300)
    rows = 12
    assert plot._canvas.minimumHeight() == rows * 124


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


@pytest.mark.parametrize(
    ("view", "scale"), zip(ProfileView, (Scale.LOG, Scale.SD, Scale.VARIANCE, Scale.LOG), strict=True)
)
def test_that_every_view_draws_on_every_scale_what_its_table_says(plot, view, scale):
    plot.show_view(view)
    plot.show_look(ProfileLook(scale, (0.8, 0.95), wald=True))
    assert len(_painted(plot)) > 20
    assert len(plot.table().rows) >= 6
    plot.set_data(dyestuff2())
    assert len(_painted(plot)) > 20


def test_that_wald_intervals_are_told_where_they_differ_most(plot):
    words = wald_words(sleepstudy().profiles, 0.95)
    # 5.7168 ± 1.96 / ζ' at the estimate, which lme4's profile gives as 1.1870
    assert "Subject: SD of Days that says 3.39 to 8.04, where the profile says 3.80 to 8.75" in words
    assert "Batch: SD of Intercept is at the end of its range" in wald_words(dyestuff2().profiles, 0.95)
    assert "Wald, 95 %: 3.390 to 8.043" in tip(sleepstudy().profiles[2], wald=True)


def test_that_headlines_tell_the_highest_level_where_95_is_left_out():
    look = with_level(with_level(ProfileLook(), 0.95, shown=False), 0.99, shown=False)
    assert look.levels == (0.5, 0.8, 0.9)
    # lme4: confint(profile(fit), "sd_Days|Subject", level = 0.9)
    assert headline(sleepstudy().profiles[2], LIGHT, 0.9)[0][0] == "5.72, 90 %: 4.07 to 8.15"


def test_that_curves_keep_their_places_while_others_are_under_way(plot):
    whole = sleepstudy()
    plot.set_data(replace(whole, profiles=whole.profiles[4:], under_way=True))
    plot.grab()
    places = [rect.topLeft() for rect, _ in plot._canvas.spots]
    plot.set_data(whole)
    plot.grab()
    assert [rect.topLeft() for rect, _ in plot._canvas.spots][4:] == places


def test_that_a_spike_at_the_end_of_the_range_does_not_flatten_the_density(qtbot):
    values = np.append(np.linspace(-0.9, 0.99, 190), 1.0)
    zeta = np.append(2.0 * values[:-1], 2.3)
    limits = np.array([(-cut(k) / 2.0, cut(k) / 2.0) for k in LEVELS])
    words = ("<b>g</b>", "correlation of Intercept and x", "cor. Intercept, x")
    profile = ParameterProfile(*words, "correlation", 0, 0.0, values, zeta, limits, (-1.0, 1.0))
    image = QImage(300, 200, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    panel = DensityPanel(painter, LIGHT, QRectF(0, 0, 300, 200), profile, ProfileLook())
    painter.end()
    # At the estimate 2 φ(0) = 0.798; ζ climbs 32 times as steeply at the end, where density would be 2.2.
    assert panel._span()[1] == pytest.approx(1.12 * 0.797885, rel=1e-3)


def test_that_a_parameter_moved_by_hand_has_a_bead_on_its_curve(plot):
    before = plot.grab().toImage()
    movable = MovableFit(fit(FitJob(parse("Reaction ~ Days + (Days | Subject)"), load_sample("sleepstudy"))))
    point = movable.with_values(movable.best, {"Subject: SD of Days": 9.0}, sigma_follows=False)
    plot.show_moved(movable.moved(point, sigma_follows=False))
    after = plot.grab().toImage()
    assert after != before
    plot.show_moved(None)
    assert plot.grab().toImage() == before
