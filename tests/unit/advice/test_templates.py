"""The structures suggested for a design. Formulas of the templates are those of Chen's page on 3dLMEr."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_designs import within_table

from mmgui.advice import Severity, advise
from mmgui.advice.design_questions import Design, guess_design, with_replicates
from mmgui.advice.suggestion import Suggestion
from mmgui.advice.template_terms import crossed_groups, crossed_terms, fixed_terms
from mmgui.advice.templates import templates
from mmgui.data.derive import with_derived
from mmgui.data.samples import load_sample, samples
from mmgui.data.table import Table
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.derived import Derivation, DerivedColumn
from mmgui.spec.formula import parse, print_model
from mmgui.spec.model import ModelSpec


def offered(table: Table, design: Design | None = None) -> dict[str, Suggestion]:
    design = guess_design(table).design if design is None else design
    return {s.id: s for s in templates(design, table)}


def recommended(table: Table, design: Design | None = None) -> str:
    first, *others = offered(table, design).values()
    assert first.recommended
    assert not any(s.recommended for s in others)
    return print_model(first.spec)


@pytest.mark.parametrize(
    ("table", "template", "formula"),
    [
        (within_table({"A": 3}), "1", "y ~ A + (1 | Subj)"),
        (within_table({"A": 3}, rating=True), "1.A", "y ~ A * rating + (1 + rating | Subj)"),
        (within_table({"A": 3}, rows=4), "1.B", "y ~ A + (1 | Subj) + (1 | A:Subj)"),
        (
            within_table({"A": 3, "B": 2}),
            "2",
            "y ~ A * B + (1 | Subj) + (1 | A:Subj) + (1 | B:Subj)",
        ),
        (
            within_table({"A": 3, "B": 3}, rating=True),
            "2 with a quantity",
            "y ~ A * B * rating + (1 + rating | Subj) + (1 + rating | A:Subj) + (1 + rating | B:Subj)",
        ),
        (
            within_table({"A": 3, "B": 2, "C": 2}),
            "3",
            (
                "y ~ A * B * C + (1 | Subj) + (1 | A:Subj) + (1 | B:Subj) + (1 | C:Subj)"
                " + (1 | A:B:Subj) + (1 | A:C:Subj) + (1 | B:C:Subj)"
            ),
        ),
        (
            within_table({"A": 2, "B": 2}, rows=2),
            "2",
            "y ~ A * B + (1 | Subj) + (1 | A:Subj) + (1 | B:Subj) + (1 | A:B:Subj)",
        ),
        (
            within_table({"A": 2, "B": 2, "C": 2, "D": 2}),
            "beyond 3",
            (
                "y ~ A * B * C * D + (1 | Subj) + (1 | A:Subj) + (1 | B:Subj) + (1 | C:Subj) + (1 | D:Subj)"
                " + (1 | A:B:Subj) + (1 | A:C:Subj) + (1 | A:D:Subj) + (1 | B:C:Subj) + (1 | B:D:Subj)"
                " + (1 | C:D:Subj) + (1 | A:B:C:Subj) + (1 | A:B:D:Subj) + (1 | A:C:D:Subj)"
                " + (1 | B:C:D:Subj)"
            ),
        ),
    ],
)
def test_each_template_of_the_source_is_laid_out(table: Table, template: str, formula: str) -> None:
    found = offered(table)[f"template {template}"]
    assert found.spec == parse(formula)
    assert found.recommended
    assert found.left_out == ()


@pytest.mark.parametrize(
    ("key", "formula", "parameters"),
    [
        ("ergoStool", "effort ~ Type + (1 | Subject)", 2),
        ("Machines", "score ~ Machine + (1 | Worker) + (1 | Machine:Worker)", 3),
        ("Oats", "yield ~ Variety * nitro + (nitro | Block) + (nitro | Variety:Block)", 7),
        ("Pastes", "strength ~ 1 + (1 | batch/cask)", 3),
        ("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", 3),
        ("sim_subjects_items", "rt ~ cond + (cond | subj) + (cond | item)", 7),
        ("sleepstudy", "Reaction ~ Days + (Days | Subject)", 4),
        ("cake", "angle ~ temperature + (temperature | recipe:replicate)", 4),
        ("Dyestuff", "Yield ~ 1 + (1 | Batch)", 2),
        ("InstEval", "y ~ 1 + (1 | s) + (1 | d) + (1 | dept)", 4),
        (
            "sim_within_subject_factors",
            (
                "y ~ A * B * C + (1 | Subj) + (1 | A:Subj) + (1 | B:Subj) + (1 | C:Subj) + (1 | A:B:Subj)"
                " + (1 | A:C:Subj) + (1 | B:C:Subj) + (1 | A:B:C:Subj)"
            ),
            9,
        ),
    ],
)
def test_the_structure_of_a_sample(key: str, formula: str, parameters: int) -> None:
    table = load_sample(key)
    assert recommended(table) == formula
    assert next(iter(offered(table).values())).parameters == parameters


@pytest.mark.parametrize("key", [s.key for s in samples()])
def test_nothing_is_offered_that_the_advice_calls_impossible(key: str) -> None:
    table = load_sample(key)
    for suggestion in offered(table).values():
        found = advise(suggestion.spec, with_derived(table, suggestion.derived))
        errors = [f.id for f in found if f.severity is Severity.ERROR]
        assert bool(errors) == bool(suggestion.blocked), (suggestion.id, errors)


def test_the_alternatives_stand_beside_the_template_with_those_who_hold_them() -> None:
    found = offered(load_sample("Machines"))
    assert {k: print_model(s.spec) for k, s in found.items()} == {
        "template 1.B": "score ~ Machine + (1 | Worker) + (1 | Machine:Worker)",
        "maximal": "score ~ Machine + (Machine | Worker)",
        "intercepts": "score ~ Machine + (1 | Worker)",
    }
    assert "Barr et al. (2013) advise it" in found["maximal"].reasons[0]
    assert "Bates et al. (2015) and Matuschek et al. (2017) warn" in found["maximal"].cautions[0]
    assert found["maximal"].parameters == 7
    assert found["intercepts"].cautions[0].startswith("Barr et al. (2013) warn")


def test_slopes_can_be_left_aside_where_a_quantity_is_adjusted_for() -> None:
    found = offered(load_sample("Oats"))["no slopes"]
    # The textbook's split plot.
    assert print_model(found.spec) == "yield ~ Variety * nitro + (1 | Block) + (1 | Variety:Block)"


def test_the_maximal_structure_is_reduced_to_what_the_rows_can_tell() -> None:
    found = offered(within_table({"A": 3, "B": 2}))["maximal"]
    # All six cells of a Subj would be as many effects as it has rows.
    assert found.spec == parse("y ~ A * B + (A + B | Subj)")
    assert "A:B" in found.left_out[0]
    assert found.blocked == ""


def test_a_maximal_structure_beyond_reason_is_told_of_but_not_laid_out() -> None:
    table = within_table({"A": 2, "B": 2, "C": 2, "D": 2, "E": 2}, units=6)
    design = Design("y", ("Subj",), ("A", "B", "C", "D", "E"))
    found = offered(table, design)
    assert list(found) == ["template beyond 3", "intercepts"]
    assert len(found["template beyond 3"].spec.random) == 31
    # 32 effects make 32 * 33 / 2 = 528 variances and covariances, and the residual variance one more.
    assert any("would have 529 variances and covariances" in c for c in found["template beyond 3"].cautions)


def test_a_structure_that_comes_to_the_same_is_named_not_repeated() -> None:
    found = offered(load_sample("ergoStool"))
    assert list(found) == ["template 1"]
    assert "these rows cannot tell apart" in " ".join(found["template 1"].reasons)
    sleep = offered(load_sample("sleepstudy"))
    assert list(sleep) == ["template slopes", "intercepts"]
    assert (
        "It is also the maximal structure that Barr et al. (2013) advise." in sleep["template slopes"].reasons
    )


def test_variables_between_units_enter_only_when_ticked() -> None:
    table = load_sample("Orthodont")
    design = guess_design(table).design
    assert recommended(table, design) == "distance ~ age + (age | Subject)"
    with_sex = replace(design, between=("Sex",))
    assert recommended(table, with_sex) == "distance ~ age + Sex + (age | Subject)"
    crossed = replace(with_sex, interactions=(("Sex", "age"),))
    assert recommended(table, crossed) == "distance ~ age * Sex + (age | Subject)"
    # The interaction goes with the variable.
    assert recommended(table, replace(crossed, between=())) == "distance ~ age + (age | Subject)"


def test_quantities_are_centred_within_the_levels_on_demand() -> None:
    table = within_table({"A": 3}, rating=True)
    design = guess_design(table).design
    plain = offered(table, design)["template 1.A"]
    assert plain.derived == ()
    assert plain.cautions[0] == "Levels of A are compared at rating = 0; centre rating if zero means nothing."
    centred = offered(table, replace(design, centred=True))["template 1.A"]
    assert centred.derived == (DerivedColumn("rating_within_A", Derivation.CENTER, "rating", ("A",)),)
    assert print_model(centred.spec) == "y ~ A * rating_within_A + (rating_within_A | Subj)"
    assert any("rating less its mean in each A" in r for r in centred.reasons)


def test_a_centred_column_that_is_there_is_used_again() -> None:
    table = within_table({"A": 3}, rating=True)
    design = replace(guess_design(table).design, centred=True)
    made = DerivedColumn("rating_within_A", Derivation.CENTER, "rating", ("A",))
    found = templates(design, with_derived(table, (made,)), None, (made,))[0]
    assert found.derived == ()
    assert print_model(found.spec) == "y ~ A * rating_within_A + (rating_within_A | Subj)"


def test_a_quantity_gets_no_slope_where_it_does_not_vary() -> None:
    table = within_table({"A": 3, "B": 2}, rating=True)
    constant = with_derived(table, (DerivedColumn("level", Derivation.MEAN, "rating", ("Subj", "A")),))
    design = with_replicates(Design("y", ("Subj",), ("A", "B"), ("level",)), constant)
    found = templates(design, constant)[0]
    assert found.spec == parse("y ~ A * B * level + (level | Subj) + (1 | A:Subj) + (level | B:Subj)")
    assert "level hardly varies within A:Subj: no slope there." in found.reasons


def test_units_crossed_with_the_unit_get_their_own_crossings() -> None:
    table = within_table({"word": 8, "task": 2})
    design = Design("y", ("Subj",), ("task",), others=(("word",),), replicated=True)
    assert recommended(table, design) == (
        "y ~ task + (1 | Subj) + (1 | task:Subj) + (1 | word) + (1 | task:word)"
    )


def test_nested_chains_are_laid_out_from_the_largest_unit() -> None:
    rows = [(b, c, d) for b in "ABCDE" for c in "xyz" for d in "12" for _ in range(2)]
    from mmgui.data.frame import from_frame

    table = from_frame(
        {
            "batch": [r[0] for r in rows],
            "cask": [r[1] for r in rows],
            "sample": [r[2] for r in rows],
            "y": [float(13 * k % 37) for k in range(len(rows))],
        },
        "t",
    )
    design = Design("y", ("batch", "cask", "sample"), others=(("batch",), ("batch", "cask")))
    assert recommended(table, design) == "y ~ 1 + (1 | batch/cask/sample)"


def test_estimation_weights_contrasts_and_a_transformed_response_stay() -> None:
    table = load_sample("Machines")
    base = replace(
        parse("log(score) ~ 1"),
        reml=False,
        codings=(Coding("Machine", Contrast.SUM), Coding("Other", Contrast.SUM)),
    )
    spec = templates(guess_design(table, "score").design, table, base)[0].spec
    assert print_model(spec).startswith("log(score) ~ Machine")
    assert (spec.reml, spec.codings) == (False, (Coding("Machine", Contrast.SUM),))


def test_a_design_without_response_or_unit_or_with_too_many_factors_has_no_structure() -> None:
    table = load_sample("Machines")
    assert templates(Design(), table) == ()
    assert templates(Design("score"), table) == ()
    seven = tuple("ABCDEFG")
    assert templates(Design("score", ("Worker",), seven), table) == ()


names = st.lists(st.sampled_from([*"ABCDEFGH"]), unique=True, max_size=8).map(tuple)


@given(names, st.booleans())
def test_a_unit_is_crossed_with_every_proper_subset_and_with_all_where_replicated(
    factors: tuple[str, ...], replicated: bool
) -> None:
    groups = crossed_groups(factors, replicated=replicated)
    whole = 2 ** len(factors)
    assert len(groups) == (whole if replicated or not factors else whole - 1)
    assert len({frozenset(g) for g in groups}) == len(groups)
    assert groups[0] == ()
    assert (factors in groups) == (replicated or not factors)
    assert [len(g) for g in groups] == sorted(len(g) for g in groups)


@settings(max_examples=60)
@given(names.filter(lambda n: len(n) <= 5), st.booleans(), st.booleans())
def test_a_generated_structure_reads_back_from_its_own_formula(
    factors: tuple[str, ...], replicated: bool, sloped: bool
) -> None:
    quantities = ("x",) if sloped else ()
    random = crossed_terms(("Subj",), factors, replicated=replicated, slopes=lambda _: quantities)
    spec = ModelSpec(parse("y ~ 1").response, True, fixed_terms(factors, quantities, (), ()), random)
    assert parse(print_model(spec)) == spec
    product = " * ".join((*factors, *quantities)) or "1"
    assert parse(f"y ~ {product}").fixed == spec.fixed
