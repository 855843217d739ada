"""A variable is transformed, centred, split, multiplied; what the model becomes is given as its formula."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from mmgui.spec import edit, edit_fixed
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.expression import Expression, Name
from mmgui.spec.formula import parse, parse_term, print_model
from mmgui.spec.model import ModelSpec
from mmgui.spec.products import complete_products, product_of
from tests.unit.spec.strategies import NAMES, formulas

OATS = parse("yield ~ nitro * Variety + (1 + nitro | Block) + (1 | Block:Variety)")


def shown(spec: ModelSpec) -> str:
    return print_model(spec)


def test_a_polynomial_takes_the_variables_place_in_interactions_and_slopes() -> None:
    new = edit_fixed.replace_factor(OATS, Name("nitro"), edit_fixed.polynomial("nitro", 2))
    assert shown(new) == ("yield ~ poly(nitro, 2) * Variety + (poly(nitro, 2) | Block) + (1 | Block:Variety)")


def test_the_slopes_can_stay_as_they_are() -> None:
    new = edit_fixed.replace_factor(
        OATS, Name("nitro"), edit_fixed.applied("log1p", "nitro"), in_slopes=False
    )
    assert shown(new) == "yield ~ log1p(nitro) * Variety + (nitro | Block) + (1 | Block:Variety)"


def test_a_replaced_factor_is_a_whole_one() -> None:
    spec = parse("y ~ x + log(x) + (1 | g)")
    assert shown(edit_fixed.replace_factor(spec, Name("x"), Name("z"))) == "y ~ z + log(x) + (1 | g)"
    log_x = edit_fixed.applied("log", "x")
    assert shown(edit_fixed.replace_factor(spec, log_x, Name("x"))) == "y ~ x + (1 | g)"


def test_a_centred_column_takes_the_place_within_polynomials_but_not_within_logarithms() -> None:
    spec = parse("y ~ x + I(x^2) + log(x) + poly(x, 2):f + I(x / 2 - x) + (x | g)")
    new = edit_fixed.replace_column(spec, "x", "x_c")
    assert shown(new) == "y ~ x_c + I(x_c^2) + log(x) + I(x_c/2 - x_c) + poly(x_c, 2):f + (x_c | g)"


def test_response_offset_weights_and_groups_stay() -> None:
    spec = edit.set_weights(parse("x ~ a + offset(x) + (1 | x)"), "x")
    assert edit_fixed.replace_column(spec, "x", "z") == spec


def test_a_column_is_split_into_within_and_between() -> None:
    spec = parse("y ~ x * A + (x | g) + (1 | h)")
    new = edit_fixed.split_column(spec, "x", "x_within_g", "x_mean_g")
    assert shown(new) == (
        "y ~ x_within_g + x_mean_g + A + x_within_g:A + x_mean_g:A + (x_within_g | g) + (1 | h)"
    )
    assert edit_fixed.join_columns(new, ("x_within_g", "x_mean_g"), "x") == spec


def test_splitting_keeps_effects_that_do_not_read_the_column() -> None:
    new = edit_fixed.split_column(parse("y ~ a + x + b"), "x", "w", "m")
    assert shown(new) == "y ~ a + w + m + b"


def test_the_coding_of_a_factor_that_is_no_factor_any_more_goes() -> None:
    spec = edit.set_coding(parse("y ~ factor(x) + f"), Coding("x", Contrast.SUM))
    spec = edit.set_coding(spec, Coding("f", Contrast.HELMERT))
    new = edit_fixed.replace_factor(spec, edit_fixed.applied("factor", "x"), edit_fixed.power("x", 2))
    assert shown(new) == "y ~ I(x^2) + f"
    assert new.codings == (Coding("f", Contrast.HELMERT),)


def test_a_product_has_every_main_effect_and_interaction() -> None:
    product = product_of(*parse_term("a:b"), *parse_term("c"))
    assert product.label == "a * b * c"
    assert [t.label for t in product.terms] == ["a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"]
    assert [t.label for t in product.interactions] == ["a:b", "a:c", "b:c", "a:b:c"]
    spec = edit_fixed.add_product(parse("y ~ c + (1 | g)"), product)
    assert shown(spec) == "y ~ c * a * b + (1 | g)"
    assert shown(edit_fixed.remove_terms(spec, product.interactions)) == "y ~ c + a + b + (1 | g)"


def test_the_largest_complete_products_are_found() -> None:
    def found(formula: str) -> list[str]:
        return [p.label for p in complete_products(parse(formula).fixed)]

    assert found("y ~ a * b") == ["a * b"]
    assert found("y ~ a + b") == []
    assert found("y ~ a + a:b") == []
    assert found("y ~ a * b * c") == ["a * b * c"]
    assert found("y ~ a * b * c - a:b") == ["a * c", "b * c"]
    assert found("y ~ a * b + c * d + e") == ["a * b", "c * d"]
    assert found("y ~ a * b * c + c * d") == ["c * d", "a * b * c"]


def test_a_column_leaves_with_everything_that_reads_it() -> None:
    spec = parse("log(x) ~ x + a + a:x + offset(x) + (a + x | g) + (1 | x/h)")
    spec = edit.set_weights(spec, "x")
    new = edit_fixed.without_column(spec, "x")
    assert new == replace(parse("~ a + (a | g)", partial=True), weights=None)


def test_groups_by_a_combined_column_become_groups_by_its_parts() -> None:
    spec = parse("y ~ 1 + (1 | batch_cask) + (1 | lab:batch_cask)")
    new = edit_fixed.group_by_parts(spec, "batch_cask", ("batch", "cask"))
    assert shown(new) == "y ~ 1 + (1 | batch:cask) + (1 | lab:batch:cask)"


columns = st.sampled_from(NAMES)
expressions = st.builds(edit_fixed.polynomial, columns, st.integers(1, 4))
expressions |= st.builds(edit_fixed.power, columns, st.integers(2, 4))
expressions |= st.builds(edit_fixed.applied, st.sampled_from(["log", "exp", "factor", "scale"]), columns)
expressions |= columns.map(Name)


@settings(max_examples=150, deadline=None)
@given(
    text=formulas(), old=columns, new=expressions, columns=st.tuples(columns, columns), slopes=st.booleans()
)
def test_every_change_is_read_back_from_its_formula(
    text: str, old: str, new: Expression, columns: tuple[str, str], slopes: bool
) -> None:
    spec = parse(text)
    a, b = columns
    changed = [
        edit_fixed.replace_factor(spec, Name(old), new, in_slopes=slopes),
        edit_fixed.replace_column(spec, old, a, in_slopes=slopes),
        edit_fixed.split_column(spec, old, a, b, in_slopes=slopes),
        edit_fixed.join_columns(spec, (a, b), old),
        edit_fixed.without_column(spec, a),
        edit_fixed.group_by_parts(spec, old, (a, b)),
    ]
    for after in changed:
        assert parse(print_model(after), partial=True) == after


@settings(max_examples=100, deadline=None)
@given(text=formulas())
def test_products_are_of_terms_that_are_there(text: str) -> None:
    fixed = parse(text).fixed
    there = {frozenset(t.factors) for t in fixed}
    for product in complete_products(fixed):
        assert all(frozenset(t.factors) in there for t in product.terms)
