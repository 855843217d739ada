"""The session file: what was saved comes back, and a broken file gives a sentence."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from mmgui.app import session
from mmgui.app.derived_steps import DerivedSteps
from mmgui.app.session import read_session, restore, write_session
from mmgui.app.store import Store
from mmgui.data.read import read_table, read_text
from mmgui.data.samples import load_sample, samples
from mmgui.errors import MmguiError, SessionError
from mmgui.spec.derived import Derivation, read_derived
from mmgui.spec.document import Answer, ColumnSetting
from mmgui.spec.formula import parse


def opened(key: str) -> Store:
    store = Store()
    store.open_table(load_sample(key), "sample", key)
    return store


def reopened(path: Path) -> Store:
    store = Store()
    restore(store, read_session(path))
    return store


@pytest.mark.parametrize("key", [s.key for s in samples() if s.key != "InstEval"])
def test_that_every_sample_comes_back_the_same(key: str, tmp_path: Path, qtbot: QtBot) -> None:
    store = opened(key)
    write_session(store, tmp_path / "s.mmgui")
    before, after = store.table(), reopened(tmp_path / "s.mmgui").table()
    assert before is not None
    assert after is not None
    assert after.fingerprint == before.fingerprint
    assert after.names == before.names


def test_that_models_settings_and_view_come_back(tmp_path: Path, qtbot: QtBot) -> None:
    store = opened("sleepstudy")
    store.edit("Type", replace(store.document, columns=(ColumnSetting("Days", kind="category"),)))
    store.edit_draft("Type", parse("Reaction ~ Days + (1 | Subject)"))
    store.shelve(store.document.draft)
    store.look(replace(store.document.view, page="covariance"))
    write_session(store, tmp_path / "s.mmgui")
    again = reopened(tmp_path / "s.mmgui")
    assert again.document == store.document
    assert again.undo_stack.count() == 0


def test_that_awkward_values_come_back(tmp_path: Path, qtbot: QtBot) -> None:
    table = read_text('a "b"|c\tcode\tx\ny,"z"\t007\t1e300\n\t7\t-inf\nü`\t\t\n', "pasted")
    store = Store()
    store.open_table(table, "pasted")
    write_session(store, tmp_path / "s.mmgui")
    after = reopened(tmp_path / "s.mmgui").imported_table()
    assert after is not None
    assert after.fingerprint == table.fingerprint


def test_that_a_data_column_is_one_line_of_a_readable_file(tmp_path: Path, qtbot: QtBot) -> None:
    write_session(opened("Dyestuff"), tmp_path / "s.mmgui")
    lines = (tmp_path / "s.mmgui").read_text(encoding="utf-8").splitlines()
    line = next(text for text in lines if '"Batch"' in text)
    assert '"A", "A", "A", "A", "A", "B"' in line


def test_that_a_large_table_stays_in_its_own_file(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "EMBED_BYTES", 100)
    data = tmp_path / "data.csv"
    data.write_text("y,g\n" + "".join(f"{k % 7},{k % 3}\n" for k in range(60)), encoding="utf-8")
    store = Store()
    store.open_table(read_table(data), "file", str(data))
    write_session(store, tmp_path / "s.mmgui")
    assert "columns" not in json.loads((tmp_path / "s.mmgui").read_text(encoding="utf-8"))["data"]
    table = reopened(tmp_path / "s.mmgui").table()
    assert table is not None
    assert table.nrows == 60
    data.write_text("y,g\n1,2\n3,4\n", encoding="utf-8")
    with pytest.raises(SessionError, match="changed since"):
        read_session(tmp_path / "s.mmgui")
    data.unlink()
    with pytest.raises(SessionError, match="is not there"):
        read_session(tmp_path / "s.mmgui")


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", '"text"', "\x00\x01", '{"mmgui": 1}', '{"mmgui": 99}', "{}", "[" * 20_000],
)
def test_that_a_broken_file_gives_a_sentence(content: str, tmp_path: Path) -> None:
    path = tmp_path / "s.mmgui"
    path.write_bytes(content.encode("utf-8"))
    with pytest.raises(MmguiError, match=r"\.$"):
        read_session(path)


def test_that_a_file_cut_anywhere_gives_a_sentence(tmp_path: Path, qtbot: QtBot) -> None:
    whole = tmp_path / "s.mmgui"
    write_session(opened("Dyestuff"), whole)
    text = whole.read_bytes()
    for end in range(0, len(text) - 3, 97):
        whole.write_bytes(text[:end])
        with pytest.raises(SessionError):
            read_session(whole)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_that_damage_to_one_value_never_escapes_the_errors(data: st.DataObject, tmp_path: Path) -> None:
    path = tmp_path / "s.mmgui"
    if not path.exists():
        store = opened("Dyestuff")
        store.edit_draft("Type", parse("Yield ~ 1 + (1 | Batch)"))
        store.shelve(store.document.draft)
        write_session(store, path)
        (tmp_path / "good").write_bytes(path.read_bytes())
    content = json.loads((tmp_path / "good").read_text(encoding="utf-8"))
    place: object = content
    while isinstance(place, dict | list) and place:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        inner = place[key]  # type: ignore[call-overload]
        if isinstance(inner, dict | list) and inner and data.draw(st.booleans()):
            place = inner
            continue
        wrong = st.sampled_from([None, -1, "x", [], {}, 1e308, True, ["A"], {"a": 1}])
        place[key] = data.draw(wrong)  # type: ignore[call-overload]
        break
    path.write_text(json.dumps(content), encoding="utf-8")
    try:
        restore(Store(), read_session(path))
    except MmguiError as error:
        assert error.message  # noqa: PT017


def test_that_a_failed_save_leaves_the_old_file_whole(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.mmgui"
    write_session(opened("Dyestuff"), path)
    before = path.read_bytes()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SessionError, match="no space left"):
        write_session(opened("Pastes"), path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["s.mmgui"]


def test_that_saving_into_a_missing_folder_gives_a_sentence(tmp_path: Path, qtbot: QtBot) -> None:
    with pytest.raises(SessionError, match="could not be saved"):
        write_session(opened("Dyestuff"), tmp_path / "nowhere" / "s.mmgui")


def test_that_values_edited_by_hand_are_taken_with_the_models(tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "s.mmgui"
    store = opened("Dyestuff")
    store.shelve(parse("Yield ~ 1 + (1 | Batch)"))
    write_session(store, path)
    content = json.loads(path.read_text(encoding="utf-8"))
    column = next(c for c in content["data"]["columns"] if c["name"] == "Yield")
    column["numbers"][0] = 9999.0
    path.write_text(json.dumps(content), encoding="utf-8")
    again = reopened(path)
    table = again.table()
    assert table is not None
    values = table["Yield"].values
    assert values is not None
    assert np.max(values) == 9999.0
    assert again.table_of(again.document.models[0]) is table


def test_that_derived_columns_and_answers_come_back_with_the_models_that_read_them(
    tmp_path: Path, qtbot: QtBot
) -> None:
    store = opened("sleepstudy")
    steps = DerivedSteps(store)
    steps.derive(steps.proposed(Derivation.CENTER, "Days"))
    steps.derive(steps.proposed(Derivation.SQUARE, "Days_centered"))
    store.answer("Answer", Answer("N1", ("Days", "Subject"), "same"))
    model = store.shelve(parse("Reaction ~ Days_centered + Days_centered_squared + (1 | Subject)"))
    write_session(store, tmp_path / "s.mmgui")
    again = reopened(tmp_path / "s.mmgui")
    assert again.document == store.document
    assert again.is_current(model)
    table = again.table()
    assert table is not None
    squares = table["Days_centered_squared"].values
    assert squares is not None
    # Days run from 0 to 9.
    assert sorted(set(squares.tolist())) == [
        0.25, 2.25, 6.25, 12.25, 20.25,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("derived", "why"),
    [
        ([{"name": "q", "definition": "log(Days)"}], "zero or less in 18 rows"),
        ([{"name": "Days", "definition": "square(Days)"}], "a column “Days” already"),
        ([{"name": "q", "definition": "square(r)"}, {"name": "r", "definition": "square(q)"}], "no column r"),
        ([{"name": "q", "definition": "center(Days, Group)"}], "no column Group"),
    ],
)
def test_that_a_derived_column_that_cannot_be_made_gives_a_sentence(
    derived: list[dict[str, str]], why: str, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "s.mmgui"
    write_session(opened("sleepstudy"), path)
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content | {"derived": derived}), encoding="utf-8")
    with pytest.raises(SessionError, match=why):
        read_session(path)


@pytest.mark.parametrize("still", [True, False])
def test_that_a_model_comes_back_with_its_derived_column_that_was_undone_if_it_can_still_be_made(
    still: bool, tmp_path: Path, qtbot: QtBot
) -> None:
    store = opened("sleepstudy")
    centred = read_derived("Days_centered", "center(Days)")
    store.edit_draft("Centre Days", parse("Reaction ~ Days_centered + (1 | Subject)"), derived=(centred,))
    model = store.shelve(store.document.draft)
    assert store.is_current(model)
    store.undo_stack.undo()
    if not still:
        # Labels have no mean.
        labels = replace(store.document, columns=(ColumnSetting("Days", "category"),))
        store.edit("Days as labels", labels)
    write_session(store, tmp_path / "s.mmgui")
    again = reopened(tmp_path / "s.mmgui")
    (kept,) = again.document.models
    assert kept.spec == model.spec
    assert again.document.draft == store.document.draft
    assert again.is_current(kept) is still
    assert again.document.derived == ((centred,) if still else ())
