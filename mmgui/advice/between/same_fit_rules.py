"""Rules for models that fit alike, or the wrong way round: C5, C6, C8."""

from __future__ import annotations

from collections.abc import Iterator

from mmgui.advice.between.compare_facts import CompareFacts, CompareRule
from mmgui.advice.finding import Finding, Fix, Severity
from mmgui.advice.thresholds import THRESHOLDS
from mmgui.engine.result import FittedTerm
from mmgui.inference.comparison.lrt import NestedTest
from mmgui.numbers import count, number
from mmgui.spec.formula import print_model


def same_fit(facts: CompareFacts) -> Iterator[Finding]:
    """C5: one model written in two ways, or a larger one that fits no better (RUN T1)."""
    for r in facts.comparison.refused:
        if r.code == "C5":
            yield Finding("C5", Severity.INFO, r.reason, title="Same model", models=(r.small, r.big))
    for test in facts.comparison.tests:
        if _alike(test) and not _drops_nothing(facts, test):
            yield Finding(
                "C5",
                Severity.INFO,
                f"Both fit the same: the {count(test.df, 'parameter')} more of the larger model "
                f"{'does' if test.df == 1 else 'do'} nothing on these data.",
                title="Same fit",
                models=(test.small, test.big),
            )


def fits_worse(facts: CompareFacts) -> Iterator[Finding]:
    """C6: a larger model whose likelihood is lower (MixedModels.jl likelihoodratiotest)."""
    for test in facts.comparison.tests:
        if test.difference >= -THRESHOLDS.worse_fit:
            continue
        spec = facts.fits[test.big].design.spec
        yield Finding(
            "C6",
            Severity.ERROR,
            f"The larger model fits worse than the smaller one, by {number(-test.difference)} on the "
            "criterion, which cannot be: its search did not reach the optimum, and the test says nothing. "
            "Fit it again from other starts.",
            (),
            (Fix(f"Fit {print_model(spec)} from other starts", spec),),
            title="Larger model fits worse",
            models=(test.small, test.big),
        )


def nothing_dropped(facts: CompareFacts) -> Iterator[Finding]:
    """C8: what the smaller model leaves out has no variance in the larger one (glmmFAQ)."""
    for test in facts.comparison.tests:
        if _drops_nothing(facts, test):
            yield Finding(
                "C8",
                Severity.INFO,
                "What the smaller model leaves out has no variance in the larger one: nothing changes but "
                f"AIC, by 2 per parameter, here {2 * test.df}.",
                title="Nothing lost",
                models=(test.small, test.big),
            )


def _alike(test: NestedTest) -> bool:
    # The criterion is -2 log-likelihood.
    return abs(test.difference) < 2.0 * THRESHOLDS.same_fit * max(1.0, abs(test.statistic))


def _drops_nothing(facts: CompareFacts, test: NestedTest) -> bool:
    """Whether the larger model is singular in what the smaller one has not, so that both fit the same."""
    small, big = facts.fits[test.small], facts.fits[test.big]
    empty = [_without_variance(fit.terms) for fit in (small, big)]
    same = abs(test.difference) <= THRESHOLDS.costless and len(small.beta) == len(big.beta)
    return same and empty[1] > empty[0]


def _without_variance(terms: tuple[FittedTerm, ...]) -> int:
    return sum(len(t.effects) - t.rank for t in terms)


RULES: dict[str, CompareRule] = {"C5": same_fit, "C6": fits_worse, "C8": nothing_dropped}
