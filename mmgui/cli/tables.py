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
    from mmgui.printed.layout import columns, wrapped

    variables = [
        [v["name"], v["type"], str(v["distinct"]), str(v["missing"]), _range(v)] for v in payload["variables"]
    ]
    head = ["variable", "type", "distinct", "missing", "range"]
    lines = [
        f"{payload['name']}: {payload['rows']} {'row' if payload['rows'] == 1 else 'rows'}",
        "",
        *columns(head, variables, words=(1, 4)),
    ]
    if payload["factors"]:
        factors = [[f["name"], str(f["levels"]), _span(f)] for f in payload["factors"]]
        lines += ["", *columns(["can define groups", "groups", "rows each"], factors)]
    if payload["grouping"]:
        head = ["pair", "relation", "occur", "empty", "rows each"]
        lines += ["", *columns(head, [_pair(g) for g in payload["grouping"]], words=(1,))]
        lines += [line for g in payload["grouping"] if g["evidence"] for line in wrapped(_question(g))]
    lines += [f"Nested: {' / '.join(chain)}" for chain in payload["nesting"] if len(chain) > 2]
    if "varies" in payload:
        lines += ["", *_unit_lines(payload)]
    return "\n".join(lines)


def _pair(g: Payload) -> list[str]:
    inner = f"{g['inner']} in {g['outer']}"
    pair = inner if g["relation"].endswith("nested") else f"{g['a']} and {g['b']}"
    cells = g["cells"]
    # Every group of the inner factor has one place: the others are no gaps.
    empty = "" if g["relation"] in ("nested", "identical") else str(cells["empty"])
    return [pair, g["relation"], str(cells["occurring"]), empty, _span(cells)]


def _question(g: Payload) -> str:
    return f"Labels of {g['inner']} recur in several {g['outer']}: do they name the same? {g['evidence']}"


def _unit_lines(payload: Payload) -> list[str]:
    """What varies within the groups, in how many, over how many values, with how many rows a value."""
    from mmgui.printed.layout import columns

    group, rows = payload["group"], []
    for name, kind in payload["varies"].items():
        c = payload["within"][name]
        of = f"{c['varying']} of {c['groups']}"
        complete = "all" if c["complete"] else "some"
        rows.append([name, kind, of, _span(c["values"]), complete, _span(c["cells"])])
    head = ["variable", "varies", "in groups", "values a group", "values met", "rows a value"]
    lines = [f"By {group['name']}: {group['levels']} groups of {_span(group)} rows", ""]
    lines += columns(head, rows, words=(1, 4))
    if payload["combinations"]:
        table = [
            [":".join(c["factors"]), str(c["levels"]), "all" if c["complete"] else "some", _span(c["cells"])]
            for c in payload["combinations"]
        ]
        lines += ["", *columns(["combination", "levels", "met by a group", "rows each"], table, words=(2,))]
    return lines


def _span(counts: Payload) -> str:
    low, high = counts["smallest"], counts["largest"]
    return str(low) if low == high else f"{low} to {high}"


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
