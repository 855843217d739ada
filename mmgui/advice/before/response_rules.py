"""Rules about the response: no number at all (Y1), or one that a normal distribution hardly suits (Y2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from mmgui.advice.before.model_rules import response_is_no_number
from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding, Severity
from mmgui.advice.predictor_facts import FloatArray, numbers, usable_terms
from mmgui.advice.rule import Rule
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.spec.expression import columns_of, show
from mmgui.spec.formula import print_random


def other_distribution(facts: DesignFacts) -> Iterator[Finding]:
    """Y2: a response of two values, of counts, of proportions near their ends, or of a few ratings.

    Counts are whole numbers from 0 with a small mean, skewed to the right, whose variance is near the mean
    or, with a long tail, above it; scores that happen to be whole numbers are none.
    """
    expression = facts.spec.response
    if expression is None:
        return
    y = numbers(facts, expression)
    if y is None or y.size < 3 or y.min() == y.max():
        return
    for kind, severity in _KINDS:
        what = kind(y)
        if what:
            about = tuple(dict.fromkeys(columns_of(expression)))
            yield Finding("Y2", severity, f"{show(expression)} {what}", about)
            return


def one_value_a_group(facts: DesignFacts) -> Iterator[Finding]:
    """Y1 of a response that is constant within the groups of an intercept: that reproduces it exactly.

    As where the score of a questionnaire stands beside each of its items; the likelihood has no maximum.
    """
    expression = facts.spec.response
    columns = () if expression is None else tuple(dict.fromkeys(columns_of(expression)))
    if expression is None or not columns or numbers(facts, expression) is None:
        return
    for index in usable_terms(facts):
        term = facts.spec.random[index]
        groups = facts.groups(term.grouping.columns).count
        if (
            not term.intercept
            or not 1 < groups < facts.rows.count
            or set(columns) & set(term.grouping.columns)
        ):
            continue
        if facts.varies(columns, term.grouping.columns).within or facts.groups(columns).count < 2:
            continue
        label = term.grouping.label
        yield Finding(
            "Y1",
            Severity.ERROR,
            f"Each {label} has one value of {show(expression)}, so {print_random(term)} reproduces it "
            f"exactly and nothing is left over; use a table with one row for each {label}, or another "
            "response.",
            (*columns, label),
            terms=(index,),
        )
        return


def _response(facts: DesignFacts) -> Iterator[Finding]:
    yield from response_is_no_number(facts)
    yield from one_value_a_group(facts)


def _two_values(y: FloatArray) -> str:
    low, high = float(y.min()), float(y.max())
    if not np.all((y == low) | (y == high)):
        return ""
    return (
        f"has two values only, {low:g} and {high:g}. A linear mixed model fits it all the same, but its "
        "predictions may leave that range and its standard errors assume one spread; a logistic mixed model "
        "suits it better."
    )


def _counts(y: FloatArray) -> str:
    if not (_whole(y) and y.min() == 0.0 and _spread_like_counts(y)):
        return ""
    return (
        f"looks like counts: whole numbers from 0 to {y.max():g} with mean {y.mean():.3g} and variance "
        f"{y.var(ddof=1):.3g}. Their spread grows with their size, which a linear mixed model leaves out; a "
        "Poisson or negative binomial mixed model, or the square root of the counts, suits them better."
    )


def _spread_like_counts(y: FloatArray) -> bool:
    mean, variance = float(y.mean()), float(y.var(ddof=1))
    ratio, skewness = variance / mean, float(np.mean((y - mean) ** 3) / variance**1.5)
    if ratio > THRESHOLDS.count_dispersion:
        many_zeros = float(np.mean(y == 0.0)) >= THRESHOLDS.count_zeros
        return skewness > THRESHOLDS.count_skewness * (0.5 if many_zeros else 1.0)
    few = mean < THRESHOLDS.count_mean
    return few and ratio >= 1.0 / THRESHOLDS.count_dispersion and skewness > 0.0


def _proportions(y: FloatArray) -> str:
    low, high, edge = float(y.min()), float(y.max()), THRESHOLDS.proportion_edge
    if _whole(y) or not (0.0 <= low < edge and 1.0 - edge < high <= 1.0):
        return ""
    return (
        f"lies between 0 and 1 ({low:.3g} to {high:.3g}) and comes near to both, like a proportion. A linear "
        "mixed model may predict beyond them; a beta or binomial mixed model, or its logit, suits it better."
    )


def _ratings(y: FloatArray) -> str:
    low, high = float(y.min()), float(y.max())
    if not _whole(y) or low not in (0.0, 1.0) or high - low >= THRESHOLDS.rating_levels:
        return ""
    values = len(np.unique(y))
    if y.size < THRESHOLDS.rating_rows * values:
        return ""
    return (
        f"has {values} whole values from {low:g} to {high:g}, like a rating. Fitted as numbers, "
        "the steps between them count as equal."
    )


def _whole(y: FloatArray) -> bool:
    return bool(np.all(y == np.floor(y)))


_KINDS: tuple[tuple[Callable[[FloatArray], str], Severity], ...] = (
    (_two_values, Severity.WARNING),
    (_counts, Severity.WARNING),
    (_proportions, Severity.WARNING),
    (_ratings, Severity.INFO),
)


RULES: dict[str, Rule] = {"Y1": _response, "Y2": other_distribution}
