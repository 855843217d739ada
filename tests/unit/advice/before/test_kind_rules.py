"""What may stand to the right of the bar: no measurements, no ordered numbers, no conditions."""

from __future__ import annotations

import pytest
from rule_runs import fixes, say, table_of

from mmgui.advice.before.grouping_kind import Evidence, conditions, has_order
from mmgui.advice.finding import Severity
from mmgui.data.samples import load_sample
from mmgui.engine.build.rows import complete_rows

# The thread of seed 000: Cond1 (death, life, neutral) as a grouping factor beside the subjects.
CONDITIONS = "y,Cond1,Subj\n" + "\n".join(
    f"{(5 * s + 3 * k) % 7},{c},s{s}" for s in range(8) for k, c in enumerate(("death", "life", "neutral"))
)
# Two ages a person, as in the same thread.
TWICE = "y,age,Subj\n" + "\n".join(
    f"{(5 * s + 3 * a + r) % 7},{a},s{s}" for s in range(6) for a in (8, 10) for r in range(2)
)


def test_g8_fires_for_a_measurement_and_moves_it_to_the_left() -> None:
    (finding,) = say("G8", "y ~ A + (1 | rating) + (1 | Subj)", "sim_within_subject_factors")
    assert (finding.severity, finding.about, finding.terms) == (Severity.WARNING, ("rating",), (0,))
    assert finding.text.startswith("rating looks like a measurement: 445 different values in 480 rows.")
    assert fixes(finding) == [
        ("Make it (rating | Subj)", "y ~ A + (rating | Subj)"),
        ("Make rating a fixed effect", "y ~ A + rating + (1 | Subj)"),
        ("Remove (1 | rating)", "y ~ A + (1 | Subj)"),
    ]


def test_g8_offers_no_slope_of_the_response() -> None:
    (finding,) = say("G8", "Reaction ~ 1 + (1 | Reaction) + (1 | Subject)", "sleepstudy")
    assert [label for label, _ in fixes(finding)] == ["Remove (1 | Reaction)"]


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        ("Reaction ~ Days + (1 | Subject)", "sleepstudy"),
        # Ten whole numbers, each in 18 rows, may well be labels.
        ("Reaction ~ 1 + (1 | Days)", "sleepstudy"),
        # Two codes, -0.5 and 0.5.
        ("rt ~ 1 + (1 | cond)", "sim_subjects_items"),
    ],
)
def test_g8_is_quiet_for_labels_and_repeated_codes(formula: str, sample: str) -> None:
    assert not say("G8", formula, sample)


def test_g9_fires_for_an_age_of_two_values_in_a_grouping_interaction() -> None:
    (finding,) = say("G9", "y ~ age + (1 | Subj) + (1 | age:Subj)", table_of(TWICE))
    assert (finding.severity, finding.terms) == (Severity.WARNING, (1,))
    assert finding.text == (
        "(1 | age:Subj) gives each Subj a separate level at each value of age, as if these had no order: it "
        "is no slope of age. To the right of the bar belong combinations of categories."
    )
    assert fixes(finding) == [
        ("Make it (age | Subj)", "y ~ age + (age | Subj)"),
        ("Remove (1 | age:Subj)", "y ~ age + (1 | Subj)"),
    ]


def test_g9_fires_for_a_rating_and_makes_the_slope_where_there_is_no_other_term() -> None:
    (finding,) = say("G9", "y ~ A * rating + (1 | rating:Subj)", "sim_within_subject_factors")
    assert fixes(finding)[0][1] == "y ~ A * rating + (rating | Subj)"


@pytest.mark.parametrize(
    "formula",
    # A run 1 and 2 numbers occasions; A is a category.
    ["y ~ A + (1 | Subj) + (1 | run:Subj)", "y ~ A + (1 | Subj) + (1 | A:Subj)"],
)
def test_g9_is_quiet_for_occasions_and_categories(formula: str) -> None:
    assert not say("G9", formula, "sim_within_subject_factors")


LOTS = "lot,wafer,product,y\n" + "\n".join(
    f"{lot},{wafer},{1 + (lot + again) % 3},{(lot * 7 + wafer * 5 + again * 3) % 11}"
    for lot in range(1, 9)
    for wafer in range(1, 4)
    for again in range(3)
)


