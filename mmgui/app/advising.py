"""Advice on the model being built, for a person who has answered some of its questions already."""

from __future__ import annotations

from dataclasses import dataclass

from mmgui.advice import Finding, Severity, advise
from mmgui.advice.facts import DesignFacts
from mmgui.advice.ready import ready
from mmgui.data.table import Table
from mmgui.errors import ModelError
from mmgui.spec.document import Answer
from mmgui.spec.model import ModelSpec


@dataclass(frozen=True, slots=True)
class Draft:
    """The model being built, and what the person said that no table says."""

    spec: ModelSpec
    answers: tuple[Answer, ...] = ()


def advise_draft(draft: Draft, table: Table) -> tuple[Finding, ...]:
    """The findings without the questions that are answered.

    Where those were all there was to complain of, what the model rests on is said in their place.
    """
    answered = {(a.question, a.about) for a in draft.answers}
    found = advise(draft.spec, table)
    left = tuple(f for f in found if (f.id, tuple(sorted(f.about))) not in answered)
    quiet = draft.spec.response is not None and all(f.severity is Severity.INFO for f in left)
    if len(left) == len(found) or not quiet:
        return left
    try:
        return (*ready(DesignFacts(draft.spec, table)), *left)
    except ModelError:
        # What cannot be worked out is a finding already.
        return left
