"""G4: variances and covariances that the data cannot tell apart, found before anything is fitted."""

from __future__ import annotations

from collections.abc import Iterator

from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.engine.build import build_design
from mmgui.errors import ModelError
from mmgui.inference.identifiability import identifiability
from mmgui.spec import edit
from mmgui.spec.formula import print_random
from mmgui.spec.model import ModelSpec

# On more rows the certificate takes longer than a person should wait between two clicks.
MOST_ROWS = 20_000


def trade_offs(facts: DesignFacts) -> Iterator[Finding]:
    """One finding for each direction in which the parameters trade off exactly."""
    spec = facts.spec
    if not spec.random or spec.response is None or facts.rows.count > MOST_ROWS:
        return
    try:
        found = identifiability(build_design(spec, facts.table))
    except ModelError:
        # What keeps the model from being built is said by the rules about that.
        return
    for sentence, about in zip(found.sentences, found.about, strict=True):
        yield Finding(
            "G4",
            Severity.ERROR,
            f"{sentence} Any split of it gives the same fit.",
            tuple(print_random(spec.random[k]) for k in about),
            tuple(_without(spec, k) for k in reversed(about)),
        )


def _without(spec: ModelSpec, index: int) -> Fix:
    return Fix(f"Remove {print_random(spec.random[index])}", edit.remove_random(spec, index))
