"""The changes a person makes to a model by mouse: each takes a model and gives the changed one.

Every function leaves the model in the order in which its own formula is read back, and none changes
what it was not asked to change. An ``index`` that names no random term raises IndexError.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mmgui.spec.coding import Coding, coded_columns
from mmgui.spec.expression import Binary, Call, Expression, Name, Negate, Number, is_constant
from mmgui.spec.formula.parser import parse
from mmgui.spec.formula.term_order import arrange
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import Covariance, GroupingFactor, RandomTerm, Term


def with_formula(spec: ModelSpec, text: str, *, partial: bool = True) -> ModelSpec:
    """The model a formula describes, with the estimation, the weights and the codings of ``spec``.

    No formula holds these. The coding of a factor that the formula has taken out is dropped.

    Raises
    ------
    FormulaError
        As ``parse`` does.
    """
    read = replace(parse(text, partial=partial), reml=spec.reml, weights=spec.weights, codings=spec.codings)
    return without_codings_of_removed(spec, read)


def set_response(spec: ModelSpec, response: str | Expression | None) -> ModelSpec:
    """The model with this response: a column's name, an expression, or None for none yet."""
    return replace(spec, response=Name(response) if isinstance(response, str) else response)


def set_intercept(spec: ModelSpec, on: bool) -> ModelSpec:
    """The model with or without a fixed intercept."""
    return replace(spec, intercept=on)


def set_reml(spec: ModelSpec, on: bool) -> ModelSpec:
    """The model to be fitted by REML, or by ML."""
    return replace(spec, reml=on)


def set_weights(spec: ModelSpec, name: str | None) -> ModelSpec:
    """The model with this column of prior weights, or without."""
    return replace(spec, weights=name)


def set_coding(spec: ModelSpec, coding: Coding) -> ModelSpec:
    """The model with these contrasts and this reference level of a factor, in place of those it had.

    What a factor has of which nothing is chosen, treatment contrasts against its first level, is no choice.
    """
    kept = [other for other in spec.codings if other.column != coding.column]
    chosen = kept if coding.usual else [*kept, coding]
    return replace(spec, codings=tuple(sorted(chosen, key=lambda c: c.column)))


def remove_coding(spec: ModelSpec, column: str) -> ModelSpec:
    """The model with treatment contrasts against the first level of this factor."""
    return replace(spec, codings=tuple(c for c in spec.codings if c.column != column))


def add_offset(spec: ModelSpec, expression: Expression) -> ModelSpec:
    """The model with one more offset; one that is there already is not added again."""
    return replace(spec, offset=tuple(dict.fromkeys((*spec.offset, expression))))


def remove_offset(spec: ModelSpec, expression: Expression) -> ModelSpec:
    """The model without this offset."""
    return replace(spec, offset=tuple(e for e in spec.offset if e != expression))


def add_fixed(spec: ModelSpec, *terms: Term) -> ModelSpec:
    """The model with these fixed effects too, each once; the intercept's term switches the intercept on."""
    return replace(
        spec,
        intercept=spec.intercept or any(t.order == 0 for t in terms),
        fixed=arrange((*spec.fixed, *terms)),
    )


def remove_fixed(spec: ModelSpec, term: Term) -> ModelSpec:
    """The model without this fixed effect; the interactions it takes part in stay, as in R."""
    if term.order == 0:
        return set_intercept(spec, False)
    return without_codings_of_removed(spec, replace(spec, fixed=arrange(_without(spec.fixed, term))))


def add_interaction(spec: ModelSpec, a: Term, b: Term, *, with_main: bool = True) -> ModelSpec:
    """The model with the interaction of two fixed effects, and with the two themselves, as ``a*b``.

    With ``with_main=False`` the interaction alone is added, as ``a:b``.
    """
    both = Term(tuple(dict.fromkeys((*a.factors, *b.factors))))
    return add_fixed(spec, a, b, both) if with_main else add_fixed(spec, both)


def add_grouping(spec: ModelSpec, columns: Iterable[str]) -> ModelSpec:
    """The model with one more random term at the end: an intercept that differs between these groups."""
    return replace(spec, random=(*spec.random, RandomTerm(GroupingFactor(_once(columns)))))


def remove_random(spec: ModelSpec, index: int) -> ModelSpec:
    """The model without this random term."""
    random_term(spec, index)
    return without_codings_of_removed(
        spec, with_random_terms(spec, spec.random[:index] + spec.random[index + 1 :])
    )


def with_random_terms(spec: ModelSpec, cards: tuple[RandomTerm, ...]) -> ModelSpec:
    """The model with these random terms; a term stays joined only to one whose groups it divides."""
    kept: list[RandomTerm] = []
    for card in cards:
        follows = bool(kept) and card.divides(kept[-1])
        kept.append(replace(card, joined=card.joined and follows))
    return replace(spec, random=tuple(kept))


