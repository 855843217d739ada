"""Rules about what may stand to the right of the bar (G8, G9, G11)."""

from __future__ import annotations

from collections.abc import Iterator

from mmgui.advice.before import remedies
from mmgui.advice.before.grouping_kind import Evidence, conditions, counts_up, is_quantity, looks_measured
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.advice.rule import Rule
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.data.kinds import AMOUNTS, words_of
from mmgui.data.table import Kind
from mmgui.spec import edit
from mmgui.spec.expression import Name, columns_of
from mmgui.spec.formula import print_random
from mmgui.spec.terms import Term


def measurement(facts: DesignFacts) -> Iterator[Finding]:
    """G8: a grouping factor that is a number with fractions, or of which most values are different.

    The share is ``THRESHOLDS.measured_share``. It moves to the left of the bar where another grouping factor
    has several of its values in a group.
    """
    for index, term in enumerate(facts.spec.random):
        if len(term.grouping.columns) > 1:
            continue
        (name,) = term.grouping.columns
        if not looks_measured(facts.table[name], facts.rows):
            continue
        values = facts.groups((name,)).count
        yield Finding(
            "G8",
            Severity.WARNING,
            f"{name} looks like a measurement: {values:,} different values in {facts.rows.count:,} rows. "
            "To the right of the bar each value is a label of its own, and that some lie closer is lost.",
            (name,),
            tuple(_as_predictor(facts, index, name)),
            (index,),
        )


def _as_predictor(facts: DesignFacts, index: int, name: str) -> Iterator[Fix]:
    spec = facts.spec
    response = () if spec.response is None else tuple(columns_of(spec.response))
    if name not in response:
        for term in spec.random:
            groups = term.grouping.columns
            if name not in groups and facts.varies((name,), groups).within:
                yield remedies.moved_left(spec, index, name, groups)
                break
        fixed = edit.add_fixed(edit.remove_random(spec, index), Term((Name(name),)))
        if fixed.fixed != spec.fixed:
            yield Fix(f"Make {name} a fixed effect", fixed)
    yield remedies.removed(spec, index)


def ordered_number(facts: DesignFacts) -> Iterator[Finding]:
    """G9: a number whose order means something among the columns of a grouping interaction.

    ``(1 | age:Subj)`` gives a level to each combination and is accepted by every program, but right of the
    bar stand combinations of categories, and how a person changes with age is ``(1 + age | Subj)`` (Chen, of
    AFNI, in the forum thread of seed 000, where age has two values a person).
    """
    spec = facts.spec
    for index, term in enumerate(spec.random):
        columns = term.grouping.columns
        numbers = [c for c in columns if is_quantity(facts, c, tuple(o for o in columns if o != c))]
        rest = tuple(c for c in columns if c not in numbers)
        if not numbers or not rest:
            continue
        number, unit = numbers[0], ":".join(rest)
        column = facts.table[number]
        names = set(words_of(number)) & AMOUNTS or not counts_up(column, facts.rows)
        only = "" if names else f" If the numbers of {number} are only names, make it a category."
        yield Finding(
            "G9",
            Severity.WARNING,
            f"{print_random(term)} gives each {unit} a separate level at each value of {number}, as if "
            f"these had no order: it is no slope of {number}. To the right of the bar belong combinations of "
            f"categories.{only}",
            (term.grouping.label, number),
            tuple(_as_slope(facts, index, number)),
            (index,),
        )


def _as_slope(facts: DesignFacts, index: int, number: str) -> Iterator[Fix]:
    onto = tuple(c for c in facts.spec.random[index].grouping.columns if c != number)
    enough = facts.groups(onto).count >= THRESHOLDS.very_few_groups
    if enough and facts.varies((number,), onto).within:
        yield remedies.moved_left(facts.spec, index, number, onto)
    yield remedies.removed(facts.spec, index)


def sampled_conditions(facts: DesignFacts) -> Iterator[Finding]:
    """G11: conditions as a grouping factor: not a sample from a population of conditions.

    It fires for one column of at most ``THRESHOLDS.condition_levels`` labels that is no id, met by nearly
    every unit (``crossed_share``) of another grouping factor that has more groups and is an id or has at
    least twice as many. No table says what an experimenter set. The name is strong evidence and makes it a
    warning; labels that are words and not a series make it information; samples A to F of Penicillin,
    crossed with every plate in the same way, make it silent.
    """
    for index, term in enumerate(facts.spec.random):
        if len(term.grouping.columns) > 1:
            continue
        (name,) = term.grouping.columns
        levels = facts.groups((name,)).count
        evidence = conditions(facts.table[name], levels)
        units = [t.grouping.columns for t in facts.spec.random if name not in t.grouping.columns]
        met = [u for u in units if _met_by_every(facts, name, levels, u)]
        if not evidence or levels < 2 or not met:
            continue
        first = next(k for k, t in enumerate(facts.spec.random) if t.grouping.columns == (name,))
        if index != first:
            continue
        shown = ", ".join(facts.table[name].levels[:3]) + (", …" if levels > 3 else "")
        told = "is a set of conditions" if evidence is Evidence.STRONG else "looks like a set of conditions"
        yield Finding(
            "G11",
            Severity.WARNING if evidence is Evidence.STRONG else Severity.INFO,
            f"{name} ({shown}) {told} that every {':'.join(met[0])} meets, not a sample from a population of "
            f"such: {print_random(term)} estimates how much conditions vary, from {levels} of them.",
            (name,),
            (remedies.made_fixed(facts.spec, facts.table, index), remedies.removed(facts.spec, index)),
            tuple(k for k, t in enumerate(facts.spec.random) if t.grouping.columns == (name,)),
        )


def _met_by_every(facts: DesignFacts, name: str, levels: int, unit: tuple[str, ...]) -> bool:
    units = facts.groups(unit).count
    is_id = any(facts.table[c].kind is Kind.ID for c in unit)
    if units <= levels or not (is_id or units >= THRESHOLDS.more_units * levels):
        return False
    cells = facts.groups((name, *unit)).count
    return cells >= THRESHOLDS.crossed_share * units * levels


RULES: dict[str, Rule] = {"G8": measurement, "G9": ordered_number, "G11": sampled_conditions}
