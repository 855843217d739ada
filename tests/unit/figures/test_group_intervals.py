"""Intervals of separate fits. Numbers: teaching.json, lmList_intervals (confint(lmList) of lme4)."""

from __future__ import annotations

import numpy as np
import pytest

from mmgui.data.read import read_table
from mmgui.engine.fit import FitJob, fit
from mmgui.figures.group_intervals import intervals_figure, moved_intervals
from mmgui.figures.moved import MovableFit
from mmgui.spec.formula import parse
from tests.unit.figures.test_groups_figure import OWN_INTERCEPT, OWN_SLOPE, SAMPLES, SLOPES

# Half the width of every interval is the same, the design being balanced: from subjects 308 and 372.
HALF_INTERCEPT, HALF_SLOPE = 273.923693023112 - 244.192669090909, 27.333833459982 - 21.764702424242


def test_that_intervals_of_subjects_are_those_of_lmlist(fitted):
    figure = intervals_figure(fitted("sleepstudy", SLOPES), 0)
    intercept, slope = figure.coefficients
    assert (intercept.title, slope.title) == ("Intercept", "Slope of Days")
    for k, row in {
        0: (214.461645158706, 16.195571388503, 273.923693023112, 27.333833459982),
        8: (233.30366879507, -8.450164975133, 292.765716659476, 2.688097096345),
        17: (237.313776067797, 5.728942297594, 296.775823932203, 16.867204369073),
    }.items():
        shown = (intercept.lower[k], slope.lower[k], intercept.upper[k], slope.upper[k])
        assert shown == pytest.approx(row, rel=1e-10)
    np.testing.assert_allclose(intercept.estimate, OWN_INTERCEPT, rtol=1e-10)
    np.testing.assert_allclose(slope.estimate, OWN_SLOPE, rtol=1e-9)
    np.testing.assert_allclose(intercept.upper - intercept.estimate, HALF_INTERCEPT, rtol=1e-9)
    np.testing.assert_allclose(slope.estimate - slope.lower, HALF_SLOPE, rtol=1e-9)
    # 18 groups of 10 rows and 2 coefficients: 18 × 8 degrees of freedom.
    assert figure.df == 144
    assert (intercept.complete, slope.complete) == pytest.approx((251.405104848485, 10.467285959596))


def test_that_the_sentence_counts_the_intervals_that_exclude_the_common_slope(fitted):
    slope = intervals_figure(fitted("sleepstudy", SLOPES), 0).coefficients[1]
    low, high = np.array(OWN_SLOPE) - HALF_SLOPE, np.array(OWN_SLOPE) + HALF_SLOPE
    assert int(np.sum((low > 10.467285959596) | (high < 10.467285959596))) == 7
    assert slope.sentence == (
        "7 of 18 intervals exclude the common slope of Days (10.47); if all groups were alike, about 1 "
        "would. A random slope of Days has something to describe."
    )
    assert slope.brief == "7 of 18 exclude 10.47"


def test_that_a_slope_the_model_lacks_would_have_something_to_describe(fitted):
    figure = intervals_figure(fitted("sleepstudy", "Reaction ~ Days + (1 | Subject)"), 0)
    slope = figure.coefficients[1]
    assert not slope.varies
    assert slope.sentence.endswith("A random slope of Days would have something to describe.")
    # Where the model has one slope for all its estimate is the same in every group, without an interval.
    np.testing.assert_allclose(slope.model, np.full(18, 10.467285959596), rtol=1e-8)
    assert np.isnan(slope.model_lower).all()


def test_that_groups_that_do_not_differ_say_so(fitted):
    figure = intervals_figure(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"), 0)
    assert figure.coefficients[0].sentence == (
        "0 of 6 intervals exclude the common intercept (5.666); if all groups were alike, hardly any would. "
        "One common value says nearly as much."
    )


def test_that_groups_that_cannot_be_fitted_alone_are_named_with_the_reason(tmp_path):
    path = tmp_path / "sparse.csv"
    path.write_text((SAMPLES / "sleepstudy.csv").read_text() + "245,0,373\n286,0,374\n288,1,374\n")
    figure = intervals_figure(fit(FitJob(parse(SLOPES), read_table(str(path)))), 0)
    alone, two = figure.levels.index("373"), figure.levels.index("374")
    reason = "Subject 373 has 1 row, too few for 2 coefficients of its own."
    assert figure.unfitted == ((alone, reason),)
    assert figure.notes[0] == reason
    assert np.isnan(figure.coefficients[0].lower[alone])
    # Two rows give a line without residuals; it has an interval all the same, from the others' residuals.
    assert figure.coefficients[1].estimate[two] == pytest.approx(2.0)
    assert figure.df == 144
    assert np.isfinite(figure.coefficients[1].lower[two])


def test_that_the_models_estimates_follow_the_model_as_moved(fitted):
    model = fitted("sleepstudy", SLOPES)
    figure, movable = intervals_figure(model, 0), MovableFit(model)
    # lme4: coef(model)$Subject["308", "Days"], and ± 1.96 times its conditional SD 2.305
    slope = figure.coefficients[1]
    assert slope.model[0] == pytest.approx(19.666261725162, abs=2e-3)
    assert slope.model_upper[0] - slope.model[0] == pytest.approx(1.96 * 2.305, abs=2e-3)
    point = movable.with_values(movable.best, {"Subject: SD of Days": 0.0}, sigma_follows=True)
    moved = moved_intervals(figure, movable.moved(point, sigma_follows=True))
    np.testing.assert_allclose(moved.coefficients[1].model, np.full(18, 10.467285959596), rtol=1e-8)
    assert moved.coefficients[1].lower is slope.lower


def test_that_the_table_has_a_line_for_each_group(fitted):
    table = intervals_figure(fitted("sleepstudy", SLOPES), 0).table()
    assert table.columns[:4] == ("Group", "Rows", "Intercept: lower", "Intercept: estimate")
    assert len(table.rows) == 18
    assert table.rows[0][:2] == ("308", 10)
    assert table.rows[0][7] == pytest.approx(16.195571388503)
