"""The fixed effects as the window lays them out: chips with what was chosen for them, and products."""

from __future__ import annotations

from dataclasses import dataclass

from mmgui.app.coding_choices import coding_words
from mmgui.app.counted import counted
from mmgui.app.term_words import product_name, term_words
from mmgui.spec.derived import DerivedColumn
from mmgui.spec.model import ModelSpec
from mmgui.spec.products import Product, complete_products
from mmgui.spec.terms import INTERCEPT, Term

_FOLDED_FROM = 3
_MOST_TERMS_IN_WORDS = 7
_MOST_LINES = 2
_MOST_LETTERS, _MOST_LETTERS_OF_NAME = 110, 48


@dataclass(frozen=True, slots=True)
class ChipOutline:
    """One chip: its term, what was chosen for it in a word or two, and what its columns are."""

    term: Term
    remark: str
    tip: str


def chip_outlines(spec: ModelSpec, derived: tuple[DerivedColumn, ...]) -> tuple[ChipOutline, ...]:
    """The chips of a model, in the order of the formula, the intercept first."""
    terms = [*([INTERCEPT] if spec.intercept else []), *spec.fixed]
    return tuple(_chip(spec, term, derived) for term in terms)


def foldable(spec: ModelSpec) -> tuple[Product, ...]:
    """The products of so many effects that their interactions are folded into one chip."""
    return tuple(p for p in complete_products(spec.fixed) if len(p.factors) >= _FOLDED_FROM)


def product_words(spec: ModelSpec) -> tuple[str, str]:
    """What the products of a model stand for: as short as there is room for, and in full."""
    products = complete_products(spec.fixed)
    whole = [f"{product_name(p)} stands for {' + '.join(map(term_words, p.terms))}" for p in products]
    short = [
        text
        if len(p.terms) < _MOST_TERMS_IN_WORDS and len(text) <= _MOST_LETTERS
        else f"{_cut(product_name(p))} stands for {counted(len(p.terms), 'term')}"
        for text, p in zip(whole, products, strict=True)
    ]
    if len(short) > _MOST_LINES:
        more = len(short) - _MOST_LINES + 1
        short = [*short[: _MOST_LINES - 1], f"and {counted(more, 'more product')}"]
    return "\n".join(short), "\n".join(whole)


def _cut(name: str) -> str:
    half = _MOST_LETTERS_OF_NAME // 2
    return name if len(name) <= _MOST_LETTERS_OF_NAME else f"{name[:half].rstrip()}…{name[-half:].lstrip()}"


def _chip(spec: ModelSpec, term: Term, derived: tuple[DerivedColumn, ...]) -> ChipOutline:
    remark = coding_words(spec, term.factors[0]) if term.order == 1 else ""
    read = set(term.columns())
    tips = [f"{d.name} = {d.definition}: {d.words}" for d in derived if d.name in read]
    tips += [f"coding: {remark}"] if remark else []
    return ChipOutline(term, remark, "\n".join(tips))
