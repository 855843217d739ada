"""What is guessed of a design: the unit, what varies within it, what repeats, each with its reason."""

from __future__ import annotations

import pytest
from made_designs import within_table

from mmgui.advice.design_questions import Design, Role, guess_design, replicates
from mmgui.data.frame import from_frame
from mmgui.data.samples import load_sample


@pytest.mark.parametrize(
    ("key", "design"),
    [
        ("sleepstudy", Design("Reaction", ("Subject",), within_quantities=("Days",))),
        ("ergoStool", Design("effort", ("Subject",), ("Type",))),
        ("Machines", Design("score", ("Worker",), ("Machine",), replicated=True)),
        ("Oats", Design("yield", ("Block",), ("Variety",), ("nitro",), replicated=True)),
        ("Pastes", Design("strength", ("batch", "cask"), others=(("batch",),))),
        ("Penicillin", Design("diameter", ("plate",), others=(("sample",),))),
        ("sim_subjects_items", Design("rt", ("subj",), (), ("cond",), others=(("item",),))),
        ("cake", Design("angle", ("recipe", "replicate"), within_quantities=("temperature",))),
        ("Orthodont", Design("distance", ("Subject",), within_quantities=("age",))),
        ("Hsb82", Design("mAch", ("school",), within_quantities=("cses",))),
        ("InstEval", Design("y", ("s",), others=(("d",), ("dept",)))),
        ("Dyestuff", Design("Yield", ("Batch",))),
        ("sim_within_subject_factors", Design("y", ("Subj",), ("A", "B", "C"), replicated=True)),
        ("sim_hidden_singular", Design("y", ("g",))),
    ],
)
def test_the_design_of_a_sample_is_guessed(key: str, design: Design) -> None:
    guess = guess_design(load_sample(key))
    assert guess.design == design
    assert guess.missing == ""


def test_each_guess_has_its_reason_in_numbers() -> None:
    guess = guess_design(load_sample("sim_within_subject_factors"))
    assert guess.unit_reason == "Subj has 20 groups of 24 rows; its name says that it tells persons apart."
    assert {c.label: c.reason for c in guess.columns} == {
        "A": "A varies within 20 of 20 Subj, all 3 levels in each, 8 rows per cell.",
        "B": "B varies within 20 of 20 Subj, all 2 levels in each, 12 rows per cell.",
        "C": "C varies within 20 of 20 Subj, all 2 levels in each, 12 rows per cell.",
        "run": "run numbers repeated rows.",
        "rating": (
            "rating varies within 20 of 20 Subj, 23 to 24 values in each; it also differs between Subj."
        ),
    }
    assert replicates(guess.design, load_sample("sim_within_subject_factors")) == (
        True,
        "2 rows per cell of Subj × A × B × C.",
    )


def test_what_is_chosen_replaces_the_guess() -> None:
    table = load_sample("sim_within_subject_factors")
    guess = guess_design(table, response="rating")
    assert guess.design.response == "rating"
    assert "y" in [c.label for c in guess.of(Role.QUANTITY)]
    by_run = guess_design(load_sample("Pastes"), unit=("batch",))
    assert by_run.design.unit == ("batch",)
    # The casks of each batch are its own: another column names each of them.
    assert by_run.design.others == (("batch", "cask"),)


def test_labels_that_mean_the_same_as_the_person_said_are_crossed() -> None:
    pastes = load_sample("Pastes")
    same = frozenset({("batch", "cask")})
    guess = guess_design(pastes, unit=("batch",), same=same)
    assert ("batch", "cask") not in [c.columns for c in guess.units]
    assert guess.design.others == (("cask",), ("sample",))
    assert guess.of(Role.UNIT)[0].reason == (
        "Crossed with batch: its labels mean the same everywhere, as you said."
    )


