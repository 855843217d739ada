"""What a model without a complaint rests on, in one calm line."""

from __future__ import annotations

from collections.abc import Iterator

from mmgui.advice.before.certificate import certificate
from mmgui.advice.before.model_rules import size_of_model
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Severity

CARRIES = "This design can carry this model"


def ready(facts: DesignFacts) -> Iterator[Finding]:
    """That the design can carry the model, where that is certain; else what the model asks for."""
    found = certificate(facts)
    if found is not None and found.identified:
        text = f"{found.sentence} {facts.rows.count:,} rows are used."
        yield Finding("ready", Severity.INFO, text, title=CARRIES)
    else:
        yield from size_of_model(facts)
