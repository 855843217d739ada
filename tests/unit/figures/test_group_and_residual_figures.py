"""Expected numbers: lme4 1.1-31 and lmList on sleepstudy, R 4.2.2."""

from __future__ import annotations

import numpy as np

from mmgui.figures.groups import groups_figure
from mmgui.figures.trace import parameter_names, parameter_terms, trace_figure

SLOPES = "Reaction ~ Days + (Days | Subject)"


def _line(figure, values, group):
    rows = figure.rows_of(group)
    slope, intercept = np.polyfit(figure.x[rows], values[rows], 1)
    return intercept, slope


def test_that_a_groups_three_lines_have_their_own_coefficients(fitted):
    figure = groups_figure(fitted("sleepstudy", SLOPES), 0)
    assert (figure.x_name, figure.y_name) == ("Days", "Reaction")
    np.testing.assert_allclose(_line(figure, figure.own, 0), (244.192669, 21.764702), atol=1e-5)
    np.testing.assert_allclose(_line(figure, figure.complete, 0), (251.405105, 10.467286), atol=1e-5)
    np.testing.assert_allclose(_line(figure, figure.partial, 0), (253.663656, 19.666262), atol=1e-3)
    # 309 has the lowest mean fitted value, 337 the highest.
    assert figure.levels[figure.order[0]] == "309"
    assert figure.levels[figure.order[-1]] == "337"


def test_that_groups_without_a_predictor_show_their_means(fitted):
    figure = groups_figure(fitted("Dyestuff2", "Yield ~ 1 + (1 | Batch)"), 0)
    assert (figure.kind, figure.x_name) == ("strip", "")
    np.testing.assert_allclose(figure.partial, np.full(30, 5.6656), atol=1e-6)
    assert len(np.unique(figure.own.round(6))) == 6


def test_that_other_predictors_leave_a_straight_line(fitted):
    figure = groups_figure(fitted("sim_hidden_singular", "y ~ x1 + x2 + x3 + (x1 + x2 + x3 | g)"), 0)
    rows = figure.rows_of(3)
    curvature = np.polyfit(figure.x[rows], figure.partial[rows], 2)[0]
    assert abs(curvature) < 1e-9
    assert figure.notes == ("Other predictors and random effects enter the lines with their mean.",)


def test_that_an_interaction_within_groups_leaves_a_straight_line(fitted):
    # The line of a child is the least-squares line through the model's predictions for it.
    fit = fitted("sim_hidden_singular", "y ~ x1 * x2 + (x1 | g)")
    figure = groups_figure(fit, 0)
    rows = figure.rows_of(3)
    member = np.flatnonzero(fit.design.random[0].codes == 3)
    x1 = fit.design.x[member, fit.design.fixed_names.index("x1")]
    expected = np.polyfit(x1, fit.fitted[member], 1)
    np.testing.assert_allclose(_line(figure, figure.partial, 3), expected[::-1], atol=1e-8)
    assert abs(np.polyfit(figure.x[rows], figure.partial[rows], 2)[0]) < 1e-9


def test_that_a_curve_is_drawn_as_the_model_has_it(fitted):
    fit = fitted("sleepstudy", "Reaction ~ Days + I(Days^2) + (Days | Subject)")
    figure = groups_figure(fit, 0)
    np.testing.assert_allclose(figure.partial, fit.fitted, atol=1e-8)


def test_that_table_has_a_line_for_each_row(fitted):
    table = groups_figure(fitted("sleepstudy", SLOPES), 0).table()
    assert table.columns == ("Group", "Days", "Reaction", "No pooling", "Complete pooling", "Partial pooling")
    assert len(table.rows) == 180
    assert table.rows[0][:3] == ("308", 0.0, 249.56)


def test_that_path_names_parameters_by_group_and_effect(fitted):
    fit = fitted("sleepstudy", SLOPES)
    names = parameter_names(fit.design)
    assert names == ("Subject: Intercept", "Subject: Days with Intercept", "Subject: Days")
    figure = trace_figure(
        fit.design.spec, names, fit.log.objective, fit.log.theta, terms=parameter_terms(fit.design)
    )
    assert figure.criterion == "REML criterion"
    assert figure.terms == (0, 0, 0)
    assert figure.table().columns == ("Evaluation", "REML criterion", *names)
    np.testing.assert_allclose(figure.theta[-1], [0.966742, 0.015169, 0.230910], atol=1e-4)


def test_that_a_running_fits_parameters_find_their_term_by_its_grouping_factor(fitted):
    spec = fitted("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)").design.spec
    figure = trace_figure(spec, ("sample: Intercept", "plate: Intercept"), [400.0], [np.array([1.0, 1.0])])
    assert figure.terms == (1, 0)


def test_that_without_fixed_effects_a_groups_own_line_is_its_mean(fitted):
    figure = groups_figure(fitted("Dyestuff", "Yield ~ 0 + (1 | Batch)"), 0)
    np.testing.assert_allclose(figure.own[figure.rows_of(0)], 1505.0)
    np.testing.assert_allclose(figure.complete, 0.0)
