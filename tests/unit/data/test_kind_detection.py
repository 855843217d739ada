"""Number, category or id: every rule of the import, and the sample tables it must get right."""

from __future__ import annotations

import pytest

from mmgui.data.kinds import names_units, words_of
from mmgui.data.read import read_text
from mmgui.data.samples import load_sample
from mmgui.data.table import Kind

KINDS = {
    "sleepstudy": "Reaction number, Days number, Subject id",
    "Dyestuff": "Batch category, Yield number",
    "Dyestuff2": "Batch category, Yield number",
    "Penicillin": "diameter number, plate id, sample category",
    "Pastes": "strength number, batch category, cask category, sample id",
    "cake": "replicate id, recipe category, temperature number, angle number, temp number",
    "InstEval": "s id, d id, studage number, lectage number, service number, dept id, y number",
    "Machines": "Worker id, Machine category, score number",
    "Oats": "Block category, Variety category, nitro number, yield number",
    "Orthodont": "distance number, age number, Subject id, Sex category",
    "ergoStool": "effort number, Type category, Subject id",
    "Rail": "Rail id, travel number",
    "Hsb82": "school id, minrty category, sx category, ses number, mAch number, meanses number, "
    "sector category, cses number",
    "sim_subjects_items": "item id, subj id, cond number, rt number",
    "sim_within_between": "g category, x number, y number",
    "sim_within_subject_factors": "Subj id, A category, B category, C category, run number, rating number, "
    "y number",
    "sim_hidden_singular": "k number, g id, x1 number, x2 number, x3 number, y number",
    "sim_plots_treatments": "plot id, ttt category, y number",
}


@pytest.mark.parametrize("key", KINDS)
def test_the_columns_of_a_sample_get_their_kinds(key: str) -> None:
    assert ", ".join(f"{c.name} {c.kind}" for c in load_sample(key).columns) == KINDS[key]


def kind_of(name: str, entries: list[object], *, quoted: bool = False) -> Kind:
    mark = '"' if quoted else ""
    lines = [f"{name},z", *(f"{mark}{e}{mark},{i}" for i, e in enumerate(entries))]
    return read_text("\n".join(lines), "t")[name].kind


def test_text_of_few_labels_is_a_category() -> None:
    assert kind_of("treatment", ["a", "b", "c"] * 4) is Kind.CATEGORY


def test_text_of_more_than_twelve_labels_is_an_id() -> None:
    labels = [f"s{i}" for i in range(13)]
    assert kind_of("treatment", labels * 2) is Kind.ID
    assert kind_of("treatment", labels[:12] * 2) is Kind.CATEGORY


def test_text_that_differs_in_every_row_is_an_id() -> None:
    assert kind_of("remark", ["x", "y", "z"]) is Kind.ID


def test_text_under_the_name_of_persons_is_an_id_unless_it_is_yes_or_no() -> None:
    assert kind_of("Subject", ["ann", "bob", "cy"] * 3) is Kind.ID
    assert kind_of("patient", ["yes", "no"] * 3) is Kind.CATEGORY


def test_fractions_make_a_number_whatever_the_name() -> None:
    assert kind_of("subject", [1.5, 2.5, 3.0, 1.5]) is Kind.NUMBER


def test_whole_numbers_under_the_name_of_units_are_ids() -> None:
    for name in ("subject", "Subj", "schoolId", "class_no", "itemNumber", "PARTICIPANT", "plot", "family id"):
        assert kind_of(name, [1, 2, 3] * 3) is Kind.ID, name


def test_amounts_of_units_are_numbers() -> None:
    for name in ("class_size", "n_items", "num_pupil", "schoolSize", "plot.area", "age_of_child", "children"):
        assert kind_of(name, [1, 2, 3] * 3) is Kind.NUMBER, name


def test_an_indicator_under_the_name_of_units_is_a_number() -> None:
    assert kind_of("patient", [0, 1] * 4) is Kind.NUMBER


def test_many_whole_numbers_in_quotes_are_ids_and_few_are_not() -> None:
    assert kind_of("v", list(range(10)) * 2, quoted=True) is Kind.ID
    assert kind_of("v", list(range(9)) * 2, quoted=True) is Kind.NUMBER
    assert kind_of("v", list(range(10)) * 2) is Kind.NUMBER


def test_leading_zeros_make_an_id_with_its_labels_kept() -> None:
    column = read_text("code,y\n007,1\n012,2\n007,3\n", "t")["code"]
    assert column.kind is Kind.ID
    assert column.levels == ("007", "012")
    assert column.values is not None
    assert column.values.tolist() == [7.0, 12.0, 7.0]


def test_numerals_too_long_for_a_number_stay_apart_as_labels() -> None:
    column = read_text("code,y\n12345678901234567890,1\n12345678901234567891,2\n", "t")["code"]
    assert column.kind is Kind.ID
    assert column.levels == ("12345678901234567890", "12345678901234567891")


def test_row_numbers_are_ids() -> None:
    assert kind_of("obs", [1, 2, 3, 4]) is Kind.ID
    assert kind_of("obs", [1, 2, 3, 3]) is Kind.NUMBER
    assert kind_of("time", [1, 2, 3, 4]) is Kind.NUMBER


def test_codes_are_ids_and_scales_are_numbers() -> None:
    assert kind_of("code", [308, 309, 310, 330, 331] * 4) is Kind.ID
    assert kind_of("code", [300, 310, 320, 330, 340] * 4) is Kind.NUMBER  # regular steps
    assert kind_of("IQ", [101, 105, 110, 111, 120] * 4) is Kind.NUMBER  # an amount by name
    assert kind_of("code", [308, 309, 310, 330, 331]) is Kind.NUMBER  # nothing repeats
    assert kind_of("code", [8, 9, 10, 30, 31] * 4) is Kind.NUMBER  # small


def test_a_column_without_entries_is_a_number() -> None:
    column = read_text("a,b\n1,NA\n2,NA\n", "t")["b"]
    assert column.kind is Kind.NUMBER
    assert column.levels == ()
    assert column.missing.all()


def test_words_of_a_name_are_split_at_case_digits_and_marks() -> None:
    assert words_of("schoolCode_2") == ["school", "code"]
    assert words_of("SubjectID") == ["subject", "id"]
    assert words_of("plot.no") == ["plot", "no"]
    assert not names_units("")


def test_whole_numbers_below_zero_are_numbers_under_any_name() -> None:
    """``cage`` for age less its mean, not for an animal's cage."""
    rows = "\n".join(f"{(-3, -1, 1, 3)[k % 4]},{k}" for k in range(40))
    assert read_text(f"cage,y\n{rows}", "made")["cage"].kind is Kind.NUMBER
    labels = "\n".join(f"{k % 4 + 1},{k}" for k in range(40))
    assert read_text(f"cage,y\n{labels}", "made")["cage"].kind is Kind.ID
