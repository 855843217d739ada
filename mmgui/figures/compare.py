"""Two to four models side by side, on common scales, and the tests between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mmgui.advice.after.fit_facts import trade_offs_of
from mmgui.advice.between.advise import advise_comparison
from mmgui.advice.finding import Finding, Fix
from mmgui.engine.result import Fit
from mmgui.figures.changes import change_sentences
from mmgui.figures.covariance import CovarianceFigure, covariance_figures
from mmgui.figures.fixed import FixedFigure, fixed_figure
from mmgui.figures.shrinkage import ShrinkageFigure, shown_effects, shrinkage_figure
from mmgui.figures.variance import RESIDUAL, VarianceFigure, variance_figure
from mmgui.inference.comparison.lrt import Comparison, NestedTest, describe_reference
from mmgui.numbers import number, p_value

TermKey = tuple[str, int]


@dataclass(frozen=True, eq=False, slots=True)
class CompareColumn:
    """One model. ``terms`` maps each of its random-effects terms to a colour shared across the columns.

    ``identified`` is False where its variances cannot be told apart.
    """

    model_id: int
    formula: str
    estimation: str
    npar: int
    loglik: float
    aic: float
    bic: float
    sigma: float
    converged: bool
    singular: bool
    nobs: int
    variance: VarianceFigure
    shrinkage: tuple[ShrinkageFigure, ...]
    covariance: tuple[CovarianceFigure, ...]
    fixed: FixedFigure
    terms: tuple[int, ...]
    identified: bool = True


@dataclass(frozen=True, slots=True)
class TestRow:
    """The test between a nested pair, or the reason why there is none.

    ``small`` and ``big`` are positions of columns; ``reference`` is the null distribution in words
    (``½ χ²(1) + ½ χ²(2)``); ``reason`` is empty for a valid test.
    """

    small: int
    big: int
    statistic: float
    df: float
    p: float
    p_naive: float
    reference: str
    refitted: bool
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class CompareRemark:
    """What must be known about some pairs of the models: a rule's sentence, said once for all of them.

    ``pairs`` are positions of columns, empty for what concerns them all; ``fixes`` models that would mend it.
    """

    id: str
    severity: str
    title: str
    text: str
    pairs: tuple[tuple[int, ...], ...] = ()
    fixes: tuple[Fix, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class CompareFigure:
    """Columns, common ranges, tests, what must be known of them, and what changed between the models."""

    columns: tuple[CompareColumn, ...]
    sd_maximum: float
    tests: tuple[TestRow, ...]
    changes: tuple[str, ...]
    remarks: tuple[CompareRemark, ...] = ()


def compare_figure(
    fits: Sequence[tuple[int, Fit]],
    comparison: Comparison | None = None,
    fixed: Sequence[FixedFigure] | None = None,
) -> CompareFigure:
    """Models side by side.

    Parameters
    ----------
    fits
        (shelf id, fit) of each model.
    comparison
        The tests between them, of ``inference.lrt.compare`` on the same models in the same order.
    fixed
        Their coefficients; Wald z intervals where left out.
    """
    models = [fit for _, fit in fits]
    keys = [_term_keys(fit) for fit in models]
    colors = {key: k for k, key in enumerate(dict.fromkeys(key for one in keys for key in one))}
    axes = {key: _shared_effects(key, models, keys) for key in colors}
    columns = []
    for k, (model_id, fit) in enumerate(fits):
        hues = tuple(colors[key] for key in keys[k])
        columns.append(
            CompareColumn(
                model_id=model_id,
                formula=fit.formula,
                estimation="REML" if fit.reml else "ML",
                npar=fit.npar,
                loglik=fit.loglik,
                aic=fit.aic,
                bic=fit.bic,
                sigma=fit.sigma,
                converged=fit.convergence.converged,
                singular=fit.singular,
                nobs=fit.nobs,
                variance=_recolored(variance_figure(fit), hues),
                shrinkage=tuple(
                    replace(shrinkage_figure(fit, t, axes[key]), term=hues[t])
                    for t, key in enumerate(keys[k])
                ),
                covariance=tuple(replace(f, term=hues[f.term]) for f in covariance_figures(fit)),
                fixed=fixed_figure(fit) if fixed is None else fixed[k],
                terms=hues,
                identified=trade_offs_of(fit) is None,
            )
        )
    largest = max((r.sd for c in columns for r in c.variance.rows), default=0.0)
    figure = CompareFigure(tuple(columns), largest, (), change_sentences(models))
    return figure if comparison is None else _tested(figure, models, comparison)


def _tested(figure: CompareFigure, models: Sequence[Fit], comparison: Comparison) -> CompareFigure:
    remarks = compare_remarks(advise_comparison(models, comparison))
    return replace(figure, tests=_test_rows(comparison), remarks=remarks)


def compare_remarks(findings: Sequence[Finding]) -> tuple[CompareRemark, ...]:
    """Findings between fits, those with one sentence together."""
    together: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        together.setdefault((finding.id, finding.text), []).append(finding)
    return tuple(
        CompareRemark(
            rule,
            str(alike[0].severity),
            alike[0].title,
            text,
            tuple(f.models for f in alike if f.models),
            tuple({fix.spec: fix for f in alike for fix in f.fixes}.values()),
        )
        for (rule, text), alike in together.items()
    )


def _term_keys(fit: Fit) -> list[TermKey]:
    """A term is the same in two models if it is the n-th of the same grouping factor."""
    seen: Counter[str] = Counter()
    keys = []
    for term in fit.terms:
        keys.append((term.grouping, seen[term.grouping]))
        seen[term.grouping] += 1
    return keys


def _shared_effects(key: TermKey, models: list[Fit], keys: list[list[TermKey]]) -> tuple[str, ...] | None:
    """The effects on whose axes every model can show the term; None where that is impossible."""
    have = [(fit, one.index(key)) for fit, one in zip(models, keys, strict=True) if key in one]
    wanted = tuple(dict.fromkeys(e for fit, t in have for e in fit.terms[t].effects))
    if len(wanted) > 2 and any(len(fit.terms[t].effects) != len(wanted) for fit, t in have):
        return None
    possible = all(set(wanted) <= set(shown_effects(fit, t)) for fit, t in have)
    return wanted if possible else None


def _recolored(figure: VarianceFigure, hues: tuple[int, ...]) -> VarianceFigure:
    rows = tuple(r if r.term == RESIDUAL else replace(r, term=hues[r.term]) for r in figure.rows)
    return replace(
        figure, rows=rows, correlations=tuple(replace(r, term=hues[r.term]) for r in figure.correlations)
    )


def _test_rows(comparison: Comparison) -> tuple[TestRow, ...]:
    nan = float("nan")
    rows = [
        TestRow(
            small=t.small,
            big=t.big,
            statistic=t.statistic,
            df=float(t.df),
            p=t.p,
            p_naive=t.p_naive,
            reference=describe_reference(t),
            refitted=t.refitted,
            reason="",
            text=_test_text(t),
        )
        for t in comparison.tests
    ]
    rows += [
        TestRow(r.small, r.big, nan, nan, nan, nan, "", False, r.reason, r.reason) for r in comparison.refused
    ]
    return tuple(rows)


def _test_text(test: NestedTest) -> str:
    reference = describe_reference(test)
    text = f"Δ {number(test.statistic)} against {reference}, {p_value(test.p)}"
    if test.reference == "mixture":
        text += f" (plain χ²({test.df}): {p_value(test.p_naive)})"
    text += "; both refitted by ML." if test.refitted else "."
    return f"{text} {test.note}".strip()
