"""Results as plain dicts: the objects that the command line prints as JSON and the Python API returns."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from mmgui.advice import Finding, Fix
    from mmgui.data.table import Table
    from mmgui.engine.result import Fit, FittedTerm
    from mmgui.inference.intervals import Intervals
    from mmgui.inference.lrt import Comparison
    from mmgui.inference.satterthwaite import FixedEffectTests

Payload = dict[str, Any]


def plain(value: Any) -> Any:
    """``value`` with numpy types turned into Python's, and NaN and infinity into None (JSON has neither)."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def fit_payload(fit: Fit, tests: FixedEffectTests, intervals: Intervals, *, ranef: bool = False) -> Payload:
    """A fit with the tests and intervals of its parameters."""
    from mmgui.figures.statements import messages

    out: Payload = {
        "formula": fit.formula,
        "reml": fit.reml,
        "nobs": fit.nobs,
        "npar": fit.npar,
        "dropped_rows": fit.design.dropped_rows,
        "dropped_columns": fit.design.dropped_columns,
        "objective": fit.objective,
        "loglik": fit.loglik,
        "aic": fit.aic,
        "bic": fit.bic,
        "sigma": fit.sigma,
        "converged": fit.convergence.converged,
        "singular": fit.singular,
        "evaluations": len(fit.log.objective),
        "gradient_norm": fit.convergence.gradient_norm,
        "seconds": fit.seconds,
        "theta": fit.theta,
        "groups": {t.grouping: len(t.levels) for t in fit.terms},
        "df_method": tests.method,
        "ci_method": intervals.method,
        "fixef": _fixed(fit, tests, intervals),
        "varcorr": _components(fit, intervals),
    }
    if ranef:
        out["ranef"] = _ranef(fit.terms)
    out["messages"] = [
        {"id": f.id, "severity": f.severity, "title": f.title, "text": f.text} for f in messages(fit)
    ]
    cleaned: Payload = plain(out)
    return cleaned


def _fixed(fit: Fit, tests: FixedEffectTests, intervals: Intervals) -> list[Payload]:
    return [
        {
            "name": name,
            "estimate": fit.beta[k],
            "se": tests.se[k],
            "df": tests.df[k],
            "t": tests.t[k],
            "p": tests.p[k],
            "ci": None if intervals.method == "none" else intervals.fixed[k],
        }
        for k, name in enumerate(fit.design.fixed_names)
    ]


def _components(fit: Fit, intervals: Intervals) -> list[Payload]:
    out: list[Payload] = []
    for k, term in enumerate(fit.terms):
        limits = intervals.sd[k]
        for i, effect in enumerate(term.effects):
            out.append(
                {
                    "group": term.grouping,
                    "term": effect,
                    "variance": term.covariance[i, i],
                    "sd": term.sd[i],
                    "ci": None if limits is None else limits[i],
                }
            )
        for i, j in term.free_pairs:
            entry: Payload = {
                "group": term.grouping,
                "term": term.effects[i],
                "term2": term.effects[j],
                "covariance": term.covariance[i, j],
                "correlation": term.correlation[i, j],
            }
            if limits is not None:
                entry["ci"] = intervals.correlation[k].get((i, j))
            out.append(entry)
    sigma = fit.sigma
    out.append({"group": "Residual", "variance": sigma**2, "sd": sigma, "ci": intervals.sigma})
    return out


def _ranef(terms: Iterable[FittedTerm]) -> Payload:
    """Modes by grouping factor; the effects of terms that share one stand side by side."""
    out: Payload = {}
    for term in terms:
        modes, sd = term.modes, term.conditional_sd
        known = out.get(term.grouping)
        if known is not None:
            modes, sd = np.hstack([known["modes"], modes]), np.hstack([known["sd"], sd])
        effects = [*(known["terms"] if known is not None else ()), *term.effects]
        out[term.grouping] = {"levels": term.levels, "terms": effects, "modes": modes, "sd": sd}
    return out


def comparison_payload(models: Sequence[Payload], comparison: Comparison) -> Payload:
    """Models and the tests between them."""
    tests = [
        {
            "small": t.small,
            "big": t.big,
            "statistic": t.statistic,
            "df": t.df,
            "p": t.p,
            "reference": t.reference,
            "weights": {str(df): w for df, w in t.weights.items()},
            "p_naive": t.p_naive,
            "refitted": t.refitted,
            "note": t.note,
        }
        for t in comparison.tests
    ]
    refused = [
        {"small": r.small, "big": r.big, "reason": r.reason, "code": r.code} for r in comparison.refused
    ]
    out: Payload = plain({"models": list(models), "tests": tests, "refused": refused})
    return out


def advice_payload(findings: Iterable[Finding]) -> Payload:
    """Advice with the formula that each remedy leads to."""
    out: Payload = plain(
        {
            "findings": [
                {
                    "id": f.id,
                    "severity": str(f.severity),
                    "text": f.text,
                    "about": f.about,
                    "fixes": [fix_payload(x) for x in f.fixes],
                }
                for f in findings
            ]
        }
    )
    return out


def fix_payload(fix: Fix) -> Payload:
    """A remedy: the model's formula and, where it needs them, derived columns by name."""
    from mmgui.spec.formula import print_model

    out: Payload = {"label": fix.label, "formula": print_model(fix.spec)}
    if fix.derived:
        out["derive"] = {d.name: d.definition for d in fix.derived}
    return out


def table_payload(table: Table, group: str | None = None) -> Payload:
    """Variables, and how the columns that can define groups lie to each other."""
    from mmgui.data.facts import describe
    from mmgui.data.relation import relation

    out: Payload = {
        "name": table.name,
        "rows": table.nrows,
        "variables": [
            {
                "name": f.name,
                "type": str(f.kind),
                "distinct": f.distinct,
                "missing": f.missing,
                "minimum": f.minimum,
                "maximum": f.maximum,
                "mean": f.mean,
                "sd": f.sd,
            }
            for f in describe(table)
        ],
        "grouping": [],
        "notes": table.notes,
    }
    candidates = grouping_candidates(table)
    for k, a in enumerate(candidates):
        for b in candidates[k + 1 :]:
            r = relation(table, a, b)
            out["grouping"].append(
                {
                    "a": a,
                    "b": b,
                    "relation": str(r.kind),
                    "inner": r.inner or None,
                    "outer": r.outer or None,
                    "levels_a": r.levels_a,
                    "levels_b": r.levels_b,
                    "combinations": r.cells,
                    "filled": r.filled,
                    "may_be_nested": r.may_be_nested,
                    "evidence": r.evidence or None,
                }
            )
    if group is not None:
        out |= _varies(table, group)
    cleaned: Payload = plain(out)
    return cleaned


def grouping_candidates(table: Table) -> list[str]:
    """Columns of labels with at least two groups, some of which have several rows."""
    from mmgui.data.facts import describe

    return [f.name for f in describe(table) if f.kind != "number" and 2 <= f.distinct < f.rows - f.missing]


def _varies(table: Table, group: str) -> Payload:
    from mmgui.data.grouping import group_sizes, varies

    names = (group,) if group in table else tuple(group.split(":"))
    sizes = group_sizes(table, names)
    others = [n for n in table.names if n not in names]
    return {
        "group": {
            "name": group,
            "levels": sizes.groups,
            "smallest": sizes.minimum,
            "median": sizes.median,
            "largest": sizes.maximum,
        },
        "varies": {n: str(varies(table, n, names).kind) for n in others},
    }
