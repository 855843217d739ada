"""The terms of a template: what is fixed, and which combinations of the unit and its factors differ.

Source: G. Chen, “How to specify individual-level (random) effects in hierarchical modeling” (AFNI, 3dLMEr).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations

from mmgui.spec.formula.term_order import arrange
from mmgui.spec.terms import GroupingFactor, RandomTerm, Term, interaction, variable

Columns = tuple[str, ...]


def crossed_groups(factors: Columns, *, replicated: bool) -> tuple[Columns, ...]:
    """The combinations of factors with which a unit is crossed, the fewest first.

    Every proper subset of the factors, the empty one being the unit itself; all of them together only
    where their cells are replicated, since that term is the residual otherwise.

    Parameters
    ----------
    factors
        The factors that vary within the unit.
    replicated
        Whether a unit has several rows under one combination of them.

    Returns
    -------
    tuple of tuples
        2^k - 1 of them for k factors, 2^k with replicates; the empty one alone without factors.
    """
    most = len(factors) if replicated else max(len(factors) - 1, 0)
    return tuple(subset for k in range(most + 1) for subset in combinations(factors, k))


def product(names: Columns) -> tuple[Term, ...]:
    """What ``a * b * c`` stands for, in R's order: a, b, a:b, c, a:c, b:c, a:b:c."""
    subsets: list[Columns] = []
    for name in names:
        subsets += [(name,), *((*earlier, name) for earlier in subsets)]
    return tuple(interaction(*subset) for subset in subsets)


def fixed_terms(
    factors: Columns, quantities: Columns, between: Columns, interactions: Iterable[tuple[str, str]]
) -> tuple[Term, ...]:
    """``A * B * x``: the factors with all their interactions, each quantity with all of these.

    Without factors quantities stand beside each other. Variables between units follow as main effects,
    with those interactions with a variable within them that are wanted.
    """
    terms = [*product(factors)]
    for quantity in quantities:
        terms += product((*factors, quantity)) if factors else (variable(quantity),)
    terms += [variable(name) for name in between]
    terms += [interaction(within, name) for name, within in interactions]
    return arrange(terms)


def crossed_terms(
    unit: Columns, factors: Columns, *, replicated: bool, slopes: Callable[[Columns], Columns]
) -> tuple[RandomTerm, ...]:
    """``(1 | Subj) + (1 | A:Subj) + (1 | B:Subj)``, with the slopes that each grouping can carry.

    Parameters
    ----------
    unit
        The columns of the unit.
    factors, replicated
        As in :func:`crossed_groups`.
    slopes
        The quantities whose effect may differ between these groups.
    """
    out = []
    for subset in crossed_groups(factors, replicated=replicated):
        columns = (*subset, *(name for name in unit if name not in subset))
        terms = tuple(variable(name) for name in slopes(columns))
        out.append(RandomTerm(GroupingFactor(columns), slopes=terms))
    return tuple(out)


def maximal_term(unit: Columns, factors: Columns, quantities: Columns) -> RandomTerm:
    """``(1 + A * B * x | Subj)``: every effect within the unit differs, all of them free to correlate."""
    return RandomTerm(GroupingFactor(unit), slopes=fixed_terms(factors, quantities, (), ()))


def joined(terms: Iterable[RandomTerm]) -> tuple[RandomTerm, ...]:
    """The terms without repeats, those of ``a`` and ``a:b`` written as ``a/b``."""
    out: list[RandomTerm] = []
    for term in terms:
        if term not in out:
            out.append(term.joined_to(out[-1]) if out else term)
    return tuple(out)
