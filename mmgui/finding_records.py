"""Advice on fits as plain dicts: what a fit says with its remedies, and what is said of a comparison."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mmgui.payload import Payload, fix_payload, plain

if TYPE_CHECKING:
    from mmgui.advice.finding import Finding, Fix
    from mmgui.engine.result import Fit
    from mmgui.inference.degrees_of_freedom.satterthwaite import FixedEffectTests


def messages_payload(fit: Fit, tests: FixedEffectTests | None = None) -> list[Payload]:
    """What must be known about a fit, each with the models that would mend it."""
    from mmgui.figures.statements import messages

    return [
        {
            "id": m.id,
            "severity": m.severity,
            "title": m.title,
            "text": m.text,
            "fixes": [_fix(x) for x in m.fixes],
        }
        for m in messages(fit, tests)
    ]


def findings_payload(findings: Iterable[Finding]) -> list[Payload]:
    """Findings between fits; ``models`` are positions of the models compared, from 0 as in the tests."""
    out: list[Payload] = plain(
        [
            {
                "id": f.id,
                "severity": str(f.severity),
                "title": f.title,
                "text": f.text,
                "models": f.models,
                "fixes": [_fix(x) for x in f.fixes],
            }
            for f in findings
        ]
    )
    return out


def _fix(fix: Fix) -> Payload:
    """As advice before the fit has it, and by which criterion it is fitted."""
    return {**fix_payload(fix), "reml": fix.spec.reml}
