"""The document's history: what an undo step takes back, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mmgui.app.store import FitKey, FitRecord, FitStatus, Store
from mmgui.data.samples import load_sample
from mmgui.errors import MmguiError
from mmgui.spec.document import ColumnSetting
from mmgui.spec.formula import parse


@pytest.fixture
def store(qtbot: object) -> Store:
    store = Store()
    store.open_table(load_sample("sleepstudy"), "sample", "sleepstudy")
    return store


INTERCEPTS = parse("Reaction ~ Days + (1 | Subject)")
SLOPES = parse("Reaction ~ Days + (Days | Subject)")


def test_that_undo_takes_back_the_draft_and_redo_brings_it_again(store: Store) -> None:
    store.edit_draft("Type", INTERCEPTS)
    store.edit_draft("Add a slope", SLOPES)
    store.undo_stack.undo()
    assert store.document.draft == INTERCEPTS
    store.undo_stack.redo()
    assert store.document.draft == SLOPES


def test_that_a_model_shelved_after_a_step_survives_its_undo(store: Store) -> None:
    store.edit_draft("Type", INTERCEPTS)
    model = store.shelve(INTERCEPTS)
    store.undo_stack.undo()
    assert store.document.models == (model,)


def test_that_undoing_a_removal_puts_the_model_back_beside_one_fitted_since(store: Store) -> None:
    first, second = store.shelve(INTERCEPTS), store.shelve(SLOPES)
    store.edit("Remove", replace(store.document, models=(second,)))
    third = store.shelve(parse("Reaction ~ 1 + (1 | Subject)"))
    store.undo_stack.undo()
    assert store.document.models == (first, second, third)


def test_that_ids_are_not_used_again_after_undo(store: Store) -> None:
    first = store.shelve(INTERCEPTS)
    store.edit("Remove", replace(store.document, models=()))
    second = store.shelve(SLOPES)
    assert second.id == first.id + 1


def test_that_steps_of_one_burst_merge_into_one(store: Store) -> None:
    before = store.undo_stack.count()
    store.edit_draft("Type the formula", INTERCEPTS, merge_key="burst 1")
    store.edit_draft("Type the formula", SLOPES, merge_key="burst 1")
    store.edit_draft("Type the formula", INTERCEPTS, merge_key="burst 2")
    assert store.undo_stack.count() == before + 2
    store.undo_stack.undo()
    assert store.document.draft == SLOPES


def test_that_shelving_the_same_model_twice_keeps_one_card(store: Store) -> None:
    assert store.shelve(INTERCEPTS) == store.shelve(INTERCEPTS)
    assert len(store.document.models) == 1


def test_that_fits_outlive_undo(store: Store) -> None:
    model = store.shelve(INTERCEPTS)
    record = FitRecord(FitStatus.STOPPED)
    store.set_record(FitKey(model.spec, model.data_key), record)
    store.edit("Remove", replace(store.document, models=()))
    store.undo_stack.undo()
    assert store.record(store.document.models[0]) is record


def test_that_a_model_remembers_the_table_it_was_built_on(store: Store) -> None:
    model = store.shelve(INTERCEPTS)
    before = store.table()
    setting = ColumnSetting("Days", kind="category")
    store.edit("Days is a category", replace(store.document, columns=(setting,)))
    after = store.table()
    assert before is not None
    assert after is not None
    assert after.fingerprint != before.fingerprint
    assert store.table_of(model) is before
    assert store.table_of(store.shelve(INTERCEPTS)) is after


def test_that_nothing_can_be_shelved_without_a_table(qtbot: object) -> None:
    with pytest.raises(MmguiError, match="no table yet"):
        Store().shelve(INTERCEPTS)


def test_that_opening_another_table_is_one_step_back(store: Store) -> None:
    store.edit_draft("Type", SLOPES)
    store.open_table(load_sample("Pastes"), "sample", "Pastes")
    assert store.document.draft.response is None
    store.undo_stack.undo()
    table = store.table()
    assert store.document.draft == SLOPES
    assert table is not None
    assert table.name == "sleepstudy"
