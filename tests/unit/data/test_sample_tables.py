"""The sample tables are there, complete, and say what they are."""

from __future__ import annotations

import pytest

from mmgui import resources
from mmgui.data.samples import load_sample, samples
from mmgui.errors import DataError

ROWS = {
    "sleepstudy": 180, "Dyestuff": 30, "Dyestuff2": 30, "Penicillin": 144, "Pastes": 60, "cake": 270,
    "InstEval": 73421, "Machines": 54, "Oats": 72, "Orthodont": 108, "ergoStool": 36, "Rail": 18,
    "Hsb82": 7185, "sim_subjects_items": 384, "sim_within_between": 96, "sim_within_subject_factors": 480,
    "sim_hidden_singular": 96, "sim_plots_treatments": 120,
}  # fmt: skip


def test_every_sample_is_listed_with_a_sentence_a_source_and_formulas() -> None:
    assert {s.key for s in samples()} == set(ROWS)
    for sample in samples():
        assert sample.design.endswith((".", "?"))
        assert sample.source
        assert sample.formulas
        assert sample.simulated == sample.key.startswith("sim_")


@pytest.mark.parametrize("key", ROWS)
def test_a_sample_has_its_rows_and_nothing_missing(key: str) -> None:
    table = load_sample(key)
    assert table.name == key
    assert table.nrows == ROWS[key]
    assert not any(c.missing.any() for c in table.columns)
    assert table.notes == ()


def test_every_file_is_named_in_the_list_of_sources() -> None:
    sources = (resources.sample_data() / "SOURCES.md").read_text(encoding="utf-8")
    for sample in samples():
        assert sample.file in sources


def test_the_formulas_name_columns_of_their_table() -> None:
    for sample in samples():
        names = set(load_sample(sample.key).names)
        for formula in sample.formulas:
            words = formula.replace("~", " ").translate(str.maketrans("|()*+:/", " " * 7)).split()
            assert {w for w in words if not w.isdigit()} <= names, formula


def test_an_unknown_sample_is_refused() -> None:
    with pytest.raises(DataError) as caught:
        load_sample("iris")
    assert caught.value.code == "unknown_sample"
