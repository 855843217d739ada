"""``mmgui rules``: what the advice looks at, and every number at which a rule begins to speak."""

from __future__ import annotations

import argparse

from mmgui.cli.answer import Answer
from mmgui.payload import Payload


def run_rules(_options: argparse.Namespace) -> Answer:
    """``mmgui rules``."""
    from mmgui.advice.catalogue import CATALOGUE
    from mmgui.advice.thresholds import limits
    from mmgui.printed.layout import columns

    payload: Payload = {
        "rules": [
            {"id": r.id, "phase": str(r.phase), "severity": str(r.severity), "speaks_when": r.speaks_when,
             "source": r.source}
            for r in CATALOGUE
        ],
        "thresholds": [
            {"name": t.name, "rule": t.rule, "value": t.value, "meaning": t.meaning, "source": t.source}
            for t in limits()
        ],
    }  # fmt: skip
    rules = [[r.id, str(r.severity), r.speaks_when, r.source] for r in CATALOGUE]
    thresholds = [[t.rule, f"{t.value:g}", t.meaning, t.source] for t in limits()]
    lines = [
        *columns(["rule", "usually", "speaks when", "source"], rules, words=(1, 2, 3)),
        "",
        *columns(["rule", "limit", "meaning", "whose"], thresholds, words=(2, 3)),
    ]
    return Answer(payload, "\n".join(lines))
