"""What the mouse does to a model; each result is given as its formula."""

from dataclasses import replace

import pytest

from mmgui.spec import edit
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.expression import Name
from mmgui.spec.formula import parse, print_model
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import INTERCEPT, Covariance, Term, interaction, variable

DAYS, SEX = variable("Days"), variable("Sex")
LADDER = parse("Reaction ~ Days + (Days | Subject)")


def shown(spec: ModelSpec) -> str:
    return print_model(spec)


def test_the_sleepstudy_model_is_built_from_nothing() -> None:
    spec = edit.set_response(ModelSpec(), "Reaction")
    spec = edit.add_fixed(spec, DAYS)
    spec = edit.add_grouping(spec, ("Subject",))
    assert shown(spec) == "Reaction ~ Days + (1 | Subject)"
    spec = edit.add_slope(spec, 0, DAYS)
    assert spec == LADDER
    spec = edit.set_covariance(spec, 0, Covariance.DIAGONAL)
    assert shown(spec) == "Reaction ~ Days + (Days || Subject)"


def test_response_is_taken_away_and_may_be_a_transformation() -> None:
    assert shown(edit.set_response(LADDER, None)) == "~ Days + (Days | Subject)"
    logged = edit.set_response(LADDER, parse("log(Reaction) ~ 1").response)
    assert shown(logged) == "log(Reaction) ~ Days + (Days | Subject)"


def test_fixed_effects_are_added_once_and_sorted() -> None:
    spec = edit.add_fixed(parse("y ~ Sex"), interaction("Days", "Sex"), DAYS, SEX)
    assert shown(spec) == "y ~ Sex * Days"


def test_the_intercept_is_a_term_like_others() -> None:
    without = edit.remove_fixed(LADDER, INTERCEPT)
    assert shown(without) == "Reaction ~ 0 + Days + (Days | Subject)"
    assert without == edit.set_intercept(LADDER, False)
    assert edit.add_fixed(without, INTERCEPT) == LADDER


def test_removing_a_main_effect_keeps_its_interactions() -> None:
    spec = edit.remove_fixed(parse("y ~ Days * Sex"), DAYS)
    assert shown(spec) == "y ~ Sex + Sex:Days"


def test_an_interaction_is_removed_however_it_is_written() -> None:
    assert shown(edit.remove_fixed(parse("y ~ a * b"), interaction("b", "a"))) == "y ~ a + b"


def test_dropping_one_effect_on_another_makes_their_product() -> None:
    assert shown(edit.add_interaction(parse("y ~ Days"), DAYS, SEX)) == "y ~ Days * Sex"
    alone = edit.add_interaction(parse("y ~ 1"), DAYS, SEX, with_main=False)
    assert shown(alone) == "y ~ Days:Sex"
    assert edit.add_interaction(parse("y ~ Days"), DAYS, DAYS) == parse("y ~ Days")


def test_random_terms_are_added_changed_and_removed() -> None:
    spec = edit.add_grouping(LADDER, ("Lab", "Room"))
    assert shown(spec) == "Reaction ~ Days + (Days | Subject) + (1 | Lab:Room)"
    spec = edit.set_grouping(spec, 1, ("Lab",))
    assert shown(spec) == "Reaction ~ Days + (Days | Subject) + (1 | Lab)"
    assert shown(edit.remove_random(spec, 0)) == "Reaction ~ Days + (1 | Lab)"


def test_unticking_everything_leaves_an_empty_card() -> None:
    spec = edit.remove_slope(edit.set_random_intercept(LADDER, 0, False), 0, DAYS)
    assert shown(spec) == "Reaction ~ Days + (0 | Subject)"
    assert shown(edit.add_slope(spec, 0, INTERCEPT)) == "Reaction ~ Days + (1 | Subject)"
    assert edit.remove_slope(spec, 0, INTERCEPT) == spec


def test_a_term_left_with_one_effect_is_unstructured() -> None:
    spec = edit.remove_slope(parse("y ~ (x || g)"), 0, variable("x"))
    assert spec == parse("y ~ (1 | g)")
    assert edit.set_covariance(spec, 0, Covariance.DIAGONAL) == spec


def test_nesting_divides_the_groups_and_keeps_the_effects() -> None:
    spec = edit.nest(parse("y ~ (x | a) + (1 | h)"), 0, "b")
    assert shown(spec) == "y ~ 1 + (x | a/b) + (1 | h)"
    assert shown(edit.nest(spec, 1, "c")) == "y ~ 1 + (x | a/b/c) + (1 | h)"
    assert edit.nest(spec, 1, "b") == spec


