"""``mmgui suggest``: what is guessed of a table's design, and the structures that follow."""

from __future__ import annotations

import argparse

from mmgui.advice.design_questions import Guess, guess_design, replicates
from mmgui.advice.suggestion import Suggestion
from mmgui.advice.templates import templates
from mmgui.cli.answer import Answer, table_of
from mmgui.data.table import Table, no_such_column
from mmgui.errors import DataError, Where
from mmgui.payload import Payload
from mmgui.spec.formula import print_model


def run_suggest(options: argparse.Namespace) -> Answer:
    """``mmgui suggest``.

    Raises
    ------
    DataError
        ``unknown_column``; ``not_numbers``; ``no_structure`` with the sentence that says what is missing.
    """
    table = table_of(options)
    unit = None if options.unit is None else _unit(table, options.unit)
    if options.response is not None:
        _known(table, options.response)
        if not table[options.response].is_number:
            raise DataError(
                "not_numbers",
                f"{options.response} holds labels; choose a column of numbers as the response.",
                Where("column", options.response),
            )
    guess = guess_design(table, options.response, unit)
    if guess.missing:
        raise DataError("no_structure", guess.missing, Where("file", table.name))
    found = templates(guess.design, table)
    payload = _payload(guess, replicates(guess.design, table)[1], found)
    return Answer(payload, _text(payload))


def _unit(table: Table, text: str) -> tuple[str, ...]:
    columns = (text,) if text in table else tuple(name.strip() for name in text.split(":"))
    for name in columns:
        _known(table, name)
        if table[name].is_number:
            raise DataError(
                "not_labels",
                f"{name} holds numbers; if they are labels of units, say --column-type {name}=id.",
                Where("column", name),
            )
    return columns


def _known(table: Table, name: str) -> None:
    if name not in table:
        raise DataError("unknown_column", no_such_column(table, name), Where("column", name))


def _payload(guess: Guess, cells: str, found: tuple[Suggestion, ...]) -> Payload:
    design = guess.design
    return {
        "response": design.response,
        "unit": list(design.unit),
        "units": [{"columns": list(c.columns), "reason": c.reason} for c in guess.units],
        "unit_reason": guess.unit_reason,
        "replicated": design.replicated,
        "replicated_reason": cells,
        "columns": [
            {"columns": list(c.columns), "role": str(c.role), "used": c.ticked, "reason": c.reason}
            for c in guess.columns
        ],
        "suggestions": [_suggestion(s) for s in found],
    }


def _suggestion(suggestion: Suggestion) -> Payload:
    return {
        "id": suggestion.id,
        "title": suggestion.title,
        "formula": print_model(suggestion.spec),
        "derive": {d.name: d.definition for d in suggestion.derived},
        "recommended": suggestion.recommended,
        "parameters": suggestion.parameters,
        "reasons": list(suggestion.reasons),
        "cautions": list(suggestion.cautions),
        "left_out": list(suggestion.left_out),
        "blocked": suggestion.blocked or None,
    }


def _text(payload: Payload) -> str:
    from mmgui.printed.layout import wrapped

    lines = wrapped(f"Response: {payload['response']}.")
    lines += wrapped(f"Unit: {':'.join(payload['unit'])}. {payload['unit_reason']}")
    for column in payload["columns"]:
        mark = "x" if column["used"] else " "
        lines += wrapped(f"[{mark}] {column['role']}: {column['reason']}")
    lines += wrapped(payload["replicated_reason"])
    for one in payload["suggestions"]:
        star = " (recommended)" if one["recommended"] else ""
        lines += ["", f"{one['title']}{star}", f"   {one['formula']}"]
        lines += [f"   {name} = {text}" for name, text in one["derive"].items()]
        for mark, key in (("·", "reasons"), ("−", "left_out"), ("!", "cautions")):
            lines += [line for text in one[key] for line in wrapped(f"{mark} {text}")]
        if one["blocked"]:
            lines += wrapped(f"cannot be fitted: {one['blocked']}")
    return "\n".join(lines)
