"""Sessions as JSON: what is written is read again, and what is damaged is refused with a sentence."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from mmgui.errors import FormulaError, SessionError
from mmgui.spec import codec
from mmgui.spec.codec import decode_document, decode_model, encode_document, encode_model, spec_key
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.document import ColumnSetting, Document, ShelfModel, TableRef, View
from mmgui.spec.formula import parse
from tests.unit.spec.strategies import formulas

DOCUMENT = Document(
    table=TableRef("sleepstudy", "sample", "sleepstudy", "ab12"),
    columns=(ColumnSetting("Subject", "id"), ColumnSetting("größe", None, ("b", "a"))),
    draft=parse("~ Days + (0 | Subject)", partial=True),
    models=(
        ShelfModel(1, parse("Reaction ~ Days + (Days | Subject)"), "ab12/0"),
        ShelfModel(3, replace(parse("Reaction ~ `my x` + (1 | a/b)"), reml=False, weights="n"), "ab12/1"),
    ),
    view=View(selected=3, compared=(1, 3), page="shrinkage", comparing=True),
    next_id=4,
)


def written() -> dict[str, object]:
    return json.loads(json.dumps(encode_document(DOCUMENT)))


def test_a_document_is_written_as_readable_values() -> None:
    assert written() == {
        "mmgui": 1,
        "table": {"name": "sleepstudy", "source": "sample", "path": "sleepstudy", "fingerprint": "ab12"},
        "columns": [
            {"name": "Subject", "kind": "id", "levels": []},
            {"name": "größe", "kind": None, "levels": ["b", "a"]},
        ],
        "draft": {"formula": "~ Days + (0 | Subject)", "reml": True, "weights": None},
        "models": [
            {
                "id": 1,
                "data_key": "ab12/0",
                "formula": "Reaction ~ Days + (Days | Subject)",
                "reml": True,
                "weights": None,
            },
            {
                "id": 3,
                "data_key": "ab12/1",
                "formula": "Reaction ~ `my x` + (1 | a/b)",
                "reml": False,
                "weights": "n",
            },
        ],
        "view": {"selected": 3, "compared": [1, 3], "page": "shrinkage", "comparing": True},
        "next_id": 4,
    }


def test_the_views_chosen_on_pages_are_written_and_read_again() -> None:
    view = DOCUMENT.view.with_view_of("residuals", "modes").with_view_of("groups", "overlay")
    document = replace(DOCUMENT, view=view.with_view_of("groups", "tiles"))
    data = json.loads(json.dumps(encode_document(document)))
    assert data["view"]["views"] == [
        {"page": "groups", "view": "tiles"},
        {"page": "residuals", "view": "modes"},
    ]
    assert decode_document(data) == document
    data["view"]["views"][0]["view"] = 3
    with pytest.raises(SessionError, match="damaged"):
        decode_document(data)


@pytest.mark.parametrize("document", [DOCUMENT, Document()], ids=["full", "empty"])
def test_what_was_written_is_read_again(document: Document) -> None:
    again = decode_document(json.loads(json.dumps(encode_document(document))))
    assert again == document
    assert [t.joined for m in again.models for t in m.spec.random] == [
        t.joined for m in document.models for t in m.spec.random
    ]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("table",), 3),
        (("table", "name"), None),
        (("table", "source"), "web"),
        (("columns",), {}),
        (("columns", 0), "Subject"),
        (("columns", 0, "kind"), "colour"),
        (("columns", 1, "levels"), ["a", 1]),
        (("draft",), None),
        (("draft", "formula"), "y ~ __import__('os')"),
        (("draft", "formula"), 3),
        (("draft", "reml"), 1),
        (("draft", "weights"), 1),
        (("models",), None),
        (("models", 0, "id"), "1"),
        (("models", 0, "id"), True),
        (("models", 0, "id"), 3),
        (("models", 1, "data_key"), None),
        (("view",), []),
        (("view", "selected"), 1.5),
        (("view", "compared"), [1, None]),
        (("view", "page"), None),
        (("view", "comparing"), "yes"),
        (("next_id",), None),
    ],
)
def test_damage_is_refused_with_a_sentence(path: tuple[str | int, ...], value: object) -> None:
    data = written()
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(
        SessionError, match=r"^The session file is damaged: .*\. Open an earlier copy of it\.$"
    ):
        decode_document(data)


@pytest.mark.parametrize("key", ["columns", "draft", "models", "view", "next_id"])
def test_a_missing_part_is_refused(key: str) -> None:
    data = written()
    del data[key]
    with pytest.raises(SessionError, match="damaged"):
        decode_document(data)


def test_a_formula_that_cannot_be_read_keeps_its_cause() -> None:
    data = written()
    data["draft"] = {"formula": "y ~ (1 | g", "reml": True}
    with pytest.raises(SessionError, match=r"the formula y ~ \(1 \| g cannot be read") as caught:
        decode_document(data)
    assert isinstance(caught.value.__cause__, FormulaError)


@pytest.mark.parametrize("version", [None, "1", True, 1.0])
def test_a_file_of_something_else_is_no_session(version: object) -> None:
    with pytest.raises(SessionError) as caught:
        decode_document({"mmgui": version})
    assert caught.value.code == "no_session"


def test_a_session_of_a_newer_version_asks_for_an_update() -> None:
    with pytest.raises(SessionError) as caught:
        decode_document({"mmgui": 2})
    assert caught.value.message == "This session was written by a newer mmgui; update mmgui to open it."


def test_a_version_without_migration_is_refused() -> None:
    with pytest.raises(SessionError, match="its version is unknown"):
        decode_document({**written(), "mmgui": -5})


def test_older_versions_are_migrated_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(codec.MIGRATIONS, -1, lambda data: {**data, "view": data["look"]})
    monkeypatch.setitem(codec.MIGRATIONS, 0, lambda data: {**data, "next_id": 4})
    old = written()
    old.update(mmgui=-1, look=old.pop("view"), next_id=None)
    assert decode_document(old) == DOCUMENT


def test_a_view_of_models_that_are_gone_is_forgotten() -> None:
    data = written()
    data["view"] = {"selected": 9, "compared": [1, 9], "page": "summary", "comparing": False}
    assert decode_document(data).view == View(selected=None, compared=(1,))


def test_a_new_model_never_gets_a_number_in_use() -> None:
    assert decode_document({**written(), "next_id": 2}).next_id == 4


@pytest.mark.parametrize(
    "other",
    [
        "Reaction ~ Days + (Days || Subject)",
        "Reaction ~ 1 + (Days | Subject)",
        "~ Days + (Days | Subject)",
        "Reaction ~ Days + (1 | Subject)",
    ],
)
def test_different_models_have_different_keys(other: str) -> None:
    spec = parse("Reaction ~ Days + (Days | Subject)")
    assert spec_key(spec) != spec_key(parse(other, partial=True))


def test_what_no_formula_holds_is_part_of_the_key() -> None:
    spec = parse("Reaction ~ Days + (Days | Subject)")
    keys = {spec_key(s) for s in (spec, replace(spec, reml=False), replace(spec, weights="n"))}
    assert len(keys) == 3


def test_the_key_is_the_same_in_every_run() -> None:
    # printf '["Reaction ~ Days + (Days | Subject)", true, null]' | sha256sum
    assert (
        spec_key(parse("Reaction~Days+(Days|Subject)"))
        == "2c0c5b7eb31eb9aaa825fe9bcf38818e9eb02ab06d0a24bd7f0a1933372719a9"
    )


@settings(deadline=None)
@given(formulas())
def test_equal_models_have_equal_keys(text: str) -> None:
    try:
        spec = parse(text, partial=True)
    except FormulaError:
        return
    apart = replace(spec, random=tuple(replace(term, joined=False) for term in spec.random))
    assert apart == spec
    assert spec_key(apart) == spec_key(spec)


CODED = replace(
    parse("y ~ f * g + (1 | s)"),
    codings=(Coding("f", Contrast.SUM), Coding("g", Contrast.TREATMENT, "b")),
)


def test_codings_are_written_where_there_are_any_and_read_again() -> None:
    values = encode_model(CODED)
    assert values["codings"] == [
        {"column": "f", "contrast": "sum", "reference": None},
        {"column": "g", "contrast": "treatment", "reference": "b"},
    ]
    assert decode_model(json.loads(json.dumps(values))) == CODED
    assert "codings" not in encode_model(parse("y ~ f"))


@pytest.mark.parametrize(
    "codings",
    [
        "sum",
        [{"column": "f", "contrast": "deviation", "reference": None}],
        [{"contrast": "sum"}],
        [{"column": "f", "contrast": "sum", "reference": 3}],
        [{"column": "f", "contrast": "sum"}, {"column": "f", "contrast": "helmert"}],
    ],
)
def test_codings_that_are_none_are_refused(codings: object) -> None:
    with pytest.raises(SessionError) as caught:
        decode_model({"formula": "y ~ f", "reml": True, "weights": None, "codings": codings})
    assert caught.value.code == "damaged"


def test_models_that_differ_in_codings_have_different_keys() -> None:
    turned = replace(CODED, codings=CODED.codings[::-1])
    plain = replace(CODED, codings=())
    assert spec_key(turned) == spec_key(CODED)
    assert spec_key(plain) == spec_key(replace(CODED, codings=(Coding("f"),)))
    assert len({spec_key(CODED), spec_key(plain), spec_key(replace(CODED, codings=CODED.codings[:1]))}) == 3
