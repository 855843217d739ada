"""Hundreds of steps taken at random: formula, cards, chips and document agree after each; undo leads back."""

from __future__ import annotations

import random

import pytest

from mmgui.app.formula_text import read_formula
from mmgui.app.model_builder import ModelBuilder, term_of
from mmgui.app.model_outline import outline
from mmgui.data.read import read_text
from mmgui.data.table import Kind, Table
from mmgui.figures.covariance_words import covariance_name
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import INTERCEPT, Covariance
from tests.qt.panes.driver import Panes, settle

STEPS = 250


def _awkward() -> Table:
    header = '"weird name","a:b","x|y","p+q","naïve ""quote""",日本,"(1 | g)",`tick`'
    rows = [
        f"{i * 1.5},{'uv'[i % 2]},{i % 4},{i % 3},{'AB'[i // 6 % 2]},g{i // 3},{i * 7 % 5},{'xyz'[i % 3]}"
        for i in range(36)
    ]
    return read_text("\n".join([header, *rows]) + "\n", "awkward")


def _table(key: str) -> Table:
    from mmgui.data.samples import load_sample

    return _awkward() if key == "awkward" else load_sample(key)


def _act(panes: Panes, builder: ModelBuilder, dice: random.Random) -> None:
    draft, table = builder.draft, panes.store.table()
    name = dice.choice(table.names)
    cards = range(len(draft.random))
    kinds = ["response", "fixed", "grouping", "nested", "intercept", "reml", "kind", "text", "undo"]
    if len(draft.fixed) > 6:
        kinds = ["unfix", "undo"]
    elif len(cards) > 4:
        kinds = ["remove", "undo"]
    elif draft.fixed:
        kinds += ["unfix", "interact", "chip"]
    if 0 < len(cards) <= 4:
        kinds += ["slope", "slope", "noslope", "nest", "card", "covariance", "random intercept", "remove"]
    index = dice.choice(cards) if cards else 0
    match dice.choice(kinds):
        case "response":
            builder.use_as_response(name)
        case "fixed":
            panes.drop_variable(name, panes.control("fixedTermsView"))
        case "unfix":
            builder.remove_fixed(dice.choice(draft.fixed))
        case "interact":
            builder.add_interaction(dice.choice(draft.fixed), term_of(name))
        case "chip":
            chip = dice.choice(panes.model._fixed.chips())
            panes.drop_variable(name, chip)
        case "grouping":
            panes.drop_variable(name, panes.control("randomTermsView"))
        case "nested":
            builder.add_nested(tuple(dice.sample(table.names, 2)))
        case "intercept":
            builder.set_intercept(not draft.intercept)
        case "slope":
            panes.drop_variable(name, panes.card(index))
        case "noslope":
            slopes = draft.random[index].slopes
            if slopes:
                builder.remove_slope(index, dice.choice(slopes))
        case "nest":
            builder.nest(index, name)
        case "card":
            builder.add_slope(index, dice.choice([*draft.fixed, term_of(name)]))
        case "covariance":
            builder.set_covariance(index, dice.choice(list(Covariance)))
        case "random intercept":
            panes.click("interceptCheck", panes.card(index))
        case "remove":
            builder.remove_random(index)
        case "reml":
            builder.set_estimation(not draft.reml)
        case "kind":
            panes.data._set_kind(name, dice.choice(list(Kind)))
        case "text":
            panes.model._formula.edit.setText(panes.formula or "~ 1")
        case "undo":
            panes.store.undo_stack.undo() if panes.store.undo_stack.index() > 1 else None


def _check(panes: Panes) -> None:
    draft, table = panes.store.document.draft, panes.store.table()
    text = panes.model._formula.edit.text()
    # "~ 1" may stand as typed for a model in which nothing is chosen.
    assert text == panes.formula or (text, panes.formula) == ("~ 1", "")
    assert (read_formula(text, draft, table) if text else draft) == draft
    assert [c.term for c in panes.model._fixed.chips()] == [
        *([INTERCEPT] if draft.intercept else []),
        *draft.fixed,
    ]
    cards = panes.shown_cards()
    assert [(g, i, c) for g, i, _, c in cards] == [
        (
            r.grouping.label,
            r.intercept,
            covariance_name(r.covariance),
        )
        for r in draft.random
    ]
    for shown, term in zip(cards, draft.random, strict=True):
        ticked = [s.label for s in term.slopes]
        assert sorted(map(_sorted_factors, shown[2])) == sorted(map(_sorted_factors, ticked))
    assert len(outline(draft, table)) == len(cards)


def _sorted_factors(label: str) -> str:
    return "".join(sorted(label))


@pytest.mark.parametrize(("key", "seed"), [("Oats", 1), ("sleepstudy", 2), ("Machines", 3), ("awkward", 4)])
def test_after_every_step_all_views_agree_and_undo_leads_back(panes: Panes, key: str, seed: int) -> None:
    panes.open_table(_table(key))
    builder, dice = ModelBuilder(panes.store), random.Random(seed)
    for _ in range(STEPS):
        _act(panes, builder, dice)
        _check(panes)
    settle()
    # What was undone along the way is gone; what was done leads back step by step.
    while panes.store.undo_stack.index() > 1:
        panes.store.undo_stack.undo()
        _check(panes)
    assert panes.store.document.draft == ModelSpec()
    assert panes.store.document.columns == ()
