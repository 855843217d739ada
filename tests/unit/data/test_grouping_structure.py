"""How all grouping factors of a table lie, and what a unit holds: literal numbers and a plain definition."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmgui.data.frame import from_frame
from mmgui.data.grouping import Variation
from mmgui.data.relation import RelationKind
from mmgui.data.samples import load_sample
from mmgui.data.structure import cells_in_unit, grouping_candidates, grouping_facts, unit_facts
from mmgui.errors import DataError


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("Pastes", ("batch", "cask", "sample")),
        ("Penicillin", ("plate", "sample")),
        ("Oats", ("Block", "Variety", "nitro")),
        ("sleepstudy", ("Days", "Subject")),
        ("Orthodont", ("age", "Subject", "Sex")),
        ("Dyestuff", ("Batch",)),
        ("Hsb82", ("school", "minrty", "sx", "sector")),
        # Ratings of 1 to 5 are no groups, nor are ages that are not met equally often.
        ("InstEval", ("s", "d", "studage", "service", "dept")),
        ("sim_within_subject_factors", ("Subj", "A", "B", "C", "run")),
    ],
)
def test_what_can_define_groups(key: str, names: tuple[str, ...]) -> None:
    assert grouping_candidates(load_sample(key)) == names


def test_measurements_rows_of_their_own_and_constants_define_no_groups() -> None:
    table = from_frame(
        {
            "row": [f"r{k}" for k in range(40)],
            "one": ["same"] * 40,
            "weight": [50.0 + (k * k % 31) / 7 for k in range(40)],
            "site": [1 + k // 3 for k in range(40)],
            "dose": [(0.0, 0.5, 1.0, 2.5)[k % 4] for k in range(40)],
        },
        "t",
    )
    assert grouping_candidates(table) == ("site", "dose")
    assert grouping_candidates(table, ("site",)) == ("dose",)


def test_every_pair_of_pastes() -> None:
    facts = grouping_facts(load_sample("Pastes"))
    assert [(r.a, r.b, str(r.kind), r.cells, r.empty) for r in facts.pairs] == [
        ("batch", "cask", "implicitly nested", 30, 0),
        ("batch", "sample", "nested", 30, 270),
        ("cask", "sample", "nested", 30, 60),
    ]
    assert [f.groups for f in facts.factors] == [10, 3, 30]
    assert facts.pair("sample", "batch") is facts.pairs[1]
    assert facts.pair("batch", "nowhere") is None
    assert facts.chains() == (("batch", "sample"), ("cask", "sample"))


def test_the_cells_of_penicillin_are_full_and_without_replicates() -> None:
    found = grouping_facts(load_sample("Penicillin")).pair("plate", "sample")
    assert found is not None
    assert (found.kind, found.cells, found.empty) == (RelationKind.CROSSED, 144, 0)
    assert (found.balanced, found.unreplicated) == (True, True)


def test_students_and_lecturers_meet_in_few_of_their_cells() -> None:
    facts = grouping_facts(load_sample("InstEval"))
    found = facts.pair("s", "d")
    assert found is not None
    assert (found.kind, found.cells, found.empty) == (RelationKind.PARTIALLY_CROSSED, 73421, 3278995)
    assert found.unreplicated
    assert facts.chains() == (("studage", "s"), ("dept", "d"))
    # table(InstEval$s, InstEval$dept), its entries above 0, in R
    found = facts.pair("s", "dept")
    assert found is not None
    assert (found.cells, found.cell_minimum, found.cell_median, found.cell_maximum) == (16246, 1, 2, 57)


def test_a_chain_leaves_out_no_link() -> None:
    rows = [(f"s{i // 8}", f"c{i // 4}", f"p{i // 2}") for i in range(32)]
    table = from_frame({n: [r[k] for r in rows] for k, n in enumerate(("school", "room", "child"))}, "t")
    assert grouping_facts(table).chains() == (("school", "room", "child"),)


def test_a_split_plot_seen_from_its_blocks() -> None:
    # Oats: 6 blocks x 3 varieties x 4 amounts of nitrogen, one row each.
    facts = unit_facts(load_sample("Oats"), "Block")
    assert (facts.label, facts.sizes.groups, facts.sizes.balanced) == ("Block", 6, True)
    assert facts.within_factors == ("Variety",)
    assert facts.within_quantities == ("nitro", "yield")
    variety, nitro = facts.column("Variety"), facts.column("nitro")
    assert variety is not None
    assert nitro is not None
    assert (variety.variation, variety.varying, variety.groups, variety.complete) == (
        Variation.WITHIN, 6, 6, True,
    )  # fmt: skip
    assert (variety.distinct, variety.distinct_minimum, variety.distinct_maximum) == (3, 3, 3)
    assert (variety.cells.cells, variety.cells.minimum, variety.cells.maximum) == (18, 4, 4)
    assert (nitro.distinct, nitro.cells.minimum, nitro.cells.replicated) == (4, 3, 6)
    plots = unit_facts(load_sample("Oats"), ("Block", "Variety"))
    assert (plots.label, plots.sizes.groups) == ("Block:Variety", 18)
    nitro = plots.column("nitro")
    assert nitro is not None
    assert (nitro.cells.cells, nitro.cells.maximum, nitro.cells.unreplicated) == (72, 1, True)


def test_factors_within_subjects_and_their_replicates() -> None:
    # sample_data/SOURCES.md: 20 subjects x A (3) x B (2) x C (2) x 2 runs.
    facts = unit_facts(load_sample("sim_within_subject_factors"), "Subj")
    assert facts.within_factors == ("A", "B", "C")
    assert [(c.label, c.levels, c.cells, c.minimum, c.maximum) for c in facts.combinations] == [
        ("A:B", 6, 120, 4, 4),
        ("A:C", 6, 120, 4, 4),
        ("B:C", 4, 80, 6, 6),
        ("A:B:C", 12, 240, 2, 2),
    ]
    every = facts.cells("C", "A", "B")
    assert every is not None
    assert every.complete
    assert every.crossed
    assert every.balanced
    assert not every.unreplicated


def test_what_lies_between_the_units() -> None:
    facts = unit_facts(load_sample("Hsb82"), "school")
    assert facts.between == ("meanses", "sector")
    sector = facts.column("sector")
    assert sector is not None
    assert (sector.variation, sector.varying, sector.distinct_maximum) == (Variation.BETWEEN, 0, 1)
    assert facts.column("school") is None
    samples = unit_facts(load_sample("Pastes"), "batch")
    assert samples.within_ids == ("sample",)
    sample, cask = samples.column("sample"), samples.column("cask")
    assert sample is not None
    assert cask is not None
    assert (sample.nested, cask.nested, cask.complete) == (True, False, True)


def test_students_meet_different_departments() -> None:
    found = unit_facts(load_sample("InstEval"), "s").column("dept")
    assert found is not None
    # tapply(InstEval$dept, InstEval$s, function(v) length(unique(v))) in R
    assert (found.distinct_minimum, found.distinct_median, found.distinct_maximum, found.varying) == (
        1, 5, 13, 2892,
    )  # fmt: skip
    assert not found.complete


def test_facts_are_worked_out_once_a_table() -> None:
    table = load_sample("Pastes")
    assert grouping_facts(table) is grouping_facts(table)
    assert unit_facts(table, "batch") is unit_facts(table, ("batch",))


def test_a_column_that_shares_no_row_with_another_is_left_out() -> None:
    table = from_frame({"g": ["a", "a", None, None], "h": [None, None, "x", "x"], "k": list("ppqq")}, "t")
    assert [(r.a, r.b) for r in grouping_facts(table, ("g", "h", "k")).pairs] == [("g", "k"), ("h", "k")]
    assert [c.name for c in unit_facts(table, "g").columns] == ["k"]
    with pytest.raises(DataError) as caught:
        cells_in_unit(table, "g", "h")
    assert caught.value.code == "no_rows"


Entry = st.one_of(st.none(), st.sampled_from("abcd"))
Rows = st.lists(st.tuples(Entry, Entry, Entry, Entry), min_size=2, max_size=30).filter(
    lambda rows: all(any(row[k] is not None for row in rows) for k in range(4))
)
NAMES = ("g", "h", "k", "m")


@given(Rows)
def test_pairs_agree_with_counting_row_by_row(rows: list[tuple[str | None, ...]]) -> None:
    table = from_frame({n: [r[k] for r in rows] for k, n in enumerate(NAMES)}, "t")
    facts = grouping_facts(table, NAMES)
    for (i, a), (j, b) in combinations(enumerate(NAMES), 2):
        cells = Counter((r[i], r[j]) for r in rows if r[i] is not None and r[j] is not None)
        found = facts.pair(a, b)
        if not cells:
            assert found is None
            continue
        assert found is not None
        firsts, seconds = {x for x, _ in cells}, {y for _, y in cells}
        assert (found.levels_a, found.levels_b, found.cells, found.rows) == (
            len(firsts), len(seconds), len(cells), sum(cells.values()),
        )  # fmt: skip
        assert found.empty == sum(pair not in cells for pair in product(firsts, seconds))
        sizes = list(cells.values())
        assert (found.cell_minimum, found.cell_median, found.cell_maximum) == (
            min(sizes), median(sizes), max(sizes),
        )  # fmt: skip
        assert (found.balanced, found.unreplicated) == (len(set(sizes)) == 1, max(sizes) == 1)


@given(Rows, st.sampled_from([("g",), ("g", "h")]))
def test_a_unit_agrees_with_counting_row_by_row(
    rows: list[tuple[str | None, ...]], unit: tuple[str, ...]
) -> None:
    table = from_frame({n: [r[k] for r in rows] for k, n in enumerate(NAMES)}, "t")
    groups = [None if None in r[: len(unit)] else r[: len(unit)] for r in rows]
    if not any(groups):
        return
    facts = unit_facts(table, unit)
    for k in range(len(unit), len(NAMES)):
        cells = Counter((g, r[k]) for g, r in zip(groups, rows, strict=True) if g and r[k] is not None)
        found = facts.column(NAMES[k])
        if not cells:
            assert found is None
            continue
        assert found is not None
        values: dict[object, set[str | None]] = {}
        for g, value in cells:
            values.setdefault(g, set()).add(value)
        meets = Counter(value for _, value in cells)
        per_group = [len(v) for v in values.values()]
        assert (found.groups, found.distinct) == (len(values), len(meets))
        assert found.varying == sum(n > 1 for n in per_group)
        assert (found.variation is Variation.BETWEEN) == (max(per_group) == 1)
        assert (found.distinct_minimum, found.distinct_median, found.distinct_maximum) == (
            min(per_group), median(per_group), max(per_group),
        )  # fmt: skip
        assert found.complete == all(v == set(meets) for v in values.values())
        assert found.nested == (max(meets.values()) == 1)
        assert (found.cells.cells, found.cells.minimum, found.cells.median, found.cells.maximum) == (
            len(cells), min(cells.values()), median(cells.values()), max(cells.values()),
        )  # fmt: skip
        assert found.cells.replicated == len({g for (g, _), n in cells.items() if n > 1})


@given(st.lists(st.tuples(*[st.sampled_from("ab")] * 4), min_size=2, max_size=30))
def test_combinations_agree_with_counting_row_by_row(rows: list[tuple[str, ...]]) -> None:
    table = from_frame({n: [r[k] for r in rows] for k, n in enumerate(NAMES)}, "t")
    facts = unit_facts(table, "g")
    for combination in facts.combinations:
        places = [NAMES.index(name) for name in combination.factors]
        cells = Counter((r[0], tuple(r[k] for k in places)) for r in rows)
        levels = {level for _, level in cells}
        assert (combination.cells, combination.levels) == (len(cells), len(levels))
        assert combination.possible == 2 ** len(places) or any(len({r[k] for r in rows}) == 1 for k in places)
        assert combination.complete == (set(cells) == set(product({r[0] for r in rows}, levels)))
        assert (combination.minimum, combination.maximum) == (min(cells.values()), max(cells.values()))
