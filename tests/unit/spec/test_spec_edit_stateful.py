"""Whatever a person does to a model, its formula is read back as that model."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mmgui.spec import edit, edit_random
from mmgui.spec.codec import decode_model, encode_model, spec_key
from mmgui.spec.coding import Coding, Contrast
from mmgui.spec.expression import Expression
from mmgui.spec.formula import parse, parse_term, print_model
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import INTERCEPT, Covariance, RandomTerm, Term

COLUMNS = st.sampled_from(["a", "b", "c", "d", "my var", "x|y", "größe"])
TEXTS = [
    "1",
    "a",
    "b",
    "c",
    "a:b",
    "b:a",
    "c:b:a",
    "a:d",
    "log(a)",
    "log(a):b",
    "poly(b, 2)",
    "I(a^2)",
    "`my var`",
]
TERMS = st.sampled_from([parse_term(text)[0] for text in TEXTS])
CARDS = st.integers(0, 3)


def _varies(random: RandomTerm, term: Term) -> bool:
    return any(term.same_effect(other) for other in random.effects)


class Mouse(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.spec = ModelSpec()

    @rule(name=st.none() | COLUMNS)
    def response(self, name: str | None) -> None:
        self.spec = edit.set_response(self.spec, name)

    @rule(term=TERMS)
    def add_fixed(self, term: Term) -> None:
        self.spec = edit.add_fixed(self.spec, term)
        assert term == INTERCEPT or any(t.same_effect(term) for t in self.spec.fixed)

    @rule(term=TERMS)
    def remove_fixed(self, term: Term) -> None:
        before = len(self.spec.fixed)
        self.spec = edit.remove_fixed(self.spec, term)
        assert not any(t.same_effect(term) for t in self.spec.fixed)
        assert len(self.spec.fixed) in (before, before - 1)

    @rule(a=TERMS, b=TERMS, with_main=st.booleans())
    def interact(self, a: Term, b: Term, with_main: bool) -> None:
        self.spec = edit.add_interaction(self.spec, a, b, with_main=with_main)

    @rule(on=st.booleans())
    def reml(self, on: bool) -> None:
        self.spec = edit.set_reml(self.spec, on)

    @precondition(lambda self: len(self.spec.random) < 4)
    @rule(columns=st.lists(COLUMNS, min_size=1, max_size=3))
    def add_grouping(self, columns: list[str]) -> None:
        self.spec = edit.add_grouping(self.spec, columns)

    @precondition(lambda self: self.spec.random)
    @rule(index=CARDS, inner=COLUMNS)
    def nest(self, index: int, inner: str) -> None:
        if len(self.spec.random) < 6:
            self.spec = edit.nest(self.spec, self.card(index), inner)

    @precondition(lambda self: self.spec.random)
    @rule(index=CARDS, columns=st.lists(COLUMNS, min_size=1, max_size=2))
    def regroup(self, index: int, columns: list[str]) -> None:
        self.spec = edit.set_grouping(self.spec, self.card(index), columns)

    @precondition(lambda self: self.spec.random)
    @rule(index=CARDS, term=TERMS)
    def add_slope(self, index: int, term: Term) -> None:
        self.spec = edit.add_slope(self.spec, self.card(index), term)
        assert any(t.same_effect(term) for t in self.spec.random[self.card(index)].effects)

    @precondition(lambda self: self.spec.random)
    @rule(index=CARDS, term=TERMS)
    def remove_slope(self, index: int, term: Term) -> None:
        self.spec = edit.remove_slope(self.spec, self.card(index), term)
        assert not any(t.same_effect(term) for t in self.spec.random[self.card(index)].effects)

    @precondition(lambda self: self.spec.random)
    @rule(index=CARDS, covariance=st.sampled_from(Covariance))
    def correlate(self, index: int, covariance: Covariance) -> None:
        self.spec = edit.set_covariance(self.spec, self.card(index), covariance)

    @precondition(lambda self: self.spec.random)
    @rule(index=CARDS)
    def remove_card(self, index: int) -> None:
        self.spec = edit.remove_random(self.spec, self.card(index))

    @precondition(lambda self: self.spec.random)
    @rule(source=CARDS, to=CARDS, effect=CARDS, copy=st.booleans())
    def move_effect(self, source: int, to: int, effect: int, copy: bool) -> None:
        a, b = self.card(source), self.card(to)
        effects = self.spec.random[a].effects
        if not effects:
            return
        term = effects[effect % len(effects)]
        before = self.pairs()
        self.spec = edit_random.move_effect(self.spec, a, b, term, copy=copy)
        gone = before - self.pairs()
        assert len(gone) <= (a != b and not copy)
        grouping = {random.grouping.columns for random in self.spec.random if _varies(random, term)}
        assert grouping

    @precondition(lambda self: self.spec.random)
    @rule(index=CARDS, effect=CARDS)
    def own_block(self, index: int, effect: int) -> None:
        card = self.card(index)
        effects = self.spec.random[card].effects
        if not effects or len(self.spec.random) > 6:
            return
        term = effects[effect % len(effects)]
        before, pairs = self.spec, self.pairs()
        self.spec = edit_random.own_block(self.spec, card, term)
        assert self.pairs() == pairs
        assert len(self.spec.random) == len(before.random) + (len(effects) > 1)
        blocks = edit_random.blocks_of(before, card)
        if len(blocks) == 1 and len(effects) > 2:
            again = edit_random.join_blocks(self.spec, card)
            # The order of the slopes is that in which they were met; the model is the same.
            assert len(again.random) == len(before.random)
            one, other = again.random[card], before.random[card]
            assert len(one.effects) == len(other.effects)
            assert all(_varies(other, effect) for effect in one.effects)
            assert (one.grouping, one.covariance) == (other.grouping, other.covariance)

    @precondition(lambda self: self.spec.random)
    @rule(index=CARDS)
    def join_blocks(self, index: int) -> None:
        card = self.card(index)
        groups, pairs = {r.grouping.label for r in self.spec.random}, self.pairs()
        self.spec = edit_random.join_blocks(self.spec, card)
        sets = [frozenset(r.grouping.columns) for r in self.spec.random]
        assert {r.grouping.label for r in self.spec.random} <= groups
        assert {(frozenset(g), e) for g, e in self.pairs()} == {(frozenset(g), e) for g, e in pairs}
        assert len(sets) >= len(set(sets))

    @precondition(lambda self: self.spec.random)
    @rule(index=CARDS, position=st.integers(-1, 7))
    def reorder(self, index: int, position: int) -> None:
        before, card = self.spec.random, self.card(index)
        self.spec = edit_random.move_term(self.spec, card, position)
        place = min(max(position, 0), len(before) - 1)
        assert self.spec.random[place] == before[card]
        assert (*before[:card], *before[card + 1 :]) == (
            *self.spec.random[:place],
            *self.spec.random[place + 1 :],
        )

    @rule(old=COLUMNS, new=COLUMNS)
    def rename(self, old: str, new: str) -> None:
        self.spec = edit.rename_column(self.spec, old, new)

    @rule(text=st.sampled_from(["b:a + a + b", "0 + c:b + a*b", "(a*b*c || d/c) + b", "(b:a + a || g/h)"]))
    def type_formula(self, text: str) -> None:
        self.spec = edit.with_formula(self.spec, f"y ~ {text}")

    @rule(column=COLUMNS, contrast=st.sampled_from(Contrast), reference=st.none() | st.sampled_from("uv"))
    def code(self, column: str, contrast: Contrast, reference: str | None) -> None:
        self.spec = edit.set_coding(self.spec, Coding(column, contrast, reference))

    @rule(column=COLUMNS)
    def uncode(self, column: str) -> None:
        self.spec = edit.remove_coding(self.spec, column)
        assert not any(c.column == column for c in self.spec.codings)

    def pairs(self) -> set[tuple[tuple[str, ...], frozenset[Expression]]]:
        """Which effect varies over which groups."""
        return {
            (random.grouping.columns, frozenset(effect.factors))
            for random in self.spec.random
            for effect in random.effects
        }

    def card(self, index: int) -> int:
        return index % len(self.spec.random)

    @invariant()
    def formula_is_read_back(self) -> None:
        text = print_model(self.spec)
        assert edit.with_formula(self.spec, text) == self.spec
        assert print_model(parse(text, partial=True)) == text

    @invariant()
    def session_keeps_the_model(self) -> None:
        again = decode_model(encode_model(self.spec))
        assert again == self.spec
        assert spec_key(again) == spec_key(self.spec)


Mouse.TestCase.settings = settings(max_examples=120, stateful_step_count=30, deadline=None, derandomize=True)
TestMouse = Mouse.TestCase
