"""Steps that change the fixed effects, each labelled, each one undo step."""

from __future__ import annotations

from mmgui.app.steps import Steps
from mmgui.spec import edit
from mmgui.spec.terms import Term


class FixedSteps(Steps):
    """What a person can do to the fixed effects."""

    def set_intercept(self, on: bool) -> None:
        label = "Add the intercept" if on else "Remove the intercept"
        self._store.edit_draft(label, edit.set_intercept(self.draft, on))

    def add_fixed(self, *terms: Term) -> None:
        label = ", ".join(t.label for t in terms)
        self._store.edit_draft(f"Add fixed effect {label}", edit.add_fixed(self.draft, *terms))

    def remove_fixed(self, term: Term) -> None:
        self._store.edit_draft(f"Remove fixed effect {term.label}", edit.remove_fixed(self.draft, term))

    def add_interaction(self, first: Term, second: Term) -> None:
        spec = edit.add_interaction(self.draft, first, second)
        self._store.edit_draft(f"Add interaction {first.label}:{second.label}", spec)
