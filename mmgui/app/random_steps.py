"""Steps that change the random effects, each labelled, each one undo step."""

from __future__ import annotations

from mmgui.app.block_steps import BlockSteps
from mmgui.figures.covariance_words import covariance_name
from mmgui.spec import edit
from mmgui.spec.terms import Covariance, GroupingFactor, Term


class RandomSteps(BlockSteps):
    """What a person can do to the random effects."""

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

    def remove_effect(self, index: int, effect: Term) -> None:
        """Take an effect off a card, be it the intercept or a slope."""
        if effect.order == 0:
            self.set_random_intercept(index, False)
        else:
            self.remove_slope(index, effect)

    def set_covariance(self, index: int, covariance: Covariance) -> None:
        spec = edit.set_covariance(self.draft, index, covariance)
        word = covariance_name(covariance)
        self._store.edit_draft(f"Set covariance of {self._label(index)}: {word}", spec)

    def _label(self, index: int) -> str:
        return self.draft.random[index].grouping.label