def set_grouping(spec: ModelSpec, index: int, columns: Iterable[str]) -> ModelSpec:
    """The model with other groups in this random term."""
    return _with_card(spec, index, replace(random_term(spec, index), grouping=GroupingFactor(_once(columns))))


def nest(spec: ModelSpec, index: int, inner: str) -> ModelSpec:
    """The model with ``a`` made ``a/b``: after the term of a, one of a:b in which the same effects vary.

    Nothing changes if the term's groups are already made with ``inner``.
    """
    outer = random_term(spec, index)
    if inner in outer.grouping.columns:
        return spec
    term = replace(outer, grouping=GroupingFactor((*outer.grouping.columns, inner)), joined=True)
    return with_random_terms(spec, (*spec.random[: index + 1], term, *spec.random[index + 1 :]))


def set_random_intercept(spec: ModelSpec, index: int, on: bool) -> ModelSpec:
    """The model whose level does, or does not, differ between this term's groups."""
    return _with_card(spec, index, replace(random_term(spec, index), intercept=on))


def add_slope(spec: ModelSpec, index: int, term: Term) -> ModelSpec:
    """The model in which this effect too differs between the term's groups."""
    card = random_term(spec, index)
    if term.order == 0:
        return set_random_intercept(spec, index, True)
    return _with_card(spec, index, replace(card, slopes=arrange((*card.slopes, term))))


def remove_slope(spec: ModelSpec, index: int, term: Term) -> ModelSpec:
    """The model in which this effect is the same in all of the term's groups."""
    card = random_term(spec, index)
    if term.order == 0:
        return set_random_intercept(spec, index, False)
    changed = _with_card(spec, index, replace(card, slopes=arrange(_without(card.slopes, term))))
    return without_codings_of_removed(spec, changed)


def set_covariance(spec: ModelSpec, index: int, covariance: Covariance) -> ModelSpec:
    """The model in which this term's effects vary together so.

    A term with fewer than two effects has nothing that could be correlated and stays unstructured.
    """
    return _with_card(spec, index, replace(random_term(spec, index), covariance=covariance))


def rename_column(spec: ModelSpec, old: str, new: str) -> ModelSpec:
    """The model with a column called otherwise, wherever it is read."""

    def renamed(expression: Expression) -> Expression:
        return _renamed(expression, old, new)

    def terms(given: Iterable[Term]) -> tuple[Term, ...]:
        return arrange(Term(tuple(renamed(f) for f in term.factors)) for term in given)

    def card(term: RandomTerm) -> RandomTerm:
        columns = _once(new if name == old else name for name in term.grouping.columns)
        return replace(term, grouping=GroupingFactor(columns), slopes=terms(term.slopes)).settled()

    return with_random_terms(
        replace(
            spec,
            response=None if spec.response is None else renamed(spec.response),
            fixed=terms(spec.fixed),
            offset=tuple(dict.fromkeys(renamed(e) for e in spec.offset)),
            weights=new if spec.weights == old else spec.weights,
            codings=_renamed_codings(spec.codings, old, new),
        ),
        tuple(card(term) for term in spec.random),
    )


def _renamed_codings(codings: Iterable[Coding], old: str, new: str) -> tuple[Coding, ...]:
    """The codings with a column called otherwise; where there are two then, the one of that name stays."""
    named = {c.column: c for c in codings if c.column != old}
    for coding in codings:
        if coding.column == old:
            named.setdefault(new, replace(coding, column=new))
    return tuple(named[column] for column in sorted(named))


def without_codings_of_removed(before: ModelSpec, after: ModelSpec) -> ModelSpec:
    """``after`` without the codings of factors that are in effects of ``before`` alone."""
    if not before.codings:
        return after
    gone = coded_columns(before.effects()) - coded_columns(after.effects())
    return replace(after, codings=tuple(c for c in after.codings if c.column not in gone))


def _renamed(expression: Expression, old: str, new: str) -> Expression:
    match expression:
        case Name(name):
            return Name(new) if name == old else expression
        case Number():
            return expression
        case Negate(operand):
            return Negate(_renamed(operand, old, new))
        case Binary(operator, left, right):
            return Binary(operator, _renamed(left, old, new), _renamed(right, old, new))
        case Call(function, arguments, keywords):
            options = (o if is_constant(o) else _renamed(o, old, new) for o in arguments[1:])
            return Call(function, (_renamed(arguments[0], old, new), *options), keywords)


def random_term(spec: ModelSpec, index: int) -> RandomTerm:
    """The random term at this place."""
    if not 0 <= index < len(spec.random):
        raise IndexError(f"There is no random term {index} among {len(spec.random)}.")
    return spec.random[index]


def _with_card(spec: ModelSpec, index: int, card: RandomTerm) -> ModelSpec:
    return with_random_terms(spec, (*spec.random[:index], card.settled(), *spec.random[index + 1 :]))


def _without(terms: Iterable[Term], term: Term) -> list[Term]:
    return [other for other in terms if not other.same_effect(term)]


def _once(columns: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(columns))
