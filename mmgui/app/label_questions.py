"""Whether a label that recurs in several larger units names one thing or many: asked once, answered once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mmgui.advice.before.nesting_rules import RULES
from mmgui.advice.finding import Finding, Fix
from mmgui.advice.relations import relation_of
from mmgui.app.model_outline import facts_of
from mmgui.app.store import Store
from mmgui.data.relation import Relation
from mmgui.data.table import Table
from mmgui.errors import DataError
from mmgui.spec.document import Answer
from mmgui.spec.edit import set_grouping
from mmgui.spec.model import ModelSpec

_RULE = "N1"
_RULE_OF_PAIRS = RULES[_RULE]


@dataclass(frozen=True, slots=True)
class LabelQuestion:
    """One pair of factors whose labels leave open how they lie.

    Attributes
    ----------
    inner, outer
        Their names, and the random-effects terms that group by them.
    label, one, other
        A label of ``inner`` and two groups of ``outer`` that hold it.
    different, same
        What each answer does; None where the model has the nested factor already.
    apart
        The model with the two factors crossed, where they are nested now; else None.
    """

    inner: str
    outer: str
    inner_term: int
    outer_term: int
    label: str
    one: str
    other: str
    different: Fix | None = None
    same: Fix | None = None
    apart: ModelSpec | None = None

    @property
    def about(self) -> tuple[str, str]:
        """The two factors in alphabetical order, as an answer keeps them."""
        first, second = sorted((self.inner, self.outer))
        return first, second


def label_questions(spec: ModelSpec, table: Table) -> tuple[LabelQuestion, ...]:
    """The questions that a model leaves open, then those that it answers by nesting the factors."""
    facts = facts_of(spec, table)
    if facts is None:
        return ()
    terms = {term.grouping.label: k for k, term in reversed(list(enumerate(spec.random)))}
    asked = [_open(finding, terms, table, spec) for finding in _RULE_OF_PAIRS(facts)]
    return (*(q for q in asked if q is not None), *_nested(spec, table))


def _open(finding: Finding, terms: dict[str, int], table: Table, spec: ModelSpec) -> LabelQuestion | None:
    inner, outer = finding.about
    if inner not in terms or outer not in terms:
        return None
    found = _relation(table, *(spec.random[terms[name]].grouping.columns for name in (outer, inner)))
    if found is None or found.example is None:
        return None
    different = next((f for f in finding.fixes if not f.reply), None)
    same = next((f for f in finding.fixes if f.reply), None)
    return LabelQuestion(inner, outer, terms[inner], terms[outer], *found.example, different, same)


def _nested(spec: ModelSpec, table: Table) -> tuple[LabelQuestion, ...]:
    """Where the model says ``a:b`` inside ``a`` and the labels of b alone would leave both open."""
    out = []
    singles = {term.grouping.columns for term in spec.random}
    for k, term in enumerate(spec.random):
        for j, outer in enumerate(spec.random):
            columns = outer.grouping.columns
            rest = tuple(c for c in term.grouping.columns if c not in columns)
            inside = set(columns) < set(term.grouping.columns)
            if not inside or len(rest) != 1 or rest in singles:
                continue
            found = _relation(table, columns, rest)
            if found is not None and found.example is not None and found.inner == rest[0]:
                apart = set_grouping(spec, k, rest)
                apart = replace(apart, random=tuple(replace(r, joined=False) for r in apart.random))
                out.append(LabelQuestion(rest[0], outer.grouping.label, k, j, *found.example, apart=apart))
    return tuple(out)


def _relation(table: Table, a: tuple[str, ...], b: tuple[str, ...]) -> Relation | None:
    try:
        found = relation_of(table, a, b)
    except DataError:
        return None
    return found if found.may_be_nested else None


class LabelAnswers:
    """What was answered, and what an answer changes; every answer is one undo step."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def is_same(self, question: LabelQuestion) -> bool:
        """Whether the person said that the label is the same thing everywhere."""
        answers = self._store.document.answers
        return any(a.question == _RULE and a.about == question.about and a.reply == "same" for a in answers)

    def say_different(self, question: LabelQuestion) -> None:
        """Nest the inner factor in the outer one."""
        fix = question.different
        if fix is not None:
            self._store.edit_draft(fix.label, fix.spec, derived=fix.derived)

    def say_same(self, question: LabelQuestion) -> None:
        """Leave the two crossed, and ask no more."""
        if question.same is not None:
            self._store.answer(question.same.label, Answer(_RULE, question.about, "same"))

    def ask_again(self, question: LabelQuestion) -> None:
        """Take an answer back."""
        label = f"Ask again about {question.inner} in {question.outer}"
        document = self._store.document
        left = tuple(a for a in document.answers if (a.question, a.about) != (_RULE, question.about))
        draft = document.draft if question.apart is None else question.apart
        self._store.edit(label, replace(document, answers=left, draft=draft))
