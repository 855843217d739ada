"""``mmgui describe`` and ``mmgui advise``: what can be said before anything is fitted."""

from __future__ import annotations

import argparse

from mmgui.cli.answer import Answer, asked, table_of
from mmgui.payload import Payload, advice_payload, table_payload


def run_describe(options: argparse.Namespace) -> Answer:
    """``mmgui describe``."""
    payload = table_payload(table_of(options), options.group)
    return Answer(payload, _describe_text(payload))


def _describe_text(payload: Payload) -> str:
    from mmgui.printed.layout import columns

    variables = [
        [v["name"], v["type"], str(v["distinct"]), str(v["missing"]), _range(v)] for v in payload["variables"]
    ]
    head = ["variable", "type", "distinct", "missing", "range"]
    lines = [
        f"{payload['name']}: {payload['rows']} {'row' if payload['rows'] == 1 else 'rows'}",
        "",
        *columns(head, variables, words=(1, 4)),
    ]
    if payload["grouping"]:
        lines += ["", "Grouping:"]
        for g in payload["grouping"]:
            pair = f"{g['inner']} in {g['outer']}" if g["inner"] else f"{g['a']} and {g['b']}"
            lines.append(f"  {pair}: {g['relation']}, {g['combinations']} combinations occur")
    if "varies" in payload:
        group = payload["group"]
        sizes = f"{group['levels']} groups of {group['smallest']} to {group['largest']} rows"
        lines += ["", f"By {group['name']}, {sizes}:"]
        table = columns(["variable", "varies"], list(payload["varies"].items()), words=(1,))
        lines += [f"  {line}" for line in table]
    return "\n".join(lines)


def _range(variable: Payload) -> str:
    low, high = variable["minimum"], variable["maximum"]
    return "" if low is None or high is None else f"{low:.6g} to {high:.6g}"


def run_advise(options: argparse.Namespace) -> Answer:
    """``mmgui advise``."""
    from mmgui.advice import advise
    from mmgui.printed.layout import wrapped

    payload = advice_payload(advise(*asked(options)))
    lines: list[str] = []
    for finding in payload["findings"]:
        lines += wrapped(f"{finding['severity']} {finding['id']}: {finding['text']}")
        lines += [f"   → {fix['label']}: {fix['formula']}" for fix in finding["fixes"]]
    return Answer(payload, "\n".join(lines) or "Nothing to say about this model.")
