"""A fit as text that reads like lme4's: ``print(model)``, and the command line without ``--json``."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mmgui.figures.covariance_words import covariance_name
from mmgui.printed.layout import aligned, columns, p_text, wrapped
from mmgui.spec.terms import INTERCEPT_NAME

if TYPE_CHECKING:
    from mmgui.engine.result import Fit, FittedTerm
    from mmgui.inference.degrees_of_freedom.satterthwaite import FixedEffectTests
    from mmgui.inference.intervals import Intervals

METHOD_NAMES = {"satterthwaite": "Satterthwaite's", "kenward-roger": "Kenward-Roger's"}
_MOST_CORRELATIONS = 12
_INTERVALS = {"wald": "Wald", "profile": "Profile-likelihood"}


def summary_text(
    fit: Fit, tests: FixedEffectTests, intervals: Intervals | None = None, data: str = ""
) -> str:
    """A fit as lme4's ``summary`` prints it, with what the fit says in words below."""
    criterion = "REML" if fit.reml else "maximum likelihood"
    kind = "Linear mixed model" if fit.terms else "Linear model"
    parts = [f"{kind} fit by {criterion}", f"Formula: {fit.formula}"]
    if data:
        parts.append(f"   Data: {data}")
    parts += ["", *_criteria(fit), "", *_residuals(fit), "", "Random effects:", *_random(fit)]
    groups = "; ".join(f"{t.grouping}, {len(t.levels)}" for t in _by_group(fit))
    parts += [f"Number of obs: {fit.nobs}, groups: {groups or 'none'}", ""]
    method = METHOD_NAMES.get(tests.method)
    if len(fit.beta):
        parts += [f"Fixed effects{f' ({method} degrees of freedom)' if method else ''}:", *_fixed(fit, tests)]
    else:
        parts.append("No fixed effects.")
    if 1 < len(fit.beta) <= _MOST_CORRELATIONS:
        parts += ["", "Correlation of Fixed Effects:", *_correlations(fit)]
    if intervals is not None and intervals.method != "none":
        parts += ["", intervals_text(fit, intervals)]
    return "\n".join([*parts, *_messages(fit, tests)])


def _criteria(fit: Fit) -> list[str]:
    head = ["AIC", "BIC", "logLik", "REML" if fit.reml else "-2logLik", "nobs", "npar"]
    row = [f"{v:.1f}" for v in (fit.aic, fit.bic, fit.loglik, fit.objective)]
    return columns(["", *head], [["", *row, str(fit.nobs), str(fit.npar)]])


def _residuals(fit: Fit) -> list[str]:
    weights = 1.0 if fit.design.weights is None else np.sqrt(fit.design.weights)
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = (fit.design.y - fit.fitted) * weights / fit.sigma
    points = [f"{q:.4f}" for q in np.quantile(scaled, [0.0, 0.25, 0.5, 0.75, 1.0])]
    return ["Scaled residuals:", *columns(["", "Min", "1Q", "Median", "3Q", "Max"], [["", *points]])]


def _by_group(fit: Fit) -> list[FittedTerm]:
    return list({t.grouping: t for t in fit.terms}.values())


def _random(fit: Fit) -> list[str]:
    rows: list[list[str]] = []
    variances = [v for t in fit.terms for v in np.diag(t.covariance)] + [fit.sigma**2]
    variance = iter(aligned(variances))
    sd = iter(aligned([math.sqrt(max(v, 0.0)) for v in variances]))
    for term in fit.terms:
        free = set(term.free_pairs)
        for i, effect in enumerate(term.effects):
            correlations = []
            for j in range(i):
                r = term.correlation[i, j]
                correlations.append(("NaN" if math.isnan(r) else f"{r:.2f}") if (j, i) in free else "")
            group = term.grouping if i == 0 else ""
            rows.append([group, effect, next(variance), next(sd), " ".join(f"{c:>5}" for c in correlations)])
    rows.append(["Residual", "", next(variance), next(sd), ""])
    head = ["Groups", "Name", "Variance", "Std.Dev.", " Corr" if any(t.free_pairs for t in fit.terms) else ""]
    lines = [" " + line for line in columns(head, rows, words=(1, 4))]
    patterned = [t for t in fit.terms if t.structure.patterned]
    return [*lines, *(f" Covariance of {t.grouping}: {covariance_name(t.structure)}" for t in patterned)]


def _fixed(fit: Fit, tests: FixedEffectTests) -> list[str]:
    known = bool(np.isfinite(tests.df).any())
    head = ["", "Estimate", "Std. Error", *(["df"] if known else []), "t value"]
    rows = []
    errors = aligned(list(tests.se))
    places = len(errors[0].partition(".")[2]) if all("e" not in e for e in errors) else -1
    for k, name in enumerate(fit.design.fixed_names):
        row = [name, f"{fit.beta[k]:.{places}f}" if places >= 0 else f"{fit.beta[k]:.5g}", errors[k]]
        row += [f"{tests.df[k]:.2f}"] if known else []
        rows.append([*row, f"{tests.t[k]:.3f}", *([p_text(tests.p[k])] if known else [])])
    return columns([*head, *(["Pr(>|t|)"] if known else [])], rows)


def _correlations(fit: Fit) -> list[str]:
    correlation = fit.vcov_beta / np.outer(fit.se, fit.se)
    names = fit.design.fixed_names
    rows = [
        [n, *(f"{correlation[i, j]:.3f}" if j < i else "" for j in range(len(names) - 1))]
        for i, n in enumerate(names)
    ]
    return columns(["", *(_short(n) for n in names[:-1])], rows[1:])


def _short(name: str) -> str:
    return "(Intr)" if name == INTERCEPT_NAME else name[:8]


def intervals_text(fit: Fit, intervals: Intervals) -> str:
    """The intervals of everything that has one."""
    rows = []
    for k, term in enumerate(fit.terms):
        limits = intervals.sd[k]
        if limits is None:
            continue
        rows += [[f"SD {e} | {term.grouping}", *_limits(limits[i])] for i, e in enumerate(term.effects)]
        for (i, j), ends in intervals.correlation[k].items():
            rows.append([f"Corr {term.effects[i]}, {term.effects[j]} | {term.grouping}", *_limits(ends)])
    if intervals.sigma is not None:
        rows.append(["SD Residual", *_limits(intervals.sigma)])
    rows += [[n, *_limits(intervals.fixed[k])] for k, n in enumerate(fit.design.fixed_names)]
    tail = (1 - intervals.level) / 2
    kind = _INTERVALS.get(intervals.method, intervals.method.capitalize())
    lines = columns(["", f"{tail:.1%}", f"{1 - tail:.1%}"], rows)
    return "\n".join([f"{kind} intervals ({intervals.level:.0%}):", *lines])


def _limits(ends: Sequence[float] | np.ndarray) -> list[str]:
    return [f"{float(e):.5g}" for e in ends]


def _messages(fit: Fit, tests: FixedEffectTests) -> list[str]:
    from mmgui.figures.statements import messages

    lines: list[str] = []
    for message in messages(fit, tests):
        lines += ["", *wrapped(f"{message.title}. {message.text}")]
    return lines
