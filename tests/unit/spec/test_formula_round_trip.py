"""Printing and reading are inverse, and no text does anything but parse or raise FormulaError."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from mmgui.errors import FormulaError
from mmgui.spec.expression import quote
from mmgui.spec.formula import formula_spans, parse, parse_random, parse_response, parse_term, print_model
from mmgui.spec.model import ModelSpec
from tests.unit.spec.strategies import formulas

SIGNS = [*"~+-*/^:()|,=`.01 ab", "||", "%in%", "log(", "I(", "poly(", "offset(", "df = ", "TRUE"]

# What random text may run into; anything else is a fault of the strategy or of the parser.
EXPECTED = ("no_effect", "too_many_terms", "number_too_large")


def read(text: str) -> ModelSpec:
    spec, error = attempt(text, partial=True)
    assert error is None or error.code in EXPECTED, error
    assume(spec is not None)
    return spec


def attempt(text: str, *, partial: bool) -> tuple[ModelSpec | None, FormulaError | None]:
    try:
        return parse(text, partial=partial), None
    except FormulaError as error:
        return None, error


def assert_lies_within(error: FormulaError, text: str) -> None:
    where = error.where
    assert 0 <= where.position <= max(len(text) - 1, 0)
    assert where.length >= 1
    assert where.position + where.length <= max(len(text), 1)
    assert error.message.endswith(".")


@settings(deadline=None)
@given(formulas())
def test_a_printed_model_is_read_as_the_same_model(text: str) -> None:
    spec = read(text)
    printed = print_model(spec)
    again = parse(printed, partial=True)
    assert again == spec
    assert print_model(again) == printed


@settings(deadline=None)
@given(formulas())
def test_spans_lie_in_order_within_the_text(text: str) -> None:
    spec = read(text)
    printed = print_model(spec)
    end = 0
    for span in formula_spans(spec):
        assert end <= span.start < span.end <= len(printed)
        end = span.end
        if span.kind == "random":
            part = parse_random(printed[span.start : span.end], partial=True)
            assert part == spec.random[span.index : span.index + len(part)]
        elif span.kind == "response":
            assert parse_response(printed[span.start : span.end]) == spec.response


@settings(deadline=None)
@given(formulas())
def test_each_term_is_read_back_from_its_label(text: str) -> None:
    for term in read(text).fixed:
        assert parse_term(term.label) == (term,)


@settings(deadline=None)
@given(formulas(), st.booleans())
def test_estimation_is_no_part_of_the_text(text: str, reml: bool) -> None:
    spec = replace(read(text), reml=reml, weights="w")
    again = parse(print_model(spec), partial=True)
    assert replace(again, reml=reml, weights="w") == spec
    assert again.reml is True
    assert again.weights is None


@settings(deadline=None)
@given(st.text(min_size=1))
def test_every_name_can_be_written(name: str) -> None:
    (term,) = parse(f"y ~ {quote(name)}").fixed
    assert list(term.columns()) == [name]


@settings(deadline=None)
@given(st.text() | st.lists(st.sampled_from(SIGNS)).map("".join), st.booleans())
def test_any_text_is_read_or_refused_at_a_place_within_it(text: str, partial: bool) -> None:
    _, error = attempt(text, partial=partial)
    if error is not None:
        assert_lies_within(error, text)


@pytest.mark.parametrize("reader", [parse_term, parse_random, parse_response])
@settings(deadline=None)
@example(text="0 0")
@given(text=st.text() | st.lists(st.sampled_from(SIGNS)).map("".join))
def test_any_part_is_read_or_refused_at_a_place_within_it(reader: Callable[[str], object], text: str) -> None:
    try:
        reader(text)
    except FormulaError as error:
        assert_lies_within(error, text)


@settings(deadline=None)
@given(formulas(), st.data())
def test_a_formula_cut_anywhere_is_read_or_refused_within_it(text: str, data: st.DataObject) -> None:
    cut = text[: data.draw(st.integers(0, len(text)))]
    _, error = attempt(cut, partial=False)
    if error is not None:
        assert_lies_within(error, cut)


@pytest.mark.parametrize("value", ["0.1", "0.1234567890123456", "1e-300", "123456789012345678", "1e22"])
def test_numbers_keep_their_value(value: str) -> None:
    spec = parse(f"y ~ I(x * {value})")
    assert parse(print_model(spec)) == spec
