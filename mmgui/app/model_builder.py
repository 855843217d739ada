"""Every step a person can take while building a model: each one labelled, each one undo step."""

from __future__ import annotations

from mmgui.app.store import Store
from mmgui.figures.covariance_words import covariance_name
from mmgui.spec import edit
from mmgui.spec.expression import Name
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, GroupingFactor, Term, variable


class ModelBuilder:
    """Edits the store's draft; says in plain words what each step did."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @property
    def draft(self) -> ModelSpec:
        """The model being built."""
        return self._store.document.draft

    def set_formula(self, spec: ModelSpec, burst: str) -> None:
        """Take over a typed formula; steps of one burst of typing become one."""
        self._store.edit_draft("Type the formula", spec, merge_key=burst)

    def apply(self, label: str, spec: ModelSpec) -> None:
        """Take over a model that advice proposed."""
        self._store.edit_draft(label, spec)

    def use_as_response(self, name: str) -> None:
        self._store.edit_draft(f"Use {name} as response", edit.set_response(self.draft, name))

    def set_estimation(self, reml: bool) -> None:
        label = "Fit by REML" if reml else "Fit by maximum likelihood"
        self._store.edit_draft(label, edit.set_reml(self.draft, reml))

    def set_weights(self, name: str | None) -> None:
        label = "Weight all rows alike" if name is None else f"Weight rows by {name}"
        self._store.edit_draft(label, edit.set_weights(self.draft, name))

    # -- fixed effects

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

    # -- random effects

    def groups_by(self, columns: tuple[str, ...]) -> bool:
        """Whether a term has an intercept for these groups, so that another one would be the same."""
        return any(r.intercept and r.grouping.columns == columns for r in self.draft.random)

    def add_grouping(self, columns: tuple[str, ...]) -> None:
        label = GroupingFactor(columns).label
        self._store.edit_draft(f"Add grouping factor {label}", edit.add_grouping(self.draft, columns))

    def add_nested(self, columns: tuple[str, ...]) -> None:
        """Add ``a/b/…`` as one step."""
        spec = edit.add_grouping(self.draft, columns[:1])
        for inner in columns[1:]:
            spec = edit.nest(spec, len(spec.random) - 1, inner)
        self._store.edit_draft(f"Add grouping factors {'/'.join(columns)}", spec)

    def add_crossed(self, columns: tuple[str, ...]) -> None:
        """Add a card for each column as one step."""
        spec = self.draft
        for column in columns:
            spec = edit.add_grouping(spec, (column,))
        self._store.edit_draft(f"Add grouping factors {' and '.join(columns)}", spec)

    def nest(self, index: int, inner: str) -> None:
        outer = self._label(index)
        self._store.edit_draft(f"Nest {inner} inside {outer}", edit.nest(self.draft, index, inner))

    def remove_random(self, index: int) -> None:
        label = self._label(index)
        self._store.edit_draft(f"Remove grouping factor {label}", edit.remove_random(self.draft, index))

    def set_random_intercept(self, index: int, on: bool) -> None:
        verb = "Add" if on else "Remove"
        spec = edit.set_random_intercept(self.draft, index, on)
        self._store.edit_draft(f"{verb} random intercept | {self._label(index)}", spec)

    def add_slope(self, index: int, term: Term) -> None:
        spec = edit.add_slope(self.draft, index, term)
        self._store.edit_draft(f"Add random slope {term.label} | {self._label(index)}", spec)

    def remove_slope(self, index: int, term: Term) -> None:
        spec = edit.remove_slope(self.draft, index, term)
        self._store.edit_draft(f"Remove random slope {term.label} | {self._label(index)}", spec)

    def set_covariance(self, index: int, covariance: Covariance) -> None:
        spec = edit.set_covariance(self.draft, index, covariance)
        word = covariance_name(covariance)
        self._store.edit_draft(f"Set covariance of {self._label(index)}: {word}", spec)

    def _label(self, index: int) -> str:
        return self.draft.random[index].grouping.label


def term_of(name: str) -> Term:
    """The main effect of one column."""
    return variable(name)


def is_response(spec: ModelSpec, name: str) -> bool:
    """Whether the column itself is the response."""
    return spec.response == Name(name)
