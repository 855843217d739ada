"""``mmgui suggest``: the guessed design and the structures that follow, as text and as JSON."""

from __future__ import annotations

import json

import pytest

from mmgui.cli.arguments import parse_arguments
from mmgui.cli.suggest import run_suggest
from mmgui.errors import DataError


def run(*arguments: str) -> tuple[dict[str, object], str]:
    answer = run_suggest(parse_arguments(["suggest", *arguments]))
    return json.loads(json.dumps(answer.payload)), answer.text


def test_the_structures_of_a_sample_as_json() -> None:
    payload, _ = run("Machines")
    assert (payload["response"], payload["unit"], payload["replicated"]) == ("score", ["Worker"], True)
    assert [(s["id"], s["formula"], s["parameters"]) for s in payload["suggestions"]] == [
        ("template 1.B", "score ~ Machine + (1 | Worker) + (1 | Machine:Worker)", 3),
        ("maximal", "score ~ Machine + (Machine | Worker)", 7),
        ("intercepts", "score ~ Machine + (1 | Worker)", 2),
    ]
    assert [s["recommended"] for s in payload["suggestions"]] == [True, False, False]


def test_the_text_says_what_is_guessed_and_why() -> None:
    _, text = run("ergoStool")
    assert "Unit: Subject. Subject has 9 groups of 4 rows;" in text
    assert "[x] factor: Type varies within 9 of 9 Subject, all 4 levels in each, 1 row per cell." in text
    assert "   effort ~ Type + (1 | Subject)" in text


def test_unit_and_response_can_be_said() -> None:
    payload, _ = run("Pastes", "--unit", "batch:cask", "--response", "strength")
    assert payload["suggestions"][0]["formula"] == "strength ~ 1 + (1 | batch/cask)"
    payload, _ = run("Oats", "--response", "nitro")
    assert payload["response"] == "nitro"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("Machines", "--unit", "Wrker"), "unknown_column"),
        (("Machines", "--unit", "score"), "not_labels"),
        (("Machines", "--response", "Machine"), "not_numbers"),
        (("Machines", "--response", "speed"), "unknown_column"),
    ],
)
def test_what_cannot_be_meant_is_said(arguments: tuple[str, ...], code: str) -> None:
    with pytest.raises(DataError) as error:
        run(*arguments)
    assert error.value.code == code
