"""Structures for a design: the template that fits it, and beside it what others would choose.

Source: G. Chen, “How to specify individual-level (random) effects in hierarchical modeling” (AFNI, 3dLMEr):
templates 1, 1.A, 1.B, 2, 2 with a quantity, 3, and their continuation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mmgui.advice import template_words as words
from mmgui.advice.carried_structure import Carried, carried, parameters_of
from mmgui.advice.design_questions import Design, replicates
from mmgui.advice.suggestion import Suggestion
from mmgui.advice.template_terms import crossed_terms, fixed_terms, joined, maximal_term
from mmgui.advice.unit_plan import UnitPlan, can_vary, unit_plans
from mmgui.data.derive import with_derived
from mmgui.data.table import Table
from mmgui.spec.coding import coded_columns
from mmgui.spec.derived import Derivation, DerivedColumn, derived_column
from mmgui.spec.expression import Name, columns_of
from mmgui.spec.model import ModelSpec
from mmgui.spec.terms import GroupingFactor, RandomTerm
from mmgui.words import listed_all

MOST_FACTORS = 6
"""Factors within the unit beyond which a template is not laid out: seven would make 127 random terms."""

MOST_PARAMETERS = 300
"""Variances and covariances beyond which the maximal structure is told of but not laid out."""

Columns = tuple[str, ...]


def templates(
    design: Design, table: Table, base: ModelSpec | None = None, derived: tuple[DerivedColumn, ...] = ()
) -> tuple[Suggestion, ...]:
    """The structures that fit a design, the recommended one first.

    Parameters
    ----------
    design
        What was said about the rows; its columns are in the table.
    table
        The table, derived columns made.
    base
        The model being built: its estimation, weights and contrasts stay, and a transformation of the
        response.
    derived
        The derived columns that the table has already.

    Returns
    -------
    tuple of Suggestion
        The template; the template without slopes; the maximal structure; intercepts alone. Each as far as
        the data carry it and different from those before it; none without a response or a unit, or with
        more than six factors.

    Raises
    ------
    DataError
        ``unknown_column``, or as :func:`mmgui.data.derive.with_derived`.
    """
    if not design.response or not design.unit or len(design.within_factors) > MOST_FACTORS:
        return ()
    centred = _centred(design, table, derived)
    ready = with_derived(table, (d for d in centred if d.name not in table))
    named = {q: q for q in design.within_quantities} | {d.column: d.name for d in centred}
    quantities = tuple(named[q] for q in design.within_quantities)
    plans, base = unit_plans(design, ready, quantities), base or ModelSpec()
    start = _start(design, base, quantities, named)
    out: list[Suggestion] = []
    for kind, random in _structures(plans, ready):
        spec = _with_codings(replace(start, random=joined(random)), base)
        asked = (parameters_of(spec, ready) or 0) if kind == "maximal" and out else 0
        known = asked > MOST_PARAMETERS or any(s.spec == spec for s in out)
        found = Carried(spec) if known else carried(spec, ready)
        if asked > MOST_PARAMETERS:
            out[0] = _beyond(out[0], asked)
        elif any(s.spec == found.spec for s in out):
            out = [_also(s, kind, found, plans) if s.spec == found.spec else s for s in out]
        elif found.spec.random:
            out.append(_suggestion(kind, design, plans, found, table, centred))
    return tuple(out)


def _beyond(suggestion: Suggestion, asked: int) -> Suggestion:
    """The template, which tells how much the maximal structure would ask for."""
    return replace(suggestion, cautions=(*suggestion.cautions, words.beyond(asked)))


def _also(suggestion: Suggestion, kind: str, found: Carried, plans: tuple[UnitPlan, ...]) -> Suggestion:
    """A suggestion that another structure turned out to be, too."""
    within = any(p.factors or p.quantities for p in plans)
    if not suggestion.recommended or kind == "no slopes" or not within:
        return suggestion
    sentence = words.also(kind, bool(found.left_out))
    return replace(suggestion, reasons=(*suggestion.reasons, sentence))


def _structures(plans: tuple[UnitPlan, ...], table: Table) -> Iterator[tuple[str, list[RandomTerm]]]:
    def crossed(plan: UnitPlan, *, sloped: bool) -> tuple[RandomTerm, ...]:
        def slopes(columns: Columns) -> Columns:
            return tuple(q for q in plan.quantities if sloped and can_vary(table, q, columns))

        return crossed_terms(plan.columns, plan.factors, replicated=plan.replicated, slopes=slopes)

    yield "template", [t for p in plans for t in crossed(p, sloped=True)]
    if any(p.factors for p in plans):
        yield "no slopes", [t for p in plans for t in crossed(p, sloped=False)]
    yield "maximal", [maximal_term(p.columns, p.factors, p.quantities) for p in plans]
    yield "intercepts", [RandomTerm(GroupingFactor(p.columns)) for p in plans]


def _centred(design: Design, table: Table, derived: tuple[DerivedColumn, ...]) -> tuple[DerivedColumn, ...]:
    """The centred quantities, those that the table has already under the name they have."""
    if not design.centred or not design.within_factors:
        return ()
    out: list[DerivedColumn] = []
    for quantity in design.within_quantities:
        made = derived_column(Derivation.CENTER, quantity, design.within_factors, table.names)
        known = (d for d in derived if replace(d, name=made.name) == made and d.name in table)
        out.append(next(known, made))
    return tuple(out)


def _start(design: Design, base: ModelSpec, quantities: Columns, named: dict[str, str]) -> ModelSpec:
    """The model without random effects."""
    own = base.response is not None and set(columns_of(base.response)) == {design.response}
    interactions = [(b, named.get(w, w)) for b, w in design.interactions if b in design.between]
    within = {*design.within_factors, *quantities}
    return ModelSpec(
        response=base.response if own else Name(design.response),
        fixed=fixed_terms(
            design.within_factors, quantities, design.between, [p for p in interactions if p[1] in within]
        ),
        weights=base.weights,
        reml=base.reml,
    )


def _with_codings(spec: ModelSpec, base: ModelSpec) -> ModelSpec:
    coded = coded_columns(spec.effects())
    return replace(spec, codings=tuple(c for c in base.codings if c.column in coded))


def _suggestion(
    kind: str,
    design: Design,
    plans: tuple[UnitPlan, ...],
    found: Carried,
    table: Table,
    centred: tuple[DerivedColumn, ...],
) -> Suggestion:
    template = kind == "template"
    title = words.template_title(design)
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    if template:
        cells = replicates(design, table)[1]
        reasons = tuple(words.template_reasons(design, plans, found.spec, cells))
        cautions = ()
    else:
        titles = {
            "no slopes": f"The same without slopes of {listed_all(design.within_quantities)}",
            "maximal": "Maximal: every effect within a unit differs",
            "intercepts": "Parsimonious: a level for each unit, nothing more",
        }
        title = titles[kind]
        pair = {
            "no slopes": lambda: words.no_slope_words(design),
            "maximal": lambda: words.maximal_words(design, found.spec),
            "intercepts": lambda: words.intercept_words(design),
        }[kind]()
        reasons, cautions = (pair[0],), (pair[1],)
    reasons += tuple(words.centring(centred))
    cautions += tuple(words.offer_of_centring(design)) if template else ()
    return Suggestion(
        id=f"template {words.template_id(design)}" if template else kind,
        title=title,
        spec=found.spec,
        derived=tuple(d for d in centred if d.name not in table),
        reasons=reasons,
        cautions=(*cautions, *(c for c in found.cautions if c not in cautions)),
        recommended=template,
        parameters=found.parameters,
        left_out=found.left_out,
        blocked=found.blocked,
    )