def test_nested_terms_come_apart_and_together_with_their_effects() -> None:
    nested = parse("y ~ 1 + (1 | a/b)")
    apart = edit.add_slope(nested, 0, variable("x"))
    assert shown(apart) == "y ~ 1 + (x | a) + (1 | a:b)"
    assert shown(edit.remove_slope(apart, 0, variable("x"))) == "y ~ 1 + (1 | a/b)"


def test_a_nested_term_left_alone_is_no_longer_joined() -> None:
    alone = edit.remove_random(parse("y ~ (1 | a/b)"), 0)
    assert shown(alone) == "y ~ 1 + (1 | a:b)"
    assert not alone.random[0].joined


@pytest.mark.parametrize("index", [-1, 1, 5])
def test_an_index_of_no_random_term_is_refused(index: int) -> None:
    with pytest.raises(IndexError, match="no random term"):
        edit.add_slope(LADDER, index, SEX)


def test_estimation_and_weights_outlive_a_typed_formula() -> None:
    spec = edit.set_weights(edit.set_reml(LADDER, False), "n")
    typed = edit.with_formula(spec, "Reaction ~ 1 + (1 | Subject)")
    assert (typed.reml, typed.weights) == (False, "n")
    assert shown(typed) == "Reaction ~ 1 + (1 | Subject)"


def test_offsets_are_added_once() -> None:
    spec = edit.add_offset(edit.add_offset(LADDER, Name("z")), Name("z"))
    assert shown(spec) == "Reaction ~ Days + offset(z) + (Days | Subject)"
    assert edit.remove_offset(spec, Name("z")) == LADDER


def test_a_renamed_column_is_renamed_wherever_it_is_read() -> None:
    spec = edit.set_weights(parse("I(a + 1) ~ log(-a):b + b + (a | a/b)"), "a")
    renamed = edit.rename_column(spec, "a", "my a")
    assert shown(renamed) == "I(`my a` + 1) ~ b + b:log(-`my a`) + (`my a` | `my a`/b)"
    assert renamed.weights == "my a"


def test_columns_renamed_to_one_become_one_effect() -> None:
    assert shown(edit.rename_column(parse("y ~ a * b + (1 | a:b)"), "b", "a")) == "y ~ a + (1 | a)"


def test_a_term_of_several_expressions_is_added_whole() -> None:
    spec = edit.add_fixed(parse("y ~ a"), Term((Name("b"), Name("c"), Name("a"))))
    assert shown(spec) == "y ~ a + a:b:c"


def coded(text: str, *codings: Coding) -> ModelSpec:
    return replace(parse(text), codings=codings)


SUM = Coding("f", Contrast.SUM)
SECOND = Coding("g", Contrast.TREATMENT, "b")


def test_a_coding_takes_the_place_of_the_one_before_in_the_order_of_columns() -> None:
    spec = edit.set_coding(edit.set_coding(parse("y ~ f * g"), SECOND), SUM)
    assert spec.codings == (SUM, SECOND)
    other = Coding("g", Contrast.HELMERT)
    assert edit.set_coding(spec, other).codings == (SUM, other)


def test_the_usual_coding_is_no_choice() -> None:
    spec = edit.set_coding(coded("y ~ f", SUM), Coding("f"))
    assert spec == parse("y ~ f")
    assert edit.remove_coding(coded("y ~ f", SUM), "f") == parse("y ~ f")


def test_taking_a_factor_out_of_every_effect_drops_its_coding() -> None:
    spec = coded("y ~ f + f:x + g + (f | s)", SUM, SECOND)
    without = edit.remove_fixed(edit.remove_fixed(spec, Term((Name("f"),))), Term((Name("f"), Name("x"))))
    assert without.codings == (SUM, SECOND)
    assert edit.remove_random(without, 0).codings == (SECOND,)
    assert edit.remove_slope(without, 0, Term((Name("f"),))).codings == (SECOND,)
    assert edit.with_formula(spec, "y ~ factor(f) + x").codings == (SUM,)
    assert edit.with_formula(spec, "y ~ x").codings == ()


def test_renaming_a_factor_carries_its_coding() -> None:
    spec = coded("y ~ f + g", SUM, SECOND)
    assert edit.rename_column(spec, "g", "a").codings == (Coding("a", Contrast.TREATMENT, "b"), SUM)
    assert edit.rename_column(spec, "g", "f").codings == (SUM,)
