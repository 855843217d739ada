"""Every step a person can take while building a model: each one labelled, each one undo step."""

from __future__ import annotations

from mmgui.app.derived_steps import DerivedSteps
from mmgui.app.fixed_steps import FixedSteps
from mmgui.app.random_steps import RandomSteps
from mmgui.spec import edit
from mmgui.spec.derived import DerivedColumn
from mmgui.spec.document import Answer
from mmgui.spec.expression import Name
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Term, variable


class ModelBuilder(FixedSteps, DerivedSteps, RandomSteps):
    """Everything a person can do to the model being built."""

    def set_formula(self, spec: ModelSpec, burst: str) -> None:
        """Take over a typed formula; steps of one burst of typing become one."""
        self._store.edit_draft("Type the formula", spec, merge_key=burst)

    def apply(self, label: str, spec: ModelSpec, derived: tuple[DerivedColumn, ...] = ()) -> None:
        """Take over a model that advice proposed, with the derived columns it needs.

        Raises
        ------
        DataError
            If a derived column cannot be made; nothing is changed then.
        """
        self._store.edit_draft(label, spec, derived=derived)

    def answer(self, label: str, answer: Answer) -> None:
        """Keep the answer to a question that leaves the model as it is."""
        self._store.answer(label, answer)

    def use_as_response(self, name: str) -> None:
        self._store.edit_draft(f"Use {name} as response", edit.set_response(self.draft, name))

    def set_estimation(self, reml: bool) -> None:
        label = "Fit by REML" if reml else "Fit by maximum likelihood"
        self._store.edit_draft(label, edit.set_reml(self.draft, reml))

    def set_weights(self, name: str | None) -> None:
        label = "Weight all rows alike" if name is None else f"Weight rows by {name}"
        self._store.edit_draft(label, edit.set_weights(self.draft, name))


def term_of(name: str) -> Term:
    """The main effect of one column."""
    return variable(name)


def is_response(spec: ModelSpec, name: str) -> bool:
    """Whether the column itself is the response."""
    return spec.response == Name(name)
