"""Expected numbers: lme4 1.1-31 on sleepstudy, R 4.2.2."""

from __future__ import annotations

from mmgui.figures.compare import compare_figure
from mmgui.inference.comparison.lrt import compare

LADDER = (
    "Reaction ~ Days + (1 | Subject)",
    "Reaction ~ Days + (Days || Subject)",
    "Reaction ~ Days + (Days | Subject)",
)


def _never(spec):
    raise AssertionError("models with the same fixed effects need no refit")


def _figure(fitted):
    fits = [fitted("sleepstudy", formula) for formula in LADDER]
    return compare_figure(list(enumerate(fits, start=7)), compare(fits, _never))


def test_that_changes_say_what_letting_slopes_vary_does(fitted):
    assert _figure(fitted).changes == (
        (
            "Letting the effect of Days vary between groups of Subject lowers σ from 31.0 to 25.6 and "
            "changes the standard error of Days from 0.80 to 1.56."
        ),
        "Letting the random effects correlate leaves σ and the standard errors as they are.",
    )


def test_that_changes_name_everything_that_a_bigger_model_has_instead(fitted):
    one = fitted("Machines", "score ~ Machine + (1 | Worker) + (1 | Worker:Machine)")
    other = fitted("Machines", "score ~ Machine + (Machine | Worker)")
    (change,) = compare_figure([(1, one), (2, other)]).changes
    assert change.startswith(
        "Letting the effect of MachineB and MachineC vary between groups of Worker instead of a random "
        "effect of Worker:Machine changes"
    )
    one = fitted("sleepstudy", "Reaction ~ 1 + (1 | Subject)")
    other = fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    (change,) = compare_figure([(1, one), (2, other)]).changes
    assert change.startswith("Adding Days and letting the effect of Days vary between groups of Subject")


def test_that_changes_say_what_a_column_takes_the_place_of(fitted):
    one = fitted("sleepstudy", "Reaction ~ Days + (Days | Subject)")
    other = fitted("sleepstudy", "Reaction ~ center(Days) + (center(Days) | Subject)")
    (change,) = compare_figure([(1, one), (2, other)]).changes
    # Days is 4.5 on average.
    said = "Replacing Days by center(Days) changes the standard error of Intercept from 6.82 to 9.05."
    assert change == said


def test_that_columns_share_axes_colours_and_the_largest_sd(fitted):
    figure = _figure(fitted)
    assert [c.model_id for c in figure.columns] == [7, 8, 9]
    assert round(figure.sd_maximum, 2) == 37.12
    assert {c.shrinkage[0].effects for c in figure.columns} == {("(Intercept)", "Days")}
    assert {c.terms for c in figure.columns} == {(0,)}


def test_that_tests_name_their_reference_distribution(fitted):
    tests = {(t.small, t.big): t for t in _figure(fitted).tests}
    assert round(tests[0, 1].statistic, 2) == 42.80
    assert tests[0, 1].reference == "½ χ²(0) + ½ χ²(1)"
    assert tests[1, 2].text == "Δ 0.0410 against χ²(1), p = 0.84."


def test_that_a_grouping_factor_keeps_its_colour_where_terms_stand_in_another_order(fitted):
    one = fitted("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)")
    other = fitted("Penicillin", "diameter ~ 1 + (1 | sample)")
    figure = compare_figure([(1, one), (2, other)])
    assert [c.terms for c in figure.columns] == [(0, 1), (1,)]
    assert figure.columns[1].variance.rows[0].term == 1
    assert figure.columns[1].shrinkage[0].term == 1
    assert figure.tests == ()
