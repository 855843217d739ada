"""Steps that concern several random terms: effects moved between cards, blocks, other groups."""

from __future__ import annotations

from mmgui.app.steps import Steps
from mmgui.spec import edit, edit_random
from mmgui.spec.formula import print_random
from mmgui.spec.terms import INTERCEPT, GroupingFactor, Term


class BlockSteps(Steps):
    """What a person can do with several cards."""

    def move_effect(self, source: int, target: int, effect: Term, *, copy: bool = False) -> None:
        """Let an effect vary over another card's groups, instead of its own or besides."""
        verb = "Copy" if copy else "Move"
        to = print_random(self.draft.random[target])
        spec = edit_random.move_effect(self.draft, source, target, effect, copy=copy)
        self._store.edit_draft(f"{verb} {_named(effect)} to {to}", spec)

    def own_block(self, index: int, effect: Term) -> None:
        groups = self.draft.random[index].grouping.label
        spec = edit_random.own_block(self.draft, index, effect)
        self._store.edit_draft(f"Give {_named(effect)} | {groups} a block of its own", spec)

    def join_blocks(self, index: int) -> None:
        groups = self.draft.random[index].grouping.label
        self._store.edit_draft(f"Join the blocks of {groups}", edit_random.join_blocks(self.draft, index))

    def regroup(self, index: int, columns: tuple[str, ...]) -> None:
        """Give a card other groups."""
        before, after = self.draft.random[index].grouping.label, GroupingFactor(columns).label
        spec = edit.set_grouping(self.draft, index, columns)
        self._store.edit_draft(f"Group by {after} instead of {before}", spec)

    def move_term(self, index: int, position: int) -> None:
        term = print_random(self.draft.random[index])
        spec = edit_random.move_term(self.draft, index, position)
        self._store.edit_draft(f"Move {term} {'up' if position < index else 'down'}", spec)


def _named(effect: Term) -> str:
    return "intercept" if effect == INTERCEPT else f"slope {effect.label}"
