"""Changes that concern several random terms at once: effects moved between cards, blocks apart and together.

As in ``spec.edit`` every function takes a model and gives the changed one, whose formula is read back as
that model. An index that names no random term raises IndexError.
"""

from __future__ import annotations

from dataclasses import replace

from mmgui.spec.edit import add_slope, random_term, remove_random, remove_slope, with_random_terms
from mmgui.spec.formula.term_order import arrange
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import RandomTerm, Term


def move_effect(spec: ModelSpec, source: int, target: int, effect: Term, *, copy: bool = False) -> ModelSpec:
    """The model in which an effect varies over the groups of another term, and of its own no more.

    A term that is left without an effect goes. With ``copy=True`` the effect stays where it was. Nothing
    changes if the two terms are one, or if the effect is none of the first term's.
    """
    held = _has(random_term(spec, source), effect)
    if source == target or not held:
        return spec
    moved = add_slope(spec, target, effect)
    if copy:
        return moved
    moved = remove_slope(moved, source, effect)
    return moved if moved.random[source].has_effects else remove_random(moved, source)


def own_block(spec: ModelSpec, index: int, effect: Term) -> ModelSpec:
    """The model in which an effect correlates with no other: ``(1 + x | g)`` made ``(1 | g) + (0 + x | g)``.

    The intercept's block comes before the term, any other right after it. Nothing changes if the effect is
    the term's only one, or none of its.
    """
    term = random_term(spec, index)
    if not _has(term, effect) or len(term.effects) < 2:
        return spec
    if effect.order == 0:
        pair = (RandomTerm(term.grouping, joined=term.joined), replace(term, intercept=False).settled())
    else:
        kept = tuple(slope for slope in term.slopes if not slope.same_effect(effect))
        pair = (
            replace(term, slopes=kept).settled(),
            RandomTerm(term.grouping, intercept=False, slopes=(effect,)),
        )
    return with_random_terms(spec, (*spec.random[:index], *pair, *spec.random[index + 1 :]))


def blocks_of(spec: ModelSpec, index: int) -> tuple[int, ...]:
    """Positions of all terms of this term's groups, itself among them, however their columns are ordered."""
    groups = set(random_term(spec, index).grouping.columns)
    return tuple(k for k, term in enumerate(spec.random) if set(term.grouping.columns) == groups)


def join_blocks(spec: ModelSpec, index: int) -> ModelSpec:
    """The model in which all terms of these groups are one, at the place of the first.

    Their effects vary together as those of the term that had most of them did, which is the first of such.
    """
    blocks = blocks_of(spec, index)
    terms = [spec.random[k] for k in blocks]
    most = max(terms, key=lambda term: len(term.effects))
    joined = replace(
        terms[0],
        intercept=any(term.intercept for term in terms),
        slopes=arrange(slope for term in terms for slope in term.slopes),
        covariance=most.covariance,
    ).settled()
    kept = ((k, joined if k == blocks[0] else term) for k, term in enumerate(spec.random))
    return with_random_terms(spec, tuple(term for k, term in kept if k not in blocks[1:]))


def move_term(spec: ModelSpec, index: int, position: int) -> ModelSpec:
    """The model with a random term at another place of the formula, the nearest there is."""
    term = random_term(spec, index)
    others = [*spec.random[:index], *spec.random[index + 1 :]]
    others.insert(min(max(position, 0), len(others)), term)
    return with_random_terms(spec, tuple(others))


def _has(term: RandomTerm, effect: Term) -> bool:
    return any(effect.same_effect(other) for other in term.effects)