@pytest.mark.parametrize("formula", ["y ~ 1 + (1 | lot/wafer)", "y ~ factor(product) + (1 | product:lot)"])
def test_g9_is_quiet_for_numbers_that_count_up_names(formula: str) -> None:
    """Wafer 1, 2 and 3 of each lot, as in Pinheiro and Bates's Oxide; what factor() takes for labels."""
    assert not say("G9", formula, table_of(LOTS))


def test_g9_is_quiet_for_numbers_that_name_larger_or_smaller_units() -> None:
    """Rabbit 1 to 5, each with runs of its own (PBG): the number orders nothing."""
    rabbits = "rabbit,run,dose,y\n" + "\n".join(
        f"{2 + 3 * rabbit},r{rabbit}{run},{dose},{(rabbit * 5 + run * 3 + dose) % 7}"
        for rabbit in range(5)
        for run in range(2)
        for dose in range(4)
    )
    assert not say("G9", "y ~ dose + (1 | rabbit/run)", table_of(rabbits))


def test_g9_asks_whether_numbers_that_count_up_are_names_where_the_model_takes_them_for_a_quantity() -> None:
    (finding,) = say("G9", "y ~ product + (1 | lot) + (1 | product:lot)", table_of(LOTS))
    assert finding.text.endswith(" If the numbers of product are only names, make it a category.")


def test_g11_warns_of_conditions_by_their_name() -> None:
    (finding,) = say("G11", "y ~ 1 + (1 | Subj) + (1 | Cond1)", table_of(CONDITIONS))
    assert (finding.severity, finding.about, finding.terms) == (Severity.WARNING, ("Cond1",), (1,))
    assert finding.text == (
        "Cond1 (death, life, neutral) is a set of conditions that every Subj meets, not a sample from a "
        "population of such: (1 | Cond1) estimates how much conditions vary, from 3 of them."
    )
    assert fixes(finding) == [
        ("Make Cond1 a fixed effect", "y ~ Cond1 + (1 | Subj)"),
        ("Remove (1 | Cond1)", "y ~ 1 + (1 | Subj)"),
    ]


def test_g11_only_informs_where_nothing_but_words_speaks_for_conditions() -> None:
    table = table_of(CONDITIONS.replace("Cond1", "what"))
    (finding,) = say("G11", "y ~ 1 + (1 | Subj) + (1 | what)", table)
    assert finding.severity is Severity.INFO
    assert "what (death, life, neutral) looks like a set of conditions" in finding.text


def test_g11_makes_slopes_over_conditions_interactions() -> None:
    table = table_of(CONDITIONS.replace("y,", "y,x,", 1).replace(",death", ",1,death")
                     .replace(",life", ",2,life").replace(",neutral", ",4,neutral"))  # fmt: skip
    (finding,) = say("G11", "y ~ x + (1 | Subj) + (x | Cond1)", table)
    assert fixes(finding)[0][1] == "y ~ x * Cond1 + (1 | Subj)"


@pytest.mark.parametrize(
    ("formula", "sample"),
    [
        # Samples A to F meet every plate in the same way and are a sample.
        ("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin"),
        ("score ~ 1 + (1 | Worker) + (1 | Machine)", "Machines"),
        ("rt ~ 1 + (1 | subj) + (1 | item)", "sim_subjects_items"),
        ("strength ~ 1 + (1 | batch/cask)", "Pastes"),
        # Nothing that every unit meets: there is no other grouping factor.
        ("yield ~ 1 + (1 | Variety)", "Oats"),
    ],
)
def test_g11_is_quiet_for_samples(formula: str, sample: str) -> None:
    assert not say("G11", formula, sample)


def test_what_speaks_for_conditions() -> None:
    oats, machines, pastes = (load_sample(name) for name in ("Oats", "Machines", "Pastes"))
    assert conditions(oats["Variety"], 3) is Evidence.STRONG
    assert conditions(oats["Block"], 6) is Evidence.NONE
    assert conditions(machines["Machine"], 3) is Evidence.NONE
    assert conditions(pastes["sample"], 30) is Evidence.NONE


def test_which_numbers_have_an_order() -> None:
    within, sleep = load_sample("sim_within_subject_factors"), load_sample("sleepstudy")
    assert has_order(within["rating"], complete_rows(within, ["rating"]))
    assert not has_order(within["run"], complete_rows(within, ["run"]))
    assert has_order(sleep["Days"], complete_rows(sleep, ["Days"]))
    assert not has_order(sleep["Subject"], complete_rows(sleep, ["Subject"]))