def test_variables_between_units_are_offered_and_never_ticked() -> None:
    guess = guess_design(load_sample("Orthodont"))
    assert [(c.label, c.ticked, c.reason) for c in guess.of(Role.BETWEEN)] == [
        ("Sex", False, "Sex has one value for each Subject; 2 values in all.")
    ]
    recipe = guess_design(load_sample("cake")).of(Role.BETWEEN)
    assert [(c.label, c.ticked, c.reason) for c in recipe] == [
        ("recipe", False, "Each recipe:replicate belongs to one recipe.")
    ]


def test_a_factor_that_was_found_rather_than_laid_out_is_not_ticked() -> None:
    found = {c.label: c for c in guess_design(load_sample("Hsb82")).of(Role.FACTOR)}
    assert not found["minrty"].ticked
    assert found["minrty"].reason == (
        "minrty varies within 136 of 160 school, 1 to 66 rows per cell; it was hardly laid out "
        "within school. Tick it if it is of interest."
    )


def test_a_rating_beside_two_factors_is_ticked_and_beside_three_is_not() -> None:
    assert guess_design(within_table({"A": 3, "B": 2}, rating=True)).design.within_quantities == ("rating",)
    assert guess_design(within_table({"A": 3, "B": 2, "C": 2}, rating=True)).design.within_quantities == ()


def test_four_factors_at_most_are_ticked() -> None:
    table = within_table({"A": 2, "B": 2, "C": 2, "D": 2, "E": 2}, units=6)
    assert guess_design(table).design.within_factors == ("A", "B", "C", "D")


def test_a_number_that_says_the_same_as_another_is_not_ticked_twice() -> None:
    temp = {c.label: c for c in guess_design(load_sample("cake")).of(Role.QUANTITY)}["temp"]
    assert not temp.ticked
    assert temp.reason.endswith("it says the same as temperature.")


def test_derived_columns_are_offered_but_not_guessed() -> None:
    table = from_frame(
        {
            "Subj": ["a", "a", "b", "b", "c", "c"],
            "x": [1.0, 2, 1, 2, 1, 2],
            "xc": [-0.5, 0.5, -0.5, 0.5, -0.5, 0.5],
            "y": [1.1, 2.3, 3.2, 4.8, 5.9, 6.1],
        },
        "t",
    )
    assert guess_design(table, derived=("xc",)).design.within_quantities == ("x",)


def test_a_table_without_units_says_what_is_missing() -> None:
    guess = guess_design(from_frame({"x": [1.5, 2.25, 3.125], "y": [1.0, 2, 4]}, "plain"))
    assert guess.missing == (
        "No column says which rows belong together: plain needs one whose labels recur over several rows, "
        "such as the person, the batch or the school that each row comes from."
    )
    assert guess.columns == ()


def test_a_table_with_conditions_alone_asks_which_of_them_are_units() -> None:
    table = from_frame({"treatment": ["a", "b"] * 6, "y": [float(k * k) for k in range(12)]}, "t")
    guess = guess_design(table)
    assert guess.design.unit == ()
    assert guess.missing == (
        "No column clearly names the units on which y was measured; choose one if the labels of "
        "treatment do, or set the type of the column that does to id."
    )
    assert guess_design(table, unit=("treatment",)).missing == ""


def test_a_table_without_numbers_says_so() -> None:
    guess = guess_design(from_frame({"Subj": ["a", "a", "b", "b"], "word": ["x", "y", "x", "y"]}, "t"))
    assert guess.missing.startswith("No column holds numbers that could be the response")


def test_labels_that_start_anew_make_a_unit_of_three_columns() -> None:
    rows = [
        (s, c, p, r) for s in range(4) for c in range(3 + s % 2) for p in range(2 + c % 2) for r in range(3)
    ]
    table = from_frame(
        {
            "school": [f"S{r[0]}" for r in rows],
            "class": [r[1] + 1 for r in rows],
            "pupil": [r[2] + 1 for r in rows],
            "score": [float(7 * k % 31) + k / 100 for k in range(len(rows))],
        },
        "t",
    )
    guess = guess_design(table)
    assert guess.design.unit == ("school", "class", "pupil")
    assert guess.design.others == (("school",), ("school", "class"))
